"""What a file is, by its content and never by its name: an allow-list of seven kinds.

Images and PDF are known by their first bytes. Office documents are zips: their directory is read under limits
that are checked before anything is built from it, and of their parts only the one that names the kind is
unpacked, up to a bound. What carries macros, a second file before or behind, or more than a document needs is
refused. Nothing is scanned for viruses.
"""

import os
import struct
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO

import filetype

from app.i18n import _

HEAD = 8192
MOST_PARTS = 5_000
LARGEST_DIRECTORY = 1_000_000
LARGEST_NAMING_PART = 1_000_000
LARGEST_UNPACKED = 500_000_000
_END = struct.Struct("<4s4H2LH")
_END_SIGNATURE = b"PK\x05\x06"
_ZIP64_LOCATOR = b"PK\x06\x07"
_ENCRYPTED = 0x1


@dataclass(frozen=True)
class FileKind:
    """A kind of file: what it is called, how it is announced, and how its name ends."""

    name: str
    media_type: str
    ending: str


PDF = FileKind("PDF", "application/pdf", ".pdf")
JPEG = FileKind("JPEG", "image/jpeg", ".jpg")
PNG = FileKind("PNG", "image/png", ".png")
_OFFICE = "application/vnd.openxmlformats-officedocument"
DOCX = FileKind("DOCX", f"{_OFFICE}.wordprocessingml.document", ".docx")
XLSX = FileKind("XLSX", f"{_OFFICE}.spreadsheetml.sheet", ".xlsx")
PPTX = FileKind("PPTX", f"{_OFFICE}.presentationml.presentation", ".pptx")
ODT = FileKind("ODT", "application/vnd.oasis.opendocument.text", ".odt")

KINDS = (PDF, DOCX, XLSX, PPTX, ODT, JPEG, PNG)
_BY_FIRST_BYTES: Mapping[str, FileKind] = {kind.media_type: kind for kind in (PDF, JPEG, PNG)}
_MAIN_PARTS: Mapping[str, FileKind] = {
    "word/document.xml": DOCX,
    "xl/workbook.xml": XLSX,
    "ppt/presentation.xml": PPTX,
}


class KindRefused(ValueError):
    """The file is of no kind that is taken; the message says what to do."""


def kind_of(content: IO[bytes]) -> FileKind:
    """Return the kind of the file, whose stream can be sought; it then stands at its beginning.

    Raises KindRefused.
    """
    content.seek(0)
    head = content.read(HEAD)
    content.seek(0)
    if head.startswith(b"PK\x03\x04"):
        found = _of_zip(content)
        content.seek(0)
        return found
    guessed = filetype.guess(head)
    kind = _BY_FIRST_BYTES.get(guessed.mime) if guessed is not None else None
    if kind is None:
        raise KindRefused(_("Choose a PDF, DOCX, XLSX, PPTX, ODT, JPEG or PNG. This file is none of them."))
    return kind


def _of_zip(content: IO[bytes]) -> FileKind:
    _check_end(content)
    try:
        with zipfile.ZipFile(content) as archive:
            names = _names(archive)
            found = _named(archive, names)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError) as problem:
        if isinstance(problem, KindRefused):
            raise
        raise _damaged() from problem
    if found is None:
        raise KindRefused(
            _("This is a packed file, not a DOCX, XLSX, PPTX or ODT. Attach the documents in it one by one.")
        )
    return found


def _check_end(content: IO[bytes]) -> None:
    """Whether the zip ends with its directory's end, begins with its first part, and is small in number.

    Checked on the 22 bytes themselves, for reading the directory costs memory for each of its entries.
    """
    size = content.seek(0, os.SEEK_END)
    if size < _END.size:
        raise _damaged()
    content.seek(size - _END.size)
    signature, disks, parts, directory, start, comment = _fields(content.read(_END.size))
    if signature != _END_SIGNATURE or comment or disks or start + directory + _END.size != size:
        raise _damaged()
    if parts > MOST_PARTS or directory > LARGEST_DIRECTORY:
        raise KindRefused(_("This document has more parts than a document needs. Save it as PDF."))
    content.seek(max(0, size - _END.size - 20))
    if content.read(4) == _ZIP64_LOCATOR:
        raise _damaged()
    content.seek(0)


def _fields(end: bytes) -> tuple[bytes, int, int, int, int, int]:
    signature, disk, first, here, parts, directory, start, comment = _END.unpack(end)
    return signature, disk | first | (here ^ parts), parts, directory, start, comment


def _names(archive: zipfile.ZipFile) -> set[str]:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if len(names) != len(parts):
        raise _damaged()
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise KindRefused(_("This document is locked with a password. Save it without one."))
    if sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise KindRefused(_("This document unpacks to more than a document needs. Save it as PDF."))
    if any(_holds_macros(name.lower()) for name in names):
        raise _with_macros()
    return names


def _holds_macros(name: str) -> bool:
    return (
        name.endswith(("vbaproject.bin", "vbadata.xml"))
        or "/macrosheets/" in name
        or name.startswith(("basic/", "scripts/"))
    )


def _named(archive: zipfile.ZipFile, names: set[str]) -> FileKind | None:
    """The kind that the zip itself names, and for which it has the part that matters."""
    if "mimetype" in names and "content.xml" in names:
        named = archive.infolist()[0].filename == "mimetype" and _read(archive, "mimetype")
        return ODT if named == ODT.media_type.encode() else None
    kind = next((kind for part, kind in _MAIN_PARTS.items() if part in names), None)
    if kind is None or "[Content_Types].xml" not in names:
        return None
    types = _read(archive, "[Content_Types].xml").decode("utf-8", "replace")
    if "macroenabled" in types.lower() or "macrosheet" in types.lower():
        raise _with_macros()
    return kind if f"{kind.media_type}.main+xml" in types else None


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    """A part of the zip, of which no more is unpacked than is allowed."""
    with archive.open(name) as part:
        read = part.read(LARGEST_NAMING_PART + 1)
    if len(read) > LARGEST_NAMING_PART:
        raise _damaged()
    return read


def _with_macros() -> KindRefused:
    return KindRefused(_("This document has macros. Save it without them, or as PDF."))


def _damaged() -> KindRefused:
    return KindRefused(_("This document is damaged or not what its name says. Save it again, or as PDF."))
