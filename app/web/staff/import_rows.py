"""The rows of an import as its preview shows them, of people and of the register alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.i18n import _
from app.policy import AppointmentRole
from app.services.people_import import Plan, Planned
from app.services.register_preview import Line, RegisterPlan
from app.web.auth.hats import role_name
from app.web.staff.words import column_name, what_name

STATES = ("error", "like", "new", "changed", "unchanged")


@dataclass(frozen=True)
class Shown:
    """One row: its number in the file, whom or what it is about, what changes and what is wrong."""

    number: int
    about: tuple[str, ...]
    state: str
    differences: tuple[tuple[str, str, str], ...] = ()
    faults: tuple[tuple[str, str], ...] = ()
    like: tuple[str, ...] = ()


def state_names() -> Mapping[str, str]:
    """What a row would do, in words."""
    return {
        "error": _("to put right"),
        "like": _("perhaps there already"),
        "new": _("new"),
        "changed": _("changes"),
        "unchanged": _("unchanged"),
    }


def counts(planned: Plan | RegisterPlan) -> dict[str, int]:
    """How many rows there are of each kind."""
    found = {str(state): count for state, count in planned.counts.items()}
    return {state: found.get(state, 0) for state in STATES} | {"like": getattr(planned, "like", 0)}


def wanted(planned: Plan | RegisterPlan, only: str) -> Sequence[Planned | Line]:
    """The rows of one kind, or all of them, those that are wrong first."""
    rows: Sequence[Planned | Line] = planned.rows
    if only == "like":
        return [row for row in rows if getattr(row, "like", ())]
    if only in STATES:
        return [row for row in rows if row.state == only]
    return sorted(rows, key=lambda row: row.state != "error")


def shown(row: Planned | Line) -> Shown:
    """A row as the preview shows it."""
    return _of_people(row) if isinstance(row, Planned) else _of_register(row)


def _of_people(row: Planned) -> Shown:
    values = row.row.values
    about = [str(values.get("name", "")), str(values.get("email", ""))]
    if row.organisation is not None:
        about.append(f"{row.organisation.name}, {role_name(row.role)}")
    differences = tuple(
        (
            _("name") if each.column == "name" else column_name(each.column),
            said(each.column, each.was),
            said(each.column, each.now),
        )
        for each in row.differences
    )
    return Shown(
        row.row.number,
        tuple(each for each in about if each),
        str(row.state),
        differences,
        row.faults,
        row.like,
    )


def _of_register(row: Line) -> Shown:
    about = tuple(f"{what_name(each.what)} {each.name}" for each in row.changes)
    differences = tuple(
        (column_name(column), "" if each.new else said(column, old), said(column, new))
        for each in row.changes
        for column, (old, new) in each.columns.items()
        if not each.new or new not in (None, [], {}, False, "")
    )
    faults = tuple((fault.path, fault.message) for fault in row.faults)
    return Shown(row.number, about, str(row.state), differences, faults)


def said(column: str, value: Any) -> str:
    """A value in words."""
    if value is None or value in ("", [], {}):
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {said(column, each)}" for key, each in value.items())
    if isinstance(value, list | tuple):
        return "; ".join(map(str, value))
    if column == "role" and value in set(AppointmentRole):
        return role_name(AppointmentRole(value))
    return str(value)
