"""Writes a form as a Word file: the question above, a box below, and in the box a content control.

Every box is the last cell of a table row. Word finds it by the tag of the row's content control; LibreOffice
drops tags when it saves, so the row's first cell carries a bookmark of the same name, and the options of a
list name their box too. A row's control may hold paragraphs, comments and tracked changes in both programs.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part as PackagePart
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from app.exports.blocks import (
    Document,
    Heading,
    Notice,
    Paragraph,
    Role,
    TitleBlock,
    printable,
    said,
)
from app.exports.docx import TEXT_WIDTH, Writer, set_page, styled
from app.exports.forms.model import Asked, Control, Field, Form, Page, Part, Way, name_of, name_of_option
from app.exports.word_package import Xml, close_package, element, open_package, text_run
from app.i18n import _

PROPERTY = "RapporteurForm"
CUSTOM_XML = "urn:rapporteur:form"
_CUSTOM_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_CUSTOM_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
_LABEL_WIDTH = 1_640
_WIDE_LABEL = 3_000
_LINE_HEIGHT = 300
_LINE = "726C60"
_TICKED, _OPEN = "\u2612", "\u2610"
_ALIAS_LENGTH = 60


def write(form: Form, token: str) -> bytes:
    """The form as DOCX, with its signed manifest."""
    document = Document(
        title=form.title,
        language=form.language,
        blocks=(),
        foot=f"{form.title} · {form.line}",
        description=form.occasion,
        publisher=_("International Organization for Migration"),
    )
    word = open_package(document)
    drawing = _Drawing(Writer(word), form.language)
    drawing.head(form)
    for part in form.parts:
        drawing.part(part)
    set_page(word, document)
    _carry(word.part.package, word.part, token)
    return close_package(word)


class _Drawing:
    """The body under construction; every content control and bookmark has a number of its own."""

    def __init__(self, writer: Writer, language: str) -> None:
        self._writer = writer
        self._language = language
        self._made = 0

    def head(self, form: Form) -> None:
        """Who asks whom, and how the form is filled in."""
        block = TitleBlock(
            organisation=_("International Organization for Migration (IOM)"),
            division=_("International Partnerships Division (IPD)"),
            occasion=form.occasion,
            kind=_("Form to fill in"),
            title=form.title,
            line=form.line,
        )
        self._writer.draw(block)
        self._writer.draw(Notice(tuple(Paragraph(said(sentence)) for sentence in form.guidance)))

    def part(self, part: Part) -> None:
        """A section or block."""
        self._writer.draw(Heading(1, part.title))
        self._notes(part.notes)
        for page in part.pages:
            self._page(page)

    def _page(self, page: Page) -> None:
        self._writer.draw(Heading(2, page.title, aside=page.aside))
        self._notes(page.notes)
        for asked in page.asked:
            self._asked(asked)

    def _notes(self, notes: Sequence[str]) -> None:
        for note in notes:
            self._writer.draw(Paragraph(said(note)))

    def _asked(self, asked: Asked) -> None:
        number = [text_run(f"{asked.number}\u2002", "Number")] if asked.number else []
        self._writer.add(styled("Question", *number, text_run(asked.text)))
        for note in asked.notes:
            self._writer.draw(Paragraph(said(note), Role.HINT))
        if asked.fields:
            self._grid(asked.fields, asked)
        for entry in asked.entries:
            self._writer.add(styled("Heading3", text_run(entry.title)))
            self._grid(entry.fields, asked)
        if asked.after:
            self._writer.draw(Paragraph(said(asked.after), Role.META))

    def _grid(self, fields: Sequence[Field], asked: Asked) -> None:
        """One table: a row for each control, what it is at the start, the box at the end."""
        labelled = any(field.label for field in fields) or len(fields[0].controls) > 1
        first = _WIDE_LABEL if labelled else _LABEL_WIDTH
        widths = (first, TEXT_WIDTH - first)
        table = element("tbl")
        table.append(_properties(asked.text))
        grid = element("tblGrid")
        grid.extend([element("gridCol", w=str(width)) for width in widths])
        table.append(grid)
        for field in fields:
            for control in field.controls:
                label = _label(field, control, asked)
                table.append(self._row(field, control, label, widths, asked))
        self._writer.add(table)
        self._writer.add(styled("TableText"))

    def _row(self, field: Field, control: Control, label: str, widths: tuple[int, int], asked: Asked) -> Xml:
        name = name_of(field.number, control.part)
        row = element("tr")
        properties = element("trPr")
        if control.way is not Way.TEXT:
            properties.append(element("cantSplit"))
        height = _LINE_HEIGHT * control.lines + _LINE_HEIGHT // 3
        properties.append(element("trHeight", val=str(height), hRule="atLeast"))
        row.append(properties)
        title = f"{asked.number} {label}".strip()
        row.append(self._label(name, label, widths[0]))
        row.append(_box(widths[1], list(self._content(name, title, control))))
        return self._control(name, title, row) if control.way is Way.TEXT else row

    def _label(self, name: str, label: str, width: int) -> Xml:
        cell = element("tc")
        properties = element("tcPr")
        properties.append(element("tcW", w=str(width), type="dxa"))
        cell.append(properties)
        cell.append(styled("TableText", *self._marked(name, [text_run(label, "Muted")])))
        return cell

    def _content(self, name: str, title: str, control: Control) -> Iterator[Xml]:
        if control.way is Way.TICKS:
            for place, (key, words) in enumerate(control.options):
                yield self._tick(name_of_option(name, place), words, ticked=key in control.values)
        elif control.way is Way.PICK:
            yield styled("Answer", self._list(name, title, control))
        else:
            yield from _paragraphs("".join(control.values))

    def _list(self, name: str, title: str, control: Control) -> Xml:
        chosen = "".join(control.values)
        choices = element("dropDownList")
        nothing = _("Choose")
        for key, words in (("", nothing), *control.options):
            choices.append(element("listItem", displayText=printable(words), value=f"{name}:{key}"))
        run = text_run(control.words(chosen)) if chosen else text_run(nothing, "Muted")
        return self._control(name, title, run, choices)

    def _tick(self, name: str, words: str, *, ticked: bool) -> Xml:
        box = _w14("checkbox")
        box.append(_w14("checked", val="1" if ticked else "0"))
        box.append(_w14("checkedState", val="2612", font="MS Gothic"))
        box.append(_w14("uncheckedState", val="2610", font="MS Gothic"))
        control = self._control(name, words, text_run(_TICKED if ticked else _OPEN), box)
        return styled("OptionBox", control, text_run("\t"), *self._marked(name, [text_run(words)]))

    def _control(self, name: str, title: str, content: Xml, kind: Xml | None = None) -> Xml:
        self._made += 1
        control = element("sdt")
        properties = element("sdtPr")
        alias = printable(" ".join(title.split()))[:_ALIAS_LENGTH]
        properties.append(element("alias", val=alias))
        properties.append(element("tag", val=name))
        properties.append(element("id", val=str(self._made)))
        properties.append(element("lock", val="sdtLocked"))
        if kind is not None:
            properties.append(kind)
        inside = element("sdtContent")
        inside.append(content)
        control.extend([properties, inside])
        return control

    def _marked(self, name: str, runs: Sequence[Xml]) -> list[Xml]:
        self._made += 1
        number = str(self._made)
        return [element("bookmarkStart", id=number, name=name), *runs, element("bookmarkEnd", id=number)]


def _paragraphs(text: str) -> Iterator[Xml]:
    """A text as it stands in a box: a paragraph for each line, turned where its script runs the other way."""
    for line in printable(text).split("\n"):
        run = text_run(line) if line else None
        paragraph = styled("Answer", *([run] if run is not None else []))
        if run is not None and run.find(f"{qn('w:rPr')}/{qn('w:rtl')}") is not None:
            paragraph[0].append(element("bidi"))
        yield paragraph


def _label(field: Field, control: Control, asked: Asked) -> str:
    """What stands beside a box: the row's or field's name, what the control adds, or the sentence begun."""
    named = field.label if control is field.controls[0] or not control.label else ""
    label = " · ".join(filter(None, (named, control.label)))
    return label or (f"{asked.stem} …" if asked.stem else _("Answer"))


def _properties(caption: str) -> Xml:
    properties = element("tblPr")
    margins = element("tblCellMar")
    for side in ("top", "left", "bottom", "right"):
        margins.append(element(side, w="50" if side in ("top", "bottom") else "110", type="dxa"))
    properties.extend(
        [
            element("tblStyle", val="TableNormal"),
            element("tblW", w=str(TEXT_WIDTH), type="dxa"),
            element("tblLayout", type="fixed"),
            margins,
            element("tblCaption", val=printable(caption)),
        ]
    )
    return properties


def _box(width: int, content: Sequence[Xml]) -> Xml:
    cell = element("tc")
    properties = element("tcPr")
    properties.append(element("tcW", w=str(width), type="dxa"))
    borders = element("tcBorders")
    for side in ("top", "left", "bottom", "right"):
        borders.append(element(side, val="single", sz="4", space="0", color=_LINE))
    properties.append(borders)
    cell.append(properties)
    cell.extend(content)
    return cell


def _w14(tag: str, **attributes: str) -> Xml:
    made: Xml = parse_xml(f'<w14:{tag} xmlns:w14="{_W14}"/>')
    for name, value in attributes.items():
        made.set(f"{{{_W14}}}{name}", value)
    return made


def _carry(package: Any, main: Any, token: str) -> None:
    """Put the manifest where Word and LibreOffice keep it: a custom property, and a part of its own."""
    property_ = (
        '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
        'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
        f'<property fmtid="{{D5CDD505-2E9C-101B-9397-08002B2CF9AE}}" pid="2" name="{PROPERTY}">'
        f"<vt:lpwstr>{token}</vt:lpwstr></property></Properties>"
    )
    own = f'<form xmlns="{CUSTOM_XML}">{token}</form>'
    custom = PackagePart(PackURI("/docProps/custom.xml"), _CUSTOM_TYPE, property_.encode(), package)
    package.relate_to(custom, _CUSTOM_RELATION)
    part = PackagePart(PackURI("/customXml/item1.xml"), "application/xml", own.encode(), package)
    main.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_XML)
