"""Two texts in one box, for a person to read and correct: what merges is merged, what clashes is in twice."""

from collections.abc import Iterator

from app.definitions.aligning import Hunk, align
from app.definitions.merging import USUAL_GAP, Clash, Paragraph, weave, written
from app.web.respond.differing import combined


def combination(base: str, mine: str, theirs: str) -> str:
    """Return both texts in one, made of what stood before them; theirs first where they clash."""
    woven = weave(base, mine, theirs)
    found: list[Paragraph] = []
    for part in woven.parts:
        found += _both(part) if isinstance(part, Clash) else part.paragraphs
    return written(found, woven)


def _both(clash: Clash) -> Iterator[Paragraph]:
    """The paragraphs of both sides: the same ones once, two states of one as one sentence."""
    mine, theirs = clash.mine, clash.theirs
    i = 0
    changed = align([one.text for one in theirs], [one.text for one in mine])
    for hunk in [*changed, Hunk(len(theirs), len(theirs), len(mine), len(mine))]:
        yield from theirs[i : hunk.i]
        ours, others = mine[hunk.k : hunk.m], theirs[hunk.i : hunk.j]
        if len(ours) == len(others):
            for one, other in zip(ours, others, strict=True):
                yield Paragraph(combined(one.text, other.text, USUAL_GAP), one.gap or other.gap)
        else:
            yield from (*others, *ours)
        i = hunk.j
