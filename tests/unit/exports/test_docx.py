"""The Word file: real styles, footnotes and table heads, metadata, and the same bytes every time."""

import io
import shutil
import subprocess
import time
import zipfile
from pathlib import Path

import docx as python_docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from app.exports import docx
from tests.unit.exports.samples import HOSTILE, sample

OFFICE = shutil.which("soffice")


def _open(language: str = "en") -> tuple[bytes, zipfile.ZipFile]:
    written = docx.write(sample(language))
    return written, zipfile.ZipFile(io.BytesIO(written))


def test_paragraphs_have_styles_that_the_file_defines() -> None:
    written, archive = _open()
    word = python_docx.Document(io.BytesIO(written))
    used = {paragraph.style.name for paragraph in word.paragraphs if paragraph.style}
    assert {"Title", "Subtitle", "Heading 1", "Heading 2", "List Bullet", "Question"} <= used
    styles = parse_xml(archive.read("word/styles.xml"))
    defined = {style.get(qn("w:styleId")) for style in styles.iter(qn("w:style"))}
    for part in ("word/document.xml", "word/footnotes.xml", "word/footer1.xml"):
        root = parse_xml(archive.read(part))
        for tag in ("w:pStyle", "w:rStyle", "w:tblStyle"):
            assert {mark.get(qn("w:val")) for mark in root.iter(qn(tag))} <= defined


def test_notes_are_footnotes_set_once_and_referred_to_after() -> None:
    _written, archive = _open()
    body = parse_xml(archive.read("word/document.xml"))
    footnotes = parse_xml(archive.read("word/footnotes.xml"))
    set_here = [mark.get(qn("w:id")) for mark in body.iter(qn("w:footnoteReference"))]
    assert set_here == ["1", "2", "3"]
    assert [note.get(qn("w:id")) for note in footnotes] == ["-1", "0", "1", "2", "3"]
    bookmarks = {mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))}
    referred = {str(mark.text).split()[1] for mark in body.iter(qn("w:instrText"))}
    assert referred
    assert referred <= bookmarks
    assert "Secretariat, “In which year was the mechanism launched?”, 4 March 2026." in "".join(
        footnotes.itertext()
    )


def test_table_heads_repeat_and_tables_have_a_name() -> None:
    _written, archive = _open()
    body = parse_xml(archive.read("word/document.xml"))
    table = next(body.iter(qn("w:tbl")))
    assert len(list(table.iter(qn("w:tblHeader")))) == 1
    assert [mark.get(qn("w:val")) for mark in table.iter(qn("w:tblCaption"))] == ["Sources"]
    assert len(list(table.iter(qn("w:tr")))) == 41


def test_title_language_and_dates_are_the_document_s() -> None:
    written, archive = _open()
    properties = python_docx.Document(io.BytesIO(written)).core_properties
    assert properties.title == "Dialogue on Mobility of the Northern Valleys"
    assert properties.author == "International Organization for Migration"
    assert properties.language == "en"
    assert properties.comments == ""
    assert str(properties.created).startswith("2026-11-23 14:05:00")
    assert b'<w:lang w:val="en-GB"' in archive.read("word/styles.xml")


def test_a_right_to_left_document_is_turned() -> None:
    _written, archive = _open("ar")
    assert b"<w:bidi/>" in archive.read("word/styles.xml")
    body = archive.read("word/document.xml")
    assert b"<w:bidiVisual/>" in body
    assert b"<w:rtl/>" in body


def test_text_arrives_as_it_was_typed() -> None:
    word = python_docx.Document(io.BytesIO(docx.write(sample(hostile=f"{HOSTILE}\x0b\x00"))))
    assert any(HOSTILE in paragraph.text for paragraph in word.paragraphs)


def test_equal_documents_are_equal_bytes_at_any_time(monkeypatch: pytest.MonkeyPatch) -> None:
    first = docx.write(sample())
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    assert docx.write(sample()) == first
    dates = {entry.date_time for entry in zipfile.ZipFile(io.BytesIO(first)).infolist()}
    assert dates == {(1980, 1, 1, 0, 0, 0)}


def test_nothing_of_the_template_is_left() -> None:
    _written, archive = _open()
    names = set(archive.namelist())
    assert not {name for name in names if "thumbnail" in name or "theme" in name or "customXml" in name}
    assert b"python-docx" not in archive.read("docProps/core.xml")


# Nobody is asked to install an office suite for one look; the file's parts are held to their forms above.
@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed: the Word file is not opened in it")
def test_it_opens_in_libreoffice_with_its_notes_and_heads(tmp_path: Path) -> None:
    source = tmp_path / "sample.docx"
    source.write_bytes(docx.write(sample()))
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    command = [
        str(OFFICE),
        profile,
        "--headless",
        "--convert-to",
        "txt:Text (encoded):UTF8",
        "--outdir",
        str(tmp_path),
    ]
    subprocess.run([*command, str(source)], check=True, capture_output=True, timeout=120)
    text = (tmp_path / "sample.txt").read_text(encoding="utf-8")
    assert HOSTILE in text
    assert "The Dialogue was launched in 2017.1" in text
    assert "Respondent 39" in text


def test_a_figure_is_a_picture_with_its_description() -> None:
    written, archive = _open()
    body = parse_xml(archive.read("word/document.xml"))
    described = [mark.get("descr") for mark in body.iter(qn("wp:docPr"))]
    assert described == ["Two squares, one of them filled."]
    pictures = [name for name in archive.namelist() if name.startswith("word/media/")]
    assert [archive.read(name)[:4] for name in pictures] == [b"\x89PNG"]
    assert docx.write(sample()) == written
