"""Opening what somebody sends as a Word or Excel file: every limit is checked before anything is unpacked,
and counted once more while it is.

The XML is read without document types, entities or anything fetched; depth and number of elements are
bounded, so that no file costs more than a few seconds and some megabytes.
"""

import io
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from app.exports.forms.manifest import FormRefused
from app.i18n import _

LARGEST_FILE = 4_000_000
LARGEST_UNPACKED = 48_000_000
LARGEST_PART = 24_000_000
MOST_PARTS = 400
MOST_ELEMENTS = 400_000
DEEPEST = 100
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_CHUNK = 65_536
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_HARMLESS = ("hyperlink", "attachedTemplate")


class Archive:
    """A package whose sizes have been checked; ``kind`` is ``docx`` or ``xlsx``."""

    def __init__(self, data: bytes) -> None:
        """Check the outside of the file. Raises FormRefused."""
        self._zip = _opened(data)
        self._sizes = _checked(self._zip)
        self._left = LARGEST_UNPACKED
        self.main, self.kind = self._find_main()

    @property
    def names(self) -> Mapping[str, int]:
        """The parts by name, with their sizes."""
        return self._sizes

    def read(self, name: str) -> bytes:
        """One part, counted while it is unpacked. Raises FormRefused."""
        pieces: list[bytes] = []
        try:
            with self._zip.open(name) as source:
                while piece := source.read(_CHUNK):
                    self._left -= len(piece)
                    if self._left < 0:
                        raise _too_large()
                    pieces.append(piece)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            KeyError,
            NotImplementedError,
            OSError,
            RuntimeError,
        ):
            raise damaged() from None
        content = b"".join(pieces)
        if len(content) != self._sizes[name]:
            raise damaged()
        return content

    def xml(self, name: str) -> Element:
        """One part as a tree. Raises FormRefused."""
        parser = DefusedXMLParser(target=_Bounded(), forbid_dtd=True)
        content = self.read(name)
        try:
            parser.feed(content)  # in one piece: fed in many, one huge token is scanned again for each
            root = parser.close()
        except DefusedXmlException:
            raise FormRefused(_("The file declares a document type, which no form of ours has.")) from None
        except (ParseError, ValueError, LookupError):
            raise damaged() from None
        if not isinstance(root, Element):
            raise damaged()
        return root

    def _find_main(self) -> tuple[str, str]:
        """The part with the text, by content type: not by the file's name."""
        if "[Content_Types].xml" not in self._sizes:
            raise _neither()
        types = self.xml("[Content_Types].xml")
        found = {
            part.get("PartName", ""): part.get("ContentType", "") for part in types.iter(f"{_TYPES}Override")
        }
        everything = " ".join([*found.values(), *(each.get("ContentType", "") for each in types)])
        if "macroEnabled" in everything or any("vbaproject" in name.lower() for name in self._sizes):
            raise FormRefused(
                _("The file has macros. Save it as .docx or .xlsx without them and send it again.")
            )
        self._refuse_what_lies_outside()
        for name, type_ in found.items():
            for kind, ending in (("docx", "wordprocessingml.document.main+xml"), ("xlsx", "sheet.main+xml")):
                if type_.endswith(ending) and name.lstrip("/") in self._sizes:
                    return name.lstrip("/"), kind
        raise _neither()

    def _refuse_what_lies_outside(self) -> None:
        """Links in a text are harmless; parts that would be fetched from elsewhere are not."""
        outside = any(name.startswith("xl/externalLinks/") for name in self._sizes)
        for name in self._sizes:
            if outside or not name.endswith(".rels"):
                continue
            for relation in self.xml(name).iter(_RELATION):
                type_ = relation.get("Type", "").rpartition("/")[2]
                outside |= relation.get("TargetMode") == "External" and type_ not in _HARMLESS
        if outside:
            raise FormRefused(
                _("The file draws on other files. Paste what it shows as text and send it again.")
            )


class _Bounded:
    """Builds a tree and stops when it becomes too deep or too large."""

    def __init__(self) -> None:
        self._builder = TreeBuilder()
        self._depth = 0
        self._count = 0

    def start(self, tag: str, attributes: dict[str, str]) -> Any:
        self._depth += 1
        self._count += 1 + len(attributes) // 8
        if self._depth > DEEPEST:
            raise FormRefused(_("The file nests its content too deeply to be one of our forms."))
        if self._count > MOST_ELEMENTS:
            raise FormRefused(_("The file has far more rows or paragraphs than a form of ours."))
        return self._builder.start(tag, attributes)

    def end(self, tag: str) -> Any:
        self._depth -= 1
        return self._builder.end(tag)

    def data(self, text: str) -> None:
        self._builder.data(text)

    def close(self) -> Element:
        return self._builder.close()


def _opened(data: bytes) -> zipfile.ZipFile:
    if len(data) > LARGEST_FILE:
        raise FormRefused(
            _(
                "The file is larger than %(most)s MB. Send it without pictures.",
                most=LARGEST_FILE // 1_000_000,
            )
        )
    if not data:
        raise FormRefused(_("Choose the file first."))
    if data.startswith(_OLD_OFFICE):
        raise FormRefused(
            _(
                "The file is in an old format or protected by a password. Save it as .docx or .xlsx without "
                "a password and send it again."
            )
        )
    if not data.startswith(_ZIP):
        raise _neither()
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError):
        raise damaged() from None


def _checked(opened: zipfile.ZipFile) -> dict[str, int]:
    """The sizes that the file claims for its parts, if they are those of a form."""
    entries = opened.infolist()
    sizes = {entry.filename: entry.file_size for entry in entries}
    if (
        len(entries) > MOST_PARTS
        or sum(sizes.values()) > LARGEST_UNPACKED
        or max(sizes.values(), default=0) > LARGEST_PART
    ):
        raise _too_large()
    if len(sizes) < len(entries) or any(not _plain(entry) for entry in entries):
        raise damaged()
    return sizes


def _plain(entry: zipfile.ZipInfo) -> bool:
    """Whether a part is packed as Word and Excel pack theirs: not encrypted, and in no rarer way."""
    return not entry.flag_bits & 0x1 and entry.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def _too_large() -> FormRefused:
    return FormRefused(_("The file unpacks to far more than a form of ours. Download a new form."))


def damaged() -> FormRefused:
    """The refusal of a file that is not sound."""
    return FormRefused(_("The file is damaged. Open it in Word or Excel, save it again and send that."))


def _neither() -> FormRefused:
    return FormRefused(_("This is neither a Word file (.docx) nor an Excel file (.xlsx)."))
