"""Changes to people and their appointments by staff, each with what was and what is.

Coordinators change respondents' people; who is of IOM's staff is changed by administrators only.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from email_validator import EmailNotValidError, validate_email
from sqlalchemy.orm import Session

from app.i18n import _
from app.models import Appointment, Nomination, Organisation, OrganisationKind, StaffRole, User
from app.policy import Act, Actor, AppointmentRole, can
from app.queries import contacts, hand_overs
from app.queries import people as people_of
from app.services import address_failures, auditing, filing, people, signing_in
from app.services.errors import NotAllowed, NotFound, NotPossible, Refused
from app.services.filing import Received

LOCALES = ("en", "fr", "es", "ar", "ru", "pt")
LONGEST_FUNCTION = 200
LONGEST_PHONE = 60
LONGEST_NUMBER = 120
EARLIEST = date(1990, 1, 1)
LATEST = timedelta(days=3 * 366)


@dataclass(frozen=True)
class Person:
    """What is known of a person; `staff_role` is kept as it is unless an administrator says another."""

    name: str
    email: str
    function: str = ""
    phone: str = ""
    locale: str = "en"


@dataclass(frozen=True)
class Wanted:
    """An appointment to be: for whom, as what, about which mechanism, from when, on which note verbale."""

    organisation_id: UUID | None
    role: AppointmentRole | None
    iscm_id: UUID | None = None
    start: date | None = None
    number: str = ""
    dated: date | None = None
    file: Received | None = None


def may_change(actor: Actor, user: User) -> bool:
    """Whether the actor may change this person and what they are appointed to."""
    return can(actor, Act.MANAGE_CONTACTS if user.staff_role is None else Act.MANAGE_PEOPLE)


def add(session: Session, person: Person, wanted: Wanted, actor: Actor, now: datetime) -> User:
    """A new person with an appointment. Raises NotAllowed, Refused with everything that cannot be."""
    if not can(actor, Act.MANAGE_CONTACTS):
        raise NotAllowed
    problems = [*_of_person(session, person, None), *_of_appointment(session, wanted, now.date())]
    if problems:
        raise Refused(problems)
    user = people.add_user(session, address_of(person.email) or "", person.name, actor, now=now)
    user.function, user.phone, user.locale = _rest(person)
    _appoint(session, user, wanted, actor, now)
    return user


def change(session: Session, user_id: UUID, person: Person, actor: Actor, now: datetime) -> User:
    """Change what is known of a person. A new address ends every session and every link to the old one.

    Raises NotFound, NotAllowed, Refused.
    """
    user = _taken(session, user_id, actor)
    problems = list(_of_person(session, person, user))
    if problems:
        raise Refused(problems)
    function, phone, locale = _rest(person)
    after: dict[str, Any] = {
        **{"name": people.called(person.name), "email": address_of(person.email)},
        **{"function": function, "phone": phone, "locale": locale},
    }
    if set_columns(session, user, after, actor, now).get("email"):
        _moved(session, user, actor, now)
    return user


def _moved(session: Session, user: User, actor: Actor, now: datetime) -> None:
    """What follows from another address: nobody stays signed in by the old one, whose failures are over."""
    signing_in.end_all(session, user, now)
    address_failures.clear_failure(session, user.id, actor, now, "the address was changed")


def set_columns(
    session: Session,
    record: User | Appointment,
    after: Mapping[str, Any],
    actor: Actor,
    now: datetime,
    **more: Any,
) -> dict[str, list[Any]]:
    """Set the columns and note what each was and is; the same as before is no change."""
    changed = {
        column: [plain(getattr(record, column)), plain(value)]
        for column, value in after.items()
        if getattr(record, column) != value
    }
    for column in changed:
        setattr(record, column, after[column])
    if changed:
        act = "changed_person" if isinstance(record, User) else "changed_appointment"
        auditing.record(session, actor, act, record, {"columns": changed, **more}, at=now)
    return changed


def plain(value: Any) -> Any:
    """The value as an event keeps it."""
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def appoint(session: Session, user_id: UUID, wanted: Wanted, actor: Actor, now: datetime) -> Appointment:
    """One more appointment. Raises NotFound, NotAllowed, Refused, AlreadyThere."""
    user = _taken(session, user_id, actor)
    if user.deactivated_at is not None:
        raise NotPossible(_("%(name)s cannot sign in any more. Let them in again first.", name=user.name))
    problems = list(_of_appointment(session, wanted, now.date()))
    if problems:
        raise Refused(problems)
    return _appoint(session, user, wanted, actor, now)


def end(session: Session, appointment_id: UUID, last: date | None, actor: Actor, now: datetime) -> None:
    """Let an appointment end on that day. Raises NotFound, NotAllowed, Refused, NotPossible."""
    appointment = session.get(Appointment, appointment_id, populate_existing=True, with_for_update=True)
    if appointment is None:
        raise NotFound
    _taken(session, appointment.user_id, actor)
    if hand_overs.of_appointment(session, appointment_id) is not None:
        raise NotPossible(_("This appointment was handed over, which ended it."))
    if last is None or last < appointment.valid_from or last > now.date() + LATEST:
        remedy = _("Give the last day, not before the first one")
        raise Refused([("last", remedy)])
    detail = {"columns": {"valid_until": [plain(appointment.valid_until), last.isoformat()]}}
    appointment.valid_until = last
    auditing.record(session, actor, "ended_appointment", appointment, detail, at=now)


def deactivate(session: Session, user_id: UUID, actor: Actor, now: datetime) -> User:
    """Bar a person at once. Raises NotFound, NotAllowed; NotPossible for oneself."""
    user = _taken(session, user_id, actor)
    if user.id == actor.user_id:
        raise NotPossible(_("Ask another administrator to do this to your own account."))
    people.deactivate(session, user, actor, now=now)
    return user


def let_in_again(session: Session, user_id: UUID, actor: Actor, now: datetime) -> User:
    """Let a barred person sign in again. Raises NotFound, NotAllowed."""
    user = _taken(session, user_id, actor)
    if user.deactivated_at is not None:
        user.deactivated_at = None
        auditing.record(session, actor, "reactivated_user", user, at=now)
    return user


def set_staff_role(
    session: Session, user_id: UUID, role: StaffRole | None, actor: Actor, now: datetime
) -> User:
    """Say what a person is to the staff. Raises NotFound, NotAllowed; NotPossible for oneself."""
    if not can(actor, Act.MANAGE_PEOPLE):
        raise NotAllowed
    user = _taken(session, user_id, actor)
    if user.id == actor.user_id:
        raise NotPossible(_("Ask another administrator to do this to your own account."))
    set_columns(session, user, {"staff_role": role}, actor, now)
    return user


def _taken(session: Session, user_id: UUID, actor: Actor) -> User:
    user = session.get(User, user_id, populate_existing=True, with_for_update=True)
    if user is None:
        raise NotFound
    if not may_change(actor, user):
        raise NotAllowed
    return user


def _rest(person: Person) -> tuple[str | None, str | None, str]:
    return people.one_line(person.function) or None, people.one_line(person.phone) or None, person.locale


def address_of(typed: str) -> str | None:
    """The address as it is kept, None for what is none."""
    try:
        found: str = validate_email(typed.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        return None
    return found


def _of_person(session: Session, person: Person, user: User | None) -> Iterator[tuple[str, str]]:
    name, address = people.called(person.name), address_of(person.email)
    if not name:
        yield "name", _("Give the person’s name")
    elif len(name) > people.LONGEST:
        yield "name", _("Shorten the name to %(most)s characters", most=people.LONGEST)
    if address is None:
        yield "email", _("Give an address, such as name@ministry.example")
    else:
        holder = people_of.by_email(session, address)
        if holder is not None and (user is None or holder.id != user.id):
            yield "email", _("%(name)s has this address already. Open their page instead", name=holder.name)
    if len(people.one_line(person.function)) > LONGEST_FUNCTION:
        yield "function", _("Shorten the function to %(most)s characters", most=LONGEST_FUNCTION)
    if len(people.one_line(person.phone)) > LONGEST_PHONE:
        yield "phone", _("Shorten the phone number to %(most)s characters", most=LONGEST_PHONE)
    if person.locale not in LOCALES:
        yield "locale", _("Choose a language")


def _of_appointment(session: Session, wanted: Wanted, today: date) -> Iterator[tuple[str, str]]:
    organisation = session.get(Organisation, wanted.organisation_id) if wanted.organisation_id else None
    iscm = session.get(Organisation, wanted.iscm_id) if wanted.iscm_id else None
    if organisation is None or organisation.withdrawn_at is not None:
        yield "organisation", _("Choose the organization, by its code or its name")
    if wanted.role is None:
        yield "role", _("Choose what the person does there")
    if iscm is not None and iscm.kind is not OrganisationKind.ISCM:
        yield "mechanism", _("Choose a mechanism, or leave it empty for all of them")
    if wanted.start is None or not EARLIEST <= wanted.start <= today + LATEST:
        yield "start", _("Give the first day, such as 2026-03-01")
    number = people.one_line(wanted.number)
    if len(number) > LONGEST_NUMBER:
        yield "number", _("Shorten the number to %(most)s characters", most=LONGEST_NUMBER)
    if number and (wanted.dated is None or not EARLIEST <= wanted.dated <= today):
        yield "dated", _("Give the date of the note verbale, not later than today")
    if not number and (wanted.dated is not None or wanted.file is not None):
        yield "number", _("Give the number of the note verbale")


def _appoint(session: Session, user: User, wanted: Wanted, actor: Actor, now: datetime) -> Appointment:
    if wanted.organisation_id is None or wanted.role is None:
        raise NotPossible
    organisation = session.get_one(Organisation, wanted.organisation_id)
    iscm = session.get_one(Organisation, wanted.iscm_id) if wanted.iscm_id else None
    nomination = _nomination(session, organisation, wanted, actor, now)
    made = people.appoint(
        session, user, organisation, wanted.role, actor, iscm=iscm, valid_from=wanted.start, now=now
    )
    made.nomination_id = nomination.id if nomination else None
    return made


def _nomination(
    session: Session, organisation: Organisation, wanted: Wanted, actor: Actor, now: datetime
) -> Nomination | None:
    number = people.one_line(wanted.number)
    if not number or wanted.dated is None:
        return None
    found = contacts.nomination(session, organisation.id, number, wanted.dated)
    if found is not None and wanted.file is None:
        return found
    made = Nomination(
        id=uuid4(),
        organisation_id=organisation.id,
        number=number,
        dated=wanted.dated,
        file_id=filing.row(session, wanted.file, now).id if wanted.file else None,
        file_name=wanted.file.name if wanted.file else None,
        recorded_by_id=actor.user_id,
        recorded_at=now,
    )
    session.add(made)
    session.flush()  # the appointment points to it
    auditing.record(session, actor, "recorded_nomination", made, {"number": number}, at=now)
    return made
