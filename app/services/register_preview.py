"""What a register file would do, line by line, without writing anything."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from app.definitions.faults import Fault
from app.services import register_import
from app.services.register_book import Book, Change
from app.services.table_files import Reading


class LineState(StrEnum):
    """What one line of a file would do."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    ERROR = "error"


@dataclass(frozen=True)
class Line:
    """One line with what it adds or changes, or what is wrong with it."""

    number: int
    state: LineState
    changes: tuple[Change, ...] = ()
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class RegisterPlan:
    """Everything that a file would do."""

    reading: Reading
    rows: tuple[Line, ...]
    counts: Mapping[LineState, int]
    remarks: tuple[str, ...]

    @property
    def possible(self) -> bool:
        """Whether nothing is wrong with it."""
        return not self.counts[LineState.ERROR]

    @property
    def empty(self) -> bool:
        """Whether it would change nothing."""
        return not self.counts[LineState.NEW] and not self.counts[LineState.CHANGED]


def plan(session: Session, content: bytes, name: str, words: frozenset[str] = frozenset()) -> RegisterPlan:
    """Compare a file with the register; ``words`` are as in ``register_import``. Nothing is flushed; what was
    set is dropped again.
    """
    file, faults = register_import.read(content, name, words)
    nested = session.begin_nested()
    book = Book(session, name, only_looks=True)
    with session.no_autoflush:
        register_import.take(book, file)
    nested.rollback()
    changes: dict[int, list[Change]] = {}
    for change in book.changes:
        changes.setdefault(change.line, []).append(change)
    wrong: dict[int, list[Fault]] = {}
    for fault in (*faults, *book.faults):
        wrong.setdefault(fault.line, []).append(fault)
    numbers = sorted({*file.lines(), *changes, *wrong})
    rows = tuple(
        Line(
            number,
            _state(number, changes, wrong),
            tuple(changes.get(number, ())),
            tuple(sorted(set(wrong.get(number, ())))),
        )
        for number in numbers
    )
    counts = {state: sum(each.state is state for each in rows) for state in LineState}
    return RegisterPlan(file.reading, rows, counts, tuple(book.remarks))


def _state(number: int, changes: Mapping[int, list[Change]], wrong: Mapping[int, list[Fault]]) -> LineState:
    if number in wrong:
        return LineState.ERROR
    if number not in changes:
        return LineState.UNCHANGED
    return LineState.NEW if any(each.new for each in changes[number]) else LineState.CHANGED
