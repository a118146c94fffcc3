"""Which characters the shipped fonts can show, read from their ``cmap`` tables (OpenType, formats 4 and 12).

PDF/UA-1 forbids a character without a glyph, and typst refuses the whole document for one; so the writer has
to know.
"""

import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

FONTS = Path(__file__).with_name("fonts")
MISSING = "\ufffd"


@cache
def covered() -> frozenset[int]:
    """Code points that at least one shipped font can show."""
    return frozenset(code for path in sorted(FONTS.glob("*.ttf")) for code in _code_points(path.read_bytes()))


def uncovered(text: str) -> frozenset[str]:
    """The characters of a text that no shipped font can show; line ends and tabs apart."""
    return frozenset(char for char in set(text) if ord(char) not in covered() and char not in "\n\t")


def showable(text: str, hidden: frozenset[str]) -> str:
    """The text with each of the hidden characters replaced by U+FFFD, or dropped where it has no width."""
    if hidden.isdisjoint(text):
        return text
    return "".join(_stand_in(char) if char in hidden else char for char in text)


def _stand_in(char: str) -> str:
    return "" if unicodedata.category(char) in {"Cf", "Cc", "Mn"} else MISSING


def _code_points(font: bytes) -> Iterator[int]:
    tables = struct.unpack_from(">H", font, 4)[0]
    for entry in range(tables):
        tag, _checksum, start, _length = struct.unpack_from(">4sIII", font, 12 + 16 * entry)
        if tag == b"cmap":
            yield from _cmap(font, start)


def _cmap(font: bytes, start: int) -> Iterator[int]:
    for entry in range(struct.unpack_from(">H", font, start + 2)[0]):
        platform, _encoding, offset = struct.unpack_from(">HHI", font, start + 4 + 8 * entry)
        table = start + offset
        form = struct.unpack_from(">H", font, table)[0]
        if platform in {0, 3} and form == 4:
            yield from _segments(font, table)
        elif platform in {0, 3} and form == 12:
            yield from _groups(font, table)


def _segments(font: bytes, table: int) -> Iterator[int]:
    """Format 4: ends, then (after a pad) starts of the segments; the last segment is only a mark."""
    count = struct.unpack_from(">H", font, table + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", font, table + 14)
    starts = struct.unpack_from(f">{count}H", font, table + 16 + 2 * count)
    for first, last in zip(starts, ends, strict=True):
        if last != 0xFFFF:
            yield from range(first, last + 1)


def _groups(font: bytes, table: int) -> Iterator[int]:
    """Format 12: groups of first and last code point."""
    for group in range(struct.unpack_from(">I", font, table + 12)[0]):
        first, last, _glyph = struct.unpack_from(">III", font, table + 16 + 12 * group)
        yield from range(first, last + 1)
