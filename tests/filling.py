"""Filling in a form as a person would in Word or Excel: by what is asked, not by where it is stored."""

import copy
import io
import re
import zipfile
from collections.abc import Mapping
from uuid import UUID

import openpyxl
from docx.opc.oxml import serialize_part_xml
from docx.oxml import parse_xml

from app.exports.forms import files
from app.exports.forms.manifest import Manifest
from app.exports.forms.model import MAIN, Way, name_of, name_of_option
from app.exports.word_package import Xml, element

SECRET = "a key that only the tests know, and nobody else"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def repacked(data: bytes, changed: Mapping[str, bytes | None]) -> bytes:
    """The package with some of its parts replaced, added or (None) left out."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in dict.fromkeys([*source.namelist(), *changed]):
            content = changed[name] if name in changed else source.read(name)
            if content is not None:
                target.writestr(name, content)
    return written.getvalue()


class WordForm:
    """The text of a Word form, to be written in."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            self.root = parse_xml(package.read("word/document.xml"))

    def box(self, name: str) -> Xml:
        """The cell to write in: the last of the row whose first cell is marked."""
        row: Xml
        for row in self.root.iter(f"{W}tr"):
            marks = [mark.get(f"{W}name") for mark in row.find(f".//{W}tc").iter(f"{W}bookmarkStart")]
            if name in marks:
                cells: list[Xml] = list(row.iter(f"{W}tc"))
                return cells[-1]
        raise KeyError(name)

    def write(self, name: str, text: str) -> None:
        """Replace what stands in the box; each line becomes a paragraph."""
        box = self.box(name)
        for paragraph in box.findall(f"{W}p"):
            box.remove(paragraph)
        for line in text.split("\n"):
            box.append(paragraph_of(run_of(line)))

    def pick(self, name: str, words: str) -> None:
        """Choose from the drop-down list."""
        content = self.box(name).find(f".//{W}sdtContent")
        for run in content.findall(f"{W}r"):
            content.remove(run)
        content.append(run_of(words))

    def tick(self, name: str, ticked: bool) -> None:
        """Tick the box or take the tick away."""
        for control in self.root.iter(f"{W}sdt"):
            tag = control.find(f"{W}sdtPr/{W}tag")
            if tag is not None and tag.get(f"{W}val") == name:
                control.find(f".//{W14}checked").set(f"{W14}val", "1" if ticked else "0")
                return
        raise KeyError(name)

    def saved(self) -> bytes:
        """The file."""
        return repacked(self.data, {"word/document.xml": serialize_part_xml(self.root)})


def run_of(text: str, tag: str = "t") -> Xml:
    """A run with a text (``delText`` for one that was struck); tabs are tabs."""
    run = element("r")
    for place, piece in enumerate(text.split("\t")):
        if place:
            run.append(element("tab"))
        written = element(tag)
        written.text = piece
        written.set(SPACE, "preserve")
        run.append(written)
    return run


def paragraph_of(*runs: Xml) -> Xml:
    """A paragraph of the runs."""
    paragraph = element("p")
    paragraph.extend([copy.deepcopy(run) for run in runs])
    return paragraph


class ExcelForm:
    """An Excel form, to be written in."""

    def __init__(self, data: bytes) -> None:
        self.book = openpyxl.load_workbook(io.BytesIO(data))

    def write(self, name: str, text: str) -> None:
        """Write a text into the named cell, as Excel does: what looks like an escape is escaped."""
        sheet, place = next(iter(self.book.defined_names[name].destinations))
        cell = self.book[sheet][place.replace("$", "")]
        cell.value = ESCAPED.sub("_x005F_", text) or None
        if text:
            cell.data_type = "s"

    pick = write

    def tick(self, name: str, ticked: bool) -> None:
        """Put a cross, or take it away."""
        self.write(name, "x" if ticked else "")

    def saved(self) -> bytes:
        """The file."""
        written = io.BytesIO()
        self.book.save(written)
        return written.getvalue()


class Filling:
    """A form in somebody's hands."""

    def __init__(self, data: bytes, secret: str = SECRET) -> None:
        self.secret = secret
        self.manifest: Manifest = files.read(data, secret)[0]
        self.form: WordForm | ExcelForm = WordForm(data) if b"word/document.xml" in data else ExcelForm(data)

    def number(self, key: str, item: str = "", instance: UUID | None = None, empty: int = 0) -> int:
        """The number of an answer: in a block or record, or in the nth empty place of a list (from 1)."""
        found = [
            number
            for number, shipped in enumerate(self.manifest.shipped)
            if (shipped.key, shipped.item) == (key, item)
            and (shipped.spot.slot is not None) == bool(empty)
            and (instance is None or shipped.spot.instance == instance)
        ]
        return found[max(empty, 1) - 1]

    def answer(self, key: str, value: str | list[str], part: str = MAIN, **where: object) -> "Filling":
        """Answer a question: a text, the key of an option, or the keys to tick."""
        number = self.number(key, **where)  # type: ignore[arg-type]  # handed on as they are
        shape = next(each for each in self.manifest.shipped[number].shapes if each.part == part)
        name = name_of(number, part)
        if shape.way is Way.TICKS:
            for place, (option, _words) in enumerate(shape.options):
                self.form.tick(name_of_option(name, place), option in value)
        elif shape.way is Way.PICK:
            self.form.pick(name, dict(shape.options).get(str(value), str(value)))
        else:
            self.form.write(name, str(value))
        return self

    def saved(self) -> bytes:
        """The file."""
        return self.form.saved()
