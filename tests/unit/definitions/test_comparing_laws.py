"""Laws of comparing: nothing differs from itself, and a composite is as strict as its strictest part."""

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.definitions import comparing
from app.definitions.comparing import ORDER, strictest
from app.definitions.schema import Questionnaire, from_stored
from tests.unit.definitions.features import FEATURES
from tests.unit.definitions.test_comparing import CHANGES

Change = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize("key", sorted(FEATURES))
def test_nothing_differs_from_itself(key: str) -> None:
    same = from_stored(copy.deepcopy(FEATURES[key].stored()))
    assert comparing.compare(FEATURES[key], same) == []
    assert strictest([]) is None


@pytest.mark.parametrize("key", sorted(FEATURES))
def test_whatever_is_stored_otherwise_is_a_difference(key: str) -> None:
    data = copy.deepcopy(FEATURES[key].stored())
    data["sections"][0]["pages"][0]["questions"][0]["text"] = "Asked in other words"
    assert comparing.compare(FEATURES[key], from_stored(data)) != []


def _changed(key: str, changes: list[Change]) -> Questionnaire | None:
    """The feature with the changes made one after the other; None where they do not go together."""
    data = copy.deepcopy(FEATURES[key].stored())
    try:
        for change in changes:
            change(data)
        return from_stored(data)
    except (KeyError, IndexError, ValueError, AttributeError):
        return None


BY_FEATURE: dict[str, list[Change]] = {}
for feature_key, one_change, expected in CHANGES:
    if expected and expected != [("forbidden", "")]:
        BY_FEATURE.setdefault(feature_key, []).append(one_change)
SEVERAL = sorted(key for key, changes in BY_FEATURE.items() if len(changes) > 1)


@given(data=st.data(), key=st.sampled_from(SEVERAL))
def test_the_class_of_several_changes_is_the_strictest_of_what_differs(data: st.DataObject, key: str) -> None:
    changes = data.draw(st.lists(st.sampled_from(BY_FEATURE[key]), min_size=1, max_size=4, unique=True))
    new = _changed(key, changes)
    if new is None:
        return
    found = comparing.compare(FEATURES[key], new)
    kind = strictest(found)
    assert kind == (max((each.kind for each in found), key=ORDER.index) if found else None)
    half = data.draw(st.integers(min_value=0, max_value=len(found)))
    parts = [each for each in (strictest(found[:half]), strictest(found[half:])) if each is not None]
    assert kind == max(parts, key=ORDER.index, default=None)


@given(kinds=st.lists(st.sampled_from(ORDER), max_size=6))
def test_adding_a_difference_never_makes_the_class_milder(kinds: list[comparing.Kind]) -> None:
    differences = [comparing.Difference(kind, "key", "what") for kind in kinds]
    for length in range(len(differences)):
        before, after = strictest(differences[:length]), strictest(differences[: length + 1])
        assert after is not None
        assert before is None or ORDER.index(after) >= ORDER.index(before)


def test_what_stood_and_what_stands_are_told() -> None:
    old = FEATURES["texts"]
    data = copy.deepcopy(old.stored())
    question = data["sections"][0]["pages"][0]["questions"][0]
    before, question["text"] = question["text"], "In other words"
    [found] = comparing.compare(old, from_stored(data))
    assert (found.old, found.new) == (before, "In other words")


def test_a_part_for_each_mechanism_that_comes_or_goes_is_forbidden() -> None:
    old = FEATURES["memberships"]
    data = copy.deepcopy(old.stored())
    repeated = next(section for section in data["sections"] if "repeat" in section)
    data["sections"] = [section for section in data["sections"] if section is not repeated]
    less = from_stored(data)
    assert strictest(comparing.compare(old, less)) == "forbidden"
    assert strictest(comparing.compare(less, old)) == "forbidden"
