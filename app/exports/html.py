"""Writes a document as one self-contained HTML file: semantic, printable, no script, nothing fetched."""

import base64
import hashlib
from collections.abc import Iterator, Sequence
from functools import cache, singledispatchmethod
from html import escape
from pathlib import Path

from app.exports.blocks import (
    Block,
    Bullets,
    Cite,
    Disclaimer,
    Document,
    Figure,
    Heading,
    Inline,
    Lines,
    Note,
    Notice,
    Options,
    PageBreak,
    Paragraph,
    Role,
    Run,
    Style,
    Table,
    TitleBlock,
    cited,
    direction,
    printable,
)
from app.i18n import _

_LONG_LIST = 12
_STYLE = Path(__file__).with_name("document.css")


@cache
def stylesheet() -> str:
    """The style sheet that stands in every file."""
    return _STYLE.read_text(encoding="utf-8")


def style_source() -> str:
    """The Content-Security-Policy source (``'sha256-…'``) that lets a page show the file with its style."""
    digest = hashlib.sha256(stylesheet().encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def write(document: Document) -> bytes:
    """The document as UTF-8 HTML; the same document gives the same bytes."""
    language = escape(document.language)
    head = (
        f'<!DOCTYPE html>\n<html lang="{language}" dir="{direction(document.language)}">\n'
        '<head>\n<meta charset="utf-8">\n'
        f"<title>{_text(document.title)}</title>\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="description" content="{_text(document.description)}">\n'
        f"<style>{stylesheet()}</style>\n</head>\n"
    )
    foot = f'<p class="foot">{_text(document.foot)}</p>\n' if document.foot else ""
    parts = "".join(_Writer().parts(document))
    body = f'<body>\n<main class="document">\n{parts}{foot}</main>\n</body>\n</html>\n'
    return (head + body).encode("utf-8")


class _Writer:
    """Draws blocks, and knows which notes have been mentioned already."""

    def __init__(self) -> None:
        self._mentioned: set[int] = set()

    def parts(self, document: Document) -> Iterator[str]:
        """The opening, then one ``section`` per heading of level 1 with the notes first cited in it."""
        noted: set[int] = set()
        for blocks in _sections(document.blocks):
            numbers = {number for block in blocks for number in cited(block)} - noted
            noted |= numbers
            notes = [note for note in document.notes if note.number in numbers]
            yield self._section(blocks, notes)

    def _section(self, blocks: list[Block], notes: list[Note]) -> str:
        breaks = isinstance(blocks[0], PageBreak)
        blocks = blocks[1:] if breaks else blocks
        wide = any(isinstance(block, Table) for block in blocks)
        flags = {"page-break": breaks, "noted": bool(notes), "wide": wide}
        css = " ".join(name for name, holds in flags.items() if holds)
        drawn = [self.draw(block) for block in blocks]
        if blocks and isinstance(blocks[0], Heading | TitleBlock):
            head, *text = drawn
            tag = "section" if isinstance(blocks[0], Heading) else "div"
            body = f'{head}<div class="text">\n{"".join(text)}</div>\n{_notes(notes)}'
            return f'<{tag} class="part {css}">\n{body}</{tag}>\n'
        return f'<div class="opening {css}">\n{"".join(drawn)}{_notes(notes)}</div>\n'

    @singledispatchmethod
    def draw(self, block: Block) -> str:
        raise TypeError(f"No HTML for {type(block).__name__}")

    @draw.register
    def _title_block(self, block: TitleBlock) -> str:
        kind = f'<p class="kind-of">{_text(block.kind)}</p>\n' if block.kind else ""
        line = f'<p class="line">{_text(block.line)}</p>\n' if block.line else ""
        publisher = f"<strong>{_text(block.organisation)}</strong> {_text(block.division)}"
        return (
            f'<header>\n<div class="publisher"><p>{publisher}</p><p>{_text(block.occasion)}</p></div>\n'
            f"{kind}<h1>{_text(block.title)}</h1>\n{line}</header>\n"
        )

    @draw.register
    def _heading(self, block: Heading) -> str:
        number = f'<span class="number">{_text(block.number)}</span> ' if block.number else ""
        aside = f' <span class="aside">{_text(block.aside)}</span>' if block.aside else ""
        tag = f"h{block.level + 1}"
        return f"<{tag}>{number}<span>{_text(block.text)}</span>{aside}</{tag}>\n"

    @draw.register
    def _paragraph(self, block: Paragraph) -> str:
        css = "" if block.role is Role.BODY else f' class="{block.role}"'
        return f"<p{css}>{self._inlines(block.inlines)}</p>\n"

    @draw.register
    def _bullets(self, block: Bullets) -> str:
        items = "".join(f"<li>{self._inlines(item)}</li>\n" for item in block.items)
        return f"<ul>\n{items}</ul>\n"

    @draw.register
    def _table(self, block: Table) -> str:
        total = sum(block.widths)
        columns = "".join(f'<col width="{round(100 * width / total)}%">' for width in block.widths)
        header = "".join(f'<th scope="col">{_text(name)}</th>' for name in block.header)
        rows = []
        for row in block.rows:
            cells = []
            for position, cell in enumerate(row):
                tag, scope = ("th", ' scope="row"') if block.row_heads and position == 0 else ("td", "")
                cells.append(f"<{tag}{scope}>{''.join(self._paragraph(p) for p in cell.paragraphs)}</{tag}>")
            rows.append(f"<tr>{''.join(cells)}</tr>\n")
        label = _text(block.caption)
        caption = f"<caption>{label}</caption>\n" if block.captioned else ""
        table = (
            f"<table>\n{caption}<colgroup>{columns}</colgroup>\n"
            f"<thead><tr>{header}</tr></thead>\n<tbody>\n{''.join(rows)}</tbody>\n</table>"
        )
        return f'<div class="scroll" role="region" tabindex="0" aria-label="{label}">{table}</div>\n'

    @draw.register
    def _options(self, block: Options) -> str:
        items = []
        for option in block.options:
            hint = f" <small>{_text(option.hint)}</small>" if option.hint else ""
            own = '<span class="own"></span>' if option.write else ""
            items.append(f"<li><div>{_text(option.text)}{hint}{own}</div></li>\n")
        css = "options" + ("" if block.several else " one") + (" long" if len(items) > _LONG_LIST else "")
        return f'<ul class="{css}">\n{"".join(items)}</ul>\n'

    @draw.register
    def _lines(self, block: Lines) -> str:
        stem = f"<p>{_text(block.stem)} …</p>" if block.stem else ""
        return f'<div class="lines">{stem}{"<span></span>" * block.count}</div>\n'

    @draw.register
    def _notice(self, block: Notice) -> str:
        return f'<div class="notice">{"".join(self._paragraph(p) for p in block.paragraphs)}</div>\n'

    @draw.register
    def _figure(self, block: Figure) -> str:
        data = base64.b64encode(block.svg.encode()).decode()
        caption = f"<figcaption>{_text(block.caption)}</figcaption>" if block.caption else ""
        image = f'<img src="data:image/svg+xml;base64,{data}" alt="{_text(block.described)}">'
        return f"<figure>{image}{caption}</figure>\n"

    @draw.register
    def _disclaimer(self, block: Disclaimer) -> str:
        return f'<p class="disclaimer">{_text(block.text)}</p>\n'

    @draw.register
    def _page_break(self, _block: PageBreak) -> str:
        return '<div class="page-break"></div>\n'

    def _inlines(self, inlines: Sequence[Inline]) -> str:
        return "".join(_run(inline) if isinstance(inline, Run) else self._cite(inline) for inline in inlines)

    def _cite(self, cite: Cite) -> str:
        """Raised numerals; the first mention of a note carries the id to which the note leads back."""
        links = []
        for number in cite.numbers:
            anchor = "" if number in self._mentioned else f' id="cite-{number}"'
            self._mentioned.add(number)
            label = _text(_("Note %(number)s", number=number))
            links.append(f'<a{anchor} href="#note-{number}" aria-label="{label}">{number}</a>')
        return f'<span class="cite">{", ".join(links)}</span>'


def _sections(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """The blocks in groups; a page break goes with the section that it stands before."""
    current: list[Block] = []
    for block in blocks:
        after_break = bool(current) and isinstance(current[-1], PageBreak)
        opens = isinstance(block, Heading) and block.level == 1 and not after_break
        if current and (opens or isinstance(block, PageBreak)):
            yield current
            current = []
        current.append(block)
    if current:
        yield current


def _notes(notes: list[Note]) -> str:
    if not notes:
        return ""
    items = "".join(
        f'<li id="note-{note.number}"><a href="#cite-{note.number}" '
        f'aria-label="{_text(_("Note %(number)s: back to the text", number=note.number))}">{note.number}</a> '
        f"<span>{_text(note.text)}</span></li>\n"
        for note in notes
    )
    return f'<ol class="notes" aria-label="{_text(_("Notes"))}">\n{items}</ol>\n'


_TAGS = {
    Style.PLAIN: ("", ""),
    Style.LABEL: ('<b class="label">', "</b>"),
    Style.STRONG: ("<strong>", "</strong>"),
    Style.MUTED: ('<span class="muted">', "</span>"),
}


def _run(run: Run) -> str:
    opening, closing = _TAGS[run.style]
    drawn = f"{opening}{_text(run.text).replace(chr(10), '<br>')}{closing}"
    if run.language is None:
        return drawn
    return f'<span lang="{escape(run.language)}" dir="{direction(run.language)}">{drawn}</span>'


def _text(text: str) -> str:
    return escape(printable(text))
