"""Backup and restore, while others write, for both engines in one form (see `backup_format`)."""

import hashlib
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Engine, func, insert, inspect, select

from app import clock, migrating
from app.database import writing
from app.i18n import _
from app.models import Base
from app.services import backup_files
from app.services.backup_format import (
    MANIFEST,
    BackupError,
    Manifest,
    TableEntry,
    described,
    line_of,
    row_of,
    table_of,
)
from app.storage import Store

CHUNK = 500
MAX_MANIFEST = 20_000_000
MAX_LINE = 16_000_000


@dataclass(frozen=True)
class Report:
    """What a backup holds or a restore brought back."""

    manifest: Manifest
    sha256: str

    @property
    def rows(self) -> int:
        """All rows of all tables."""
        return sum(entry.rows for entry in self.manifest.tables)

    @property
    def lost(self) -> list[str]:
        """The files that were missing or damaged when the backup was made."""
        return [entry.sha256 for entry in self.manifest.files if not entry.there]


def back_up(engine: Engine, store: Store, target: Path) -> Report:
    """Write everything in the database, as it stood at one instant, and the files that it names, to a file;
    writers go on meanwhile.

    The file appears only when it is whole, and only its owner can read it. Files that are missing from the
    store hold nothing up: the report names them. Raises BackupError if the database is not at the schema of
    this version.
    """
    revision = migrating.present(engine)
    if revision is None or revision != migrating.newest(engine):
        raise BackupError(_("the database is not at the schema of this version; run: flask database upgrade"))
    unfinished = target.with_name(f"{target.name}.unfinished")
    try:
        with os.fdopen(os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                made_at, tables = clock.now().isoformat(), _dump(engine, archive)
                files = backup_files.dump(archive, store, tables)
                manifest = Manifest(made_at, engine.dialect.name, revision, tables, files)
                archive.writestr(MANIFEST, manifest.written())
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return Report(manifest, _digest_of(target))


def _dump(engine: Engine, archive: zipfile.ZipFile) -> tuple[TableEntry, ...]:
    """Every table, read in one transaction that sees one instant."""
    # SQLite's deferred transaction on a WAL is a snapshot; on PostgreSQL it has to be asked for.
    options = {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")
        return tuple(
            _dump_table(connection, described(table), archive) for table in Base.metadata.sorted_tables
        )


def _dump_table(connection: Connection, entry: TableEntry, archive: zipfile.ZipFile) -> TableEntry:
    digest, rows = hashlib.sha256(), 0
    table = table_of(entry)
    statement = select(table).order_by(*(table.c[name] for name in entry.key))
    with archive.open(entry.file, "w", force_zip64=True) as file:
        for row in connection.execution_options(yield_per=CHUNK).execute(statement).mappings():
            line = line_of({key: row[key] for key in entry.columns}, entry)
            digest.update(line)
            file.write(line)
            rows += 1
    return replace(entry, rows=rows, sha256=digest.hexdigest())


def check(source: Path) -> Report:
    """Read a whole backup and compare it with its manifest. Raises BackupError, saying what is damaged."""
    with _opened(source) as archive:
        manifest = _manifest(archive)
        for entry in manifest.tables:
            for _row in _rows(archive, entry):
                pass
        backup_files.check(archive, manifest.files)
    return Report(manifest, _digest_of(source))


def restore(engine: Engine, store: Store, source: Path) -> Report:
    """Bring a backup back into an empty database, all or nothing, and bring that to the schema of this
    version; its files first, which do no harm without their rows.

    Raises BackupError if the backup is damaged or the database is not empty; the backup is read in full
    before anything is written.
    """
    report = check(source)
    if _is_filled(engine):
        raise BackupError(_("the database is not empty; restore into a new one"))
    present = migrating.present(engine)
    if present is None:
        migrating.upgrade(engine, report.manifest.revision)
    elif present != report.manifest.revision:
        raise BackupError(
            _(
                "the database is at schema %(present)s, the backup at %(wanted)s; restore into a new one",
                present=present,
                wanted=report.manifest.revision,
            )
        )
    with _opened(source) as archive:
        backup_files.restore(archive, store, report.manifest.files)
        with writing(engine).begin() as connection:
            for entry in report.manifest.tables:
                _fill(connection, entry, _rows(archive, entry))
    migrating.upgrade(engine)
    return report


def _is_filled(engine: Engine) -> bool:
    with engine.connect() as connection:
        there = set(inspect(connection).get_table_names())
        return any(
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in Base.metadata.sorted_tables
            if table.name in there
        )


def _fill(connection: Connection, entry: TableEntry, rows: Iterator[dict[str, Any]]) -> None:
    table = table_of(entry)
    waiting: list[dict[str, Any]] = []
    for row in parents_first(entry, rows):
        waiting.append(row)
        if len(waiting) == CHUNK:
            connection.execute(insert(table), waiting)
            waiting.clear()
    if waiting:
        connection.execute(insert(table), waiting)
    number = entry.key[0] if len(entry.key) == 1 and entry.columns[entry.key[0]] == "integer" else None
    if number and entry.rows and connection.dialect.name == "postgresql":
        # The next audit event must get the next number.
        sequence = func.pg_get_serial_sequence(entry.name, number)
        connection.execute(select(func.setval(sequence, func.max(table.c[number]))))


def parents_first(entry: TableEntry, rows: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The rows in an order in which each comes after the row of the same table that it points to."""
    if not entry.parents:
        yield from rows
        return
    key, written = entry.key[0], set()
    waiting: dict[Any, list[dict[str, Any]]] = {}
    for row in rows:
        ready = [row]
        while ready:
            each = ready.pop()
            lacks = [
                each[name] for name in entry.parents if each[name] is not None and each[name] not in written
            ]
            if lacks:
                waiting.setdefault(lacks[0], []).append(each)
                continue
            yield each
            written.add(each[key])
            ready += waiting.pop(each[key], [])
    if waiting:
        raise BackupError(_("a row of %(table)s points to one that is not there", table=entry.name))


def _opened(source: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(source)
    except (OSError, zipfile.BadZipFile) as problem:
        raise BackupError(_("there is no backup in %(file)s", file=source.name)) from problem


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    try:
        information = archive.getinfo(MANIFEST)
    except KeyError as problem:
        raise BackupError(_("the backup has no manifest")) from problem
    if information.file_size > MAX_MANIFEST:
        raise BackupError(_("the manifest of the backup is damaged"))
    manifest = Manifest.read(archive.read(information))
    expected = {MANIFEST, *(entry.file for entry in manifest.tables)}
    expected |= {entry.file for entry in manifest.files if entry.there}
    if set(archive.namelist()) != expected:
        raise BackupError(_("the files of the backup are not those that its manifest names"))
    return manifest


def _rows(archive: zipfile.ZipFile, entry: TableEntry) -> Iterator[dict[str, Any]]:
    """The rows of one table; its number of rows and digest are compared at the end."""
    digest, rows = hashlib.sha256(), 0
    try:
        with archive.open(entry.file) as file:
            for line in _lines(file, entry):
                digest.update(line)
                rows += 1
                yield row_of(line, entry)
    except (zipfile.BadZipFile, EOFError, OSError) as problem:
        raise BackupError(_("the rows of %(table)s are damaged", table=entry.name)) from problem
    if (rows, digest.hexdigest()) != (entry.rows, entry.sha256):
        raise BackupError(_("the rows of %(table)s are not those that were backed up", table=entry.name))


def _lines(file: IO[bytes], entry: TableEntry) -> Iterator[bytes]:
    while line := file.readline(MAX_LINE):
        if not line.endswith(b"\n"):
            raise BackupError(_("a row of %(table)s is damaged", table=entry.name))
        yield line


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
