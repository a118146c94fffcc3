"""A sentence before the final pass: its ways of being said, and what it rests on."""

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from app.findings import prose
from app.findings.evidence import Item
from app.findings.ledger import Ledger, content
from app.findings.plan import Plan
from app.findings.speech import Speech
from app.findings.summary import Citation
from app.policy import Attribution


@dataclass(frozen=True, slots=True)
class Draft:
    """One statement to be: `ways` are full sentences without stop, the best first."""

    rule: str
    item_key: str
    ways: tuple[str, ...]
    items: tuple[Item, ...]
    label: str | None = None
    named: tuple[tuple[str, str], ...] = ()
    """Codes that stand in it because somebody named them, each with who did."""
    sources: tuple[Citation, ...] = ()
    """Citations of what is not an answer."""


@dataclass
class Context:
    """What rules are given: the plan, the evidence, how to speak, and what has been said before."""

    plan: Plan
    ledger: Ledger
    speech: Speech
    said: set[str] = field(default_factory=set)
    shortened: list[Item] = field(default_factory=list)
    told: set[tuple[str | None, str]] = field(default_factory=set)

    def told_before(self, label: str | None, words: str) -> bool:
        """Whether the same was said under a label before, by anybody; from now on it was."""
        said = (label, re.sub(r"^(?:the|an?) ", "", words.casefold()))
        before = said in self.told
        self.told.add(said)
        return before

    def quote(self, item: Item) -> str | None:
        """Return an answer's own words in quotation marks, or None where there are none to quote."""
        typed = self.speech.own_words(item)
        if typed is None:
            return None
        if prose.is_shortened(typed):
            self.shortened.append(item)
        return prose.quoted(typed)


def opaque(*parts: str) -> str:
    """Return a key that is stable and says nothing."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def digest(items: Iterable[Item], sources: Iterable[Citation]) -> str:
    """Return the digest of what a statement rests on; of unnamed answers only what they say."""
    lines = [
        [
            i.role,
            i.respondent if i.attribution is Attribution.BY_NAME else None,
            i.concept,
            i.field,
            i.item,
            content(i),
        ]
        for i in items
    ]
    lines += [[source.role, None, source.concept, source.question, "", ""] for source in sources]
    return hashlib.sha256(json.dumps(sorted(lines, key=str), ensure_ascii=False).encode()).hexdigest()


def numbered(drafts: Sequence[Draft]) -> list[Draft]:
    """Return the drafts with item keys that differ, in the order in which they stand."""
    seen: dict[tuple[str, str], int] = {}
    result = []
    for draft in drafts:
        place = seen.get((draft.rule, draft.item_key), 0)
        seen[(draft.rule, draft.item_key)] = place + 1
        key = draft.item_key if not place else f"{draft.item_key}#{place}"
        result.append(
            Draft(draft.rule, key, draft.ways, draft.items, draft.label, draft.named, draft.sources)
        )
    return result
