"""Runs migrations on one connection, all of them in one transaction, on either engine.

SQLite rebuilds a table to alter it, and with foreign keys on that would delete the rows that point to it: so
they are off meanwhile, and every reference is checked before the commit. A migration that is killed half-way
leaves nothing behind.
"""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from app.database import UTCDateTime, make_engine, writing
from app.models import Base
from config import Settings

MIGRATING = 7_205_913_416_041


def render_item(kind: str, item: Any, autogenerate: AutogenContext) -> str | Literal[False]:
    """How autogenerate writes our own column types; ``False`` leaves it to Alembic."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and type(item).__name__ == "JSON":
        autogenerate.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def _foreign_keys(connection: Connection, state: str) -> None:
    driver = connection.connection.driver_connection
    assert driver is not None  # noqa: S101 - an open connection has one
    driver.execute(f"PRAGMA foreign_keys={state}")


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=render_item,
        transactional_ddl=True,
        compare_type=True,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATING})")
            connection.exec_driver_sql("SET LOCAL lock_timeout = '10s'")
        context.run_migrations()
        if connection.dialect.name == "sqlite":
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            if broken:
                raise RuntimeError(f"{len(broken)} rows point to nothing after the migration: {broken[:5]}")


def run_migrations() -> None:
    """Take the engine handed over in ``config.attributes``, else the one of the environment's settings."""
    handed = context.config.attributes.get("engine")
    engine = handed if handed is not None else make_engine(Settings.from_environment().database_url)
    with writing(engine).connect() as connection:
        if connection.dialect.name != "sqlite":
            _run(connection)
            return
        _foreign_keys(connection, "OFF")
        try:
            _run(connection)
        finally:
            connection.rollback()
            _foreign_keys(connection, "ON")


run_migrations()
