"""Appointments that can be handed over, and what became of those that were."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, aliased

from app.definitions import searching
from app.models import Appointment, HandOver, Nomination, Organisation, User
from app.policy import AppointmentRole

PASSED_ON = (AppointmentRole.FOCAL_POINT, AppointmentRole.CLEARING_OFFICER)
"""What is handed over; who helps to answer is invited by whoever is the focal point."""
MOST_LISTED = 500

_Mechanism = aliased(Organisation)


@dataclass(frozen=True)
class Held:
    """An appointment with the names to show for it."""

    id: UUID
    user_id: UUID
    name: str
    email: str
    organisation_id: UUID
    organisation: str
    code: str
    role: AppointmentRole
    mechanism: str | None
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True)
class Passed:
    """A hand-over: from whom to whom, from which day, on what nomination."""

    before: Held
    after: Held
    by: str
    nomination: str | None


def _held() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Appointment.id,
            User.id,
            User.name,
            User.email,
            Organisation.id,
            Organisation.name,
            Organisation.code,
            Appointment.role,
            _Mechanism.name,
            Appointment.valid_from,
            Appointment.valid_until,
        )
        .join(User, User.id == Appointment.user_id)
        .join(Organisation, Organisation.id == Appointment.organisation_id)
        .outerjoin(_Mechanism, _Mechanism.id == Appointment.iscm_id)
    )


def held(session: Session, appointment_id: UUID) -> Held | None:
    """The appointment with its names, in force or not; None if there is none."""
    row = session.execute(_held().where(Appointment.id == appointment_id)).one_or_none()
    columns: Sequence[Any] = row or ()
    return Held(*columns) if row is not None else None


def in_force(session: Session, today: date, search: str) -> list[Held]:
    """What can be handed over on that day, by organisation; with a search what it finds in a name, an address
    or a code, however they are written, the best first.
    """
    statement = (
        _held()
        .add_columns(Organisation.also, Organisation.iso2)
        .where(
            Appointment.role.in_(PASSED_ON),
            or_(Appointment.valid_until.is_(None), Appointment.valid_until >= today),
            User.deactivated_at.is_(None),
        )
        .order_by(Organisation.name, Appointment.role.desc(), User.name, Appointment.id)
    )
    among = []
    for *columns, also, iso2 in session.execute(statement):
        held = Held(*columns)
        names = (held.organisation, held.name, held.email, *(also or ()))
        both = (f"{held.organisation} {held.name}", held.mechanism or "")
        among.append(searching.Findable(held, (held.code, iso2 or "", held.email), (*names, *both)))
    return [hit.thing for hit in searching.search(search, among)][:MOST_LISTED]


def of_appointment(session: Session, appointment_id: UUID) -> HandOver | None:
    """The hand-over of this appointment, if it was handed over."""
    return session.scalar(select(HandOver).where(HandOver.from_id == appointment_id))


def passed(session: Session, hand_over: HandOver) -> Passed:
    """The hand-over with its names."""
    before, after = held(session, hand_over.from_id), held(session, hand_over.to_id)
    if before is None or after is None:
        raise LookupError(hand_over.id)
    by = session.get(User, hand_over.by_id) if hand_over.by_id else None
    note = session.get(Nomination, hand_over.nomination_id) if hand_over.nomination_id else None
    return Passed(before, after, by.name if by else "", note.number if note else None)
