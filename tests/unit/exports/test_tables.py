"""Tables taken away as CSV and XLSX: nothing is cut, nothing is run, each file counts its own rows."""

import csv
import io
from datetime import UTC, date, datetime

import pytest
from openpyxl import load_workbook

from app.exports import tables
from app.exports.tables import Table

HOSTILE = ["=1+1", "+1", "-cmd", "@SUM(A1)", "\tx", "'=1"]
LINKS = ["mailto:x@y.example", "https://a.example/" + "b" * 3000]
ROWS = [("Northmark", 3), ("Sund", 0)]
NOTES = ("Answered out of eligible: invited less not eligible and duplicates.", "As of 22 January 2027.")


def records(content: bytes) -> list[list[str]]:
    """The records of a CSV file."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


def test_a_csv_file_says_its_rows_and_its_base_after_the_rows() -> None:
    content = tables.as_csv(
        Table("By region", ("Region", "Answered"), [("Northmark", 3), ("Sund", 0)], NOTES)
    )
    assert content.startswith(b"\xef\xbb\xbfRegion,Answered\r\n")
    assert records(content) == [
        ["Region", "Answered"],
        ["Northmark", "3"],
        ["Sund", "0"],
        ["", ""],
        ["Rows: 2", ""],
        ["By region", ""],
        [NOTES[0], ""],
        [NOTES[1], ""],
    ]


def test_no_cell_of_a_csv_file_is_a_formula_and_numbers_stay_numbers() -> None:
    rows = [(text, -2, 0.5, date(2027, 1, 22), None) for text in HOSTILE]
    found = records(tables.as_csv(Table("=T", ("=A", "b", "c", "d", "e"), rows)))
    assert found[0][0] == "'=A"
    assert [row[0] for row in found[1:7]] == ["'=1+1", "'+1", "'-cmd", "'@SUM(A1)", "'\tx", "''=1"]
    assert found[1][1:] == ["-2", "0.5", "2027-01-22", ""]


def test_quotes_line_breaks_and_semicolons_come_back_as_they_were() -> None:
    words = 'She said "no";\nthen, yes; عربي'
    assert records(tables.as_csv(Table("T", ("A",), [(words,)])))[1] == [words]


def test_a_sheet_holds_texts_as_texts_and_numbers_as_numbers() -> None:
    rows = [(text, 7, date(2027, 1, 22)) for text in [*HOSTILE, *LINKS, "_x0041_", "00123", "a\x0bb"]]
    made = tables.as_xlsx([Table("By region", ("Region", "Answered", "Day"), rows, NOTES)])
    sheet = load_workbook(io.BytesIO(made))["By region"]
    cells = [row[0] for row in sheet.iter_rows(min_row=2, max_row=len(rows) + 1)]
    # OOXML spells a literal _x0041_ so; a spreadsheet shows it as it was
    assert [cell.value for cell in cells] == [*HOSTILE, *LINKS, "_x005F_x0041_", "00123", "ab"]
    assert {cell.data_type for cell in cells} == {"s"}
    assert sheet["B2"].value == 7
    assert sheet["C2"].value == datetime(2027, 1, 22)
    assert [sheet.cell(len(rows) + 3 + place, 1).value for place in range(4)] == [
        f"Rows: {len(rows)}",
        "By region",
        *NOTES,
    ]


def test_a_text_longer_than_a_cell_goes_on_below_and_the_rows_are_still_counted_once() -> None:
    long = "ab😀" * 30_000
    made = tables.as_xlsx([Table("T", ("A", "B"), [(long, "x"), ("short", "y")])])
    sheet = load_workbook(io.BytesIO(made))["T"]
    column = [row[0].value for row in sheet.iter_rows(min_row=2)]
    end = column.index("short")
    assert "".join(str(part) for part in column[:end]) == long
    assert [row[1].value for row in sheet.iter_rows(min_row=2, max_row=end + 2)] == [
        "x",
        *[None] * (end - 1),
        "y",
    ]
    assert "Rows: 2" in column
    assert any("goes on in the cells below" in str(value) for value in column)


def test_sheets_have_names_that_excel_takes_each_once() -> None:
    titles = ["History", "A/B: [c]?", "a b   c", "", "x" * 40, "x" * 40, "'quoted'"]
    made = tables.as_xlsx([Table(title, ("A",), []) for title in titles], datetime(2027, 1, 22, tzinfo=UTC))
    names = load_workbook(io.BytesIO(made)).sheetnames
    assert len({name.casefold() for name in names}) == len(titles)
    assert all(0 < len(name) <= 31 for name in names)
    assert "history" not in {name.casefold() for name in names}


def test_more_rows_than_a_sheet_holds_are_refused_not_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 3)
    with pytest.raises(tables.TooManyRows):
        tables.as_xlsx([Table("T", ("A",), [("x",)] * 4)])
