"""The Sable Dialogue of the Training round, the opposite of the EaP Panel, against a text that was read and
judged.
"""

from tests.unit.findings.building import ROOT, compiled, training_respondents, training_setting

GOLDEN = ROOT / "tests" / "cases" / "training" / "sable-dialogue.txt"


def test_the_sable_dialogue_reads_as_it_was_judged() -> None:
    summary = compiled(*training_respondents(), about=training_setting())
    lines = []
    for section in summary.sections:
        lines += [f"## {section.title}", *(statement.text for statement in section.statements), ""]
    lines += ["## Gaps", *summary.gaps]
    assert "\n".join(lines) + "\n" == GOLDEN.read_text(encoding="utf-8")


def test_the_contradiction_is_shown_to_staff_and_not_to_readers() -> None:
    summary = compiled(*training_respondents(), about=training_setting())
    told = {
        (difference.what, *(side.respondent for side in difference.sides)) for difference in summary.differ
    }
    assert ("the mechanism sees no overlap, a State names one", "sable-dialogue", "XAB") in told
    assert not any("contradict" in statement.text for statement in summary.statements)


def test_a_long_answer_is_shortened_and_staff_are_told() -> None:
    summary = compiled(*training_respondents(), about=training_setting())
    assert [(item.respondent, item.concept) for item in summary.shortened] == [
        ("XAA", "added_value.would_help")
    ]
