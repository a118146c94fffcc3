"""What letters say: a writer for each kind, run when the letter is sent, so that it says what holds then."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.i18n import _
from app.models import OutboxMessage, User
from app.queries import reminders
from app.services import (
    clearing,
    delegating,
    digesting,
    entry_letters,
    invitation_letters,
    letters_of_clearance,
    letters_of_hand_over,
    letters_team,
    naming_officers,
    notices,
    receipt_letters,
    reminder_letters,
    signing_in,
    thread_letters,
)
from app.services.contact_lines import with_contact
from app.services.letter_writing import Links, Writer
from app.services.pilot_marks import marking

LATEST_LINK = timedelta(hours=1)


def _sign_in(
    session: Session, message: OutboxMessage, user: User, links: Links, now: datetime
) -> tuple[str, str] | None:
    """The link, unless nobody waits for it any more: after an outage of the mail server it would surprise."""
    if now - message.created_at > LATEST_LINK:
        return None
    token = signing_in.make_link(session, user.id, message.payload["browser_digest"], now)
    text = _(
        "Dear %(name)s,\n\n"
        "this link signs you in to Rapporteur. It works once, for 15 minutes, in the browser in which "
        "you asked for it:\n\n%(link)s\n\n"
        "If you did not ask for it, you need not do anything.\n",
        name=user.name,
        link=links.sign_in(token),
    )
    return _("Your link to sign in"), text


_WRITERS: dict[str, Writer] = {
    entry_letters.LETTER: entry_letters.entered,
    receipt_letters.LETTER: receipt_letters.submitted,
    signing_in.LETTER: _sign_in,
    clearing.ASKED: letters_of_clearance.asked,
    clearing.DECIDED: letters_of_clearance.decided,
    invitation_letters.ACTIVATION: invitation_letters.written,
    invitation_letters.INVITATION: invitation_letters.written,
    letters_of_hand_over.TO_LEAVER: letters_of_hand_over.to_leaver,
    letters_of_hand_over.TO_SUCCESSOR: letters_of_hand_over.to_successor,
    naming_officers.NAMED: letters_of_clearance.named,
    notices.KIND: notices.written,
    reminders.KIND: reminder_letters.written,
    delegating.LETTER: letters_team.invitation,
    digesting.LETTER: digesting.written,
    thread_letters.LETTER: thread_letters.written,
}

LETTERS: dict[str, Writer] = {kind: marking(with_contact(writer)) for kind, writer in _WRITERS.items()}
"""The writer of each kind of letter, by the ``kind`` of its row."""

SHOWN_TO_STAFF = frozenset(
    {
        receipt_letters.LETTER,
        thread_letters.LETTER,
        letters_of_hand_over.TO_LEAVER,
        letters_of_hand_over.TO_SUCCESSOR,
        naming_officers.NAMED,
        notices.KIND,
        reminders.KIND,
    }
)
"""The kinds whose words staff may read: none with the secret of a link, and none between a respondent's own
people.
"""
