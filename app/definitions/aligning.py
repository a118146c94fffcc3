"""Which parts of two sequences belong together, found at a bounded cost.

Common beginnings and ends first, then what stands once on either side (in the longest run that keeps its
order), and so on inside the gaps, a bounded number of times. What is still open then counts as changed: the
result may be coarser than it could be, never wrong.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import accumulate
from typing import NamedTuple

CHEAP = 20_000
"""Steps of comparing closely up to which the parts that stand once need not be matched first."""
DEEPEST = 6
"""How often what stands between two matches is looked into again."""


class Hunk(NamedTuple):
    """That `old[i:j]` became `new[k:m]`; what stands between two hunks is equal."""

    i: int
    j: int
    k: int
    m: int

    @property
    def uneven(self) -> bool:
        """Whether it changes how many parts there are."""
        return self.j - self.i != self.m - self.k


def align(old: Sequence[str], new: Sequence[str]) -> list[Hunk]:
    """Return what differs, in order. Costs at most `DEEPEST` sorted passes over both."""
    return list(_between(old, new, Hunk(0, len(old), 0, len(new)), DEEPEST))


def _between(old: Sequence[str], new: Sequence[str], part: Hunk, depth: int) -> Iterator[Hunk]:
    i, j, k, m = _trimmed(old, new, part)
    if i == j and k == m:
        return
    pairs = _once(old, new, Hunk(i, j, k, m)) if depth and i < j and k < m else []
    if not pairs:
        yield Hunk(i, j, k, m)
        return
    for at, there in [*pairs, (j, m)]:
        yield from _between(old, new, Hunk(i, at, k, there), depth - 1)
        i, k = at + 1, there + 1


def _trimmed(old: Sequence[str], new: Sequence[str], part: Hunk) -> Hunk:
    i, j, k, m = part
    while i < j and k < m and old[i] == new[k]:
        i, k = i + 1, k + 1
    while i < j and k < m and old[j - 1] == new[m - 1]:
        j, m = j - 1, m - 1
    return Hunk(i, j, k, m)


def _once(old: Sequence[str], new: Sequence[str], part: Hunk) -> list[tuple[int, int]]:
    """What stands exactly once on either side, as pairs of places: the longest run in the same order."""
    often_old = Counter(old[part.i : part.j])
    often_new = Counter(new[part.k : part.m])
    places = {new[there]: there for there in range(part.k, part.m)}
    pairs = [
        (at, places[old[at]])
        for at in range(part.i, part.j)
        if often_old[old[at]] == 1 and often_new[old[at]] == 1
    ]
    return _rising(pairs)


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest selection of the pairs whose second places rise, as their first ones do."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int | None] = []
    for number, (_at, there) in enumerate(pairs):
        length = bisect_left(ends, there)
        before.append(last[length - 1] if length else None)
        if length == len(ends):
            ends.append(there)
            last.append(number)
        else:
            ends[length], last[length] = there, number
    found: list[tuple[int, int]] = []
    at_now = last[-1] if last else None
    while at_now is not None:
        found.append(pairs[at_now])
        at_now = before[at_now]
    return found[::-1]


class Budget:
    """How many steps may still be spent on comparing closely, by all who share it."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def spend(self, steps: int) -> bool:
        """Take so many steps, if they are left."""
        if steps > self.left:
            return False
        self.left -= steps
        return True


def closely(old: Sequence[str], new: Sequence[str], budget: Budget) -> list[Hunk]:
    """Return what differs, parts that stand more than once matched too, as far as the budget goes.

    A step is one look at a pair of equal parts; what the budget does not reach counts as changed.
    """
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    often = Counter(new)
    costs = list(accumulate((1 + often[part] for part in old), initial=0))
    whole = Hunk(0, len(old), 0, len(new))
    coarse = align(old, new) if costs[-1] > CHEAP else [_trimmed(old, new, whole)]
    return [hunk for part in coarse for hunk in _close(matcher, costs, part, budget)]


def _close(matcher: SequenceMatcher[str], costs: Sequence[int], part: Hunk, budget: Budget) -> Iterator[Hunk]:
    same: list[tuple[int, int, int]] = []
    still = [part]
    while still:
        i, j, k, m = still.pop()
        if i == j or k == m or not budget.spend(costs[j] - costs[i]):
            continue
        at, there, size = matcher.find_longest_match(i, j, k, m)
        if size:
            same.append((at, there, size))
            still += [Hunk(at + size, j, there + size, m), Hunk(i, at, k, there)]
    i, k = part.i, part.k
    for at, there, size in [*sorted(same), (part.j, part.m, 0)]:
        if at > i or there > k:
            yield Hunk(i, at, k, there)
        i, k = at + size, there + size
