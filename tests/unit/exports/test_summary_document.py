"""The Summary of Findings on paper: its parts, its sources, and nothing of those who are not to be named."""

import dataclasses
import io
import json
import zipfile

import docx as python_docx
import html5lib
import pypdf
import pytest

from app.exports.blocks import Cite, Heading, Paragraph, Run, Table, TitleBlock
from app.exports.sources import Sources
from app.exports.summary_document import document, render
from app.exports.wording import FORMATS
from app.findings.evidence import Coverage, Role
from tests.unit.exports.summaries import COMPILED, SETTING, by_name, statement, summary, unnamed


def _table() -> list[tuple[str, ...]]:
    (table,) = [block for block in document(summary(), SETTING, COMPILED).blocks if isinstance(block, Table)]
    return [tuple("".join(_words(p) for p in cell.paragraphs) for cell in row) for row in table.rows]


def _words(paragraph: Paragraph) -> str:
    return "".join(inline.text for inline in paragraph.inlines if isinstance(inline, Run))


def test_the_head_says_who_publishes_on_what_occasion_and_on_whose_answers() -> None:
    head = document(summary(), SETTING, COMPILED).blocks[0]
    assert head == TitleBlock(
        organisation="International Organization for Migration (IOM)",
        division="International Partnerships Division (IPD)",
        occasion="Assessment of Inter-State Consultation Mechanisms on Migration, Training round (fictional)",
        kind="Summary of Findings",
        title="Sable Dialogue on the Movement of People",
        line="Compiled 23 November 2026. Rests on the answer of the Sable Dialogue itself and "
        "the answers of 4 of its 7 members.",
    )


@pytest.mark.parametrize(
    ("coverage", "ending"),
    [
        (Coverage(None, 4), "the answers of 4 States."),
        (Coverage(None, 1), "the answer of one State."),
        (Coverage(None, 0), "itself."),
        (Coverage(7, None), "answers of its members."),
    ],
)
def test_a_base_that_is_not_known_or_would_tell_too_much_is_not_printed(
    coverage: Coverage, ending: str
) -> None:
    changed = dataclasses.replace(summary(), coverage=coverage)
    head = document(changed, SETTING, COMPILED).blocks[0]
    assert isinstance(head, TitleBlock)
    assert head.line.endswith(ending)


def test_sections_are_numbered_and_every_sentence_is_printed_as_it_is() -> None:
    blocks = document(summary(), SETTING, COMPILED).blocks
    headings = [(block.number, block.text) for block in blocks if isinstance(block, Heading)]
    assert headings == [
        ("1", "Evolution"),
        ("2", "Contribution"),
        ("3", "Structures"),
        ("", "Annex: sources"),
    ]
    text = "\n".join(_words(block) for block in blocks if isinstance(block, Paragraph))
    for sentence in summary().statements:
        assert sentence.text in text
    assert "Nothing was reported on this." in text


def test_a_sentence_carries_a_note_for_each_who_speaks_and_a_repeated_source_keeps_its_number() -> None:
    made = document(summary(), SETTING, COMPILED)
    cites = [
        i.numbers
        for block in made.blocks
        if isinstance(block, Paragraph)
        for i in block.inlines
        if isinstance(i, Cite)
    ]
    assert cites == [(1, 2), (3,), (3,), (4, 5), (6,)]
    assert [note.text for note in made.notes] == [
        "Register of mechanisms: name and type.",
        "Respondents of the round.",
        "Sable Dialogue, “In which year was it launched?”, 5 October 2026.",
        "Alderan Islands, “What changed in the Alderan Islands?” and “With whom?”, 5 October 2026.",
        "One or more Member States, not named, “What changed?”.",
        "IMS, “What helped?”, 5 October 2026.",
    ]


def test_the_annex_lists_each_source_with_unnamed_ones_last_and_bare() -> None:
    assert _table() == [
        (
            "Sable Dialogue",
            "In which year was it launched?",
            "5 October 2026, confirming the register",
            "1",
            "3",
        ),
        ("Alderan Islands", "What changed in the Alderan Islands?", "5 October 2026", "3", "4"),
        ("Alderan Islands", "With whom?", "5 October 2026", "1", "4"),
        ("IMS", "What helped?", "5 October 2026", "1", "6"),
        ("IOM", "Register of mechanisms: name and type", "", "", "1"),
        ("IOM", "Respondents of the round", "", "", "2"),
        ("One or more Member States, not named", "What changed?", "", "", "5"),
    ]


@pytest.mark.parametrize("fmt", FORMATS)
def test_nothing_of_staff_and_of_the_unnamed_is_in_any_file(fmt: str) -> None:
    written = render(summary("0190-secret-a", "0190-secret-b"), SETTING, fmt, COMPILED)
    read = [written]
    if fmt == "docx":
        archive = zipfile.ZipFile(io.BytesIO(written))
        read = [archive.read(name) for name in archive.namelist()]
    for part in read:
        assert b"secret" not in part
        assert b"Nino" not in part
        assert b"what was said" not in part


@pytest.mark.parametrize("fmt", ["docx", "pdf", "html"])
def test_the_number_of_unnamed_answers_does_not_show(fmt: str) -> None:
    assert render(summary("a"), SETTING, fmt, COMPILED) == render(summary("b", "c"), SETTING, fmt, COMPILED)


def test_all_unnamed_answers_of_a_sentence_share_a_note_whatever_their_order() -> None:
    one, other = unnamed("What changed?"), unnamed("Which law?")
    named = by_name(Role.STATE, "XAB", "Why?")
    forward, backward = Sources(SETTING), Sources(SETTING)
    forward.cite(statement("k", "Text.", one, named, other))
    backward.cite(statement("k", "Text.", other, one, one, named))
    assert forward.notes() == backward.notes()
    assert forward.annex() == backward.annex()


def test_a_question_asked_in_parts_has_one_note_and_is_worded_in_full_in_the_annex() -> None:
    parts = ("Which bodies came before? Name", "Which bodies came before? Until", "Why?")
    sources = Sources(SETTING)
    sources.cite(statement("k", "Text.", *(by_name(Role.STATE, "XAB", part) for part in parts)))
    assert [note.text for note in sources.notes()] == [
        "Borovia, “Which bodies came before?” and “Why?”, 5 October 2026."
    ]
    assert [_words(row[1].paragraphs[0]) for row in sources.annex().rows] == [
        "Which bodies came before? (Name; Until)",
        "Why?",
    ]


def test_the_json_has_the_documented_form() -> None:
    data = json.loads(render(summary(), SETTING, "json", COMPILED))
    assert list(data) == ["round", "iscm", "compiled_at", "counts", "coverage", "sections", "gaps"]
    assert data["compiled_at"] == "2026-11-23T14:05:00+00:00"
    assert data["coverage"] == {"members": 7, "members_answered": 4}
    assert [section["key"] for section in data["sections"]] == [
        "intro",
        "evolution",
        "contribution",
        "structures",
    ]


@pytest.mark.parametrize("fmt", FORMATS)
def test_equal_summaries_are_equal_bytes(fmt: str) -> None:
    assert render(summary(), SETTING, fmt, COMPILED) == render(summary(), SETTING, fmt, COMPILED)


def test_every_format_is_readable_and_carries_the_same_sentences() -> None:
    html = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(
        render(summary(), SETTING, "html", COMPILED)
    )
    word = python_docx.Document(io.BytesIO(render(summary(), SETTING, "docx", COMPILED)))
    pages = pypdf.PdfReader(io.BytesIO(render(summary(), SETTING, "pdf", COMPILED))).pages
    texts = [
        "".join(html.itertext()),
        "\n".join(paragraph.text for paragraph in word.paragraphs),
        " ".join(page.extract_text() for page in pages),
    ]
    for text in texts:
        for sentence in summary().statements:
            assert sentence.text in " ".join(text.split())


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(ValueError, match="no format 'odt'"):
        render(summary(), SETTING, "odt", COMPILED)
