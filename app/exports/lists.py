"""Lists in the form in which they are imported: one line of heads, then the rows, and nothing else."""

import csv
import io
from collections.abc import Iterable, Sequence

import xlsxwriter

from app.definitions.guarding import guarded
from app.exports.blocks import printable

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "yaml": "application/yaml",
}


def as_csv(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The list as CSV in UTF-8 with its mark; no spreadsheet takes a cell for a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([guarded(printable(cell)) for cell in row] for row in rows)
    return ("\ufeff" + out.getvalue()).encode("utf-8")


def as_xlsx(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The list as a workbook with one sheet; every cell is text."""
    out = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        bold, text = book.add_format({"bold": True, "bottom": 2}), book.add_format({"num_format": "@"})
        sheet = book.add_worksheet(title[:31])
        sheet.freeze_panes(1, 0)
        for place, head in enumerate(heads):
            sheet.set_column(place, place, max(14, len(head) + 2), text)
            sheet.write_string(0, place, head, bold)
        for number, row in enumerate(rows, 1):
            for place, cell in enumerate(row):
                if cell:
                    sheet.write_string(number, place, printable(cell)[:32_767], text)
    return out.getvalue()
