"""Which States a text names, and whether it has one of them act.

A sentence may not present a State as having said, reported or done something unless it cites that State's
answer. So what one respondent typed about another State is judged here, and the rule is cautious: a State
may be named as a partner or a place ("with Georgia", "between Georgia and Poland", "in Georgia"), in a text
without a verb also as an origin or a goal ("workers from Georgia"), and where the plan asks for a name or an
office ("chaired by Georgia"). Everything else counts as acting, also where a reader would see that it is not.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache

from app.findings import fragments
from app.findings.evidence import Place
from app.findings.words import ACTORS, ALSO_CALLED, DEMONYMS, OWN_ADJECTIVES, RELATIVES

_WORD = re.compile(r"\w+")
_FORMAL = re.compile(r"^(?:\w+ )*(?:republic|kingdom|union|federation) of (?:the )?(.+)$")
_BRACKETS = re.compile(r"\s*\([^)]*\)")
_GOES_ON = (
    r"(?=\s*$|\s*[.;:)\]”\"]|\s*,(?!\s*(?:which|who|that|whose)\b)"
    r"|\s(?:and|or|on|for|in|at|by|since|from|to|of|under|through|via|during|until|after|before|against|with|the|this|new)\b"
    r"|\s\(?\d)"
)
"""What may follow a partner or a place: never a verb of which it would be the subject."""
_PARTNER = r"(?<!\w)(?:with|between|among|amongst|in|within|across|throughout)\s+(?:both\s+)?"
_ORIGIN = r"(?<!\w)(?<!according )(?<!thanks )(?<!due )(?<!owing )(?<!up )(?:from|to|into|towards)\s+"
_ACTOR = "|".join(sorted(ACTORS, key=len, reverse=True))
_SHORTEST = 3
_CAPITALS = re.compile(r"(?<!\w)[A-Z]{2,3}(?!\w)")
NOBODY: frozenset[str] = frozenset()


def folded(text: str) -> str:
    """Return a text without case and accents, on one line."""
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return fragments.one_line(text).casefold()


class StateNames:
    """The States of a round by every name by which they are called."""

    def __init__(self, places: Mapping[str, Place]) -> None:
        self._states = {code: place for code, place in places.items() if place.state}
        self._by_name: dict[str, str] = {}
        self._short: dict[str, str] = {}
        self._by_first: dict[str, list[str]] = {}
        for code, place in self._states.items():
            for name in _called(code, place):
                if len(name) <= _SHORTEST and name.isupper():
                    self._short[name] = place.name
                    continue
                plain = folded(name)
                first = _WORD.search(plain)
                if first and plain not in self._by_name:
                    self._by_name[plain] = code
                    self._by_first.setdefault(first.group(), []).append(plain)

    def found(self, text: str) -> frozenset[str]:
        """Return the codes of the States that a text names."""
        return self._in_line(folded(self._in_full(text)))

    def acting(self, text: str, own: str | None, called: bool = False) -> frozenset[str]:
        """Return the codes of the States, the speaker's `own` apart, that a text has act or speak.

        `called`: the text is asked for as a name or an office, where a State may stand if there is no verb.
        """
        by_adjective = self._by_adjective(text, own)
        if not by_adjective and not self.found(text) - {own}:
            return NOBODY
        phrase = not fragments.finite(text) and not _relative(text)
        line = folded(self._in_full(text))
        names = self._names_in(line)
        if called and phrase and not re.search(_with_verb(names), line):
            return NOBODY
        if names:
            line = _harmless(names, phrase).sub(" · ", line)
        return (self._in_line(line) - {own}) | by_adjective

    def _in_line(self, line: str) -> frozenset[str]:
        names = self._names_in(line)
        return (
            frozenset(self._by_name[name] for name in re.findall(_any_of(names), line)) if names else NOBODY
        )

    def _in_full(self, text: str) -> str:
        """Return the text with names in short capitals ("UK") written out; in lower case they are words."""
        return _CAPITALS.sub(lambda found: self._short.get(found.group(), found.group()), text)

    def _names_in(self, line: str) -> tuple[str, ...]:
        """Return the names that may stand in a folded line, the longest first."""
        firsts = set(_WORD.findall(line)) & self._by_first.keys()
        names = {name for first in firsts for name in self._by_first[first] if name in line}
        return tuple(sorted(names, key=lambda name: (-len(name), name)))

    def _by_adjective(self, text: str, own: str | None) -> frozenset[str]:
        """Return the States whose authorities a text speaks of: "the Georgian authorities"."""
        found = re.findall(rf"\b([A-Z]\w+)(?:\s\w+)?\s(?:{_ACTOR})\b", text)
        others = {adjective for adjective in found if adjective in DEMONYMS}
        if own in self._states:
            others = {adjective for adjective in others if not _is_own(adjective, own, self._states[own])}
        return frozenset(self._code_of(adjective) for adjective in others)

    def _code_of(self, adjective: str) -> str:
        """Return the code of the State that an adjective belongs to, or the adjective where none is known."""
        fitting = [code for code, place in self._states.items() if _is_own(adjective, code, place)]
        return fitting[0] if len(fitting) == 1 else adjective


def _called(code: str, place: Place) -> Iterator[str]:
    plain = _BRACKETS.sub("", place.name)
    yield place.name
    yield plain
    formal = _FORMAL.match(folded(plain))
    if formal:
        yield formal.group(1)
    yield from ALSO_CALLED.get(code, ())


def _is_own(adjective: str, code: str, place: Place) -> bool:
    if code in OWN_ADJECTIVES:
        return OWN_ADJECTIVES[code] == adjective
    return adjective == place.adjective or folded(adjective)[:4] == folded(place.name)[:4]


def _relative(text: str) -> bool:
    return any(word.lower() in RELATIVES for word in fragments.words(text))


@lru_cache(maxsize=256)
def _any_of(names: tuple[str, ...]) -> str:
    return rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)"


@lru_cache(maxsize=256)
def _with_verb(names: tuple[str, ...]) -> str:
    """Return what matches a State with a word after it that may be its verb: "Georgia decides"."""
    return rf"{_any_of(names)}\s\w+(?:s|ed)\b"


@lru_cache(maxsize=256)
def _harmless(names: tuple[str, ...], phrase: bool) -> re.Pattern[str]:
    """Return what matches States where they may stand."""
    one = rf"(?:the )?(?:{'|'.join(map(re.escape, names))})(?!\w)"
    several = rf"{one}(?:(?:,? and |,? or |, |/| & ){one})*"
    ways = [rf"{_PARTNER}{several}{_GOES_ON}"]
    if phrase:
        ways += [rf"{_ORIGIN}{several}{_GOES_ON}", rf"\w+[-–]{one}", rf"{one}[-–]\w+"]
    return re.compile("|".join(ways))
