"""People as actors: with the hats that are in force."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.models import Appointment, Organisation, User
from app.policy import Actor, Hat


def by_email(session: Session, email: str) -> User | None:
    """The person with this address, in any case of its letters."""
    return session.scalar(select(User).where(User.email == email.strip().lower()))


def hats(session: Session, user_id: UUID, now: datetime) -> tuple[Hat, ...]:
    """The appointments of a person in force, by organisation."""
    today = now.date()
    rows = session.execute(
        select(Appointment, Organisation.asked_as)
        .join(Organisation, Organisation.id == Appointment.organisation_id)
        .where(
            Appointment.user_id == user_id,
            Appointment.valid_from <= today,
            or_(Appointment.valid_until.is_(None), Appointment.valid_until >= today),
        )
        .order_by(Organisation.name, Appointment.valid_from, Appointment.id)
    )
    return tuple(
        Hat(
            organisation_id=appointment.organisation_id,
            audience=asked_as.value,
            iscm_id=appointment.iscm_id,
            role=appointment.role,
            appointment_id=appointment.id,
        )
        for appointment, asked_as in rows
    )


def actor(session: Session, user: User, now: datetime) -> Actor:
    """The person as an actor, wearing the first hat unless they are staff."""
    found = hats(session, user.id, now)
    return Actor(
        user_id=user.id,
        name=user.name,
        staff_role=user.staff_role,
        appointments=found,
        hat=found[0] if found and user.staff_role is None else None,
    )
