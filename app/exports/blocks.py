"""The document model: what a document says, without how a format draws it.

Every document is built once, as a ``Document`` of frozen blocks, and written by ``html``, ``docx`` or
``pdf``. Text is always data here; no writer reads markup out of it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})

# What XML 1.0 cannot carry. The service drops these at its door; a document must not fail for one that came
# in another way.
_UNPRINTABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def printable(text: str) -> str:
    """The text without characters that XML cannot carry, line ends as LF."""
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def direction(language: str) -> str:
    """``rtl`` or ``ltr`` for a language tag."""
    return "rtl" if language.split("-")[0] in RIGHT_TO_LEFT else "ltr"


class Style(StrEnum):
    """How a run of text is set."""

    PLAIN = "plain"
    LABEL = "label"
    STRONG = "strong"
    MUTED = "muted"


class Role(StrEnum):
    """What a paragraph is for; each format has one style per role."""

    BODY = "body"
    LEAD = "lead"
    QUESTION = "question"
    HINT = "hint"
    ANSWER = "answer"
    META = "meta"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one style; ``language`` only where it differs from the document's."""

    text: str
    style: Style = Style.PLAIN
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Cite:
    """Raised numerals that lead to notes of the document."""

    numbers: tuple[int, ...]


Inline = Run | Cite


@dataclass(frozen=True, slots=True)
class TitleBlock:
    """The head of a document: who publishes, on what occasion, what kind of document, about what."""

    organisation: str
    division: str
    occasion: str
    kind: str
    title: str
    line: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 stands directly below the title. ``number`` is printed before the text."""

    level: int
    text: str
    number: str = ""
    aside: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of runs and citations."""

    inlines: tuple[Inline, ...]
    role: Role = Role.BODY


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: tuple[tuple[Inline, ...], ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell: one or more paragraphs."""

    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a header row, repeated on every page; ``widths`` are parts of the whole.

    ``captioned`` is false where a heading just above says the same; the caption then only names it for
    machines.
    """

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[int, ...]
    row_heads: bool = False
    captioned: bool = True


@dataclass(frozen=True, slots=True)
class Option:
    """One option to tick on paper; ``write`` leaves a line for words of one's own."""

    text: str
    hint: str = ""
    write: bool = False


@dataclass(frozen=True, slots=True)
class Options:
    """Options with a box (several may be ticked) or a circle (one) before each."""

    options: tuple[Option, ...]
    several: bool


@dataclass(frozen=True, slots=True)
class Lines:
    """Space to write in; ``stem`` is the beginning of the sentence that stands there already."""

    count: int
    stem: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A short framed statement about the document itself, such as its clearance."""

    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing (SVG) that shows what a table of the document says; ``described`` for who cannot see it.

    ``width`` is its part of the text's width in per cent.
    """

    svg: str
    described: str
    caption: str = ""
    width: int = 100


@dataclass(frozen=True, slots=True)
class Disclaimer:
    """What the document does not say; small, at its end."""

    text: str


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows starts on a new page."""


Block = (
    TitleBlock
    | Heading
    | Paragraph
    | Bullets
    | Table
    | Figure
    | Options
    | Lines
    | Notice
    | Disclaimer
    | PageBreak
)


@dataclass(frozen=True, slots=True)
class Note:
    """A numbered source note."""

    number: int
    text: str


class DocumentError(ValueError):
    """The blocks do not make a well-formed document."""


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document.

    ``produced`` stands in the file's metadata; without it the file has no date and depends on its words
    alone. Raises ``DocumentError`` if a citation has no note, the notes are not numbered in the order of
    their first mention (formats number footnotes so), or a heading level is skipped (WCAG 2.2, 1.3.1).
    """

    title: str
    language: str
    blocks: tuple[Block, ...]
    notes: tuple[Note, ...] = ()
    foot: str = ""
    description: str = ""
    publisher: str = ""
    produced: datetime | None = None

    def __post_init__(self) -> None:
        _check_notes(self)
        _check_headings(self.blocks)


def paragraphs(block: Block) -> Iterator[Paragraph]:
    """The paragraphs inside a block, in reading order."""
    match block:
        case Paragraph():
            yield block
        case Bullets():
            yield from (Paragraph(item) for item in block.items)
        case Table():
            yield from (paragraph for row in block.rows for cell in row for paragraph in cell.paragraphs)
        case Notice():
            yield from block.paragraphs
        case _:
            return


def cited(block: Block) -> Iterator[int]:
    """The numbers cited in a block, in reading order, with repetitions."""
    for paragraph in paragraphs(block):
        for inline in paragraph.inlines:
            if isinstance(inline, Cite):
                yield from inline.numbers


def said(*texts: str, style: Style = Style.PLAIN) -> tuple[Run, ...]:
    """Runs of one style, for the many places that need no more."""
    return tuple(Run(text, style) for text in texts if text)


def _check_notes(document: Document) -> None:
    first_mentions = list(dict.fromkeys(number for block in document.blocks for number in cited(block)))
    numbers = [note.number for note in document.notes]
    if numbers != list(range(1, len(numbers) + 1)):
        raise DocumentError(f"Notes must be numbered from 1 without a gap, not {numbers}")
    if first_mentions != numbers:
        raise DocumentError(f"Notes {numbers} must be cited in that order, not {first_mentions}")


def _check_headings(blocks: tuple[Block, ...]) -> None:
    level = 0
    for block in blocks:
        if isinstance(block, Heading):
            if not 1 <= block.level <= level + 1:
                raise DocumentError(f"Heading “{block.text}” skips from level {level} to {block.level}")
            level = block.level
