"""The answers of many responses at once, as they stood at a moment, to be counted: never to be shown."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, func, select
from sqlalchemy.orm import Session, aliased

from app.definitions.routing import Instance, InstanceId
from app.models import (
    Answer,
    AnswerRevision,
    InstanceAct,
    InstanceEvent,
    Organisation,
    RepeatInstance,
    Response,
    Round,
    Submission,
    SubmissionAnswer,
)
from app.queries import definitions
from app.tracking.items import Given

Plains = dict[tuple[InstanceId, str, str], Any]


def drafts(session: Session, round_: Round, wanted: Collection[UUID], at: datetime) -> list[Given]:
    """What stood in the drafts of the wanted responses at the moment, in three statements."""
    last = (
        select(AnswerRevision.answer_id, func.max(AnswerRevision.number).label("number"))
        .join(Answer, Answer.id == AnswerRevision.answer_id)
        .join(Response, Response.id == Answer.response_id)
        .where(Response.round_id == round_.id, AnswerRevision.saved_at <= at)
        .group_by(AnswerRevision.answer_id)
        .subquery()
    )
    rows = session.execute(
        select(
            Answer.response_id,
            Answer.instance_id,
            Answer.question_key,
            Answer.item,
            AnswerRevision.value,
        )
        .join(last, last.c.answer_id == Answer.id)
        .join(
            AnswerRevision,
            and_(AnswerRevision.answer_id == Answer.id, AnswerRevision.number == last.c.number),
        )
        .where(AnswerRevision.value.is_not(None), Answer.response_id.in_(list(wanted)))
    )
    answers = _by_response(rows)
    return _given(session, round_, {each: (answers[each], at) for each in wanted})


def submitted(
    session: Session, round_: Round, wanted: Collection[UUID], at: datetime, cut_off: datetime | None
) -> list[Given]:
    """What the wanted responses had submitted at the moment, by the latest submission that stood and counts,
    in four statements. What was withdrawn since is not looked into, of whichever day.
    """
    until = at if cut_off is None else min(at, cut_off)
    counted = {
        row.response_id: row for row in session.execute(_latest(round_, until)) if row.response_id in wanted
    }
    rows = session.execute(
        select(
            SubmissionAnswer.response_id,
            Answer.instance_id,
            Answer.question_key,
            Answer.item,
            AnswerRevision.value,
        )
        .join(Answer, Answer.id == SubmissionAnswer.answer_id)
        .join(AnswerRevision, AnswerRevision.id == SubmissionAnswer.answer_revision_id)
        .where(
            SubmissionAnswer.submission_id.in_([row.id for row in counted.values()]),
            AnswerRevision.value.is_not(None),
        )
    )
    answers = _by_response(rows)
    return _given(session, round_, {each: (answers[each], row.at) for each, row in counted.items()})


def _latest(round_: Round, until: datetime) -> Select[UUID, UUID, datetime]:
    later = aliased(Submission)

    def stood(submission: type[Submission]) -> Any:
        return and_(submission.at <= until, submission.withdrawn_at.is_(None))

    replaced = select(later.id).where(
        later.response_id == Submission.response_id, later.number > Submission.number, stood(later)
    )
    return (
        select(Submission.id, Submission.response_id, Submission.at)
        .join(Response, Response.id == Submission.response_id)
        .where(Response.round_id == round_.id, stood(Submission), ~replaced.exists())
    )


def _by_response(rows: Iterable[Row[UUID, UUID | None, str, str, Any]]) -> Mapping[UUID, Plains]:
    found: defaultdict[UUID, Plains] = defaultdict(dict)
    for response_id, instance_id, key, item, value in rows:
        found[response_id][instance_id, key, item] = value
    return found


def _given(session: Session, round_: Round, wanted: Mapping[UUID, tuple[Plains, datetime]]) -> list[Given]:
    """The answers with their blocks and records as they stood, in two statements; a questionnaire is read
    once in a process.
    """
    versions = session.execute(
        select(Response.id, Response.questionnaire_version_id)
        .where(Response.round_id == round_.id)
        .order_by(Response.id)
    )
    instances = _instances(session, round_, {each: at for each, (_answers, at) in wanted.items()})
    found = []
    for response_id, version_id in versions:
        if response_id in wanted:
            there = instances[response_id]
            found.append(
                Given(
                    response_id=response_id,
                    questionnaire=definitions.of(session, version_id),
                    answers=wanted[response_id][0],
                    instances=tuple(there),
                    subjects={
                        each.id: each.subject for each in there if each.subject and isinstance(each.id, UUID)
                    },
                )
            )
    return found


def _instances(
    session: Session, round_: Round, moments: Mapping[UUID, datetime]
) -> Mapping[UUID, list[Instance]]:
    """The blocks and records of each response in their order, removed ones inactive, as of its moment."""
    rows = session.execute(
        select(RepeatInstance, Organisation.code, InstanceEvent.act, InstanceEvent.at)
        .join(Response, Response.id == RepeatInstance.response_id)
        .outerjoin(Organisation, Organisation.id == RepeatInstance.subject_id)
        .outerjoin(InstanceEvent, InstanceEvent.instance_id == RepeatInstance.id)
        .where(Response.round_id == round_.id, RepeatInstance.response_id.in_(list(moments)))
        .order_by(RepeatInstance.position, RepeatInstance.created_at, RepeatInstance.id, InstanceEvent.number)
    )
    kept: dict[UUID, tuple[RepeatInstance, str | None, bool]] = {}
    for instance, code, act, happened_at in rows:
        at = moments.get(instance.response_id)
        if at is None or instance.created_at > at:
            continue
        there = kept[instance.id][2] if instance.id in kept else True
        if act is not None and happened_at <= at:
            there = act is not InstanceAct.REMOVED
        kept[instance.id] = (instance, code, there)
    found: defaultdict[UUID, list[Instance]] = defaultdict(list)
    for instance, subject, there in kept.values():
        parent = kept.get(instance.parent_id) if instance.parent_id else None
        active = there and (parent is None or parent[2])
        found[instance.response_id].append(
            Instance(instance.id, instance.group_key, instance.parent_id, subject, active)
        )
    return found
