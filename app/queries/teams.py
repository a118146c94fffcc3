"""Who was given what of a response, and how far they are: read from the rows, nothing derived is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from app.models import Answer, AnswerRevision, Appointment, Delegation, User
from app.policy import DelegatedRight


@dataclass(frozen=True)
class Given:
    """One part that somebody was given and has: the whole, a section or a block."""

    id: UUID
    appointment_id: UUID
    section_key: str | None
    instance_id: UUID | None
    right: DelegatedRight
    by: str
    at: datetime
    opened_at: datetime | None
    ready_at: datetime | None

    @property
    def writes(self) -> bool:
        """Whether it was given to be written."""
        return self.right is DelegatedRight.WRITE


@dataclass(frozen=True)
class Member:
    """Somebody who was given a part, and when they last saved an answer."""

    appointment_id: UUID
    name: str
    email: str
    parts: tuple[Given, ...]
    saved_at: datetime | None

    @property
    def writes(self) -> bool:
        """Whether anything was given to be written."""
        return any(part.writes for part in self.parts)

    @property
    def ready_at(self) -> datetime | None:
        """Since when everything that was given to be written is ready, None while it is not."""
        moments = [part.ready_at for part in self.parts if part.writes]
        return max((at for at in moments if at), default=None) if all(moments) else None

    @property
    def opened_at(self) -> datetime | None:
        """When the person first signed in to what was given."""
        return min((part.opened_at for part in self.parts if part.opened_at), default=None)

    @property
    def given_at(self) -> datetime:
        """When the first of the parts was given."""
        return min(part.at for part in self.parts)


_GIVER = aliased(User)


def _standing(response_id: UUID) -> Select[Delegation, User, str]:
    return (
        select(Delegation, User, _GIVER.name)
        .join(Appointment, Appointment.id == Delegation.appointment_id)
        .join(User, User.id == Appointment.user_id)
        .join(_GIVER, _GIVER.id == Delegation.given_by_id)
        .where(Delegation.response_id == response_id, Delegation.ended_at.is_(None))
        .order_by(User.name, User.id, Delegation.given_at, Delegation.id)
    )


def _given(row: Delegation, by: str) -> Given:
    return Given(
        row.id,
        row.appointment_id,
        row.section_key,
        row.instance_id,
        row.right,
        by,
        row.given_at,
        row.opened_at,
        row.ready_at,
    )


def team(session: Session, response_id: UUID) -> tuple[Member, ...]:
    """Return those who were given a part, by name, in two statements; in one if there is nobody."""
    parts: dict[UUID, list[Given]] = {}
    people: dict[UUID, User] = {}
    for row, user, giver in session.execute(_standing(response_id)):
        parts.setdefault(row.appointment_id, []).append(_given(row, giver))
        people[row.appointment_id] = user
    saved = _saved(session, response_id, [user.id for user in people.values()]) if people else {}
    return tuple(
        Member(appointment, user.name, user.email, tuple(parts[appointment]), saved.get(user.id))
        for appointment, user in people.items()
    )


def _saved(session: Session, response_id: UUID, users: Sequence[UUID]) -> Mapping[UUID | None, datetime]:
    rows = session.execute(
        select(AnswerRevision.saved_by_id, func.max(AnswerRevision.saved_at))
        .join(Answer, Answer.id == AnswerRevision.answer_id)
        .where(Answer.response_id == response_id, AnswerRevision.saved_by_id.in_(users))
        .group_by(AnswerRevision.saved_by_id)
    )
    return dict(rows.all())


def given_to(session: Session, response_id: UUID, user_id: UUID | None) -> tuple[Given, ...]:
    """Return what one person was given of the response and has, in one statement."""
    rows = session.execute(_standing(response_id).where(User.id == user_id))
    return tuple(_given(row, giver) for row, _user, giver in rows)


def standing(session: Session, response_id: UUID, appointment_id: UUID) -> Sequence[Delegation]:
    """Return what an appointment was given of the response and has, as rows."""
    return session.scalars(
        select(Delegation)
        .where(
            Delegation.response_id == response_id,
            Delegation.appointment_id == appointment_id,
            Delegation.ended_at.is_(None),
        )
        .order_by(Delegation.given_at, Delegation.id)
        .execution_options(populate_existing=True)
    ).all()


def rights_left(session: Session, appointment_id: UUID) -> set[DelegatedRight]:
    """Return the rights that an appointment has in any response."""
    return set(
        session.scalars(
            select(Delegation.right).where(
                Delegation.appointment_id == appointment_id, Delegation.ended_at.is_(None)
            )
        )
    )


def limited(session: Session, appointments: Sequence[UUID]) -> set[UUID]:
    """Return those of the appointments that were ever given a part, and so are limited to it."""
    return set(
        session.scalars(
            select(Delegation.appointment_id).where(Delegation.appointment_id.in_(appointments)).distinct()
        )
    )


def taken_back_by(session: Session, response_id: UUID, user_id: UUID | None) -> str | None:
    """Return who took something back last that this person had been given to write; None if nobody did."""
    return session.scalar(
        select(_GIVER.name)
        .select_from(Delegation)
        .join(Appointment, Appointment.id == Delegation.appointment_id)
        .join(_GIVER, _GIVER.id == Delegation.ended_by_id)
        .where(
            Delegation.response_id == response_id,
            Delegation.right == DelegatedRight.WRITE,
            Appointment.user_id == user_id,
        )
        .order_by(Delegation.ended_at.desc(), Delegation.id)
        .limit(1)
    )
