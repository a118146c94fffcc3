"""A store of files for tests, and small documents of every kind that is taken, and of some that are not."""

import io
import zipfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import docx
import openpyxl
import pytest

from app.services.file_kinds import DOCX, ODT, PPTX
from app.storage import Store

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489")
JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000ffd9")
TYPES = "[Content_Types].xml"
ODT_TYPE = ODT.media_type


@pytest.fixture
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store in a folder of its own."""
    return Store(tmp_path_factory.mktemp("store") / "files")


def packed(parts: Mapping[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these parts, in this order."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return written.getvalue()


def parts_of(document: bytes) -> dict[str, bytes | str]:
    """The parts of a zip, to be changed and packed again."""
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@cache
def word() -> bytes:
    """A document as Word writes it."""
    written = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("Article 1")
    document.save(written)
    return written.getvalue()


@cache
def workbook() -> bytes:
    """A workbook as Excel writes it."""
    written = io.BytesIO()
    openpyxl.Workbook().save(written)
    return written.getvalue()


def _types(media_type: str) -> str:
    return f'<Types><Override PartName="/x" ContentType="{media_type}.main+xml"/></Types>'


def slides() -> bytes:
    """The parts of a presentation that say what it is."""
    return packed({TYPES: _types(PPTX.media_type), "ppt/presentation.xml": "<p/>"})


def open_document() -> bytes:
    """The parts of a text document of LibreOffice that say what it is."""
    return packed({"mimetype": ODT.media_type, "content.xml": "<office/>"})


DOCUMENTS: Mapping[str, bytes] = {
    "plan.pdf": PDF,
    "photo.png": PNG,
    "photo.jpg": JPEG,
    "law.docx": word(),
    "table.xlsx": workbook(),
    "talk.pptx": slides(),
    "note.odt": open_document(),
}


def bare_word(**more: bytes | str) -> bytes:
    """The least of a document of Word, and more parts."""
    return packed({TYPES: _types(DOCX.media_type), "word/document.xml": "<w/>", **more})


def unfinished(folder: Path) -> list[Path]:
    """What a stopped ``put`` left behind."""
    return list(folder.rglob(".unfinished-*"))


def multipart(fields: Mapping[str, str], content: bytes, name: str) -> tuple[bytes, str]:
    """A form with a file as a browser sends it: its body and its media type."""
    parts = [f'name="{field}"\r\n\r\n{text}'.encode() for field, text in fields.items()]
    parts.append(f'name="file"; filename="{name}"\r\n\r\n'.encode() + content)
    body = b"".join(b"--limit\r\nContent-Disposition: form-data; " + part + b"\r\n" for part in parts)
    return body + b"--limit--\r\n", "multipart/form-data; boundary=limit"
