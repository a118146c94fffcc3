"""The tables of the tracking page as it draws them: in the order asked for, heads that sort by a link."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from app.exports.tracking_tables import Lines
from app.exports.tracking_words import (
    audience_names,
    group_names,
    language_name,
    line_name,
    standing_names,
    type_names,
    way_names,
)
from app.i18n import _
from app.standing import FINISHED, Standing
from app.tracking.counting import Line, MechanismLine
from app.tracking.model import Tracking
from app.tracking.selecting import NONE, PARTS, Group, Selection
from app.web.tracking import asked

T = TypeVar("T")
Sign = Callable[[T], Any]


@dataclass(frozen=True)
class Head:
    """The head of a column: its words, whether it holds figures, what a link to sort by it asks for, and how
    the table is sorted by it now (``ascending``, ``descending`` or nothing).
    """

    key: str
    words: str
    figures: bool
    sort: str
    sorted: str


@dataclass(frozen=True)
class Drawn(Generic[T]):
    """One table as the page draws it."""

    key: str
    title: str
    heads: tuple[Head, ...]
    rows: tuple[T, ...]
    groups: tuple[Group, ...] = ()
    total: T | None = None


def lines(of: Lines, sort: str, locale: str) -> Drawn[Line]:
    """A table of lines; a group that nobody stands at has no column, but for the usual ones."""
    usual = {Group.UNDER_WAY, Group.OPENED, Group.NOT_OPENED, Group.DECLINED}
    groups = tuple(
        each for each in PARTS if each is not Group.ANSWERED and (each in usual or of.total.count(each))
    )
    names = group_names()
    columns: dict[str, tuple[str, Sign[Line]]] = {
        "name": (of.head, lambda line: line_name(line, locale).casefold()),
        "answered": (names[Group.ANSWERED], lambda line: line.rate.answered),
        "rate": (_("Rate"), lambda line: line.rate.per_cent or 0),
        **{each.value: (names[each], _count_of(each)) for each in groups},
        Group.OVERDUE.value: (names[Group.OVERDUE], lambda line: line.overdue),
    }
    drawn = _drawn(of.key, of.title, columns, of.lines, sort, ("name",), groups)
    return replace(drawn, total=of.total)


def _count_of(group: Group) -> Sign[Line]:
    return lambda line: line.count(group)


def mechanisms(found: Sequence[MechanismLine], sort: str) -> Drawn[MechanismLine]:
    """The table of mechanisms."""
    names, types = standing_names(), type_names()
    columns: dict[str, tuple[str, Sign[MechanismLine]]] = {
        "name": (_("Mechanism"), lambda each: each.mechanism.name.casefold()),
        "type": (_("Type"), lambda each: types.get(each.mechanism.type or "", "")),
        "own": (_("Its own answer"), lambda each: names[each.own] if each.own else ""),
        "invited": (_("Members in the base"), lambda each: each.members.rate.invited),
        "answered": (_("Members answered"), lambda each: each.members.rate.answered),
        "rate": (_("Rate"), lambda each: each.members.rate.per_cent or 0),
        "about": (_("… about it"), lambda each: each.about),
        "igos": (_("IGOs"), lambda each: each.igos.rate.answered),
    }
    return _drawn("mechanisms", _("By mechanism"), columns, found, sort, ("name", "type", "own"))


def _drawn(
    key: str,
    title: str,
    columns: Mapping[str, tuple[str, Sign[T]]],
    found: Sequence[T],
    sort: str,
    in_words: Sequence[str],
    groups: tuple[Group, ...] = (),
) -> Drawn[T]:
    by, down = asked.sorting(sort, key, columns)
    rows = sorted(found, key=columns[by][1], reverse=down) if by else found
    heads = []
    for column, (words, _sign) in columns.items():
        first = f"{key}.{column}" if column in in_words else f"-{key}.{column}"
        other = first.removeprefix("-") if first.startswith("-") else f"-{first}"
        now = "" if column != by else "descending" if down else "ascending"
        wanted = other if column == by and down is first.startswith("-") else first
        heads.append(Head(column, words, column not in in_words, wanted, now))
    return Drawn(key, title, tuple(heads), tuple(rows), groups)


@dataclass(frozen=True)
class Filter:
    """One field of the form that narrows a list: its options are pairs of value and words."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    value: str


def filters(
    tracking: Tracking, wanted: Selection, locale: str, *, chased: bool = False
) -> tuple[Filter, ...]:
    """The fields by which a list of respondents is narrowed; a value that there is not stays to be seen."""
    regions = [(each.code, str(each.name)) for each in tracking.division.tops()]
    parts = [(each.code, str(each.name)) for each in tracking.division.regions if each.within]
    groups, names = group_names(), standing_names()
    offered = [each for each in Group if not chased or each in _TO_CHASE]
    standings = [each for each in Standing if not chased or each not in FINISHED]
    stands = {
        **{each.value: groups[each] for each in offered},
        **{each.value: names[each] for each in standings},
    }
    languages = sorted({each.language for each in tracking.everybody})
    found = {
        "role": (_("Role"), list(audience_names().items())),
        "region": (_("Region"), [*regions, (NONE, _("Region not known"))]),
        "part": (_("Sub-region"), parts if tracking.division.key == "m49" else []),
        "type": (_("Type of mechanism"), list(type_names().items())),
        "language": (_("Language"), [(each, language_name(each, locale)) for each in languages]),
        "mechanism": (_("Mechanism"), [(each.code, each.name) for each in tracking.mechanisms]),
        "way": (_("As what in it"), list(way_names().items())),
        "stands": (_("Stands at"), list(stands.items())),
    }
    values = wanted.given()
    return tuple(
        Filter(name, label, _with(options, values.get(name, "")), values.get(name, ""))
        for name, (label, options) in found.items()
        if options
    )


_TO_CHASE = frozenset({Group.UNDER_WAY, Group.NOT_OPENED, Group.OVERDUE})


def _with(options: list[tuple[str, str]], value: str) -> tuple[tuple[str, str], ...]:
    known = {key for key, _words in options}
    return tuple(options if not value or value in known else [*options, (value, value)])
