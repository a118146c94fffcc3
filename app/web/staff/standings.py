"""Where a response stands, in words with a sign, as staff see it."""

from app.exports.tracking_words import standing_names
from app.models import Outcome
from app.standing import Standing

__all__ = ["outcome_names", "standing_names", "standing_tag"]

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
