"""Who can be written to for each respondent, for how long, and when letters to them did not arrive."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from app.models import AddressFailure, Appointment, AppointmentRole, RoundParticipant, User
from app.standing import Contact, Span


def contacts(session: Session, asked: ColumnElement[bool], zone: str) -> Mapping[UUID, tuple[Contact, ...]]:
    """The focal points of the participants that ``asked`` names, by organisation, in two statements: those of
    the whole organisation, to whom letters about its answers go.

    The days of an appointment are those of ``zone``.
    """
    of = select(RoundParticipant.organisation_id).where(asked)
    rows = session.execute(
        select(
            Appointment.organisation_id,
            Appointment.user_id,
            Appointment.valid_from,
            Appointment.valid_until,
            User.deactivated_at,
        )
        .join(User, User.id == Appointment.user_id)
        .where(
            Appointment.role == AppointmentRole.FOCAL_POINT,
            Appointment.iscm_id.is_(None),
            Appointment.organisation_id.in_(of),
        )
        .order_by(Appointment.valid_from, Appointment.id)
    ).all()
    failed = _failures(session, asked)
    found: defaultdict[UUID, list[Contact]] = defaultdict(list)
    for organisation_id, user_id, since, until, deactivated_at in rows:
        span = _span(since, until, deactivated_at, ZoneInfo(zone))
        found[organisation_id].append(Contact(span, tuple(failed[user_id])))
    return {organisation_id: tuple(each) for organisation_id, each in found.items()}


def _failures(session: Session, asked: ColumnElement[bool]) -> Mapping[UUID, list[Span]]:
    of = select(RoundParticipant.organisation_id).where(asked)
    rows = session.execute(
        select(AddressFailure.user_id, AddressFailure.failed_at, AddressFailure.cleared_at)
        .where(
            AddressFailure.user_id.in_(select(Appointment.user_id).where(Appointment.organisation_id.in_(of)))
        )
        .order_by(AddressFailure.failed_at, AddressFailure.id)
    )
    found: defaultdict[UUID, list[Span]] = defaultdict(list)
    for user_id, failed_at, cleared_at in rows:
        found[user_id].append(Span(failed_at, cleared_at))
    return found


def _span(since: date, until: date | None, deactivated_at: datetime | None, there: ZoneInfo) -> Span:
    """From the first day's beginning to the last day's end, or until the person was deactivated."""
    begins = datetime.combine(since, time.min, there)
    ends = datetime.combine(until + timedelta(days=1), time.min, there) if until else None
    if deactivated_at is not None:
        ends = min(ends, deactivated_at) if ends else deactivated_at
    return Span(begins, ends)


def address_fails(session: Session, user: User) -> bool:
    """Whether letters to the person's present address do not arrive."""
    failing = exists().where(
        AddressFailure.user_id == user.id,
        AddressFailure.address == user.email,
        AddressFailure.cleared_at.is_(None),
    )
    return bool(session.scalar(select(failing)))
