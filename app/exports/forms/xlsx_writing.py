"""Writes a form as an Excel file: a sheet for each part, a row for each answer, only the answers unlocked.

Each answer's cell has a name, by which it is found again. A cell holds 32,767 characters; a longer text goes
on in the cells below it, and the sheet says so. Text is written as text, whatever sign it begins with.
"""

import io
import re
from collections.abc import Iterator
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from app.exports.blocks import direction, printable
from app.exports.forms.model import Asked, Control, Field, Form, Part, Way, name_of, name_of_option
from app.i18n import _

META, LISTS = "_meta", "_lists"
PIECE = 32_000
"""Code units of a text in one cell; Excel and LibreOffice take 32,767."""
CROSS = "x"
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_NOT_IN_A_TITLE = re.compile(r"[\[\]:*?/\\']")
_WIDTHS = {"A": 6, "B": 46, "C": 64, "D": 2, "E": 46}
_A_LINE, _LINE_HEIGHT, _TALLEST = {"B": 44, "C": 62, "E": 50}, 15, 400
_INK, _MUTED, _PETROL, _CONTROL = "FF1B2226", "FF535A5E", "FF11505E", "FF726C60"
_EDGE = Side(style="thin", color=_CONTROL)
_BOX = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_OPEN = Protection(locked=False)
_PAPER = PatternFill("solid", fgColor="FFFAF8F3")


def write(form: Form, token: str) -> bytes:
    """The form as XLSX, with its signed manifest on a hidden sheet."""
    book = Workbook()
    first = book.active
    assert isinstance(first, Worksheet)  # noqa: S101 - a new workbook has one sheet
    _guidance(first, form)
    lists = _Lists(book)
    for part in form.parts:
        _Sheet(book, part, form.language, lists).draw()
    lists.close()
    _carry(book, token)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def pieces(text: str) -> Iterator[str]:
    """The text in pieces that a cell can hold; none is cut inside a character."""
    piece: list[str] = []
    units = 0
    for sign in text:
        width = 2 if ord(sign) > 0xFFFF else 1
        if units + width > PIECE:
            yield "".join(piece)
            piece, units = [], 0
        piece.append(sign)
        units += width
    yield "".join(piece)


def _font(**looks: Any) -> Font:
    return Font(name="Calibri", **{"size": 11, "color": _INK, **looks})


def _put(cell: Cell, text: str, **looks: Any) -> None:
    """Write a text as text: no formula, no number, no escape that Excel would undo."""
    cell.value = _ESCAPED.sub("_x005F_", printable(text)) or None
    if cell.value is not None:
        cell.data_type = "s"
    cell.number_format = "@"
    cell.alignment = looks.pop("alignment", _WRAPPED)
    for name, look in looks.items():
        setattr(cell, name, look)


def _guidance(sheet: Worksheet, form: Form) -> None:
    sheet.title = _title_of(_("How to fill in"), set())
    sheet.column_dimensions["A"].width = 100
    _put(sheet["A1"], form.occasion, font=_font(color=_MUTED))
    _put(sheet["A2"], form.title, font=_font(size=18, color=_INK))
    _put(sheet["A3"], form.line, font=_font(color=_MUTED))
    long = _(
        "A cell holds at most 32,767 characters. Where a text is longer, it goes on in the cells below it."
    )
    sheet.row_dimensions[2].height = 30
    for row, sentence in enumerate((*form.guidance, long), 5):
        _put(sheet[f"A{row}"], sentence)
        sheet.row_dimensions[row].height = 5 + _LINE_HEIGHT * (1 + len(sentence) // 90)
    _protect(sheet, form.language)


def _protect(sheet: Worksheet, language: str) -> None:
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False
    sheet.protection.formatRows = False
    sheet.sheet_view.rightToLeft = direction(language) == "rtl"
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _title_of(words: str, taken: set[str]) -> str:
    """A sheet's name: at most 31 characters, none of those that Excel forbids, and its own."""
    bare = _NOT_IN_A_TITLE.sub(" ", printable(words)).strip()[:31].strip() or "-"
    title, number = bare, 2
    while title.casefold() in taken:
        ending = f" {number}"
        title, number = bare[: 31 - len(ending)] + ending, number + 1
    return title


class _Lists:
    """The lists to pick from, each a column of a hidden sheet."""

    def __init__(self, book: Workbook) -> None:
        self._sheet = book.create_sheet(LISTS)
        self._ranges: dict[tuple[str, ...], str] = {}

    def range_of(self, words: tuple[str, ...]) -> str:
        """Where the list stands."""
        if words not in self._ranges:
            column = len(self._ranges) + 1
            letter = get_column_letter(column)
            for row, each in enumerate(words, 1):
                _put(self._sheet[f"{letter}{row}"], each)
            self._ranges[words] = f"{quote_sheetname(LISTS)}!${letter}$1:${letter}${len(words)}"
        return self._ranges[words]

    def close(self) -> None:
        """Hide the sheet behind the others."""
        self._sheet.sheet_state = "hidden"
        self._sheet.protection.sheet = True


class _Sheet:
    """One part under construction, row by row."""

    def __init__(self, book: Workbook, part: Part, language: str, lists: _Lists) -> None:
        self._book = book
        self._part = part
        self._language = language
        self._lists = lists
        self._validations: dict[str, DataValidation] = {}
        taken = {title.casefold() for title in book.sheetnames}
        self._sheet = book.create_sheet(_title_of(part.short or part.title, taken), len(book.sheetnames) - 1)
        self._row = 0

    def draw(self) -> None:
        sheet = self._sheet
        for column, width in _WIDTHS.items():
            sheet.column_dimensions[column].width = width
        self._line(
            "A", self._part.title, font=_font(size=16, color=_INK), alignment=Alignment(vertical="top")
        )
        sheet.row_dimensions[self._row].height = 28
        self._row += 1
        for column, words in zip(
            "ABCDE", ("", _("Question"), _("Answer"), "", _("What to know")), strict=True
        ):
            _put(
                sheet[f"{column}{self._row}"],
                words,
                font=_font(bold=True),
                border=Border(bottom=Side("medium")),
            )
        sheet.freeze_panes = f"A{self._row + 1}"
        for note in self._part.notes:
            self._line("B", note, font=_font(color=_MUTED))
        for page in self._part.pages:
            heading = " · ".join(filter(None, (page.title, page.aside)))
            self._line(
                "A", heading, font=_font(size=13, color=_PETROL), alignment=Alignment(vertical="bottom")
            )
            sheet.row_dimensions[self._row].height = 28
            for note in page.notes:
                self._line("B", note, font=_font(color=_MUTED))
            for asked in page.asked:
                self._asked(asked)
        _protect(sheet, self._language)

    def _line(self, column: str, words: str, **looks: Any) -> None:
        self._row += 1
        _put(self._sheet[f"{column}{self._row}"], words, **looks)
        if column != "A":
            self._height({column: words})

    def _asked(self, asked: Asked) -> None:
        notes = "\n".join(asked.notes)
        simple = len(asked.fields) == 1 and not asked.fields[0].label and not asked.entries
        if simple:
            self._field(asked.fields[0], asked.number, asked.text, notes, asked.stem)
            return
        self._head(asked.number, asked.text, notes)
        for field in asked.fields:
            self._field(field, "", field.label or "", "", asked.stem)
        for entry in asked.entries:
            self._head("", entry.title, "")
            for field in entry.fields:
                self._field(field, "", field.label, "", "")
        if asked.after:
            self._line("B", asked.after, font=_font(color=_MUTED, size=10))

    def _head(self, number: str, text: str, notes: str) -> None:
        self._row += 1
        bold = _font(bold=True)
        _put(self._sheet[f"A{self._row}"], number, font=_font(bold=True, color=_PETROL))
        _put(self._sheet[f"B{self._row}"], text, font=bold)
        _put(self._sheet[f"E{self._row}"], notes, font=_font(color=_MUTED, size=10))
        self._height({"B": text, "E": notes})

    def _field(self, field: Field, number: str, text: str, notes: str, stem: str) -> None:
        first = True
        for control in field.controls:
            name = name_of(field.number, control.part)
            label = " · ".join(filter(None, (control.label, f"{stem} …" if stem else "")))
            whole = "\n".join(filter(None, (text if first else "", label)))
            if control.way is Way.TICKS:
                self._ticks(name, control, number if first else "", whole, notes if first else "")
            else:
                self._answer(name, control, number if first else "", whole, notes if first else "")
            first = False

    def _answer(self, name: str, control: Control, number: str, label: str, notes: str) -> None:
        if control.way is Way.PICK:
            chosen = "".join(control.words(value) for value in control.values)
            self._box(name, number, label, notes, chosen, 1)
            words = tuple(printable(words) for _key, words in control.options)
            self._validate(self._lists.range_of(words))
            return
        texts = list(pieces("".join(control.values)))
        if len(texts) > 1:
            texts.append("")  # room for what is added
        self._box(name, number, label, notes, texts[0], control.lines)
        for place, text in enumerate(texts[1:], 2):
            self._box(f"{name}_{place}", "", _("The text goes on here (%(place)s)", place=place), "", text, 3)

    def _ticks(self, name: str, control: Control, number: str, label: str, notes: str) -> None:
        if label:
            notes = "\n".join(filter(None, (notes, _("Put an x beside each that applies."))))
            self._head(number, label, notes)
        for place, (key, words) in enumerate(control.options):
            cross = CROSS if key in control.values else ""
            self._box(name_of_option(name, place), "", f"– {words}", "", cross, 1)
            self._validate(f'"{CROSS}"')

    def _box(self, name: str, number: str, label: str, notes: str, text: str, lines: int) -> None:
        self._row += 1
        row, sheet = self._row, self._sheet
        _put(sheet[f"A{row}"], number, font=_font(bold=True, color=_PETROL))
        _put(sheet[f"B{row}"], label, font=_font(bold=bool(number)))
        _put(sheet[f"C{row}"], text, border=_BOX, protection=_OPEN, fill=_PAPER, quotePrefix=True)
        _put(sheet[f"E{row}"], notes, font=_font(color=_MUTED, size=10))
        self._height({"B": label, "C": text, "E": notes}, lines)
        place = f"{quote_sheetname(sheet.title)}!$C${row}"
        self._book.defined_names[name] = DefinedName(name, attr_text=place)

    def _validate(self, formula: str) -> None:
        """Let only the words of a list into the cell made last."""
        rule = self._validations.get(formula)
        if rule is None:
            rule = DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=True)
            rule.error = _("Choose from the list, or leave the cell empty.")
            self._sheet.add_data_validation(rule)
            self._validations[formula] = rule
        rule.add(f"C{self._row}")

    def _height(self, texts: dict[str, str], lines: int = 1) -> None:
        """Make the row as high as its longest text needs."""
        needed = max(
            (
                sum(1 + len(line) // _A_LINE[column] for line in text.split("\n"))
                for column, text in texts.items()
            ),
            default=1,
        )
        self._sheet.row_dimensions[self._row].height = min(_TALLEST, 5 + _LINE_HEIGHT * max(needed, lines))


def _carry(book: Workbook, token: str) -> None:
    sheet = book.create_sheet(META)
    for row, start in enumerate(range(0, len(token), PIECE), 1):
        _put(sheet[f"A{row}"], token[start : start + PIECE])
    sheet.protection.sheet = True
    sheet.sheet_state = "veryHidden"
