"""Who stops being asked in a round that is open, and is asked again: dated, with a reason, never undone in
the base of those who were invited.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.definitions import values
from app.i18n import _
from app.models import Round, RoundParticipant
from app.policy import Act, Actor, can
from app.services import auditing
from app.services.errors import NotAllowed, NotFound, NotPossible
from app.services.rounds import taken


def withdraw(
    session: Session, round_: Round, organisation_id: UUID, reason: str, by: Actor, now: datetime
) -> RoundParticipant:
    """Ask an organisation no more. What it has written is kept and counts no more; it stays among those who
    were invited. Raises NotFound, NotAllowed, NotPossible without a reason.
    """
    participant = _participant(session, round_, organisation_id, by)
    why = values.normalise(reason).strip()
    if not why:
        raise NotPossible(_("Say why it is asked no more."))
    if participant.withdrawn_at is None:
        participant.withdrawn_at, participant.why = now, why
        auditing.record(session, by, "withdrew_participant", participant, {"reason": why}, at=now)
    return participant


def ask_again(
    session: Session, round_: Round, organisation_id: UUID, reason: str, by: Actor, now: datetime
) -> RoundParticipant:
    """Take a withdrawal back. Raises NotFound, NotAllowed, NotPossible without a reason."""
    participant = _participant(session, round_, organisation_id, by)
    why = values.normalise(reason).strip()
    if not why:
        raise NotPossible(_("Say why it is asked again."))
    if participant.withdrawn_at is not None:
        since = participant.withdrawn_at.isoformat()
        participant.withdrawn_at = participant.why = None
        detail = {"reason": why, "withdrawn_at": since}
        auditing.record(session, by, "asked_again", participant, detail, at=now)
    return participant


def _participant(session: Session, round_: Round, organisation_id: UUID, by: Actor) -> RoundParticipant:
    if not can(by, Act.MANAGE_ROUNDS):
        raise NotAllowed
    taken(session, round_)
    found = session.scalar(
        select(RoundParticipant)
        .where(RoundParticipant.round_id == round_.id, RoundParticipant.organisation_id == organisation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found
