"""To whom a letter about a response goes."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.models import Appointment, AppointmentRole, Response, StaffRole, User


def of_respondent(
    session: Session,
    response_id: UUID,
    today: date,
    roles: Collection[AppointmentRole],
    also: Collection[UUID] = (),
) -> Sequence[UUID]:
    """The people with one of the roles for the whole organisation, and those named, as far as appointed."""
    return session.scalars(
        select(Appointment.user_id)
        .join(Response, Response.organisation_id == Appointment.organisation_id)
        .join(User, User.id == Appointment.user_id)
        .where(
            Response.id == response_id,
            Appointment.valid_from <= today,
            or_(Appointment.valid_until.is_(None), Appointment.valid_until >= today),
            User.deactivated_at.is_(None),
            or_(
                and_(Appointment.role.in_(roles), Appointment.iscm_id.is_(None)),
                Appointment.user_id.in_(also),
            ),
        )
        .distinct()
        .order_by(Appointment.user_id)
    ).all()


def of_staff(session: Session, took_part: Collection[UUID], roles: Sequence[StaffRole]) -> Sequence[UUID]:
    """Those of staff who took part; else everybody of the first of these roles that somebody has."""
    active = select(User.id, User.staff_role).where(
        User.staff_role.is_not(None), User.deactivated_at.is_(None)
    )
    people = session.execute(active.order_by(User.id)).all()
    found = [id_ for id_, _role in people if id_ in took_part]
    for role in roles:
        found = found or [id_ for id_, had in people if had is role]
    return found
