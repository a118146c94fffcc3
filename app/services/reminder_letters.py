"""The letter of a reminder, with the way to get no more of them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app import signing
from app.i18n import _
from app.models import MessagePurpose, OutboxMessage, ReminderAnchor, ReminderRule, User
from app.services import being_asked, round_letters
from app.services.being_asked import Asked
from app.services.letter_writing import Letter, Links
from app.services.reminding import REMINDED
from app.services.round_letters import About, Reader
from app.standing import Standing

_BY_HAND = frozenset(REMINDED) | {Standing.NO_CONTACT, Standing.BOUNCED}


def written(
    session: Session, message: OutboxMessage, user: User, links: Links, now: datetime
) -> Letter | None:
    """The letter; nothing to who has finished, stands elsewhere than the rule says, wants no reminders or has
    them paused.
    """
    asked = being_asked.now_for(session, message, now)
    if asked is None or not _wanted(session, message, asked, now):
        return None
    given = {
        "link": links.page(f"/responses/{asked.about.response.id}"),
        "standing": round_letters.standing_words(asked.standing),
        "note": str(message.payload.get("note") or ""),
    }
    purpose = MessagePurpose(message.payload["purpose"])
    reader = Reader(user.name, user.locale)
    subject, text = round_letters.compose(session, purpose, asked.about, reader, links, given)
    stop = links.page(f"/no-reminders/{token(asked.about, user.id)}")
    return Letter(subject, f"{text}\n{footer(asked.about, stop)}", headers(stop))


def token(about: About, user_id: UUID) -> str:
    """What opens the page on which the person says that they want no reminders in this round."""
    return signing.sign(signing.NO_REMINDERS, (str(about.round.id), str(user_id)))


def footer(about: About, stop: str) -> str:
    """Why the letter came, and how to get no more of them."""
    return _(
        "--\nYou get this letter because you answer for %(organisation)s. To get no more reminders in this "
        "round, open this page:\n%(link)s\n",
        organisation=about.organisation,
        link=stop,
    )


def headers(stop: str) -> dict[str, str]:
    """RFC 2369 and RFC 8058: mail programmes show a button; with one click only over TLS."""
    found = {"List-Unsubscribe": f"<{stop}>"}
    if stop.startswith("https://"):
        found["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return found


def _wanted(session: Session, message: OutboxMessage, asked: Asked, now: datetime) -> bool:
    if asked.person.opted_out or asked.standing not in _BY_HAND:
        return False
    if not being_asked.takes_answers(asked.about.round, asked.about.deadline, now):
        return False
    if "rule" not in message.payload:
        return True
    rule = session.get(ReminderRule, UUID(message.payload["rule"]))
    if rule is None or rule.ended_at is not None or asked.about.round.reminders_paused_at is not None:
        return False
    anchor = datetime.fromisoformat(message.payload["anchor"])
    if rule.anchor is ReminderAnchor.DEADLINE and anchor != asked.about.deadline:
        return False  # the deadline has moved since: the rule falls on another day
    return asked.standing.value in (rule.standings or [each.value for each in REMINDED])
