"""Writes a document as a Word file: real styles and footnotes, header rows that repeat, language, title."""

import io
from collections.abc import Sequence
from functools import singledispatchmethod

from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.shared import Mm, Twips

from app.exports.blocks import (
    Block,
    Bullets,
    Cell,
    Cite,
    Disclaimer,
    Document,
    Figure,
    Heading,
    Inline,
    Lines,
    Notice,
    Options,
    PageBreak,
    Paragraph,
    Role,
    Run,
    Style,
    Table,
    TitleBlock,
    direction,
    printable,
)
from app.exports.charts import rendering
from app.exports.word_package import Xml, close_package, element, open_package, text_run

TEXT_WIDTH = 9240  # twentieths of a point: A4 less the margins below

_ROLES = {
    Role.BODY: "Normal",
    Role.LEAD: "Lead",
    Role.QUESTION: "Question",
    Role.HINT: "Hint",
    Role.ANSWER: "Answer",
    Role.META: "Meta",
}
_STYLES = {Style.PLAIN: "", Style.LABEL: "Label", Style.STRONG: "Strong", Style.MUTED: "Muted"}


def write(document: Document) -> bytes:
    """The document as DOCX; the same document gives the same bytes."""
    word = open_package(document)
    writer = Writer(word)
    for block in document.blocks:
        writer.draw(block)
    set_page(word, document)
    return close_package(word)


class Writer:
    """The body under construction: which notes it has set, and whether the next paragraph starts a page."""

    def __init__(self, word: WordDocument) -> None:
        self.body = word.element.body
        self.part = word.part
        self.noted: set[int] = set()
        self.breaks = False

    def add(self, block: Xml) -> None:
        """Put a paragraph or table before the section properties, which must stay last."""
        if self.breaks and block.tag == qn("w:p"):
            block[0].insert(1, element("pageBreakBefore"))
            self.breaks = False
        self.body.insert(len(self.body) - 1, block)

    @singledispatchmethod
    def draw(self, block: Block) -> None:
        raise TypeError(f"No Word form for {type(block).__name__}")

    @draw.register
    def _title_block(self, block: TitleBlock) -> None:
        self.add(styled("Publisher", text_run(block.organisation, "Strong")))
        if block.division:
            self.add(styled("Publisher", text_run(block.division)))
        self.add(styled("Occasion", text_run(block.occasion)))
        if block.kind:
            self.add(styled("Subtitle", text_run(block.kind)))
        self.add(styled("Title", text_run(block.title)))
        if block.line:
            self.add(styled("DocumentLine", text_run(block.line)))

    @draw.register
    def _heading(self, block: Heading) -> None:
        number = [text_run(f"{block.number}\u2002", "Number")] if block.number else []
        aside = [text_run(f"\t{block.aside}", "Aside")] if block.aside else []
        self.add(styled(f"Heading{block.level}", *number, text_run(block.text), *aside))

    @draw.register
    def _paragraph(self, block: Paragraph) -> None:
        self.add(styled(_ROLES[block.role], *self._inlines(block.inlines)))

    @draw.register
    def _bullets(self, block: Bullets) -> None:
        for item in block.items:
            self.add(styled("ListBullet", *self._inlines(item)))

    @draw.register
    def _table(self, block: Table) -> None:
        widths = [TEXT_WIDTH * width // sum(block.widths) for width in block.widths]
        if block.captioned:
            self.add(styled("Caption", text_run(block.caption)))
        table = element("tbl")
        table.append(_table_properties(block))
        grid = element("tblGrid")
        grid.extend([element("gridCol", w=str(width)) for width in widths])
        table.append(grid)
        head = [[styled("TableHeading", text_run(name))] for name in block.header]
        table.append(_row(head, widths, header=True))
        for row in block.rows:
            table.append(_row([self._cell(cell) for cell in row], widths, header=False))
        self.add(table)
        self.add(styled("TableText"))

    @draw.register
    def _options(self, block: Options) -> None:
        for option in block.options:
            hint = [text_run(f"\n{option.hint}", "Muted")] if option.hint else []
            own = [text_run("\t")] if option.write else []
            box = "\u2610" if block.several else "\u25cb"
            self.add(styled("OptionBox", text_run(f"{box}\t{option.text}"), *own, *hint))

    @draw.register
    def _lines(self, block: Lines) -> None:
        stem = f"{block.stem} …" if block.stem else ""
        self.add(styled("WritingBox", text_run(stem + "\n" * (block.count - 1))))

    @draw.register
    def _notice(self, block: Notice) -> None:
        for paragraph in block.paragraphs:
            self.add(styled("Notice", *self._inlines(paragraph.inlines)))

    @draw.register
    def _figure(self, block: Figure) -> None:
        """The drawing as PNG, since not every Word shows SVG; its description is the picture's text."""
        width = Twips(TEXT_WIDTH * block.width // 100)
        inline = self.part.new_pic_inline(io.BytesIO(rendering.png(block.svg)), width=width)
        inline.docPr.set("descr", printable(block.described))
        drawing = element("drawing")
        drawing.append(inline)
        run = element("r")
        run.append(drawing)
        if block.caption:
            self.add(styled("Caption", text_run(block.caption)))
        self.add(styled("TableText", run))

    @draw.register
    def _disclaimer(self, block: Disclaimer) -> None:
        self.add(styled("Disclaimer", text_run(block.text)))

    @draw.register
    def _page_break(self, _block: PageBreak) -> None:
        self.breaks = True

    def _inlines(self, inlines: Sequence[Inline]) -> list[Xml]:
        runs: list[Xml] = []
        for inline in inlines:
            if isinstance(inline, Run):
                runs.append(text_run(inline.text, _STYLES[inline.style], inline.language or ""))
            else:
                runs.extend(self._cite(inline))
        return runs

    def _cite(self, cite: Cite) -> list[Xml]:
        """A footnote at its first mention, a cross-reference to it (``NOTEREF``) at every later one."""
        runs: list[Xml] = []
        for position, number in enumerate(cite.numbers):
            if position:
                runs.append(text_run(", ", "FootnoteReference"))
            if number in self.noted:
                runs.extend(_mention(number))
            else:
                self.noted.add(number)
                runs.extend(_footnote(number))
        return runs

    def _cell(self, cell: Cell) -> list[Xml]:
        """The paragraphs of a cell; an empty cell holds one empty paragraph, as Word demands."""
        roles = {Role.BODY: "TableText", Role.QUESTION: "TableRowHead"}
        drawn = [
            styled(roles.get(paragraph.role, _ROLES[paragraph.role]), *self._inlines(paragraph.inlines))
            for paragraph in cell.paragraphs
        ]
        return drawn or [styled("TableText")]


def styled(style: str, *runs: Xml) -> Xml:
    """A paragraph in a style of the file."""
    paragraph = element("p")
    properties = element("pPr")
    properties.append(element("pStyle", val=style))
    paragraph.append(properties)
    paragraph.extend(runs)
    return paragraph


def _footnote(number: int) -> list[Xml]:
    bookmark = {"id": str(number)}
    return [
        element("bookmarkStart", name=f"_RefNote{number}", **bookmark),
        _reference(element("footnoteReference", id=str(number))),
        element("bookmarkEnd", **bookmark),
    ]


def _mention(number: int) -> list[Xml]:
    instruction = element("instrText")
    instruction.text = f" NOTEREF _RefNote{number} \\f \\h "
    return [
        _reference(element("fldChar", fldCharType="begin")),
        _reference(instruction),
        _reference(element("fldChar", fldCharType="separate")),
        text_run(str(number), "FootnoteReference"),
        _reference(element("fldChar", fldCharType="end")),
    ]


def _reference(content: Xml) -> Xml:
    run = element("r")
    properties = element("rPr")
    properties.append(element("rStyle", val="FootnoteReference"))
    run.extend([properties, content])
    return run


def _table_properties(block: Table) -> Xml:
    properties = element("tblPr")
    look = element(
        "tblLook", val="0020", firstRow="1", lastRow="0", firstColumn="0", noHBand="1", noVBand="1"
    )
    properties.extend(
        [
            element("tblStyle", val="Hairlines"),
            element("tblW", w=str(TEXT_WIDTH), type="dxa"),
            element("tblLayout", type="fixed"),
            look,
            element("tblCaption", val=printable(block.caption)),
        ]
    )
    return properties


def _row(cells: list[list[Xml]], widths: list[int], header: bool) -> Xml:
    row = element("tr")
    properties = element("trPr")
    properties.append(element("cantSplit"))
    if header:
        properties.append(element("tblHeader"))
    row.append(properties)
    for width, paragraphs in zip(widths, cells, strict=True):
        cell = element("tc")
        cell_properties = element("tcPr")
        cell_properties.append(element("tcW", w=str(width), type="dxa"))
        cell.append(cell_properties)
        cell.extend(paragraphs)
        row.append(cell)
    return row


def set_page(word: WordDocument, document: Document) -> None:
    """A4 with our margins, the foot with its page numbers; turned for a right-to-left language."""
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(23.5)
    section.top_margin, section.bottom_margin = Mm(22), Mm(22)
    foot = section.footer.paragraphs[0]._p
    foot[:] = list(
        styled(
            "Footer", text_run(f"{document.foot}\t"), *_field("PAGE"), text_run(" / "), *_field("NUMPAGES")
        )
    )
    if direction(document.language) == "rtl":
        section._sectPr.append(element("bidi"))
        for properties in word.element.body.iter(qn("w:tblPr")):
            properties.insert(1, element("bidiVisual"))


def _field(name: str) -> list[Xml]:
    field = element("fldSimple", instr=f" {name} ")
    field.append(text_run("1"))
    return [field]
