"""Two mechanisms of the Training round against texts that were read and judged sentence by sentence.

The Sable Dialogue is in every respect the opposite of the EaP Panel. The Meridian Process has no secretariat,
and is answered about as tired people type: capitals, bullets, “N/A”, first person, names of other States.
"""

import pytest

from app.findings.summary import Summary
from tests.unit.findings.building import (
    ROOT,
    compiled,
    sloppy_respondents,
    texts,
    training_respondents,
    training_setting,
)

CASES = ROOT / "tests" / "cases" / "training"


def sable() -> Summary:
    """Return the summary of the Sable Dialogue."""
    return compiled(*training_respondents(), about=training_setting())


def meridian() -> Summary:
    """Return the summary of the Meridian Process."""
    return compiled(*sloppy_respondents(), about=training_setting("meridian-process"))


def written(summary: Summary) -> str:
    """Return a summary as its golden text has it."""
    lines = []
    for section in summary.sections:
        lines += [f"## {section.title}", *(statement.text for statement in section.statements), ""]
    return "\n".join([*lines, "## Gaps", *summary.gaps]) + "\n"


@pytest.mark.parametrize(
    ("mechanism", "summary"), [("sable-dialogue", sable), ("meridian-process", meridian)]
)
def test_it_reads_as_it_was_judged(mechanism: str, summary: object) -> None:
    assert callable(summary)
    assert written(summary()) == (CASES / f"{mechanism}.txt").read_text(encoding="utf-8")


def test_the_contradiction_is_shown_to_staff_and_not_to_readers() -> None:
    summary = sable()
    told = {
        (difference.what, *(side.respondent for side in difference.sides)) for difference in summary.differ
    }
    assert ("the mechanism sees no overlap, a State names one", "sable-dialogue", "XAB") in told
    assert not any("contradict" in statement.text for statement in summary.statements)


def test_a_long_answer_is_shortened_and_staff_are_told() -> None:
    assert [(item.respondent, item.concept) for item in sable().shortened] == [
        ("XAA", "added_value.would_help")
    ]


def test_nothing_that_says_nothing_is_printed() -> None:
    said = " ".join(texts(meridian())).casefold()
    assert not [words for words in ("n/a", "see above", "“none”", "n.a.", "nil", "“-”") if words in said]


def test_no_other_state_is_made_to_act() -> None:
    said = " ".join(texts(meridian()))
    for words in ("Falkara", "adopted a law", "signed a protocol", "trained its staff", "Same as"):
        assert words not in said
    left = {left.item.said: left.why for left in meridian().unused}
    assert left["Delmora adopted a law on open data;"].startswith(
        "names Delmora as saying or doing something"
    )


def test_a_source_is_not_called_by_the_instruction_on_its_form() -> None:
    questions = {
        citation.question
        for section in sable().sections
        for statement in section.statements
        for citation in statement.citations
    }
    assert "How does the Sable Dialogue work on each area? other themes" in questions
    assert not [question for question in questions if "(specify)" in question]
