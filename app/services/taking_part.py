"""What somebody does with a part of a response that was given to them: opening it, calling it ready."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.models import EDITABLE, Appointment, Delegation
from app.policy import Act, Actor, DelegatedRight, can
from app.queries import responses
from app.services import auditing
from app.services.errors import NotAllowed, NotFound, ResponseLocked


def note_opened(session: Session, user_id: UUID, now: datetime) -> None:
    """Note that the person has signed in to everything that they have been given."""
    own = select(Appointment.id).where(Appointment.user_id == user_id)
    session.execute(
        update(Delegation)
        .where(
            Delegation.appointment_id.in_(own),
            Delegation.opened_at.is_(None),
            Delegation.ended_at.is_(None),
        )
        .values(opened_at=now)
        .execution_options(synchronize_session=False)
    )


def mark_ready(
    session: Session, response_id: UUID, delegation_id: UUID, actor: Actor, now: datetime, *, ready: bool
) -> None:
    """Say that a part which one was given to write is ready, or take that back; saying it twice is once.

    It can be written on all the same. Raises NotFound for what was not given to this person, NotAllowed,
    ResponseLocked once nothing can be written.
    """
    facts = responses.facts(session, response_id)
    if facts is None:
        raise NotFound
    if not can(actor, Act.MARK_READY, facts):
        raise NotAllowed
    part = session.get(Delegation, delegation_id, with_for_update=True, populate_existing=True)
    if part is None or not _is_own(part, response_id, actor):
        raise NotFound
    if facts.status not in EDITABLE or not facts.round_open:
        raise ResponseLocked
    if (part.ready_at is not None) is ready:
        return
    part.ready_at = now if ready else None
    detail = {"response": str(response_id)}
    auditing.record(session, actor, "marked_ready" if ready else "took_ready_back", part, detail, at=now)


def _is_own(part: Delegation, response_id: UUID, actor: Actor) -> bool:
    standing = part.response_id == response_id and part.ended_at is None
    mine = part.appointment_id in {hat.appointment_id for hat in actor.appointments}
    return standing and mine and part.right is DelegatedRight.WRITE
