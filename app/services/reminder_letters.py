"""The letter of a reminder, with the way to get no more of them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app import signing
from app.i18n import _
from app.models import MessagePurpose, OutboxMessage, ReminderAnchor, ReminderRule, User
from app.services import being_asked, round_letters
from app.services.being_asked import Asked
from app.services.letter_writing import Letter, Links, Unwanted
from app.services.reminding import REMINDED
from app.services.round_letters import About, Reader
from app.standing import FINISHED


def written(
    session: Session, message: OutboxMessage, user: User, links: Links, now: datetime
) -> Letter | Unwanted:
    """The letter; nothing to who has finished, stands elsewhere than the rule says, wants no reminders or has
    them paused.
    """
    asked = being_asked.now_for(session, message, now)
    if isinstance(asked, Unwanted):
        return asked
    why = _unwanted(session, message, asked, now)
    if why is not None:
        return why
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


def _unwanted(session: Session, message: OutboxMessage, asked: Asked, now: datetime) -> Unwanted | None:
    if asked.standing in FINISHED:
        return Unwanted.FINISHED
    if asked.person.opted_out:
        return Unwanted.OPTED_OUT
    if not being_asked.takes_answers(asked.about.round, asked.about.deadline, now):
        return Unwanted.NOT_WANTED
    return _by_rule(session, message, asked) if "rule" in message.payload else None


def _by_rule(session: Session, message: OutboxMessage, asked: Asked) -> Unwanted | None:
    """What the plan says of it now: ended, paused, about a deadline that has moved since, or meant for
    answers that stand elsewhere.
    """
    rule = session.get(ReminderRule, UUID(message.payload["rule"]))
    if asked.about.round.reminders_paused_at is not None:
        return Unwanted.PAUSED
    if rule is None or rule.ended_at is not None:
        return Unwanted.NOT_WANTED
    anchor = datetime.fromisoformat(message.payload["anchor"])
    if rule.anchor is ReminderAnchor.DEADLINE and anchor != asked.about.deadline:
        return Unwanted.NOT_WANTED
    meant = rule.standings or [each.value for each in REMINDED]
    return None if asked.standing.value in meant else Unwanted.NOT_WANTED
