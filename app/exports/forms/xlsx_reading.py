"""Reads a form from an Excel file: the named cells, as the text that stands in them.

Formulas are refused, cell by cell: their result is whatever the sender's program left there. Only the parts
needed are unpacked, and no library guesses at types.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import join, normpath
from xml.etree.ElementTree import Element

from app.exports.forms.archive import Archive, damaged
from app.exports.forms.written import Written
from app.exports.forms.xlsx_writing import CROSS, META
from app.i18n import _

_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_NAME = re.compile(r"answer_\d{1,6}(?:_(?:other|none|right))?")
_BOX = re.compile(r"answer_\d{1,6}(?:_(?:other|none|right))?_o\d{1,3}")
_PIECE = re.compile(r"(answer_\d{1,6}(?:_(?:other|none|right))?)_(\d{1,3})")
_PLACE = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!\$([A-Z]{1,3})\$(\d{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_INDEX = re.compile(r"[0-9]{1,7}")
_ROW = re.compile(r"[0-9]{1,7}$")
_WHOLE = re.compile(r"-?\d+\.0*")
_NOTHING = {"", "0", "-", "no", "false"}


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    formula: bool = False
    error: bool = False


def read(archive: Archive) -> Written:
    """What is written in the named cells. Raises FormRefused for what is no sound file."""
    book = _Book(archive)
    found = Written("".join(cell.text for _place, cell in sorted(book.cells(META).items(), key=_by_row)))
    long: dict[str, dict[int, str]] = {}
    for name, sheet, place in book.names():
        cell = book.cells(sheet).get(place, _Cell(""))
        if _BOX.fullmatch(name):
            found.ticks[name] = _is_crossed(name, cell, found)
        elif _NAME.fullmatch(name):
            long.setdefault(name, {})[1] = _text(name, cell, found)
        elif (piece := _PIECE.fullmatch(name)) is not None:
            long.setdefault(piece[1], {})[int(piece[2])] = _text(piece[1], cell, found)
    for name, texts in long.items():
        found.put(name, "".join(texts[number] for number in sorted(texts)))
    return found


def _by_row(item: tuple[str, _Cell]) -> int:
    place = _ROW.search(item[0])
    return int(place[0]) if place is not None else 0


def _text(name: str, cell: _Cell, found: Written) -> str:
    if cell.formula:
        found.fault(name, _("The cell holds a formula. Write its result as text"))
    if cell.error:
        found.fault(name, _("The cell shows an error. Write the answer as text"))
    return cell.text


def _is_crossed(name: str, cell: _Cell, found: Written) -> bool:
    base = name.rpartition("_o")[0]
    return _text(base, cell, found).strip().casefold() not in _NOTHING - {CROSS}


class _Book:
    """The sheets of a workbook, each read when its first cell is asked for."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._root = archive.xml(archive.main)
        self._folder = archive.main.rpartition("/")[0]
        self._targets = self._relations()
        self._shared: list[str] | None = None
        self._read: dict[str, dict[str, _Cell]] = {}

    def _relations(self) -> dict[str, tuple[str, str]]:
        name = f"{self._folder}/_rels/{self._archive.main.rpartition('/')[2]}.rels"
        if name not in self._archive.names:
            return {}
        return {
            each.get("Id", ""): (each.get("Type", "").rpartition("/")[2], self._part(each.get("Target", "")))
            for each in self._archive.xml(name).iter(_RELATION)
        }

    def _part(self, target: str) -> str:
        return target.lstrip("/") if target.startswith("/") else normpath(join(self._folder, target))

    def names(self) -> Iterator[tuple[str, str, str]]:
        """The names of single cells, as (name, sheet, place)."""
        for each in self._root.iter(f"{_S}definedName"):
            place = _PLACE.fullmatch((each.text or "").strip())
            if place is not None:
                sheet = place[1].replace("''", "'") if place[1] else place[2]
                yield each.get("name", ""), sheet, f"{place[3]}{place[4]}"

    def cells(self, title: str) -> dict[str, _Cell]:
        """The cells of a sheet by place; none of a sheet that is not there."""
        if title not in self._read:
            self._read[title] = dict(self._cells(title))
        return self._read[title]

    def _cells(self, title: str) -> Iterator[tuple[str, _Cell]]:
        for sheet in self._root.iter(f"{_S}sheet"):
            _kind, part = self._targets.get(sheet.get(f"{_R}id", ""), ("", ""))
            if sheet.get("name") == title and part in self._archive.names:
                for cell in self._archive.xml(part).iter(f"{_S}c"):
                    yield cell.get("r", ""), self._cell(cell)

    def _cell(self, cell: Element) -> _Cell:
        kind, value = cell.get("t", "n"), cell.findtext(f"{_S}v") or ""
        formula = cell.find(f"{_S}f") is not None
        if kind == "s":
            return _Cell(self._shared_text(value), formula)
        if kind == "inlineStr":
            inline = cell.find(f"{_S}is")
            return _Cell(_rich(inline) if inline is not None else "", formula)
        if kind == "b":
            return _Cell({"1": "true", "0": "false"}.get(value, value), formula)
        if kind == "n" and _WHOLE.fullmatch(value):
            value = value.partition(".")[0]
        return _Cell(_unescaped(value), formula, error=kind == "e")

    def _shared_text(self, number: str) -> str:
        if self._shared is None:
            self._shared = []
            for kind, part in self._targets.values():
                if kind == "sharedStrings" and part in self._archive.names:
                    self._shared += [_rich(each) for each in self._archive.xml(part).iter(f"{_S}si")]
        if not _INDEX.fullmatch(number) or int(number) >= len(self._shared):
            raise damaged()
        return self._shared[int(number)]


def _rich(string: Element) -> str:
    """The text of a string, its runs put together, without what is only there to be read aloud."""
    texts = [string.findtext(f"{_S}t") or ""]
    texts += [run.findtext(f"{_S}t") or "" for run in string.findall(f"{_S}r")]
    return _unescaped("".join(texts))


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
