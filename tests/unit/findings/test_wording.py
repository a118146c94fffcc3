"""Whose words these are: nothing is taken from the published summary, and the plan spells one way."""

import re
from functools import cache

from tests.unit.findings.building import EAP, QUESTIONNAIRES, ROOT, plan

RUN = 8
SUFFIXES = {".py", ".yaml", ".html", ".js", ".csv", ".json", ".po", ".md", ".typ", ".txt"}


def words(text: str) -> list[str]:
    """Return the words of a text, without case and signs."""
    return re.findall(r"[^\W_]+", text.casefold())


def runs(text: str) -> set[tuple[str, ...]]:
    """Return every run of eight words."""
    found = words(text)
    return {tuple(found[place : place + RUN]) for place in range(len(found) - RUN + 1)}


@cache
def published() -> frozenset[tuple[str, ...]]:
    """Return the runs of the published sections that are not the case's own words."""
    text = (EAP / "published.txt").read_text(encoding="utf-8")
    body = text[text.index("1. Evolution") :]
    return frozenset(runs(body) - runs((EAP / "case.yaml").read_text(encoding="utf-8")))


def test_no_run_of_eight_words_is_taken_from_the_published_summary() -> None:
    assert len(published()) > 300
    taken = {
        str(path.relative_to(ROOT)): " ".join(next(iter(found)))
        for folder in ("app", "questionnaires", "migrations")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in SUFFIXES and path.is_file()
        if (found := runs(path.read_text(encoding="utf-8")) & published())
    }
    assert taken == {}


def test_the_test_would_find_a_borrowed_sentence() -> None:
    borrowed = (
        "Moreover, it facilitated readmission agreements between Ukraine and Poland, Ukraine and Moldova"
    )
    assert runs(borrowed) & published()


def test_the_plan_spells_one_way() -> None:
    text = (QUESTIONNAIRES / "findings" / "iscm.yaml").read_text(encoding="utf-8")
    assert not re.search(
        r"\blabor\b|\bprograming\b|\bneighbor|\bisation\b|organis|\bcenter\b", text, re.IGNORECASE
    )


def test_effects_are_reported_and_never_caused() -> None:
    for rule in plan().rules:
        said = str(rule)
        assert not re.search(r"\b(?:caused|led to|resulted in|brought about|improved)\b", said)
