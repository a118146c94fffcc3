"""260 focal points of 193 States, 39 mechanisms and 12 organisations, in a workbook, right and wrong.

The part of an address before the @ says what the mail server of ``tests.mail_server`` does with a letter.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import openpyxl

from app import clock
from app.definitions import source
from tests.serving import ROOT

REGISTER = ROOT / "questionnaires" / "register"
FILES = ("states.csv", "igos.yaml", "iscms.yaml")
OBSERVERS = {"VAT", "PSE"}
"""The States of the register that are no Member States of the United Nations."""
STATES, MECHANISMS, IGOS, SECOND = 193, 39, 12, 16
HEAD = ("Organization", "Full name", "E-mail", "Role", "Language", "From", "Note verbale", "Note date")
REFUSED = ("refuse-rcpt-1", "refuse-rcpt-2", "refuse-rcpt-3")
"""Of a State whose only focal point each is."""
REFUSED_BESIDE = "refuse-rcpt-4"
"""Of a State that has another."""
NOT_RELAYED, TEXT_REFUSED, HANGING = "relay-rcpt", "refuse-data", "hang-data"
DEFERRED = tuple(f"once-defer-rcpt-{number}" for number in range(5))
STALLED = "once-hang-rcpt"
NEVER_TAKEN = {*REFUSED, REFUSED_BESIDE, NOT_RELAYED, TEXT_REFUSED, HANGING}
LIKE_THIS = (*REFUSED, NOT_RELAYED, TEXT_REFUSED, HANGING, *DEFERRED, STALLED)


@dataclass(frozen=True)
class Row:
    """A line of the workbook."""

    code: str
    name: str
    local: str

    @property
    def email(self) -> str:
        """The address."""
        return f"{self.local}@ministry.example"


def member_states() -> list[str]:
    """The codes of the 193 Member States, as the committed register has them."""
    with (REGISTER / FILES[0]).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [row["code"] for row in rows if row["kind"] == "state" and row["code"] not in OBSERVERS]


def mechanisms() -> list[str]:
    """The codes of all mechanisms, at work or not."""
    return [each["id"] for each in _entries("iscms.yaml", "iscms")]


def igos() -> list[str]:
    """The codes of twelve organisations."""
    entries = _entries("igos.yaml", "organisations")
    return [each["code"] for each in entries if each.get("kind", "igo") == "igo"][:IGOS]


def _entries(name: str, key: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = source.read(REGISTER / name, REGISTER).data[key]
    return found


def rows() -> list[Row]:
    """A focal point each, and a second one in sixteen States."""
    states = member_states()
    codes = [*states, *mechanisms(), *igos()]
    first = [Row(code, f"Person of {code}", f"focal-{code.lower()}") for code in codes]
    special = {states[SECOND + place]: local for place, local in enumerate(LIKE_THIS)}
    first = [replace(row, local=special.get(row.code, row.local)) for row in first]
    second = [Row(code, f"Deputy of {code}", f"deputy-{code.lower()}") for code in states[:SECOND]]
    return [*first, replace(second[0], local=REFUSED_BESIDE), *second[1:]]


def workbook(people: Sequence[Row], last: Iterable[Sequence[str]] = ()) -> bytes:
    """The rows as Excel has them; ``last`` are more lines as they are."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    since, dated = str(today() - timedelta(days=30)), str(today() - timedelta(days=40))
    sheet.append(HEAD)
    for number, row in enumerate(people, 1):
        sheet.append([row.code, row.name, row.email, "focal point", "en", since, f"NV {number}", dated])
    for line in last:
        sheet.append(list(line))
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def today() -> date:
    """The day that it is."""
    return clock.now().date()
