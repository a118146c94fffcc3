"""What a round's figures are called and out of what they are: one wording for pages, tables and reports."""

from collections.abc import Mapping

from babel import Locale, UnknownLocaleError

from app.i18n import _
from app.standing import Standing
from app.templating import moment
from app.tracking.counting import Line
from app.tracking.model import Base, Tracking
from app.tracking.selecting import NONE, Group, Selection, Way


def definition() -> tuple[str, ...]:
    """What a response rate is, in sentences."""
    return (
        _("Response rate: answered in per cent of eligible."),
        _(
            "Answered: submitted in time, or late but before the cut-off, through the service, on paper or "
            "by interview. An answer that was reopened counts until it is submitted again or withdrawn."
        ),
        _(
            "Eligible: everybody in the base, less who is not eligible and duplicates. Whoever declined "
            "stays in the base."
        ),
    )


def base_words(base: Base) -> str:
    """Out of whom is counted, in a sentence."""
    if base is Base.INVITED:
        return _(
            "Base, as invited: everybody who was asked when the round was opened. Whoever was added later is "
            "not in it; whoever was withdrawn later is."
        )
    return _("Base, as of the day: everybody who was asked by then, less who was withdrawn by then.")


def as_of(tracking: Tracking, locale: str = "en") -> str:
    """The moment that the figures are of."""
    return _("As of %(moment)s", moment=moment(tracking.at, tracking.round.zone, locale))


def notes(tracking: Tracking, locale: str = "en") -> tuple[str, ...]:
    """What every file with these figures says: round, moment, base, definition."""
    return (
        tracking.round.title,
        as_of(tracking, locale) + ".",
        base_words(tracking.base),
        *definition(),
    )


def late_words() -> str:
    """Who is late, in a sentence."""
    return _("Late: the respondent’s own deadline has passed, and nothing is finished.")


def group_names() -> Mapping[Group, str]:
    """What standings that are counted together are called."""
    return {
        Group.ANSWERED: _("Answered"),
        Group.UNDER_WAY: _("In progress"),
        Group.NOT_SUBMITTED: _("Draft not submitted"),
        Group.OPENED: _("Opened"),
        Group.NOT_OPENED: _("Not opened"),
        Group.DECLINED: _("Declined"),
        Group.AFTER_CUT_OFF: _("After the cut-off"),
        Group.ELIGIBLE: _("Eligible"),
        Group.OUTSIDE: _("Outside the base"),
        Group.OVERDUE: _("Late"),
    }


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


def audience_names() -> Mapping[str, str]:
    """What those who are given one questionnaire are called."""
    return {"state": _("States"), "iscm": _("Mechanisms"), "igo": _("IGOs")}


def one_names() -> Mapping[str, str]:
    """What one of those who are given one questionnaire is called."""
    return {"state": _("State"), "iscm": _("Mechanism"), "igo": _("IGO")}


def type_names() -> Mapping[str, str]:
    """What the types of mechanisms are called."""
    return {
        "regional": _("Regional"),
        "interregional": _("Interregional"),
        "global": _("Global"),
        NONE: _("Type not known"),
    }


def language_name(code: str, locale: str = "en") -> str:
    """What a language is called in the language of the page; its code if that is not known."""
    try:
        found = Locale.parse(code, sep="-" if "-" in code else "_").get_display_name(locale.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return code
    return found[:1].upper() + found[1:] if found else code


def line_name(line: Line, locale: str = "en") -> str:
    """What a line of a table is about."""
    if line.name:
        return line.name
    wanted = line.selection
    if wanted.language:
        return language_name(wanted.language, locale)
    if wanted.type:
        return type_names().get(wanted.type, wanted.type)
    if NONE in (wanted.region, wanted.part):
        return _("Region not known")
    if wanted.role:
        return audience_names()[wanted.role]
    return _("All")


def way_names() -> Mapping[str, str]:
    """As what a respondent has to do with a mechanism."""
    return {
        Way.OWN: _("The mechanism itself"),
        Way.MEMBERS: _("Members"),
        Way.ABOUT: _("Members that said something about it"),
        Way.IGOS: _("IGOs that take part"),
    }


def selection_words(tracking: Tracking, wanted: Selection, locale: str = "en") -> str:
    """Whom a list names, such as “States · Africa · Answered”."""
    stands = {
        **{each.value: name for each, name in standing_names().items()},
        **{each.value: name for each, name in group_names().items()},
    }
    region = tracking.division.named(wanted.region)
    part = tracking.division.named(wanted.part)
    mechanism = tracking.mechanism(wanted.mechanism)
    words = [
        audience_names().get(wanted.role, wanted.role),
        _("Region not known") if wanted.region == NONE else str(region.name) if region else wanted.region,
        _("Region not known") if wanted.part == NONE else str(part.name) if part else wanted.part,
        type_names().get(wanted.type, wanted.type),
        language_name(wanted.language, locale) if wanted.language else "",
        mechanism.name if mechanism else wanted.mechanism,
        way_names().get(wanted.way, wanted.way),
        stands.get(wanted.stands, wanted.stands),
    ]
    return " · ".join(word for word in words if word) or _("All respondents")
