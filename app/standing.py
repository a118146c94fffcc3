"""Where a response stands, now or on any past day, and what a response rate is made of. Pure.

A response rate is answered / eligible. Answered: submitted, in time or late until the cut-off, through the
service, on paper or by interview. Eligible: everybody invited, less who is not eligible and duplicates;
whoever declined stays in the base.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Standing(StrEnum):
    """What came so far of asking one respondent; a response has exactly one."""

    INVITED = "invited"
    NO_CONTACT = "no_contact"
    BOUNCED = "bounced"
    OPENED = "opened"
    IN_PROGRESS = "in_progress"
    IN_CLEARANCE = "in_clearance"
    NOT_SUBMITTED = "not_submitted"
    SUBMITTED = "submitted"
    SUBMITTED_LATE = "submitted_late"
    ON_PAPER = "on_paper"
    BY_INTERVIEW = "by_interview"
    AFTER_CUT_OFF = "after_cut_off"
    DECLINED = "declined"
    NOT_ELIGIBLE = "not_eligible"
    DUPLICATE = "duplicate"


ANSWERED = frozenset({Standing.SUBMITTED, Standing.SUBMITTED_LATE, Standing.ON_PAPER, Standing.BY_INTERVIEW})
OUTSIDE_THE_BASE = frozenset({Standing.NOT_ELIGIBLE, Standing.DUPLICATE})
FINISHED = ANSWERED | OUTSIDE_THE_BASE | {Standing.DECLINED, Standing.AFTER_CUT_OFF}
"""Who stands at one of these is never reminded."""

_OUTCOMES = {each.value: each for each in (Standing.DECLINED, Standing.NOT_ELIGIBLE, Standing.DUPLICATE)}
_RECEIVED = {"paper": Standing.ON_PAPER, "interview": Standing.BY_INTERVIEW}


@dataclass(frozen=True)
class Span:
    """A stretch of time, up to but without its end; ``until`` empty is until further notice."""

    since: datetime
    until: datetime | None = None

    def covers(self, at: datetime) -> bool:
        """Whether the moment lies in it."""
        return self.since <= at and (self.until is None or at < self.until)


@dataclass(frozen=True)
class Sent:
    """One submission: when, while which deadline held, until when it stood, and by what way it came
    (``paper``, ``interview``, None: through the service).
    """

    at: datetime
    due_at: datetime | None = None
    withdrawn_at: datetime | None = None
    received_by: str | None = None

    def stands(self, at: datetime) -> bool:
        """Whether it had been sent and not been withdrawn."""
        return self.at <= at and (self.withdrawn_at is None or at < self.withdrawn_at)


@dataclass(frozen=True)
class Contact:
    """One person who can be written to for the respondent: for how long, and when letters did not arrive."""

    in_force: Span
    failed: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Trail:
    """Everything that happened to one response, with its moment, as far as it decides where it stands.

    ``outcomes`` are the changes of outcome in order (None: taken back); ``closed_at`` is when the round
    stopped collecting, ``cut_off_at`` after which moment answers count no more.
    """

    opened_at: datetime | None = None
    begun_at: datetime | None = None
    clearances: tuple[Span, ...] = ()
    sent: tuple[Sent, ...] = ()
    outcomes: tuple[tuple[datetime, str | None], ...] = ()
    contacts: tuple[Contact, ...] = ()
    closed_at: datetime | None = None
    cut_off_at: datetime | None = None


def standing(trail: Trail, at: datetime) -> Standing:
    """Where the response stood at that moment."""
    outcome = None
    for moment, decided in trail.outcomes:
        if moment <= at:
            outcome = decided
    if outcome is not None:
        return _OUTCOMES[outcome]
    standing_sent = [each for each in trail.sent if each.stands(at)]
    if standing_sent:
        return _of_sent(standing_sent, trail.cut_off_at)
    if trail.begun_at is not None and trail.begun_at <= at:
        return _of_draft(trail, at)
    if trail.opened_at is not None and trail.opened_at <= at:
        return Standing.OPENED
    return _of_contacts(trail.contacts, at)


def _of_sent(sent: list[Sent], cut_off_at: datetime | None) -> Standing:
    """The first submission that counts says whether it was late: an amendment does not make it so."""
    counted = [each for each in sent if cut_off_at is None or each.at <= cut_off_at]
    if not counted:
        return Standing.AFTER_CUT_OFF
    first = min(counted, key=lambda each: each.at)
    if first.received_by is not None:
        return _RECEIVED[first.received_by]
    late = first.due_at is not None and first.at > first.due_at
    return Standing.SUBMITTED_LATE if late else Standing.SUBMITTED


def _of_draft(trail: Trail, at: datetime) -> Standing:
    if trail.closed_at is not None and trail.closed_at <= at:
        return Standing.NOT_SUBMITTED
    if any(each.covers(at) for each in trail.clearances):
        return Standing.IN_CLEARANCE
    return Standing.IN_PROGRESS


def _of_contacts(contacts: Iterable[Contact], at: datetime) -> Standing:
    there = [each for each in contacts if each.in_force.covers(at)]
    if not there:
        return Standing.NO_CONTACT
    if all(any(span.covers(at) for span in each.failed) for each in there):
        return Standing.BOUNCED
    return Standing.INVITED


@dataclass(frozen=True)
class Rate:
    """n of N with everything that N is made of; ``invited`` is how many were asked."""

    invited: int
    not_eligible: int
    duplicates: int
    answered: int
    counts: Mapping[Standing, int]

    @property
    def eligible(self) -> int:
        """The base: invited less not eligible and duplicates."""
        return self.invited - self.not_eligible - self.duplicates

    @property
    def per_cent(self) -> float | None:
        """Answered in per cent of the base; None where there is no base."""
        return 100 * self.answered / self.eligible if self.eligible else None


def rate(standings: Iterable[Standing]) -> Rate:
    """The response rate of those who stand so."""
    counts = Counter(standings)
    return Rate(
        invited=counts.total(),
        not_eligible=counts[Standing.NOT_ELIGIBLE],
        duplicates=counts[Standing.DUPLICATE],
        answered=sum(counts[each] for each in ANSWERED),
        counts={each: counts[each] for each in Standing},
    )
