"""No sentence of the document published in 2019 is copied: what a summary says comes from answers.

`tests/cases/eap-2019/published-runs.txt` holds the first 16 digits of the SHA-256 of every run of eight words
of the five sections of that document (its title block, introduction and section titles left out), in small
letters and joined by one space, without those that stand in the case's own answers.
"""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
RUNS = REPOSITORY / "tests/cases/eap-2019/published-runs.txt"
LENGTH = 8
TEXT = {".py", ".yaml", ".yml", ".html", ".txt", ".po", ".csv", ".json", ".js", ".css", ".mako", ".md"}
_WORD = re.compile(r"[^\W_]+")


def runs(text: str) -> Iterator[str]:
    words = [word.lower() for word in _WORD.findall(text)]
    for start in range(len(words) - LENGTH + 1):
        yield " ".join(words[start : start + LENGTH])


def digest(run: str) -> str:
    return hashlib.sha256(run.encode()).hexdigest()[:16]


@pytest.mark.parametrize("folder", ["app", "questionnaires", "migrations"])
def test_no_run_of_eight_published_words(folder: str) -> None:
    published = set(RUNS.read_text(encoding="ascii").split())
    copied = [
        (str(file.relative_to(REPOSITORY)), run)
        for file in sorted((REPOSITORY / folder).rglob("*"))
        if file.suffix in TEXT
        for run in runs(file.read_text(encoding="utf-8"))
        if digest(run) in published
    ]
    assert copied == []


def test_the_runs_are_those_of_the_document() -> None:
    """A run that the document has, and the case has not, is among them."""
    assert digest("does not possess a legal personality and does") in RUNS.read_text(encoding="ascii")
