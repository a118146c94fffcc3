"""Texts with places to be filled, such as ``Dear {name}``: checked before they are kept, filled as data.

Pure. A place is a known word in braces; ``{{`` and ``}}`` are the braces themselves. Nothing else: no
attributes, no formats, no conditions. What fills a place is never looked at again.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from app.i18n import _

_TOKEN = re.compile(r"\{\{|\}\}|\{[^{}\n]*\}|\{|\}")
_NAME = re.compile(r"\{[a-z_]+\}")
_WHITE = re.compile(r"\s+")


@dataclass(frozen=True, order=True)
class Fault:
    """What is wrong at a place of a text; lines and columns are counted from 1."""

    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return _("Line %(line)s, column %(column)s: %(message)s", **vars(self))


@dataclass(frozen=True)
class Piece:
    """A stretch of text, or (``name``) a place to be filled."""

    text: str
    name: str | None = None


class CannotFill(ValueError):
    """The text has a fault, or a place for which there is nothing."""


def faults(text: str, known: Collection[str], required: Collection[str] = ()) -> list[Fault]:
    """Everything that is wrong with the text, in the order in which it stands there; what is missing comes
    last, at the end of the text.
    """
    found, names = [], set()
    for at, mark in _tokens(text):
        if mark in {"{{", "}}"}:
            continue
        if _NAME.fullmatch(mark) and mark[1:-1] in known:
            names.add(mark[1:-1])
        else:
            found.append(_fault(text, at, _why(mark)))
    missing = [name for name in required if name not in names]
    return found + [
        _fault(text, len(text), _("{%(name)s} is missing; put it where it belongs", name=name))
        for name in missing
    ]


def _why(mark: str) -> str:
    if mark == "{":
        return _("this brace is not closed; write {{ for a brace that is meant as one")
    if mark == "}":
        return _("this brace closes nothing; write }} for a brace that is meant as one")
    return _("there is no placeholder %(mark)s here; choose one of the list", mark=mark)


def _fault(text: str, at: int, message: str) -> Fault:
    before = text[:at]
    return Fault(before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1, message)


def _tokens(text: str) -> Iterator[tuple[int, str]]:
    return ((match.start(), match.group()) for match in _TOKEN.finditer(text))


def pieces(text: str) -> list[Piece]:
    """The text cut at its places. Raises CannotFill for what ``faults`` would name whatever is known."""
    found, reached = [], 0
    for at, mark in _tokens(text):
        found.append(Piece(text[reached:at]))
        reached = at + len(mark)
        if mark in {"{{", "}}"}:
            found.append(Piece(mark[0]))
        elif _NAME.fullmatch(mark):
            found.append(Piece(mark, mark[1:-1]))
        else:
            raise CannotFill(mark)
    found.append(Piece(text[reached:]))
    return [piece for piece in found if piece.text]


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with each place filled. A paragraph that is nothing but a place filled with nothing is left
    out. Raises CannotFill.
    """
    return _filled(text, values, lambda value: value)


def fill_line(text: str, values: Mapping[str, str]) -> str:
    """The same for a text that must stay one line: white space of what fills it becomes single spaces."""
    return one_line(_filled(text, values, one_line))


def one_line(text: str) -> str:
    """The text in one line, so that it can stand in a header of a letter."""
    return _WHITE.sub(" ", text).strip()


def _filled(text: str, values: Mapping[str, str], made: Callable[[str], str]) -> str:
    said, dropped = "", False
    for piece in pieces(text):
        if piece.name is None:
            said += piece.text.lstrip("\n") if dropped else piece.text
            dropped = False
            continue
        if piece.name not in values:
            raise CannotFill(piece.text)
        value = made(values[piece.name])
        dropped = not value and (not said or said.endswith("\n\n"))
        said += value
    return said
