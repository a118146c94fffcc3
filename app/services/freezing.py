"""What would be sent if a response were submitted now: which answers, as which revisions, how quotable."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.definitions import completeness, routing
from app.models import Answer, AnswerRevision, Attribution, Response
from app.policy import in_force
from app.queries import definitions, files, responses, submissions
from app.queries.responses import Block
from app.services import freezing_files
from app.services.attributing import outwards
from app.services.errors import AttributionMissing, Incomplete

Frozen = submissions.Frozen


def frozen(session: Session, response: Response, blocks: Mapping[UUID, Block]) -> list[Frozen]:
    """The answers on the path as they are now, with the attribution in force.

    Raises Incomplete with everything that is missing or wrong, AttributionMissing.
    """
    questionnaire = definitions.of(session, response.questionnaire_version_id)
    values = responses.values(session, response.id)
    instances = [block.routed() for block in blocks.values()]
    lacks = completeness.missing(questionnaire, values, instances)
    if lacks:
        raise Incomplete(lacks)
    path = routing.path(questionnaire, values, instances)
    counted = {(instance, key, item) for instance, key, item, _value in path.answers()}
    rows = session.execute(
        select(Answer, AnswerRevision)
        .join(
            AnswerRevision,
            (AnswerRevision.answer_id == Answer.id) & (AnswerRevision.number == Answer.revision),
        )
        .where(Answer.response_id == response.id)
        .order_by(Answer.id)
        .execution_options(populate_existing=True)
    )
    return [
        (answer, revision, _in_force(answer, blocks, response))
        for answer, revision in rows
        if (answer.instance_id, answer.question_key, answer.item) in counted
    ]


def _in_force(answer: Answer, blocks: Mapping[UUID, Block], response: Response) -> Attribution:
    found = in_force([answer.attribution, *outwards(blocks, answer.instance_id), response.attribution])
    if found is None:
        raise AttributionMissing
    return found


def rows_of(answers: Sequence[Frozen]) -> list[list[Any]]:
    """The answers as they stand in a digest, in an order that depends on what they say alone."""
    return sorted(
        [
            str(answer.instance_id or ""),
            answer.question_key,
            answer.item,
            revision.number,
            revision.language,
            attribution.value,
            json.dumps(revision.value, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
        ]
        for answer, revision, attribution in answers
    )


def digest_of(content: Mapping[str, Any]) -> str:
    """The SHA-256, in hexadecimal, of the canonical JSON of the content: keys sorted, no spaces, UTF-8."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def digest_now(session: Session, response: Response) -> str:
    """The digest of the answers as they would be sent now. Raises Incomplete, AttributionMissing."""
    blocks = {block.id: block for block in responses.blocks(session, response.id)}
    attached = freezing_files.asked_for(session, response, blocks)
    return digest_of_answers(response, frozen(session, response, blocks), attached)


def digest_of_answers(
    response: Response, answers: Sequence[Frozen], attached: Sequence[files.Frozen] = ()
) -> str:
    """The digest of the answers alone, with what is attached to them, whoever sends them and with what
    statement: what clearance covers.
    """
    version = str(response.questionnaire_version_id)
    content = {"response": str(response.id), "questionnaire_version": version, "answers": rows_of(answers)}
    return digest_of(content | freezing_files.part_of_digest(attached))
