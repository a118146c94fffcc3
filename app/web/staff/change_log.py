"""What was changed, by whom and when, what was and what is: events in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.i18n import _
from app.models import AuditEvent
from app.web.staff.import_rows import said
from app.web.staff.words import column_name

_LONGEST = 400


@dataclass(frozen=True)
class Entry:
    """One event: what was done, to what, and each column with what it was and is."""

    at: datetime
    by: str
    what: str
    about: str
    differences: tuple[tuple[str, str, str], ...]
    more: str = ""


def act_names() -> Mapping[str, str]:
    """What was done, in words."""
    return {
        "added_user": _("Added"),
        "changed_person": _("Changed"),
        "appointed": _("Appointed"),
        "changed_appointment": _("Appointment changed"),
        "ended_appointment": _("Appointment ended"),
        "handed_over": _("Handed over"),
        "cleared_address_failure": _("Letters arrive again"),
        "deactivated_user": _("Barred"),
        "reactivated_user": _("Let in again"),
        "imported_people": _("People imported"),
        "exported_people": _("People exported"),
        "imported_register": _("Register file imported"),
        "added_organisation": _("Organization added"),
        "changed_organisation": _("Organization changed"),
        "withdrew_organisation": _("Withdrawn"),
        "restored_organisation": _("Brought back"),
        "added_mechanism": _("Mechanism added"),
        "changed_mechanism": _("Mechanism changed"),
        "added_profile": _("New period"),
        "changed_profile": _("Period changed"),
        "confirmed_field": _("Confirmed"),
        "added_membership": _("Membership added"),
        "changed_membership": _("Membership changed"),
        "decided_proposal": _("Proposal decided"),
        "matched_mechanism": _("Proposed mechanism matched"),
        "created_mechanism": _("Proposed mechanism created"),
    }


def entries_of(events: Sequence[AuditEvent], names: Mapping[str, str]) -> list[Entry]:
    """The events in words; `names` are those of the things that they are about, by id."""
    acts = act_names()
    return [_entry(event, acts, names) for event in events]


def _entry(event: AuditEvent, acts: Mapping[str, str], names: Mapping[str, str]) -> Entry:
    detail: Mapping[str, Any] = event.detail or {}
    columns = detail.get("columns")
    pairs = columns.items() if isinstance(columns, Mapping) else ()
    differences = tuple(
        (column_name(column), _named(column, was, names), _named(column, now, names))
        for column, (was, now) in pairs
        if not (_empty(was) and _empty(now))
    )
    about = names.get(event.subject_id or "", "") or str(detail.get("name", ""))
    return Entry(
        event.at,
        event.actor_name,
        acts.get(event.act, event.act.replace("_", " ")),
        about,
        differences,
        _more(detail),
    )


def _empty(value: Any) -> bool:
    return value in (None, "", [], {}) or value is False


def _named(column: str, value: Any, names: Mapping[str, str]) -> str:
    words = names.get(str(value)) or said(column, value)
    return words if len(words) <= _LONGEST else words[:_LONGEST] + " …"


def _more(detail: Mapping[str, Any]) -> str:
    parts = []
    if "field" in detail:
        parts.append(column_name(str(detail["field"])))
    if "decision" in detail:
        taken = detail["decision"] == "accepted"
        parts.append(_("taken over") if taken else _("not taken over"))
    if "counts" in detail and isinstance(detail["counts"], Mapping):
        parts += [f"{key}: {count}" for key, count in detail["counts"].items() if count]
    if detail.get("file"):
        parts.append(_("by file %(name)s", name=detail["file"]))
    if detail.get("note"):
        parts.append(str(detail["note"]))
    return "; ".join(parts)
