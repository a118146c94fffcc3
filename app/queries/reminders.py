"""The plan of a round's reminders, what it sent, when it was paused, and who wants none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import AuditEvent, OutboxMessage, ReminderOptOut, ReminderRule, Round, User
from app.queries.invitations import Fate, fate

KIND = "reminder"
PAUSED, RESUMED = "paused_reminders", "resumed_reminders"


@dataclass(frozen=True)
class Reminded:
    """One reminder that was written: by which rule (none: by hand), counted from which moment."""

    response_id: UUID
    user_id: UUID
    rule_id: UUID | None
    anchor: datetime | None
    at: datetime
    fate: Fate
    by: str | None


@dataclass(frozen=True)
class Pause:
    """A stretch in which no planned reminder went out; who began and who ended it."""

    since: datetime
    by: str
    until: datetime | None = None
    ended_by: str | None = None

    def covers(self, at: datetime) -> bool:
        """Whether the moment lies in it."""
        return self.since <= at and (self.until is None or at < self.until)


def rules(session: Session, round_: Round) -> Sequence[ReminderRule]:
    """Every rule the round ever had, in the order of the days."""
    found = session.scalars(
        select(ReminderRule).where(ReminderRule.round_id == round_.id).order_by(ReminderRule.id)
    )
    return sorted(
        found, key=lambda each: (each.anchor.value == "deadline", each.days, each.hour, each.added_at)
    )


def in_force(session: Session, round_: Round) -> Sequence[ReminderRule]:
    """The rules that have not been ended."""
    return [each for each in rules(session, round_) if each.ended_at is None]


def written(session: Session, round_: Round) -> Sequence[Reminded]:
    """Every reminder of the round that was put into the outbox, the first one first."""
    rows = session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.round_id == round_.id, OutboxMessage.kind == KIND)
        .order_by(OutboxMessage.created_at, OutboxMessage.id)
    )
    return [_reminded(row) for row in rows if row.response_id and row.user_id]


def _reminded(row: OutboxMessage) -> Reminded:
    rule, anchor = row.payload.get("rule"), row.payload.get("anchor")
    return Reminded(
        response_id=row.response_id or UUID(int=0),
        user_id=row.user_id or UUID(int=0),
        rule_id=UUID(rule) if rule else None,
        anchor=datetime.fromisoformat(anchor) if anchor else None,
        at=row.sent_at or row.created_at,
        fate=fate(row),
        by=row.payload.get("by"),
    )


def pauses(session: Session, round_: Round) -> Sequence[Pause]:
    """When the plan was paused, the first time first, as the record of what staff did tells it."""
    events = session.execute(
        select(AuditEvent.at, AuditEvent.act, AuditEvent.actor_name)
        .where(
            AuditEvent.subject_kind == Round.__tablename__,
            AuditEvent.subject_id == str(round_.id),
            AuditEvent.act.in_((PAUSED, RESUMED)),
        )
        .order_by(AuditEvent.number)
    )
    found: list[Pause] = []
    for at, act, name in events:
        if act == PAUSED:
            found.append(Pause(at, name))
        elif found:
            began = found.pop()
            found.append(Pause(began.since, began.by, at, name))
    return found


def opted_out(session: Session, round_: Round) -> Mapping[UUID, tuple[str, datetime]]:
    """Who wants no reminders in the round, with name and since when."""
    rows = session.execute(
        select(ReminderOptOut.user_id, User.name, ReminderOptOut.at)
        .join(User, User.id == ReminderOptOut.user_id)
        .where(ReminderOptOut.round_id == round_.id, ReminderOptOut.ended_at.is_(None))
        .order_by(User.name)
    )
    return {user_id: (name, at) for user_id, name, at in rows}


def opt_out(session: Session, round_id: UUID, user_id: UUID) -> ReminderOptOut | None:
    """That this person wants none, if it is so."""
    return session.scalar(
        select(ReminderOptOut).where(
            ReminderOptOut.round_id == round_id,
            ReminderOptOut.user_id == user_id,
            ReminderOptOut.ended_at.is_(None),
        )
    )


def running(session: Session) -> Sequence[Round]:
    """The rounds whose plan is at work: opened, neither paused nor cut off, and no trial."""
    return session.scalars(
        select(Round)
        .where(
            Round.opened_at.is_not(None),
            Round.cut_off_at.is_(None),
            Round.reminders_paused_at.is_(None),
            Round.pilots_version_id.is_(None),
        )
        .order_by(Round.opens_at, Round.code)
    ).all()
