"""A response as the rules see it: its answers, its blocks and records, and what the policy must know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from app import clock
from app.definitions.routing import Answers, Instance
from app.definitions.schema import Questionnaire
from app.models import (
    EDITABLE,
    Answer,
    AnswerRevision,
    Attachment,
    Audience,
    InstanceEvent,
    Organisation,
    ReceivedAnswers,
    RepeatInstance,
    Response,
    ResponseStatus,
    Round,
    RoundParticipant,
    Submission,
    Via,
)
from app.policy import Attribution, ResponseFacts
from app.queries import definitions
from app.window import Window, takes_answers

Address = tuple[UUID | None, str, str]

EVER_SUBMITTED = (ResponseStatus.SUBMITTED, ResponseStatus.REOPENED)


WINDOW = (
    Round.closes_at,
    Round.closed_at,
    Round.cutoff_at,
    Round.cut_off_at,
    Response.due_at,
    RoundParticipant.withdrawn_at,
)
"""The columns of ``window.Window``, in its order."""


def entered() -> ColumnElement[bool]:
    """Whether staff hold answers that reached them outside the service, and nobody of the respondent has
    written any: only then do staff see and write what is not submitted.
    """
    received = exists().where(ReceivedAnswers.response_id == Response.id)
    return and_(received, Response.status.in_(EDITABLE), ~_own_draft())


def _own_draft() -> ColumnElement[bool]:
    """Whether somebody of the respondent has written an answer, attached something that stands, or added,
    removed or brought back a block or record.
    """
    attached = exists().where(
        Attachment.response_id == Response.id,
        Attachment.appointment_id.is_not(None),
        Attachment.removed_at.is_(None),
    )
    changed = (
        select(InstanceEvent.id)
        .join(RepeatInstance, RepeatInstance.id == InstanceEvent.instance_id)
        .where(RepeatInstance.response_id == Response.id, InstanceEvent.appointment_id.is_not(None))
        .correlate(Response)
        .exists()
    )
    return or_(_own_answers(), attached, changed)


def _own_answers() -> ColumnElement[bool]:
    return (
        select(AnswerRevision.id)
        .join(Answer, Answer.id == AnswerRevision.answer_id)
        .where(
            Answer.response_id == Response.id,
            AnswerRevision.via.in_([Via.PAGE, Via.AUTOSAVE]) | AnswerRevision.appointment_id.is_not(None),
        )
        .correlate(Response)
        .exists()
    )


def has_own_draft(session: Session, response_id: UUID) -> bool:
    """Whether somebody of the respondent has written, attached or changed anything: then staff enter nothing
    for it.
    """
    return bool(session.scalar(select(_own_draft()).select_from(Response).where(Response.id == response_id)))


def latest_received(session: Session, response_id: UUID) -> ReceivedAnswers | None:
    """The answers that staff received last outside the service."""
    return session.scalar(
        select(ReceivedAnswers)
        .where(ReceivedAnswers.response_id == response_id)
        .order_by(ReceivedAnswers.at.desc(), ReceivedAnswers.id)
        .limit(1)
    )


def is_asked() -> ColumnElement[bool]:
    """What joins a response with its organisation's taking part in the round."""
    return and_(
        RoundParticipant.round_id == Response.round_id,
        RoundParticipant.organisation_id == Response.organisation_id,
    )


@dataclass(frozen=True)
class Block:
    """One repeat instance with what routing and attribution need of it."""

    id: UUID
    group_key: str
    parent_id: UUID | None
    subject_id: UUID | None
    subject: str | None
    attribution: Attribution | None
    position: int
    active: bool

    def routed(self) -> Instance:
        """The block as routing wants it."""
        return Instance(self.id, self.group_key, self.parent_id, self.subject, self.active)


_FACTS = (
    select(
        Response.organisation_id,
        Response.audience,
        Response.status,
        Response.questionnaire_version_id,
        entered().label("entered"),
        *WINDOW,
    )
    .join(Round, Round.id == Response.round_id)
    .outerjoin(RoundParticipant, is_asked())
    .where(Response.id == bindparam("response_id"))
)


def facts(
    session: Session,
    response_id: UUID,
    instance_id: UUID | None = None,
    question_key: str | None = None,
    *,
    now: datetime | None = None,
) -> ResponseFacts | None:
    """What the policy needs to know of a response, of the place of one block or of one question outside
    blocks if it is named; None if there is no such thing.
    """
    row = session.execute(_FACTS, {"response_id": response_id}).one_or_none()
    if row is None:
        return None
    as_such = ResponseFacts(
        organisation_id=row.organisation_id,
        audience=row.audience.value,
        status=row.status.value,
        ever_submitted=row.status in EVER_SUBMITTED,
        round_open=takes_answers(_window(row), now or clock.now()),
        response_id=response_id,
        entered=row.entered,
    )
    if instance_id is None and question_key is None:
        return as_such
    questionnaire = definitions.of(session, row.questionnaire_version_id)
    if instance_id is None:
        return replace(as_such, section_key=questionnaire.section_of(question_key or ""))
    return _of_block(session, as_such, questionnaire, instance_id)


def _of_block(
    session: Session, as_such: ResponseFacts, questionnaire: Questionnaire, instance_id: UUID
) -> ResponseFacts | None:
    """The same, of the place of a block or record; None if the response has no such thing."""
    found = {block.id: block for block in blocks(session, as_such.response_id)} if as_such.response_id else {}
    if instance_id not in found:
        return None
    return replace(
        as_such,
        iscm_id=about(found, instance_id),
        section_key=questionnaire.section_of_group(found[instance_id].group_key),
        block_id=around(found, instance_id),
    )


def window(session: Session, response_id: UUID) -> Window:
    """Until when the answers of this response are taken. Raises NoResultFound if there is none."""
    found = session.execute(
        select(*WINDOW)
        .select_from(Response)
        .join(Round, Round.id == Response.round_id)
        .outerjoin(RoundParticipant, is_asked())
        .where(Response.id == response_id)
    ).one()
    return _window(found)


def _window(row: Row[*tuple[Any, ...]]) -> Window:
    """What a statement read whose last columns are those of ``WINDOW``."""
    return Window(*row[-len(WINDOW) :])


def blocks(session: Session, response_id: UUID) -> Sequence[Block]:
    """Every block and record, removed ones included (inactive, with all that hangs on them), in order."""
    rows = session.execute(
        select(RepeatInstance, Organisation.code)
        .outerjoin(Organisation, Organisation.id == RepeatInstance.subject_id)
        .where(RepeatInstance.response_id == response_id)
        .order_by(RepeatInstance.position, RepeatInstance.created_at, RepeatInstance.id)
    ).all()
    by_id = {instance.id: instance for instance, _ in rows}

    def active(instance: RepeatInstance) -> bool:
        parent = by_id.get(instance.parent_id) if instance.parent_id else None
        return instance.removed_at is None and (parent is None or active(parent))

    return [
        Block(
            id=instance.id,
            group_key=instance.group_key,
            parent_id=instance.parent_id,
            subject_id=instance.subject_id,
            subject=code,
            attribution=instance.attribution,
            position=instance.position,
            active=active(instance),
        )
        for instance, code in rows
    ]


def about(found: Mapping[UUID, Block], instance_id: UUID | None) -> UUID | None:
    """The mechanism that a block or record is about, going outwards."""
    block = around(found, instance_id)
    return found[block].subject_id if block is not None else None


def around(found: Mapping[UUID, Block], instance_id: UUID | None) -> UUID | None:
    """The mechanism's block in which a block or record lies, itself if it is one."""
    while instance_id is not None and found[instance_id].subject_id is None:
        instance_id = found[instance_id].parent_id
    return instance_id


def values(session: Session, response_id: UUID) -> Answers:
    """Every present answer that is not empty, by block, question and row."""
    rows = session.execute(
        select(Answer.instance_id, Answer.question_key, Answer.item, Answer.value).where(
            Answer.response_id == response_id
        )
    )
    return {(instance, key, item): value for instance, key, item, value in rows if value is not None}


def present(session: Session, response_id: UUID) -> Sequence[Answer]:
    """Every answer row of the response, in the order of block, question and row."""
    return session.scalars(
        select(Answer)
        .where(Answer.response_id == response_id)
        .order_by(Answer.instance_id, Answer.question_key, Answer.item)
        .execution_options(populate_existing=True)
    ).all()


def standing_submission(session: Session, response_id: UUID) -> Submission | None:
    """The latest submission that stands: what counts as evidence."""
    return session.scalar(
        select(Submission)
        .where(Submission.response_id == response_id, Submission.withdrawn_at.is_(None))
        .order_by(Submission.number.desc())
        .limit(1)
    )


def last_submission_number(session: Session, response_id: UUID) -> int:
    """The number of the response's last submission, 0 if there is none."""
    last = session.scalar(select(func.max(Submission.number)).where(Submission.response_id == response_id))
    return last or 0


def of_organisation(
    session: Session, round_code: str, code: str, audience: Audience | None = None
) -> Response | None:
    """The response of the organisation with this code in the round; None if there is none or several."""
    wanted = (
        select(Response)
        .join(Round, Round.id == Response.round_id)
        .join(Organisation, Organisation.id == Response.organisation_id)
        .where(Round.code == round_code, Organisation.code == code)
        .order_by(Response.id)
        .limit(2)
    )
    if audience is not None:
        wanted = wanted.where(Response.audience == audience)
    found = session.scalars(wanted).all()
    return found[0] if len(found) == 1 else None


def last_position(session: Session, response_id: UUID, group_key: str, parent_id: UUID | None) -> int:
    """The position of the last block or record of a group, 0 if there is none."""
    same_parent = (
        RepeatInstance.parent_id.is_(None) if parent_id is None else RepeatInstance.parent_id == parent_id
    )
    return (
        session.scalar(
            select(func.max(RepeatInstance.position)).where(
                RepeatInstance.response_id == response_id, RepeatInstance.group_key == group_key, same_parent
            )
        )
        or 0
    )
