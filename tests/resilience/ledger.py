"""What every writer asked for and was told, and whether what is stored can be right."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise


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
    """One stored revision."""

    number: int
    text: str
    by: str


@dataclass
class Attempt:
    """One request to save, with what its writer had seen; without a reply as long as `told` is empty."""

    by: str
    spot: Spot
    text: str
    over: Known
    begun: float
    sent: float | None = None
    ended: float | None = None
    told: str = ""
    revision: int = 0

    def mark_sent(self) -> None:
        """The whole request has left."""
        self.sent = time.monotonic()

    def end(self, told: str, revision: int = 0) -> None:
        """A reply came and said this; or the connection broke and said nothing."""
        self.told, self.revision = told, revision
        self.ended = time.monotonic()


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
        """Every acknowledged save."""
        return [one for one in list(self.attempts) if one.told == "saved"]

    def faults(self, stored: Mapping[Spot, Sequence[Kept]]) -> list[str]:
        """Everything that must not be, a sentence each; empty if nothing was lost or overwritten unseen."""
        return [
            *self._lost(stored),
            *self._out_of_order(),
            *self._twice(stored),
            *self._unasked(stored),
        ]

    def _lost(self, stored: Mapping[Spot, Sequence[Kept]]) -> Iterator[str]:
        """An acknowledged save stands in the history, under the number that was told, by its writer."""
        for one in self.saved():
            there = {each.number: each for each in stored.get(one.spot, ())}.get(one.revision)
            if there != Kept(one.revision, one.text, one.by):
                yield f"acknowledged as {one.revision} and lost: {one.text!r}; there is {there}"

    def _out_of_order(self) -> Iterator[str]:
        """What was asked for after something had been acknowledged comes after it."""
        for one in self.saved():
            for other in self.saved():
                later = one.spot == other.spot and one.ended and one.ended < other.begun
                if later and one.text != other.text and one.revision >= other.revision:
                    yield f"{other.text!r} was sent after {one.text!r} was acknowledged, and stands before it"

    def _twice(self, stored: Mapping[Spot, Sequence[Kept]]) -> Iterator[str]:
        texts = [each.text for history in stored.values() for each in history]
        yield from (f"{text!r} is stored twice" for text in {one for one in texts if texts.count(one) > 1})

    def _unasked(self, stored: Mapping[Spot, Sequence[Kept]]) -> Iterator[str]:
        """Each revision was asked for by its writer, who had seen the one that it replaces."""
        asked = {(one.spot, one.text, one.by): one.over for one in list(self.attempts)}
        for spot, history in stored.items():
            if [each.number for each in history] != list(range(1, len(history) + 1)):
                yield f"the revisions of {spot.name} are not 1 to {len(history)}"
            for before, each in pairwise([Kept(0, "", ""), *history]):
                over = asked.get((spot, each.text, each.by))
                if over is None:
                    yield f"nobody asked for {each}"
                elif over != Known(before.number, before.text):
                    yield f"{each} was put over {before} by somebody who had seen {over}"
