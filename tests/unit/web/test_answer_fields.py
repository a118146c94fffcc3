"""A field takes what was posted, keeps what was typed, and knows what is wrong."""

from typing import Any
from uuid import UUID

import pytest
from pydantic import TypeAdapter
from werkzeug.datastructures import MultiDict

from app.definitions.questions import AnyQuestion
from app.models import Attribution, Via
from app.queries.answer_sheets import Kept
from app.queries.directory import RegisterDirectory
from app.web.respond.fields import AnswerField, Slot
from tests.factories import NOW

READER: TypeAdapter[Any] = TypeAdapter(AnyQuestion)


class Nobody(RegisterDirectory):
    """A register that knows two States, without a database."""

    def __init__(self) -> None:
        self.names = {"GEO": "Georgia", "POL": "Poland"}

    def organisation(self, code: str) -> str:
        return self.names.get(code, code)

    def find(self, to: str, typed: str) -> str | None:
        by_name = {name: code for code, name in self.names.items()} | {code: code for code in self.names}
        return by_name.get(typed)


def question(kind: str, **more: Any) -> Any:
    return READER.validate_python({"key": "q", "kind": kind, "text": "Q?", **more})


def stored(value: Any, revision: int = 3, confirms: str | None = None) -> Kept:
    return Kept(UUID(int=1), value, revision, None, confirms, "en", "Nino", NOW, Via.PAGE)


def field(
    asked: Any, posted: dict[str, Any] | None = None, kept: Kept | None = None, known: Any = None
) -> AnswerField:
    slot = Slot("a.q", asked, None, "q", "", kept, known)
    data = (
        None
        if posted is None
        else MultiDict([(k, v) for k, vs in posted.items() for v in ([vs] if isinstance(vs, str) else vs)])
    )
    return AnswerField(slot, Nobody(), data)


def test_what_was_not_on_the_page_is_what_is_stored() -> None:
    one = field(question("short_text"), {"a.other": "x"}, stored("kept"))
    assert (one.posted, one.data, one.one()) == (False, "kept", "kept")


def test_a_posted_answer_carries_the_revision_its_page_saw() -> None:
    one = field(question("short_text"), {"a.q": "new", "a.q.seen": "2"}, stored("kept"))
    assert (one.posted, one.data, one.seen) == (True, "new", 2)


@pytest.mark.parametrize("seen", ["", "x", "-1", "1" * 40, "²"])
def test_a_revision_that_is_no_number_is_none(seen: str) -> None:
    assert field(question("short_text"), {"a.q": "new", "a.q.seen": seen}).seen == 0


@pytest.mark.parametrize(
    ("kind", "typed", "unreadable"),
    [("year", "abc", True), ("year", "2019", False), ("number", "many", True), ("date", "1 March", True)],
)
def test_what_cannot_be_read_is_kept_as_typed(kind: str, typed: str, unreadable: bool) -> None:
    one = field(question(kind), {"a.q": typed, "a.q.seen": "0"})
    assert (one.unreadable, one.one()) == (unreadable, typed)
    assert bool(one.problems) is unreadable


def test_a_text_that_is_too_long_is_wrong_and_readable() -> None:
    one = field(question("long_text", max_words=2), {"a.q": "one two three", "a.q.seen": "0"})
    assert one.problems == ["The text has 3 words. Shorten it by 1"]
    assert not one.unreadable


def test_states_are_shown_by_name_and_read_as_codes() -> None:
    asked = question("reference", to="states", several=True)
    assert field(asked, kept=stored({"codes": ["GEO"]})).many() == ["Georgia"]
    assert field(asked, {"a.q": ["Poland", "GEO", ""], "a.q.seen": "0"}).data == {"codes": ["POL", "GEO"]}


@pytest.mark.parametrize(
    ("posted", "value", "confirms"),
    [
        ({"a.q.is_right": "yes", "a.q": "1999"}, 2001, "register:established"),
        ({"a.q.is_right": "no", "a.q": "1999"}, 1999, None),
        ({"a.q": "1999"}, 1999, None),
        ({"a.q.is_right": "no", "a.q": "2001"}, None, None),
        ({"a.q": "2001"}, None, None),
        ({}, None, None),
    ],
)
def test_what_is_known_is_confirmed_or_corrected(
    posted: dict[str, str], value: Any, confirms: str | None
) -> None:
    one = field(question("year", known="established"), {**posted, "a.q.seen": "0"}, known=2001)
    assert (one.data, one.confirms) == (value, confirms)


def test_a_confirmed_fact_is_drawn_as_confirmed() -> None:
    one = field(
        question("year", known="established"), kept=stored(2001, confirms="register:established"), known=2001
    )
    assert one.one(".is_right") == "yes"
    assert one.one() == "2001", "should it be corrected after all, the correction starts from it"
    corrected = field(question("year", known="established"), kept=stored(1999), known=2001)
    assert (corrected.one(".is_right"), corrected.one()) == ("no", "1999")


def test_a_correction_starts_from_what_is_known_and_changes_something() -> None:
    asked = question("choices", known="themes", options=[{"key": k, "text": k.upper()} for k in "abc"])
    known = {"options": ["a", "c"]}
    untouched = field(asked, known=known)
    assert (untouched.many(), untouched.one(".is_right"), untouched.data) == (["a", "c"], "", None)
    posted: dict[str, Any] = {"a.q.is_right": "no", "a.q.seen": "0", "a.q": ["c", "a"]}
    unchanged = field(asked, posted, known=known)
    assert (unchanged.data, unchanged.unreadable) == (None, True)
    assert unchanged.problems == ["Change what is not right, or choose “Yes, this is right”"]
    corrected = field(asked, {**posted, "a.q": ["a", "b"]}, known=known)
    assert (corrected.data, corrected.problems) == ({"options": ["a", "b"]}, [])


@pytest.mark.parametrize(
    ("quoting", "quoted", "chosen"),
    [
        ("background", "by_name", Attribution.BACKGROUND),
        ("by_name", "by_name", None),
        ("", "", None),
        ("nonsense", "", None),
    ],
)
def test_quoting_counts_only_where_it_was_changed(
    quoting: str, quoted: str, chosen: Attribution | None
) -> None:
    posted = {"a.q": "x", "a.q.seen": "0", "a.q.quoting": quoting, "a.q.quoted": quoted}
    assert field(question("short_text"), posted).quoting is chosen


def test_a_row_of_a_table_is_quoted_as_the_table() -> None:
    slot = Slot("a.m~row", question("short_text"), None, "m", "row")
    posted = MultiDict({"a.m~row": "x", "a.m~row.seen": "0", "a.m.quoting": "background", "a.m.quoted": ""})
    assert AnswerField(slot, Nobody(), posted).quoting is Attribution.BACKGROUND
