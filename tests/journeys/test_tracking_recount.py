"""Every number on the tracking page and in its workbook is what raw rows say, on any day."""

import io
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from openpyxl import load_workbook

from app import clock
from app.database import Database
from app.models import User
from app.policy import StaffRole
from app.standing import Standing
from tests import tracked_round, tracked_rows
from tests.browsing import Page, Visitor
from tests.journeys.conftest import SignIn
from tests.recount import COLUMNS, Recount, end_of

COORDINATOR = "coordinator@iom.example"
DAYS = (
    date(2026, 11, 3),
    date(2026, 11, 20),
    date(2026, 12, 1),
    date(2026, 12, 15),
    date(2027, 1, 10),
    date(2027, 1, 29),
    date(2027, 2, 10),
    date(2027, 3, 1),
    None,
)
REGION_NAMES = {"002": "Africa", "142": "Asia", "150": "Europe", None: "Region not known"}
PART_NAMES = {"015": "Northern Africa", "202": "Sub-Saharan Africa", "034": "Southern Asia"}
PART_NAMES |= {"151": "Eastern Europe"}
IOM_NAMES = {"MENA": "Middle East and North Africa", "WCA": "West and Central Africa"}
IOM_NAMES |= {"ECA": "Europe and Central Asia", "AP": "Asia and the Pacific"}
TYPE_NAMES = {"regional": "Regional", "interregional": "Interregional", "global": "Global"}
LANGUAGE_NAMES = {"en": "English", "fr": "French", "es": "Spanish"}
OWN_NAMES = {
    "invited": "Invited",
    "no_contact": "No valid contact",
    "bounced": "Letters return",
    "opened": "Opened",
    "in_progress": "In progress",
    "in_clearance": "In clearance",
    "not_submitted": "Not submitted",
    "submitted": "Submitted",
    "submitted_late": "Submitted late",
    "on_paper": "Received on paper",
    "by_interview": "Answered by interview",
    "after_cut_off": "Submitted after the cut-off",
    "declined": "Declined",
    "not_eligible": "Not eligible",
    "duplicate": "Duplicate",
    None: "Not asked",
}


@pytest.fixture(autouse=True)
def settled(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The generated round, some time after its cut-off, and a coordinator."""
    monkeypatch.setattr(clock, "now", lambda: tracked_rows.NOW)
    with database.begin() as session:
        tracked_round.make(session)
        role, since = StaffRole.COORDINATOR, tracked_rows.OPENED
        session.add(User(email=COORDINATOR, name="Cora Dinator", staff_role=role, created_at=since))


@pytest.fixture
def staff(sign_in: SignIn) -> Visitor:
    return sign_in(COORDINATOR)


def seen(element: Element) -> str:
    """What a sighted reader reads: without the words for those who listen."""
    parts = [element.text or ""]
    for child in element:
        if "hidden-text" not in (child.get("class") or "") and child.get("aria-hidden") != "true":
            parts.append(seen(child))
        parts.append(child.tail or "")
    return " ".join("".join(parts).split())


def rows_of(page: Page, table: str) -> dict[str, dict[str, str]]:
    """The cells of each row by the words of their head; the row by its name."""
    found = {}
    for row in page.by_id(f"counts-{table}").iter("tr"):
        name = next((each for each in row.iter("th") if each.get("scope") == "row"), None)
        if name is not None:
            cells = [each for each in row.iter("td") if each.get("data-head")]
            found[seen(name)] = {each.get("data-head", ""): seen(each) for each in cells}
    return found


def shown(cells: dict[str, str]) -> dict[str, int]:
    """The figures of a line as the page shows them; a column that is left out is nought."""
    n, all_ = (int(number) for number in cells["Answered"].split(" of "))
    rest = {name: int(cells.get(name, 0)) for name in (*COLUMNS, "Late")}
    assert cells["Rate"] == (f"{rounded(100 * n / all_)} %" if all_ else "–")
    return {"n": n, "N": all_, **rest}


def rounded(number: float) -> int:
    return int(number + 0.5)


def without_base(figures: dict[str, int]) -> dict[str, int]:
    return {name: value for name, value in figures.items() if name != "base"}


def address(day: date | None, out_of: str, scheme: str = "m49") -> str:
    wanted = f"?out_of={out_of}&regions={scheme}" + (f"&as_of={day.isoformat()}" if day else "")
    return "/rounds/made/tracking" + wanted


def recounts(database: Database) -> Iterator[tuple[date | None, str, Recount]]:
    """Each day out of each base, counted from rows."""
    with database.read() as session:
        for day in DAYS:
            counted = Recount(session, "made", end_of(day) if day else tracked_rows.NOW)
            for out_of in ("invited", "today"):
                yield day, out_of, counted


Key = Callable[[dict[str, Any]], Any]
Read = Callable[[Recount, dict[str, Any]], Any]
UNKNOWN = "Region not known"
TABLES: tuple[tuple[str, str | None, Read, dict[Any, str], str], ...] = (
    ("regions", "state", lambda counted, row: counted.fact(row, "region_m49"), REGION_NAMES, UNKNOWN),
    ("parts", "state", lambda counted, row: counted.fact(row, "subregion_m49"), PART_NAMES, UNKNOWN),
    ("types", "iscm", lambda counted, row: counted.kept(row, "type"), TYPE_NAMES, "Type not known"),
    ("languages", None, lambda _counted, row: row["language"], LANGUAGE_NAMES, "?"),
)


def named(names: dict[Any, str], unknown: str) -> Callable[[Any], str]:
    return lambda value: names.get(value, unknown)


def test_every_figure_of_the_page_is_what_the_rows_say(staff: Visitor, database: Database) -> None:
    standings = set()
    for day, out_of, counted in recounts(database):
        standings |= set(counted.stands.values())
        page, base = staff.open(address(day, out_of)), counted.base(out_of)
        _check_heads(page, counted, base)
        for table, audience, key, names, unknown in TABLES:
            of = [row for row in base if audience in (None, counted.audience(row))]
            _check_lines(page, table, counted, of, partial(key, counted), named(names, unknown))
        _check_mechanisms(page, counted, out_of)
    assert standings == {each.value for each in Standing}, "every standing is played on some day"


def _check_heads(page: Page, counted: Recount, base: list[dict[str, Any]]) -> None:
    for audience in ("state", "iscm", "igo"):
        panel = page.by_id(f"head-{audience}")
        words = seen(panel)
        expected = counted.line(row for row in base if counted.audience(row) == audience)
        assert f"{expected['n']} of {expected['N']}" in words
        for group, count in ((name, expected[name]) for name in COLUMNS):
            if count or group not in ("Draft not submitted", "After the cut-off"):
                assert f"{count} {group.lower()}" in words, (audience, group)
        if expected["N"] != expected["base"]:
            less = expected["base"] - expected["N"]
            assert f"{expected['base']} in the base, less {less} not eligible" in words
    assert "Counted outside the service: 2 answered, number invited not recorded (Desk)." in page.text


def _check_lines(
    page: Page,
    table: str,
    counted: Recount,
    of: list[dict[str, Any]],
    key: Key,
    name: Callable[[Any], str],
) -> None:
    expected = {name(value): without_base(line) for value, line in counted.lines(of, key).items()}
    found = {words: shown(cells) for words, cells in rows_of(page, table).items()}
    total = found.pop("All")
    assert found == expected, table
    assert total == without_base(counted.line(of))
    for figure in total:
        assert total[figure] == sum(line[figure] for line in found.values()), (table, figure)


def _check_mechanisms(page: Page, counted: Recount, out_of: str) -> None:
    found = rows_of(page, "mechanisms")
    for iscm in (each for each in counted.organisations.values() if each["kind"].value == "iscm"):
        expected, cells = counted.mechanism(iscm["id"], out_of), found[iscm["name"]]
        members, igos = expected["members"], expected["igos"]
        known = counted.profiles[iscm["id"]]["members_known"]
        listed = f" of {expected['listed']}" if known else " · list not known"
        assert OWN_NAMES[expected["own"]] in cells["Its own answer"]
        assert cells["Members in the base"] == f"{members['base']}{listed}"
        assert cells["Members answered"] == f"{members['n']} of {members['N']}"
        assert cells["… about it"] == f"{expected['about']} of {members['n']}"
        assert cells["IGOs"] == f"{igos['n']} of {igos['N']}"
    assert len(found) == sum(each["kind"].value == "iscm" for each in counted.organisations.values())


def test_the_regions_of_iom_are_counted_the_same_way(staff: Visitor, database: Database) -> None:
    with database.read() as session:
        counted = Recount(session, "made", end_of(date(2027, 1, 10)))
        states = [row for row in counted.base("today") if counted.audience(row) == "state"]
        page = staff.open(address(date(2027, 1, 10), "today", "iom"))
        region: Key = lambda row: counted.fact(row, "region_iom")  # noqa: E731 - one more key beside the others
        _check_lines(page, "regions", counted, states, region, named(IOM_NAMES, "Region not known"))
    assert not [each for each in page.all("table") if each.get("id") == "counts-parts"]


def test_the_workbook_says_the_same_with_base_moment_and_definition(
    staff: Visitor, database: Database
) -> None:
    for day, out_of, counted in recounts(database):
        if day is None or day.day != 10:
            continue
        page = staff.open(address(day, out_of))
        book = load_workbook(io.BytesIO(saved(staff, page, "all", "xlsx")))
        roles = {row[0]: row for row in book["By role"].iter_rows(min_row=2, max_row=5, values_only=True)}
        for audience, name in (("state", "States"), ("iscm", "Mechanisms"), ("igo", "IGOs")):
            line = counted.line(row for row in counted.base(out_of) if counted.audience(row) == audience)
            assert roles[name][1:3] == (line["n"], line["N"])
            assert roles[name][4:11] == (*(line[each] for each in COLUMNS), line["Late"])
            assert roles[name][11] == line["base"]
        text = [str(row[0]) for row in book["By role"].iter_rows(min_row=6, values_only=True) if row[0]]
        assert text[0] == "Rows: 4"
        assert any(each.startswith("As of 10 ") for each in text)
        assert any("declined stays in the base" in each for each in text)
        assert any(
            ("as invited" in each) == (out_of == "invited") for each in text if each.startswith("Base")
        )
        people = list(book["Respondents"].iter_rows(min_row=2, values_only=True))
        base = counted.base(out_of)
        assert f"Rows: {len(base)}" in [row[0] for row in people]
        stands = {str(row[1]): row[6] for row in people[: len(base)]}
        assert stands == {counted.fact(row, "code"): OWN_NAMES[counted.stands[row["id"]]] for row in base}


def saved(visitor: Visitor, page: Page, table: str, format_: str) -> bytes:
    """The file that the page's own form for this table hands over."""
    for form in page.all("form"):
        fields = {each.get("name"): each.get("value") for each in form.iter("input")}
        if (fields.get("table"), fields.get("format")) == (table, format_):
            answer = visitor.client.post(form.get("action", ""), data=fields)
            assert answer.status_code == 200
            return bytes(answer.data)
    raise AssertionError(f"{page.url}: no form saves {table} as {format_}")


def test_each_figure_leads_to_the_list_of_exactly_those(staff: Visitor) -> None:
    page = staff.open("/rounds/made/tracking?as_of=2027-02-10&out_of=today")
    links = {each.get("href"): figure for each in page.all("a") if (figure := _figure(each)) is not None}
    assert len(links) > 100
    for link, figure in sorted(links.items(), key=str)[::3]:
        listed = staff.client.get(link or "")
        heading = re.search(r'<h2 id="listed">(\d+) respondents?</h2>', listed.text)
        assert heading, link
        table = listed.text.count('<th scope="row">')
        assert (int(heading[1]), table) == (figure, figure), link


def _figure(link: Element) -> int | None:
    words = seen(link)
    return int(words) if link.get("class") == "n" and words.isdigit() else None


def test_a_past_day_is_not_changed_by_what_happens_later(staff: Visitor, database: Database) -> None:
    days = [f"/rounds/made/tracking?as_of={day}&out_of=today" for day in DAYS if day]
    before = [_tables(staff.open(day)) for day in days]
    with database.begin() as session:
        made = tracked_rows.found(session)
        _more_happens(made, tracked_rows.NOW)
        tracked_rows.reopen_round(made, tracked_rows.NOW)
        tracked_rows.extend_round(made, tracked_rows.NOW + timedelta(hours=1))
    after = [_tables(staff.open(day)) for day in days]
    assert before == after


def _more_happens(made: tracked_rows.Made, at: datetime) -> None:
    for number, response in enumerate(made.responses.values()):
        [
            lambda one: tracked_rows.extend(made, one, at, at),
            lambda one: tracked_rows.opened(made, one, one.opened_at or at),
            lambda one: tracked_rows.answers_now(made, one, at),
            lambda one: tracked_rows.withdraw(made, one, at),
        ][number % 4](response)


def _tables(page: Page) -> dict[str, dict[str, dict[str, str]]]:
    return {table: rows_of(page, table) for table in ("regions", "parts", "types", "languages", "mechanisms")}
