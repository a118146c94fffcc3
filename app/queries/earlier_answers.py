"""What a respondent answered in the round before, to stand beside the same question today."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from app.definitions.plain import Plain
from app.models import (
    Answer,
    AnswerRevision,
    RepeatInstance,
    Response,
    Round,
    Submission,
    SubmissionAnswer,
    User,
)

Question = tuple[UUID | None, str]
"""A question: the mechanism it is about, or None, and its key; of a list of records the list's."""


@dataclass
class Earlier:
    """The answer submitted last: its value, or the fields of each record; in which round, by whom, when."""

    round_code: str
    by: str
    at: datetime
    value: Plain | None = None
    records: dict[UUID, dict[str, Plain]] = field(default_factory=dict)


def of_round_before(session: Session, response_id: UUID) -> Mapping[Question, Earlier]:
    """Return what the organisation submitted to the same questionnaire before, in two statements at most."""
    submission_id = session.scalar(_latest_before(response_id))
    if submission_id is None:
        return {}
    around = aliased(RepeatInstance)
    rows = session.execute(
        select(
            RepeatInstance.id,
            RepeatInstance.group_key,
            RepeatInstance.subject_id,
            around.subject_id,
            Answer.question_key,
            AnswerRevision.value,
            Round.code,
            User.name,
            AnswerRevision.saved_at,
        )
        .select_from(SubmissionAnswer)
        .join(Answer, Answer.id == SubmissionAnswer.answer_id)
        .join(AnswerRevision, AnswerRevision.id == SubmissionAnswer.answer_revision_id)
        .join(Response, Response.id == SubmissionAnswer.response_id)
        .join(Round, Round.id == Response.round_id)
        .outerjoin(RepeatInstance, RepeatInstance.id == Answer.instance_id)
        .outerjoin(around, around.id == RepeatInstance.parent_id)
        .outerjoin(User, User.id == AnswerRevision.saved_by_id)
        .where(SubmissionAnswer.submission_id == submission_id, Answer.item == "")
        .order_by(RepeatInstance.position, RepeatInstance.id, Answer.question_key)
    )
    found: dict[Question, Earlier] = {}
    for record, group, subject, outer, key, value, code, name, at in rows:
        if record is None or subject is not None:
            found[subject, key] = Earlier(code, name or "", at, value)
        else:
            earlier = found.setdefault((outer, group), Earlier(code, name or "", at))
            earlier.records.setdefault(record, {})[key] = value
    return found


def _latest_before(response_id: UUID) -> Select[UUID]:
    this, before, now = aliased(Response), aliased(Round), aliased(Round)
    return (
        select(Submission.id)
        .join(Response, Response.id == Submission.response_id)
        .join(before, before.id == Response.round_id)
        .join(
            this,
            (this.organisation_id == Response.organisation_id)
            & (this.questionnaire_key == Response.questionnaire_key)
            & (this.id != Response.id),
        )
        .join(now, now.id == this.round_id)
        .where(
            this.id == response_id,
            before.opens_at < now.opens_at,
            Submission.withdrawn_at.is_(None),
        )
        .order_by(before.opens_at.desc(), Submission.number.desc())
        .limit(1)
    )
