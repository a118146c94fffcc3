"""Two texts, what only one of them has, and both in one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.definitions.aligning import Budget, closely
from app.web.respond.combining import combination
from app.web.respond.differing import STEPS, combined, marked, only_in

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


def test_a_long_text_is_marked_paragraph_by_paragraph_and_inside_them_word_by_word() -> None:
    lines = [f"Paragraph {number} says the same thing as it said before" for number in range(5_000)]
    before = "\n".join(lines)
    lines[7], lines[4_000] = lines[7].replace("says", "tells"), "A new one"
    shown = marked(before, "\n".join(lines))
    assert (shown.count("<ins>"), shown.count("<del>")) == (2, 2)
    assert "</span>tells <span" in shown


def test_what_is_as_before_can_be_folded() -> None:
    before = "\n".join(f"Line {number}" for number in range(100))
    shown = marked(before, before + "\nMore", folded=True)
    assert "[as before]" in shown
    assert "Line 0" in shown
    assert "Line 50" not in shown
    assert len(shown) < 500


WORST = {
    "one word for ever": ("a " * 40_000, "b " + "a " * 20_000 + "c " + "a " * 15_000),
    "two words by turns": ("a b " * 20_000, "b a " * 20_000 + "c"),
    "few words in any order": ("a b c d e f g " * 5_000, "g f e d c b a " * 5_000),
    "lines all alike": ("x\n" * 40_000, "y\n" + "x\n" * 20_000 + "z\n" + "x\n" * 10_000),
}


@pytest.mark.parametrize("texts", WORST.values(), ids=WORST.keys())
def test_the_worst_texts_cost_no_more_than_their_budget(texts: tuple[str, str]) -> None:
    looked = Looked(STEPS)
    marked(*texts, looked)
    assert looked.taken <= STEPS
    assert marked(*texts, Budget(0)).count("<ins>") <= 3


class Looked(Budget):
    """A budget that counts what was really taken from it."""

    taken = 0

    def spend(self, steps: int) -> bool:
        granted = super().spend(steps)
        self.taken += steps if granted else 0
        return granted


def test_what_is_compared_closely_looks_at_no_more_pairs_than_it_paid_for() -> None:
    """The inner loop of the comparison, counted by the parts it asks for."""
    old, new = ["a", "b"] * 60 + ["x"], ["b", "a"] * 60 + ["y"]
    looked = Looked(10_000)
    closely(old, new, looked)
    assert 0 < looked.taken <= 10_000
    broke = Looked(10)
    [hunk] = closely(old, new, broke)
    assert broke.taken == 0
    assert (hunk.i, hunk.j, hunk.k, hunk.m) == (0, 121, 0, 121)


def test_a_combination_is_made_of_what_stood_before() -> None:
    base = "One.\n\nTwo.\n\nThree."
    mine = base.replace("One.", "One of mine.").replace("Two.", "What I would rather say.")
    theirs = base.replace("Three.", "Three of theirs.").replace("Two.", "Something else")
    assert combination(base, mine, theirs) == (
        "One of mine.\n\nSomething else\n\nWhat I would rather say.\n\nThree of theirs."
    )


def test_two_first_texts_are_combined_with_what_they_share_once() -> None:
    assert combination("", "Same.\n\nMine.", "Same.\n\nTheirs, longer.\n\nMore.") == (
        "Same.\n\nTheirs, longer.\n\nMore.\n\nMine."
    )


@given(st.text(alphabet="ab \n", max_size=30), st.text(alphabet="ab \n", max_size=30), st.text(max_size=30))
def test_no_word_of_either_text_is_left_out_of_a_combination(mine: str, theirs: str, base: str) -> None:
    found = sorted(letter for letter in combination(base, mine, theirs) if letter.isalnum())
    for text in (mine, theirs):
        left = found.copy()
        for letter in text:
            if letter.isalnum() and letter not in base:
                left.remove(letter)
