"""What is stored and what was frozen of the answers that a test looks at, by their names on the page."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from app.database import Database
from app.models import (
    Answer,
    AnswerRevision,
    Organisation,
    RepeatInstance,
    Submission,
    SubmissionAnswer,
    User,
)
from tests.resilience.ledger import MERGED, TYPED, Kept, Known, Spot


def block_of(database: Database, response: UUID, iscm: str) -> UUID:
    """The block about a mechanism."""
    with database.read() as session:
        return session.scalars(
            select(RepeatInstance.id)
            .join(Organisation, Organisation.id == RepeatInstance.subject_id)
            .where(RepeatInstance.response_id == response, Organisation.code == iscm)
        ).one()


def stored(database: Database, response: UUID, spots: Iterable[Spot]) -> dict[Spot, list[Kept]]:
    """The whole history of each answer, oldest first."""
    return {spot: _history(database, response, spot) for spot in spots}


def _history(database: Database, response: UUID, spot: Spot) -> list[Kept]:
    statement = (
        select(AnswerRevision.number, AnswerRevision.value, User.email, AnswerRevision.source)
        .join(Answer, Answer.id == AnswerRevision.answer_id)
        .join(User, User.id == AnswerRevision.saved_by_id)
        .order_by(AnswerRevision.number)
    )
    with database.read() as session:
        rows = session.execute(statement.where(*_is(response, spot)))
        return [_kept(number, value, by, source or {}) for number, value, by, source in rows]


def _kept(number: int, text: str, by: str, source: dict[str, Any]) -> Kept:
    kind = source.get("kind", "")
    return Kept(
        number, text, by, kind, {TYPED: source.get("seen"), MERGED: source.get("with")}.get(kind) or 0
    )


def frozen(database: Database, response: UUID, number: int, spots: Iterable[Spot]) -> dict[Spot, Known]:
    """What a submission froze of each answer, whatever the answers are now."""
    statement = (
        select(AnswerRevision.number, AnswerRevision.value)
        .join(SubmissionAnswer, SubmissionAnswer.answer_revision_id == AnswerRevision.id)
        .join(Submission, Submission.id == SubmissionAnswer.submission_id)
        .join(Answer, Answer.id == AnswerRevision.answer_id)
        .where(Submission.number == number)
    )
    with database.read() as session:
        rows = {spot: session.execute(statement.where(*_is(response, spot))).one_or_none() for spot in spots}
    return {spot: Known(*row) for spot, row in rows.items() if row is not None}


def frozen_answers(database: Database, response: UUID, number: int) -> int:
    """How many answers a submission froze."""
    with database.read() as session:
        return session.scalars(
            select(func.count())
            .select_from(SubmissionAnswer)
            .join(Submission, Submission.id == SubmissionAnswer.submission_id)
            .where(Submission.response_id == response, Submission.number == number)
        ).one()


def _is(response: UUID, spot: Spot) -> list[ColumnElement[bool]]:
    """What is true of the row of this answer alone."""
    parts = spot.name.split(".")
    found = [Answer.response_id == response, Answer.question_key == parts[-1]]
    if len(parts) == 4:
        record = UUID(parts[2])
        same = or_(RepeatInstance.id == record, RepeatInstance.idempotency_key == str(record))
        return [*found, Answer.instance_id.in_(select(RepeatInstance.id).where(same))]
    block = spot.page.split("/")[1]
    return [*found, Answer.instance_id == UUID(block)] if block else found
