"""Reads a form from a Word file as Word would print it with all changes accepted.

Insertions are read, deletions are not, moved text is read once, where it went; comments are passed over.
Paragraphs and line breaks stay. What cannot be an answer (pictures, notes) is named, not guessed.
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from app.exports.forms.archive import Archive, damaged
from app.exports.forms.docx_writing import CUSTOM_XML, PROPERTY
from app.exports.forms.written import Written
from app.i18n import _

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_ALTERNATIVES = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
_PRESERVE = "{http://www.w3.org/XML/1998/namespace}space"
_PROPERTIES = "{http://schemas.openxmlformats.org/officeDocument/2006/extended-properties}"
_ESCAPED = re.compile(r"_x005F_(?=x[0-9A-Fa-f]{4}_)")
_VAL = f"{_W}val"
_NAME = re.compile(r"answer_\d{1,6}(?:_(?:other|none|right))?")
_BOX = re.compile(r"answer_\d{1,6}(?:_(?:other|none|right))?_o\d{1,3}")
_CROSSES = "\u2612\u2611\u2713\u2714\u2715\u2716xX"
_TRANSPARENT = frozenset(
    f"{_W}{tag}" for tag in ("ins", "moveTo", "hyperlink", "smartTag", "fldSimple", "bdo", "dir", "customXml")
)
_GONE = frozenset((f"{_W}del", f"{_W}moveFrom"))
_PICTURES = frozenset((f"{_W}drawing", f"{_W}pict", f"{_W}object", _ALTERNATIVES))
_NOTES = frozenset((f"{_W}footnoteReference", f"{_W}endnoteReference"))
_SIGNS = {f"{_W}tab": "\t", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "\u2011", f"{_W}softHyphen": "\u00ad"}


def read(archive: Archive) -> Written:
    """What is written in the boxes. Raises FormRefused for what is no sound file."""
    found = Written(_token(archive))
    body = archive.xml(archive.main).find(f"{_W}body")
    if body is None:
        raise damaged()
    for table in _tables(body):
        for row, control in _rows(table):
            _read_row(row, control, found)
    if _is_of_libreoffice(archive):
        found.texts = {name: _ESCAPED.sub("_", text) for name, text in found.texts.items()}
    return found


def _is_of_libreoffice(archive: Archive) -> bool:
    """Whether LibreOffice saved the file: it escapes what looks like an escape, which Word does not."""
    if "docProps/app.xml" not in archive.names:
        return False
    application = archive.xml("docProps/app.xml").find(f"{_PROPERTIES}Application")
    return application is not None and (application.text or "").startswith("LibreOffice")


def _token(archive: Archive) -> str:
    """The signed manifest: from the part of its own, else from the file's properties."""
    for name in archive.names:
        if re.fullmatch(r"customXml/item\d{1,3}\.xml", name):
            root = archive.xml(name)
            if root.tag == f"{{{CUSTOM_XML}}}form":
                return (root.text or "").strip()
    if "docProps/custom.xml" in archive.names:
        for each in archive.xml("docProps/custom.xml"):
            if each.get("name") == PROPERTY:
                return "".join(each.itertext()).strip()
    return ""


def _tables(block: Element) -> Iterator[Element]:
    """The tables of the text, those inside controls or added by somebody included; not those in cells."""
    for child in block:
        if child.tag == f"{_W}tbl":
            yield child
        elif child.tag in _TRANSPARENT or child.tag in (f"{_W}sdt", f"{_W}sdtContent"):
            yield from _tables(child)


def _rows(block: Element, control: str = "") -> Iterator[tuple[Element, str]]:
    """The rows of a table with the name of the control around each; a row that was struck is passed over."""
    for child in block:
        if child.tag == f"{_W}tr":
            if child.find(f"{_W}trPr/{_W}del") is None:
                yield child, control
        elif child.tag == f"{_W}sdt":
            inside = child.find(f"{_W}sdtContent")
            if inside is not None:
                yield from _rows(inside, _tag(child) or control)
        elif child.tag in _TRANSPARENT:
            yield from _rows(child, control)


def _cells(block: Element) -> Iterator[Element]:
    for child in block:
        if child.tag == f"{_W}tc":
            yield child
        elif child.tag in _TRANSPARENT or child.tag in (f"{_W}sdt", f"{_W}sdtContent"):
            yield from _cells(child)


def _read_row(row: Element, control: str, found: Written) -> None:
    cells = list(_cells(row))
    if len(cells) < 2:
        return
    label, box = cells[0], cells[-1]
    if _read_boxes(box, found):
        return
    name = control or _listed_name(box) or _bookmarked(label)
    if name:
        text = "\n".join(_Text(found, name).lines(box))
        found.put(name, "" if text in _nothing(box) else text)


def _nothing(box: Element) -> list[str]:
    """What a drop-down list says while nothing is chosen."""
    items = box.iter(f"{_W}listItem")
    return [item.get(f"{_W}displayText", "") for item in items if item.get(f"{_W}value", "").endswith(":")]


def _tag(control: Element) -> str:
    tag = control.find(f"{_W}sdtPr/{_W}tag")
    name = tag.get(_VAL, "") if tag is not None else ""
    return name if _NAME.fullmatch(name) else ""


def _bookmarked(block: Element) -> str:
    names = (mark.get(f"{_W}name", "") for mark in block.iter(f"{_W}bookmarkStart"))
    return next((name for name in names if _NAME.fullmatch(name)), "")


def _listed_name(box: Element) -> str:
    """The name that the options of a drop-down list carry before their key."""
    values = (item.get(f"{_W}value", "").partition(":")[0] for item in box.iter(f"{_W}listItem"))
    return next((name for name in values if _NAME.fullmatch(name)), "")


def _read_boxes(box: Element, found: Written) -> bool:
    """Read the boxes to tick, if the cell has any."""
    read = False
    for paragraph in box.iter(f"{_W}p"):
        name = _box_name(paragraph)
        if name:
            read = True
            found.ticks[name] = _is_ticked(paragraph)
    return read


def _box_name(paragraph: Element) -> str:
    names = [tag.get(_VAL, "") for tag in paragraph.iter(f"{_W}tag")]
    names += [mark.get(f"{_W}name", "") for mark in paragraph.iter(f"{_W}bookmarkStart")]
    return next((name for name in names if _BOX.fullmatch(name)), "")


def _is_ticked(paragraph: Element) -> bool:
    """By the control; where somebody wrote over it, by the sign that stands first."""
    for checked in paragraph.iter(f"{_W14}checked"):
        return checked.get(f"{_W14}val", "1") in ("1", "true", "on")
    text = "".join(_Text(Written(""), "").inline(paragraph)).strip()
    return text[:1] in tuple(_CROSSES) and not text[1:2].isalnum()


class _Text:
    """Reads the text of a box; what it leaves out is noted under the box's name."""

    def __init__(self, found: Written, name: str) -> None:
        self._found = found
        self._name = name

    def lines(self, block: Element) -> Iterator[str]:
        """The paragraphs as lines; one whose end was struck goes on in the next."""
        pending = ""
        for paragraph in self._paragraphs(block):
            text = self._bullet(paragraph) + "".join(self.inline(paragraph))
            if _end_is_struck(paragraph):
                pending += text
                continue
            yield pending + text
            pending = ""
        if pending:
            yield pending

    def _paragraphs(self, block: Element) -> Iterator[Element]:
        for child in block:
            if child.tag == f"{_W}p":
                yield child
            elif child.tag in _PICTURES:
                self._note(child)
            elif child.tag not in _GONE:
                yield from self._paragraphs(child)

    def _bullet(self, paragraph: Element) -> str:
        """A list that Word made of lines with dashes keeps a sign before each."""
        number = paragraph.find(f"{_W}pPr/{_W}numPr/{_W}numId")
        return "• " if number is not None and number.get(_VAL) != "0" else ""

    def inline(self, block: Element) -> Iterator[str]:
        """The pieces of text of a paragraph or of what stands in it."""
        for child in block:
            if child.tag == f"{_W}r":
                yield from self._run(child)
            elif child.tag == f"{_W}sdt":
                inside = child.find(f"{_W}sdtContent")
                if inside is not None and not _is_placeholder(child):
                    yield from self.inline(inside)
            elif child.tag in _TRANSPARENT:
                yield from self.inline(child)
            else:
                self._note(child)

    def _run(self, run: Element) -> Iterator[str]:
        for child in run:
            if child.tag == f"{_W}t":
                text = child.text or ""
                yield text if child.get(_PRESERVE) == "preserve" else text.strip(" \t\r\n")
            elif child.tag in _SIGNS:
                yield _SIGNS[child.tag]
            elif child.tag == f"{_W}br":
                yield "\n"
            elif child.tag == f"{_W}sym":
                yield "\u25a1"
                self._found.leave_out(self._name, _("A sign from a symbol font is not taken over"))
            else:
                self._note(child)

    def _note(self, child: Element) -> None:
        if child.tag in _PICTURES:
            self._found.leave_out(self._name, _("A picture is not taken over"))
        elif child.tag in _NOTES:
            self._found.leave_out(self._name, _("A footnote is not taken over"))


def _end_is_struck(paragraph: Element) -> bool:
    mark = paragraph.find(f"{_W}pPr/{_W}rPr")
    return mark is not None and any(child.tag in _GONE for child in mark)


def _is_placeholder(control: Element) -> bool:
    return control.find(f"{_W}sdtPr/{_W}showingPlcHdr") is not None
