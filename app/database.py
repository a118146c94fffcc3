"""Engine and sessions, set up so that an acknowledged save survives.

SQLite's default transactions as SQLAlchemy opens them lose concurrent saves, and ``synchronous=NORMAL`` loses
committed ones at a power cut. So every connection is taken out of the driver's own transaction handling,
writers begin IMMEDIATE, and the journal is a WAL that is synced at each commit. ``assert_durable`` refuses to
go on otherwise.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL, Connection
from sqlalchemy.engine.interfaces import DBAPIConnection, Dialect
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

BUSY_TIMEOUT_MS = 15_000
BEGIN_OPTION = "sqlite_begin"


class UTCDateTime(TypeDecorator[datetime]):
    """An instant, zone-aware in UTC on both engines; a naive datetime is refused with ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a naive datetime cannot be stored: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class UnsafeDatabaseError(RuntimeError):
    """The database is set up so that a committed save could be lost."""


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


_loads = json.JSONDecoder().decode
"""SQLite gives text, so nothing has to be found out first, as `json.loads` does for each answer of a page."""


def driver_url(url: str | URL) -> URL:
    """The URL with the driver we use: ``postgresql://`` and ``postgres://`` mean psycopg 3."""
    parsed = make_url(url)
    if parsed.drivername in {"postgresql", "postgres"}:
        return parsed.set(drivername="postgresql+psycopg")
    return parsed


def make_engine(url: str | URL) -> Engine:
    """An engine for SQLite or PostgreSQL; create it after a fork, never before.

    Its errors do not tell the values of a statement: they are people's answers, and errors go to the log.
    """
    parsed = driver_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(
            parsed,
            json_serializer=_dumps,
            json_deserializer=_loads,
            hide_parameters=True,
            connect_args={"timeout": BUSY_TIMEOUT_MS / 1000},
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(parsed, json_serializer=_dumps, hide_parameters=True, pool_pre_ping=True)


def _prepare_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    mode = connection.get_execution_options().get(BEGIN_OPTION, "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")


def writing(engine: Engine) -> Engine:
    """The same engine and pool, whose transactions begin as a writer's (IMMEDIATE on SQLite)."""
    return engine.execution_options(**{BEGIN_OPTION: "IMMEDIATE"})


def durability(engine: Engine) -> dict[str, Any]:
    """The settings that decide whether a committed save survives, as the engine reports them."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            return {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in names}
        settings = ("synchronous_commit", "fsync")
        return {name: connection.exec_driver_sql(f"SHOW {name}").scalar_one() for name in settings}


def assert_durable(engine: Engine) -> None:
    """Return if a committed save is safe on this engine; raise UnsafeDatabaseError, naming the setting,
    otherwise.
    """
    found = durability(engine)
    if engine.dialect.name == "sqlite":
        safe = {
            "journal_mode": found["journal_mode"] == "wal",
            "synchronous": found["synchronous"] >= 2,
            "foreign_keys": found["foreign_keys"] == 1,
            "busy_timeout": found["busy_timeout"] >= 10_000,
        }
    else:
        safe = {
            "synchronous_commit": found["synchronous_commit"] in {"on", "remote_write", "remote_apply"},
            "fsync": found["fsync"] == "on",
        }
    unsafe = [f"{name} is {found[name]}" for name, good in safe.items() if not good]
    if unsafe:
        raise UnsafeDatabaseError("The database could lose saved answers: " + ", ".join(unsafe))


class Database:
    """One engine and the sessions made from it."""

    def __init__(self, url: str | URL | Engine) -> None:
        self.engine = url if isinstance(url, Engine) else make_engine(url)
        self._writing = writing(self.engine)

    def session(self, *, write: bool = False) -> Session:
        """A new session, to be closed by the caller; ``write`` for whatever changes rows."""
        return Session(self._writing if write else self.engine, expire_on_commit=False)

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """A writing session, committed at the end of the block and rolled back if it raises."""
        with self.session(write=True) as session, session.begin():
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A reading session, closed at the end of the block."""
        with self.session() as session:
            yield session

    def dispose(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()
