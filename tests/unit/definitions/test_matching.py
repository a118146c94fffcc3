"""What asks the same in another version: by concept and within one kind, never by the look of a key."""

from typing import Any

from app.definitions.matching import counterparts, lost
from app.definitions.schema import Questionnaire, from_stored


def text(key: str, concept: str | None = None, **more: Any) -> dict[str, Any]:
    return {"key": key, "kind": "short_text", "text": f"What of {key}?", "concept": concept, **more}


def listed(key: str, *fields: dict[str, Any], concept: str | None = None) -> dict[str, Any]:
    return {
        "key": key,
        "kind": "records",
        "text": "?",
        "item": "one",
        "fields": list(fields),
        "concept": concept,
    }


def version(number: int, *questions: dict[str, Any], repeated: bool = False) -> Questionnaire:
    section = {"key": "s", "title": "S", "pages": [{"key": "p", "title": "P", "questions": list(questions)}]}
    repeat = {"repeat": {"over": "memberships"}} if repeated else {}
    return from_stored(
        {
            "key": "state",
            "version": number,
            "audience": "state",
            "title": "T",
            "sections": [{**section, **repeat}],
        }
    )


def test_a_key_may_change_where_the_concept_stays() -> None:
    old, new = version(1, text("value", "added.value")), version(2, text("worth", "added.value"))
    assert counterparts(old, new) == {"value": "worth"}
    assert lost(old, new) == []


def test_the_same_key_for_another_concept_is_no_match() -> None:
    old, new = version(1, text("value", "added.value")), version(2, text("value", "other.thing"))
    assert counterparts(old, new) == {}
    assert [(one.address, one.now) for one in lost(old, new)] == [("value", None)]


def test_questions_without_a_concept_are_matched_by_their_key() -> None:
    assert counterparts(version(1, text("note")), version(2, text("note"))) == {"note": "note"}


def test_another_kind_is_no_match_and_staff_hear_what_it_is_now() -> None:
    long = {"key": "value", "kind": "long_text", "text": "?", "concept": "added.value"}
    old, new = version(1, text("value", "added.value")), version(2, long)
    assert counterparts(old, new) == {}
    assert [(one.concept, one.was, one.now) for one in lost(old, new)] == [
        ("added.value", "short_text", "long_text")
    ]


def test_a_list_is_matched_field_by_field() -> None:
    old = version(1, listed("effects", text("what", "e.what"), text("when"), text("gone"), concept="e.all"))
    new = version(2, listed("changes", text("which", "e.what"), text("when"), concept="e.all"))
    assert counterparts(old, new) == {
        "effects": "changes",
        "effects.what": "changes.which",
        "effects.when": "changes.when",
    }
    assert [one.address for one in lost(old, new)] == ["effects.gone"]


def test_what_was_asked_of_each_mechanism_is_not_what_is_asked_once() -> None:
    old, new = (
        version(1, text("value", "added.value"), repeated=True),
        version(2, text("value", "added.value")),
    )
    assert counterparts(old, new) == {}


def test_a_table_needs_cells_of_one_kind() -> None:
    def table(cell: dict[str, Any]) -> dict[str, Any]:
        rows = [{"key": "a", "text": "A"}]
        return {"key": "m", "kind": "matrix", "text": "?", "rows": rows, "cell": cell}

    words = {"kind": "short_text"}
    chosen = {"kind": "choice", "options": [{"key": "x", "text": "X"}]}
    assert counterparts(version(1, table(words)), version(2, table(words))) == {"m": "m"}
    assert counterparts(version(1, table(words)), version(2, table(chosen))) == {}
