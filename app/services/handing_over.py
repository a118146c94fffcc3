"""An appointment passes to a successor: the one ends the day before the other begins.

What was written keeps the name of whoever wrote it; drafts, colleagues and conversations belong to the
organisation and stay where they are. Nobody is signed out, but from the day of the hand-over every request of
the one who left finds the appointment gone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from email_validator import EmailNotValidError, validate_email
from sqlalchemy.orm import Session

from app.definitions import values
from app.i18n import _
from app.models import Appointment, HandOver, Nomination, Organisation, OutboxMessage, User
from app.policy import Actor, may_hand_over
from app.queries import hand_overs
from app.queries import people as people_of
from app.services import auditing, filing, people
from app.services.errors import AlreadyThere, NotAllowed, NotFound, NotPossible
from app.services.filing import Received
from app.services.letters_of_hand_over import TO_LEAVER, TO_SUCCESSOR
from app.templating import day

LATEST = timedelta(days=366)
EARLIEST_NOTE = date(2000, 1, 1)
LONGEST_NAME = 200
LONGEST_NUMBER = 120


class HandOverRefused(NotPossible):
    """Something of what was said cannot be; ``problems`` has every one as (field, what to do)."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__(" ".join(words for _field, words in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Note:
    """The note verbale that names the successor, and its file if there is one."""

    number: str
    dated: date | None
    file: Received | None = None


@dataclass(frozen=True)
class Wanted:
    """Who takes over from which day on; staff say on what note, and may say why."""

    email: str
    name: str
    on: date | None
    note: Note | None = None
    reason: str = ""


def hand_over(
    session: Session, appointment_id: UUID, wanted: Wanted, actor: Actor, now: datetime
) -> HandOver:
    """Let the appointment pass to the successor, who is added if nobody has the address.

    Raises NotFound, NotAllowed, AlreadyThere if it was handed over before, HandOverRefused with everything
    that cannot be.
    """
    before = session.get(Appointment, appointment_id, populate_existing=True, with_for_update=True)
    if before is None:
        raise NotFound
    if not may_hand_over(actor, appointment_id):
        raise NotAllowed
    if hand_overs.of_appointment(session, appointment_id) is not None:
        raise AlreadyThere(_("This was handed over already."))
    if before.role not in hand_overs.PASSED_ON:
        raise NotPossible(_("Only a focal point or a clearing officer hands over. Others are invited anew."))
    problems = list(_problems(session, before, wanted, actor, now.date()))
    if problems or wanted.on is None:
        raise HandOverRefused(problems)
    after = _passed(session, before, wanted, wanted.on, actor, now)
    return _written(session, before, after, wanted, actor, now)


def _problems(
    session: Session, before: Appointment, wanted: Wanted, actor: Actor, today: date
) -> Iterator[tuple[str, str]]:
    own = before.user_id == actor.user_id
    yield from _of_successor(session, before, wanted, own=own)
    if own and before.valid_until is not None:
        yield (
            "on",
            _(
                "Your appointment ends already, on %(day)s. Ask IOM who comes after you",
                day=day(before.valid_until),
            ),
        )
    elif wanted.on is None or wanted.on < today:
        yield "on", _("Give the successor’s first day: today or a later one")
    elif wanted.on > today + LATEST:
        yield "on", _("Give a first day within a year")
    elif before.valid_until is not None and before.valid_until < today:
        yield "on", _("This appointment has ended. Appoint the new person by themselves")
    elif wanted.on <= before.valid_from:
        yield "on", _("The appointment began only then. Give a later day")
    if own:
        return
    note = wanted.note
    if note is None or not people.one_line(note.number):
        yield "number", _("Give the number of the note verbale")
    elif len(people.one_line(note.number)) > LONGEST_NUMBER:
        yield "number", _("Shorten the number to %(most)s characters", most=LONGEST_NUMBER)
    if note is None or note.dated is None or not EARLIEST_NOTE <= note.dated <= today:
        yield "dated", _("Give the date of the note verbale, not later than today")


def _of_successor(
    session: Session, before: Appointment, wanted: Wanted, *, own: bool
) -> Iterator[tuple[str, str]]:
    """What is wrong with name and address; only staff may go by the name that an address has already, since
    whoever else leaves it out would learn whether somebody has the address.
    """
    try:
        address = validate_email(wanted.email.strip(), check_deliverability=False).normalized
    except EmailNotValidError:
        address = ""
    user = people_of.by_email(session, address) if address else None
    if len(people.one_line(wanted.name)) > LONGEST_NAME:
        yield "name", _("Shorten the name to %(most)s characters", most=LONGEST_NAME)
    elif not people.one_line(wanted.name) and (own or user is None):
        yield "name", _("Give the successor’s name")
    if not address:
        yield "email", _("Give the successor’s address, such as name@ministry.example")
    if user is None:
        return
    if user.id == before.user_id:
        yield "email", _("Give another person’s address: this one holds the appointment now")
    elif user.deactivated_at is not None or user.staff_role is not None:
        yield "email", _("This address cannot be used here. Give another, or ask IOM")
    elif _holds(session, user, before):
        yield (
            "email",
            _("%(name)s is appointed as that already. Give another person’s address", name=user.name),
        )


def _holds(session: Session, user: User, before: Appointment) -> bool:
    organisation = session.get_one(Organisation, before.organisation_id)
    return any(
        (each.role, each.iscm_id) == (before.role, before.iscm_id)
        for each in people_of.open_appointments(session, user, organisation)
    )


def _passed(
    session: Session, before: Appointment, wanted: Wanted, on: date, actor: Actor, now: datetime
) -> Appointment:
    leaver = session.get_one(User, before.user_id)
    address = validate_email(wanted.email.strip(), check_deliverability=False).normalized
    user = people_of.by_email(session, address) or people.add_user(
        session, address, people.one_line(wanted.name), actor, locale=leaver.locale, now=now
    )
    last = on - timedelta(days=1)
    if before.valid_until is None or before.valid_until > last:
        people.end_appointment(session, before, last, actor)
    iscm = session.get_one(Organisation, before.iscm_id) if before.iscm_id else None
    organisation = session.get_one(Organisation, before.organisation_id)
    return people.appoint(session, user, organisation, before.role, actor, iscm=iscm, valid_from=on, now=now)


def _written(
    session: Session,
    before: Appointment,
    after: Appointment,
    wanted: Wanted,
    actor: Actor,
    now: datetime,
) -> HandOver:
    nomination = _nomination(session, before, wanted.note, actor, now) if wanted.note else None
    made = HandOver(
        id=uuid4(),
        from_id=before.id,
        to_id=after.id,
        nomination_id=nomination.id if nomination else None,
        by_id=actor.user_id,
        at=now,
        reason=values.normalise(wanted.reason).strip() or None,
    )
    session.add(made)
    session.flush()  # the letters and the event name it
    for kind, user_id in ((TO_SUCCESSOR, after.user_id), (TO_LEAVER, before.user_id)):
        session.add(
            OutboxMessage(
                kind=kind,
                dedupe_key=f"{kind}:{made.id}",
                user_id=user_id,
                payload={"hand_over": str(made.id)},
                created_at=now,
                due_at=now,
            )
        )
    detail = {"from": str(before.id), "to": str(after.id), "on": after.valid_from.isoformat()}
    auditing.record(session, actor, "handed_over", made, detail, at=now)
    return made


def _nomination(
    session: Session, before: Appointment, note: Note, actor: Actor, now: datetime
) -> Nomination | None:
    if note.dated is None:
        return None
    made = Nomination(
        id=uuid4(),
        organisation_id=before.organisation_id,
        number=people.one_line(note.number),
        dated=note.dated,
        file_id=filing.row(session, note.file, now).id if note.file else None,
        file_name=note.file.name if note.file else None,
        recorded_by_id=actor.user_id,
        recorded_at=now,
    )
    session.add(made)
    session.flush()  # the hand-over points to it
    auditing.record(session, actor, "recorded_nomination", made, {"number": made.number}, at=now)
    return made
