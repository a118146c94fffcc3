"""The document model refuses what no format could write well."""

import pytest

from app.exports.blocks import (
    Cite,
    Document,
    DocumentError,
    Heading,
    Note,
    Paragraph,
    Run,
    direction,
    printable,
)


def _document(*numbers: int, notes: tuple[Note, ...]) -> Document:
    return Document("Title", "en", (Paragraph((Run("Text"), Cite(numbers))),), notes)


def test_notes_are_cited_in_their_order() -> None:
    document = _document(1, 2, 1, notes=(Note(1, "a"), Note(2, "b")))
    assert [note.number for note in document.notes] == [1, 2]


@pytest.mark.parametrize(
    ("numbers", "notes"),
    [
        ((2, 1), (Note(1, "a"), Note(2, "b"))),
        ((1,), (Note(1, "a"), Note(2, "never cited"))),
        ((1, 2), (Note(1, "a"),)),
        ((1,), (Note(2, "numbered from two"),)),
    ],
)
def test_notes_out_of_order_are_refused(numbers: tuple[int, ...], notes: tuple[Note, ...]) -> None:
    with pytest.raises(DocumentError, match="Notes"):
        _document(*numbers, notes=notes)


def test_a_skipped_heading_level_is_refused() -> None:
    with pytest.raises(DocumentError, match="skips from level 1 to 3"):
        Document("Title", "en", (Heading(1, "One"), Heading(3, "Three")))


def test_what_xml_cannot_carry_is_dropped_and_nothing_else() -> None:
    assert printable("a\x00\x0b\ufffe\ud800b\tc\r\nd\re é\U0001f600") == "ab\tc\nd\ne é\U0001f600"


@pytest.mark.parametrize(("language", "expected"), [("en", "ltr"), ("ar", "rtl"), ("ar-EG", "rtl")])
def test_the_direction_follows_the_language(language: str, expected: str) -> None:
    assert direction(language) == expected
