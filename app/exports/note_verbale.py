"""A note verbale as a Word document: head, reference, the formal text in the third person, place and date.

The text is the round's own or the standard one, filled by the caller; a line that begins with a dash is an
item of a list.
"""

from dataclasses import dataclass
from datetime import date

from app.exports import docx
from app.exports.blocks import Block, Bullets, Document, Paragraph, Run, TitleBlock, said
from app.i18n import _
from app.templating import day

DASH = "- "


@dataclass(frozen=True, slots=True)
class Note:
    """One note: what stands on it, and in which language."""

    title: str
    text: str
    reference: str
    dated: date
    addressee: str
    round_title: str
    locale: str = "en"


def render(note: Note) -> bytes:
    """The note as DOCX."""
    return docx.write(document(note))


def document(note: Note) -> Document:
    """The note as blocks. It carries neither seal nor signature: the Organization adds them on paper."""
    organisation = _("International Organization for Migration (IOM)")
    dated = day(note.dated, locale=note.locale.replace("-", "_"))
    return Document(
        title=note.title,
        language=note.locale,
        description=note.round_title,
        publisher=organisation,
        foot=f"{note.reference} · {note.round_title}",
        blocks=(
            TitleBlock(
                organisation=organisation,
                division="",
                occasion=note.round_title,
                kind="",
                title=note.title,
                line=_("Reference: %(reference)s", reference=note.reference),
            ),
            *_text(note.text),
            Paragraph(said(dated)),
            Paragraph(said(note.addressee[:1].upper() + note.addressee[1:])),
        ),
    )


def _text(text: str) -> list[Block]:
    """Paragraphs between empty lines; lines of one paragraph stay lines."""
    blocks: list[Block] = []
    for part in text.strip().split("\n\n"):
        lines = [line for line in part.split("\n") if line.strip()]
        if lines and all(line.startswith(DASH) for line in lines):
            blocks.append(Bullets(tuple((Run(line.removeprefix(DASH)),) for line in lines)))
        elif lines:
            blocks.append(Paragraph((Run("\n".join(lines)),)))
    return blocks
