"""Finding the line that names the columns: in any order, in several languages, not always the first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.definitions import searching
from app.definitions.faults import Fault, shown
from app.i18n import _
from app.services.table_files import Row, Table, TableRefused, refusal

LOOKED_AT = 20


@dataclass(frozen=True)
class Headed:
    """Where each field stands (column from 0), how its column is called in the file, and which were not read.

    ``rows`` are those below.
    """

    columns: Mapping[str, int]
    labels: Mapping[str, str]
    unread: tuple[str, ...]
    rows: tuple[Row, ...]

    def cell(self, row: Row, field: str) -> str:
        """What the row has for the field; nothing where the file has no such column."""
        place = self.columns.get(field, -1)
        return row.cells[place].strip() if 0 <= place < len(row.cells) else ""


def find(table: Table, names: Mapping[str, Sequence[str]], needed: Sequence[str]) -> Headed:
    """The columns of a table, told by the line among the first ones that names most of them.

    ``names`` are the names by which each field goes. Raises TableRefused where no line names those needed, or
    one is named twice.
    """
    known = {searching.key(name): field for field, all_names in names.items() for name in (field, *all_names)}
    best = max(
        range(min(LOOKED_AT, len(table.rows))),
        key=lambda place: (len(_fields(table.rows[place], known)), -place),
        default=0,
    )
    header = table.rows[best]
    found = _fields(header, known)
    if not found:
        examples = ", ".join(needed)
        message = _("no line names the columns; the file needs at least: %(columns)s", columns=examples)
        raise refusal(table.name, table.rows[0].number, message)
    faults = [
        Fault(table.name, header.number, names[field][0], _("the column is missing"))
        for field in needed
        if field not in found.values()
    ]
    places: dict[str, int] = {}
    for place, field in found.items():
        if field in places:
            label = shown(header.cells[place])[1:-1]
            faults.append(Fault(table.name, header.number, label, _("the column stands twice")))
        places.setdefault(field, place)
    if faults:
        raise TableRefused(faults)
    labels = {field: header.cells[place].strip() for field, place in places.items()}
    unread = tuple(
        shown(cell.strip())[1:-1]
        for place, cell in enumerate(header.cells)
        if cell.strip() and place not in found
    )
    return Headed(places, labels, unread, table.rows[best + 1 :])


def _fields(row: Row, known: Mapping[str, str]) -> dict[int, str]:
    """The fields that a row names, by column."""
    return {
        place: known[key] for place, cell in enumerate(row.cells) if (key := searching.key(cell)) in known
    }
