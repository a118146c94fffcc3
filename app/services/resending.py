"""Sending a letter again, when staff say so: a new letter, so that what became of the first can be read."""

import re
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.i18n import _
from app.models import OutboxMessage, Response, Round, User
from app.policy import Act, Actor, can
from app.queries import outbox, reachability, trails
from app.queries.outbox import State
from app.services import auditing, mailing, notices, receipt_letters, thread_letters
from app.services.errors import NotAllowed, NotFound, NotPossible
from app.services.letter_writing import Letter, Links, Unwanted
from app.services.letters import LETTERS, SHOWN_TO_STAFF
from app.standing import FINISHED, standing

_TOKEN = re.compile(r"^(/(?:no-reminders|invitation|sign-in)/).+")

TO_FINISHED = frozenset({receipt_letters.LETTER, thread_letters.LETTER, notices.KIND})
"""The kinds of letters that whoever has answered still gets."""


def send_again(
    session: Session, message_id: UUID, links: Links, actor: Actor, now: datetime
) -> OutboxMessage:
    """Have a letter sent once more. Raises NotFound, NotAllowed, or NotPossible, which says why."""
    if not can(actor, Act.SEND_MAIL):
        raise NotAllowed
    message = session.get(OutboxMessage, message_id, with_for_update=True)
    if message is None or message.round_id is None:
        raise NotFound
    why_not = hindrance(session, message, links, now)
    if why_not is not None:
        raise NotPossible(why_not)
    number = session.scalars(
        select(func.count()).where(OutboxMessage.resends_id == message.id).select_from(OutboxMessage)
    ).one()
    again = OutboxMessage(
        id=uuid4(),
        kind=message.kind,
        dedupe_key=f"again:{message.id}:{number + 1}",
        user_id=message.user_id,
        payload=dict(message.payload),
        created_at=now,
        due_at=now,
        round_id=message.round_id,
        response_id=message.response_id,
        resends_id=message.id,
    )
    session.add(again)
    auditing.record(session, actor, "sent_again", message, {"as": str(again.id)}, at=now)
    return again


def hindrance(session: Session, message: OutboxMessage, links: Links, now: datetime) -> str | None:
    """Why the letter cannot be sent again, in a sentence; None if it can."""
    user = session.get(User, message.user_id) if message.user_id else None
    if user is None or user.deactivated_at is not None:
        return _("This person can no longer sign in, so no letter goes to them.")
    if _waits(session, message, now):
        return _("It waits to be sent already.")
    if reachability.address_fails(session, user):
        return _("Letters to this address do not arrive. Put the address right first.")
    if message.kind not in TO_FINISHED and _finished(session, message, now):
        return _("This respondent has finished, so the letter is not sent again.")
    if isinstance(as_it_would_be(session, message, links, now), Unwanted):
        return _("What the letter says holds no longer, so it would not be sent.")
    return None


def _waits(session: Session, message: OutboxMessage, now: datetime) -> bool:
    """Whether the letter itself, or one that sends it again, is still on its way."""
    states = session.scalars(
        select(outbox.state_at(now)).where(
            or_(OutboxMessage.id == message.id, OutboxMessage.resends_id == message.id)
        )
    )
    return State.QUEUED in set(states)


def _finished(session: Session, message: OutboxMessage, now: datetime) -> bool:
    response = session.get(Response, message.response_id) if message.response_id else None
    if response is None:
        return False
    round_ = session.get_one(Round, response.round_id)
    return standing(trails.of_response(session, round_, response), now) in FINISHED


def as_it_would_be(
    session: Session, message: OutboxMessage, links: Links, now: datetime
) -> Letter | Unwanted | None:
    """The letter as it would be written now; None if staff do not read it: it holds the secret of a link, or
    is between a respondent's own people.
    """
    user = session.get(User, message.user_id) if message.user_id else None
    if user is None:
        return Unwanted.NOBODY
    if message.kind not in SHOWN_TO_STAFF:
        return None
    return mailing.as_written(LETTERS[message.kind](session, message, user, _Looked(links), now))


class _Looked:
    """Links for a letter that is only looked at: what their recipient alone may follow is left out."""

    def __init__(self, links: Links) -> None:
        self._links = links

    def sign_in(self, _token: str) -> str:
        return self._links.page("/sign-in/…")

    def page(self, path: str) -> str:
        return self._links.page(_TOKEN.sub(r"\1…", path))
