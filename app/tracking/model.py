"""What a round's tracking is made of: who is asked, what happened to each, as of one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from uuid import UUID

from app.definitions.regions import Division
from app.standing import FINISHED, Standing, Trail, standing

OPENING = "opening"
"""The basis of who was asked when the round was opened; every other was added later."""


class Base(StrEnum):
    """Out of whom is counted."""

    INVITED = "invited"
    """Who was asked when the round was opened, whatever became of it."""
    TODAY = "today"
    """Who is asked on the day: added by then, and not withdrawn by then."""


@dataclass(frozen=True)
class RoundFacts:
    """The round itself. ``closed_at`` and ``cut_off_at`` (staff's, else the planned one) may lie after the
    moment that is looked at.
    """

    id: UUID
    code: str
    title: str
    zone: str
    opened_at: datetime | None
    closes_at: datetime
    closed_at: datetime | None
    cut_off_at: datetime | None
    fictional: bool
    """Whether its organisations are made up, as in a round for training."""


@dataclass(frozen=True)
class Respondent:
    """One who is asked in the round, with everything by which answers are counted.

    ``audience`` is the questionnaire (``state``, ``iscm``, ``igo``), ``kind`` what the register says it is.
    Regions are codes of ``app.definitions.regions``, empty but for States and territories; ``type`` is a
    mechanism's. ``due_at`` is the deadline that held for it at the moment looked at.
    """

    response_id: UUID
    organisation_id: UUID
    code: str
    name: str
    audience: str
    kind: str
    language: str
    basis: str
    added_at: datetime
    due_at: datetime
    trail: Trail
    withdrawn_at: datetime | None = None
    why: str | None = None
    type: str | None = None
    region_m49: str | None = None
    subregion_m49: str | None = None
    region_iom: str | None = None
    iso3: str | None = None
    latitude: float | None = None
    longitude: float | None = None

    def asked(self, base: Base, at: datetime) -> bool:
        """Whether it belongs to the base at that moment."""
        if base is Base.INVITED:
            return self.basis == OPENING
        return self.added_at <= at and (self.withdrawn_at is None or self.withdrawn_at > at)

    def region(self, scheme: str) -> str | None:
        """The code of its region in the scheme."""
        return self.region_iom if scheme == "iom" else self.region_m49


@dataclass(frozen=True)
class Mechanism:
    """A mechanism of the round; respondents are named by the id of their response.

    ``members`` are its members that are asked the States' questionnaire or a mechanism's, ``igos`` the
    organizations asked that take part in it as anything. ``members_known`` is how many members the register
    lists, None where the list is not known to be complete. ``own`` is its own response, if it is asked.
    """

    code: str
    name: str
    type: str | None
    own: UUID | None
    members: frozenset[UUID]
    igos: frozenset[UUID]
    members_known: int | None


@dataclass(frozen=True)
class Tally:
    """A count that came from outside the service; ``invited`` empty means that it was not recorded."""

    audience: str
    answered: int
    invited: int | None
    source: str


@dataclass(frozen=True)
class Tracking:
    """A round as of one moment (``at``; ``live`` if that is now), out of one base.

    ``everybody`` is who was ever asked, in the order of role and name; ``respondents`` those of the base.
    ``about`` says by mechanism (its code) which responses said something about it in what they had submitted.
    """

    round: RoundFacts
    at: datetime
    live: bool
    base: Base
    division: Division
    everybody: tuple[Respondent, ...]
    mechanisms: tuple[Mechanism, ...]
    about: Mapping[str, frozenset[UUID]]
    tallies: tuple[Tally, ...] = ()

    @cached_property
    def respondents(self) -> tuple[Respondent, ...]:
        """Who belongs to the base, not eligible ones and duplicates included."""
        return tuple(each for each in self.everybody if each.asked(self.base, self.at))

    @cached_property
    def stands(self) -> Mapping[UUID, Standing]:
        """Where each response stood at the moment."""
        return {each.response_id: standing(each.trail, self.at) for each in self.everybody}

    def of(self, respondent: Respondent) -> Standing:
        """Where the respondent's response stood at the moment."""
        return self.stands[respondent.response_id]

    def overdue(self, respondent: Respondent) -> bool:
        """Whether its own deadline had passed while nothing was finished."""
        return respondent.due_at < self.at and self.of(respondent) not in FINISHED

    def out_of(self, base: Base) -> "Tracking":
        """The same moment out of the other base."""
        return replace(self, base=base)

    def mechanism(self, code: str) -> Mechanism | None:
        """The mechanism with this code."""
        return next((each for each in self.mechanisms if each.code == code), None)
