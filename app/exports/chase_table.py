"""The chase list as a table, and by what a respondent was reached in words."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from app.exports.tables import Cell, Table
from app.exports.tracking_words import as_of, one_names, standing_names
from app.i18n import _, ngettext
from app.templating import moment
from app.tracking.chasing import Case, Reached
from app.tracking.items import Progress
from app.tracking.model import Tracking


def reached_words(reached: Reached) -> str:
    """Such as “3 reminders, 1 note verbale”."""
    parts = [
        ngettext("%(num)s reminder", "%(num)s reminders", reached.reminders) if reached.reminders else "",
        ngettext("%(num)s note verbale", "%(num)s notes verbales", reached.notes_verbales)
        if reached.notes_verbales
        else "",
        ngettext("%(num)s call", "%(num)s calls", reached.calls) if reached.calls else "",
        ngettext("%(num)s other contact", "%(num)s other contacts", reached.others) if reached.others else "",
    ]
    return ", ".join(part for part in parts if part) or _("nothing so far")


def sign_notes() -> tuple[str, ...]:
    """What counts as a sign of life, and who is never listed."""
    return (
        _(
            "Last sign of life: when one of the respondent’s own people last opened the questionnaire, saved "
            "an answer, asked for clearance or wrote to IOM."
        ),
        _("Nobody who has answered, declined or left the base is listed."),
    )


def made(tracking: Tracking, cases: Iterable[Case], far: Mapping[UUID, Progress], locale: str) -> Table:
    """A row for each respondent to chase, in the order of the list."""
    columns = (
        _("Respondent"),
        _("Code"),
        _("Role"),
        _("Stands at"),
        _("Questions answered in the draft"),
        _("Questions asked in the draft"),
        _("Last sign of life"),
        _("Reminders"),
        _("Notes verbales"),
        _("Calls"),
        _("Other contacts"),
        _("Deadline"),
        _("Late"),
        _("Asks for time until"),
        _("Next step"),
        _("On"),
        _("Who"),
    )
    rows = [_row(tracking, each, far.get(each.respondent.response_id), locale) for each in cases]
    return Table(
        _("Chase list"),
        columns,
        rows,
        (tracking.round.title, as_of(tracking, locale) + ".", *sign_notes()),
    )


def _row(tracking: Tracking, case: Case, far: Progress | None, locale: str) -> tuple[Cell, ...]:
    zone, step, reached = tracking.round.zone, case.step, case.reached
    return (
        case.respondent.name,
        case.respondent.code,
        one_names()[case.respondent.audience],
        standing_names()[case.standing],
        far.answered if far else None,
        far.asked if far else None,
        moment(case.sign, zone, locale) if case.sign else _("never"),
        reached.reminders,
        reached.notes_verbales,
        reached.calls,
        reached.others,
        moment(case.respondent.due_at, zone, locale),
        _("yes") if case.overdue else _("no"),
        moment(case.request.until, zone, locale) if case.request else "",
        step.text if step else "",
        step.on if step else None,
        step.by if step else "",
    )
