"""Pilots: which questionnaires are tried, by whom, and what was remarked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import (
    Appointment,
    AppointmentRole,
    Comment,
    Organisation,
    QuestionnaireVersion,
    RepeatInstance,
    Response,
    ResponseStatus,
    Round,
    Thread,
    User,
)


@dataclass(frozen=True)
class Pilot:
    """One pilot: its round, and the version that it tries."""

    round: Round
    key: str
    version: int
    responses: int

    @property
    def ended(self) -> bool:
        """Whether it is over."""
        return self.round.closed_at is not None


def all_of(session: Session) -> list[Pilot]:
    """Every pilot, the newest first."""
    rows = session.execute(
        select(
            Round,
            QuestionnaireVersion.audience,
            QuestionnaireVersion.definition["version"].as_integer(),
            func.count(Response.id),
        )
        .join(QuestionnaireVersion, QuestionnaireVersion.id == Round.pilots_version_id)
        .outerjoin(Response, Response.round_id == Round.id)
        .group_by(
            Round.id,
            QuestionnaireVersion.id,
        )
        .order_by(Round.opens_at.desc(), Round.code)
    )
    return [Pilot(round_, audience.value, number, count) for round_, audience, number, count in rows]


def by_code(session: Session, code: str) -> Round | None:
    """The pilot round with this code."""
    return session.scalar(select(Round).where(Round.code == code, Round.pilots_version_id.is_not(None)))


@dataclass(frozen=True)
class Testing:
    """One fictional respondent of a pilot."""

    response_id: UUID
    organisation: Organisation
    status: ResponseStatus


def testing(session: Session, round_id: UUID) -> list[Testing]:
    """The respondents of a pilot."""
    rows = session.execute(
        select(Response.id, Organisation, Response.status)
        .join(Organisation, Organisation.id == Response.organisation_id)
        .where(Response.round_id == round_id)
        .order_by(Organisation.code)
    )
    return [Testing(*row) for row in rows]


@dataclass(frozen=True)
class Tester:
    """Somebody who tries it, as what, until when."""

    appointment: Appointment
    name: str
    role: AppointmentRole
    until: date | None


def testers(session: Session, round_id: UUID) -> list[Tester]:
    """Who was appointed to the respondents of a pilot."""
    rows = session.execute(
        select(Appointment, User.name)
        .join(User, User.id == Appointment.user_id)
        .where(
            Appointment.organisation_id.in_(
                select(Response.organisation_id).where(Response.round_id == round_id)
            )
        )
        .order_by(User.name, Appointment.role, Appointment.id)
    )
    return [Tester(each, name, each.role, each.valid_until) for each, name in rows]


@dataclass(frozen=True)
class Remarked:
    """What somebody wrote about one question."""

    thread_id: UUID
    question_key: str | None
    by: str
    at: datetime
    text: str
    closed: bool


def remarks(session: Session, round_id: UUID) -> list[Remarked]:
    """What was written beside the questions of a pilot, in the order of writing."""
    rows = session.execute(
        select(Thread.id, Thread.question_key, User.name, Comment.at, Comment.body, Thread.closed_at)
        .join(Comment, Comment.thread_id == Thread.id)
        .join(Response, Response.id == Thread.response_id)
        .outerjoin(User, User.id == Comment.author_id)
        .where(Response.round_id == round_id)
        .order_by(Comment.at, Comment.id)
    )
    return [
        Remarked(id_, key, name or "", at, text, closed is not None)
        for id_, key, name, at, text, closed in rows
    ]


def staff(session: Session) -> Sequence[User]:
    """Who of staff can be asked to try it."""
    return session.scalars(
        select(User)
        .where(User.staff_role.is_not(None), User.deactivated_at.is_(None))
        .order_by(User.name, User.email)
    ).all()


def mechanisms(session: Session, round_id: UUID) -> Sequence[Organisation]:
    """The fictional mechanisms that are asked about in a pilot."""
    about = (
        select(RepeatInstance.subject_id)
        .join(Response, Response.id == RepeatInstance.response_id)
        .where(Response.round_id == round_id, RepeatInstance.subject_id.is_not(None))
    )
    itself = select(Response.organisation_id).where(
        Response.round_id == round_id, Response.audience == "iscm"
    )
    return session.scalars(
        select(Organisation)
        .where(Organisation.id.in_(about) | Organisation.id.in_(itself))
        .order_by(Organisation.name, Organisation.code)
    ).all()


def is_of_pilot(session: Session, response_id: UUID) -> bool:
    """Whether the response is of a round that only tries a questionnaire."""
    found = select(Round.pilots_version_id).join(Response, Response.round_id == Round.id)
    return session.scalar(found.where(Response.id == response_id)) is not None
