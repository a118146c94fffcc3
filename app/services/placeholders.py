"""The places that a round's texts may have: a closed list, which of them each purpose knows and needs."""

from collections.abc import Collection, Mapping

from app.filling import Fault, faults
from app.i18n import _, ngettext
from app.models import MessagePurpose

LONGEST_SUBJECT = 200
LONGEST_BODY = 10_000

_ALL = frozenset({"organisation", "round", "deadline", "contact", "link"})
_LETTER = _ALL | {"name"}
_ASKING = _LETTER | {"mechanisms"}
_REMINDING = _ASKING | {"standing", "note"}
_DECIDED = _LETTER | {"outcome", "note"}

KNOWN: Mapping[MessagePurpose, frozenset[str]] = {
    MessagePurpose.INVITATION: _ASKING,
    MessagePurpose.ACTIVATION: _ASKING,
    MessagePurpose.REMINDER: _REMINDING,
    MessagePurpose.LAST_REMINDER: _REMINDING,
    MessagePurpose.OVERDUE: _REMINDING,
    MessagePurpose.THANKS: _LETTER | {"reference", "submitted", "fingerprint", "copies", "amend"},
    MessagePurpose.EXTENSION: _DECIDED,
    MessagePurpose.CLARIFICATION: _LETTER | {"note"},
    MessagePurpose.REOPENING: _DECIDED,
    MessagePurpose.CLOSING: _LETTER | {"standing", "note"},
    MessagePurpose.NOTE_VERBALE: _ALL | {"addressee", "reference", "date", "mechanisms"},
}
"""What may stand in the texts of each purpose."""

NEEDED: Mapping[MessagePurpose, tuple[str, ...]] = {
    MessagePurpose.INVITATION: ("link",),
    MessagePurpose.ACTIVATION: ("link",),
    MessagePurpose.REMINDER: ("deadline", "link"),
    MessagePurpose.LAST_REMINDER: ("deadline", "link"),
    MessagePurpose.OVERDUE: ("link",),
    MessagePurpose.THANKS: ("reference",),
    MessagePurpose.EXTENSION: ("note", "link"),
    MessagePurpose.CLARIFICATION: ("note", "link"),
    MessagePurpose.REOPENING: ("note", "link"),
    MessagePurpose.CLOSING: (),
    MessagePurpose.NOTE_VERBALE: ("addressee", "deadline"),
}
"""Without what a text of this purpose would not do its work."""

SECRET = frozenset({MessagePurpose.INVITATION, MessagePurpose.ACTIVATION})
"""Purposes whose link signs somebody in: it is made when the letter is sent, and shown to nobody else."""


def sentences() -> Mapping[str, str]:
    """What each placeholder stands for, in the order in which they are listed."""
    return {
        "name": _("The name of the person who gets the letter."),
        "organisation": _("The respondent’s name as a sentence wants it: “the Netherlands”, “Georgia”."),
        "addressee": _("Whom the note is for: a State’s Permanent Mission, or the organization itself."),
        "round": _("The title of the round."),
        "deadline": _("The respondent’s own deadline: “23:59, 29 January 2027, Geneva time”."),
        "link": _("The address of the page to open; in an invitation, a link that signs the person in once."),
        "contact": _(
            "Whom to ask at IOM: name, address, telephone, hours. Added at the end if it is left out."
        ),
        "standing": _("Where the answers stand: “begun, not submitted”."),
        "mechanisms": _("The mechanisms about which the respondent is asked, a line each."),
        "note": _(
            "What IOM writes this time: a decision, a question, a note beside a reminder; may be empty."
        ),
        "outcome": _("What was decided, in a line: “You have more time”."),
        "reference": _("The reference: of the submission, or of the note verbale."),
        "submitted": _("When the answers were submitted."),
        "fingerprint": _("The fingerprint of the submitted answers (SHA-256)."),
        "copies": _("The address of the page with the respondent’s copies."),
        "amend": _("The address of the page on which an amendment is begun."),
        "date": _("The date of the note verbale."),
    }


def listed(purpose: MessagePurpose) -> list[tuple[str, str, bool]]:
    """The placeholders of a purpose: name, sentence, and whether the text must have it."""
    return [
        (name, sentence, name in NEEDED[purpose])
        for name, sentence in sentences().items()
        if name in KNOWN[purpose]
    ]


def check(purpose: MessagePurpose, subject: str, body: str) -> list[tuple[str, str]]:
    """Everything that keeps the text from being used: pairs of ``subject`` or ``body`` and what to do."""
    known = KNOWN[purpose]
    found = [("subject", words) for words in _of_line(subject, known)]
    found += [("body", str(fault)) for fault in _of_body(body, known, NEEDED[purpose])]
    return found


def _of_line(subject: str, known: Collection[str]) -> list[str]:
    if not subject.strip():
        return [_("Write a subject")]
    found = [str(fault) for fault in faults(subject, known)]
    if len(subject.splitlines()) > 1:
        found.append(_("A subject is one line. Take the line break out"))
    return found + _too_long(subject, LONGEST_SUBJECT)


def _of_body(body: str, known: Collection[str], needed: Collection[str]) -> list[Fault | str]:
    if not body.strip():
        return [_("Write the text")]
    return [*faults(body, known, needed), *_too_long(body, LONGEST_BODY)]


def _too_long(text: str, most: int) -> list[str]:
    over = len(text) - most
    if over <= 0:
        return []
    return [
        ngettext(
            "The text has %(have)s characters. Shorten it by %(num)s",
            "The text has %(have)s characters. Shorten it by %(num)s",
            over,
            have=len(text),
        )
    ]
