"""The case of 2019 as a check: its forty facts and how each is read in a summary."""

import re
from dataclasses import dataclass
from functools import cache

from app.definitions import source
from app.findings.summary import Statement, Summary
from tests.unit.findings.building import EAP

ROLE = {"eap-panel": "iscm"}


@dataclass(frozen=True)
class Fact:
    """One thing that the summary must carry."""

    id: str
    section: str
    all: tuple[str, ...]
    none: tuple[str, ...]
    by: frozenset[str]
    only: bool

    def holds(self, summary: Summary) -> bool:
        """Whether the summary carries it, on the word of those whose word it is."""
        section = next(part for part in summary.sections if part.key == self.section)
        longest = 1 if self.only else 3
        found = section.statements
        return any(
            self._in(found[place : place + length])
            for length in range(1, longest + 1)
            for place in range(len(found) - length + 1)
        )

    def _in(self, run: tuple[Statement, ...]) -> bool:
        bodies = [statement.text for statement in run]
        if any(re.search(pattern, body, re.IGNORECASE) for pattern in self.none for body in bodies):
            return False
        text = " ".join(bodies)
        if not all(re.search(pattern, text, re.IGNORECASE) for pattern in self.all):
            return False
        if not self.by:
            return True
        cited = {c.respondent for statement in run for c in statement.citations}
        roles = {c.role.value for statement in run for c in statement.citations}
        wanted = {ROLE.get(code, "state") for code in self.by}
        return cited == self.by if self.only else cited >= self.by and roles == wanted


@cache
def facts() -> tuple[Fact, ...]:
    """Return the forty."""
    data = source.read(EAP / "case.yaml", EAP).data["facts"]
    return tuple(
        Fact(
            fact["id"],
            section,
            tuple(fact["all"]),
            tuple(fact.get("none", ())),
            frozenset(fact["from"]),
            bool(fact.get("only")),
        )
        for section, listed in data.items()
        for fact in listed
    )


def missing(summary: Summary) -> set[str]:
    """Return the ids of the facts that the summary does not carry."""
    return {fact.id for fact in facts() if not fact.holds(summary)}
