"""What a file of people says before anything is looked up: which columns there are, and each cell by itself.

The columns may stand in any order under English, French, Spanish or Arabic names.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from email_validator import EmailNotValidError, validate_email

from app.definitions import searching
from app.definitions.faults import DefinitionErrors, shown
from app.definitions.guarding import unguarded
from app.definitions.source import read_bytes
from app.i18n import _
from app.policy import AppointmentRole
from app.services import table_text, table_xlsx
from app.services.people import LONGEST, called, one_line
from app.services.people_columns import COLUMNS, LANGUAGES, NEEDED, ROLES
from app.services.table_files import Reading, Row, Table, TableRefused, letters, refusal
from app.services.table_headers import Headed, find

_PLAIN_LOCAL = re.compile(r"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*")
_PHONE = re.compile(r"[0-9+()/.,;x*# -]{3,40}", re.IGNORECASE)
_POINTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
EARLIEST = date(1990, 1, 1)
LONGEST_FUNCTION = 200


class Unfit(ValueError):
    """The cell does not fit its column; the message says what to do."""


@dataclass(frozen=True)
class PersonRow:
    """One row: the values that fit, and what is wrong with the others as (column of the file, remedy).

    ``values`` has only what the row gives; organisation and mechanism are as they were written.
    """

    number: int
    values: Mapping[str, Any]
    faults: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class PeopleFile:
    """Everything that one file says, how it was read, and how its columns are called there."""

    rows: tuple[PersonRow, ...]
    reading: Reading = field(default_factory=Reading)
    labels: Mapping[str, str] = field(default_factory=dict)
    unread: tuple[str, ...] = ()

    def label(self, column: str) -> str:
        """How the column of a field is called in the file, or in an example where the file has none."""
        return self.labels.get(column) or COLUMNS[column][0]


def read(content: bytes, name: str) -> PeopleFile:
    """The people in a CSV, XLSX or YAML file, by the ending of its name. Raises TableRefused."""
    ending = name.rpartition(".")[2].casefold()
    if ending in {"yaml", "yml"}:
        table = _yaml(content, name)
    elif ending == "xlsx":
        table = table_xlsx.read(content, name)
    elif ending in {"csv", "txt", "tsv"}:
        table = table_text.read(content, name)
    else:
        raise refusal(name, 1, _("the name of the file ends in none of .csv, .xlsx, .yaml"))
    headed = find(table, COLUMNS, NEEDED)
    if not headed.rows:
        raise refusal(name, table.rows[-1].number, _("there is nobody below the names of the columns"))
    cells = _Cells(headed)
    return PeopleFile(
        tuple(cells.person(row) for row in headed.rows), table.reading, headed.labels, headed.unread
    )


def _yaml(content: bytes, name: str) -> Table:
    """`people:`, a list of mappings, as a table under the names of its keys."""
    try:
        source = read_bytes(content, name)
    except DefinitionErrors as refused:
        raise TableRefused(refused.faults) from refused
    entries = source.data.get("people")
    if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
        raise refusal(name, 1, _("the file needs “people:” with a list of entries below it"))
    header = tuple(dict.fromkeys(str(key) for entry in entries for key in entry))
    rows = [Row(1, header)]
    for place, entry in enumerate(entries):
        cells = tuple(_plain(entry.get(key)) for key in header)
        rows.append(Row(source.line(("people", place)), cells))
    return Table(name, tuple(rows), Reading())


def _plain(value: object) -> str:
    return "" if value is None else str(value)


class _Cells:
    """Checks the rows of one table, each cell by itself."""

    def __init__(self, headed: Headed) -> None:
        self._headed = headed
        self._domains: dict[str, bool] = {}
        self._roles = _by_key(ROLES)
        self._languages = _by_key(LANGUAGES)
        self._checks: Mapping[str, Callable[[str], Any]] = {
            "name": self._name,
            "email": self._email,
            "organisation": one_line,
            "role": self._role,
            "function": self._function,
            "phone": self._phone,
            "locale": self._locale,
            "from": self._day,
            "note_number": self._number,
            "note_dated": self._day,
            "mechanism": one_line,
        }

    def person(self, row: Row) -> PersonRow:
        """The row with what is wrong in it."""
        values: dict[str, Any] = {}
        faults = list(self._formulas(row))
        spoilt = {*row.formulas, *row.errors}
        for column, check in self._checks.items():
            cell = unguarded(self._headed.cell(row, column)).strip()
            if self._headed.columns.get(column) in spoilt:
                continue
            if not cell:
                if column in NEEDED:
                    faults.append((self._headed.labels[column], _("is empty; write it there")))
                continue
            try:
                values[column] = check(cell)
            except Unfit as unfit:
                faults.append((self._headed.labels[column], str(unfit)))
        return PersonRow(row.number, values, tuple(faults))

    def _formulas(self, row: Row) -> list[tuple[str, str]]:
        by_place = {place: self._headed.labels[column] for column, place in self._headed.columns.items()}
        return [
            (
                f"{by_place[place]} ({letters(place)}{row.number})",
                _("holds a formula; write its result as text"),
            )
            for place in dict.fromkeys((*row.formulas, *row.errors))
            if place in by_place
        ]

    def _name(self, cell: str) -> str:
        name = called(cell)
        if not name:
            raise Unfit(_("%(value)s is no name", value=shown(cell)))
        if len(name) > LONGEST:
            raise Unfit(_("is longer than %(most)s characters; shorten it", most=LONGEST))
        return name

    def _email(self, cell: str) -> str:
        address = cell.strip().strip("<>;,").casefold().removeprefix("mailto:").strip()
        local, _at, domain = address.rpartition("@")
        if self._domains.get(domain) and len(local) <= 64 and _PLAIN_LOCAL.fullmatch(local):
            return address
        try:
            found: str = validate_email(address, check_deliverability=False).normalized.lower()
        except EmailNotValidError:
            remedy = _("%(value)s is no address; write one such as name@ministry.example", value=shown(cell))
            raise Unfit(remedy) from None
        if len(found) > 254:
            raise Unfit(_("is longer than an address can be"))
        self._domains[domain] = domain.isascii()
        return found

    def _role(self, cell: str) -> AppointmentRole:
        role = self._roles.get(searching.key(cell))
        if role is None:
            known = ", ".join(AppointmentRole)
            raise Unfit(_("%(value)s is no role; write one of %(known)s", value=shown(cell), known=known))
        return AppointmentRole(role)

    def _locale(self, cell: str) -> str:
        found = self._languages.get(searching.key(cell.partition("-")[0].partition("_")[0]))
        if found is None:
            known = ", ".join(LANGUAGES)
            raise Unfit(_("%(value)s is no language; write one of %(known)s", value=shown(cell), known=known))
        return found

    def _function(self, cell: str) -> str:
        return _short(one_line(cell), LONGEST_FUNCTION)

    def _number(self, cell: str) -> str:
        return _short(one_line(cell), 120)

    def _phone(self, cell: str) -> str:
        phone = one_line(cell)
        if not _PHONE.fullmatch(phone) or not any(each.isdigit() for each in phone):
            raise Unfit(
                _("%(value)s is no phone number; write one such as +41 22 000 00 00", value=shown(cell))
            )
        return phone

    def _day(self, cell: str) -> date:
        pointed = _POINTED.fullmatch(cell)
        try:
            day = (
                date(int(pointed[3]), int(pointed[2]), int(pointed[1]))
                if pointed
                else date.fromisoformat(cell.partition("T")[0].partition(" ")[0])
            )
        except ValueError:
            day = date.min
        if len(cell) < 8 or cell.isdigit() or not EARLIEST <= day <= date(2100, 1, 1):
            raise Unfit(_("%(value)s is not a day; write it as 2026-03-01", value=shown(cell)))
        return day


def _by_key(words: Mapping[Any, tuple[str, ...]]) -> dict[str, str]:
    return {searching.key(word): str(key) for key, several in words.items() for word in (key, *several)}


def _short(text: str, most: int) -> str:
    if len(text) > most:
        raise Unfit(_("is longer than %(most)s characters; shorten it", most=most))
    return text
