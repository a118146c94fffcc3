"""Who has been invited in a round, who is to be, and who cannot be written to."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import AppointmentRole, MessagePurpose, OutboxMessage, Round
from app.queries import round_people, trails
from app.queries.round_people import Person, Respondent
from app.standing import FINISHED, Standing, standing

KINDS = (MessagePurpose.INVITATION.value, MessagePurpose.ACTIVATION.value)


class State(StrEnum):
    """Where a respondent stands with its invitation."""

    TO_INVITE = "to_invite"
    NO_CONTACT = "no_contact"
    INVITED = "invited"
    FINISHED = "finished"
    WITHDRAWN = "withdrawn"


class Fate(StrEnum):
    """What became of a letter."""

    QUEUED = "queued"
    SENT = "sent"
    BOUNCED = "bounced"
    FAILED = "failed"
    DROPPED = "dropped"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Sent:
    """One letter of invitation, or with a fresh link."""

    kind: str
    user_id: UUID
    at: datetime
    fate: Fate


@dataclass(frozen=True)
class Invitee:
    """A respondent with what was sent to it."""

    respondent: Respondent
    standing: Standing
    sent: tuple[Sent, ...]

    @property
    def reachable(self) -> tuple[Person, ...]:
        """The focal points whose letters arrive."""
        return self.respondent.reachable({AppointmentRole.FOCAL_POINT})

    @property
    def to_invite(self) -> tuple[Person, ...]:
        """Those of them who have not been invited."""
        invited = {each.user_id for each in self.sent if each.kind == MessagePurpose.INVITATION.value}
        return tuple(person for person in self.reachable if person.user_id not in invited)

    @property
    def state(self) -> State:
        """Where it stands."""
        if self.respondent.withdrawn:
            return State.WITHDRAWN
        if self.standing in FINISHED:
            return State.FINISHED
        if not self.reachable:
            return State.NO_CONTACT
        return State.TO_INVITE if self.to_invite else State.INVITED


def of_round(
    session: Session, round_: Round, now: datetime, *, only: Collection[UUID] | None = None
) -> list[Invitee]:
    """Everybody asked in the round, in a constant number of statements."""
    respondents = round_people.of_round(session, round_, now, only=only)
    standings = {key: standing(trail, now) for key, trail in trails.of_round(session, round_).items()}
    sent = _sent(session, round_)
    return [
        Invitee(each, standings[each.response_id], tuple(sent.get(each.response_id, ())))
        for each in respondents
    ]


def _sent(session: Session, round_: Round) -> Mapping[UUID, list[Sent]]:
    rows = session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.round_id == round_.id, OutboxMessage.kind.in_(KINDS))
        .order_by(OutboxMessage.created_at, OutboxMessage.id)
    )
    found: defaultdict[UUID, list[Sent]] = defaultdict(list)
    for row in rows:
        if row.response_id is not None and row.user_id is not None:
            found[row.response_id].append(
                Sent(row.kind, row.user_id, row.sent_at or row.created_at, fate(row))
            )
    return found


def fate(row: OutboxMessage) -> Fate:
    """What became of a letter."""
    if row.bounced_at is not None:
        return Fate.BOUNCED
    if row.dropped_at is not None:
        return Fate.DROPPED
    if row.given_up_at is not None:
        return Fate.FAILED
    if row.sent_at is not None:
        return Fate.SENT
    return Fate.UNKNOWN if row.handed_at is not None else Fate.QUEUED
