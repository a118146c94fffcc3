"""Searching names the way people type them: without regard to accents, case, articles and punctuation.

One rule for every list of the service. What is found is ranked: a code, a whole name, how a name begins, how
its words begin, what it contains; and only if nothing of that is found, what is spelt nearly like it.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import Generic, TypeVar

from rapidfuzz import fuzz, process

LONGEST_QUERY = 200
NEAR_ENOUGH = 80
SHORTEST_NEAR = 4
MOST_NEAR = 10

_LETTERS = str.maketrans(
    {
        **dict.fromkeys("'’‘ʼʻ`´ʹ′", ""),
        **{"ı": "i", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ħ": "h"},
        **{"ـ": "", "ة": "ه", "ى": "ي", "&": " and "},
    }
)
_ARTICLES = frozenset(("the", "la", "le", "les", "el", "los", "las", "l"))
_SAME = {"st": "saint", "ste": "sainte", "ال": ""}

Thing = TypeVar("Thing")


class Rank(IntEnum):
    """How well something fits, the best first."""

    CODE = 0
    NAME = 1
    BEGINS = 2
    WORDS = 3
    CONTAINS = 4
    NEAR = 5


@dataclass(frozen=True)
class Findable(Generic[Thing]):
    """A thing with the codes and the names by which it is found, what it is called first."""

    thing: Thing
    codes: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True)
class Hit(Generic[Thing]):
    """A thing that was found, how well it fits, and the code or name by which it was found."""

    thing: Thing
    rank: Rank
    by: str

    @property
    def near(self) -> bool:
        """Whether it is only spelt nearly like what was typed."""
        return self.rank is Rank.NEAR


@lru_cache(maxsize=20_000)
def normalise(text: str) -> str:
    """The words of a text in the form in which they are compared, with single spaces between them.

    Accents, case, apostrophes and articles go; every other sign that is no letter or figure parts words; what
    Unicode writes in several ways becomes one. The Arabic article goes from the front of a word.
    """
    folded = unicodedata.normalize("NFKD", text.translate(_LETTERS).casefold()).translate(_LETTERS)
    bare = "".join(each for each in folded if not unicodedata.combining(each))
    words = "".join(each if each.isalnum() else " " for each in bare).split()
    kept = [_SAME.get(word, word) for word in words if word not in _ARTICLES] or words
    return " ".join(_without_article(word) for word in kept if word)


def _without_article(word: str) -> str:
    return word[2:] if word.startswith("ال") and len(word) > 4 else word


def same(first: str, second: str) -> bool:
    """Whether two names are one, as they are compared; spaces do not count."""
    return _joined(first) == _joined(second) != ""


def key(name: str) -> str:
    """What a name is looked up by, so that all its spellings lead to one place."""
    return _joined(name)


def _joined(text: str) -> str:
    return normalise(text).replace(" ", "")


def rank(query: str, codes: Sequence[str], names: Sequence[str]) -> tuple[Rank, str] | None:
    """How the best of the codes and names fits what was typed, nearness apart; None if none does."""
    wanted, words = _joined(query), normalise(query).split()
    if not wanted:
        return None
    for code in codes:
        if code and _joined(code) == wanted:
            return Rank.CODE, code
    best: tuple[Rank, str] | None = None
    for name in names:
        found = _rank_of_name(wanted, words, name)
        if found is not None and (best is None or found < best[0]):
            best = found, name
    return best


def _rank_of_name(wanted: str, words: Sequence[str], name: str) -> Rank | None:
    joined = _joined(name)
    if joined == wanted:
        return Rank.NAME
    if joined.startswith(wanted):
        return Rank.BEGINS
    parts = normalise(name).split()
    if all(any(part.startswith(word) for part in parts) for word in words):
        return Rank.WORDS
    return Rank.CONTAINS if wanted in joined else None


def search(query: str, among: Iterable[Findable[Thing]]) -> list[Hit[Thing]]:
    """What fits, the best first and else in the order given; everything where nothing was typed."""
    query = query[:LONGEST_QUERY]
    things = list(among)
    if not normalise(query):
        return [Hit(each.thing, Rank.NAME, "") for each in things]
    found = []
    for each in things:
        fits = rank(query, each.codes, each.names)
        if fits is not None:
            found.append(Hit(each.thing, *fits))
    return sorted(found, key=lambda hit: hit.rank) or _near(query, things)


def _near(query: str, things: Sequence[Findable[Thing]]) -> list[Hit[Thing]]:
    """What is spelt nearly so, the nearest first."""
    if len(_joined(query)) < SHORTEST_NEAR:
        return []
    scored = []
    for place, each in enumerate(things):
        score, name = max(((likeness(query, name), name) for name in each.names), default=(0.0, ""))
        if score >= NEAR_ENOUGH:
            scored.append((-score, place, Hit(each.thing, Rank.NEAR, name)))
    return [hit for _score, _place, hit in sorted(scored, key=lambda one: one[:2])[:MOST_NEAR]]


def likeness(first: str, second: str) -> float:
    """How alike two names are, from 0 to 100, in whatever order their words stand."""
    one, other = normalise(first), normalise(second)
    if not one or not other:
        return 0.0
    return float(max(fuzz.ratio(one, other), fuzz.token_sort_ratio(one, other)))


def comparable(name: str) -> str:
    """A person's name for comparing many with each other: its words in the order of the alphabet."""
    return " ".join(sorted(normalise(name).split()))


def nearest(name: str, among: Mapping[str, str], at_least: float, most: int) -> list[str]:
    """The keys of those names that are most alike, the most alike first; all of them comparable."""
    found = process.extract(name, among, scorer=fuzz.ratio, score_cutoff=at_least, limit=most)
    return [key_ for _name, _score, key_ in found]
