"""One response as others than its own people read it: what stands submitted, never what is being written."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session

from app.models import (
    Answer,
    AnswerRevision,
    Attachment,
    Attribution,
    RepeatInstance,
    Submission,
    SubmissionAnswer,
    SubmissionAttachment,
    User,
)
from app.policy import in_force
from app.queries.answer_sheets import Address, Block, Kept, Stored

_OF_RESPONSE: BindParameter[UUID] = bindparam("response_id")

_STANDING = (
    select(Submission.id)
    .where(Submission.response_id == _OF_RESPONSE, Submission.withdrawn_at.is_(None))
    .order_by(Submission.number.desc())
    .limit(1)
    .scalar_subquery()
)

_ANSWERS = (
    select(
        Answer.instance_id,
        Answer.question_key,
        Answer.item,
        Answer.id,
        AnswerRevision.value,
        AnswerRevision.number,
        Answer.attribution,
        AnswerRevision.confirms,
        AnswerRevision.language,
        User.name,
        AnswerRevision.saved_at,
        AnswerRevision.via,
        AnswerRevision.source,
        SubmissionAnswer.attribution,
    )
    .select_from(SubmissionAnswer)
    .join(Answer, Answer.id == SubmissionAnswer.answer_id)
    .join(AnswerRevision, AnswerRevision.id == SubmissionAnswer.answer_revision_id)
    .outerjoin(User, User.id == AnswerRevision.saved_by_id)
)
_STANDS = _ANSWERS.where(SubmissionAnswer.submission_id == _STANDING)
_OF_ONE = _ANSWERS.where(SubmissionAnswer.submission_id == bindparam("submission"))

_ATTACHED_IN = (
    select(Attachment.instance_id)
    .join(SubmissionAttachment, SubmissionAttachment.attachment_id == Attachment.id)
    .where(Attachment.instance_id.is_not(None))
)
_ATTACHED_STANDING = _ATTACHED_IN.where(SubmissionAttachment.submission_id == _STANDING)
_ATTACHED_TO_ONE = _ATTACHED_IN.where(SubmissionAttachment.submission_id == bindparam("submission"))

_BLOCKS = (
    select(
        RepeatInstance.id,
        RepeatInstance.group_key,
        RepeatInstance.parent_id,
        RepeatInstance.subject_id,
        RepeatInstance.attribution,
        RepeatInstance.idempotency_key,
    )
    .where(RepeatInstance.response_id == _OF_RESPONSE)
    .order_by(RepeatInstance.position, RepeatInstance.created_at, RepeatInstance.id)
)


def submitted(session: Session, stored: Stored) -> Stored:
    """Return the same response with the answers of its standing submission, none if there is none.

    Blocks and records are those that were answered in it or had something attached, removed since or not; the
    attribution of each answer is the one in force.
    """
    which, rows = {"response_id": stored.head.id}, session.connection()
    places = set(rows.execute(_ATTACHED_STANDING, which).scalars())
    return _with(session, stored, rows.execute(_STANDS, which), places, as_sent=False)


def as_sent(session: Session, stored: Stored, submission_id: UUID) -> Stored:
    """Return the same response with the answers of one submission, each as it was sent."""
    which, rows = {"submission": submission_id}, session.connection()
    places = set(rows.execute(_ATTACHED_TO_ONE, which).scalars())
    return _with(session, stored, rows.execute(_OF_ONE, which), places, as_sent=True)


def _with(
    session: Session, stored: Stored, rows: Iterable[Any], attached_in: set[UUID | None], *, as_sent: bool
) -> Stored:
    of_response = session.connection().execute(_BLOCKS, {"response_id": stored.head.id})
    every = {block.id: block for block in (Block(*row) for row in of_response)}
    answers: dict[Address, Kept] = {}
    for instance, key, item, id_, value, number, own, confirms, language, name, at, via, source, sent in rows:
        chosen = in_force([own, *_around(every, instance), stored.head.attribution], sent)
        how = sent if as_sent else chosen
        answers[instance, key, item] = Kept(
            id_, value, number, how, confirms, language, name or "", at, via, source
        )
    places = {instance for instance, _key, _item in answers} | attached_in
    inside = {block for instance in places for block in _outwards(every, instance)}
    return replace(
        stored, blocks=tuple(block for block in every.values() if block.id in inside), answers=answers
    )


def _outwards(every: Mapping[UUID, Block], instance: UUID | None) -> list[UUID]:
    found = []
    while instance is not None:
        found.append(instance)
        instance = every[instance].parent_id
    return found


def _around(every: Mapping[UUID, Block], instance: UUID | None) -> list[Attribution | None]:
    return [every[block].attribution for block in _outwards(every, instance)]
