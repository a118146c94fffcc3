"""A response's own answers on paper."""

import io
from datetime import UTC, datetime

import docx as python_docx
import html5lib
import pytest

from app.exports.response_document import Answered, AnswersOf, Part, Submitted, document, render

PARTS = (
    Part("Who answers", (Answered("Contact", ("Nino Beridze",), "From the register"),)),
    Part(
        "Sable Dialogue",
        (Answered("Reasons", ("A forum", "Access to experts"), "By name"), Answered("Year", ())),
        "Nino",
    ),
    Part("Upland Forum", ()),
)
SENT = Submitted("FRE-2026-7F3A", "Davit Lomidze", datetime(2027, 1, 20, 15, 40, tzinfo=UTC), "Cleared.")


def _answers(submitted: Submitted | None) -> AnswersOf:
    return AnswersOf(
        respondent="Freedonia",
        round_title="Training round (fictional)",
        parts=PARTS,
        zone="Europe/Zurich",
        printed_at=datetime(2026, 11, 23, 14, 5, tzinfo=UTC),
        summary="3 of 4 questions answered.",
        submitted=submitted,
    )


def test_html_has_a_table_for_each_part_and_the_reference() -> None:
    written = render(_answers(SENT), "html").decode()
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(written)
    assert len(list(tree.iter("table"))) == 2
    text = " ".join("".join(tree.itertext()).split())
    for words in (
        "Answers of Freedonia",
        "Submitted by Davit Lomidze, 20 January 2027, 16:40",
        "Reference FRE-2026-7F3A",
        "Not answered",
        "Nothing is answered here.",
        "Printed 23 November 2026, 15:05",
    ):
        assert words in text


def test_a_draft_says_so() -> None:
    assert "Draft, not submitted" in render(_answers(None), "html").decode()


def test_word_and_pdf_are_written() -> None:
    word = python_docx.Document(io.BytesIO(render(_answers(SENT), "docx")))
    assert [cell.text for cell in word.tables[1].rows[1].cells] == [
        "Reasons",
        "A forum\nAccess to experts\nBy name",
    ]
    assert render(_answers(SENT), "pdf").startswith(b"%PDF-1.7")
    assert document(_answers(SENT)).title == "Answers of Freedonia"


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(ValueError, match="no format 'rtf'"):
        render(_answers(None), "rtf")
