"""The letter of an invitation, and of a fresh link for who was invited before."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.models import MessagePurpose, OutboxMessage, User
from app.services import activating, being_asked, round_letters
from app.services.being_asked import Asked
from app.services.letter_writing import Links, Unwanted
from app.services.round_letters import Reader
from app.standing import FINISHED

INVITATION = MessagePurpose.INVITATION.value
ACTIVATION = MessagePurpose.ACTIVATION.value


def written(
    session: Session, message: OutboxMessage, user: User, links: Links, now: datetime
) -> tuple[str, str] | Unwanted:
    """The letter with a link made for it; nothing to who has finished, or is not asked any more."""
    asked = being_asked.now_for(session, message, now)
    if isinstance(asked, Unwanted):
        return asked
    if asked.standing in FINISHED:
        return Unwanted.FINISHED
    if not being_asked.takes_answers(asked.about.round, asked.about.deadline, now):
        return Unwanted.NOT_WANTED
    link = links.page("/sign-in")
    if user.staff_role is None:
        token = activating.make_link(session, user.id, _ends(asked, now), now)
        link = links.page(f"/invitation/{token}")
    reader = Reader(user.name, user.locale)
    purpose = MessagePurpose(message.kind)
    return round_letters.compose(session, purpose, asked.about, reader, links, {"link": link})


def _ends(asked: Asked, now: datetime) -> datetime:
    """Until when answers are taken: the deadline, or after it the cut-off."""
    if asked.about.deadline > now:
        return asked.about.deadline
    return asked.about.round.cutoff_at or now + activating.LIFETIME
