"""How long a definition of a hundred questions takes to read, and a whole State's response to route."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

from app.definitions import loader, routing
from app.definitions.schema import Questionnaire, from_stored
from bench.timing import cpu_ms

ROOT = Path(__file__).parents[1] / "questionnaires"
MECHANISMS = 13

Figures = dict[str, dict[str, float]]
Targets = list[tuple[str, float, float, str]]


def measure() -> tuple[Figures, Targets]:
    """Figures and targets."""
    text = json.dumps(_hundred())
    reading = cpu_ms(lambda: from_stored(json.loads(text)), 20)
    state = loader.load_all(ROOT)["state"]
    answers, instances = _answered(state)
    path = cpu_ms(lambda: routing.path(state, answers, instances), 50)
    figures: Figures = {
        "a definition of 100 questions, stored form": {"cpu ms": reading},
        f"routing a State's response, {MECHANISMS} mechanisms": {"cpu ms": path},
    }
    targets: Targets = [
        ("reading a definition of 100 questions", reading, 50, "ms"),
        (f"routing a State's response on {MECHANISMS} mechanisms", path, 2, "ms"),
    ]
    return figures, targets


def _hundred() -> dict[str, Any]:
    options = [{"key": f"o{n}", "text": f"Option {n}"} for n in range(8)]
    questions = [
        {"key": f"q{n}", "kind": "choices", "text": f"Question {n}?", "options": options}
        if n % 2
        else {"key": f"q{n}", "kind": "long_text", "text": f"Question {n}?", "max_words": 150}
        for n in range(100)
    ]
    pages = [
        {"key": f"p{n}", "title": f"Page {n}", "questions": questions[5 * n : 5 * n + 5]} for n in range(20)
    ]
    section = {"key": "s", "title": "Section", "pages": pages}
    return {"key": "hundred", "version": 1, "audience": "state", "title": "Hundred", "sections": [section]}


def _answered(state: Questionnaire) -> tuple[routing.Answers, list[routing.Instance]]:
    """A response that takes part in every mechanism, with one effect and one value each."""
    repeated = next(section.key for section in state.sections if section.repeat)
    answers: dict[tuple[Any, str, str], Any] = {(None, "contact_name", ""): "Bench Mark"}
    instances = []
    for _mechanism in range(MECHANISMS):
        block = routing.Instance(id=uuid4(), group_key=repeated, parent_id=None)
        effect = routing.Instance(id=uuid4(), group_key="effects", parent_id=block.id)
        instances += [block, effect]
        answers[(block.id, "takes_part", "")] = "yes"
        answers[(block.id, "reasons", "")] = {"options": ["exchange"]}
        answers[(effect.id, "example", "")] = "the rules on permits"
        answers[(effect.id, "year", "")] = 2019
    return answers, instances
