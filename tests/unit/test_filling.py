"""Texts with places: every fault is named with its place, and what fills a place is only ever data."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.filling import CannotFill, Fault, faults, fill, fill_line, one_line, pieces

KNOWN = {"name", "link"}
HOSTILE = [
    "{name}",
    "{0.__class__}",
    "{name.__init__.__globals__}",
    "%s %(name)s %n",
    "{{link}}",
    "}{",
    'O\'Brien "Bobby" <b>',
    "line\r\nBcc: everybody@mfa.example",
    "\\{name}",
    "$name ${name}",
]


def test_places_are_filled_and_doubled_braces_are_braces() -> None:
    assert fill("Dear {name}, {{name}} is {{{name}}}.", {"name": "Ana"}) == "Dear Ana, {name} is {Ana}."


@pytest.mark.parametrize("value", HOSTILE)
def test_what_fills_a_place_is_not_looked_at_again(value: str) -> None:
    assert fill("{name}|{link}", {"name": value, "link": "there"}) == f"{value}|there"


@given(st.text(), st.text())
def test_any_value_stands_there_as_it_is(one: str, other: str) -> None:
    assert fill("<{name}{link}>", {"name": one, "link": other}) == f"<{one}{other}>"


@given(st.text(alphabet="{}ab \n"))
def test_a_text_without_faults_can_be_filled_and_no_other(text: str) -> None:
    values = {"a": "1", "b": "2", "ab": "3"}
    if faults(text, values):
        with pytest.raises(CannotFill):
            fill(text, values)
    else:
        assert "".join(piece.text for piece in pieces(text)) is not None
        fill(text, values)


def test_every_fault_is_said_at_once_with_its_line_and_column() -> None:
    text = "Dear {nmae},\n\nsee { link } or {0.__class__}\nor {\nor } there"
    found = faults(text, KNOWN, ["link"])
    assert [(fault.line, fault.column) for fault in found] == [
        (1, 6),
        (3, 5),
        (3, 17),
        (4, 4),
        (5, 4),
        (5, 11),
    ]
    assert "{nmae}" in found[0].message
    assert "not closed" in found[3].message
    assert "closes nothing" in found[4].message
    assert "{link} is missing" in found[5].message
    assert str(found[0]).startswith("Line 1, column 6: ")


def test_a_required_place_in_doubled_braces_is_missing_all_the_same() -> None:
    assert [fault.message for fault in faults("{{link}}", KNOWN, ["link"])] == [
        "{link} is missing; put it where it belongs"
    ]


def test_a_line_stays_one_line_whatever_fills_it() -> None:
    assert (
        fill_line("For {name}", {"name": "A\r\nBcc: x@y.example\u2028B\tC"}) == "For A Bcc: x@y.example B C"
    )
    assert one_line(" a \x0b b ") == "a b"


def test_a_paragraph_filled_with_nothing_is_left_out() -> None:
    text = "One\n\n{name}\n\nTwo\n\n{link}\n"
    assert fill(text, {"name": "", "link": ""}) == "One\n\nTwo\n\n"
    assert fill("{name}\n\nTwo", {"name": ""}) == "Two"
    assert fill("One {name}\n\nTwo", {"name": ""}) == "One \n\nTwo"


def test_a_place_for_which_there_is_nothing_is_no_text() -> None:
    with pytest.raises(CannotFill):
        fill("{link}", {"name": "x"})


def test_faults_stand_in_the_order_of_the_text() -> None:
    assert sorted([Fault(2, 1, "b"), Fault(1, 9, "a")])[0].line == 1
