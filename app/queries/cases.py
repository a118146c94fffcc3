"""All that staff need to know of one respondent of a round: its history, its people, what was sent and said.

Of its answers only how many there are, never what they say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.models import (
    AddressFailure,
    Answer,
    Appointment,
    AppointmentRole,
    Audience,
    AuditEvent,
    ContactEntry,
    File,
    Organisation,
    OutboxMessage,
    ReceivedAnswers,
    Response,
    ResponseStatus,
    Round,
    RoundParticipant,
    StatusChange,
    User,
)

ACTS = (
    "asked",
    "submitted",
    "reopened",
    "withdrew",
    "declined",
    "took_up_again",
    "changed_outcome",
    "extended",
    "asked_clearance",
    "cleared",
    "sent_back",
    "received_answers",
    "withdrew_participant",
    "asked_again",
)
"""The acts on a response, or on its taking part, that are its history."""
BEGAN, OPENED = "began", "opened"


@dataclass(frozen=True)
class Case:
    """One respondent of a round."""

    round: Round
    organisation: Organisation
    response: Response
    participant: RoundParticipant


@dataclass(frozen=True)
class Event:
    """What happened, when, who did it (empty: the service), with what was said of it."""

    act: str
    at: datetime
    by: str
    detail: Mapping[str, Any]


@dataclass(frozen=True)
class Person:
    """Somebody appointed for the respondent, and since when letters to them return."""

    name: str
    email: str
    phone: str | None
    function: str | None
    role: AppointmentRole
    mechanism: str | None
    until: date | None
    failed_at: datetime | None


@dataclass(frozen=True)
class Mail:
    """How many letters went to the respondent, and the last of them."""

    queued: int
    sent: int
    failed: int
    bounced: int
    last: OutboxMessage | None


@dataclass(frozen=True)
class Contact:
    """One entry of the contact log, with who wrote it and who does the next step."""

    entry: ContactEntry
    by: str
    next_by: str | None


@dataclass(frozen=True)
class Received:
    """Answers that staff received, with who wrote that down and the file's kind."""

    row: ReceivedAnswers
    by: str | None
    media_type: str | None


def one(session: Session, round_code: str, code: str, audience: Audience | None = None) -> Case | None:
    """The respondent with this code in the round; where two kinds share it, the first of States, mechanisms
    and IGOs unless one is named.
    """
    wanted = _case().where(Round.code == round_code, Organisation.code == code)
    if audience is not None:
        wanted = wanted.where(Response.audience == audience)
    row = session.execute(wanted.order_by(Response.audience.desc()).limit(1)).one_or_none()
    return Case(*row) if row else None


def _case() -> Select[Round, Organisation, Response, RoundParticipant]:
    return (
        select(Round, Organisation, Response, RoundParticipant)
        .join(Response, Response.round_id == Round.id)
        .join(Organisation, Organisation.id == Response.organisation_id)
        .join(
            RoundParticipant,
            and_(
                RoundParticipant.round_id == Response.round_id,
                RoundParticipant.organisation_id == Response.organisation_id,
            ),
        )
    )


def history(session: Session, found: Case) -> list[Event]:
    """What happened to the respondent, the latest first, in two statements."""
    of = or_(
        and_(AuditEvent.subject_kind == "response", AuditEvent.subject_id == str(found.response.id)),
        and_(
            AuditEvent.subject_kind == "round_participant",
            AuditEvent.subject_id == str(found.participant.id),
        ),
    )
    rows = session.execute(
        select(AuditEvent.act, AuditEvent.at, AuditEvent.actor_name, AuditEvent.detail)
        .where(of, AuditEvent.act.in_(ACTS))
        .order_by(AuditEvent.number)
    )
    events = [Event(*row) for row in rows]
    begun = session.execute(
        select(StatusChange.at, User.name)
        .outerjoin(User, User.id == StatusChange.by_id)
        .where(
            StatusChange.response_id == found.response.id,
            StatusChange.before == ResponseStatus.INVITED,
            StatusChange.after == ResponseStatus.IN_PROGRESS,
        )
        .order_by(StatusChange.at)
    )
    events += [Event(BEGAN, at, name or "", {}) for at, name in begun]
    if found.response.opened_at is not None:
        events.append(Event(OPENED, found.response.opened_at, "", {}))
    return sorted(events, key=lambda event: event.at, reverse=True)


def people(session: Session, organisation_id: UUID, on: date) -> list[Person]:
    """Who is appointed for the respondent on that day, the focal point first, in one statement."""
    mechanism = aliased(Organisation)
    failed = (
        select(func.min(AddressFailure.failed_at))
        .where(AddressFailure.user_id == User.id, AddressFailure.cleared_at.is_(None))
        .correlate(User)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            User.name,
            User.email,
            User.phone,
            User.function,
            Appointment.role,
            mechanism.name,
            Appointment.valid_until,
            failed,
        )
        .join(Appointment, Appointment.user_id == User.id)
        .outerjoin(mechanism, mechanism.id == Appointment.iscm_id)
        .where(
            Appointment.organisation_id == organisation_id,
            Appointment.valid_from <= on,
            or_(Appointment.valid_until.is_(None), Appointment.valid_until >= on),
            User.deactivated_at.is_(None),
        )
        .order_by(Appointment.role != AppointmentRole.FOCAL_POINT, User.name, Appointment.id)
    )
    return [Person(*row) for row in rows]


def mail(session: Session, response_id: UUID) -> Mail:
    """How many letters went to the respondent, in two statements."""
    of = OutboxMessage.response_id == response_id
    state = case(
        (OutboxMessage.bounced_at.is_not(None), "bounced"),
        (OutboxMessage.sent_at.is_not(None), "sent"),
        (OutboxMessage.given_up_at.is_not(None), "failed"),
        (OutboxMessage.dropped_at.is_not(None), "dropped"),
        else_="queued",
    ).label("state")
    rows = session.execute(select(state, func.count()).where(of).group_by(state))
    found: dict[str, int] = {row[0]: row[1] for row in rows}
    last = session.scalar(
        select(OutboxMessage)
        .where(of, OutboxMessage.sent_at.is_not(None))
        .order_by(OutboxMessage.sent_at.desc(), OutboxMessage.id)
        .limit(1)
    )
    return Mail(
        found.get("queued", 0), found.get("sent", 0), found.get("failed", 0), found.get("bounced", 0), last
    )


def contacts(session: Session, round_id: UUID, organisation_id: UUID) -> list[Contact]:
    """The contact log, the latest first, in one statement."""
    writer, doer = aliased(User), aliased(User)
    rows = session.execute(
        select(ContactEntry, writer.name, doer.name)
        .join(writer, writer.id == ContactEntry.by_id)
        .outerjoin(doer, doer.id == ContactEntry.next_by_id)
        .where(ContactEntry.round_id == round_id, ContactEntry.organisation_id == organisation_id)
        .order_by(ContactEntry.happened_at.desc(), ContactEntry.recorded_at.desc(), ContactEntry.id)
    )
    return [Contact(*row) for row in rows]


def received(session: Session, response_id: UUID) -> list[Received]:
    """What staff received of the respondent's answers, the latest first, in one statement."""
    rows = session.execute(
        select(ReceivedAnswers, User.name, File.media_type)
        .outerjoin(User, User.id == ReceivedAnswers.by_id)
        .outerjoin(File, File.id == ReceivedAnswers.file_id)
        .where(ReceivedAnswers.response_id == response_id)
        .order_by(ReceivedAnswers.at.desc(), ReceivedAnswers.id)
    )
    return [Received(*row) for row in rows]


def answers_saved(session: Session, response_id: UUID) -> int:
    """How many answers stand in the draft or were sent: the number, and nothing of them."""
    return (
        session.scalar(
            select(func.count()).where(Answer.response_id == response_id, Answer.value.is_not(None))
        )
        or 0
    )


def staff(session: Session) -> Sequence[tuple[UUID, str]]:
    """Whoever can do a next step: active staff by name."""
    rows = session.execute(
        select(User.id, User.name)
        .where(User.staff_role.is_not(None), User.deactivated_at.is_(None))
        .order_by(User.name, User.id)
    )
    return [(row[0], row[1]) for row in rows]
