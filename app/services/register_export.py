"""Writing the register in the form in which it is imported: everything in YAML, or one table in CSV.

Importing an export changes nothing, and an export of what was imported into an empty register is the same
file.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Literal
from uuid import UUID

from ruamel.yaml import YAML
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.definitions.guarding import guarded
from app.models import IscmProfile, Membership, Organisation, OrganisationKind, Round, RoundProfile
from app.services.register_csv import joined
from app.services.register_rows import (
    MEMBERSHIP_FIELDS,
    NOTE_FIELDS,
    ORGANISATION_FIELDS,
    PROFILE_FIELDS,
)

Table = Literal["organisations", "iscms", "memberships"]
TABLES: tuple[Table, ...] = ("organisations", "iscms", "memberships")

Entry = dict[str, Any]

PERIOD = ("valid_from", "valid_until")
"""What never goes on into another period."""


def as_yaml(session: Session) -> str:
    """The whole register; keys without a value are left out, except where the period before has one, which
    would go on.
    """
    entries = _entries(session)
    document = {table: [_filled(entry) for entry in entries[table]] for table in TABLES}
    document["iscms"] = _periods(entries["iscms"])
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.width = 100_000
    yaml.indent(mapping=2, sequence=4, offset=2)
    written = io.StringIO()
    yaml.dump(document, written)
    return written.getvalue()


def as_rows(session: Session, table: Table) -> tuple[list[str], list[list[str]]]:
    """One table of the register as the names of its columns and its rows, each cell as text."""
    entries = _with_columns(session, table)
    columns = list(dict.fromkeys(key for entry in entries for key in entry))
    return columns, [[_cell(entry.get(column)) for column in columns] for entry in entries]


def columns_of(table: Table) -> list[str]:
    """The columns that a table may have, those first that a new entry needs."""
    if table == "memberships":
        return ["iscm", "member", "role", "via", *MEMBERSHIP_FIELDS]
    if table == "iscms":
        return ["id", "fictional", *PROFILE_FIELDS, *NOTE_FIELDS]
    return ["code", *ORGANISATION_FIELDS, "represents"]


def _with_columns(session: Session, table: Table) -> list[Entry]:
    entries = _entries(session)[table]
    return [_with_names(entry) for entry in entries] if table == "organisations" else entries


def as_csv(session: Session, table: Table) -> str:
    """One table of the register; several words in one cell have "|" between them."""
    entries = _with_columns(session, table)
    columns = list(dict.fromkeys(key for entry in entries for key in entry))
    written = io.StringIO()
    writer = csv.DictWriter(written, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows({key: _cell(value) for key, value in entry.items()} for entry in entries)
    return written.getvalue()


def _entries(session: Session) -> dict[Table, list[Entry]]:
    piloting = select(RoundProfile.organisation_id).join(Round).where(Round.pilots_version_id.is_not(None))
    organisations = session.scalars(
        select(Organisation).where(Organisation.id.not_in(piloting)).order_by(Organisation.code)
    ).all()
    codes = {each.id: each.code for each in organisations}
    fictional = {each.id: each.fictional for each in organisations}
    plain = [each for each in organisations if each.kind is not OrganisationKind.ISCM]
    profiles = sorted(
        session.scalars(select(IscmProfile)),
        key=lambda each: (codes[each.organisation_id], each.valid_from or date.min),
    )
    return {
        "organisations": [_organisation(each, codes) for each in plain],
        "iscms": [_mechanism(each, codes, fictional[each.organisation_id]) for each in profiles],
        "memberships": [_membership(each, codes) for each in _memberships(session, codes)],
    }


def _memberships(session: Session, codes: Mapping[UUID, str]) -> Sequence[Membership]:
    def place(each: Membership) -> tuple[str, str, str, date]:
        return codes[each.iscm_id], each.role, codes[each.member_id], each.from_ or date.min

    return sorted(session.scalars(select(Membership)), key=place)


def _organisation(record: Organisation, codes: Mapping[UUID, str]) -> Entry:
    fields = {key: getattr(record, column) for key, (column, _check) in ORGANISATION_FIELDS.items()}
    represents = codes[record.represents_id] if record.represents_id else None
    return {"code": record.code, **fields, "names": record.names, "represents": represents}


def _mechanism(record: IscmProfile, codes: Mapping[UUID, str], fictional: bool) -> Entry:
    fields = {key: getattr(record, column) for key, (column, _check) in PROFILE_FIELDS.items()}
    notes = {key: (record.notes or {}).get(note) for key, (note, _check) in NOTE_FIELDS.items()}
    return {"id": codes[record.organisation_id], "fictional": fictional, **fields, **notes}


def _membership(record: Membership, codes: Mapping[UUID, str]) -> Entry:
    fields = {key: getattr(record, column) for key, (column, _check) in MEMBERSHIP_FIELDS.items()}
    via = codes[record.via_id] if record.via_id else None
    member = codes[record.member_id]
    return {"iscm": codes[record.iscm_id], "member": member, "role": record.role, "via": via, **fields}


def _periods(mechanisms: Sequence[Entry]) -> list[Entry]:
    """The mechanisms as YAML holds them, each after its period before."""
    written: list[Entry] = []
    before: Entry = {}
    periods = Counter(entry["id"] for entry in mechanisms)
    for entry in mechanisms:
        filled = _filled(entry)
        if periods[entry["id"]] > 1:
            filled.setdefault("valid_from", None)  # without the key, a file means the latest period
        same = before if before.get("id") == entry["id"] else {}
        gone = [key for key in same if key not in filled and key not in PERIOD]
        filled |= {key: [] if isinstance(same[key], list) else None for key in gone}
        written.append(filled)
        before = filled
    return written


def _filled(entry: Mapping[str, Any]) -> Entry:
    """The entry as YAML holds it, without what is empty."""
    said = {key: _plain(value) for key, value in entry.items()}
    return {key: value for key, value in said.items() if value is not None and value not in ([], {})}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, str) else value


def _with_names(entry: Mapping[str, Any]) -> Entry:
    names = {f"name_{locale}": name for locale, name in sorted(entry["names"].items())}
    return {key: value for key, value in entry.items() if key != "names"} | names


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Iterable) and not isinstance(value, str):
        return joined(list(value))
    return guarded(str(_plain(value)))
