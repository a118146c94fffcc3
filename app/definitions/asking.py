"""The rule by which it is decided who is asked in a round. Pure: a rule is read from plain data and written
to it; ``app.queries.invitees`` says whom it means on a day.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Who(StrEnum):
    """Which of an audience are asked; not every choice is there for every audience (see ``CHOICES``)."""

    NONE = "none"
    MEMBERS = "members"
    MEMBERS_OF = "members_of"
    TAKING_PART = "taking_part"
    ACTIVE = "active"
    ALL = "all"
    CHOSEN = "chosen"


STATE, ISCM, IGO, ABOUT = "state", "iscm", "igo", "about"
CHOICES: Mapping[str, tuple[Who, ...]] = {
    STATE: (Who.MEMBERS, Who.MEMBERS_OF, Who.ALL, Who.CHOSEN, Who.NONE),
    ISCM: (Who.ACTIVE, Who.CHOSEN, Who.NONE),
    IGO: (Who.TAKING_PART, Who.ALL, Who.CHOSEN, Who.NONE),
    ABOUT: (Who.ACTIVE, Who.CHOSEN),
}
"""What can be said of each audience, the usual first; ``about`` is of which mechanisms blocks are made."""
NEEDS_CODES = frozenset({Who.MEMBERS_OF, Who.CHOSEN})
MOST_CODES = 400


@dataclass(frozen=True)
class Part:
    """What the rule says of one audience; ``codes`` are of mechanisms for ``members_of``, else of those who
    are chosen.
    """

    who: Who
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rule:
    """Who is asked, by audience, and about which mechanisms; organisations that exist or fictional ones."""

    parts: Mapping[str, Part] = field(
        default_factory=lambda: {name: Part(choices[0]) for name, choices in CHOICES.items()}
    )
    fictional: bool = False

    def plain(self) -> dict[str, Any]:
        """The rule as a round keeps it."""
        parts = {
            name: {"who": part.who.value, "codes": list(part.codes)} for name, part in self.parts.items()
        }
        return {**parts, "fictional": self.fictional}


def read(data: object) -> Rule:
    """The rule of what a round keeps; whatever is not there or not known stands as usual."""
    given: Mapping[str, Any] = data if isinstance(data, Mapping) else {}
    parts = {name: _part(given.get(name), choices) for name, choices in CHOICES.items()}
    return Rule(parts, fictional=given.get("fictional") is True)


def _part(data: object, choices: tuple[Who, ...]) -> Part:
    given: Mapping[str, Any] = data if isinstance(data, Mapping) else {}
    who = next((each for each in choices if each.value == given.get("who")), choices[0])
    codes = given.get("codes")
    listed = codes if isinstance(codes, list) else []
    return Part(who, tuple(str(code) for code in listed[:MOST_CODES]))


def codes_of(text: str) -> tuple[str, ...]:
    """The codes of a text, one on each line or several with commas between; each once."""
    words = (word.strip() for line in text.splitlines() for word in line.replace(";", ",").split(","))
    return tuple(dict.fromkeys(word for word in words if word))
