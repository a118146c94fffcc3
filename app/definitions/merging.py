"""Two texts that were made of one: merged by themselves where they differ in different paragraphs.

A paragraph is a line with something in it; the white space behind it is its gap, and no paragraph of its own.
Both changed the same paragraph, or one changed what the other took out, or both added something in the same
place: then a person decides, unless the two did the same. A change that alters how many paragraphs there are
holds on to its neighbours, because what stands next to it may belong to it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from app.definitions.aligning import Hunk, align
from app.definitions.questions import MAX_CHARACTERS

USUAL_GAP = "\n\n"
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


class Origin(Enum):
    """From whom a part of a merged text came."""

    BOTH = "both"
    MINE = "mine"
    THEIRS = "theirs"


class Paragraph(NamedTuple):
    """A line with something in it, and the white space up to the next one or the end."""

    text: str
    gap: str


@dataclass(frozen=True)
class Part:
    """What both texts agree upon (each keeps what the other did not touch), as paragraphs of one origin."""

    paragraphs: tuple[Paragraph, ...]
    origin: Origin


@dataclass(frozen=True)
class Clash:
    """A place that both changed, each in another way."""

    mine: tuple[Paragraph, ...]
    theirs: tuple[Paragraph, ...]


@dataclass(frozen=True)
class Woven:
    """Both texts as one sequence of parts, in the order of the text."""

    parts: tuple[Part | Clash, ...]
    opening: str
    """The white space before the first paragraph."""
    ending: str
    """The white space behind the last one."""


def merge(base: str, mine: str, theirs: str) -> str | None:
    """Return one text with what either changed, None if a person has to decide.

    That is so too for a text that one of them emptied or both of them together, and for one that would be
    longer than an answer may be.
    """
    for one, same, other in ((mine, base, theirs), (theirs, base, mine), (mine, theirs, mine)):
        if one == same:
            return other
    if not (mine.strip() and theirs.strip()) or max(map(len, (base, mine, theirs))) > MAX_CHARACTERS:
        return None
    woven = weave(base, mine, theirs)
    parts = [part for part in woven.parts if isinstance(part, Part)]
    if len(parts) < len(woven.parts):
        return None
    text = written([paragraph for part in parts for paragraph in part.paragraphs], woven)
    return text if text.strip() and len(text) <= MAX_CHARACTERS else None


def written(paragraphs: Sequence[Paragraph], woven: Woven) -> str:
    """Return the paragraphs as a text; none runs into the next."""
    if not paragraphs:
        return woven.opening + woven.ending
    *before, last = paragraphs
    text = "".join(one.text + (one.gap if "\n" in one.gap else USUAL_GAP) for one in before)
    return woven.opening + text + last.text + woven.ending


def weave(base: str, mine: str, theirs: str) -> Woven:
    """Return both texts part by part: what one of them changed, what both did, and where they clash."""
    opening, old = paragraphs(base)
    opening_mine, new_mine = paragraphs(mine)
    opening_theirs, new_theirs = paragraphs(theirs)
    weaving = _Weaving(old, new_mine, new_theirs)
    return Woven(
        tuple(weaving.parts()),
        _white(opening, opening_mine, opening_theirs),
        _white(_end(old), _end(new_mine), _end(new_theirs)),
    )


def paragraphs(text: str) -> tuple[str, list[Paragraph]]:
    """Return the white space before the first paragraph, and the paragraphs; together they are the text."""
    bounds: list[tuple[int, int]] = []
    for line in _LINE.finditer(text):
        body = line.group().rstrip()
        if body:
            bounds.append((line.start(), line.start() + len(body)))
    starts = [start for start, _end in bounds] + [len(text)]
    found = [
        Paragraph(text[start:end], text[end:following])
        for (start, end), following in zip(bounds, starts[1:], strict=True)
    ]
    return text[: starts[0]], found


def _end(all_: Sequence[Paragraph]) -> str:
    return all_[-1].gap if all_ else ""


def _white(base: str, mine: str, theirs: str) -> str:
    """The white space of whoever changed it; of two who did, the longer one."""
    if mine == base:
        return theirs
    return mine if theirs == base else max(mine, theirs, key=lambda white: (len(white), white))


def _hunks(base: Sequence[Paragraph], new: Sequence[Paragraph]) -> Iterator[Hunk]:
    """What changed, paragraph by paragraph where their number stayed the same."""
    for hunk in align([one.text for one in base], [one.text for one in new]):
        if hunk.uneven:
            yield hunk
        else:
            places = zip(range(hunk.i, hunk.j), range(hunk.k, hunk.m), strict=True)
            yield from (Hunk(at, at + 1, there, there + 1) for at, there in places)


def _meet(before: Hunk, hunk: Hunk) -> bool:
    """Whether two changes, one of either side, get in each other's way."""
    return before.j > hunk.i or (before.j == hunk.i and before.uneven and hunk.uneven)


def _same_places(base: Sequence[Paragraph], hunks: Sequence[Hunk]) -> dict[int, int]:
    """Where a side has the paragraphs of the base that it left as they were."""
    places: dict[int, int] = {}
    at = there = 0
    for hunk in [*hunks, Hunk(len(base), len(base), 0, 0)]:
        places |= zip(range(at, hunk.i), range(there, there + hunk.i - at), strict=True)
        at, there = hunk.j, hunk.m
    return places


class _Weaving:
    """The base with what either side made of it."""

    def __init__(
        self, base: Sequence[Paragraph], mine: Sequence[Paragraph], theirs: Sequence[Paragraph]
    ) -> None:
        self._base = base
        self._sides = {Origin.MINE: mine, Origin.THEIRS: theirs}
        self._hunks = {side: list(_hunks(base, new)) for side, new in self._sides.items()}
        self._places = {side: _same_places(base, hunks) for side, hunks in self._hunks.items()}

    def parts(self) -> Iterator[Part | Clash]:
        """Every part, in the order of the text."""
        at = 0
        for group in self._groups():
            start = min(hunk.i for _side, hunk in group)
            end = max(hunk.j for _side, hunk in group)
            if at < start:
                yield Part(self._kept(at, start), Origin.BOTH)
            yield from self._settled(group, start, end)
            at = end
        if at < len(self._base):
            yield Part(self._kept(at, len(self._base)), Origin.BOTH)

    def _groups(self) -> Iterator[list[tuple[Origin, Hunk]]]:
        """The changes of both sides, those together that get in each other's way."""
        changes = [(side, hunk) for side, hunks in self._hunks.items() for hunk in hunks]
        group: list[tuple[Origin, Hunk]] = []
        last: dict[Origin, Hunk] = {}
        for side, hunk in sorted(changes, key=lambda change: (change[1].i, change[1].j)):
            if group and not any(_meet(before, hunk) for other, before in last.items() if other is not side):
                yield group
                group, last = [], {}
            group.append((side, hunk))
            last[side] = hunk
        if group:
            yield group

    def _settled(self, group: list[tuple[Origin, Hunk]], start: int, end: int) -> Iterator[Part | Clash]:
        sides = {side for side, _hunk in group}
        mine = self._made(Origin.MINE, group, start, end)
        theirs = self._made(Origin.THEIRS, group, start, end)
        if len(sides) == 1:
            side = sides.pop()
            yield Part(mine if side is Origin.MINE else theirs, side)
        elif [one.text for one in mine] == [one.text for one in theirs]:
            yield Part(mine, Origin.BOTH)
        elif all(hunk.k == hunk.m for _side, hunk in group):
            taken_out = {place for _side, hunk in group for place in range(hunk.i, hunk.j)}
            left = tuple(self._base[place] for place in range(start, end) if place not in taken_out)
            yield Part(left, Origin.BOTH)
        else:
            yield Clash(mine, theirs)

    def _made(
        self, side: Origin, group: list[tuple[Origin, Hunk]], start: int, end: int
    ) -> tuple[Paragraph, ...]:
        """What one side made of this stretch of the base."""
        made: list[Paragraph] = []
        at = start
        for of, hunk in group:
            if of is side:
                made += self._base[at : hunk.i]
                made += self._sides[side][hunk.k : hunk.m]
                at = hunk.j
        return (*made, *self._base[at:end])

    def _kept(self, start: int, end: int) -> tuple[Paragraph, ...]:
        """What neither changed, with the gaps of whoever changed those."""
        mine, theirs = (self._same(side, start, end) for side in (Origin.MINE, Origin.THEIRS))
        return tuple(
            one
            if one.gap == left.gap == right.gap
            else Paragraph(one.text, _white(one.gap, left.gap, right.gap))
            for one, left, right in zip(self._base[start:end], mine, theirs, strict=True)
        )

    def _same(self, side: Origin, start: int, end: int) -> Sequence[Paragraph]:
        """The same stretch as this side has it."""
        there = self._places[side][start]
        return self._sides[side][there : there + end - start]
