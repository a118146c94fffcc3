"""Who stands behind a signed-in browser: the person, and the hats in force today."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Date, Row, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from app.models import Appointment, LoginSession, Organisation, User
from app.policy import Actor, Hat
from app.queries import shares

IDLE = timedelta(hours=12)
LONGEST = timedelta(days=14)


@dataclass(frozen=True)
class NamedHat:
    """An appointment in force, with the names to show for it."""

    hat: Hat
    organisation: str
    code: str


@dataclass(frozen=True)
class Visitor:
    """A signed-in person as a request needs them."""

    login_session_id: UUID
    user_id: UUID
    name: str
    email: str
    locale: str
    last_seen_at: datetime
    created_at: datetime
    actor: Actor
    hats: tuple[NamedHat, ...]

    @property
    def worn(self) -> NamedHat | None:
        """The hat worn now, with its names; none is worn by staff as such."""
        return next((named for named in self.hats if named.hat == self.actor.hat), None)


def _in_force(today: BindParameter[date]) -> ColumnElement[bool]:
    return and_(
        Appointment.valid_from <= today,
        or_(Appointment.valid_until.is_(None), Appointment.valid_until >= today),
    )


_TODAY: BindParameter[date] = bindparam("today", type_=Date)

_BEHIND = (
    select(
        User.id,
        User.name,
        User.email,
        User.locale,
        User.staff_role,
        LoginSession.last_seen_at,
        LoginSession.created_at,
        LoginSession.appointment_id.label("worn"),
        Appointment.id.label("appointment_id"),
        Appointment.organisation_id,
        Appointment.iscm_id,
        Appointment.role,
        Organisation.name.label("organisation"),
        Organisation.code,
        Organisation.asked_as,
    )
    .select_from(LoginSession)
    .join(User, User.id == LoginSession.user_id)
    .outerjoin(Appointment, and_(Appointment.user_id == User.id, _in_force(_TODAY)))
    .outerjoin(Organisation, Organisation.id == Appointment.organisation_id)
    .where(
        LoginSession.id == bindparam("login_session_id"),
        LoginSession.ended_at.is_(None),
        LoginSession.last_seen_at > bindparam("idle_since"),
        LoginSession.created_at > bindparam("old_since"),
        User.deactivated_at.is_(None),
    )
    .order_by(Organisation.name, Appointment.valid_from, Appointment.id)
)
"""Asked at every request, so it is built once, and of columns: a third of the cost of whole objects."""


def visitor(
    session: Session, login_session_id: UUID, now: datetime, idle: timedelta = IDLE
) -> Visitor | None:
    """The person behind a session row, in one statement; for who may have been given a part only, in two.

    None when the session ended, was idle for 12 hours (or `idle`) or is 14 days old, or when the person was
    deactivated. Appointments count on the days they are in force.
    """
    values = {
        "login_session_id": login_session_id,
        "today": now.date(),
        "idle_since": now - idle,
        "old_since": now - LONGEST,
    }
    rows = session.connection().execute(_BEHIND, values).all()
    if not rows:
        return None
    first = rows[0]
    hats = _with_shares(session, [_named(row) for row in rows if row.appointment_id is not None])
    worn = next((named.hat for named in hats if named.hat.appointment_id == first.worn), None)
    if worn is None and hats and first.staff_role is None:
        worn = hats[0].hat
    return Visitor(
        login_session_id=login_session_id,
        user_id=first.id,
        name=first.name,
        email=first.email,
        locale=first.locale,
        last_seen_at=first.last_seen_at,
        created_at=first.created_at,
        actor=Actor(first.id, first.name, first.staff_role, tuple(named.hat for named in hats), worn),
        hats=hats,
    )


def _named(row: Row[*tuple[Any, ...]]) -> NamedHat:
    hat = Hat(row.organisation_id, row.asked_as.value, row.iscm_id, row.role, row.appointment_id)
    return NamedHat(hat, row.organisation, row.code)


def _with_shares(session: Session, named: Sequence[NamedHat]) -> tuple[NamedHat, ...]:
    """The same hats with what their persons were given; those with nothing left are gone."""
    found = shares.with_shares(session, [each.hat for each in named])
    return tuple(
        replace(each, hat=found[each.hat.appointment_id])
        for each in named
        if each.hat.appointment_id in found
    )


def organisations_of(session: Session, user_id: UUID, now: datetime) -> list[str]:
    """The names of those for whom a person answers today, in alphabetical order."""
    return list(
        session.scalars(
            select(Organisation.name)
            .join(Appointment, Appointment.organisation_id == Organisation.id)
            .where(Appointment.user_id == user_id, _in_force(_TODAY))
            .group_by(Organisation.name)
            .order_by(Organisation.name),
            {"today": now.date()},
        )
    )


def user_behind(session: Session, login_session_id: UUID) -> UUID | None:
    """Whose session it is or was, ended ones included."""
    return session.scalar(select(LoginSession.user_id).where(LoginSession.id == login_session_id))
