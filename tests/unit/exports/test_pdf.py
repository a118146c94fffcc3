"""The PDF: tagged, with title and language, its text data and its fonts our own."""

import dataclasses
import io

import pikepdf
import pypdf
import pytest

from app.exports import glyphs, pdf
from app.exports.blocks import Cell, Document, Heading, Paragraph, Table, TitleBlock, said
from tests.unit.exports.samples import HOSTILE, sample


def _text(written: bytes) -> str:
    return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(written)).pages)


def _tags(element: pikepdf.Object) -> list[str]:
    if isinstance(element, pikepdf.Array):
        return [tag for child in element.as_list() for tag in _tags(child)]
    if not isinstance(element, pikepdf.Dictionary) or "/S" not in element:
        return []
    children = element.get("/K")
    return [str(element["/S"])] + (_tags(children) if children is not None else [])


@pytest.mark.parametrize("language", ["en", "ar"])
def test_it_declares_pdf_ua_and_carries_its_structure(language: str) -> None:
    with pikepdf.open(io.BytesIO(pdf.write(sample(language)))) as opened:
        root = opened.Root
        assert root.MarkInfo.Marked
        assert str(root.Lang) == language
        assert root.ViewerPreferences.DisplayDocTitle
        assert opened.open_metadata().get("pdfuaid:part") == "1"
        assert str(opened.docinfo.Title) == "Dialogue on Mobility of the Northern Valleys"
        tags = _tags(root.StructTreeRoot.K)
    assert {"/Title", "/H1", "/H2", "/P", "/Note", "/Table", "/THead", "/TH", "/TD", "/L", "/LI"} <= set(tags)
    assert tags.count("/Note") == 3


def test_every_font_is_embedded_and_shipped() -> None:
    document = dataclasses.replace(sample(), blocks=tuple(b for b in sample().blocks if "✓" not in str(b)))
    with pikepdf.open(io.BytesIO(pdf.write(document))) as opened:
        names = {
            str(thing.BaseFont)
            for thing in opened.objects
            if isinstance(thing, pikepdf.Dictionary) and "/BaseFont" in thing
        }
    assert names
    assert all(any(family in name for family in ("NotoSans", "NotoSerif", "Amiri")) for name in names)


def test_text_is_never_markup() -> None:
    text = " ".join(_text(pdf.write(sample())).split())
    assert HOSTILE.replace(" ", "") in text.replace(" ", "")


def test_equal_documents_are_equal_bytes() -> None:
    assert pdf.write(sample()) == pdf.write(sample())


def test_a_script_without_a_font_does_not_break_the_document() -> None:
    written = pdf.write(sample(hostile="Answer \u4e2d\u0378\U0010fffd\x80\ufe0f end"))
    assert "Answer" in _text(written)


def test_a_very_long_answer_runs_over_the_pages() -> None:
    words = "word " * 20_000 + "the last one"
    row = (Cell((Paragraph(said("Question")),)), Cell((Paragraph(said(words)),)))
    title = TitleBlock("IOM", "", "Training", "", "Long")
    blocks = (title, Heading(1, "Part"), Table("Answers", ("Question", "Answer"), (row,), (1, 2)))
    written = pdf.write(Document("Long", "en", blocks))
    assert _text(written).count("word") == 20_000
    assert "the last one" in " ".join(_text(written).split())


def test_the_shipped_fonts_cover_the_languages_of_the_service() -> None:
    samples = "Türkiye Côte d’Ivoire España Łódź Київ Россия العربية საქართველო Հայաստան “quoted” – — … № €"
    assert glyphs.uncovered(samples) == frozenset()
    assert glyphs.uncovered("\u4e2d") == {"\u4e2d"}
    assert glyphs.showable("a\u4e2d\ufe0fb", frozenset("\u4e2d\ufe0f")) == "a\ufffdb"
