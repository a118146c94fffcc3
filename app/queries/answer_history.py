"""One answer and every state it had."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, true
from sqlalchemy.orm import Session

from app.definitions.plain import Plain
from app.models import Answer, AnswerRevision, SubmissionAnswer, User, Via


@dataclass(frozen=True)
class Revision:
    """One state of an answer: by whom, when, which way."""

    number: int
    value: Plain | None
    by: str
    at: datetime
    via: Via
    confirms: str | None
    language: str
    source: dict[str, Any] | None


@dataclass(frozen=True)
class History:
    """Where an answer stands, and its states, the newest first."""

    answer_id: UUID
    instance_id: UUID | None
    question_key: str
    item: str
    revisions: Sequence[Revision]


def history(
    session: Session, response_id: UUID, answer_id: UUID, *, submitted: bool = False
) -> History | None:
    """Return the answer's history, or only its states that were submitted; None if the response has no such
    answer.
    """
    answer = session.execute(
        select(Answer.instance_id, Answer.question_key, Answer.item).where(
            Answer.id == answer_id, Answer.response_id == response_id
        )
    ).one_or_none()
    if answer is None:
        return None
    sent = select(SubmissionAnswer.answer_revision_id).where(SubmissionAnswer.answer_id == answer_id)
    rows = session.execute(
        select(
            AnswerRevision.number,
            AnswerRevision.value,
            User.name,
            AnswerRevision.saved_at,
            AnswerRevision.via,
            AnswerRevision.confirms,
            AnswerRevision.language,
            AnswerRevision.source,
        )
        .outerjoin(User, User.id == AnswerRevision.saved_by_id)
        .where(AnswerRevision.answer_id == answer_id, AnswerRevision.id.in_(sent) if submitted else true())
        .order_by(AnswerRevision.number.desc())
    )
    revisions = [
        Revision(number, value, name or "", at, via, confirms, language, source)
        for number, value, name, at, via, confirms, language, source in rows
    ]
    return History(answer_id, answer.instance_id, answer.question_key, answer.item, revisions)
