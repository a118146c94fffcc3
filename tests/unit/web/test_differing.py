"""Two texts, what only one of them has, and both in one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.respond.differing import combined, marked, only_in

MINE = "improved its readmission policy and its policies on return, and prepared a law on migration."
THEIRS = "improved its readmission, asylum and border policies on return; officials were trained."


def test_what_only_one_text_has_is_marked_as_one_phrase() -> None:
    shown = only_in(MINE, THEIRS)
    assert shown.count("<ins>") == 2
    assert "policy and its" in shown


def test_what_was_removed_and_added_is_said_in_words_too() -> None:
    shown = marked("one two three four five", "one two three four six")
    assert shown.startswith("one two three four ")
    assert '<del><span class="hidden-text">[removed: </span>five' in shown
    assert '<ins><span class="hidden-text">[added: </span>six' in shown


def test_two_states_of_one_text_become_one_sentence() -> None:
    assert combined(MINE, THEIRS) == (
        "improved its readmission, asylum and border policy and its policies on return; officials were "
        "trained, and prepared a law on migration."
    )


@pytest.mark.parametrize("gap", [" ", "\n\n"])
def test_two_unlike_texts_stand_one_after_the_other(gap: str) -> None:
    mine, theirs = "A shared calendar.", "Interpretation into two languages"
    assert combined(mine, theirs, gap) == f"{theirs}{gap}{mine}"


def test_markup_in_a_text_stays_text() -> None:
    assert "<script>" not in marked("a", "<script>alert(1)</script>")
    assert "<b>" not in only_in("<b>a</b>", "")


@given(st.text(max_size=80), st.text(max_size=80))
def test_nothing_of_either_text_is_left_out_of_the_combination(mine: str, theirs: str) -> None:
    letters = sorted(letter for letter in combined(mine, theirs) if letter.isalnum())
    for text in (mine, theirs):
        left = letters.copy()
        for letter in text:
            if letter.isalnum():
                left.remove(letter)


@given(st.text(max_size=80))
def test_a_text_against_itself_has_no_marks(text: str) -> None:
    assert "<ins>" not in marked(text, text)
    assert combined(text, text) == text or not text.strip()
