"""What a respondent is told once its deadline has passed: that it is late, that it was not submitted, or that
it is asked no more.
"""

from dataclasses import dataclass
from datetime import datetime

from app import clock
from app.i18n import _
from app.models import ResponseStatus
from app.templating import moment
from app.web.respond.sheet import Sheet
from app.window import takes_answers


@dataclass(frozen=True)
class Notice:
    """A heading and a sentence, and whether something can still be done."""

    title: str
    text: str
    label: str = ""


def notice(found: Sheet, now: datetime | None = None) -> Notice | None:
    """The notice of a response that is not submitted; None as long as its deadline is to come."""
    head, window, at = found.head, found.head.window, now or clock.now()
    if window.withdrawn_at is not None:
        words = _(
            "Since %(moment)s. What was written is kept.", moment=moment(window.withdrawn_at, found.zone)
        )
        return Notice(_("IOM asks you no more in this round"), words)
    if head.status is ResponseStatus.SUBMITTED or head.outcome is not None or at <= window.deadline:
        return None
    deadline = moment(window.deadline, found.zone)
    reopened = head.status is ResponseStatus.REOPENED
    if not takes_answers(window, at):
        if reopened:
            return None
        text = _(
            "The deadline was %(deadline)s and no more answers are taken. The draft is kept; nobody at IOM "
            "reads it, and nothing of it is counted or quoted.",
            deadline=deadline,
        )
        return Notice(_("Not submitted"), text, _("Not submitted"))
    if window.ends_at is None:
        text = _(
            "The deadline was %(deadline)s. You can still submit; it is then marked as late, and counts.",
            deadline=deadline,
        )
        return Notice(_("The deadline has passed"), text)
    until = moment(window.ends_at, found.zone)
    text = _(
        "The deadline was %(deadline)s and the round is closed. You can still submit until %(until)s; it is "
        "then marked as late, and counts.",
        deadline=deadline,
        until=until,
    )
    label = "" if reopened else _("Not submitted")
    return Notice(_("Not submitted yet") if not reopened else _("The deadline has passed"), text, label)
