"""Answers of the round before, taken up again: still true, changed, no longer.

*Still true* is a confirmation: its revision holds what was confirmed and points to it. Each keeps the
language in which it was written, and an attribution that shows less than the name goes with it, so that
nothing is shown more widely than was agreed to then.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from app.definitions.questions import Records
from app.models import Attribution, Via
from app.policy import Actor
from app.queries import definitions, earlier_answers, responses
from app.queries.earlier_answers import Earlier, Sent
from app.services import answering, repeating
from app.services.answering import UNCHANGED, Change, Outcome
from app.services.errors import NotFound
from app.services.locking import lock_for_edit
from app.services.revising import read_stored


class Said(StrEnum):
    """What a respondent says today of an answer of the round before."""

    STILL_TRUE = "still_true"
    CHANGED = "changed"
    NO_LONGER = "no_longer"


@dataclass(frozen=True)
class Wanted:
    """What is said of which earlier answer, by the block and the key of the question that asks it today."""

    instance_id: UUID | None
    question_key: str
    said: Said


def carry_over(
    session: Session, response_id: UUID, wanted: Sequence[Wanted], actor: Actor, now: datetime
) -> list[Outcome]:
    """Take up what is wanted, where today's box is still empty; return what became of each single answer.

    Where somebody has written meanwhile the outcome is a Conflict, and their text stands. *Changed* is for a
    list alone, whose records are opened to be changed; other answers are changed where they are asked. Raises
    NotFound where there was no such answer, NotAllowed, ResponseLocked.
    """
    locked = lock_for_edit(session, response_id, actor, now)
    questionnaire = definitions.of(session, locked.version_id)
    earlier = earlier_answers.of_round_before(session, response_id, questionnaire)
    blocks = {block.id: block for block in responses.blocks(session, response_id)}
    changes: list[Change] = []
    for one in wanted:
        if one.instance_id is not None and one.instance_id not in blocks:
            raise NotFound
        found = earlier.get((responses.about(blocks, one.instance_id), one.question_key))
        if found is None:
            raise NotFound
        if isinstance(questionnaire.places[one.question_key].question, Records):
            changes += _of_list(session, response_id, one, found, actor, now)
        else:
            changes += _of_question(one, found)
    changes = _on_empty(session, response_id, changes)
    return answering.save_answers(session, response_id, changes, actor, Via.PAGE, now)


def _of_question(one: Wanted, earlier: Earlier) -> Iterator[Change]:
    if earlier.own is not None:
        yield _change(one.instance_id, one.question_key, "", earlier.own, one.said)
    for item, sent in earlier.rows.items():
        yield _change(one.instance_id, one.question_key, item, sent, one.said)


def _of_list(
    session: Session, response_id: UUID, one: Wanted, earlier: Earlier, actor: Actor, now: datetime
) -> Iterator[Change]:
    """The list's own answer, or its records made again, each once."""
    if one.said is Said.NO_LONGER or not earlier.records:
        sent = earlier.own or earlier.newest
        yield _change(one.instance_id, one.question_key, "", sent, one.said)
        return
    for record_id, fields in earlier.records.items():
        key = f"earlier:{record_id}"
        made = repeating.add_record(
            session, response_id, one.question_key, one.instance_id, actor, now, key=key
        )
        if made.removed_at is not None:
            repeating.restore_instance(session, response_id, made.id, actor, now)
        for field, sent in fields.items():
            yield _change(made.id, field, "", sent, Said.STILL_TRUE)


def _change(instance_id: UUID | None, key: str, item: str, sent: Sent, said: Said) -> Change:
    ends = said is Said.NO_LONGER
    closer = sent.attribution is not Attribution.BY_NAME and not ends
    return Change(
        instance_id,
        key,
        item,
        None if ends else sent.value,
        seen=0,
        confirms=f"{said}:{sent.revision_id}",
        language=sent.language,
        attribution=sent.attribution if closer else UNCHANGED,
        carries=True,
    )


def _on_empty(session: Session, response_id: UUID, changes: Sequence[Change]) -> list[Change]:
    """The changes with the revision of each emptied answer; what holds a text is left to be a conflict."""
    stored = read_stored(session, response_id, {change.question_key for change in changes})
    seen: Mapping[responses.Address, int] = {
        address: one.revision for address, one in stored.items() if one.value is None
    }
    return [replace(change, seen=seen.get(change.address, 0)) for change in changes]
