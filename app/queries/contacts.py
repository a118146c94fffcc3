"""People as staff look after them: who there is, what they are appointed to, and what became of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.definitions import searching
from app.models import (
    AddressFailure,
    Appointment,
    AppointmentRole,
    AuditEvent,
    HandOver,
    Nomination,
    Organisation,
    StaffRole,
    User,
)

_ISCM = aliased(Organisation)
_TO = aliased(Appointment)


@dataclass(frozen=True)
class Held:
    """An appointment with the names to show for it."""

    id: UUID
    user_id: UUID
    organisation_id: UUID
    organisation: str
    code: str
    role: AppointmentRole
    mechanism: str | None
    start: date
    until: date | None
    nomination: Nomination | None = None
    handed_to: UUID | None = None

    def in_force(self, on: date) -> bool:
        """Whether it holds on the day."""
        return self.start <= on and not self.is_over(on)

    def is_over(self, on: date) -> bool:
        """Whether it ended before the day."""
        return self.until is not None and self.until < on


@dataclass(frozen=True)
class Listed:
    """A person with what they are appointed to, and whether letters to them fail."""

    user: User
    held: tuple[Held, ...] = ()
    fails: bool = False
    near: bool = False


@dataclass(frozen=True)
class Filters:
    """Which people to list; empty is everybody."""

    search: str = ""
    organisation_id: UUID | None = None
    role: str = ""
    shown: str = "active"


@dataclass(frozen=True)
class Shown:
    """One page of the people that were found, and how many there are."""

    people: tuple[Listed, ...] = field(default_factory=tuple)
    total: int = 0


def listed(session: Session, filters: Filters, today: date, page: int, per_page: int) -> Shown:
    """One page of people, by name or by how well they fit, in a constant number of statements."""
    held = _held(session, _wanted_users(filters, today))
    of_user: dict[UUID, list[Held]] = {}
    for each in held:
        of_user.setdefault(each.user_id, []).append(each)
    rows = session.execute(
        select(User.id, User.name, User.email, User.function)
        .where(*_wanted_users(filters, today))
        .order_by(User.name, User.email)
    ).all()
    hits = searching.search(filters.search, (_findable(row, of_user.get(row[0], [])) for row in rows))
    shown = hits[(page - 1) * per_page : page * per_page]
    ids = [hit.thing for hit in shown]
    users = {each.id: each for each in session.scalars(select(User).where(User.id.in_(ids)))}
    failing = set(
        session.scalars(
            select(AddressFailure.user_id).where(
                AddressFailure.user_id.in_(ids), AddressFailure.cleared_at.is_(None)
            )
        )
    )
    found = [
        Listed(users[hit.thing], tuple(of_user.get(hit.thing, ())), hit.thing in failing, hit.near)
        for hit in shown
    ]
    return Shown(tuple(found), len(hits))


def _findable(row: Row[UUID, str, str, str | None], held: Sequence[Held]) -> searching.Findable[UUID]:
    id_, name, email, function = row
    of_whom = tuple(each.organisation for each in held)
    codes = tuple(each.code for each in held)
    return searching.Findable(id_, (email, *codes), (name, email, *of_whom, function or ""))


def _wanted_users(filters: Filters, today: date) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    current = or_(Appointment.valid_until.is_(None), Appointment.valid_until >= today)
    if filters.organisation_id is not None:
        conditions.append(
            User.id.in_(
                select(Appointment.user_id).where(Appointment.organisation_id == filters.organisation_id)
            )
        )
    if filters.role in set(AppointmentRole):
        conditions.append(
            User.id.in_(select(Appointment.user_id).where(Appointment.role == filters.role, current))
        )
    elif filters.role == "staff":
        conditions.append(User.staff_role.is_not(None))
    if filters.shown == "active":
        conditions.append(User.deactivated_at.is_(None))
    elif filters.shown == "barred":
        conditions.append(User.deactivated_at.is_not(None))
    elif filters.shown == "failing":
        conditions.append(
            User.id.in_(select(AddressFailure.user_id).where(AddressFailure.cleared_at.is_(None)))
        )
    elif filters.shown == "without":
        conditions.append(User.staff_role.is_(None))
        conditions.append(User.id.not_in(select(Appointment.user_id).where(current)))
    return conditions


def _held(session: Session, users: Collection[ColumnElement[bool]]) -> list[Held]:
    rows = session.execute(
        select(
            Appointment.id,
            Appointment.user_id,
            Organisation.id,
            Organisation.name,
            Organisation.code,
            Appointment.role,
            _ISCM.name,
            Appointment.valid_from,
            Appointment.valid_until,
            Nomination,
            _TO.user_id,
        )
        .join(User, User.id == Appointment.user_id)
        .join(Organisation, Organisation.id == Appointment.organisation_id)
        .outerjoin(_ISCM, _ISCM.id == Appointment.iscm_id)
        .outerjoin(HandOver, HandOver.from_id == Appointment.id)
        .outerjoin(_TO, _TO.id == HandOver.to_id)
        .outerjoin(Nomination, Nomination.id == Appointment.nomination_id)
        .where(*users)
        .order_by(Organisation.name, Appointment.valid_from.desc(), Appointment.id)
    )
    return [Held(*row) for row in rows]


def of_person(session: Session, user_id: UUID) -> list[Held]:
    """Everything that the person is or was appointed to, by organisation, the latest first."""
    return _held(session, [User.id == user_id])


def of_organisation(session: Session, organisation_id: UUID) -> list[tuple[User, Held]]:
    """Who is or was appointed for the organisation, who is appointed now first."""
    held = _held(session, [Appointment.organisation_id == organisation_id])
    ids = {each.user_id for each in held}
    users = {each.id: each for each in session.scalars(select(User).where(User.id.in_(ids)))}
    ordered = sorted(held, key=lambda each: (each.until is not None, users[each.user_id].name))
    return [(users[each.user_id], each) for each in ordered]


def names(session: Session, users: Collection[UUID]) -> Mapping[UUID, str]:
    """What these people are called."""
    rows = session.execute(select(User.id, User.name).where(User.id.in_(set(users))))
    return {row[0]: row[1] for row in rows}


def open_failures(session: Session, user_id: UUID) -> Sequence[AddressFailure]:
    """That letters to the person do not arrive, as far as it is not over, the latest first."""
    return session.scalars(
        select(AddressFailure)
        .where(AddressFailure.user_id == user_id, AddressFailure.cleared_at.is_(None))
        .order_by(AddressFailure.failed_at.desc(), AddressFailure.id)
    ).all()


def nomination(session: Session, organisation_id: UUID, number: str, dated: date) -> Nomination | None:
    """The note verbale that was recorded already."""
    return session.scalars(
        select(Nomination)
        .where(
            Nomination.organisation_id == organisation_id,
            Nomination.number == number,
            Nomination.dated == dated,
        )
        .order_by(Nomination.recorded_at)
    ).first()


def history(session: Session, user_id: UUID, held: Sequence[Held], most: int) -> Sequence[AuditEvent]:
    """What was done to the person and their appointments, the latest first; nothing of what they did."""
    about = [str(user_id), *(str(each.id) for each in held)]
    return session.scalars(
        select(AuditEvent)
        .where(
            AuditEvent.subject_kind.in_(("user", "appointment")),
            AuditEvent.subject_id.in_(about),
        )
        .order_by(AuditEvent.number.desc())
        .limit(most)
    ).all()


def staff_roles(session: Session) -> Mapping[StaffRole, int]:
    """How many people of each role there are among the staff."""
    rows = session.execute(
        select(User.staff_role, func.count())
        .where(User.staff_role.is_not(None), User.deactivated_at.is_(None))
        .group_by(User.staff_role)
    )
    return {role: count for role, count in rows if role is not None}
