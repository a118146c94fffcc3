"""What is wrong with a definition, said so that its author can mend it and a page can show it."""

import difflib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

MAX_SHOWN = 80
MAX_FAULTS = 200


@dataclass(frozen=True, order=True)
class Fault:
    """One fault: the file, the line in it (from 1), the path of keys to the place, and what is wrong."""

    file: str
    line: int
    path: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}: "
        return f"{place}{self.path}: {self.message}" if self.path else f"{place}{self.message}"


class DefinitionErrors(Exception):
    """A definition was refused; `faults` has every fault found, in the order of the file."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(set(faults))[:MAX_FAULTS]
        super().__init__("\n".join(map(str, self.faults)))


def shown(value: object) -> str:
    """Return a short form of `value` in quotation marks, safe in a message: no controls, at most 80
    characters."""
    words = str(value)[: MAX_SHOWN + 1]
    safe = "".join(c if _harmless(c) else f"\\u{ord(c):04x}" for c in words)
    return f"“{safe[:MAX_SHOWN]}{'…' if len(safe) > MAX_SHOWN else ''}”"


def _harmless(character: str) -> bool:
    return character == " " or unicodedata.category(character)[0] not in "CZ" or character == "\u00a0"


def suggestion(word: object, known: Iterable[str]) -> str:
    """Return “; did you mean …?” for the closest of the known words, or nothing."""
    close = difflib.get_close_matches(str(word)[:60], list(known)[:2000], n=1, cutoff=0.6)
    return f"; did you mean {shown(close[0])}?" if close else ""
