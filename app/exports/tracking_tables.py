"""A round's figures as tables: what the pages show, row for row, with the base and the definition inside."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.exports.tables import Cell, Table
from app.exports.tracking_words import (
    group_names,
    language_name,
    late_words,
    line_name,
    notes,
    one_names,
    standing_names,
    type_names,
)
from app.i18n import _
from app.standing import Standing
from app.templating import moment
from app.tracking import counting
from app.tracking.counting import Line, MechanismLine
from app.tracking.items import Item, Progress
from app.tracking.model import OPENING, Respondent, Tracking
from app.tracking.selecting import NONE, PARTS, Group, Selection, select


@dataclass(frozen=True)
class Lines:
    """One table of lines, with what it is called and what its lines are; ``total`` is of all of them."""

    key: str
    title: str
    head: str
    lines: tuple[Line, ...]
    total: Line


def every_lines(tracking: Tracking) -> tuple[Lines, ...]:
    """Every table of lines: by role, region, sub-region (of M49, where one is known), type of mechanism and
    language.
    """
    every = counting.everybody(tracking)
    of_role = {each.key: each for each in counting.by_role(tracking)}
    by_region = _("States by region (%(scheme)s)", scheme=str(tracking.division.title))
    by_part = _("States by sub-region (UN M49)")
    found = (
        Lines("roles", _("By role"), _("Role"), counting.by_role(tracking), every),
        Lines("regions", by_region, _("Region"), counting.by_region(tracking), of_role["state"]),
        Lines("parts", by_part, _("Sub-region"), counting.by_part(tracking), of_role["state"]),
        Lines("types", _("Mechanisms by type"), _("Type"), counting.by_type(tracking), of_role["iscm"]),
        Lines("languages", _("By language"), _("Language"), counting.by_language(tracking), every),
    )
    return tuple(each for each in found if each.key != "parts" or _knows_parts(each))


def _knows_parts(table: Lines) -> bool:
    """Whether the sub-region of any State is known; countries that are made up have none."""
    return any(line.selection.part != NONE and line.rate.invited for line in table.lines)


def lines_table(tracking: Tracking, of: Lines, locale: str) -> Table:
    """A table of lines: n of N, and what the rest is made of."""
    names = group_names()
    parts = [part for part in PARTS if part is not Group.ANSWERED]
    columns = (
        of.head,
        names[Group.ANSWERED],
        names[Group.ELIGIBLE],
        _("Rate, per cent"),
        *(names[part] for part in parts),
        names[Group.OVERDUE],
        _("In the base"),
        standing_names()[Standing.NOT_ELIGIBLE],
        standing_names()[Standing.DUPLICATE],
    )
    return Table(
        of.title,
        columns,
        [
            *(_row(line_name(line, locale), line, parts) for line in of.lines),
            _row(_("All"), of.total, parts),
        ],
        (*notes(tracking, locale), late_words()),
    )


def _row(name: str, line: Line, parts: Iterable[Group]) -> tuple[Cell, ...]:
    rate = line.rate
    return (
        name,
        rate.answered,
        rate.eligible,
        _rounded(rate.per_cent),
        *(line.count(part) for part in parts),
        line.overdue,
        rate.invited,
        rate.not_eligible,
        rate.duplicates,
    )


def _rounded(per_cent: float | None) -> float | None:
    return None if per_cent is None else round(per_cent, 1)


def mechanisms(tracking: Tracking, locale: str) -> Table:
    """A row for each mechanism."""
    columns = (
        _("Mechanism"),
        _("Code"),
        _("Type"),
        _("Its own answer"),
        _("Members that the register lists"),
        _("Members in the base"),
        _("Members answered"),
        _("Members eligible"),
        _("Rate, per cent"),
        _("Members that answered about it"),
        _("IGOs answered"),
        _("IGOs eligible"),
    )
    rows = [_mechanism(each) for each in counting.by_mechanism(tracking)]
    return Table(_("By mechanism"), columns, rows, (*notes(tracking, locale), *mechanism_notes()))


def mechanism_notes() -> tuple[str, ...]:
    """Out of what the figures of a mechanism are."""
    return (
        _("Members: States and unions that the register listed as members when the round was opened."),
        _("About it: of the members that answered, those that said something in the part about it."),
        _("IGOs: organizations asked that take part in the mechanism, as whatever."),
    )


def _mechanism(each: MechanismLine) -> tuple[Cell, ...]:
    members, igos = each.members.rate, each.igos.rate
    return (
        each.mechanism.name,
        each.mechanism.code,
        type_names().get(each.mechanism.type or "", ""),
        standing_names()[each.own] if each.own else _("Not asked"),
        _("not known") if each.mechanism.members_known is None else each.mechanism.members_known,
        members.invited,
        members.answered,
        members.eligible,
        _rounded(members.per_cent),
        each.about,
        igos.answered,
        igos.eligible,
    )


def respondents(
    tracking: Tracking,
    title: str,
    listed: Iterable[Respondent],
    locale: str,
    progress: Mapping[UUID, Progress] | None = None,
) -> Table:
    """A row for each respondent; with ``progress`` also how far the drafts are."""
    columns = [
        _("Respondent"),
        _("Code"),
        _("Role"),
        _("Region"),
        _("Type"),
        _("Language"),
        _("Stands at"),
        _("Late"),
        _("Deadline"),
        _("Asked since"),
        _("Basis"),
        _("Withdrawn"),
    ]
    if progress is not None:
        columns += [_("Questions answered in the draft"), _("Questions asked in the draft")]
    rows = [_respondent(tracking, each, locale, progress) for each in listed]
    return Table(title, columns, rows, (*notes(tracking, locale), late_words()))


def _respondent(
    tracking: Tracking, each: Respondent, locale: str, progress: Mapping[UUID, Progress] | None
) -> tuple[Cell, ...]:
    zone = tracking.round.zone
    region = tracking.division.named(each.region(tracking.division.key))
    withdrawn = each.withdrawn_at if each.withdrawn_at and each.withdrawn_at <= tracking.at else None
    cells: list[Cell] = [
        each.name,
        each.code,
        one_names()[each.audience],
        str(region.name) if region else "",
        type_names().get(each.type or "", "") if each.audience == "iscm" else "",
        language_name(each.language, locale),
        standing_names()[tracking.of(each)],
        _("yes") if tracking.overdue(each) else _("no"),
        moment(each.due_at, zone, locale),
        moment(each.added_at, zone, locale),
        _("at the opening") if each.basis == OPENING else _("added later"),
        moment(withdrawn, zone, locale) if withdrawn else "",
    ]
    if progress is not None:
        far = progress.get(each.response_id)
        cells += [far.answered if far else None, far.asked if far else None]
    return tuple(cells)


def items(tracking: Tracking, found: Sequence[Item], locale: str) -> Table:
    """Item response, question by question."""
    columns = (
        _("Questionnaire"),
        _("Part"),
        _("Question"),
        _("Key"),
        _("Answered"),
        _("Asked"),
        _("Per cent"),
        _("Respondents asked"),
    )
    rows = [
        (
            each.questionnaire,
            each.section,
            each.words,
            each.key,
            each.answered,
            each.asked,
            _rounded(each.per_cent),
            len({asking.response_id for asking in each.askings}),
        )
        for each in found
    ]
    return Table(_("By question"), columns, rows, (*notes(tracking, locale), *item_notes()))


def item_notes() -> tuple[str, ...]:
    """Out of what item response is."""
    return (
        _(
            "Of the answers that were submitted and count. Asked: the question stood on the respondent’s "
            "path, once, or once for each mechanism that it answered about."
        ),
        _(
            "A matrix is answered with every row, one of texts with any; a list with an entry or with “none”."
            " Files, and what stands behind “Say more”, are not counted."
        ),
    )


def every(tracking: Tracking, locale: str) -> dict[str, Table]:
    """Every table of the tracking page, by the key that an address names it with."""
    lines = every_lines(tracking)
    return {
        **{each.key: lines_table(tracking, each, locale) for each in lines},
        "mechanisms": mechanisms(tracking, locale),
        "overdue": respondents(tracking, _("Late"), counting.overdue(tracking), locale),
        "everybody": respondents(tracking, _("Respondents"), select(tracking, Selection()), locale),
    }
