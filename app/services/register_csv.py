"""Reading a register file in CSV or XLSX: a table of organisations, of mechanisms or of memberships.

Which one it is follows from the line that names the columns. Several words in one cell stand with "|" between
them. A cell is always text: what looks like a formula in CSV stays as it is written, a formula in XLSX is a
fault.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from app.definitions import searching
from app.definitions.faults import Fault, shown, suggestion
from app.definitions.guarding import unguarded
from app.i18n import _
from app.models import MembershipRole
from app.services import register_rows as rows
from app.services import table_text, table_xlsx
from app.services.register_rows import (
    FieldError,
    MechanismRow,
    MembershipRow,
    OrganisationRow,
    RegisterFile,
    Spot,
)
from app.services.table_files import Row, Table, TableRefused
from app.services.table_headers import LOOKED_AT

MAX_FAULTS = 5_000

LISTS = frozenset(
    {
        *("also", "source", "uncertain_fields", "regions", "associated_with"),
        *("other_names", "thematic_areas", "structures", "guiding_documents", "working_languages"),
        *("members_in_words", "observers_in_words", "partners_in_words"),
    }
)
"""Columns whose cell holds several words."""

NAMES = re.compile(r"name_([a-z]{2})")
IGNORED = frozenset(("region", "subregion"))
"""Columns of states.csv that say in words what a code beside them says."""

CALLED: dict[str, tuple[str, ...]] = {
    "code": ("country code", "code pays", "código", "código de país", "الرمز"),
    "name": ("short name", "nom", "nombre", "الاسم"),
    "formal_name": ("formal name", "nom officiel", "nombre oficial", "الاسم الرسمي"),
    "iscm": ("mechanism", "mécanisme", "mecanismo", "الآلية"),
    "member": ("member", "organisation", "organization", "membre", "miembro", "العضو"),
    "role": ("rôle", "rol", "الدور"),
    "from": ("since", "depuis", "desde", "من", "منذ"),
    "until": ("to", "jusqu'au", "hasta", "حتى", "إلى"),
    "note": ("remark", "remarque", "nota", "ملاحظة"),
}
"""Other names by which columns go."""

_BAR = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True)
class _Line:
    """One line of the table, as text by column."""

    number: int
    cells: dict[str, str]


def read(content: bytes, name: str) -> tuple[RegisterFile, list[Fault]]:
    """The rows of the file and every fault in its form, each with its line and column."""
    try:
        reader = table_xlsx if name.casefold().endswith(".xlsx") else table_text
        table = reader.read(content, name)
    except TableRefused as refused:
        return RegisterFile(), list(refused.faults)
    return _Reader(name).file(table)


class _Reader:
    """Reads one table and collects rows and faults."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.faults: list[Fault] = []
        self.found = RegisterFile()
        self.head = 1
        """The line that names the columns."""

    def file(self, table: Table) -> tuple[RegisterFile, list[Fault]]:
        self.found.reading = table.reading
        place = self._header_at(table.rows)
        row = table.rows[place]
        header = [_column(cell) for cell in row.cells[: row.width]]
        self.head = row.number
        for at, column in enumerate(header):
            if column in header[:at]:
                self._fault(row.number, shown(column)[1:-1], _("the column stands twice"))
        if not self.faults:
            self._table(header, self._lines(header, table.rows[place + 1 :]))
        return self.found, self.faults

    def _header_at(self, found: tuple[Row, ...]) -> int:
        """Which of the first rows names most columns; the first if none does."""
        tried = range(min(LOOKED_AT, len(found)))
        return max(tried, key=lambda at: (sum(_column(cell) in _COLUMNS for cell in found[at].cells), -at))

    def _fault(self, line: int, column: str, message: str) -> None:
        if len(self.faults) < MAX_FAULTS:
            self.faults.append(Fault(self.name, line, column, message))

    def _lines(self, header: list[str], found: tuple[Row, ...]) -> Iterator[_Line]:
        for row in found:
            if row.width > len(header):
                message = _("the line has more cells than the first line has columns")
                self._fault(row.number, "", message)
                continue
            for place in dict.fromkeys((*row.formulas, *row.errors)):
                self._fault(row.number, header[place], _("holds a formula; write its result as text"))
            yield _Line(row.number, dict(zip(header, map(unguarded, row.cells), strict=False)))

    def _table(self, header: list[str], lines: Iterator[_Line]) -> None:
        take, known, needed = self._kind(header)
        for column in header:
            if column not in known and not (needed == ("code",) and NAMES.fullmatch(column)):
                self._fault(self.head, shown(column)[1:-1], _("unknown column") + suggestion(column, known))
        for column in needed:
            if column not in header:
                self._fault(self.head, column, _("the column is missing"))
        if not self.faults:
            for line in lines:
                take(line)

    def _kind(self, header: list[str]) -> tuple[Callable[[_Line], None], set[str], tuple[str, ...]]:
        if "iscm" in header or "member" in header:
            columns = {"iscm", "member", "role", "via", *rows.MEMBERSHIP_FIELDS}
            return self._membership, columns, ("iscm", "member")
        if "id" in header:
            return self._mechanism, {"id", "fictional", *rows.PROFILE_FIELDS, *rows.NOTE_FIELDS}, ("id",)
        return self._organisation, {"code", "represents", *rows.ORGANISATION_FIELDS, *IGNORED}, ("code",)

    def _values(self, line: _Line, fields: dict[str, tuple[str, rows.Check]]) -> dict[str, Any]:
        found = {}
        for key, (column, check) in fields.items():
            if key in line.cells:
                cell: object = line.cells[key].strip()
                found[column] = self._value(line, key, check, _parts(str(cell)) if key in LISTS else cell)
        return found

    def _value(self, line: _Line, column: str, check: rows.Check, cell: object) -> Any:
        try:
            return check(cell)
        except FieldError as unfit:
            self._fault(line.number, column, str(unfit))
            return None

    def _code(self, line: _Line, column: str, pattern: re.Pattern[str]) -> str | None:
        code = line.cells.get(column, "").strip()
        if not pattern.fullmatch(code):
            self._fault(line.number, column, _("%(value)s is not a code", value=shown(code)))
            return None
        return code

    def _organisation(self, line: _Line) -> None:
        code = self._code(line, "code", rows.ORGANISATION_CODE)
        values = self._values(line, rows.ORGANISATION_FIELDS)
        localised = [each for each in map(NAMES.fullmatch, line.cells) if each]
        if localised:
            names = {
                each.group(1): self._value(line, each.group(), rows.text, line.cells.get(each.group(), ""))
                for each in localised
            }
            values["names"] = {locale: name for locale, name in names.items() if name}
        represents = line.cells.get("represents", "").strip() or None
        if code:
            self.found.organisations.append(OrganisationRow(Spot(line.number), code, values, represents))

    def _mechanism(self, line: _Line) -> None:
        code = self._code(line, "id", rows.MECHANISM_CODE)
        values, notes = self._values(line, rows.PROFILE_FIELDS), self._values(line, rows.NOTE_FIELDS)
        fictional = self._value(line, "fictional", rows.perhaps, line.cells.get("fictional", "").strip())
        if code:
            self.found.mechanisms.append(MechanismRow(Spot(line.number), code, values, notes, fictional))

    def _membership(self, line: _Line) -> None:
        role = self._value(line, "role", rows.one_of(*MembershipRole), line.cells.get("role", "").strip())
        iscm, member = (line.cells.get(column, "").strip() for column in ("iscm", "member"))
        if not iscm or not member:
            self._fault(line.number, "member" if iscm else "iscm", _("is empty"))
            return
        values = self._values(line, rows.MEMBERSHIP_FIELDS)
        via = line.cells.get("via", "").strip() or None
        row = MembershipRow(
            Spot(line.number), iscm, member, MembershipRole(role or MembershipRole.MEMBER), values, via
        )
        self.found.memberships.append(row)


_COLUMNS = frozenset(
    {
        *("code", "represents", *rows.ORGANISATION_FIELDS, *IGNORED),
        *("id", "fictional", *rows.PROFILE_FIELDS, *rows.NOTE_FIELDS),
        *("iscm", "member", "role", "via", *rows.MEMBERSHIP_FIELDS),
    }
)
_BY_OTHER_NAME = {
    searching.key(word): column for column, words in CALLED.items() for word in (column, *words)
}


def _column(cell: str) -> str:
    """The column that a cell of the header means; what is known by no name as it is written."""
    bare = cell.strip()
    return (
        bare if bare in _COLUMNS or NAMES.fullmatch(bare) else _BY_OTHER_NAME.get(searching.key(bare), bare)
    )


def _parts(cell: str) -> list[str]:
    return [part.replace("\\|", "|").strip() for part in _BAR.split(cell) if part.strip()]


def joined(parts: list[str]) -> str:
    """Several words in one cell; `read` takes them apart."""
    return " | ".join(part.replace("|", "\\|") for part in parts)
