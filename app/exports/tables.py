"""Tables as CSV and XLSX: the one writer for everything that staff take away as rows.

A table says what it is out of, and each file its own number of rows. CSV is RFC 4180 in UTF-8 with a byte
order mark: the first record is the heads, then the rows; after an empty record come the notes, one a
record. XLSX has one sheet for each table, built the same way. Text is text, whatever sign it begins with.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from app.definitions.guarding import guarded
from app.exports.blocks import printable
from app.exports.forms.xlsx_writing import pieces
from app.i18n import _

Cell = str | int | float | date | None
"""A moment is given as words with its zone: neither format has zones."""

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MOST_ROWS = 1_000_000
_MARK = "\ufeff"
_NAME_LIMIT, _WIDEST = 31, 60
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\']")


@dataclass(frozen=True)
class Table:
    """Rows under heads; ``base_note`` are the sentences that say out of what its figures are, which moment
    they are of and how a rate is defined. ``rows`` may be made while they are written.
    """

    title: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Cell]]
    base_note: Sequence[str] = ()


class TooManyRows(ValueError):
    """A table has more rows than a sheet holds: it is refused, never cut."""


def as_csv(table: Table) -> bytes:
    """The table as CSV."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    width = len(table.columns)
    writer.writerow([guarded(head) for head in table.columns])
    count = 0
    for row in table.rows:
        writer.writerow([_plain(cell) for cell in row])
        count += 1
    for note in ("", *_notes(table, count)):
        writer.writerow([guarded(printable(note)), *[""] * (width - 1)] if width > 1 else [guarded(note)])
    return (_MARK + out.getvalue()).encode("utf-8")


def as_xlsx(tables: Sequence[Table], made_at: datetime | None = None) -> bytes:
    """The tables as one workbook, a sheet each. Raises TooManyRows."""
    out = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        if made_at is not None:
            book.set_properties({"created": made_at.replace(tzinfo=None)})
        looks = _Looks(
            head=book.add_format({"bold": True, "bottom": 2, "text_wrap": True, "valign": "bottom"}),
            text=book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"}),
            day=book.add_format({"valign": "top", "align": "left", "num_format": "yyyy-mm-dd"}),
            number=book.add_format({"valign": "top"}),
            note=book.add_format({"font_color": "#535a5e"}),
        )
        taken: set[str] = set()
        for table in tables:
            _Sheet(book.add_worksheet(_name(table.title, taken)), looks).draw(table)
    return out.getvalue()


def _notes(table: Table, count: int) -> Iterator[str]:
    yield _("Rows: %(count)s", count=count)
    yield table.title
    yield from table.base_note


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return guarded(printable(cell))
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _name(title: str, taken: set[str]) -> str:
    """A name that a sheet may have, and none has yet."""
    stem = _NOT_IN_A_NAME.sub(" ", printable(title)).strip()[:_NAME_LIMIT].strip() or _("Table")
    name, number = stem, 1
    while name.casefold() in taken | {"history"}:
        number += 1
        end = f" {number}"
        name = stem[: _NAME_LIMIT - len(end)].strip() + end
    taken.add(name.casefold())
    return name


@dataclass(frozen=True)
class _Looks:
    """How cells are set."""

    head: Any
    text: Any
    day: Any
    number: Any
    note: Any


class _Sheet:
    """One sheet, written from the top down: a row is never gone back to."""

    def __init__(self, sheet: Worksheet, looks: _Looks) -> None:
        self.sheet = sheet
        self.looks = looks
        self.line = 0
        self.goes_on = False

    def draw(self, table: Table) -> None:
        """Write the heads, the rows and the notes."""
        for place, head in enumerate(table.columns):
            self.sheet.set_column(place, place, min(_WIDEST, max(12, len(head) + 2)))
            self.sheet.write_string(0, place, printable(head), self.looks.head)
        self.sheet.freeze_panes(1, 0)
        count = 0
        for row in table.rows:
            self._row(row)
            count += 1
        self.line += 1
        for note in (*_notes(table, count), *self._about_long_texts()):
            self._note(note)

    def _row(self, row: Sequence[Cell]) -> None:
        """One row; what of a text does not fit a cell goes on in the cells below it."""
        texts = {
            place: list(pieces(printable(cell))) or [""]
            for place, cell in enumerate(row)
            if isinstance(cell, str)
        }
        self._next_line()
        for place, cell in enumerate(row):
            if isinstance(cell, str):
                self._text(place, texts[place][0])
            elif isinstance(cell, date):
                self.sheet.write_datetime(self.line, place, cell, self.looks.day)
            elif cell is not None:
                self.sheet.write_number(self.line, place, cell, self.looks.number)
        for below in range(1, max(map(len, texts.values()), default=1)):
            self.goes_on = True
            self._next_line()
            for place, parts in texts.items():
                if below < len(parts):
                    self._text(place, parts[below])

    def _next_line(self) -> None:
        self.line += 1
        if self.line > MOST_ROWS:
            raise TooManyRows(_("A sheet holds %(most)s rows.", most=f"{MOST_ROWS:,}"))

    def _text(self, place: int, text: str) -> None:
        if text:
            self.sheet.write_string(self.line, place, text, self.looks.text)

    def _note(self, note: str) -> None:
        for part in pieces(printable(note)):
            self.line += 1
            self.sheet.write_string(self.line, 0, part, self.looks.note)

    def _about_long_texts(self) -> Iterator[str]:
        if self.goes_on:
            yield _(
                "A cell holds at most 32,767 characters. Where a text is longer, it goes on in the cells "
                "below it."
            )
