"""Writes a document as a tagged PDF (PDF/UA-1, ISO 14289-1) with typst.

The template in ``document.typ`` is fixed; the words reach it as data (JSON in ``sys.inputs``), never as
markup.
"""

import json
from collections.abc import Sequence
from functools import cache, singledispatchmethod
from pathlib import Path
from threading import Lock
from typing import Any

import typst

from app.exports import glyphs
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
    Run,
    Table,
    TitleBlock,
    direction,
    printable,
)

_TEMPLATE = Path(__file__).with_name("document.typ")
_LONG_CELL = 1_000
_compiling = Lock()

Data = dict[str, Any]


@cache
def _compiler(system_fonts: bool) -> typst.Compiler:
    """One compiler a process: reading the fonts takes longer than setting a page."""
    fonts = typst.Fonts(
        include_system_fonts=system_fonts, include_embedded_fonts=False, font_paths=[str(glyphs.FONTS)]
    )
    return typst.Compiler(str(_TEMPLATE), root=str(_TEMPLATE.parent), font_paths=fonts)


def write(document: Document) -> bytes:
    """The document as PDF; the same document gives the same bytes.

    A character that no shipped font can show is taken from the machine's fonts, so that an answer in a script
    that we do not ship still prints; where the machine has none either, U+FFFD stands for it.
    """
    data = json.dumps(_document(document), ensure_ascii=False, sort_keys=True)
    hidden = glyphs.uncovered(data)
    if not hidden:
        return _compile(data, system_fonts=False)
    try:
        return _compile(data, system_fonts=True)
    except typst.TypstError:
        return _compile(glyphs.showable(data, hidden), system_fonts=False)


def _compile(data: str, system_fonts: bool) -> bytes:
    with _compiling:
        written = _compiler(system_fonts).compile(
            format="pdf", pdf_standards=["ua-1"], sys_inputs={"document": data}
        )
    if not isinstance(written, bytes):
        raise TypeError("typst gave no single file")
    return written


def _document(document: Document) -> Data:
    writer = _Writer()
    produced = document.produced
    return {
        "title": printable(document.title),
        "language": document.language.split("-")[0],
        "direction": direction(document.language),
        "description": printable(document.description),
        "publisher": printable(document.publisher),
        "foot": printable(document.foot),
        "date": produced and {"year": produced.year, "month": produced.month, "day": produced.day},
        "notes": [printable(note.text) for note in document.notes],
        "blocks": [writer.data(block) for block in document.blocks],
    }


class _Writer:
    """Turns blocks into the template's data, and knows which notes have been mentioned already."""

    def __init__(self) -> None:
        self._mentioned: set[int] = set()

    @singledispatchmethod
    def data(self, block: Block) -> Data:
        raise TypeError(f"No PDF for {type(block).__name__}")

    @data.register
    def _title_block(self, block: TitleBlock) -> Data:
        return {
            "kind": "title-block",
            "organisation": printable(block.organisation),
            "division": printable(block.division),
            "occasion": printable(block.occasion),
            "title-kind": printable(block.kind),
            "title": printable(block.title),
            "line": printable(block.line),
        }

    @data.register
    def _heading(self, block: Heading) -> Data:
        return {
            "kind": "heading",
            "level": block.level,
            "text": printable(block.text),
            "number": printable(block.number),
            "aside": printable(block.aside),
        }

    @data.register
    def _paragraph(self, block: Paragraph) -> Data:
        return {"kind": "paragraph", "role": block.role.value, "inlines": self._inlines(block.inlines)}

    @data.register
    def _bullets(self, block: Bullets) -> Data:
        return {"kind": "bullets", "items": [self._inlines(item) for item in block.items]}

    @data.register
    def _table(self, block: Table) -> Data:
        rows = [[self._cell(cell) for cell in row] for row in block.rows]
        return {
            "kind": "table",
            "caption": printable(block.caption) if block.captioned else "",
            "header": [printable(name) for name in block.header],
            "rows": rows,
            "widths": list(block.widths),
        }

    def _cell(self, cell: Cell) -> Data:
        """A cell; a short one is kept together, a long one may run over the page."""
        length = sum(
            len(inline.text) for each in cell.paragraphs for inline in each.inlines if isinstance(inline, Run)
        )
        paragraphs = [self._paragraph(paragraph) for paragraph in cell.paragraphs]
        return {"together": length < _LONG_CELL, "paragraphs": paragraphs}

    @data.register
    def _options(self, block: Options) -> Data:
        options = [
            {"text": printable(option.text), "hint": printable(option.hint), "write": option.write}
            for option in block.options
        ]
        return {"kind": "options", "several": block.several, "options": options}

    @data.register
    def _lines(self, block: Lines) -> Data:
        return {"kind": "lines", "count": block.count, "stem": printable(block.stem)}

    @data.register
    def _notice(self, block: Notice) -> Data:
        return {
            "kind": "notice",
            "paragraphs": [self._paragraph(paragraph) for paragraph in block.paragraphs],
        }

    @data.register
    def _figure(self, block: Figure) -> Data:
        return {
            "kind": "figure",
            "svg": block.svg,
            "described": printable(block.described),
            "caption": printable(block.caption),
            "width": block.width,
        }

    @data.register
    def _disclaimer(self, block: Disclaimer) -> Data:
        return {"kind": "disclaimer", "text": printable(block.text)}

    @data.register
    def _page_break(self, _block: PageBreak) -> Data:
        return {"kind": "page-break"}

    def _inlines(self, inlines: Sequence[Inline]) -> list[Data]:
        return [_run(inline) if isinstance(inline, Run) else self._cite(inline) for inline in inlines]

    def _cite(self, cite: Cite) -> Data:
        """Numbers with whether each is the note's first mention, where the note itself is set."""
        numbers = []
        for number in cite.numbers:
            numbers.append({"number": number, "first": number not in self._mentioned})
            self._mentioned.add(number)
        return {"kind": "cite", "numbers": numbers}


def _run(run: Run) -> Data:
    return {
        "kind": "run",
        "text": printable(run.text),
        "style": run.style.value,
        "language": None if run.language is None else run.language.split("-")[0],
        "rtl": run.language is not None and direction(run.language) == "rtl",
    }
