"""Taking over what was written into a form: only what a person accepted, by the same way as from a page.

The empty places of a form have keys; the record for one is made when something written in it is accepted
first, and a second time it is found again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.i18n import _
from app.models import Response, Via
from app.policy import Actor
from app.services import answering, auditing, repeating
from app.services.answering import Change, Outcome, Refused
from app.services.errors import DomainError, NotPossible, ResponseLocked

SOURCE = {"kind": "form", "what": "a form filled in offline"}


@dataclass(frozen=True)
class Slot:
    """An empty place of a form: its key, the list it is of, and the block around that."""

    key: UUID
    group: str
    parent: UUID | None


@dataclass(frozen=True)
class Taken:
    """One answer that was accepted; with a slot, the change's instance is known only when it is stored."""

    change: Change
    slot: Slot | None = None


def accept(
    session: Session, response_id: UUID, taken: Sequence[Taken], actor: Actor, now: datetime
) -> list[Outcome]:
    """Store what was accepted, and say of each answer what became of it, in the order given.

    Raises NotFound, NotAllowed, ResponseLocked for all of it; a record that cannot be made refuses its own
    answers only.
    """
    records = _records(session, response_id, taken, actor, now)
    changes: list[Change] = []
    refused: dict[int, Refused] = {}
    for number, each in enumerate(taken):
        made = records[each.slot.key] if each.slot is not None else each.change.instance_id
        if isinstance(made, DomainError):
            refused[number] = Refused(each.change, made.message)
        else:
            changes.append(replace(each.change, instance_id=made))
    done = iter(answering.save_answers(session, response_id, changes, actor, Via.IMPORT, now, source=SOURCE))
    outcomes: list[Outcome] = [refused[n] if n in refused else next(done) for n in range(len(taken))]
    detail = {"answers": len(changes), "records": len(records)}
    response = session.get_one(Response, response_id)
    auditing.record(session, actor, "accepted_form", response, detail, at=now)
    return outcomes


def _records(
    session: Session, response_id: UUID, taken: Sequence[Taken], actor: Actor, now: datetime
) -> dict[UUID, UUID | DomainError]:
    """The record for each slot, or why there cannot be one. A slot of which nothing is said makes none."""
    slots = {each.slot.key: each.slot for each in taken if each.slot is not None}
    records: dict[UUID, UUID | DomainError] = {}
    for slot in slots.values():
        try:
            records[slot.key] = repeating.add_record(
                session, response_id, slot.group, slot.parent, actor, now, key=str(slot.key), via=Via.IMPORT
            ).id
        except ResponseLocked:
            raise
        except NotPossible as full:
            records[slot.key] = full
        except DomainError:
            records[slot.key] = NotPossible(_("There is no place for this entry any more."))
    return records
