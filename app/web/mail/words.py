"""What the states and the kinds of letters are called, and what happened to one, line by line."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.i18n import _
from app.models import BounceReport, MessagePurpose, OutboxMessage
from app.queries import reminders
from app.queries.outbox import State
from app.services import clearing, delegating, naming_officers, notices, receipt_letters, thread_letters
from app.services.letter_writing import Unwanted
from app.services.letters_of_hand_over import TO_LEAVER, TO_SUCCESSOR

_SIGNS = {
    State.QUEUED: "open",
    State.SENT: "done",
    State.FAILED: "wrong",
    State.UNKNOWN: "look",
    State.BOUNCED: "wrong",
    State.DROPPED: "neutral",
}


@dataclass(frozen=True)
class Happened:
    """One line of what happened to a letter; ``said`` are a server's own words."""

    at: datetime
    words: str
    said: str = ""


def state_names() -> dict[State, str]:
    """What each state is called."""
    return {
        State.QUEUED: _("Waiting"),
        State.SENT: _("Sent"),
        State.FAILED: _("Failed"),
        State.UNKNOWN: _("Not known"),
        State.BOUNCED: _("Returned"),
        State.DROPPED: _("Not sent"),
    }


def state_notes() -> dict[State, str]:
    """What each state means, in a sentence."""
    return {
        State.QUEUED: _("It waits to be sent, or to be tried again."),
        State.SENT: _("A mail server took it. Whether it was read is not known."),
        State.FAILED: _("A mail server refused it, or it could not be sent for three days."),
        State.UNKNOWN: _(
            "It was handed to a mail server that gave no answer. It may have arrived, so it is not sent "
            "again by itself."
        ),
        State.BOUNCED: _("It was sent, and came back."),
        State.DROPPED: _("It was not wanted any more when it was to be sent."),
    }


def state_tag(state: State) -> tuple[str, str]:
    """The tag of a state: its kind and its words."""
    return _SIGNS[state], state_names()[state]


def kind_name(kind: str) -> str:
    """What a kind of letter is called."""
    names = {
        MessagePurpose.INVITATION.value: _("Invitation"),
        MessagePurpose.ACTIVATION.value: _("A new link to begin"),
        reminders.KIND: _("Reminder"),
        notices.KIND: _("Notice"),
        receipt_letters.LETTER: _("Receipt and thanks"),
        thread_letters.LETTER: _("Conversation with IOM"),
        clearing.ASKED: _("Clearance asked for"),
        clearing.DECIDED: _("Clearance given or not"),
        naming_officers.NAMED: _("Clearing officer named"),
        delegating.LETTER: _("Invitation to a team"),
        TO_SUCCESSOR: _("Hand-over, to who takes over"),
        TO_LEAVER: _("Hand-over, to who leaves"),
    }
    return names.get(kind, kind.replace("_", " ").capitalize())


def dropped_words(why: str | None) -> str:
    """Why a letter was not sent after all."""
    names = {
        Unwanted.NOT_WANTED: _("what it says held no longer"),
        Unwanted.NOBODY: _("there is nobody with this address"),
        Unwanted.DEACTIVATED: _("the person can no longer sign in"),
        Unwanted.ADDRESS_FAILS: _("letters to this address do not arrive"),
        Unwanted.FINISHED: _("the respondent has finished"),
        Unwanted.WITHDRAWN: _("the respondent is not asked any more"),
        Unwanted.NOT_APPOINTED: _("the person is not appointed there any more"),
        Unwanted.PAUSED: _("the reminders are paused"),
        Unwanted.OPTED_OUT: _("the person wants no reminders"),
    }
    return {key.value: words for key, words in names.items()}.get(why or "", why or "")


def history(
    message: OutboxMessage,
    reports: Iterable[BounceReport],
    again: Iterable[OutboxMessage],
) -> list[Happened]:
    """Everything that happened to the letter, in order."""
    lines = [Happened(message.created_at, _("Put in the outbox"))]
    if message.handed_at and message.sent_at is None:
        lines.append(Happened(message.handed_at, _("Handed to the mail server"), message.last_error or ""))
    if message.sent_at:
        lines.append(Happened(message.sent_at, _("Taken by the mail server")))
    if message.given_up_at:
        lines.append(Happened(message.given_up_at, _("Given up"), message.last_error or ""))
    if message.dropped_at:
        why = dropped_words(message.dropped_why)
        lines.append(Happened(message.dropped_at, _("Not sent: %(why)s", why=why)))
    lines += [
        Happened(
            report.read_at,
            _("A mail server reported about it (%(status)s)", status=report.status),
            report.words,
        )
        for report in reports
    ]
    lines += [Happened(each.created_at, _("Sent again, as a new letter")) for each in again]
    return sorted(lines, key=lambda line: line.at)
