"""Figures: everybody is on the map, patterns tell shades apart, names are text, and a picture comes of it."""

import csv
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.exports.charts import curve, rendering, tiles, world_map
from app.exports.charts.shades import FILLS, Shade, shade
from app.standing import ANSWERED, Standing

STATES = Path(__file__).parents[3] / "questionnaires" / "register" / "states.csv"
SVG = "{http://www.w3.org/2000/svg}"


def _read(drawing: str) -> ElementTree.Element:
    return ElementTree.fromstring(drawing)


def test_every_member_state_is_on_the_map() -> None:
    with STATES.open(encoding="utf-8", newline="") as file:
        states = {row["code"] for row in csv.DictReader(file) if row["kind"] == "state"}
    assert len(states) >= 193
    assert not states - world_map.shown()


def test_a_small_state_is_a_dot_only_where_it_is_asked() -> None:
    drawn = _read(world_map.draw({"AND": Shade.SUBMITTED, "GEO": Shade.OPENED}, "States by status"))
    assert [dot.get("fill") for dot in drawn.iter(f"{SVG}circle")][-1] == FILLS[Shade.SUBMITTED]
    areas = [path.get("fill") for path in drawn.iter(f"{SVG}path")]
    assert areas.count(FILLS[Shade.OPENED]) == 1
    assert FILLS[Shade.SILENT] not in areas


def test_the_map_says_in_words_what_it_shows() -> None:
    drawn = _read(world_map.draw({"GEO": Shade.SUBMITTED, "ARM": Shade.SUBMITTED}, "States by status"))
    assert drawn.findtext(f"{SVG}title") == "States by status"
    assert "Submitted: 2" in (drawn.findtext(f"{SVG}desc") or "")
    assert drawn.get("role") == "img"


def test_no_two_shades_look_alike_without_colour() -> None:
    assert len(set(FILLS.values())) == len(Shade)
    patterned = {each for each in Shade if FILLS[each].startswith("url(")}
    assert patterned == {Shade.UNDER_WAY, Shade.OPENED, Shade.DECLINED}


@pytest.mark.parametrize("standing", Standing)
def test_only_who_answered_is_drawn_as_submitted(standing: Standing) -> None:
    assert (shade(standing) is Shade.SUBMITTED) is (standing in ANSWERED)


@given(st.lists(st.sampled_from(Shade), min_size=1), st.integers(1, 60))
def test_there_is_a_square_for_each(standings: list[Shade], across: int) -> None:
    drawn = _read(tiles.squares(standings, across))
    assert len(list(drawn.iter(f"{SVG}rect"))) == len(standings)


def test_tiles_carry_codes_as_text() -> None:
    drawn = _read(tiles.draw([("North & co", ["X<1", "XAB"])], {"X<1": Shade.SUBMITTED}, "Tiles"))
    codes = [text.text for text in drawn.iter(f"{SVG}text") if "code" in (text.get("class") or "")]
    assert codes == ["X<1", "XAB"]


LINES = [
    curve.Line("States 20 %", ((date(2027, 1, 4), 0.0), (date(2027, 1, 10), 20.0))),
    curve.Line("<IGOs> 22 %", ((date(2027, 1, 4), 0.0), (date(2027, 1, 10), 22.0))),
]


def test_a_curve_names_its_lines_at_their_ends_and_nothing_is_markup() -> None:
    drawn = _read(
        curve.draw(LINES, [curve.Mark(date(2027, 1, 29), "deadline", strong=True)], "By day", "a & b")
    )
    words = [text.text for text in drawn.iter(f"{SVG}text")]
    assert {"States 20 %", "<IGOs> 22 %", "deadline, 29 January 2027"} <= set(words)
    assert drawn.findtext(f"{SVG}desc") == "a & b"


def test_a_round_without_a_day_has_no_curve() -> None:
    assert curve.draw([], [], "By day", "") == ""


def test_a_drawing_becomes_a_picture() -> None:
    assert rendering.png(tiles.squares([Shade.SUBMITTED])).startswith(b"\x89PNG")
