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
_WORDS = re.compile(r"\s+|[^\s\w]|\w+")


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


def combined(mine: str, theirs: str) -> str:
    """Both additions in one text, to be read and corrected by a person."""
    return "".join(new if tag == "equal" else f"{old}{new}" for tag, old, new in _runs(theirs, mine))


def _runs(before: str, after: str) -> list[tuple[str, str, str]]:
    if len(before) + len(after) > LONGEST:
        return [("equal", after, after)] if before == after else [("replace", before, after)]
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return [(tag, "".join(old[i1:i2]), "".join(new[j1:j2])) for tag, i1, i2, j1, j2 in matcher.get_opcodes()]


def _mark(element: str, text: str, begins: str, ends: str) -> Markup:
    return MARKS[element].format(f"[{begins}: ", text, f" {ends}]")
