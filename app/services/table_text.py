"""A table as text: which encoding, which separator, and the rows."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator

from app.i18n import _
from app.services.table_files import LARGEST_TEXT, MOST_ROWS, Reading, Row, Table, bounded, refusal, sample_of

SEPARATORS = (",", ";", "\t")
TRIED = 30
"""How many records the separator is told by."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF32_LE, "", ""),
    (codecs.BOM_UTF32_BE, "", ""),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_UNDEFINED_IN_1252 = b"\x81\x8d\x8f\x90\x9d"


def read(content: bytes, name: str, most_rows: int = MOST_ROWS, largest: int = LARGEST_TEXT) -> Table:
    """The rows of a CSV file. Raises TableRefused."""
    if len(content) > largest:
        raise refusal(name, 1, _("the file is larger than %(limit)s bytes", limit=f"{largest:,}"))
    text, encoding = decoded(content, name)
    given, text, skipped = _given_separator(text)
    separator = given or _separator(text)
    rows = bounded(name, _rows(text, separator, name, skipped), most_rows)
    if not rows:
        raise refusal(name, 1, _("the file is empty"))
    return Table(name, rows, Reading(encoding, separator, sample=sample_of(rows)))


def decoded(content: bytes, name: str) -> tuple[str, str]:
    """The text and the name of its encoding: as its mark says, else UTF-8, else what Windows wrote in western
    Europe. Raises TableRefused for what is no text.
    """
    for mark, codec, called in _MARKS:
        if content.startswith(mark):
            return _as(content, codec, called, name)
    if b"\x00" in content:
        codec = _unmarked_utf_16(content)
        return _as(content, codec, "UTF-16", name)
    try:
        return content.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        if any(byte in content for byte in _UNDEFINED_IN_1252):
            return content.decode("latin-1"), "Latin-1"
        return content.decode("cp1252"), "Windows-1252"


def _as(content: bytes, codec: str, called: str, name: str) -> tuple[str, str]:
    if codec:
        try:
            return content.decode(codec), called
        except UnicodeDecodeError as problem:
            line = bytes(problem.object).count(b"\n", 0, problem.start) + 1
            message = _("the text is not %(encoding)s, as it says; save it as “CSV UTF-8”", encoding=called)
            raise refusal(name, line, message) from problem
    raise refusal(name, 1, _("the file is not text that can be read; save it as “CSV UTF-8”"))


def _unmarked_utf_16(content: bytes) -> str:
    """The codec of UTF-16 without its mark, told by where the zeros stand; nothing for what is no text."""
    head = content[:4096]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if len(content) % 2 or max(even, odd) * 4 < len(head) or min(even, odd) * 20 > max(even, odd):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _given_separator(text: str) -> tuple[str | None, str, int]:
    """The separator that the first line gives as some programs write it (`sep=;`), and the rest of the text.

    The third is how many lines were taken from its front.
    """
    first, _break, rest = text.partition("\n")
    said = first.strip().casefold()
    if said.startswith("sep=") and len(said) == 5 and said[4] in ",;|":
        return said[4], rest, 1
    if said == "sep=" and "\t" in first:
        return "\t", rest, 1
    return None, text, 0


def _separator(text: str) -> str:
    """The one that parts most of the first records into the same number of cells, and more than one."""

    def fit(separator: str) -> tuple[int, int]:
        reader = csv.reader(io.StringIO(text[:200_000], newline=""), delimiter=separator)
        widths: Counter[int] = Counter()
        try:
            for place, cells in enumerate(reader):
                if place >= TRIED:
                    break
                if len(cells) > 1:
                    widths[len(cells)] += 1
        except csv.Error:
            return 0, 0
        width, count = max(widths.items(), key=lambda item: (item[1] * item[0], item[0]), default=(0, 0))
        return count * width, width

    return max(SEPARATORS, key=fit)


def _rows(text: str, separator: str, name: str, skipped: int) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 0
    try:
        for cells in reader:
            begins, line = line + 1, reader.line_num
            yield Row(begins + skipped, tuple(cells))
    except csv.Error as problem:
        message = _("this is not CSV: %(problem)s; look at the quotation marks there", problem=str(problem))
        raise refusal(name, line + 1 + skipped, message) from problem
