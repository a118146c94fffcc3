"""What is heard while the XML of a workbook is read: no tree is built, and everything is counted."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

MOST_ELEMENTS = 200_000
MOST_CELLS = 3_000_000
MOST_STRINGS = 3_000_000
MOST_KEPT_COLUMNS = 256
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_INDEX = re.compile(r"[0-9]{1,7}")


class TooMuch(Exception):
    """The file holds more than a list of people or organisations can."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell: its kind as the file says it, its text, its style, whether by a formula."""

    kind: str
    text: str
    style: int
    formula: bool


def _bare(tag: str) -> str:
    return tag.rpartition("}")[2]


class Collected:
    """The elements of a small part with their attributes, each with what it stands in."""

    def __init__(self) -> None:
        self._found: list[tuple[str, str, dict[str, str]]] = []
        self._above: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if len(self._found) >= MOST_ELEMENTS or len(self._above) > 100:
            raise TooMuch
        self._found.append((self._above[-1] if self._above else "", _bare(tag), dict(attributes)))
        self._above.append(_bare(tag))

    def end(self, _tag: str) -> None:
        """It ends."""
        self._above.pop()

    def data(self, text: str) -> None:
        """Text does not matter here."""

    def all(self, tag: str) -> list[dict[str, str]]:
        """The attributes of every element called so."""
        return [attributes for _above, called, attributes in self._found if called == tag]

    def within(self, above: str, tag: str) -> list[dict[str, str]]:
        """The same for those that stand right in an element called `above`."""
        return [attributes for around, called, attributes in self._found if (around, called) == (above, tag)]


class StringsTarget:
    """The strings that cells refer to, without what is only there to be read aloud."""

    def __init__(self) -> None:
        self.strings: list[str] = []
        self._text: list[str] | None = None
        self._aloud = 0
        self._hears = False

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        """An element begins."""
        tag = _bare(tag)
        if tag == "si":
            if len(self.strings) >= MOST_STRINGS:
                raise TooMuch
            self._text = []
        self._aloud += tag == "rPh"
        self._hears = tag == "t"

    def end(self, tag: str) -> None:
        """It ends."""
        tag = _bare(tag)
        self._aloud -= tag == "rPh"
        self._hears = False
        if tag == "si" and self._text is not None:
            self.strings.append(unescaped("".join(self._text)))
            self._text = None

    def data(self, text: str) -> None:
        """Text stands there."""
        if self._hears and not self._aloud and self._text is not None:
            self._text.append(text)


class SheetTarget:
    """The cells of a sheet by row and column (from 0), and the areas that are merged."""

    def __init__(self, strings: Sequence[str], most_rows: int) -> None:
        self.cells: dict[int, dict[int, Cell]] = {}
        self.merged: list[str] = []
        self._strings = strings
        self._most_rows = most_rows
        self._count = 0
        self._row = 0
        self._column = -1
        self._kind, self._style, self._formula = "n", 0, False
        self._text: list[str] = []
        self._hears = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        tag = _bare(tag)
        if tag == "c":
            self._begin(attributes)
        elif tag == "row":
            given = attributes.get("r", "")
            self._row = int(given) if _INDEX.fullmatch(given) else self._row + 1
            self._column = -1
        elif tag == "f":
            self._formula = True
        elif tag == "mergeCell":
            self.merged.append(attributes.get("ref", ""))
            if len(self.merged) > MOST_ELEMENTS:
                raise TooMuch
        self._hears = tag in {"v", "t"}

    def _begin(self, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > MOST_CELLS:
            raise TooMuch
        place = _PLACE.fullmatch(attributes.get("r", ""))
        self._column = _number(place[1]) if place else self._column + 1
        self._kind, self._formula, self._text = attributes.get("t", "n"), False, []
        style = attributes.get("s", "0")
        self._style = int(style) if _INDEX.fullmatch(style) else 0

    def end(self, tag: str) -> None:
        """It ends."""
        self._hears = False
        if _bare(tag) == "c" and self._column < MOST_KEPT_COLUMNS:
            text = "".join(self._text)
            if text or self._formula:
                row = self.cells.setdefault(self._row, {})
                row[self._column] = self._cell(text)
                if len(self.cells) > self._most_rows + 1_000:
                    raise TooMuch

    def data(self, text: str) -> None:
        """Text stands there."""
        if self._hears:
            self._text.append(text)

    def _cell(self, text: str) -> Cell:
        kind = self._kind
        if kind == "s":
            if not _INDEX.fullmatch(text) or int(text) >= len(self._strings):
                raise ValueError(text)
            return Cell("str", self._strings[int(text)], self._style, self._formula)
        if kind in {"inlineStr", "str"}:
            return Cell("str", unescaped(text), self._style, self._formula)
        return Cell(kind, text, self._style, self._formula)


def unescaped(text: str) -> str:
    """The text with the characters that XML cannot hold, which stand in it as their numbers."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
