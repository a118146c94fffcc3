"""The two letters of a hand-over: to whoever takes over, and to whoever did it before."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.i18n import _
from app.models import HandOver, OutboxMessage, User
from app.queries import hand_overs
from app.queries.hand_overs import Passed
from app.services.letter_writing import Links
from app.templating import day

TO_SUCCESSOR = "handed_over_to"
TO_LEAVER = "handed_over_from"


def _passed(session: Session, message: OutboxMessage) -> Passed:
    return hand_overs.passed(session, session.get_one(HandOver, UUID(message.payload["hand_over"])))


def to_successor(
    session: Session, message: OutboxMessage, user: User, links: Links, _now: datetime
) -> tuple[str, str]:
    """Say what they take over, from when on, and how to begin."""
    passed = _passed(session, message)
    text = _(
        "Dear %(name)s,\n\n"
        "from %(day)s on you answer for %(organisation)s in Rapporteur, the service in which IOM asks about "
        "inter-State consultation mechanisms on migration. You take over from %(before)s. What has been "
        "written so far is there, under the names of those who wrote it, and so are your colleagues.\n\n"
        "Sign in with this address (%(email)s), from that day on:\n\n%(link)s\n",
        name=user.name,
        day=day(passed.after.valid_from, locale=user.locale),
        organisation=passed.after.organisation,
        before=passed.before.name,
        email=user.email,
        link=links.page("/"),
    )
    return _("You answer for %(organisation)s", organisation=passed.after.organisation), text


def to_leaver(
    session: Session, message: OutboxMessage, user: User, links: Links, _now: datetime
) -> tuple[str, str]:
    """Say to whom it went, and what remains of their own."""
    passed = _passed(session, message)
    text = _(
        "Dear %(name)s,\n\n"
        "from %(day)s on %(after)s (%(email)s) answers for %(organisation)s in Rapporteur in your place. "
        "What you wrote stays, under your name.\n\n"
        "If this should not be so, write to IOM at once: %(link)s\n",
        name=user.name,
        day=day(passed.after.valid_from, locale=user.locale),
        after=passed.after.name,
        email=passed.after.email,
        organisation=passed.after.organisation,
        link=links.page("/ask-iom"),
    )
    return _("%(organisation)s: handed over", organisation=passed.after.organisation), text
