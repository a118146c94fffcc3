"""Who can be written to in a round: the respondents, the people who answer for each, what keeps a letter from
them. A constant number of statements, however many are asked.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from app.models import (
    AddressFailure,
    Appointment,
    AppointmentRole,
    Audience,
    Organisation,
    ReminderOptOut,
    Response,
    Round,
    RoundParticipant,
    RoundProfile,
    User,
)
from app.queries.names import in_running_text
from app.templating import local

WRITTEN_TO = (AppointmentRole.FOCAL_POINT, AppointmentRole.CLEARING_OFFICER)


@dataclass(frozen=True)
class Person:
    """Somebody appointed for the whole of a respondent; ``failed`` are the words with which their address
    was refused.
    """

    user_id: UUID
    name: str
    email: str
    locale: str
    role: AppointmentRole
    failed: str | None = None
    opted_out: bool = False


@dataclass(frozen=True)
class Respondent:
    """One who is asked in the round, with the people in force on the day."""

    response_id: UUID
    organisation_id: UUID
    code: str
    name: str
    formal_name: str
    audience: Audience
    due_at: datetime
    added_at: datetime
    withdrawn: bool
    people: tuple[Person, ...]

    def focal_points(self) -> tuple[Person, ...]:
        """Those who answer for it."""
        return tuple(each for each in self.people if each.role is AppointmentRole.FOCAL_POINT)

    def reachable(self, roles: Collection[AppointmentRole]) -> tuple[Person, ...]:
        """Those with one of the roles whose letters arrive, each person once."""
        found = {each.user_id: each for each in self.people if each.role in roles and not each.failed}
        return tuple(found.values())


def of_round(
    session: Session, round_: Round, now: datetime, *, only: Collection[UUID] | None = None
) -> list[Respondent]:
    """Everybody who is asked, withdrawn ones included, by name; ``only`` limits it to these responses."""
    rows = session.execute(_respondents(round_, only)).all()
    organisations = None if only is None else [row.organisation_id for row in rows]
    people = _people(session, round_, local(now, round_.zone).date(), organisations)
    found = [
        Respondent(
            response_id=row.id,
            organisation_id=row.organisation_id,
            code=row.code,
            name=in_running_text(row.facts) if row.facts else row.name,
            formal_name=str((row.facts or {}).get("formal_name") or ""),
            audience=row.audience,
            due_at=row.due_at or round_.closes_at,
            added_at=row.added_at,
            withdrawn=row.withdrawn_at is not None and row.withdrawn_at <= now,
            people=tuple(people.get(row.organisation_id, ())),
        )
        for row in rows
    ]
    return sorted(found, key=lambda each: (each.name.removeprefix("the ").casefold(), each.code))


def one(session: Session, round_: Round, response_id: UUID, now: datetime) -> Respondent | None:
    """One of them; None if this response is not of the round."""
    return next(iter(of_round(session, round_, now, only=[response_id])), None)


def _respondents(
    round_: Round, only: Collection[UUID] | None
) -> Select[UUID, UUID, Audience, datetime | None, str, str, datetime, datetime | None, dict[str, object]]:
    found = (
        select(
            Response.id,
            Response.organisation_id,
            Response.audience,
            Response.due_at,
            Organisation.code,
            Organisation.name,
            RoundParticipant.added_at,
            RoundParticipant.withdrawn_at,
            RoundProfile.facts,
        )
        .join(Organisation, Organisation.id == Response.organisation_id)
        .join(
            RoundParticipant,
            and_(
                RoundParticipant.round_id == Response.round_id,
                RoundParticipant.organisation_id == Response.organisation_id,
            ),
        )
        .outerjoin(
            RoundProfile,
            and_(
                RoundProfile.round_id == Response.round_id,
                RoundProfile.organisation_id == Response.organisation_id,
            ),
        )
        .where(Response.round_id == round_.id)
        .order_by(Organisation.name, Response.id)
    )
    return found if only is None else found.where(Response.id.in_(only))


def _people(
    session: Session, round_: Round, today: date, organisations: Collection[UUID] | None
) -> Mapping[UUID, list[Person]]:
    asked = select(Response.organisation_id).where(Response.round_id == round_.id)
    rows = session.execute(
        _appointed(round_)
        .where(
            Appointment.organisation_id.in_(asked if organisations is None else organisations),
            Appointment.role.in_(WRITTEN_TO),
            Appointment.iscm_id.is_(None),
            Appointment.valid_from <= today,
            or_(Appointment.valid_until.is_(None), Appointment.valid_until >= today),
            User.deactivated_at.is_(None),
        )
        .order_by(User.name, User.id, AddressFailure.failed_at)
    )
    found: defaultdict[UUID, dict[tuple[UUID, AppointmentRole], Person]] = defaultdict(dict)
    for organisation_id, role, id_, name, email, locale, words, opt_out in rows:
        person = Person(id_, name, email, locale, role, words, opt_out is not None)
        found[organisation_id][id_, role] = person
    return {key: list(people.values()) for key, people in found.items()}


def _appointed(
    round_: Round,
) -> Select[UUID, AppointmentRole, UUID, str, str, str, str | None, UUID | None]:
    """Each appointment with its person, with what is said of their address, and whether they want none."""
    failing = and_(
        AddressFailure.user_id == User.id,
        AddressFailure.address == User.email,
        AddressFailure.cleared_at.is_(None),
    )
    unwilling = and_(
        ReminderOptOut.user_id == User.id,
        ReminderOptOut.round_id == round_.id,
        ReminderOptOut.ended_at.is_(None),
    )
    return (
        select(
            Appointment.organisation_id,
            Appointment.role,
            User.id,
            User.name,
            User.email,
            User.locale,
            AddressFailure.words,
            ReminderOptOut.id,
        )
        .join(User, User.id == Appointment.user_id)
        .outerjoin(AddressFailure, failing)
        .outerjoin(ReminderOptOut, unwilling)
    )
