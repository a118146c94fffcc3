"""Differences of two versions, and which of them may be applied while a round is open."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from app.definitions import comparing
from app.definitions.schema import from_stored
from tests.unit.definitions.features import feature

Change = Callable[[dict[str, Any]], object]


def question(data: dict[str, Any], key: str) -> dict[str, Any]:
    for section in data["sections"]:
        for page in section["pages"]:
            for found in page["questions"]:
                if found["key"] == key:
                    assert isinstance(found, dict)
                    return found
    raise KeyError(key)


def listed(data: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = data["sections"][0]["pages"][0]["questions"]
    return found


YES_NO = {"key": "added", "kind": "yes_no", "text": "Added?"}
YEAR = {"kind": "year"}
PINK = {"key": "pink", "text": "Pink"}

CHANGES: list[tuple[str, Change, list[tuple[str, str]]]] = [
    ("yes_no", lambda d: d.update(version=2), []),
    ("yes_no", lambda d: listed(d).reverse(), [("wording", "")]),
    ("yes_no", lambda d: question(d, "plain").update(reuse=False), [("wording", "plain")]),
    ("numbers", lambda d: question(d, "whole").pop("unit"), [("wording", "questions.whole.unit")]),
    (
        "warnings",
        lambda d: question(d, "members").pop("warn"),
        [("wording", "members"), ("wording", "questions.members.warn.0.text")],
    ),
    ("memberships", lambda d: d["sections"][1]["pages"][1].pop("more"), [("wording", "per_iscm.depth")]),
    ("yes_no", lambda d: d.update(title="Yes, no"), [("wording", "title")]),
    ("yes_no", lambda d: question(d, "plain").update(text="So?"), [("wording", "questions.plain.text")]),
    ("yes_no", lambda d: question(d, "plain").update(hint="A hint"), [("wording", "questions.plain.hint")]),
    ("languages", lambda d: d.update(title="Languages", locales=[]), [("wording", "title")]),
    ("yes_no", lambda d: listed(d).append(YES_NO), [("widening", "added")]),
    ("yes_no", lambda d: listed(d).append(YES_NO | {"required": True}), [("narrowing", "added")]),
    ("yes_no", lambda d: listed(d).pop(), [("narrowing", "doubtful")]),
    ("yes_no", lambda d: question(d, "plain").pop("required"), [("widening", "plain")]),
    ("yes_no", lambda d: question(d, "doubtful").update(required=True), [("narrowing", "doubtful")]),
    ("yes_no", lambda d: question(d, "doubtful").update(unsure=False), [("narrowing", "doubtful")]),
    ("yes_no", lambda d: question(d, "plain").update(unsure=True), [("widening", "plain")]),
    ("yes_no", lambda d: question(d, "doubtful").update(concept="test.year"), [("forbidden", "doubtful")]),
    ("texts", lambda d: question(d, "line").update(kind="long_text"), [("forbidden", "line")]),
    ("texts", lambda d: question(d, "line").update(max_chars=11), [("widening", "line")]),
    ("texts", lambda d: question(d, "essay").pop("max_words"), [("widening", "essay")]),
    ("texts", lambda d: question(d, "free").update(max_words=100), [("narrowing", "free")]),
    ("numbers", lambda d: question(d, "whole").update(min=-1), [("widening", "whole")]),
    ("numbers", lambda d: question(d, "launched").update(min=1950), [("narrowing", "launched")]),
    ("numbers", lambda d: question(d, "part").pop("integer"), [("narrowing", "part")]),
    ("numbers", lambda d: question(d, "whole").update(integer=False), [("widening", "whole")]),
    ("choosing", lambda d: question(d, "few")["options"].append(PINK), [("widening", "few.pink")]),
    ("choosing", lambda d: question(d, "few")["options"].pop(), [("narrowing", "few.eu_blue")]),
    ("choosing", lambda d: question(d, "few")["options"].reverse(), [("wording", "few")]),
    ("choosing", lambda d: question(d, "own")["options"][2].pop("specify"), [("widening", "own.neither")]),
    ("choosing", lambda d: question(d, "own")["options"][0].update(specify=True), [("forbidden", "")]),
    ("choosing", lambda d: question(d, "some").pop("exclusive"), [("widening", "some")]),
    ("choosing", lambda d: question(d, "some").update(exclusive=["no", "red"]), [("narrowing", "some")]),
    ("references", lambda d: question(d, "one").update(to="organisations"), [("forbidden", "one")]),
    ("references", lambda d: question(d, "one").update(several=True), [("widening", "one")]),
    ("references", lambda d: question(d, "some").update(other=False), [("narrowing", "some")]),
    ("hidden", lambda d: question(d, "second").pop("when"), [("widening", "second")]),
    ("hidden", lambda d: question(d, "second")["when"].update({"is": "no"}), [("narrowing", "second")]),
    ("matrix", lambda d: question(d, "degree")["rows"].append(PINK), [("widening", "degree.pink")]),
    ("matrix", lambda d: question(d, "degree")["rows"].pop(), [("narrowing", "degree.global")]),
    (
        "matrix",
        lambda d: question(d, "theme_how").update(cell={"kind": "year"}),
        [("forbidden", "theme_how")],
    ),
    ("matrix", lambda d: question(d, "theme_how").update(rows=[PINK]), [("forbidden", "theme_how")]),
    (
        "matrix",
        lambda d: question(d, "theme_how")["cell"].update(max_words=4),
        [("narrowing", "theme_how.cell")],
    ),
    ("records", lambda d: question(d, "agreements").update(max=3), [("widening", "agreements")]),
    ("records", lambda d: question(d, "bodies").update(min=3), [("narrowing", "bodies")]),
    ("records", lambda d: question(d, "agreements").pop("none"), [("narrowing", "agreements")]),
    ("records", lambda d: question(d, "bodies").update(none="None"), [("widening", "bodies")]),
    ("records", lambda d: question(d, "agreements")["fields"].pop(), [("narrowing", "agreements.since")]),
    ("memberships", lambda d: d["sections"][1].pop("when"), [("widening", "per_iscm")]),
    ("memberships", lambda d: d["sections"][1]["pages"][1].pop("when"), [("widening", "per_iscm.depth")]),
]


@pytest.mark.parametrize(("key", "change", "expected"), CHANGES)
def test_differences(key: str, change: Change, expected: list[tuple[str, str]]) -> None:
    old = feature(key)
    data = copy.deepcopy(old.stored())
    change(data)
    if expected == [("forbidden", "")]:
        with pytest.raises(ValueError, match="only one option"):
            from_stored(data)
        return
    assert [(found.kind, found.key) for found in comparing.compare(old, from_stored(data))] == expected


def test_a_question_that_moves_into_the_blocks_means_something_else() -> None:
    old = feature("memberships")
    data = copy.deepcopy(old.stored())
    moved = data["sections"][1]["pages"][0]["questions"].pop()
    moved.pop("when")
    data["sections"][0]["pages"][0]["questions"].append(moved)
    found = {(difference.kind, difference.key) for difference in comparing.compare(old, from_stored(data))}
    assert ("forbidden", "why_not") in found


def test_a_question_that_moves_to_another_page_keeps_its_answers() -> None:
    old = feature("conditions")
    data = copy.deepcopy(old.stored())
    pages = data["sections"][1]["pages"]
    pages[0]["questions"].append(pages[1]["questions"].pop())
    pages.pop()
    found = [(difference.kind, difference.key) for difference in comparing.compare(old, from_stored(data))]
    assert found == [("wording", "shallow")]


def test_a_section_that_stops_repeating_is_forbidden() -> None:
    old = feature("memberships")
    data = copy.deepcopy(old.stored())
    data["sections"][1].pop("repeat")
    found = {(difference.kind, difference.key) for difference in comparing.compare(old, from_stored(data))}
    assert ("forbidden", "per_iscm") in found


def test_only_versions_of_one_questionnaire_are_compared() -> None:
    with pytest.raises(ValueError, match="not versions of one questionnaire"):
        comparing.compare(feature("texts"), feature("numbers"))
