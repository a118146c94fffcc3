"""Where a response stands, in words with a sign, as staff see it."""

from app.i18n import _
from app.models import Outcome
from app.standing import Standing


def standing_names() -> dict[Standing, str]:
    """What each standing is called."""
    return {
        Standing.INVITED: _("Invited"),
        Standing.NO_CONTACT: _("No valid contact"),
        Standing.BOUNCED: _("Letters return"),
        Standing.OPENED: _("Opened"),
        Standing.IN_PROGRESS: _("In progress"),
        Standing.IN_CLEARANCE: _("In clearance"),
        Standing.NOT_SUBMITTED: _("Not submitted"),
        Standing.SUBMITTED: _("Submitted"),
        Standing.SUBMITTED_LATE: _("Submitted late"),
        Standing.ON_PAPER: _("Received on paper"),
        Standing.BY_INTERVIEW: _("Answered by interview"),
        Standing.AFTER_CUT_OFF: _("Submitted after the cut-off"),
        Standing.DECLINED: _("Declined"),
        Standing.NOT_ELIGIBLE: _("Not eligible"),
        Standing.DUPLICATE: _("Duplicate"),
    }


_SIGNS = {
    Standing.NO_CONTACT: "wrong",
    Standing.BOUNCED: "wrong",
    Standing.INVITED: "open",
    Standing.OPENED: "open",
    Standing.IN_PROGRESS: "under-way",
    Standing.IN_CLEARANCE: "person-tag",
    Standing.SUBMITTED: "done",
    Standing.SUBMITTED_LATE: "done",
    Standing.ON_PAPER: "done",
    Standing.BY_INTERVIEW: "done",
}


def standing_tag(standing: Standing) -> tuple[str, str]:
    """The tag of a standing: its kind and its words."""
    return _SIGNS.get(standing, "neutral"), standing_names()[standing]


def outcome_names() -> dict[Outcome, str]:
    """What each outcome is called."""
    names = standing_names()
    return {outcome: names[Standing(outcome.value)] for outcome in Outcome}
