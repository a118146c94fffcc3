"""The words of each purpose where a round has none of its own."""

from collections.abc import Callable, Mapping

from app.i18n import _
from app.models import MessagePurpose

Words = tuple[str, str]
"""A subject and a text, both with places to be filled."""


def of(purpose: MessagePurpose) -> Words:
    """The standard words of a purpose."""
    return _WORDS[purpose]()


def _invitation() -> Words:
    return (
        _("Invitation: {round}"),
        _(
            "Dear {name},\n\n"
            "the International Organization for Migration (IOM) invites {organisation} to answer its "
            "questionnaire “{round}”. You are named as the focal point.\n\n"
            "Answers are taken until {deadline}. You can begin at any time, stop, and go on later; nobody "
            "at IOM sees a draft before you submit it.\n\n"
            "This link signs you in, once:\n\n{link}\n\n"
            "You are asked about:\n\n{mechanisms}\n\n"
            "If somebody else should answer, or if you have a question, write to:\n\n{contact}\n"
        ),
    )


def _activation() -> Words:
    return (
        _("A new link to sign in: {round}"),
        _(
            "Dear {name},\n\n"
            "here is a new link with which you can begin to answer for {organisation} in “{round}”. It signs "
            "you in, once:\n\n{link}\n\n"
            "Answers are taken until {deadline}.\n\n"
            "If you have a question, write to:\n\n{contact}\n"
        ),
    )


def _reminder() -> Words:
    return (
        _("Reminder: {round}"),
        _(
            "Dear {name},\n\n"
            "IOM has asked {organisation} to answer its questionnaire “{round}”. The answers are {standing}. "
            "They are taken until {deadline}.\n\n{note}\n\n"
            "To go on, open this page:\n\n{link}\n\n"
            "If you need more time or have a question, write to:\n\n{contact}\n"
        ),
    )


def _last_reminder() -> Words:
    return (
        _("Last reminder: {round}"),
        _(
            "Dear {name},\n\n"
            "the answers of {organisation} to “{round}” are {standing}. They are taken until {deadline}; IOM "
            "will not remind you again before then.\n\n{note}\n\n"
            "To go on, open this page:\n\n{link}\n\n"
            "You can ask for more time there. If you have a question, write to:\n\n{contact}\n"
        ),
    )


def _overdue() -> Words:
    return (
        _("Your answers are awaited: {round}"),
        _(
            "Dear {name},\n\n"
            "the answers of {organisation} to “{round}” were to come by {deadline}. They are {standing}. IOM "
            "would still like to have them.\n\n{note}\n\n"
            "To go on, or to say that {organisation} will not answer, open this page:\n\n{link}\n\n"
            "If you have a question, write to:\n\n{contact}\n"
        ),
    )


def _thanks() -> Words:
    return (
        _("Submitted: {reference}"),
        _(
            "Dear {name},\n\n"
            "thank you: the answers of {organisation} (“{round}”) have been submitted.\n\n"
            "Reference: {reference}\n"
            "Submitted: {submitted}\n"
            "Fingerprint (SHA-256): {fingerprint}\n\n"
            "The fingerprint belongs to exactly these answers: a copy in which one letter differs has "
            "another one.\n\n"
            "Your copy, as PDF, Word or JSON:\n{copies}\n\n"
            "To change an answer, open the answers for an amendment:\n{amend}\n\n"
            "What was submitted counts until you submit again. Answers to this letter are not read; if you "
            "have a question, write to:\n\n{contact}\n"
        ),
    )


def _decided() -> Words:
    return (
        "{outcome}",
        _(
            "Dear {name},\n\n"
            "{outcome} ({organisation}, “{round}”):\n\n{note}\n\n"
            "To read more and to answer, open this page:\n\n{link}\n\n"
            "Answers to this letter are not read. If you have a question, write to:\n\n{contact}\n"
        ),
    )


def _clarification() -> Words:
    return (
        _("IOM asks about an answer that you submitted"),
        _(
            "Dear {name},\n\n"
            "IOM asks about an answer that you submitted ({organisation}, “{round}”):\n\n{note}\n\n"
            "To read the whole conversation and to answer, open this page:\n\n{link}\n\n"
            "Answers to this letter are not read. If you have a question, write to:\n\n{contact}\n"
        ),
    )


def _closing() -> Words:
    return (
        _("Closed: {round}"),
        _(
            "Dear {name},\n\n"
            "“{round}” is closed. The answers of {organisation} are {standing}; what is not submitted is "
            "kept as it is and used in no document.\n\n{note}\n\n"
            "If you still want to answer, or if you have a question, write to:\n\n{contact}\n"
        ),
    )


def _note_verbale() -> Words:
    return (
        _("Note verbale"),
        _(
            "The International Organization for Migration (IOM) presents its compliments to {addressee} and "
            "has the honour to refer to its questionnaire “{round}”.\n\n"
            "The Organization would be grateful if {organisation} could answer the questionnaire by "
            "{deadline}. It concerns:\n\n{mechanisms}\n\n"
            "The questionnaire is answered in the Organization’s survey service, at {link}. The focal point "
            "who has been named to the Organization receives a link by mail; should none have been named, or "
            "should it be another person, the Organization would be grateful to be told the name, function "
            "and official e-mail address by return.\n\n"
            "Questions may be addressed to:\n\n{contact}\n\n"
            "The International Organization for Migration avails itself of this opportunity to renew to "
            "{addressee} the assurances of its highest consideration."
        ),
    )


_WORDS: Mapping[MessagePurpose, Callable[[], Words]] = {
    MessagePurpose.INVITATION: _invitation,
    MessagePurpose.ACTIVATION: _activation,
    MessagePurpose.REMINDER: _reminder,
    MessagePurpose.LAST_REMINDER: _last_reminder,
    MessagePurpose.OVERDUE: _overdue,
    MessagePurpose.THANKS: _thanks,
    MessagePurpose.EXTENSION: _decided,
    MessagePurpose.CLARIFICATION: _clarification,
    MessagePurpose.REOPENING: _decided,
    MessagePurpose.CLOSING: _closing,
    MessagePurpose.NOTE_VERBALE: _note_verbale,
}
