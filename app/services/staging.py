"""A file that waits for its preview to be confirmed: kept once, read anew whenever it is looked at, then
taken over as a whole or put away.

What it would do is always asked of the register as it is now, at the confirmation too.
"""

import hashlib
import io
import os
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import IO
from uuid import UUID, uuid4

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.i18n import _
from app.models import File, ImportKind, StagedImport
from app.policy import Act, Actor, can
from app.services import auditing, filing, people_import, people_rows, people_taking, register_import
from app.services.errors import AlreadyThere, NotAllowed, NotFound, NotPossible
from app.services.file_kinds import XLSX, FileKind, KindRefused, kind_of
from app.services.file_names import shown_name
from app.services.filing import FileRefused, Received
from app.services.people_import import Plan
from app.services.register_preview import RegisterPlan
from app.services.register_preview import plan as plan_register
from app.storage import CHUNK, Store

ENDINGS = {
    ".csv": FileKind("CSV", "text/csv", ".csv"),
    ".txt": FileKind("CSV", "text/csv", ".csv"),
    ".tsv": FileKind("CSV", "text/csv", ".csv"),
    ".yaml": FileKind("YAML", "application/yaml", ".yaml"),
    ".yml": FileKind("YAML", "application/yaml", ".yaml"),
    ".xlsx": XLSX,
}
_ZIP = b"PK\x03\x04"
ACTS = {ImportKind.PEOPLE: Act.MANAGE_CONTACTS, ImportKind.REGISTER: Act.CHANGE_REGISTER}


@dataclass(frozen=True)
class Staged:
    """A file that waits, was taken over or put away, with its content."""

    row: StagedImport
    content: bytes


def look(content: IO[bytes], name: str) -> Received:
    """What the file is, by its content and the ending of its name. Raises FileRefused."""
    size = content.seek(0, os.SEEK_END)
    content.seek(0)
    if not size:
        raise FileRefused(_("Choose a file that is not empty."))
    if size > filing.LARGEST:
        raise FileRefused(_("Choose a file of at most 20 MB."))
    ending = "." + name.rpartition(".")[2].casefold()
    kind = ENDINGS.get(ending)
    zipped = content.read(4) == _ZIP
    content.seek(0)
    if kind is None or zipped is not (kind is XLSX):
        raise FileRefused(
            _("Choose a CSV, XLSX or YAML file. This one is none of them, whatever its name says.")
        )
    if kind is XLSX:
        _check_workbook(content)
    digest = hashlib.sha256()
    while chunk := content.read(CHUNK):
        digest.update(chunk)
    content.seek(0)
    return Received(digest.hexdigest(), size, kind, shown_name(name, kind.ending))


def _check_workbook(content: IO[bytes]) -> None:
    try:
        found = kind_of(content)
    except KindRefused as refused:
        raise FileRefused(str(refused)) from refused
    if found is not XLSX:
        raise FileRefused(
            _("This is a %(kind)s file, not a workbook. Save it as XLSX or CSV.", kind=found.name)
        )


def receive(store: Store, content: IO[bytes], name: str) -> Received:
    """Check the file and keep it, before anything is locked. Raises FileRefused."""
    received = look(content, name)
    store.put(content)
    return received


def stage(
    session: Session, kind: ImportKind, received: Received, actor: Actor, now: datetime
) -> StagedImport:
    """Let the file wait for its preview to be confirmed. Raises NotAllowed."""
    if not can(actor, ACTS[kind]) or actor.user_id is None:
        raise NotAllowed
    file = filing.row(session, received, now)
    made = StagedImport(
        id=uuid4(), kind=kind, file_id=file.id, name=received.name, by_id=actor.user_id, at=now
    )
    session.add(made)
    session.flush()  # the event names it
    auditing.record(session, actor, "staged_import", made, {"kind": kind, "file": received.name}, at=now)
    return made


def staged(session: Session, store: Store, import_id: UUID, kind: ImportKind) -> Staged:
    """The file with its content. Raises NotFound."""
    row = session.get(StagedImport, import_id, populate_existing=True)
    if row is None or row.kind is not kind:
        raise NotFound
    file = session.get_one(File, row.file_id)
    with store.open(file.sha256) as content:
        return Staged(row, content.read())


def people_plan(session: Session, found: Staged, actor: Actor, now: datetime) -> Plan:
    """What a list of people would do now. Raises TableRefused."""
    file = people_rows.read(found.content, found.row.name)
    return people_import.plan(session, file, actor, now.date())


def register_plan(session: Session, found: Staged) -> RegisterPlan:
    """What a file of the register would do now."""
    words = register_import.committed_words()
    return plan_register(session, found.content, found.row.name, words)


def apply(
    session: Session, store: Store, import_id: UUID, kind: ImportKind, actor: Actor, now: datetime
) -> dict[str, int]:
    """Take the file over as a whole, as it compares with what is there now, and say how much that was.

    Raises NotFound, NotAllowed, AlreadyThere where it was taken over or put away before, ImportRefused or
    TableRefused with everything that is wrong.
    """
    if not can(actor, ACTS[kind]):
        raise NotAllowed
    found = staged(session, store, import_id, kind)
    _take_row(session, import_id, applied_at=now)
    if kind is ImportKind.PEOPLE:
        counts = import_people(session, found.content, found.row.name, actor, now)
    else:
        words = register_import.committed_words()
        outcome = register_import.import_register(session, found.content, found.row.name, actor, words=words)
        counts = dict(Counter("added" if each.new else "changed" for each in outcome.changes))
    auditing.record(session, actor, "applied_import", found.row, {"kind": kind, "counts": counts}, at=now)
    return counts


def import_people(session: Session, content: bytes, name: str, actor: Actor, now: datetime) -> dict[str, int]:
    """Take over a list of people. Raises TableRefused, NotPossible where a row is wrong."""
    planned = people_import.plan(session, people_rows.read(content, name), actor, now.date())
    if not planned.possible:
        raise NotPossible(_("Something is wrong with the file now. Look at its preview again."))
    counts = people_taking.take(session, planned, actor, now)
    if any(counts.values()):
        detail = {"file": name, "sha256": hashlib.sha256(content).hexdigest(), "counts": counts}
        auditing.note(session, actor, "imported_people", "user", detail, at=now)
    return counts


def discard(
    session: Session, store: Store, import_id: UUID, kind: ImportKind, actor: Actor, now: datetime
) -> None:
    """Put the file away without taking it over. Raises NotFound, NotAllowed, AlreadyThere."""
    if not can(actor, ACTS[kind]):
        raise NotAllowed
    found = staged(session, store, import_id, kind)
    _take_row(session, import_id, discarded_at=now)
    auditing.record(session, actor, "discarded_import", found.row, {"kind": kind}, at=now)


def _take_row(session: Session, import_id: UUID, **done: datetime) -> None:
    """Only one request ends a file's wait."""
    taken = session.execute(
        update(StagedImport)
        .where(
            StagedImport.id == import_id,
            StagedImport.applied_at.is_(None),
            StagedImport.discarded_at.is_(None),
        )
        .values(**done)
        .returning(StagedImport.id)
    ).first()
    if taken is None:
        raise AlreadyThere(_("This file was taken over or put away already."))


def in_memory(content: bytes, name: str) -> Received:
    """The same look at a file that a command read. Raises FileRefused."""
    return look(io.BytesIO(content), name)
