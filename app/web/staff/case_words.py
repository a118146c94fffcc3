"""The words for what happens to a respondent, and for how staff were in touch with it."""

from dataclasses import dataclass
from datetime import datetime

from app.i18n import _
from app.models import AppointmentRole, ContactKind, Outcome, ReceivedBy
from app.queries.cases import BEGAN, OPENED, Event
from app.templating import moment
from app.web.staff.standings import outcome_names

WITH_REASON = frozenset(
    {
        "reopened",
        "withdrew",
        "declined",
        "changed_outcome",
        "extended",
        "withdrew_participant",
        "asked_again",
    }
)
BY_STAFF = frozenset({"asked", "changed_outcome", "withdrew_participant", "asked_again", "received_answers"})


@dataclass(frozen=True)
class Told:
    """One event in words."""

    what: str
    at: datetime
    by: str
    why: str


def event(each: Event, zone: str, sees_people: bool) -> Told:
    """The event in words; who of the respondent did it, and why, is told to whom may see people."""
    told = sees_people or each.act in BY_STAFF
    why = str(each.detail.get("reason") or "") if told and each.act in WITH_REASON else ""
    by = each.by if told else ""
    return Told(_what(each, zone), each.at, by, why)


def _what(each: Event, zone: str) -> str:
    if each.act == "extended":
        until = datetime.fromisoformat(str(each.detail.get("after")))
        return _("Given time until %(moment)s", moment=moment(until, zone))
    if each.act == "changed_outcome":
        outcome = each.detail.get("outcome")
        if outcome is None:
            return _("Outcome taken back")
        return _("Set to: %(outcome)s", outcome=outcome_names()[Outcome(outcome)])
    if each.act == "asked" and each.detail.get("basis") == "added":
        return _("Asked, after the opening")
    return {
        "asked": _("Asked at the opening"),
        OPENED: _("Opened for the first time"),
        BEGAN: _("Begun"),
        "submitted": _("Submitted"),
        "reopened": _("Opened for an amendment"),
        "withdrew": _("Submission withdrawn"),
        "declined": _("Declined"),
        "took_up_again": _("Taken up again"),
        "asked_clearance": _("Given into clearance"),
        "cleared": _("Cleared"),
        "sent_back": _("Sent back at clearance"),
        "received_answers": _("Answers received outside the service"),
        "withdrew_participant": _("Withdrawn from the round"),
        "asked_again": _("Asked again"),
    }.get(each.act, each.act)


def contact_kinds() -> dict[ContactKind, str]:
    """By what way one was in touch."""
    return {
        ContactKind.CALL: _("Telephone call"),
        ContactKind.NOTE_VERBALE: _("Note verbale"),
        ContactKind.MAIL: _("E-mail or letter"),
        ContactKind.MEETING: _("Meeting"),
        ContactKind.OTHER: _("Another way"),
    }


def ways() -> dict[ReceivedBy, str]:
    """How answers came that did not come through the service."""
    return {ReceivedBy.PAPER: _("On paper"), ReceivedBy.INTERVIEW: _("By telephone or in a conversation")}


def role_names() -> dict[AppointmentRole, str]:
    """What a person is appointed as."""
    return {
        AppointmentRole.FOCAL_POINT: _("Focal point"),
        AppointmentRole.CONTRIBUTOR: _("Writes answers"),
        AppointmentRole.CLEARING_OFFICER: _("Clears the answers"),
        AppointmentRole.OBSERVER: _("Reads along"),
    }
