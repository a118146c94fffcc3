"""What says nothing is never printed, and what is beside it is."""

import pytest

from app.findings.sifting import SAYS_NOTHING, says_nothing
from tests.unit.findings.building import Respondent, compiled, texts

EMPTY = (
    "N/A", "n.a.", "NA", "none", "None.", "nil", "-", "--", "…", "(see above)", "See above.", "as above",
    "same as above", "See our answer to question 3.", "as mentioned above", "not applicable", "idem", "tbc",
    "To be confirmed", "no comment", "No further comments.", "“None”", "nothing to add", "we don't know",
    "sans objet",
)  # fmt: skip


@pytest.mark.parametrize("typed", EMPTY)
def test_what_only_fills_the_box(typed: str) -> None:
    assert says_nothing(typed)


@pytest.mark.parametrize(
    "typed",
    ["none of these", "no money", "no secretariat", "see report", "not yet adopted", "NATO", "noon meetings",
     "the same rules", "No budget", "x"],
)  # fmt: skip
def test_what_says_something_however_short(typed: str) -> None:
    assert not says_nothing(typed)


@pytest.mark.parametrize("typed", EMPTY)
def test_it_is_listed_and_never_printed(typed: str) -> None:
    answers = {
        "steered_by": typed,
        "offers": [{"value": typed}, {"value": "a forum"}],
        "examples": [{"level": "global", "what": typed}],
        "themes": {"options": ["border", "other"], "other": typed},
        "theme_how": {"border": typed},
    }
    summary = compiled(Respondent("iscm", "eap-panel", answers))
    said = [text for text in texts(summary) if text not in texts(summary, "intro")]
    assert said == [
        "The thematic area of the EaP Panel is border management.",
        "According to the EaP Panel, membership brings a forum.",
    ]
    assert [left.why for left in summary.unused].count(SAYS_NOTHING) == 5


def test_an_effect_without_words_is_still_counted() -> None:
    effects = [{"kinds": ["law"], "example": "see above"}, {"kinds": ["policy"], "example": "a strategy"}]
    said = texts(compiled(Respondent("state", "GEO", {"takes_part": "yes", "effects": effects})))
    assert any("Effects of the EaP Panel on legislation and policy" in text for text in said)


def test_who_only_filled_the_boxes_does_not_count_as_an_answer_on_value() -> None:
    nothing = {"takes_part": "yes", "values": [{"value": "n/a"}], "home_example": "-"}
    said = texts(compiled(Respondent("state", "GEO", nothing)))
    assert "In all, 1 of the 34 members of 2019 answered about it." in said
