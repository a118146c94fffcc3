"""What was sent of a response, submission by submission."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Answer, AnswerRevision, Attribution, Submission, SubmissionAnswer, User

Frozen = tuple[Answer, AnswerRevision, Attribution]
"""An answer, the revision that was sent, and how it might then be used."""


@dataclass(frozen=True)
class SentBy:
    """One submission, and who sent it."""

    submission: Submission
    by: str


def all_of(session: Session, response_id: UUID, *, withdrawn: bool) -> Sequence[SentBy]:
    """Every submission of a response, the newest first; those that were withdrawn only if asked for."""
    wanted = (
        select(Submission, User.name)
        .outerjoin(User, User.id == Submission.submitted_by_id)
        .where(Submission.response_id == response_id)
        .order_by(Submission.number.desc())
    )
    if not withdrawn:
        wanted = wanted.where(Submission.withdrawn_at.is_(None))
    rows = session.execute(wanted)
    return [SentBy(submission, name or "") for submission, name in rows]


def frozen(session: Session, submission_id: UUID) -> list[Frozen]:
    """The answers that a submission froze, in one statement."""
    rows = session.execute(
        select(Answer, AnswerRevision, SubmissionAnswer.attribution)
        .select_from(SubmissionAnswer)
        .join(Answer, Answer.id == SubmissionAnswer.answer_id)
        .join(AnswerRevision, AnswerRevision.id == SubmissionAnswer.answer_revision_id)
        .where(SubmissionAnswer.submission_id == submission_id)
        .order_by(Answer.question_key, Answer.item, Answer.id)
    )
    return [(answer, revision, attribution) for answer, revision, attribution in rows]
