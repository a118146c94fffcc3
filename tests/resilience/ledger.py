"""What every writer asked for and was told, and whether what is stored can be right."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

SAVED, MERGED = "saved", "merged"
TYPED = "typed"


@dataclass(frozen=True)
class Spot:
    """Where an answer stands: the page that shows it, and its name there."""

    page: str
    name: str


@dataclass(frozen=True)
class Known:
    """What a writer has seen of an answer: its revision (0 for none yet) and its text."""

    revision: int = 0
    text: str = ""


@dataclass(frozen=True)
class Kept:
    """One stored revision; of a merge, `kind` is `typed` for what was sent and `merged` for what it became.

    `of` is the revision that was seen by whoever typed, or with which it was merged.
    """

    number: int
    text: str
    by: str
    kind: str = ""
    of: int = 0


@dataclass
class Attempt:
    """One request to save, with what its writer had seen; without a reply as long as `told` is empty.

    `dropped` says whether the line broke in the `request` or in the `reply`.
    """

    by: str
    spot: Spot
    text: str
    over: Known
    begun: float
    sent: float | None = None
    ended: float | None = None
    told: str = ""
    revision: int = 0
    typed: int = 0
    merged: str = ""
    dropped: str = ""

    def mark_sent(self) -> None:
        """The whole request has left."""
        self.sent = time.monotonic()

    def end(self, told: str, revision: int = 0, typed: int = 0, merged: str = "") -> None:
        """A reply came and said this; or the connection broke and said nothing."""
        self.told, self.revision, self.typed, self.merged = told, revision, typed, merged
        self.ended = time.monotonic()

    @property
    def number(self) -> int:
        """The revision that holds the text as it was sent."""
        return self.typed or self.revision

    @property
    def left(self) -> Known:
        """What the answer was then, as its writer was told."""
        return Known(self.revision, self.merged if self.told == MERGED else self.text)


@dataclass
class Ledger:
    """Every attempt of every writer, in the order in which they began."""

    attempts: list[Attempt] = field(default_factory=list)

    def begin(self, by: str, spot: Spot, text: str, over: Known) -> Attempt:
        """Write down that a save is about to be sent."""
        attempt = Attempt(by, spot, text, over, time.monotonic())
        self.attempts.append(attempt)
        return attempt

    def waiting(self, before: float) -> list[Attempt]:
        """Saves that had left before that moment and have had no reply since."""
        return [one for one in list(self.attempts) if one.sent and one.sent < before and one.ended is None]

    def saved(self) -> list[Attempt]:
        """Every acknowledged save, merged ones among them."""
        return [one for one in list(self.attempts) if one.told in (SAVED, MERGED)]

    def last(self) -> dict[Spot, Known]:
        """The last acknowledged text of each answer."""
        found: dict[Spot, Known] = {}
        for one in self.saved():
            if one.left.revision >= found.get(one.spot, Known()).revision:
                found[one.spot] = one.left
        return found

    def faults(self, stored: Mapping[Spot, Sequence[Kept]]) -> list[str]:
        """Everything that must not be, a sentence each; empty if nothing was lost or overwritten unseen."""
        return [
            *self._lost(stored),
            *self._out_of_order(),
            *self._twice(stored),
            *self._back_again(stored),
            *self._unasked(stored),
        ]

    def _lost(self, stored: Mapping[Spot, Sequence[Kept]]) -> Iterator[str]:
        """An acknowledged save stands in the history, under the number that was told, by its writer; and so
        does what it was merged to.
        """
        for one in self.saved():
            there = {each.number: each for each in stored.get(one.spot, ())}
            own, left = there.get(one.number), there.get(one.revision)
            if own is None or (own.text, own.by) != (one.text, one.by):
                yield f"acknowledged as {one.number} and lost: {one.text!r}; there is {own}"
            if left is None or left.text != one.left.text:
                yield f"told to be {one.left}, and there is {left}"

    def _out_of_order(self) -> Iterator[str]:
        """What was first asked for after something had been acknowledged comes after it."""
        first: dict[tuple[Spot, str, str], float] = {}
        for one in list(self.attempts):
            first.setdefault((one.spot, one.text, one.by), one.begun)
        for one in self.saved():
            for other in self.saved():
                begun = first[other.spot, other.text, other.by]
                later = one.spot == other.spot and one.ended and one.ended < begun
                if later and one.text != other.text and one.revision >= other.number:
                    yield f"{other.text!r} was sent after {one.text!r} was acknowledged, and stands before it"

    def _twice(self, stored: Mapping[Spot, Sequence[Kept]]) -> Iterator[str]:
        texts = [each.text for history in stored.values() for each in history]
        yield from (f"{text!r} is stored twice" for text in {one for one in texts if texts.count(one) > 1})

    def _back_again(self, stored: Mapping[Spot, Sequence[Kept]]) -> Iterator[str]:
        """A paragraph that was replaced never stands in the answer again."""
        for history in stored.values():
            gone: set[str] = set()
            for before, each in pairwise(one for one in history if one.kind != TYPED):
                gone |= _paragraphs(before.text) - _paragraphs(each.text)
                yield from (f"{one!r} came back in {each}" for one in gone & _paragraphs(each.text))

    def _unasked(self, stored: Mapping[Spot, Sequence[Kept]]) -> Iterator[str]:
        """Each revision was asked for by its writer, who had seen the one that it replaces or is merged with
        what they had not seen.
        """
        asked = {(one.spot, one.text, one.by): one.over for one in list(self.attempts)}
        for spot, history in stored.items():
            if [each.number for each in history] != list(range(1, len(history) + 1)):
                yield f"the revisions of {spot.name} are not 1 to {len(history)}"
                continue
            for before, each in pairwise([Kept(0, "", ""), *history]):
                if each.kind == MERGED:
                    yield from _badly_merged(history, before, each)
                    continue
                seen = history[each.of - 1] if each.kind == TYPED else before
                over = asked.get((spot, each.text, each.by))
                if over is None:
                    yield f"nobody asked for {each}"
                elif over != Known(seen.number, seen.text):
                    yield f"{each} was put over {seen} by somebody who had seen {over}"


def _paragraphs(text: str) -> set[str]:
    return {line for line in text.split("\n") if line.strip()}


def _badly_merged(history: Sequence[Kept], typed: Kept, merged: Kept) -> Iterator[str]:
    """A merged text stands behind what was typed, and holds what either of the two changed, and no more."""
    if (typed.kind, typed.by, merged.of) != (TYPED, merged.by, typed.number - 1):
        yield f"{merged} does not stand behind what was typed: {typed}"
        return
    seen, other = _paragraphs(history[typed.of - 1].text), _paragraphs(history[merged.of - 1].text)
    mine, both = _paragraphs(typed.text), _paragraphs(merged.text)
    yield from (f"{one!r} was lost in {merged}" for one in ((mine | other) - seen) - both)
    yield from (
        f"{one!r} was taken out, and stands in {merged}" for one in both & ((seen - mine) | (seen - other))
    )
    yield from (f"nobody wrote {one!r} of {merged}" for one in both - mine - other)
