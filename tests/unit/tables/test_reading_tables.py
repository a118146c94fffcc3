"""Tables as people send them: hostile, spoilt or merely unusual; and any that is written reads back."""

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import date

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from app.definitions.values import normalise
from app.services import table_text, table_xlsx
from app.services.table_files import LONGEST_CELL, Table, TableRefused
from tests.storing import packed, parts_of

ROWS = "name;e-mail\nAmélie Côté;a@x.example\nJörg “Weiß”;j@x.example\n"


def cells(table: Table) -> list[list[str]]:
    return [list(row.cells) for row in table.rows]


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
        ("cp1252", "Windows-1252"),
    ],
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_every_usual_encoding_separator_and_line_end(
    encoding: str, said: str, separator: str, ends: str
) -> None:
    text = ROWS.replace(";", separator).replace("\n", ends)
    table = table_text.read(text.encode(encoding), "t.csv")
    assert cells(table)[1] == ["Amélie Côté", "a@x.example"]
    assert table.reading.encoding == said
    assert table.reading.separator == separator
    assert table.reading.sample[:2] == ("Amélie", "Côté")


def test_old_latin_1_is_told_by_bytes_that_windows_does_not_have() -> None:
    table = table_text.read("name,x\nC\xf4t\xe9\x81,1\n".encode("latin-1"), "t.csv")
    assert table.reading.encoding == "Latin-1"
    assert cells(table)[1][0].startswith("Côté")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('a;b\n"x;y";"two\nlines"\n', [["a", "b"], ["x;y", "two\nlines"]]),
        ('a,b\n"say ""yes""",2\n', [["a", "b"], ['say "yes"', "2"]]),
        ("sep=;\na;b\n1,5;2\n", [["a", "b"], ["1,5", "2"]]),
        ("List, of all\n\na;b\n1;2\n3;4\n", [["List, of all"], ["a", "b"], ["1", "2"], ["3", "4"]]),
        ("a;b\n=1+1;+cmd|' /C calc'!A0\n", [["a", "b"], ["=1+1", "+cmd|' /C calc'!A0"]]),
        ("a\n\n\nb\n", [["a"], ["b"]]),
        ("a,b\nx\x00y\x0b,\ud800z".encode("utf-8", "surrogatepass").decode("utf-8", "replace"), None),
    ],
)
def test_quotes_breaks_titles_and_formulas_are_text(text: str, expected: list[list[str]] | None) -> None:
    if expected is None:
        with pytest.raises(TableRefused):
            table_text.read(text.encode(), "t.csv")
        return
    assert cells(table_text.read(text.encode(), "t.csv")) == expected


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "t.csv:1: the file is empty"),
        (b"\n \n", "t.csv:1: the file is empty"),
        (
            b'a,b\n1,"2\n',
            "t.csv:2: this is not CSV: unexpected end of data; look at the quotation marks there",
        ),
        (b"\x89PNG\r\n\x00\x1a", "t.csv:1: the file is not text that can be read; save it as “CSV UTF-8”"),
        (b"\xff\xfe\x00\x00a\x00\x00\x00", "t.csv:1: the file is not text that can be read"),
        (b"\xef\xbb\xbfa\n\xff\n", "t.csv:2: the text is not UTF-8, as it says"),
        (b"a\n" * 50_003, "t.csv:50002: the file has more than 50,000 rows; send it in several files"),
        (b"x," * 70, "t.csv:1: the row has more than 60 columns"),
        (b"a\n" + b"y" * (LONGEST_CELL + 1), "t.csv:2: A: the cell is longer than 32,767 characters"),
        (b"a\n" + b"y" * 200_000, "t.csv:2: this is not CSV: field larger than field limit (131072)"),
        (b"z" * 20_000_001, "t.csv:1: the file is larger than 20,000,000 bytes"),
    ],
    ids=[
        "empty",
        "blank",
        "quote",
        "png",
        "utf-32",
        "false-mark",
        "rows",
        "columns",
        "cell",
        "field",
        "bytes",
    ],
)
def test_what_is_no_table_says_where_and_what_to_do(content: bytes, fault: str) -> None:
    with pytest.raises(TableRefused) as refused:
        table_text.read(content if b"x,x" not in content else content[:-1] + b"x", "t.csv")
    assert str(refused.value).startswith(fault)


def workbook(fill: Callable[[Worksheet], None], **more: str) -> bytes:
    """A workbook whose first sheet is filled so, with more sheets by name and state."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    fill(sheet)
    for name, state in more.items():
        extra = book.create_sheet(name)
        extra.append(["other"])
        extra.sheet_state = state
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def test_a_workbook_is_read_as_it_looks() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.title = "Punkte"
        sheet.append(["Title over all"])
        sheet.merge_cells("A1:C1")
        sheet.append(["name", "from", "phone", "code"])
        sheet.append(["Émile", date(2026, 3, 1), 41227171111, "ARC"])
        sheet.append(["Zoë", "2026-03-02", 1.5, None])
        sheet.append(["=1+1", True, None, None])
        sheet.merge_cells("D3:D4")

    table = table_xlsx.read(workbook(fill, Old="hidden", More="visible"), "t.xlsx")
    assert [row.cells for row in table.rows[2:4]] == [
        ("Émile", "2026-03-01", "41227171111", "ARC"),
        ("Zoë", "2026-03-02", "1.5", "ARC"),
    ]
    assert table.rows[4].formulas == (0,)
    assert [row.number for row in table.rows] == [1, 2, 3, 4, 5]
    assert table.reading.sheet == "Punkte"
    assert table.reading.remarks == (
        "Merged cells count for each of their rows: D3.",
        "Hidden and not read: Old.",
        "Only the first sheet was read, not: More.",
    )


def test_a_hidden_first_sheet_is_passed_over() -> None:
    book = openpyxl.Workbook()
    first = book.active
    assert isinstance(first, Worksheet)
    first.append(["secret"])
    first.sheet_state = "hidden"
    book.create_sheet("Shown").append(["name"])
    written = io.BytesIO()
    book.save(written)
    assert cells(table_xlsx.read(written.getvalue(), "t.xlsx")) == [["name"]]


SHEET = "xl/worksheets/sheet1.xml"
_HEAD = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'


def with_sheet(xml: str | bytes) -> bytes:
    """A workbook whose sheet is this XML."""
    parts = parts_of(workbook(lambda sheet: sheet.append(["a"])))
    return packed(parts | {SHEET: xml})


BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + _HEAD + "</sheetData></worksheet>"
)
HOSTILE: dict[str, bytes] = {
    "no zip": b"name,email\n",
    "cut off": workbook(lambda sheet: sheet.append(["a"]))[:-50],
    "broken xml": with_sheet(_HEAD + "<row><c>"),
    "entities": with_sheet(BOMB),
    "no such string": with_sheet(
        _HEAD + '<row r="1"><c r="A1" t="s"><v>99</v></c></row></sheetData></worksheet>'
    ),
    "many cells": with_sheet(_HEAD + "<row>" + "<c/>" * 3_000_001 + "</row></sheetData></worksheet>"),
    "many rows": with_sheet(
        _HEAD
        + "".join(f'<row><c t="n"><v>{n}</v></c></row>' for n in range(51_002))
        + "</sheetData></worksheet>"
    ),
    "unpacks to much": with_sheet(_HEAD + " " * 100_000_000 + "</sheetData></worksheet>"),
    "no sheet": packed({"a": "b"}),
    "empty": workbook(lambda _sheet: None),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_workbook_is_refused_in_words(name: str) -> None:
    with pytest.raises(TableRefused) as refused:
        table_xlsx.read(HOSTILE[name], "t.xlsx")
    assert str(refused.value).startswith("t.xlsx:1: ")


def test_one_long_text_in_many_cells_is_more_than_a_list_holds() -> None:
    parts = parts_of(workbook(lambda sheet: sheet.append(["a"])))
    name = "xl/_rels/workbook.xml.rels"
    relations = parts[name]
    assert isinstance(relations, bytes)
    named = b'<Relationship Type="x/sharedStrings" Target="sharedStrings.xml" Id="s"/></Relationships>'
    parts[name] = relations.replace(b"</Relationships>", named)
    parts["xl/sharedStrings.xml"] = f"<sst><si><t>{'é' * 32_000}</t></si></sst>"
    row = "<row>" + '<c t="s"><v>0</v></c>' * 60 + "</row>"
    parts[SHEET] = f"{_HEAD}{row * 11}</sheetData></worksheet>"
    with pytest.raises(TableRefused, match="more than 20,000,000 characters"):
        table_xlsx.read(packed(parts), "t.xlsx")


def test_a_zip_that_repeats_a_part_is_refused() -> None:
    written = io.BytesIO(workbook(lambda sheet: sheet.append(["a"])))
    with zipfile.ZipFile(written, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(SHEET, "<x/>")
    with pytest.raises(TableRefused):
        table_xlsx.read(written.getvalue(), "t.xlsx")


CELL = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30)
TABLES = st.lists(st.lists(CELL, min_size=2, max_size=5), min_size=1, max_size=8)


@settings(deadline=None, max_examples=60)
@given(TABLES, st.sampled_from(["utf-8-sig", "utf-16"]))
def test_whatever_csv_writes_reads_back(rows: list[list[str]], encoding: str) -> None:
    width = len(rows[0])
    rows = [["first column", *["head"] * (width - 1)], *[(row + [""] * width)[:width] for row in rows]]
    written = io.StringIO(newline="")
    csv.writer(written).writerows(rows)
    table = table_text.read(written.getvalue().encode(encoding), "t.csv")
    expected = [[normalise(cell) for cell in row] for row in rows if any(cell.strip() for cell in row)]
    assert cells(table) == expected


@settings(deadline=None, max_examples=30)
@given(TABLES)
def test_whatever_openpyxl_writes_reads_back(rows: list[list[str]]) -> None:
    rows = [["head"], *[["'" + cell for cell in row] for row in rows]]

    def fill(sheet: Worksheet) -> None:
        for row in rows:
            sheet.append(row)

    table = table_xlsx.read(workbook(fill), "t.xlsx")
    widest = max(map(len, rows))
    assert cells(table) == [[normalise(cell) for cell in row + [""] * (widest - len(row))] for row in rows]
