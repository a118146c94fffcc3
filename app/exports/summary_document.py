"""The Summary of Findings of one mechanism as a document: DOCX, PDF, HTML, and its data as JSON."""

import json
from collections.abc import Iterator
from datetime import datetime

from app.exports import docx, html, pdf
from app.exports.blocks import (
    Block,
    Cite,
    Disclaimer,
    Document,
    Heading,
    Inline,
    PageBreak,
    Paragraph,
    Role,
    Run,
    Style,
    TitleBlock,
    said,
)
from app.exports.sources import Sources
from app.exports.wording import day, listed
from app.findings.evidence import Role as Speaker
from app.findings.evidence import Setting
from app.findings.stable import summary_json
from app.findings.summary import Section, Statement, Summary
from app.i18n import _

INTRODUCTION = "intro"
_SENTENCES_IN_A_PARAGRAPH = 4


def render(summary: Summary, setting: Setting, fmt: str, compiled_at: datetime) -> bytes:
    """The summary as a file of ``fmt`` (docx, pdf, html or json); equal input gives equal bytes.

    Raises ``ValueError`` for another format.
    """
    if fmt == "json":
        data = summary_json(summary, compiled_at)
        return (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode("utf-8")
    writers = {"docx": docx.write, "pdf": pdf.write, "html": html.write}
    if fmt not in writers:
        raise ValueError(f"There is no format {fmt!r}; use one of docx, pdf, html, json")
    return writers[fmt](document(summary, setting, compiled_at))


def document(summary: Summary, setting: Setting, compiled_at: datetime) -> Document:
    """The summary as blocks: title, introduction, numbered sections, annex of sources, disclaimer."""
    sources = Sources(setting)
    body = list(_body(summary, sources))
    compiled = day(compiled_at, setting.zone, setting.locale)
    return Document(
        title=_("Summary of Findings: %(mechanism)s", mechanism=setting.iscm.name),
        language=summary.locale,
        description=_occasion(setting),
        publisher=_("International Organization for Migration"),
        foot=_(
            "%(mechanism)s · %(round)s · compiled %(day)s",
            mechanism=setting.iscm.short_name,
            round=_round(setting),
            day=compiled,
        ),
        produced=compiled_at,
        notes=sources.notes(),
        blocks=(
            TitleBlock(
                organisation=_("International Organization for Migration (IOM)"),
                division=_("International Partnerships Division (IPD)"),
                occasion=_occasion(setting),
                kind=_("Summary of Findings"),
                title=setting.iscm.name,
                line=_line(summary, setting, compiled),
            ),
            *body,
            PageBreak(),
            Heading(1, _("Annex: sources")),
            Paragraph(said(_annex_words()), Role.META),
            sources.annex(),
            Disclaimer(_disclaimer()),
        ),
    )


def _body(summary: Summary, sources: Sources) -> Iterator[Block]:
    number = 0
    for section in summary.sections:
        if section.key == INTRODUCTION:
            yield from _paragraphs(section, sources, Role.LEAD)
            continue
        number += 1
        yield Heading(1, section.title, number=str(number))
        if section.statements:
            yield from _paragraphs(section, sources, Role.BODY)
        else:
            yield Paragraph(said(_("Nothing was reported on this."), style=Style.MUTED))


def _paragraphs(section: Section, sources: Sources, role: Role) -> Iterator[Paragraph]:
    """The statements of a section in paragraphs; an inline label begins one, as does a fifth sentence."""
    inlines: list[Inline] = []
    sentences = 0
    label: str | None = None
    for statement in section.statements:
        begins = statement.label != label or sentences >= _SENTENCES_IN_A_PARAGRAPH
        if inlines and begins:
            yield Paragraph(tuple(inlines), role)
            inlines, sentences = [], 0
        if inlines:
            inlines.append(Run(" "))
        inlines.extend(_sentence(statement, sources))
        sentences += 1
        label = statement.label
    if inlines:
        yield Paragraph(tuple(inlines), role)


def _sentence(statement: Statement, sources: Sources) -> Iterator[Inline]:
    text = statement.text
    if statement.label and text.startswith(f"{statement.label}:"):
        yield Run(f"{statement.label}:", Style.LABEL)
        text = text[len(statement.label) + 1 :]
    yield Run(text)
    yield Cite(sources.cite(statement))


def _round(setting: Setting) -> str:
    """What the round is called on paper: its year if that is its code, otherwise its title."""
    return setting.round_code if setting.round_code.isdecimal() else setting.round_title


def _occasion(setting: Setting) -> str:
    return _(
        "Assessment of Inter-State Consultation Mechanisms on Migration, %(round)s", round=_round(setting)
    )


def _line(summary: Summary, setting: Setting, compiled: str) -> str:
    """Compiled when, and on whose answers: never a share without its base."""
    own = any(
        citation.role is Speaker.ISCM for statement in summary.statements for citation in statement.citations
    )
    parts = [_("the answer of %(mechanism)s itself", mechanism=_with_article(setting))] if own else []
    parts.extend(_members(summary))
    if not parts:
        return _("Compiled %(day)s.", day=compiled)
    return _("Compiled %(day)s. Rests on %(answers)s.", day=compiled, answers=listed(parts))


def _members(summary: Summary) -> list[str]:
    members, answered = summary.coverage.members, summary.coverage.members_answered
    if answered is None:
        return [_("answers of its members")]
    if members is not None:
        return [
            _("the answers of %(answered)s of its %(members)s members", answered=answered, members=members)
        ]
    if answered == 0:
        return []
    return [
        _("the answer of one State")
        if answered == 1
        else _("the answers of %(answered)s States", answered=answered)
    ]


def _with_article(setting: Setting) -> str:
    name = setting.iscm.short_name
    return name if setting.iscm.short_name_article is False else _("the %(name)s", name=name)


def _annex_words() -> str:
    return _(
        "Each number in the text leads to the answers on which the sentence rests. "
        "Answers that were not given by name are listed without respondent, day and revision."
    )


def _disclaimer() -> str:
    return _(
        "Respondents answered to exchange views and experience; what they said need not be official policy "
        "of their government or organization. Names and designations in this document express no opinion "
        "of IOM on the legal status of a country, territory or authority, or on its borders."
    )
