"""Reading a register file in CSV: a table of organisations, of mechanisms or of memberships.

Which one it is follows from the first line. Comma, semicolon and tab separate; the text is UTF-8, with or
without a byte order mark. Several words in one cell stand with "|" between them. A cell is always text:
what looks like a formula stays as it is written.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from app.definitions.faults import Fault, shown, suggestion
from app.definitions.guarding import unguarded
from app.i18n import _
from app.models import MembershipRole
from app.services import register_rows as rows
from app.services.register_rows import (
    FieldError,
    MechanismRow,
    MembershipRow,
    OrganisationRow,
    RegisterFile,
    Spot,
)

MAX_BYTES = 5_000_000
MAX_ROWS = 20_000
MAX_COLUMNS = 60
MAX_FAULTS = 200

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

_BAR = re.compile(r"(?<!\\)\|")


@dataclass(frozen=True)
class _Line:
    """One line of the table, as text by column."""

    number: int
    cells: dict[str, str]


def read(content: bytes, name: str) -> tuple[RegisterFile, list[Fault]]:
    """The rows of the file and every fault in its form, each with its line and column."""
    return _Reader(name).file(content)


class _Reader:
    """Reads one table and collects rows and faults."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.faults: list[Fault] = []
        self.found = RegisterFile()
        self.line = 0
        """The last line of the row that was read last."""

    def file(self, content: bytes) -> tuple[RegisterFile, list[Fault]]:
        text = self._decoded(content)
        if text is None:
            return self.found, self.faults
        lines = self._lines(text)
        try:
            header = next(lines, None)
            if header is not None and header.cells:
                self._table(list(header.cells), lines)
            elif not self.faults:
                self._fault(1, "", _("the file is empty"))
        except csv.Error as problem:
            self._fault(self.line + 1, "", _("this is not CSV: %(problem)s", problem=str(problem)))
        return self.found, self.faults

    def _fault(self, line: int, column: str, message: str) -> None:
        if len(self.faults) < MAX_FAULTS:
            self.faults.append(Fault(self.name, line, column, message))

    def _decoded(self, content: bytes) -> str | None:
        if len(content) > MAX_BYTES:
            self._fault(1, "", _("the file is larger than %(limit)s bytes", limit=f"{MAX_BYTES:,}"))
            return None
        if b"\x00" in content or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
            self._fault(1, "", _("the file is not UTF-8 text; save it as “CSV UTF-8”"))
            return None
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError as problem:
            line = content.count(b"\n", 0, problem.start) + 1
            self._fault(
                line, "", _("the text is not UTF-8 (perhaps Latin-1 or Windows-1252); save it as “CSV UTF-8”")
            )
            return None

    def _lines(self, text: str) -> Iterator[_Line]:
        """The header as a line of its own first, then every line that is not blank."""
        first = text.split("\n", 1)[0]
        delimiter = max(",;\t", key=first.count)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        header = [cell.strip() for cell in next(reader, [])]
        self.line = reader.line_num
        if not self._fits(header):
            return
        yield _Line(1, dict.fromkeys(header, ""))
        for place, cells in enumerate(reader):
            self.line, line = reader.line_num, self.line + 1
            if place >= MAX_ROWS:
                self._fault(line, "", _("the file has more than %(limit)s lines", limit=f"{MAX_ROWS:,}"))
                return
            if any(cell.strip() for cell in cells):
                if len(cells) > len(header):
                    self._fault(line, "", _("the line has more cells than the first line has columns"))
                    continue
                yield _Line(line, dict(zip(header, map(unguarded, cells), strict=False)))

    def _fits(self, header: list[str]) -> bool:
        if len(header) > MAX_COLUMNS:
            self._fault(1, "", _("the file has more than %(limit)s columns", limit=MAX_COLUMNS))
        for place, column in enumerate(header):
            if column in header[:place]:
                self._fault(1, shown(column)[1:-1], _("the column stands twice"))
        return not self.faults

    def _table(self, header: list[str], lines: Iterator[_Line]) -> None:
        take, known, needed = self._kind(header)
        for column in header:
            if column not in known and not (needed == ("code",) and NAMES.fullmatch(column)):
                self._fault(1, shown(column)[1:-1], _("unknown column") + suggestion(column, known))
        for column in needed:
            if column not in header:
                self._fault(1, column, _("the column is missing"))
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
        code = line.cells[column].strip()
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
                each.group(1): self._value(line, each.group(), rows.text, line.cells[each.group()])
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
        iscm, member = (line.cells[column].strip() for column in ("iscm", "member"))
        if not iscm or not member:
            self._fault(line.number, "member" if iscm else "iscm", _("is empty"))
            return
        values = self._values(line, rows.MEMBERSHIP_FIELDS)
        via = line.cells.get("via", "").strip() or None
        row = MembershipRow(
            Spot(line.number), iscm, member, MembershipRole(role or MembershipRole.MEMBER), values, via
        )
        self.found.memberships.append(row)


def _parts(cell: str) -> list[str]:
    return [part.replace("\\|", "|").strip() for part in _BAR.split(cell) if part.strip()]


def joined(parts: list[str]) -> str:
    """Several words in one cell; `read` takes them apart."""
    return " | ".join(part.replace("|", "\\|") for part in parts)
