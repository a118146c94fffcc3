"""The files of a backup: streamed into the zip, compared with the manifest, and put back into the store."""

import hashlib
import json
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO

from app.i18n import _
from app.services.backup_format import BackupError, FileEntry, TableEntry
from app.storage import CHUNK, FileMissing, Store


def dump(archive: zipfile.ZipFile, store: Store, tables: Sequence[TableEntry]) -> tuple[FileEntry, ...]:
    """Write every file that the dumped rows name, as it is: most are packed already."""
    return tuple(_dump_one(archive, store, sha256, size) for sha256, size in _named(archive, tables))


def _named(archive: zipfile.ZipFile, tables: Sequence[TableEntry]) -> list[tuple[str, int]]:
    """SHA-256 and size of each file, from the rows that were dumped: they are of one instant."""
    entry = next(table for table in tables if table.name == "file")
    with archive.open(entry.file) as lines:
        rows = [json.loads(line) for line in lines]
    return sorted((row["sha256"], row["size"]) for row in rows)


def _dump_one(archive: zipfile.ZipFile, store: Store, sha256: str, size: int) -> FileEntry:
    try:
        with store.open(sha256) as content:
            if hashlib.file_digest(content, "sha256").hexdigest() != sha256:
                return FileEntry(sha256, size, there=False)
            content.seek(0)
            entry = FileEntry(sha256, size)
            information = zipfile.ZipInfo(entry.file)
            information.compress_type = zipfile.ZIP_STORED
            with archive.open(information, "w", force_zip64=True) as target:
                while chunk := content.read(CHUNK):
                    target.write(chunk)
    except FileMissing:
        return FileEntry(sha256, size, there=False)
    return entry


def check(archive: zipfile.ZipFile, files: Sequence[FileEntry]) -> None:
    """Compare each file with the manifest. Raises BackupError."""
    for entry in files:
        if entry.there:
            _check_one(archive, entry)


def _check_one(archive: zipfile.ZipFile, entry: FileEntry) -> None:
    digest, size = hashlib.sha256(), 0
    with _opened(archive, entry) as content:
        while (chunk := content.read(CHUNK)) and size <= entry.size:
            digest.update(chunk)
            size += len(chunk)
    if (digest.hexdigest(), size) != (entry.sha256, entry.size):
        raise _damaged(entry)


def restore(archive: zipfile.ZipFile, store: Store, files: Sequence[FileEntry]) -> None:
    """Put the files into the store. They were checked before; raises BackupError if one changed since."""
    for entry in files:
        if entry.there:
            with _opened(archive, entry) as content:
                if store.put(content) != entry.sha256:
                    raise _damaged(entry)


@contextmanager
def _opened(archive: zipfile.ZipFile, entry: FileEntry) -> Iterator[IO[bytes]]:
    try:
        with archive.open(entry.file) as content:
            yield content
    except (zipfile.BadZipFile, EOFError, KeyError) as problem:
        raise _damaged(entry) from problem


def _damaged(entry: FileEntry) -> BackupError:
    return BackupError(_("the file %(sha256)s is damaged", sha256=entry.sha256))
