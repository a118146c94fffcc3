"""Two texts made of one: what merges by itself, what a person decides, and what it may cost."""

import sys
from collections import Counter
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.definitions import aligning, merging
from app.definitions.merging import Clash, Origin, Part, merge, paragraphs, weave
from app.definitions.questions import MAX_CHARACTERS

BASE = "First.\n\nSecond.\n\nThird."
WORDS = st.sampled_from(["a", "b", "c", "d", "ab", "مرحبا بالعالم", "e\u0301", "👩‍👩‍👧", "- x", " c"])
GAPS = st.sampled_from(["\n", "\n\n", "\r\n", " \n\n", "\n\n\n"])


@st.composite
def texts(draw: st.DrawFn, *, distinct: bool = False) -> str:
    """A text of a few paragraphs, some of them alike unless they are to be distinct."""
    once = {"unique_by": lambda line: line[0]} if distinct else {}
    lines = draw(st.lists(st.tuples(WORDS, GAPS), max_size=6, **once))  # type: ignore[arg-type]  # the one option
    return draw(st.sampled_from(["", "\n", " \n"])) + "".join(word + gap for word, gap in lines)


def said(text: str) -> Counter[str]:
    """The paragraphs of a text, whatever their order."""
    return Counter(one.text for one in paragraphs(text)[1])


def test_changes_of_different_paragraphs_are_both_in() -> None:
    mine, theirs = BASE.replace("First.", "Mine."), BASE.replace("Third.", "Theirs.")
    assert merge(BASE, mine, theirs) == "Mine.\n\nSecond.\n\nTheirs."


def test_changes_of_neighbouring_paragraphs_are_both_in() -> None:
    assert merge("a\nb", "a changed\nb", "a\nb changed") == "a changed\nb changed"


def test_a_paragraph_added_by_one_stands_beside_what_the_other_changed() -> None:
    theirs = BASE.replace("Third.", "Theirs.")
    assert merge(BASE, BASE + "\n\nAdded.", theirs) == "First.\n\nSecond.\n\nTheirs.\n\nAdded."
    assert merge(BASE, "Added.\n" + BASE, theirs) == "Added.\nFirst.\n\nSecond.\n\nTheirs."


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("First.\n\nMine.\n\nThird.", "First.\n\nTheirs.\n\nThird."),
        ("First.\n\nThird.", "First.\n\nTheirs.\n\nThird."),
        ("First.\n\nSecond.\n\nMine.\n\nThird.", "First.\n\nSecond.\n\nTheirs.\n\nThird."),
        (BASE + "\n\nMine.", BASE + "\n\nTheirs."),
        ("First.\n\nThird.", "First.\n\nSecond.\n\nTheirs.\n\nThird."),
        ("First.\n\nSec-\n\nond.\n\nThird.", "First.\n\nSecond.\n\nTheirs.\n\nThird."),
        ("First.", "Second."),
        ("", BASE + "\n\nTheirs."),
        (" \n ", "First.\n\nTheirs.\n\nThird."),
    ],
    ids=[
        "the same paragraph",
        "taken out and changed",
        "added in the same place",
        "added at the end",
        "taken out and added to",
        "split and added to",
        "nothing left of both",
        "emptied",
        "nothing but white space left",
    ],
)
def test_a_person_decides(mine: str, theirs: str) -> None:
    assert merge(BASE, mine, theirs) is None
    assert merge(BASE, theirs, mine) is None


def test_the_same_change_by_both_is_no_clash() -> None:
    mine, theirs = "Same.\n\nSecond.\n\nMine.", "Same.\n\nSecond.\n\nThird.\n"
    assert merge(BASE, mine, theirs) == "Same.\n\nSecond.\n\nMine.\n"
    assert merge("a\nb\nc\nd", "a\nd", "a\nc\nd") == "a\nd"


def test_two_first_answers_are_for_a_person() -> None:
    assert merge("", "Mine.", "Theirs.") is None
    assert merge("", "Same.", "Same.") == "Same."


def test_what_would_be_longer_than_an_answer_may_be_is_for_a_person() -> None:
    half = "x" * (MAX_CHARACTERS // 2)
    assert merge("a\nb\nc", f"a {half}\nb\nc", f"a\nb\nc {half}") is None


def test_white_space_is_no_change_of_a_paragraph() -> None:
    assert merge("a\nb", "a  \r\nb", "a, changed\nb") == "a, changed\nb"
    assert merge("a\nb", "a\n\n\nb", "a\nb, changed") == "a\n\n\nb, changed"


def test_line_ends_of_another_system_are_no_changes() -> None:
    crlf = BASE.replace("\n", "\r\n").replace("First.", "Mine.")
    assert merge(BASE, crlf, BASE.replace("Third.", "Theirs.")) == "Mine.\r\n\r\nSecond.\r\n\r\nTheirs."


def test_every_script_comes_through_letter_by_letter() -> None:
    arabic, emoji, accent = "مُلاحَظة\u200f عن اللّجوء", "👩🏽‍⚖️🇬🇪", "re\u0301sume\u0301 ﬁ \u200d\u00a0x"
    base = f"{arabic}\n\nmiddle\n\n{accent}"
    mine, theirs = base.replace("middle", f"middle {emoji}"), base.replace(accent, accent + "!")
    assert merge(base, mine, theirs) == f"{arabic}\n\nmiddle {emoji}\n\n{accent}!"


def test_it_is_known_from_whom_a_paragraph_came() -> None:
    woven = weave("a\nb\nc\nd", "a\nmine\nc\nd", "a\nb\nc\ntheirs\nnew")
    found = [
        (part.origin, [one.text for one in part.paragraphs]) for part in woven.parts if isinstance(part, Part)
    ]
    assert found == [
        (Origin.BOTH, ["a"]),
        (Origin.MINE, ["mine"]),
        (Origin.BOTH, ["c"]),
        (Origin.THEIRS, ["theirs", "new"]),
    ]


def test_a_clash_holds_both_texts() -> None:
    woven = weave("a\nb", "a\nmine", "a\ntheirs")
    [clash] = [part for part in woven.parts if isinstance(part, Clash)]
    assert ([one.text for one in clash.mine], [one.text for one in clash.theirs]) == (["mine"], ["theirs"])


@given(texts(), texts())
def test_what_only_one_changed_is_taken_as_it_is(base: str, text: str) -> None:
    assert merge(base, text, base) == text
    assert merge(base, base, text) == text
    assert merge(base, text, text) == text


@given(texts(), texts(), texts())
def test_nothing_is_lost_and_nothing_invented(base: str, mine: str, theirs: str) -> None:
    merged = merge(base, mine, theirs)
    if merged is None:
        return
    before, one, other, both = said(base), said(mine), said(theirs), said(merged)
    assert both.keys() <= one.keys() | other.keys()
    for paragraph in before | one | other:
        added = max(one[paragraph] - before[paragraph], other[paragraph] - before[paragraph], 0)
        gone = max(before[paragraph] - one[paragraph], 0) + max(before[paragraph] - other[paragraph], 0)
        assert both[paragraph] >= before[paragraph] + added - gone
        if added and not gone:
            assert both[paragraph] >= max(one[paragraph], other[paragraph])


@given(texts(), texts(), texts())
def test_it_does_not_matter_who_comes_second(base: str, mine: str, theirs: str) -> None:
    one, other = merge(base, mine, theirs), merge(base, theirs, mine)
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        assert said(one) == said(other)


@given(texts(distinct=True), texts(distinct=True), texts(distinct=True))
def test_a_merge_that_is_merged_again_stays_as_it_is(base: str, mine: str, theirs: str) -> None:
    """A reply that was lost is asked for again: what was typed meets the text in which it already is."""
    merged = merge(base, mine, theirs)
    if merged is not None:
        again = merge(base, mine, merged)
        assert again is None or said(again) == said(merged)


@given(texts(), texts(), texts())
def test_both_texts_are_whole_in_what_is_woven(base: str, mine: str, theirs: str) -> None:
    found: Counter[str] = Counter()
    for part in weave(base, mine, theirs).parts:
        for one in (*part.mine, *part.theirs) if isinstance(part, Clash) else part.paragraphs:
            found[one.text] += 1
    assert (said(mine) - said(base)).keys() <= found.keys()
    assert (said(theirs) - said(base)).keys() <= found.keys()


@given(st.text(alphabet="a \n\r\t\u00a0\u2028\x1c", max_size=30))
def test_paragraphs_and_gaps_are_the_whole_text(text: str) -> None:
    opening, found = paragraphs(text)
    assert opening + "".join(one.text + one.gap for one in found) == text
    assert all(one.text.strip() == one.text.rstrip() or one.text[0].isspace() for one in found)


def lines_run(call: Callable[[], object], *modules: Any) -> int:
    """How many lines of these modules a call executes."""
    files, count = {module.__file__ for module in modules}, 0

    def inside(frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal count
        count += event == "line"
        return inside

    def entering(frame: FrameType, _event: str, _argument: object) -> Any:
        return inside if frame.f_code.co_filename in files else None

    before = sys.gettrace()
    sys.settrace(entering)
    try:
        call()
    finally:
        sys.settrace(before)
    return count


MANY = 10_000


@pytest.mark.parametrize(
    ("base", "mine", "theirs"),
    [
        (["x"] * MANY, ["x"] * (MANY - 1) + ["y"], ["z"] + ["x"] * MANY),
        (["x", "y"] * (MANY // 2), ["y", "x"] * (MANY // 2), ["x", "z", "y"] * (MANY // 3)),
        (
            [str(n) for n in range(MANY)],
            [str(n) for n in range(MANY, 0, -1)],
            [str(n) for n in range(1, MANY)],
        ),
        ([str(n) for n in range(MANY)], [str(n ^ 1) for n in range(MANY)], [str(n ^ 2) for n in range(MANY)]),
        ([""] * MANY, ["", "x"] * (MANY // 2), ["y"] + [""] * MANY),
    ],
    ids=["all alike", "two by turns", "turned round", "neighbours swapped", "empty lines"],
)
def test_ten_thousand_lines_cost_what_they_weigh(base: list[str], mine: list[str], theirs: list[str]) -> None:
    def call() -> object:
        return merge("\n".join(base), "\n".join(mine), "\n".join(theirs))

    assert lines_run(call, merging, aligning) < 200 * MANY


def test_white_space_without_end_costs_what_it_weighs() -> None:
    blank = " " * MAX_CHARACTERS
    assert lines_run(lambda: merge(blank, blank[1:] + "a", "b" + blank[1:]), merging, aligning) < 1000
