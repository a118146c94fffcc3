"""One response as its pages need it: every answer, block and fact, in a constant number of statements.

The statements are built once, when the module is loaded: building one anew costs more than running it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, exists, or_, select
from sqlalchemy.orm import Session, aliased

from app.definitions.plain import Plain
from app.models import (
    Answer,
    AnswerRevision,
    Appointment,
    AppointmentRole,
    Attribution,
    Audience,
    Delegation,
    IscmProfile,
    Organisation,
    OrganisationKind,
    Outcome,
    RepeatInstance,
    Response,
    ResponseStatus,
    Round,
    RoundParticipant,
    RoundProfile,
    Submission,
    Thread,
    ThreadKind,
    User,
    Via,
)
from app.queries.responses import entered, is_asked
from app.window import Window

Address = tuple[UUID | None, str, str]
"""Where an answer stands: its block or record, the key of its question, the row of a matrix or ''."""


@dataclass(slots=True)
class Kept:
    """An answer as it is stored now, and who left it so."""

    id: UUID
    value: Plain | None
    revision: int
    attribution: Attribution | None
    confirms: str | None
    language: str
    by: str
    at: datetime
    via: Via
    source: Mapping[str, Any] | None = None
    """From what staff entered it."""


@dataclass(frozen=True)
class Block:
    """A mechanism's block (``subject_id``) or one record of a list (``parent_id`` is its block, if any)."""

    id: UUID
    group_key: str
    parent_id: UUID | None
    subject_id: UUID | None
    attribution: Attribution | None
    idempotency_key: str | None


@dataclass(frozen=True)
class Sent:
    """The latest submission that stands."""

    reference: str
    number: int
    at: datetime
    by: str
    statement: str
    digest: str


@dataclass(frozen=True)
class Head:
    """The response itself, with what its pages say of its organisation and round."""

    id: UUID
    round_id: UUID
    organisation_id: UUID
    audience: Audience
    version_id: UUID
    status: ResponseStatus
    outcome: Outcome | None
    attribution: Attribution | None
    language: str
    reference: str | None
    due_at: datetime | None
    name: str
    name_article: bool
    code: str
    fictional: bool
    round_code: str
    round_title: str
    closes_at: datetime
    closed_at: datetime | None
    cutoff_at: datetime | None
    cut_off_at: datetime | None
    withdrawn_at: datetime | None
    zone: str
    answered_before: bool
    """Whether the organisation submitted answers to this questionnaire in another round."""
    remarked: bool
    """Whether something that was said at clearance waits to be seen to."""
    talked: bool
    """Whether there is a conversation with IOM about a question."""
    pilot: bool
    """Whether the round only tries a questionnaire, and never counts."""
    sent_version_id: UUID | None
    """The version of the questionnaire that the latest standing submission answered."""
    contact: Mapping[str, str] | None
    """Whom to ask at IOM about the round."""
    entered: bool
    """Whether staff hold answers received outside the service, and nobody of the respondent has written."""

    @property
    def window(self) -> Window:
        """Until when the answers are taken."""
        return Window(
            self.closes_at, self.closed_at, self.cutoff_at, self.cut_off_at, self.due_at, self.withdrawn_at
        )


@dataclass(frozen=True)
class Stored:
    """Everything that is stored of the answers of one response."""

    head: Head
    blocks: tuple[Block, ...]
    answers: Mapping[Address, Kept]


_OF_RESPONSE: BindParameter[UUID] = bindparam("response_id")

_OTHER = aliased(Response)

_HEAD = (
    select(
        Response.id,
        Response.round_id,
        Response.organisation_id,
        Response.audience,
        Response.questionnaire_version_id,
        Response.status,
        Response.outcome,
        Response.attribution,
        Response.language,
        Response.reference,
        Response.due_at,
        Organisation.name,
        Organisation.name_article,
        Organisation.code,
        Organisation.fictional,
        Round.code,
        Round.title,
        Round.closes_at,
        Round.closed_at,
        Round.cutoff_at,
        Round.cut_off_at,
        RoundParticipant.withdrawn_at,
        Round.zone,
        exists().where(
            _OTHER.organisation_id == Response.organisation_id,
            _OTHER.questionnaire_key == Response.questionnaire_key,
            _OTHER.id != Response.id,
            _OTHER.reference.is_not(None),
        ),
        exists().where(
            Thread.response_id == Response.id,
            Thread.kind == ThreadKind.CLEARANCE,
            Thread.closed_at.is_(None),
        ),
        exists().where(
            Thread.response_id == Response.id,
            Thread.kind != ThreadKind.CLEARANCE,
            Thread.question_key.is_not(None),
        ),
        Round.pilots_version_id.is_not(None),
        select(Submission.questionnaire_version_id)
        .where(Submission.response_id == Response.id, Submission.withdrawn_at.is_(None))
        .order_by(Submission.number.desc())
        .limit(1)
        .correlate(Response)
        .scalar_subquery(),
        Round.contact,
        entered(),
    )
    .join(Round, Round.id == Response.round_id)
    .join(Organisation, Organisation.id == Response.organisation_id)
    .outerjoin(RoundParticipant, is_asked())
    .where(Response.id == _OF_RESPONSE)
)

_BLOCKS = (
    select(
        RepeatInstance.id,
        RepeatInstance.group_key,
        RepeatInstance.parent_id,
        RepeatInstance.subject_id,
        RepeatInstance.attribution,
        RepeatInstance.idempotency_key,
    )
    .where(RepeatInstance.response_id == _OF_RESPONSE, RepeatInstance.removed_at.is_(None))
    .order_by(RepeatInstance.position, RepeatInstance.created_at, RepeatInstance.id)
)

_ANSWERS = (
    select(
        Answer.instance_id,
        Answer.question_key,
        Answer.item,
        Answer.id,
        Answer.value,
        Answer.revision,
        Answer.attribution,
        AnswerRevision.confirms,
        Answer.language,
        User.name,
        AnswerRevision.saved_at,
        AnswerRevision.via,
        AnswerRevision.source,
    )
    .join(
        AnswerRevision,
        (AnswerRevision.answer_id == Answer.id) & (AnswerRevision.number == Answer.revision),
    )
    .outerjoin(User, User.id == AnswerRevision.saved_by_id)
    .where(Answer.response_id == _OF_RESPONSE)
)

_SENT = (
    select(
        Submission.reference,
        Submission.number,
        Submission.at,
        User.name,
        Submission.statement,
        Submission.digest,
    )
    .outerjoin(User, User.id == Submission.submitted_by_id)
    .where(Submission.response_id == _OF_RESPONSE, Submission.withdrawn_at.is_(None))
    .order_by(Submission.number.desc())
    .limit(1)
)


def stored(session: Session, response_id: UUID) -> Stored | None:
    """Return the response with its blocks and answers, in three statements; None if there is none."""
    of_response, rows = {"response_id": response_id}, session.connection()
    row = rows.execute(_HEAD, of_response).one_or_none()
    if row is None:
        return None
    blocks = tuple(Block(*block) for block in rows.execute(_BLOCKS, of_response))
    answers = {
        (instance, key, item): Kept(
            id_, value, revision, choice, confirms, language, name or "", at, via, source
        )
        for instance, key, item, id_, value, revision, choice, confirms, language, name, at, via, source in (
            rows.execute(_ANSWERS, of_response).all()
        )
    }
    columns: Sequence[Any] = row
    return Stored(Head(*columns), blocks, answers)


def profiles(session: Session, round_id: UUID, about: Iterable[UUID]) -> dict[UUID, Mapping[str, Any]]:
    """Return what the round keeps of these organisations, in one statement."""
    rows = session.execute(
        select(RoundProfile.organisation_id, RoundProfile.facts).where(
            RoundProfile.round_id == round_id, RoundProfile.organisation_id.in_(list(about))
        )
    )
    return {row[0]: row[1] for row in rows}


def people(session: Session, organisation_id: UUID, today: date) -> tuple[tuple[str, str, str], ...]:
    """Return who is appointed for all answers on that day, as (name, e-mail address, role); the focal point
    first.
    """
    rows = session.execute(
        select(User.name, User.email, Appointment.role)
        .join(Appointment, Appointment.user_id == User.id)
        .where(
            Appointment.organisation_id == organisation_id,
            Appointment.valid_from <= today,
            or_(Appointment.valid_until.is_(None), Appointment.valid_until >= today),
            User.deactivated_at.is_(None),
            Appointment.id.not_in(select(Delegation.appointment_id)),
        )
        .order_by(Appointment.role != AppointmentRole.FOCAL_POINT, User.name, Appointment.id)
    )
    return tuple((name, email, role.value) for name, email, role in rows)


def sent(session: Session, response_id: UUID) -> Sent | None:
    """Return the latest submission that stands, None if nothing was submitted."""
    row = session.execute(_SENT, {"response_id": response_id}).one_or_none()
    if row is None:
        return None
    reference, number, at, name, statement, digest = row
    return Sent(reference, number, at, name or "", statement, digest)


def values_at(
    session: Session, revisions: Iterable[tuple[UUID, int]]
) -> dict[tuple[UUID, int], Plain | None]:
    """Return the values that the answers had at the revisions given, as (answer, number),
    in one statement.
    """
    wanted = list(revisions)
    if not wanted:
        return {}
    rows = session.execute(
        select(AnswerRevision.answer_id, AnswerRevision.number, AnswerRevision.value).where(
            or_(
                *(
                    (AnswerRevision.answer_id == answer) & (AnswerRevision.number == number)
                    for answer, number in wanted
                )
            )
        )
    )
    return {(answer, number): value for answer, number, value in rows}


@dataclass(frozen=True)
class Listed:
    """An organisation as it can be chosen or searched for."""

    id: UUID
    kind: OrganisationKind
    code: str
    name: str
    full_name: str
    short_name: str
    acronym: str | None
    also: tuple[str, ...]
    asked_as: Audience

    @property
    def words(self) -> tuple[str, ...]:
        """Everything by which it is found; what it is called first."""
        found = (self.code, self.name, self.full_name, self.short_name, self.acronym or "", *self.also)
        return tuple(word for word in found if word)


def directory(session: Session, fictional: bool) -> tuple[Listed, ...]:
    """Return the organisations of the register that are not withdrawn, by name, in one statement: those that
    exist, or those that were made up for training. The two never mix.
    """
    rows = session.execute(
        select(
            Organisation.id,
            Organisation.kind,
            Organisation.code,
            Organisation.name,
            Organisation.formal_name,
            Organisation.also,
            Organisation.asked_as,
            IscmProfile.name,
            IscmProfile.short_name,
            IscmProfile.acronym,
            IscmProfile.other_names,
        )
        .outerjoin(
            IscmProfile,
            (IscmProfile.organisation_id == Organisation.id) & IscmProfile.valid_until.is_(None),
        )
        .where(Organisation.withdrawn_at.is_(None), Organisation.fictional.is_(fictional))
        .order_by(Organisation.name, Organisation.id)
    )
    return tuple(
        Listed(
            id=id_,
            kind=kind,
            code=code,
            name=name,
            full_name=full or formal or name,
            short_name=short or name,
            acronym=acronym,
            also=(*(also or ()), *(other for other in (others or ()) if isinstance(other, str))),
            asked_as=asked_as,
        )
        for id_, kind, code, name, formal, also, asked_as, full, short, acronym, others in rows
    )
