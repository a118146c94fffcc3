"""Clearance: what an organisation asks of its answers, where the clearing stands, what was remarked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from app.models import (
    Appointment,
    AppointmentRole,
    Clearance,
    ClearanceDecision,
    ClearanceRule,
    Comment,
    Thread,
    ThreadKind,
    User,
)


@dataclass(frozen=True)
class Rule:
    """What an organisation asks: that its answers are cleared, and by somebody who does not submit them."""

    wanted: bool = False
    four_eyes: bool = False


@dataclass(frozen=True)
class Standing:
    """The latest asking for clearance that was not taken back, and what came of it."""

    id: UUID
    asked_by_id: UUID
    asked_by: str
    asked_at: datetime
    note: str | None
    digest: str
    decision: ClearanceDecision | None
    decided_by_id: UUID | None
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None
    approved_digest: str | None


@dataclass(frozen=True)
class Remark:
    """What the clearing officer said of one question; it stands beside it until somebody has seen to it."""

    id: UUID
    clearance_id: UUID
    instance_id: UUID | None
    question_key: str
    text: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Officer:
    """Somebody who clears for the organisation."""

    user_id: UUID
    name: str
    email: str


def rule(session: Session, organisation_id: UUID) -> Rule:
    """Return what the organisation asks of its answers; by default nothing."""
    found = session.get(ClearanceRule, organisation_id)
    return Rule(found.wanted, found.four_eyes) if found else Rule()


def latest(session: Session, response_id: UUID) -> Standing | None:
    """Return the latest clearance that was not taken back, None if there is none."""
    asker, decider = aliased(User), aliased(User)
    row = session.execute(
        select(
            Clearance.id,
            Clearance.asked_by_id,
            asker.name,
            Clearance.asked_at,
            Clearance.note,
            Clearance.digest,
            Clearance.decision,
            Clearance.decided_by_id,
            decider.name,
            Clearance.decided_at,
            Clearance.reason,
            Clearance.approved_digest,
        )
        .join(asker, asker.id == Clearance.asked_by_id)
        .outerjoin(decider, decider.id == Clearance.decided_by_id)
        .where(Clearance.response_id == response_id, Clearance.withdrawn_at.is_(None))
        .order_by(Clearance.asked_at.desc(), Clearance.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    columns: Sequence[Any] = row
    return Standing(*columns)


def open_remarks(session: Session, response_id: UUID) -> Sequence[Remark]:
    """Return the remarks that nobody has seen to, in the order in which they were made."""
    rows = session.execute(
        select(
            Thread.id,
            Thread.clearance_id,
            Thread.instance_id,
            Thread.question_key,
            Comment.body,
            User.name,
            Comment.at,
        )
        .join(Comment, Comment.thread_id == Thread.id)
        .join(User, User.id == Comment.author_id)
        .where(
            Thread.response_id == response_id,
            Thread.kind == ThreadKind.CLEARANCE,
            Thread.closed_at.is_(None),
        )
        .order_by(Comment.at, Comment.id)
    )
    return [
        Remark(id_, clearance, instance, key or "", body, name, at)
        for id_, clearance, instance, key, body, name, at in rows
        if clearance is not None
    ]


def place_of_remark(session: Session, response_id: UUID, remark_id: UUID) -> tuple[UUID | None, str] | None:
    """Return the block and question that a remark is about, seen to or not; None if there is none."""
    row = session.execute(
        select(Thread.instance_id, Thread.question_key).where(
            Thread.id == remark_id,
            Thread.response_id == response_id,
            Thread.kind == ThreadKind.CLEARANCE,
        )
    ).one_or_none()
    return (row.instance_id, row.question_key or "") if row else None


def officers(session: Session, organisation_id: UUID, today: date) -> Sequence[Officer]:
    """Return who clears for the organisation on that day, by name."""
    rows = session.execute(
        select(User.id, User.name, User.email)
        .join(Appointment, Appointment.user_id == User.id)
        .where(
            Appointment.organisation_id == organisation_id,
            Appointment.role == AppointmentRole.CLEARING_OFFICER,
            Appointment.iscm_id.is_(None),
            Appointment.valid_from <= today,
            or_(Appointment.valid_until.is_(None), Appointment.valid_until >= today),
            User.deactivated_at.is_(None),
        )
        .order_by(User.name, User.id)
    )
    return [Officer(*row) for row in rows]
