"""People as actors: with the hats that are in force."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, and_, or_, select
from sqlalchemy.orm import Session, aliased

from app.models import Appointment, Organisation, User
from app.policy import Actor, AppointmentRole, Hat
from app.queries import shares


def by_email(session: Session, email: str) -> User | None:
    """The person with this address, in any case of its letters."""
    return session.scalar(select(User).where(User.email == email.strip().lower()))


def open_appointments(session: Session, user: User, organisation: Organisation) -> Sequence[Appointment]:
    """What the person is appointed to there, today or from a later day on, without an end."""
    return session.scalars(
        select(Appointment)
        .where(
            Appointment.user_id == user.id,
            Appointment.organisation_id == organisation.id,
            Appointment.valid_until.is_(None),
        )
        .order_by(Appointment.valid_from, Appointment.id)
    ).all()


def hats(session: Session, user_id: UUID, now: datetime) -> tuple[Hat, ...]:
    """The appointments of a person in force, by organisation, each with what it is limited to."""
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
    worn = [
        Hat(
            organisation_id=appointment.organisation_id,
            audience=asked_as.value,
            iscm_id=appointment.iscm_id,
            role=appointment.role,
            appointment_id=appointment.id,
        )
        for appointment, asked_as in rows
    ]
    return tuple(shares.with_shares(session, worn).values())


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


def everybody(
    session: Session, now: datetime
) -> Sequence[Row[User, str | None, AppointmentRole | None, str | None]]:
    """Each person with organisation, role and mechanism of an appointment in force, by address.

    There is a row for each appointment, and one without any for who has none.
    """
    mechanism = aliased(Organisation)
    in_force = and_(
        Appointment.user_id == User.id,
        Appointment.valid_from <= now.date(),
        or_(Appointment.valid_until.is_(None), Appointment.valid_until >= now.date()),
    )
    return session.execute(
        select(User, Organisation.code, Appointment.role, mechanism.code)
        .outerjoin(Appointment, in_force)
        .outerjoin(Organisation, Organisation.id == Appointment.organisation_id)
        .outerjoin(mechanism, mechanism.id == Appointment.iscm_id)
        .order_by(User.email, Organisation.code, Appointment.role)
    ).all()
