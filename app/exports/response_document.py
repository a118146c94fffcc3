"""A response's own answers, to print, to keep, and to pass round for clearance.

The caller says each answer in words (``definitions.values.say``) and hands over what its reader may see;
nothing is looked up here.
"""

from dataclasses import dataclass
from datetime import datetime

from app.exports import docx, html, pdf
from app.exports.blocks import (
    Block,
    Cell,
    Document,
    Heading,
    Notice,
    Paragraph,
    Role,
    Run,
    Style,
    Table,
    TitleBlock,
    said,
)
from app.exports.wording import minute
from app.i18n import _
from app.templating import zone_name


@dataclass(frozen=True, slots=True)
class Answered:
    """One question with its answer in words; ``below`` says how it may be quoted, since when it stands,
    ``attached`` names each file or link with its SHA-256 or address.
    """

    question: str
    said: tuple[str, ...]
    below: str = ""
    language: str | None = None
    attached: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A section, or one mechanism's block; ``aside`` names who worked on it."""

    title: str
    answers: tuple[Answered, ...]
    aside: str = ""


@dataclass(frozen=True, slots=True)
class Submitted:
    """The submission that stands."""

    reference: str
    by: str
    at: datetime
    statement: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class AnswersOf:
    """All answers of one respondent in one round, as they stand at ``printed_at``."""

    respondent: str
    round_title: str
    parts: tuple[Part, ...]
    zone: str
    printed_at: datetime
    locale: str = "en"
    summary: str = ""
    submitted: Submitted | None = None


def render(answers: AnswersOf, fmt: str) -> bytes:
    """The answers as a file of ``fmt`` (docx, pdf or html). Raises ``ValueError`` for another format."""
    writers = {"docx": docx.write, "pdf": pdf.write, "html": html.write}
    if fmt not in writers:
        raise ValueError(f"There is no format {fmt!r}; use one of docx, pdf, html")
    return writers[fmt](document(answers))


def document(answers: AnswersOf) -> Document:
    """The answers as blocks: who, whether submitted, then a table for each part."""
    title = _("Answers of %(respondent)s", respondent=answers.respondent)
    printed = _("Printed %(moment)s", moment=minute(answers.printed_at, answers.zone, answers.locale))
    parts: list[Block] = []
    for part in answers.parts:
        parts.extend(_part(part))
    return Document(
        title=title,
        language=answers.locale,
        description=answers.round_title,
        publisher=answers.respondent,
        foot=f"{title} · {answers.round_title} · {printed}",
        produced=answers.printed_at,
        blocks=(
            TitleBlock(
                organisation=_("International Organization for Migration (IOM)"),
                division=_("International Partnerships Division (IPD)"),
                occasion=answers.round_title,
                kind="",
                title=title,
                line=answers.summary,
            ),
            Notice(_state(answers)),
            *parts,
        ),
    )


def _state(answers: AnswersOf) -> tuple[Paragraph, ...]:
    sent = answers.submitted
    if sent is None:
        return (Paragraph(said(_("Draft, not submitted"), style=Style.STRONG)),)
    head = _(
        "Submitted by %(name)s, %(moment)s, %(zone)s",
        name=sent.by,
        moment=minute(sent.at, answers.zone, answers.locale),
        zone=zone_name(answers.zone),
    )
    lines = [Paragraph(said(head, style=Style.STRONG))]
    lines.append(Paragraph(said(_("Reference %(reference)s", reference=sent.reference))))
    if sent.statement:
        lines.append(Paragraph(said(sent.statement)))
    if sent.digest:
        lines.append(Paragraph(said(_("Fingerprint (SHA-256): %(digest)s", digest=sent.digest)), Role.META))
    return tuple(lines)


def _part(part: Part) -> list[Block]:
    heading = Heading(1, part.title, aside=part.aside)
    if not part.answers:
        return [heading, Paragraph(said(_("Nothing is answered here.")), Role.META)]
    rows = tuple(_row(answer) for answer in part.answers)
    header = (_("Question"), _("Answer"))
    return [heading, Table(part.title, header, rows, (9, 16), row_heads=True, captioned=False)]


def _row(answer: Answered) -> tuple[Cell, Cell]:
    paragraphs = [Paragraph((Run(words, language=answer.language),), Role.ANSWER) for words in answer.said]
    if not answer.said and not answer.attached:
        paragraphs = [Paragraph(said(_("Not answered"), style=Style.MUTED), Role.ANSWER)]
    for line in answer.attached:
        paragraphs.append(Paragraph(said(_("Attached: %(line)s", line=line)), Role.META))
    if answer.below:
        paragraphs.append(Paragraph(said(answer.below), Role.META))
    return Cell((Paragraph(said(answer.question), Role.QUESTION),)), Cell(tuple(paragraphs))
