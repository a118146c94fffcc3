"""Taking over the organisations and the mechanisms of a register file."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from app.definitions.faults import shown
from app.i18n import _
from app.models import Audience, IscmProfile, Organisation, OrganisationKind
from app.services.register_book import Book, overlapping
from app.services.register_rows import MechanismRow, OrganisationRow

EMPTY: dict[str, Any] = {"also": [], "names": {}, "fictional": False, "name_article": False}
"""What a new organisation has where the file says nothing."""

EMPTY_PROFILE: dict[str, Any] = {
    **{key: [] for key in ("other_names", "thematic_areas", "structures", "guiding_documents")},
    **{key: [] for key in ("working_languages", "uncertain_fields", "sources")},
    "short_name_article": False,
    "notes": {},
}

NEEDED = ("name", "short_name")
"""What a mechanism has in every period."""

FACTS = tuple(
    column.key
    for column in IscmProfile.__mapper__.column_attrs
    if column.key not in {"id", "organisation_id", "organisation_kind", "valid_from", "valid_until"}
)
"""What goes on into a new period."""


def take_organisation(book: Book, row: OrganisationRow) -> None:
    """Add or change one organisation that is no mechanism."""
    book.line = row.at.line
    if not book.first(row.at, "organisation", row.code):
        return
    found = book.by_code.get(row.code)
    if found is not None and found.kind is OrganisationKind.ISCM:
        book.fault(row.at, _("%(code)s is a mechanism", code=row.code), "code")
        return
    if not row.values.get("name", found.name if found else None):
        book.fault(row.at, _("an organisation needs a name"), "name")
        return
    values = _typed(row.values)
    if found is None:
        values = {"kind": OrganisationKind.OTHER, "asked_as": Audience.NONE, **EMPTY, **values}
    elif found.id in book.in_rounds and values.get("asked_as", found.asked_as) is not found.asked_as:
        message = _("%(code)s is asked in a round, so this cannot change", code=row.code)
        book.fault(row.at, message, "asked_as")
        return
    organisation = found or Organisation(id=uuid4(), code=row.code)
    book.by_code[row.code] = organisation
    book.change("organisation", row.code, organisation, values, new=found is None)


def _typed(values: Mapping[str, Any]) -> dict[str, Any]:
    typed = dict(values)
    if "kind" in typed:
        typed["kind"] = OrganisationKind(typed["kind"] or OrganisationKind.OTHER)
    if "asked_as" in typed:
        typed["asked_as"] = Audience(typed["asked_as"] or Audience.NONE)
    return typed


def take_represented(book: Book, row: OrganisationRow) -> None:
    """Set whom the organisation represents, once every organisation of the file is there."""
    book.line = row.at.line
    organisation = book.by_code.get(row.code)
    if row.represents is None or organisation is None:
        return
    whole = book.organisation(row.at, row.represents, "represents")
    if whole is organisation:
        book.fault(row.at, _("%(code)s cannot represent itself", code=row.code), "represents")
    elif whole is not None:
        values = {"represents_id": whole.id}
        book.change("organisation", row.code, organisation, values, new=False)


def take_mechanism(book: Book, row: MechanismRow) -> None:
    """Add or change one mechanism and its profile of one period."""
    book.line = row.at.line
    if not book.first(row.at, "mechanism", row.code, str(row.values.get("valid_from") or "")):
        return
    found = book.by_code.get(row.code)
    if found is not None and found.kind is not OrganisationKind.ISCM:
        book.fault(row.at, _("%(code)s is no mechanism", code=shown(row.code)), "id")
        return
    needed = [key for key in NEEDED if not row.values.get(key, found)]
    for key in needed:
        book.fault(row.at, _("a mechanism needs it"), key)
    if needed:
        return
    organisation = found or Organisation(id=uuid4(), code=row.code)
    book.by_code[row.code] = organisation
    values: dict[str, Any] = {}
    if found is None:
        kind = {"kind": OrganisationKind.ISCM, "asked_as": Audience.ISCM}
        values = {**EMPTY, **kind, "name_article": True, "name": row.values["name"]}
    elif row.values.get("name") and _is_latest(book, found, row):
        values = {"name": row.values["name"]}
    if row.fictional is not None:
        values["fictional"] = row.fictional
    book.change("mechanism", row.code, organisation, values, new=found is None)
    _take_profile(book, row, organisation)


def _is_latest(book: Book, organisation: Organisation, row: MechanismRow) -> bool:
    periods = book.profiles.get(organisation.id, [])
    start = row.values.get("valid_from")
    return (
        "valid_from" not in row.values
        or not periods
        or (start or date.min) >= (periods[-1].valid_from or date.min)
    )


def _take_profile(book: Book, row: MechanismRow, organisation: Organisation) -> None:
    periods = book.profiles.setdefault(organisation.id, [])
    start = row.values.get("valid_from")
    same = [each for each in periods if each.valid_from == start]
    if periods and "valid_from" not in row.values:
        same = periods[-1:]
    if not _in_order(book, row, same[0] if same else None):
        return
    if same:
        values = {**row.values, "notes": _notes(same[0].notes or {}, row.notes)}
        book.change("profile", row.code, same[0], values, new=False)
        return
    if not _is_whole(book, row, _before(periods, start)) or not _make_room(book, row, periods):
        return
    book.flush()  # the period before ends first, so that the two never overlap
    profile = IscmProfile(
        id=uuid4(), organisation_id=organisation.id, organisation_kind=OrganisationKind.ISCM
    )
    before = _before(periods, start)
    values = {**before, **row.values, "notes": _notes(before["notes"], row.notes)}
    book.change("profile", row.code, profile, values, new=True)
    periods.append(profile)
    periods.sort(key=lambda each: each.valid_from or date.min)


def _before(periods: Sequence[IscmProfile], start: date | None) -> dict[str, Any]:
    """The facts of the period before one that begins then: they go on unless the file says otherwise."""
    earlier = [each for each in periods if (each.valid_from or date.min) < (start or date.min)]
    if not earlier:
        return EMPTY_PROFILE
    return {column: deepcopy(getattr(earlier[-1], column)) for column in FACTS}


def _in_order(book: Book, row: MechanismRow, found: IscmProfile | None) -> bool:
    """Whether the period, as the file leaves it, does not end before it begins."""
    start = row.values.get("valid_from", found.valid_from if found else None)
    end = row.values.get("valid_until", found.valid_until if found else None)
    if start is not None and end is not None and end < start:
        book.fault(row.at, _("it ends before it begins"), "valid_until")
        return False
    return True


def _is_whole(book: Book, row: MechanismRow, before: Mapping[str, Any]) -> bool:
    """Whether a new period has what every period needs, by itself or from the one before."""
    lacking = [key for key in NEEDED if not row.values.get(key, before.get(key))]
    for key in lacking:
        book.fault(row.at, _("a mechanism needs it"), key)
    return not lacking


def _make_room(book: Book, row: MechanismRow, periods: list[IscmProfile]) -> bool:
    """Let the open period before the new one end on the day before; False where they overlap otherwise."""
    start, end = row.values.get("valid_from"), row.values.get("valid_until")
    for each in periods:
        if not overlapping((start, end), (each.valid_from, each.valid_until)):
            continue
        begins_later = start is not None and start > (each.valid_from or date.min)
        if not begins_later or each.valid_until is not None:
            book.fault(row.at, _("the period overlaps another one of this mechanism"), "valid_from")
            return False
        values = {"valid_until": start - timedelta(days=1)} if start else {}
        book.change("profile", row.code, each, values, new=False)
    return True


def _notes(old: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The notes with those that the file gives; an empty one is taken out."""
    notes = {**old, **given}
    return {key: value for key, value in sorted(notes.items()) if value is not None and value != []}
