"""A table as a workbook: the first sheet that is not hidden, cell by cell, with bounds on all of it.

Formulas are marked and never run: their result is whatever a program left there. A number that is shown as a
day is read as that day; other formats count for nothing.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from posixpath import join, normpath
from typing import Protocol
from xml.parsers import expat

from app.i18n import _
from app.services.file_kinds import XLSX, KindRefused, kind_of
from app.services.table_files import (
    MOST_COLUMNS,
    MOST_ROWS,
    Reading,
    Row,
    Table,
    TableRefused,
    bounded,
    letters,
    refusal,
    sample_of,
)
from app.services.table_sheets import Cell, Collected, SheetTarget, StringsTarget, TooMuch

LARGEST_PART = 96_000_000
LARGEST_UNPACKED = 160_000_000
_CHUNK = 1 << 20
_RELATION_ID = "http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_DAY_FORMATS = frozenset((*range(14, 18), 22, *range(27, 37), *range(50, 59)))
_NOT_FORMAT = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_MERGE = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")


def read(content: bytes, name: str, most_rows: int = MOST_ROWS) -> Table:
    """The rows of the first visible sheet of a workbook that has any. Raises TableRefused."""
    no_workbook = refusal(name, 1, _("the file is no workbook; save it as .xlsx or as CSV"))
    if not content.startswith(b"PK\x03\x04"):
        raise no_workbook
    try:
        if kind_of(io.BytesIO(content)) is not XLSX:
            raise no_workbook
        return _Workbook(content, name).table(most_rows)
    except KindRefused as refused:
        raise refusal(name, 1, str(refused)) from refused
    except TooMuch as problem:
        message = _("the sheet has far more cells than a list has; send only the list")
        raise refusal(name, 1, message) from problem
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, OSError) as problem:
        raise _damaged(name) from problem
    except (expat.ExpatError, ValueError, LookupError, RuntimeError) as problem:
        raise _damaged(name) from problem


def _damaged(name: str) -> TableRefused:
    message = _("the file is damaged; open it in your spreadsheet, save it again as .xlsx and send that")
    return refusal(name, 1, message)


class _Target(Protocol):
    """What hears a part while it is read."""

    def start(self, tag: str, attributes: dict[str, str]) -> None: ...

    def end(self, tag: str) -> None: ...

    def data(self, text: str) -> None: ...


class _Workbook:
    """The parts of one workbook; no more of them is unpacked than the bounds allow."""

    def __init__(self, content: bytes, name: str) -> None:
        self._zip = zipfile.ZipFile(io.BytesIO(content))
        self._name = name
        self._left = LARGEST_UNPACKED
        self._names = set(self._zip.namelist())

    def table(self, most_rows: int) -> Table:
        book = self._collect("xl/workbook.xml")
        relations = self._collect("xl/_rels/workbook.xml.rels").all("Relationship")
        parts = {each.get("Id", ""): _part(each.get("Target", "")) for each in relations}
        kinds = {each.get("Id", ""): each.get("Type", "").rpartition("/")[2] for each in relations}
        of_kind = {kinds[id_]: part for id_, part in parts.items()}
        base = any(each.get("date1904") in {"1", "true"} for each in book.all("workbookPr"))
        strings = self._strings(of_kind.get("sharedStrings"))
        styles = self._day_styles(of_kind.get("styles"))
        sheets = book.all("sheet")
        hidden = [each.get("name", "") for each in sheets if each.get("state", "visible") != "visible"]
        visible = [each for each in sheets if each.get("state", "visible") == "visible"]
        found: Table | None = None
        unread = []
        for sheet in visible:
            title = sheet.get("name", "")
            part = parts.get(sheet.get(_RELATION_ID, ""), "")
            if found is not None or part not in self._names:
                unread.append(title)
                continue
            target = SheetTarget(strings, most_rows)
            self._feed(part, target)
            found = self._found(title, _Values(target, styles, base), most_rows)
        if found is None:
            raise refusal(self._name, 1, _("no sheet that can be seen has anything in it"))
        return _with_remarks(found, hidden, unread)

    def _found(self, title: str, values: "_Values", most_rows: int) -> Table | None:
        rows = bounded(self._name, iter(values.rows()), most_rows)
        if not rows:
            return None
        reading = Reading(sheet=title, sample=sample_of(rows), remarks=values.remarks)
        return Table(self._name, rows, reading)

    def _strings(self, part: str | None) -> list[str]:
        target = StringsTarget()
        if part in self._names and part is not None:
            self._feed(part, target)
        return target.strings

    def _day_styles(self, part: str | None) -> frozenset[int]:
        """The numbers of the cell styles that show a number as a day."""
        if part is None or part not in self._names:
            return frozenset()
        styles = self._collect(part)
        own = {
            each.get("numFmtId", ""): _NOT_FORMAT.sub("", each.get("formatCode", "")).casefold()
            for each in styles.all("numFmt")
        }

        def shows_a_day(number: str) -> bool:
            if number in own:
                return "y" in own[number] or ("d" in own[number] and "m" in own[number])
            return number.isdigit() and int(number) in _DAY_FORMATS

        formats = styles.within("cellXfs", "xf")
        return frozenset(place for place, each in enumerate(formats) if shows_a_day(each.get("numFmtId", "")))

    def _collect(self, part: str) -> Collected:
        target = Collected()
        self._feed(part, target)
        return target

    def _feed(self, part: str, target: _Target) -> None:
        """Parse a part; in one piece, since one huge token would be scanned again for each piece.

        A document type is refused where it begins, and with it every entity.
        """
        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_document_type
        parser.StartElementHandler = target.start
        parser.EndElementHandler = target.end
        parser.CharacterDataHandler = target.data
        parser.Parse(self._read(part), True)

    def _read(self, part: str) -> bytes:
        pieces, size = [], 0
        with self._zip.open(part) as source:
            while piece := source.read(_CHUNK):
                size += len(piece)
                self._left -= len(piece)
                if size > LARGEST_PART or self._left < 0:
                    raise TooMuch
                pieces.append(piece)
        return b"".join(pieces)


def _refuse_document_type(*_declared: object) -> None:
    raise ValueError("a document type")


def _part(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))


def _with_remarks(table: Table, hidden: list[str], unread: list[str]) -> Table:
    remarks = list(table.reading.remarks)
    if hidden:
        remarks.append(_("Hidden and not read: %(sheets)s.", sheets=", ".join(hidden)))
    if unread:
        remarks.append(_("Only the first sheet was read, not: %(sheets)s.", sheets=", ".join(unread)))
    reading = Reading(sheet=table.reading.sheet, sample=table.reading.sample, remarks=tuple(remarks))
    return Table(table.name, table.rows, reading)


class _Values:
    """The cells of a sheet as text: days as days, and what is merged downwards in each of its rows."""

    def __init__(self, sheet: SheetTarget, day_styles: frozenset[int], from_1904: bool) -> None:
        self._sheet = sheet
        self._day_styles = day_styles
        self._start = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30)
        self.remarks: tuple[str, ...] = ()

    def rows(self) -> list[Row]:
        """Every row that has a cell, in order."""
        cells = self._sheet.cells
        self._fill_merged(cells)
        widest = min(max((max(row) for row in cells.values()), default=0) + 1, MOST_COLUMNS)
        return [self._row(number, cells[number], widest) for number in sorted(cells)]

    def _row(self, number: int, cells: Mapping[int, Cell], widest: int) -> Row:
        width = max(widest, max(cells) + 1)
        texts = tuple(self._text(cells[place]) if place in cells else "" for place in range(width))
        formulas = tuple(place for place, cell in sorted(cells.items()) if cell.formula)
        errors = tuple(place for place, cell in sorted(cells.items()) if cell.kind == "e")
        return Row(number, texts, formulas, errors)

    def _text(self, cell: Cell) -> str:
        if cell.kind != "n" or not cell.text:
            return {"1": "true", "0": "false"}.get(cell.text, cell.text) if cell.kind == "b" else cell.text
        try:
            number = Decimal(cell.text)
            if cell.style in self._day_styles and 0 < number < 3_000_000:
                return (self._start + timedelta(days=int(number))).date().isoformat()
            plain = format(number, "f") if abs(number.adjusted()) < 30 else cell.text
        except (InvalidOperation, OverflowError):
            return cell.text
        return plain.rstrip("0").rstrip(".") if "." in plain else plain

    def _fill_merged(self, cells: dict[int, dict[int, Cell]]) -> None:
        """What stands once for several rows stands in each of them; across columns nothing is repeated."""
        filled = []
        left = 200_000
        for reference in self._sheet.merged:
            found = _MERGE.fullmatch(reference)
            if found is None or found[1] != found[3]:
                continue
            column, first, last = _column(found[1]), int(found[2]), int(found[4])
            cell = cells.get(first, {}).get(column)
            if cell is None or last <= first or column >= MOST_COLUMNS:
                continue
            filled.append(f"{letters(column)}{first}")
            for number in range(first + 1, last + 1):
                left -= 1
                if left < 0:
                    raise TooMuch
                if number in cells:
                    cells[number][column] = cell
        if filled:
            said = ", ".join(filled[:10]) + (" …" if len(filled) > 10 else "")
            self.remarks = (_("Merged cells count for each of their rows: %(cells)s.", cells=said),)


def _column(letters_: str) -> int:
    number = 0
    for letter in letters_:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
