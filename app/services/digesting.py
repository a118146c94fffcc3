"""The desk by mail, once a day at seven on business days, for those of staff who want it.

It carries names, counts and links, never words of a respondent. With nothing to say nothing goes.
"""

from datetime import datetime, time, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.i18n import _
from app.models import OutboxMessage, User
from app.policy import Act, Actor, can
from app.queries import people
from app.services import auditing, desk
from app.services.desk import Matter, Wanted
from app.services.errors import NotAllowed
from app.services.letter_writing import Links
from app.templating import DEFAULT_ZONE, day, local

LETTER = "digest"
AT = time(7)
SATURDAY, MONDAY = 5, 0


def wanted_since(session: Session, actor: Actor) -> datetime | None:
    """Since when the person wants the digest; None if not."""
    user = session.get(User, actor.user_id) if actor.user_id else None
    return user.wants_digest_since if user else None


def choose(session: Session, actor: Actor, *, wanted: bool, now: datetime) -> None:
    """Note whether the person wants the digest; the same once more changes nothing. Raises NotAllowed."""
    user = session.get(User, actor.user_id) if actor.user_id else None
    if user is None or not can(actor, Act.READ_ROUNDS):
        raise NotAllowed
    if wanted is (user.wants_digest_since is not None):
        return
    user.wants_digest_since = now if wanted else None
    auditing.record(session, actor, "wanted_digest" if wanted else "stopped_digest", user, at=now)


def write_due(session: Session, now: datetime) -> int:
    """Put today's digest into the outbox of everybody who wants it, once; return how many were put there.

    Nothing happens before seven o'clock, on a Saturday or on a Sunday; whoever asked for it today after
    seven gets the first one on the next business day.
    """
    there = local(now)
    due = datetime.combine(there.date(), AT, ZoneInfo(DEFAULT_ZONE))
    if there.weekday() >= SATURDAY or now < due:
        return 0
    keys = {
        f"{LETTER}:{user_id}:{there.date().isoformat()}": user_id
        for user_id in session.scalars(
            select(User.id)
            .where(
                User.staff_role.is_not(None),
                User.deactivated_at.is_(None),
                User.wants_digest_since <= due,
            )
            .order_by(User.id)
        )
    }
    there_already = select(OutboxMessage.dedupe_key).where(OutboxMessage.dedupe_key.in_(keys))
    written = set(session.scalars(there_already))
    new = {key: user_id for key, user_id in keys.items() if key not in written}
    session.add_all(_message(key, user_id, due, now) for key, user_id in new.items())
    return len(new)


def _message(key: str, user_id: UUID, due: datetime, now: datetime) -> OutboxMessage:
    return OutboxMessage(
        id=uuid4(),
        kind=LETTER,
        dedupe_key=key,
        user_id=user_id,
        payload={"day": due.date().isoformat()},
        created_at=now,
        due_at=due,
    )


def written(
    session: Session, message: OutboxMessage, user: User, links: Links, now: datetime
) -> tuple[str, str] | None:
    """The letter; None for who wants it no more, or is of staff no more, and where nothing waits."""
    actor = people.actor(session, user, now)
    if user.wants_digest_since is None or not can(actor, Act.READ_ROUNDS):
        return None
    today = local(now).date()
    if message.payload["day"] != today.isoformat():
        return None  # a digest of another day says nothing of today
    found = desk.matters(session, actor, Wanted(_since(now), today, now))
    if not found:
        return None
    text = _(
        "Dear %(name)s,\n\nthis waits for IOM today:\n\n%(matters)s\n\nAll of it: %(link)s\n\n"
        "To get this letter no more: %(stop)s\n",
        name=user.name,
        matters="\n\n".join(_said(matter, links) for matter in found),
        link=links.page("/overview"),
        stop=links.page("/overview/digest"),
    )
    return _("What waits on %(day)s", day=day(today)), text


def _since(now: datetime) -> datetime:
    """Seven o'clock of the business day before: what came after it was in no digest."""
    today = local(now).date()
    days = 3 if today.weekday() == MONDAY else 1
    return datetime.combine(today - timedelta(days=days), AT, ZoneInfo(DEFAULT_ZONE))


def _said(matter: Matter, links: Links) -> str:
    """One matter as lines of text; how many more there are is said where not all are named."""
    lines = [matter.heading]
    for line in matter.lines:
        lines.append(f"- {line.who}: {line.said}")
        if line.path:
            lines.append(f"  {links.page(line.path)}")
    more = matter.count - len(matter.lines)
    if more > 0:
        lines.append(_("- and %(more)s more", more=more))
    return "\n".join(lines)
