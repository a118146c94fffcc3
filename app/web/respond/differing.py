"""Two texts side by side:
what only one of them has is marked, with words for those who do not see the mark.
"""

import re
from collections.abc import Iterator

from markupsafe import Markup, escape

from app.definitions.aligning import Budget, Hunk, align, closely
from app.i18n import _

STEPS = 200_000
"""Looks at pairs of equal words that a comparison may cost; what it does not reach is marked as a whole."""
MARKS = {
    "ins": Markup('<ins><span class="hidden-text">{}</span>{}<span class="hidden-text">{}</span></ins>'),
    "del": Markup('<del><span class="hidden-text">{}</span>{}<span class="hidden-text">{}</span></del>'),
}
_WORDS = re.compile(r"\w+\s*|[^\w\s]\s*|\s+")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
ALIKE = 0.5
"""Texts that share less than this of their words are two texts, not two states of one."""
CLOSING = ",.;:!?)"
SHORT = 2
"""As many equal words between two changes are taken for part of the change."""
LONGEST_SHOWN = 6
"""Lines without a change that are shown between two changes; of more, the first and the last ones."""


def marked(before: str, after: str, budget: Budget | None = None, *, folded: bool = False) -> Markup:
    """`after`, with what was not in `before` inserted and what is gone struck.

    Folded, long stretches without a change are left out and said to be as before.
    """
    parts: list[Markup] = []
    for tag, old, new in _runs(before, after, budget):
        if tag == "equal":
            parts.append(_fold(new) if folded else escape(new))
            continue
        if old:
            parts.append(_mark("del", old, _("removed"), _("end of removed")))
        if new:
            parts.append(_mark("ins", new, _("added"), _("end of added")))
    return Markup("").join(parts)


def _fold(text: str) -> Markup:
    lines = _LINES.findall(text)
    if len(lines) <= LONGEST_SHOWN:
        return escape(text)
    beside = LONGEST_SHOWN // 2
    note = Markup('<span class="muted">[{}]</span>\n').format(_("as before"))
    return Markup("").join([escape("".join(lines[:beside])), note, escape("".join(lines[-beside:]))])


def only_in(text: str, other: str, budget: Budget | None = None) -> Markup:
    """`text`, with what `other` has not marked."""
    parts: list[Markup] = []
    for tag, _old, new in _runs(other, text, budget):
        if new:
            parts.append(escape(new) if tag == "equal" else _mark("ins", new, _("only here"), _("end")))
    return Markup("").join(parts)


def combined(mine: str, theirs: str, gap: str = "\n\n") -> str:
    """Both additions in one text, theirs first, to be read and corrected by a person.

    Two texts that have little in common stand one after the other, with the gap between.
    """
    parts: list[str] = []
    runs = list(_runs(theirs, mine))
    if all(tag == "replace" for tag, _old, _new in runs):
        return f"{theirs}{gap}{mine}"
    for tag, old, new in runs:
        for part in (new,) if tag == "equal" else (old, new):
            if parts and part[:1] in CLOSING and part:
                parts[-1] = parts[-1].rstrip()
            glued = parts and parts[-1][-1:].isalnum() and part[:1].isalnum()
            parts.append(f" {part}" if glued else part)
    return "".join(parts)


Run = tuple[str, str, str]
"""What is equal and what is not, as (tag, before, after)."""


def _runs(before: str, after: str, budget: Budget | None = None) -> Iterator[Run]:
    """What differs, paragraph by paragraph, and word by word in the paragraphs that changed."""
    budget = budget or Budget(STEPS)
    old, new = _LINES.findall(before), _LINES.findall(after)
    i = k = 0
    changed = align([line.rstrip() for line in old], [line.rstrip() for line in new])
    for hunk in [*changed, Hunk(len(old), len(old), len(new), len(new))]:
        if k < hunk.k:
            yield "equal", "".join(old[i : hunk.i]), "".join(new[k : hunk.k])
        if hunk.i < hunk.j or hunk.k < hunk.m:
            yield from _words("".join(old[hunk.i : hunk.j]), "".join(new[hunk.k : hunk.m]), budget)
        i, k = hunk.j, hunk.m


def _words(before: str, after: str, budget: Budget) -> list[Run]:
    """What differs, word by word.

    A word or two that happen to be equal between two changes belong to the change: a reader sees one phrase
    replaced by another, not a chequered line.
    """
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    changed = closely(_bare(old), _bare(new), budget)
    kept = len(old) - sum(hunk.j - hunk.i for hunk in changed)
    if 2 * kept < ALIKE * (len(old) + len(new)):
        return [("replace", before, after)]
    joined: list[Hunk] = []
    for hunk in changed:
        if joined and hunk.i - joined[-1].j <= SHORT:
            joined[-1] = Hunk(joined[-1].i, hunk.j, joined[-1].k, hunk.m)
        else:
            joined.append(hunk)
    runs: list[Run] = []
    i = k = 0
    for hunk in [*joined, Hunk(len(old), len(old), len(new), len(new))]:
        if k < hunk.k:
            runs.append(("equal", "".join(old[i : hunk.i]), "".join(new[k : hunk.k])))
        if hunk.i < hunk.j or hunk.k < hunk.m:
            runs.append(("replace", "".join(old[hunk.i : hunk.j]), "".join(new[hunk.k : hunk.m])))
        i, k = hunk.j, hunk.m
    return runs


def _bare(words: list[str]) -> list[str]:
    return [word.strip() for word in words]


def _mark(element: str, text: str, begins: str, ends: str) -> Markup:
    return MARKS[element].format(f"[{begins}: ", text, f" {ends}]")
