"""The form of a backup: a zip with one file of JSON lines per table, and a manifest that says what must
be there.

It is the same for SQLite and PostgreSQL, so a backup of one restores into the other. A table is described
in the backup itself (its columns with a tag for their type), so that a backup of an older schema restores
too: into the schema of its own revision, which is then brought up to date.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Double,
    MetaData,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.types import JSON, Enum, Float, Integer, String, TypeEngine

from app.database import UTCDateTime
from app.i18n import _
from app.models.base import PortableJSON

FORMAT = 2
READABLE = (1, 2)
"""Before format 2 there were no files."""
MANIFEST = "manifest.json"


class BackupError(Exception):
    """The backup or the database is not as it must be; the message says what and where."""


@dataclass(frozen=True)
class TableEntry:
    """One table of a backup: its columns with the tags of their types, its number of rows and its digest."""

    name: str
    columns: dict[str, str]
    parents: list[str]
    key: list[str]
    rows: int
    sha256: str

    @property
    def file(self) -> str:
        """The name of the table's file in the zip."""
        return f"tables/{self.name}.jsonl"


@dataclass(frozen=True)
class FileEntry:
    """One file that people handed in; ``there`` is false for one that was missing or damaged already."""

    sha256: str
    size: int
    there: bool = True

    @property
    def file(self) -> str:
        """The name of its content in the zip."""
        return f"files/{self.sha256}"


@dataclass(frozen=True)
class Manifest:
    """What a backup holds; the tables stand in an order in which they can be filled."""

    made_at: str
    engine: str
    revision: str
    tables: tuple[TableEntry, ...]
    files: tuple[FileEntry, ...] = ()
    format: int = FORMAT

    def written(self) -> bytes:
        """The manifest as it stands in the zip."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1).encode()

    @classmethod
    def read(cls, content: bytes) -> "Manifest":
        """The manifest from the zip. Raises BackupError if it is none of this format."""
        try:
            data = json.loads(content)
            if data.pop("format") not in READABLE:
                raise BackupError(_("the backup was made by another version and cannot be read by this one"))
            tables = tuple(TableEntry(**entry) for entry in data.pop("tables"))
            files = tuple(FileEntry(**entry) for entry in data.pop("files", ()))
            return cls(tables=tables, files=files, **data)
        except (ValueError, KeyError, TypeError, AttributeError) as problem:
            raise BackupError(_("the manifest of the backup is damaged")) from problem


_TAGS: tuple[tuple[type[TypeEngine[Any]], str], ...] = (
    (Uuid, "uuid"),
    (Date, "date"),
    (JSON, "json"),
    (Boolean, "boolean"),
    (Integer, "integer"),
    (Float, "float"),
    (Enum, "text"),
    (String, "text"),
)

_TYPES: dict[str, Callable[[], TypeEngine[Any]]] = {
    "uuid": Uuid,
    "instant": UTCDateTime,
    "date": Date,
    "json": lambda: PortableJSON,
    "boolean": Boolean,
    "integer": BigInteger,
    "float": Double,
    "text": Text,
}

_READ: dict[str, Callable[[Any], Any]] = {
    "uuid": UUID,
    "instant": datetime.fromisoformat,
    "date": date.fromisoformat,
}


def described(table: Table) -> TableEntry:
    """The entry of a table of the models, still without rows."""
    own = [constraint for constraint in table.foreign_key_constraints if constraint.referred_table is table]
    parents = [name for constraint in own for name in constraint.column_keys if name.endswith("_id")]
    columns = {column.name: _tag(column.type) for column in table.columns}
    nullable = [name for name in parents if table.columns[name].nullable]
    key = [column.name for column in table.primary_key]
    return TableEntry(table.name, columns, nullable, key, rows=0, sha256="")


def _tag(kind: TypeEngine[Any]) -> str:
    if isinstance(kind, UTCDateTime):
        return "instant"
    return next(tag for known, tag in _TAGS if isinstance(kind, known))


def table_of(entry: TableEntry) -> Table:
    """The table as the backup describes it, with the types that both engines know, and no constraints."""
    columns: Iterable[Column[Any]] = (Column(name, _TYPES[tag]()) for name, tag in entry.columns.items())
    return Table(entry.name, MetaData(), *columns)


def line_of(row: Mapping[str, Any], entry: TableEntry) -> bytes:
    """One row as a line of the table's file."""
    plain = {
        name: value if value is None or tag not in {"uuid", "instant", "date"} else _said(value)
        for name, tag in entry.columns.items()
        for value in (row[name],)
    }
    return (
        json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()
        + b"\n"
    )


def _said(value: UUID | datetime | date) -> str:
    return str(value) if isinstance(value, UUID) else value.isoformat()


def row_of(line: bytes, entry: TableEntry) -> dict[str, Any]:
    """The row from a line of the table's file. Raises BackupError if it is damaged."""
    try:
        plain = json.loads(line)
        return {
            name: None if plain[name] is None else _READ.get(tag, _same)(plain[name])
            for name, tag in entry.columns.items()
        }
    except (ValueError, KeyError, TypeError) as problem:
        raise BackupError(_("a row of %(table)s is damaged", table=entry.name)) from problem


def _same(value: Any) -> Any:
    return value
