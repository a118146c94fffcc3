"""A fact of the register is offered only in a form that the question could have as its answer."""

from typing import Any

import pytest

from app.definitions.schema import from_stored
from app.services.known_facts import known

OPTIONS = [{"key": "borders", "text": "Border management"}, {"key": "asylum", "text": "Asylum"}]
OTHER = {"key": "other", "text": "Other", "specify": True}


def asked(**question: Any) -> Any:
    whole = {"key": "q", "text": "Q", "known": "fact", **question}
    pages = [{"key": "p", "title": "P", "questions": [whole]}]
    sections = [{"key": "s", "title": "S", "pages": pages}]
    stored = {"key": "x", "version": 1, "audience": "iscm", "title": "X", "sections": sections}
    return from_stored(stored).question("q")


@pytest.mark.parametrize(
    ("question", "fact", "offered"),
    [
        ({"kind": "short_text"}, "Geneva", "Geneva"),
        ({"kind": "short_text", "max_chars": 3}, "Geneva", None),
        ({"kind": "short_text"}, ["A", {"name": "B"}], "A; B"),
        ({"kind": "long_text"}, "Geneva", "Geneva"),
        ({"kind": "year"}, 2001, 2001),
        ({"kind": "year", "min": 2010}, 2001, None),
        ({"kind": "year"}, "about 2001", None),
        ({"kind": "number", "max": 10}, 11, None),
        ({"kind": "number"}, True, None),
        ({"kind": "yes_no"}, False, "no"),
        ({"kind": "yes_no"}, "perhaps", None),
        ({"kind": "choice", "options": OPTIONS}, "asylum", {"option": "asylum"}),
        ({"kind": "choice", "options": OPTIONS}, "BORDER management", {"option": "borders"}),
        ({"kind": "choice", "options": OPTIONS}, "fishing", None),
        ({"kind": "choices", "options": OPTIONS}, ["Asylum", "borders"], {"options": ["borders", "asylum"]}),
        ({"kind": "choices", "options": OPTIONS}, ["Asylum", "Fishing"], None),
        (
            {"kind": "choices", "options": [*OPTIONS, OTHER]},
            ["Asylum", "Fishing"],
            {"options": ["asylum", "other"], "other": "Fishing"},
        ),
        ({"kind": "choices", "options": OPTIONS}, "Asylum", None),
        ({"kind": "reference", "to": "organisations"}, "IOM", {"codes": ["IOM"]}),
        ({"kind": "reference", "to": "organisations"}, ["IOM", "EC"], None),
        (
            {"kind": "reference", "to": "organisations", "several": True},
            ["IOM", "EC"],
            {"codes": ["IOM", "EC"]},
        ),
        ({"kind": "link"}, "https://example.org", "https://example.org"),
        ({"kind": "link"}, "example", None),
        ({"kind": "date"}, "2001", None),
        ({"kind": "short_text"}, "", None),
        ({"kind": "short_text"}, None, None),
    ],
)
def test_what_is_offered(question: dict[str, Any], fact: object, offered: object) -> None:
    assert known(asked(**question), {"fact": fact, "other": "x"}) == offered


def test_a_question_that_asks_for_no_fact_is_offered_none() -> None:
    assert known(asked(kind="short_text", known=None), {"fact": "x"}) is None
    assert known(asked(kind="short_text"), {}) is None
