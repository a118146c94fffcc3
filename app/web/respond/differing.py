"""Two texts side by side:
what only one of them has is marked, with words for those who do not see the mark.
"""

import re
from difflib import SequenceMatcher

from markupsafe import Markup, escape

from app.i18n import _

LONGEST = 20_000
"""Texts longer than this are shown without marks: finding them would take too long."""
MARKS = {
    "ins": Markup('<ins><span class="hidden-text">{}</span>{}<span class="hidden-text">{}</span></ins>'),
    "del": Markup('<del><span class="hidden-text">{}</span>{}<span class="hidden-text">{}</span></del>'),
}
_WORDS = re.compile(r"\w+\s*|[^\w\s]\s*|\s+")
ALIKE = 0.5
"""Texts that share less than this of their words are two texts, not two states of one."""
CLOSING = ",.;:!?)"
SHORT = 2
"""As many equal words between two changes are taken for part of the change."""


def marked(before: str, after: str) -> Markup:
    """`after`, with what was not in `before` inserted and what is gone struck."""
    parts: list[Markup] = []
    for tag, old, new in _runs(before, after):
        if tag == "equal":
            parts.append(escape(new))
            continue
        if old:
            parts.append(_mark("del", old, _("removed"), _("end of removed")))
        if new:
            parts.append(_mark("ins", new, _("added"), _("end of added")))
    return Markup("").join(parts)


def only_in(text: str, other: str) -> Markup:
    """`text`, with what `other` has not marked."""
    parts: list[Markup] = []
    for tag, _old, new in _runs(other, text):
        if new:
            parts.append(escape(new) if tag == "equal" else _mark("ins", new, _("only here"), _("end")))
    return Markup("").join(parts)


def combined(mine: str, theirs: str, gap: str = "\n\n") -> str:
    """Both additions in one text, theirs first, to be read and corrected by a person.

    Two texts that have little in common stand one after the other, with the gap between.
    """
    parts: list[str] = []
    runs = _runs(theirs, mine)
    if all(tag == "replace" for tag, _old, _new in runs):
        return f"{theirs}{gap}{mine}"
    for tag, old, new in runs:
        for part in (new,) if tag == "equal" else (old, new):
            if parts and part[:1] in CLOSING and part:
                parts[-1] = parts[-1].rstrip()
            glued = parts and parts[-1][-1:].isalnum() and part[:1].isalnum()
            parts.append(f" {part}" if glued else part)
    return "".join(parts)


def _runs(before: str, after: str) -> list[tuple[str, str, str]]:
    """What is equal and what is not, as (tag, before, after), word by word.

    A word or two that happen to be equal between two changes belong to the change: a reader sees one phrase
    replaced by another, not a chequered line.
    """
    if len(before) + len(after) > LONGEST:
        return [("equal", after, after)] if before == after else [("replace", before, after)]
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    matcher = SequenceMatcher(None, _bare(old), _bare(new), autojunk=False)
    if matcher.ratio() < ALIKE:
        return [("replace", before, after)]
    runs: list[tuple[str, int, int, int, int]] = []
    codes = matcher.get_opcodes()
    for place, (tag, i1, i2, j1, j2) in enumerate(codes):
        between = tag == "equal" and 0 < place < len(codes) - 1 and i2 - i1 <= SHORT
        changed = tag != "equal" or between
        if changed and runs and runs[-1][0] == "replace":
            runs[-1] = ("replace", runs[-1][1], i2, runs[-1][3], j2)
        else:
            runs.append(("replace" if changed else "equal", i1, i2, j1, j2))
    return [(tag, "".join(old[i1:i2]), "".join(new[j1:j2])) for tag, i1, i2, j1, j2 in runs]


def _bare(words: list[str]) -> list[str]:
    return [word.strip() for word in words]


def _mark(element: str, text: str, begins: str, ends: str) -> Markup:
    return MARKS[element].format(f"[{begins}: ", text, f" {ends}]")
