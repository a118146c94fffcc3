"""Reading a table that somebody sends, as rows of text: CSV with whatever encoding and separator, or XLSX.

Nothing is guessed in silence: ``Reading`` says what was taken the file to be, with words to check it by. A
cell is always text. What cannot be a table is refused with the place and the remedy, and every limit stands
here: a file may be anything.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from app.definitions.faults import Fault
from app.definitions.values import normalise
from app.i18n import _
from app.services.errors import NotPossible

LARGEST_TEXT = 20_000_000
MOST_ROWS = 50_000
MOST_COLUMNS = 60
LONGEST_CELL = 32_767
SAMPLED = 12


@dataclass(frozen=True)
class Reading:
    """What a file was taken to be: its encoding and separator, or its sheet; what else is to be known.

    ``sample`` are words of it with letters that another encoding would have spoilt.
    """

    encoding: str | None = None
    separator: str | None = None
    sheet: str | None = None
    sample: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One row with its number in the file (from 1), and the columns (from 0) that hold no text of their own:
    a formula, or what a program shows for an error.
    """

    number: int
    cells: tuple[str, ...]
    formulas: tuple[int, ...] = ()
    errors: tuple[int, ...] = ()

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in it."""
        return not any(cell.strip() for cell in self.cells)

    @property
    def width(self) -> int:
        """How many cells there are up to the last that holds something."""
        filled = (place for place in range(len(self.cells), 0, -1) if self.cells[place - 1].strip())
        return max(next(filled, 0), *(place + 1 for place in self.formulas), 0)


@dataclass(frozen=True)
class Table:
    """The rows of a file that are not blank, in its order."""

    name: str
    rows: tuple[Row, ...]
    reading: Reading = field(default_factory=Reading)


class TableRefused(NotPossible):
    """The file is no table that can be read; ``faults`` has the places."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


def refusal(name: str, line: int, message: str, path: str = "") -> TableRefused:
    """The refusal of a file for one reason."""
    return TableRefused([Fault(name, line, path, message)])


def bounded(name: str, rows: Iterator[Row], most_rows: int) -> tuple[Row, ...]:
    """The rows that are not blank, cleaned of what no text holds. Raises TableRefused beyond the limits.

    All cells together are bounded before any is looked at: in a workbook a long text can stand once, and in
    a million cells.
    """
    kept: list[Row] = []
    left = LARGEST_TEXT
    for row in rows:
        left -= sum(map(len, row.cells))
        if left < 0:
            message = _(
                "the cells hold more than %(limit)s characters; send only the list", limit=f"{LARGEST_TEXT:,}"
            )
            raise refusal(name, row.number, message)
        if row.is_blank and not row.formulas:
            continue
        if len(kept) > most_rows:
            message = _(
                "the file has more than %(limit)s rows; send it in several files", limit=f"{most_rows:,}"
            )
            raise refusal(name, row.number, message)
        kept.append(_clean(name, row))
    return tuple(kept)


def _clean(name: str, row: Row) -> Row:
    if row.width > MOST_COLUMNS:
        message = _("the row has more than %(limit)s columns", limit=MOST_COLUMNS)
        raise refusal(name, row.number, message)
    for place, cell in enumerate(row.cells):
        if len(cell) > LONGEST_CELL:
            message = _("the cell is longer than %(limit)s characters", limit=f"{LONGEST_CELL:,}")
            raise refusal(name, row.number, message, letters(place))
    cells = row.cells[:MOST_COLUMNS]
    cleaned = tuple(cell if cell.isascii() and cell.isprintable() else normalise(cell) for cell in cells)
    return Row(row.number, cleaned, row.formulas, row.errors)


def sample_of(rows: Sequence[Row]) -> tuple[str, ...]:
    """Some words with letters beyond ASCII, each once, in the order of the file."""
    found: dict[str, None] = {}
    for row in rows:
        for cell in row.cells:
            if cell.isascii():
                continue
            for word in cell.split():
                if not word.isascii() and any(each.isalpha() for each in word):
                    found.setdefault(word[:40].strip(".,;:()\"'"))
        if len(found) >= SAMPLED:
            break
    return tuple(found)[:SAMPLED]


def letters(place: int) -> str:
    """The name of a column as spreadsheets show it: A for the first."""
    said = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        said = chr(ord("A") + rest) + said
    return said
