"""Blocks about mechanisms and records of lists: adding, removing, restoring, filling from another block.

Nothing is deleted: a removed record is kept with its answers, and every act on it is an event.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.definitions.questions import Records
from app.i18n import _
from app.models import (
    Answer,
    Attribution,
    InstanceAct,
    InstanceEvent,
    Organisation,
    OrganisationKind,
    RepeatInstance,
    Response,
    Via,
)
from app.policy import Act, Actor, ResponseFacts, can, in_force, loosens
from app.queries import definitions, responses, taken_out
from app.queries.responses import Block
from app.services import answering, assigning, auditing
from app.services.answering import UNCHANGED, Change, Outcome, as_drawn
from app.services.attributing import outwards
from app.services.errors import NotAllowed, NotFound, NotPossible
from app.services.locking import Locked, lock_for_edit, may_write


def add_record(
    session: Session,
    response_id: UUID,
    group_key: str,
    parent_id: UUID | None,
    actor: Actor,
    now: datetime,
    key: str | None = None,
    via: Via = Via.PAGE,
    drawn_with: UUID | None = None,
) -> RepeatInstance:
    """One more record of the list ``group_key`` in that block (None outside blocks).

    The same ``key`` a second time returns the record that the first time made. An answer that there are none
    is cleared. ``drawn_with`` is the version of the questionnaire that the writer saw (see ``save_answers``).
    Raises NotFound for an unknown list or block, NotPossible for a full list, and what locking raises.
    """
    locked = as_drawn(session, lock_for_edit(session, response_id, actor, now), drawn_with)
    made = _made_before(session, response_id, key)
    if made is not None:
        return made
    blocks = {block.id: block for block in responses.blocks(session, response_id)}
    _check_place(session, locked, blocks, group_key, parent_id, actor)
    _clear_none(session, locked, group_key, parent_id, actor, via, now)
    record = RepeatInstance(
        id=uuid4(),
        response_id=response_id,
        parent_id=parent_id,
        group_key=group_key,
        position=responses.last_position(session, response_id, group_key, parent_id) + 1,
        idempotency_key=key,
        created_at=now,
    )
    session.add(record)
    session.flush()  # the event points to it
    session.add(assigning.event(record.id, 1, InstanceAct.ADDED, actor, locked.appointment_id, now))
    auditing.record(session, actor, "added_record", record, {"list": group_key}, at=now)
    return record


def _made_before(session: Session, response_id: UUID, key: str | None) -> RepeatInstance | None:
    if key is None:
        return None
    return session.scalar(
        select(RepeatInstance).where(
            RepeatInstance.response_id == response_id, RepeatInstance.idempotency_key == key
        )
    )


def _check_place(
    session: Session,
    locked: Locked,
    blocks: dict[UUID, Block],
    group_key: str,
    parent_id: UUID | None,
    actor: Actor,
) -> None:
    questionnaire = definitions.of(session, locked.version_id)
    place = questionnaire.places.get(group_key)
    if place is None or not isinstance(place.question, Records):
        raise NotFound
    parent = blocks.get(parent_id) if parent_id else None
    if parent_id is not None and (parent is None or not parent.active):
        raise NotFound
    expected = place.section.key if place.section.repeat is not None else None
    if (parent.group_key if parent else None) != expected:
        raise NotFound
    if not may_write(actor, _facts(session, locked, blocks, parent_id, group_key)):
        raise NotAllowed
    there = sum(
        block.active and (block.group_key, block.parent_id) == (group_key, parent_id)
        for block in blocks.values()
    )
    if there >= place.question.max:
        raise NotPossible(_("There can be at most %(most)s here.", most=place.question.max))


def _clear_none(
    session: Session,
    locked: Locked,
    group_key: str,
    parent_id: UUID | None,
    actor: Actor,
    via: Via,
    now: datetime,
) -> None:
    in_block = Answer.instance_id.is_(None) if parent_id is None else Answer.instance_id == parent_id
    found = session.execute(
        select(Answer.value, Answer.revision).where(
            Answer.response_id == locked.response_id, in_block, Answer.question_key == group_key
        )
    ).one_or_none()
    if found is not None and found.value is not None:
        change = Change(parent_id, group_key, "", None, found.revision)
        answering.save_answers(
            session, locked.response_id, [change], actor, via, now, source=_SOURCE.get(via)
        )


_SOURCE = {Via.STAFF: {"what": "a record was entered"}}


def remove_instance(
    session: Session, response_id: UUID, instance_id: UUID, actor: Actor, now: datetime
) -> RepeatInstance:
    """Take a record or an added block out; removing it twice is removing it once.

    Raises NotFound, NotPossible for a block that nobody added (say “not active” in it), and what locking
    raises.
    """
    locked, instance = _taken(session, response_id, instance_id, actor, now)
    if instance.subject_id is not None and instance.id not in taken_out.added_blocks(session, response_id):
        raise NotPossible(_("The register gives this mechanism. Say in it that you take no active part."))
    if instance.removed_at is None:
        instance.removed_at = now
        _note(session, instance, InstanceAct.REMOVED, actor, locked, now)
    return instance


def restore_instance(
    session: Session, response_id: UUID, instance_id: UUID, actor: Actor, now: datetime
) -> RepeatInstance:
    """Bring a removed record or block back, with its answers. An answer that there are none is cleared.

    Raises NotFound, NotPossible for a list that is full meanwhile, and what locking raises.
    """
    locked, instance = _taken(session, response_id, instance_id, actor, now)
    if instance.removed_at is not None:
        if instance.subject_id is None:
            _make_room(session, locked, instance, actor, now)
        instance.removed_at = None
        _note(session, instance, InstanceAct.RESTORED, actor, locked, now)
    return instance


def _make_room(session: Session, locked: Locked, record: RepeatInstance, actor: Actor, now: datetime) -> None:
    blocks = {block.id: block for block in responses.blocks(session, locked.response_id)}
    _check_place(session, locked, blocks, record.group_key, record.parent_id, actor)
    _clear_none(session, locked, record.group_key, record.parent_id, actor, Via.PAGE, now)


def add_mechanism(
    session: Session, response_id: UUID, iscm_id: UUID, actor: Actor, now: datetime
) -> RepeatInstance:
    """The block about this mechanism: the one there is, brought back if it was removed, or a new one.

    Raises NotFound for what is no mechanism of the register (of the fictional one, where the respondent is),
    NotPossible if this questionnaire has no such blocks.
    """
    locked = lock_for_edit(session, response_id, actor, now)
    section = assigning.repeated_section(definitions.of(session, locked.version_id))
    if section is None:
        raise NotPossible(_("This questionnaire is not about several mechanisms."))
    iscm = session.get(Organisation, iscm_id)
    if iscm is None or iscm.kind is not OrganisationKind.ISCM or iscm.withdrawn_at is not None:
        raise NotFound
    if iscm.fictional is not session.get_one(Organisation, locked.organisation_id).fictional:
        raise NotFound
    if not may_write(actor, locked.facts(iscm_id, section)):
        raise NotAllowed
    there = session.scalar(
        select(RepeatInstance).where(
            RepeatInstance.response_id == response_id,
            RepeatInstance.group_key == section,
            RepeatInstance.subject_id == iscm_id,
        )
    )
    if there is not None:
        return restore_instance(session, response_id, there.id, actor, now)
    position = responses.last_position(session, response_id, section, None) + 1
    block = assigning.add_block(
        session, response_id, section, iscm_id, position, actor, now, locked.appointment_id
    )
    auditing.record(session, actor, "added_mechanism", block, {"iscm": iscm.code}, at=now)
    return block


def same_as(
    session: Session,
    response_id: UUID,
    from_instance: UUID,
    to_instance: UUID,
    actor: Actor,
    now: datetime,
    via: Via = Via.PAGE,
) -> list[Outcome]:
    """Copy the answers of one block into what is still empty in another; each copy is a revision of its own.

    Lists of records are copied where the other block has none. Raises NotFound for blocks that are not two of
    a kind.
    """
    locked = lock_for_edit(session, response_id, actor, now)
    blocks = {block.id: block for block in responses.blocks(session, response_id)}
    source, target = blocks.get(from_instance), blocks.get(to_instance)
    if source is None or target is None or source.id == target.id or source.group_key != target.group_key:
        raise NotFound
    if not (source.active and target.active) or source.parent_id or target.parent_id:
        raise NotFound
    seen = _facts(session, locked, blocks, source.id, source.group_key)
    if not (can(actor, Act.READ_RESPONSE, seen) or may_write(actor, seen)):
        raise NotFound
    reusable = {
        place.question.key
        for place in definitions.of(session, locked.version_id).places.values()
        if place.section.key == source.group_key and place.records is None and place.question.reuse
    }
    pairs = [(source.id, target.id)]
    pairs += _new_records(session, locked, blocks, source, target, reusable, actor, now)
    return _copy(session, locked, pairs, reusable, actor, now, via)


def _new_records(
    session: Session,
    locked: Locked,
    blocks: dict[UUID, Block],
    source: Block,
    target: Block,
    reusable: set[str],
    actor: Actor,
    now: datetime,
) -> list[tuple[UUID, UUID]]:
    """Empty records in the target for those of the source, as pairs, where the target has none."""

    def records(of: Block) -> list[Block]:
        return [block for block in blocks.values() if block.parent_id == of.id and block.active]

    filled = {record.group_key for record in records(target)}
    said_none = {
        key for block, key, _row in responses.values(session, locked.response_id) if block == target.id
    }
    return [
        (
            record.id,
            add_record(session, locked.response_id, record.group_key, target.id, actor, now).id,
        )
        for record in records(source)
        if record.group_key in reusable and record.group_key not in filled | said_none
    ]


def _copy(
    session: Session,
    locked: Locked,
    pairs: Sequence[tuple[UUID, UUID]],
    reusable: set[str],
    actor: Actor,
    now: datetime,
    via: Via,
) -> list[Outcome]:
    rows = responses.present(session, locked.response_id)
    there = {(row.instance_id, row.question_key, row.item): row for row in rows}
    block, goal = pairs[0]
    attributions = _Attributions(session, locked.response_id, goal)
    changes = []
    for source, target in pairs:
        for row in rows:
            if row.instance_id != source or row.value is None:
                continue
            if source == block and row.question_key not in reusable:
                continue
            kept = there.get((target, row.question_key, row.item))
            if kept is not None and kept.value is not None:
                continue
            changes.append(_copied(row, target, kept, attributions))
    return answering.save_answers(session, locked.response_id, changes, actor, via, now)


class _Attributions:
    """What is in force for the answers of a response, and for what is copied into one of its blocks."""

    def __init__(self, session: Session, response_id: UUID, goal: UUID) -> None:
        self._blocks = {block.id: block for block in responses.blocks(session, response_id)}
        self._of_all = session.get_one(Response, response_id).attribution
        self._goal = goal

    def of(self, answer: Answer) -> Attribution | None:
        """What is in force for an answer."""
        return in_force([answer.attribution, *outwards(self._blocks, answer.instance_id), self._of_all])

    def there(self, kept: Answer | None) -> Attribution | None:
        """What would be in force for a copy; a record made for it has no choice of its own."""
        own = kept.attribution if kept is not None else None
        return in_force([own, *outwards(self._blocks, self._goal), self._of_all])


def _copied(row: Answer, target: UUID, kept: Answer | None, attributions: _Attributions) -> Change:
    """The copy of an answer: never quoted more openly than it. Who may not choose that is refused it."""
    before, after = attributions.of(row), attributions.there(kept)
    looser = before is not None and (after is None or loosens(before, after))
    return Change(
        target,
        row.question_key,
        row.item,
        row.value,
        kept.revision if kept is not None else 0,
        language=row.language,
        attribution=before if looser else UNCHANGED,
    )


def _taken(
    session: Session, response_id: UUID, instance_id: UUID, actor: Actor, now: datetime
) -> tuple[Locked, RepeatInstance]:
    locked = lock_for_edit(session, response_id, actor, now)
    blocks = {block.id: block for block in responses.blocks(session, response_id)}
    if instance_id not in blocks:
        raise NotFound
    place = _facts(session, locked, blocks, instance_id, blocks[instance_id].group_key)
    if place.block_id == instance_id:  # a block goes or comes with the leave of whoever has its section
        place = replace(place, block_id=None)
    if not may_write(actor, place):
        raise NotAllowed
    return locked, session.get_one(RepeatInstance, instance_id, populate_existing=True)


def _facts(
    session: Session, locked: Locked, blocks: Mapping[UUID, Block], instance_id: UUID | None, group_key: str
) -> ResponseFacts:
    """What the policy must know of a group in a block (None outside blocks)."""
    section = definitions.of(session, locked.version_id).section_of_group(group_key)
    return locked.facts(responses.about(blocks, instance_id), section, responses.around(blocks, instance_id))


def _note(
    session: Session,
    instance: RepeatInstance,
    act: InstanceAct,
    actor: Actor,
    locked: Locked,
    now: datetime,
) -> None:
    last = session.scalar(
        select(func.max(InstanceEvent.number)).where(InstanceEvent.instance_id == instance.id)
    )
    number = (last or 0) + 1
    session.add(assigning.event(instance.id, number, act, actor, locked.appointment_id, now))
    auditing.record(session, actor, f"{act}_entry", instance, {"group": instance.group_key}, at=now)
    session.flush()  # a second act in the same request counts on from this one
