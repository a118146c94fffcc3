"""What a respondent answered in the round before, to stand beside the question that asks the same today."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session, aliased

from app.definitions import matching
from app.definitions.plain import Plain
from app.definitions.schema import Questionnaire
from app.models import (
    Answer,
    AnswerRevision,
    Attribution,
    RepeatInstance,
    Response,
    Round,
    Submission,
    SubmissionAnswer,
    User,
)
from app.queries import definitions

Question = tuple[UUID | None, str]
"""A question of today: the mechanism it is about, or None, and its key; of a list of records the list's."""


@dataclass(frozen=True)
class Sent:
    """One answer as it was submitted then: the revision, its value, and how it might be used."""

    revision_id: UUID
    value: Plain
    language: str
    attribution: Attribution
    by: str
    at: datetime


@dataclass
class Earlier:
    """What was submitted to one question: its own answer, those of its rows, the fields of its records."""

    round_code: str
    own: Sent | None = None
    rows: dict[str, Sent] = field(default_factory=dict)
    records: dict[UUID, dict[str, Sent]] = field(default_factory=dict)

    def every(self) -> Iterator[Sent]:
        """Each single answer."""
        if self.own is not None:
            yield self.own
        yield from self.rows.values()
        for record in self.records.values():
            yield from record.values()

    @property
    def newest(self) -> Sent:
        """The answer that was written last."""
        return max(self.every(), key=lambda one: one.at)


def of_round_before(session: Session, response_id: UUID, now: Questionnaire) -> Mapping[Question, Earlier]:
    """Return what the organisation submitted before, by the question of ``now`` that asks the same.

    The latest round before this one counts. Matched by concept, mechanism and row, within the same kind
    (``definitions.matching``); what has no counterpart is left out. Two statements, and one for each version.
    """
    submission_id = session.scalar(_latest_before(response_id))
    if submission_id is None:
        return {}
    found: dict[Question, Earlier] = {}
    for row in session.execute(_SENT.where(SubmissionAnswer.submission_id == submission_id)):
        address = _counterpart(session, row, now)
        if address is not None and row.value is not None:
            _put(found, row, address)
    return found


_AROUND = aliased(RepeatInstance)
_SENT = (
    select(
        AnswerRevision.id,
        AnswerRevision.value,
        AnswerRevision.language,
        AnswerRevision.questionnaire_version_id,
        AnswerRevision.saved_at,
        SubmissionAnswer.attribution,
        Answer.question_key,
        Answer.item,
        RepeatInstance.id.label("instance"),
        RepeatInstance.group_key,
        RepeatInstance.subject_id,
        _AROUND.subject_id.label("outer"),
        Round.code,
        User.name,
    )
    .select_from(SubmissionAnswer)
    .join(Answer, Answer.id == SubmissionAnswer.answer_id)
    .join(AnswerRevision, AnswerRevision.id == SubmissionAnswer.answer_revision_id)
    .join(Response, Response.id == SubmissionAnswer.response_id)
    .join(Round, Round.id == Response.round_id)
    .outerjoin(RepeatInstance, RepeatInstance.id == Answer.instance_id)
    .outerjoin(_AROUND, _AROUND.id == RepeatInstance.parent_id)
    .outerjoin(User, User.id == AnswerRevision.saved_by_id)
    .order_by(RepeatInstance.position, RepeatInstance.id, Answer.question_key, Answer.item)
)


def _counterpart(session: Session, row: Row[*tuple[Any, ...]], now: Questionnaire) -> str | None:
    """The address today of the question that the row answers."""
    then = definitions.of(session, row.questionnaire_version_id)
    of_record = row.instance is not None and row.subject_id is None
    address = f"{row.group_key}.{row.question_key}" if of_record else row.question_key
    return matching.counterparts(then, now).get(address)


def _put(found: dict[Question, Earlier], row: Row[*tuple[Any, ...]], address: str) -> None:
    sent = Sent(row.id, row.value, row.language, row.attribution, row.name or "", row.saved_at)
    key, _dot, part = address.partition(".")
    if part:
        earlier = found.setdefault((row.outer, key), Earlier(row.code))
        earlier.records.setdefault(row.instance, {})[part] = sent
        return
    earlier = found.setdefault((row.subject_id, key), Earlier(row.code))
    if row.item:
        earlier.rows[row.item] = sent
    else:
        earlier.own = sent


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


def versions_before(session: Session, round_id: UUID) -> list[tuple[UUID, UUID]]:
    """Return the versions of each questionnaire that meet in a round: one of the latest round before in which
    it was asked, and one of this round. One statement.
    """
    this = session.get_one(Round, round_id)
    rows = session.execute(
        select(Round.id, Round.opens_at, Response.questionnaire_key, Response.questionnaire_version_id)
        .join(Response, Response.round_id == Round.id)
        .where(Round.opens_at <= this.opens_at)
        .distinct()
        .order_by(
            Round.opens_at.desc(), Round.id, Response.questionnaire_key, Response.questionnaire_version_id
        )
    ).all()
    pairs = []
    for key in sorted({row.questionnaire_key for row in rows}):
        of_key = [row for row in rows if row.questionnaire_key == key]
        now = [row.questionnaire_version_id for row in of_key if row.id == round_id]
        earlier = [row for row in of_key if row.id != round_id]
        then = [row.questionnaire_version_id for row in earlier if row.id == earlier[0].id]
        pairs += [(old, new) for old in then for new in now]
    return pairs
