"""Importing a register file: read, compared, and taken over as a whole or not at all.

A file changes what it names and leaves the rest: a key or column that it does not give stays as it is,
and an organisation, a mechanism or a membership that it does not name stays in the register. Importing it
again changes nothing.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.definitions.faults import Fault
from app.i18n import _
from app.models import AuditEvent, Organisation
from app.policy import Act, Actor, can
from app.services import auditing, register_csv, register_yaml
from app.services.errors import ImportRefused, NotAllowed
from app.services.register_book import Book, Change
from app.services.register_entries import take_mechanism, take_organisation, take_represented
from app.services.register_memberships import take_memberships
from app.services.register_rows import RegisterFile

COMMITTED = Path(__file__).parents[2] / "questionnaires" / "register" / "igos.yaml"
YAML_ENDINGS = (".yaml", ".yml")


@dataclass(frozen=True)
class Outcome:
    """What an import changed, or would change; `remarks` are for staff to look at."""

    changes: tuple[Change, ...]
    remarks: tuple[str, ...]


class RegisterRefused(ImportRefused):
    """A register file has faults; every one of them is in ``faults``, and nothing was written."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__([str(fault) for fault in self.faults])


def import_register(
    session: Session,
    content: bytes,
    name: str,
    by: Actor,
    *,
    words: frozenset[str] = frozenset(),
    dry_run: bool = False,
) -> Outcome:
    """Take over a register file in YAML or CSV (by the ending of its name) and say what changed.

    ``words`` are strings in lists of organisations that stay free text. With ``dry_run`` everything is
    done and undone again. Raises RegisterRefused with every fault, each with its line; NotAllowed if the
    actor may not change the register. Nothing is written in either case.
    """
    if not can(by, Act.CHANGE_REGISTER):
        raise NotAllowed
    file, faults = read(content, name, words)
    savepoint = session.begin_nested()
    book = Book(session, name)
    with session.no_autoflush:
        take(book, file)
    faults = [*faults, *book.faults]
    if faults or dry_run:
        savepoint.rollback()
    else:
        session.flush()
        if book.changes:
            session.add(_event(by, name, content, book.changes))
            note_each(session, by, book.changes, name)
        savepoint.commit()
    if faults:
        raise RegisterRefused(faults)
    return Outcome(tuple(book.changes), tuple(book.remarks))


def free_text(path: Path) -> frozenset[str]:
    """The strings that a committed file such as register/igos.yaml declares to be free text."""
    file, _faults = register_yaml.read(path.read_bytes(), path.name)
    return file.words


@cache
def committed_words() -> frozenset[str]:
    """The strings that the register which this version comes with declares to be free text."""
    return free_text(COMMITTED)


def read(content: bytes, name: str, words: frozenset[str] = frozenset()) -> tuple[RegisterFile, list[Fault]]:
    """The rows of a register file by the ending of its name, and every fault in its form."""
    if name.endswith(YAML_ENDINGS):
        return register_yaml.read(content, name, words)
    if name.endswith((".csv", ".txt", ".tsv", ".xlsx")):
        return register_csv.read(content, name)
    message = _("the name of the file ends in none of .yaml, .yml, .csv, .xlsx")
    return RegisterFile(), [Fault(name, 1, "", message)]


def take(book: Book, file: RegisterFile) -> None:
    """Take the rows over into the book, organisations first."""
    for organisation in file.organisations:
        take_organisation(book, organisation)
    book.flush()  # organisations first: the rest points to them
    for organisation in file.organisations:
        take_represented(book, organisation)
    for mechanism in sorted(file.mechanisms, key=lambda row: row.values.get("valid_from") or date.min):
        take_mechanism(book, mechanism)
    book.flush()
    take_memberships(book, file)


def _event(by: Actor, name: str, content: bytes, changes: Sequence[Change]) -> AuditEvent:
    detail = {
        "file": name,
        "sha256": hashlib.sha256(content).hexdigest(),
        "counts": dict(Counter(f"{each.what}s {'added' if each.new else 'changed'}" for each in changes)),
        "added": sorted(f"{each.what} {each.name}" for each in changes if each.new),
        "changed": [
            {"what": each.what, "name": each.name, "columns": _plain(each)}
            for each in changes
            if not each.new
        ],
    }
    return AuditEvent(
        at=clock.now(),
        actor_id=by.user_id,
        actor_name=by.name,
        act="imported_register",
        subject_kind="register",
        detail=detail,
    )


def note_each(
    session: Session, by: Actor, changes: Sequence[Change], name: str = "", at: datetime | None = None
) -> None:
    """An event for each thing that changed, so that its own history has it; what was added by a command
    stands in the event of the import. ``name`` is that of the file, if there is one.
    """
    for each in changes:
        if each.record is not None and not (each.new and by.system):
            act = f"{'added' if each.new else 'changed'}_{each.what}"
            detail = {"name": each.name, "columns": _plain(each), **({"file": name} if name else {})}
            auditing.record(session, by, act, each.record, detail, at=at)


def _plain(change: Change) -> dict[str, list[Any]]:
    return {
        column: [each.isoformat() if isinstance(each, date) else _json(each) for each in values]
        for column, values in change.columns.items()
    }


def _json(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | list | dict | None) else str(value)


def is_empty(session: Session) -> bool:
    """Whether no organisation is in the register yet."""
    return session.scalars(select(Organisation.id).limit(1)).first() is None
