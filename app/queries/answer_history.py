"""One answer and every state it had."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select, tuple_
from sqlalchemy.orm import Session, aliased

from app.definitions.plain import Plain
from app.models import Answer, AnswerRevision, Submission, SubmissionAnswer, User, Via


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
    latest: int
    """The number of the answer as it is now."""
    version_id: UUID
    """The version of the questionnaire under which it was given."""

    def state(self, number: int) -> Revision | None:
        """The state with this number, None if it is not among them."""
        return next((one for one in self.revisions if one.number == number), None)


MOST = 25
"""States that are read at once."""


def history(
    session: Session,
    response_id: UUID,
    answer_id: UUID,
    *,
    submitted: bool = False,
    before: int | None = None,
    numbers: Sequence[int] | None = None,
) -> History | None:
    """Return the newest states of an answer, or only those that were submitted, or those before a number, or
    those of these numbers; None if the response has no such answer. Two statements.
    """
    answer = session.execute(
        select(
            Answer.instance_id,
            Answer.question_key,
            Answer.item,
            Answer.revision,
            Answer.questionnaire_version_id,
        ).where(Answer.id == answer_id, Answer.response_id == response_id)
    ).one_or_none()
    if answer is None:
        return None
    limits = [AnswerRevision.answer_id == answer_id]
    if submitted:
        limits.append(AnswerRevision.id.in_(_sent(answer_id)))
    if before is not None:
        limits.append(AnswerRevision.number < before)
    if numbers is not None:
        limits.append(AnswerRevision.number.in_(numbers))
    revisions = _revisions(session, limits)
    return History(
        answer_id,
        answer.instance_id,
        answer.question_key,
        answer.item,
        revisions,
        answer.revision,
        answer.questionnaire_version_id,
    )


def _sent(answer_id: UUID) -> Select[UUID]:
    """The states of an answer that were submitted, but for those of a submission that was withdrawn."""
    return (
        select(SubmissionAnswer.answer_revision_id)
        .join(Submission, Submission.id == SubmissionAnswer.submission_id)
        .where(SubmissionAnswer.answer_id == answer_id, Submission.withdrawn_at.is_(None))
    )


def _revisions(session: Session, limits: Iterable[ColumnElement[bool]]) -> list[Revision]:
    """The newest states within these limits, and one more than are read at once."""
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
        .where(*limits)
        .order_by(AnswerRevision.number.desc())
        .limit(MOST + 1)
    )
    return [
        Revision(number, value, name or "", at, via, confirms, language, source)
        for number, value, name, at, via, confirms, language, source in rows
    ]


@dataclass
class Since:
    """What became of an answer since somebody saw it: the value then, and what was saved after it."""

    base: Plain | None = None
    other: str | None = None
    """Who else saved it last, None if nobody else did."""
    own: dict[int, Plain | None] = field(default_factory=dict)
    """The newest of the person's own later states, by number."""


MOST_OWN = 3


def since(session: Session, seen: Mapping[UUID, int], user_id: UUID | None) -> dict[UUID, Since]:
    """Return what became of answers since the revisions that this person saw, in two statements."""
    if not seen:
        return {}
    found = {answer: Since() for answer in seen}
    for answer, number, by, name in _later(session, seen):
        if by == user_id:
            found[answer].own[number] = None
        else:
            found[answer].other = name or ""
    wanted = list(seen.items())
    for answer, one in found.items():
        one.own = dict.fromkeys(list(one.own)[-MOST_OWN:])
        wanted += [(answer, number) for number in one.own]
    for (answer, number), (value, _at) in states(session, wanted).items():
        if number == seen[answer]:
            found[answer].base = value
        else:
            found[answer].own[number] = value
    return found


def _later(session: Session, seen: Mapping[UUID, int]) -> Iterable[tuple[UUID, int, UUID | None, str | None]]:
    rows = session.execute(
        select(AnswerRevision.answer_id, AnswerRevision.number, AnswerRevision.saved_by_id, User.name)
        .outerjoin(User, User.id == AnswerRevision.saved_by_id)
        .where(AnswerRevision.answer_id.in_(list(seen)), AnswerRevision.number > min(seen.values()))
        .order_by(AnswerRevision.answer_id, AnswerRevision.number)
    )
    for answer, number, by, name in rows:
        if number > seen[answer]:
            yield answer, number, by, name


def states(
    session: Session, revisions: Iterable[tuple[UUID, int]]
) -> dict[tuple[UUID, int], tuple[Plain | None, datetime]]:
    """Return the values that answers had at the revisions given, as (answer, number), and since when; in one
    statement.
    """
    wanted = list(revisions)
    if not wanted:
        return {}
    rows = session.execute(
        select(
            AnswerRevision.answer_id, AnswerRevision.number, AnswerRevision.value, AnswerRevision.saved_at
        ).where(tuple_(AnswerRevision.answer_id, AnswerRevision.number).in_(wanted))
    )
    return {(answer, number): (value, at) for answer, number, value, at in rows}


def merged(session: Session, answers: Iterable[UUID]) -> dict[UUID, str]:
    """Return which of these answers are two texts that were put together, and whose the other text was.

    Such a revision stands behind the text as it was typed, and that one behind the other.
    """
    other = aliased(AnswerRevision)
    rows = session.execute(
        select(Answer.id, AnswerRevision.source, User.name)
        .join(
            AnswerRevision,
            (AnswerRevision.answer_id == Answer.id) & (AnswerRevision.number == Answer.revision),
        )
        .join(other, (other.answer_id == Answer.id) & (other.number == Answer.revision - 2))
        .outerjoin(User, User.id == other.saved_by_id)
        .where(Answer.id.in_(list(answers)))
    )
    return {id_: name or "" for id_, source, name in rows if (source or {}).get("kind") == "merged"}
