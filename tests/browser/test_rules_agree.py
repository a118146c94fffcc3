"""The browser's rules and the server's come to the same, on random trees and random answers."""

import json
import random
from pathlib import Path
from typing import Any

from playwright.sync_api import Page
from pydantic import TypeAdapter

from app.definitions import conditions
from app.definitions.conditions import Rule

MODULE = Path(__file__).parents[2] / "app/static/js/conditions.js"
KEYS = ("a", "b", "c", "d")
VALUES: tuple[Any, ...] = (
    *("yes", "no", "none", "unsure", 0, 1, 2.5, 3),
    {"option": "x"},
    {"option": "y", "other": "words"},
    {"options": ["x"]},
    {"options": ["x", "y"], "other": "words"},
    {"codes": ["x"], "other": "words"},
    {"other": "words"},
    {"codes": ["x", "y"]},
    {"count": 2},
)
EVALUATE = """async ([source, cases]) => {
    const { holds } = await import("data:text/javascript," + encodeURIComponent(source));
    return cases.map(([rule, answers]) => holds(rule, (key) => answers[key] ?? null));
}"""


def random_rule(dice: random.Random, depth: int) -> dict[str, Any]:
    word = dice.choice(("answered", "is", "includes", "at_least", "all", "any", "not")[: 7 if depth else 4])
    if word in ("all", "any"):
        return {word: [random_rule(dice, depth - 1) for _ in range(dice.randint(1, 3))]}
    if word == "not":
        return {"not": random_rule(dice, depth - 1)}
    values: dict[str, tuple[Any, ...]] = {
        "answered": (True, False),
        "is": ("yes", "no", "none", "x", "y", 1, 2.5),
        "includes": ("x", "y"),
        "at_least": (0, 1, 2, 2.5),
    }
    return {"question": dice.choice(KEYS), word: dice.choice(values[word])}


def test_both_evaluators_agree_on_random_trees(page: Page) -> None:
    dice = random.Random(20190301)
    rules: TypeAdapter[Any] = TypeAdapter(Rule)
    cases = []
    for _ in range(2000):
        answers = {key: dice.choice(VALUES) for key in KEYS if dice.random() < 0.7}
        cases.append((random_rule(dice, 4), answers))
    expected = [conditions.holds(rules.validate_python(rule), answers.get) for rule, answers in cases]
    assert {True, False, None} == set(expected)
    found = page.evaluate(EVALUATE, [MODULE.read_text(encoding="utf-8"), json.loads(json.dumps(cases))])
    wrong = [
        case for case, server, browser in zip(cases, expected, found, strict=True) if server is not browser
    ]
    assert wrong == []
