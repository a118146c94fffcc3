"""What a form to fill in says, without how Word or Excel draws it.

An answer is one ``Field``; what is filled in of it are its ``Control``\\ s, each under the suffix that the
control of a page has (``""``, ``.other``, ``.none``, ``.is_right``), so that a file is read as a page is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

MAIN, OTHER, NONE, RIGHT = "", ".other", ".none", ".is_right"
TICKED = "yes"


class Way(StrEnum):
    """How a control is filled in: by writing, by picking one of a list, by ticking boxes."""

    TEXT = "text"
    PICK = "pick"
    TICKS = "ticks"


@dataclass(frozen=True, slots=True)
class Control:
    """One thing to fill in. ``values`` is what stands in it: a text, the key picked, the keys ticked;
    ``options`` are key and words; ``lines`` is the space that a text needs.
    """

    part: str
    way: Way
    values: tuple[str, ...] = ()
    label: str = ""
    options: tuple[tuple[str, str], ...] = ()
    lines: int = 1

    def words(self, key: str) -> str:
        """The words of an option; the key where the list has no such one."""
        return next((words for known, words in self.options if known == key), key)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where answers stand: outside blocks (no instance), in a block or record, or in a record that is made
    when the form comes back (``slot`` is its key, ``instance`` then the block around it). ``group`` is the
    section or list of records.
    """

    instance: UUID | None = None
    group: str | None = None
    slot: UUID | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One answer to fill in: its number in the form, its place, the revision that the form shows."""

    number: int
    spot: Spot
    key: str
    item: str
    revision: int
    controls: tuple[Control, ...]
    label: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One record of a list, or an empty place for one."""

    title: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: its number and words, what stands under it, and what is filled in."""

    number: str
    text: str
    notes: tuple[str, ...] = ()
    stem: str = ""
    fields: tuple[Field, ...] = ()
    entries: tuple[Entry, ...] = ()
    after: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Questions under one heading."""

    title: str
    aside: str
    notes: tuple[str, ...]
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One section, or one mechanism's block."""

    title: str
    short: str
    notes: tuple[str, ...]
    pages: tuple[Page, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """A whole form; ``line`` says for whom and from when it is, ``guidance`` how it is filled in."""

    title: str
    occasion: str
    line: str
    guidance: tuple[str, ...]
    language: str
    parts: tuple[Part, ...]

    def fields(self) -> Iterator[Field]:
        """Every answer to fill in, in order."""
        for part in self.parts:
            for page in part.pages:
                for asked in page.asked:
                    yield from asked.fields
                    for entry in asked.entries:
                        yield from entry.fields


_SUFFIXES = {MAIN: "", OTHER: "_other", NONE: "_none", RIGHT: "_right"}


def name_of(number: int, part: str) -> str:
    """The name under which a file knows a control: ``answer_12``, ``answer_12_other``."""
    return f"answer_{number}{_SUFFIXES[part]}"


def name_of_option(name: str, place: int) -> str:
    """The name of one box to tick: ``answer_12_o3``."""
    return f"{name}_o{place}"
