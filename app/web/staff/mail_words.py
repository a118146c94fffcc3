"""What the pages about a round's letters call things."""

from app.i18n import _, ngettext
from app.models import Audience, MessagePurpose, ReminderAnchor
from app.queries.invitations import Fate, State
from app.services.reminder_days import Keeps
from app.standing import Standing
from app.web.staff.words import audience_names


def purpose_names() -> dict[MessagePurpose, tuple[str, str]]:
    """Each purpose: its name, and when such a letter goes out."""
    return {
        MessagePurpose.INVITATION: (_("Invitation"), _("To each focal point, once, with a link to sign in.")),
        MessagePurpose.ACTIVATION: (_("A fresh link"), _("When staff send a new link to sign in.")),
        MessagePurpose.REMINDER: (_("Reminder"), _("By the plan, or by hand.")),
        MessagePurpose.LAST_REMINDER: (_("Last reminder"), _("By the plan, or by hand.")),
        MessagePurpose.OVERDUE: (_("Overdue"), _("By the plan, or by hand, after the deadline.")),
        MessagePurpose.THANKS: (_("Thanks"), _("When answers were submitted.")),
        MessagePurpose.EXTENSION: (_("More time"), _("When IOM decides about more time.")),
        MessagePurpose.CLARIFICATION: (_("Clarification"), _("When IOM asks about a submitted answer.")),
        MessagePurpose.REOPENING: (_("Reopening"), _("When IOM decides about an amendment.")),
        MessagePurpose.CLOSING: (_("Closing"), _("To all who have not submitted, once the round is closed.")),
        MessagePurpose.NOTE_VERBALE: (_("Note verbale"), _("As a Word document, for missions.")),
    }


def nobody_listed() -> str:
    """That a list is empty."""
    return _("Nobody of this role is asked in the round. Choose another")


def purpose_name(purpose: MessagePurpose) -> str:
    """What a purpose is called."""
    return purpose_names()[purpose][0]


def invitation_tag(state: State) -> tuple[str, str]:
    """Where a respondent stands with its invitation: the kind of tag and its words."""
    return {
        State.TO_INVITE: ("open", _("To be invited")),
        State.NO_CONTACT: ("look", _("No valid contact")),
        State.INVITED: ("done", _("Invited")),
        State.FINISHED: ("neutral", _("Finished")),
        State.WITHDRAWN: ("neutral", _("Not asked any more")),
    }[state]


def fate_words(fate: Fate) -> str:
    """What became of a letter."""
    return {
        Fate.QUEUED: _("waits to be sent"),
        Fate.SENT: _("sent"),
        Fate.BOUNCED: _("came back"),
        Fate.FAILED: _("could not be sent"),
        Fate.DROPPED: _("not sent: not wanted any more"),
        Fate.UNKNOWN: _("handed over, arrival not known"),
    }[fate]


def standing_choices() -> dict[Standing, str]:
    """The states of answers whose respondents can be reminded."""
    return {
        Standing.INVITED: _("Not opened"),
        Standing.OPENED: _("Opened"),
        Standing.IN_PROGRESS: _("In progress"),
        Standing.IN_CLEARANCE: _("In clearance"),
        Standing.NOT_SUBMITTED: _("Not submitted at the closing"),
    }


def standings_words(standings: list[str]) -> str:
    """To whom a rule goes, by where the answers stand."""
    names = standing_choices()
    if not standings or len(standings) == len(names):
        return _("whoever has not submitted")
    return ", ".join(name.lower() for standing, name in names.items() if standing.value in standings)


def audience_words(audience: Audience | None) -> str:
    """To whom a rule goes, by role."""
    return _("Everybody") if audience is None else audience_names()[audience]


def days_words(anchor: ReminderAnchor, days: int, *, business_days: bool) -> str:
    """On which day a rule falls: `3 business days before the deadline`."""
    opening, n = anchor is ReminderAnchor.OPENING, abs(days)
    if n == 0:
        return _("On the day of the opening") if opening else _("On the deadline’s day")
    return _business_days(opening, days) if business_days else _days(opening, days)


def _business_days(opening: bool, days: int) -> str:
    n = abs(days)
    if opening:
        return ngettext(
            "%(num)s business day after the opening", "%(num)s business days after the opening", n
        )
    if days < 0:
        return ngettext(
            "%(num)s business day before the deadline", "%(num)s business days before the deadline", n
        )
    return ngettext("%(num)s business day after the deadline", "%(num)s business days after the deadline", n)


def _days(opening: bool, days: int) -> str:
    n = abs(days)
    if opening:
        return ngettext("%(num)s day after the opening", "%(num)s days after the opening", n)
    if days < 0:
        return ngettext("%(num)s day before the deadline", "%(num)s days before the deadline", n)
    return ngettext("%(num)s day after the deadline", "%(num)s days after the deadline", n)


def keeps_by_hand(keeps: Keeps) -> str:
    """The same where no rule is asked, so that only who has finished stands elsewhere."""
    return _("has finished") if keeps is Keeps.STANDS_ELSEWHERE else keeps_words(keeps)


def keeps_words(keeps: Keeps) -> str:
    """Why somebody is not reminded."""
    return {
        Keeps.WITHDRAWN: _("not asked any more"),
        Keeps.STANDS_ELSEWHERE: _("has finished, or stands elsewhere than the rule says"),
        Keeps.NO_CONTACT: _("no valid contact"),
        Keeps.OPTED_OUT: _("wants no reminders"),
        Keeps.NOT_TAKEN: _("answers are not taken any more"),
        Keeps.PAUSED: _("reminders were paused"),
        Keeps.MISSED: _("nothing was sent that day"),
    }[keeps]
