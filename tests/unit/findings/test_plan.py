"""The plan as a typed value: what is wrong in its file is said with the line."""

from pathlib import Path

import pytest

from app.definitions.faults import DefinitionErrors
from app.findings.plan import load_plan
from tests.unit.findings.building import QUESTIONNAIRES, plan

HEAD = """key: tiny
version: 1
locale: en
types: {regional: "forum"}
quoted: ["on {about}, {speaker} stated: {quote}"]
sections:
  - key: evolution
    title: "Evolution"
    rules:
"""
RULE = """      - key: launched
        kind: fact
        role: iscm
        slots: {launched: {concept: evolution.launched}}
        cases: [{say: ["{subject} was launched in {launched}"]}]
"""


def faults(tmp_path: Path, text: str) -> list[str]:
    """Return the faults of a plan, as they are shown."""
    file = tmp_path / "plan.yaml"
    file.write_text(text, encoding="utf-8")
    try:
        load_plan(file, tmp_path)
    except DefinitionErrors as refused:
        return [str(fault) for fault in refused.faults]
    return []


def test_a_small_plan_loads(tmp_path: Path) -> None:
    assert faults(tmp_path, HEAD + RULE) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (RULE.replace("in {launched}", "in {lunched}"), "lunched"),
        (RULE.replace("kind: fact", "kind: fakt"), "kind"),
        (RULE.replace("role: iscm", "role: moon"), "role"),
        (RULE + "        colour: red\n", "colour"),
        (RULE + RULE, "launched"),
        (RULE + "        unless_said: [later]\n", "later"),
    ],
)
def test_a_faulty_plan_is_refused_and_the_word_is_named(tmp_path: Path, wrong: str, said: str) -> None:
    assert any(said in fault for fault in faults(tmp_path, HEAD + wrong))


def test_the_plan_has_the_six_sections_and_only_known_concepts() -> None:
    assert [section.key for section in plan().sections] == [
        "intro", "evolution", "contribution", "structures", "partnerships", "added_value",
    ]  # fmt: skip
    known = (QUESTIONNAIRES / "concepts.yaml").read_text(encoding="utf-8")
    for section in plan().sections[1:]:
        for rule in section.rules:
            for concept in rule.concepts():
                assert f"key: {concept}," in known, (rule.key, concept)
