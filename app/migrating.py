"""Bringing a database to the schema of this version, from a command, the demonstration and the tests."""

import sqlite3
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

FOLDER = Path(__file__).resolve().parent.parent / "migrations"


def _config(engine: Engine) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["engine"] = engine
    return config


def present(engine: Engine) -> str | None:
    """The revision that the database is at, None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest(engine: Engine) -> str | None:
    """The revision that this version of the code needs."""
    return ScriptDirectory.from_config(_config(engine)).get_current_head()


def upgrade(engine: Engine, revision: str = "head") -> Path | None:
    """Bring the database up to date, all or nothing; on SQLite a copy of a filled database is made first.

    Returns where the copy lies, or None if none was needed.
    """
    copy = _copy_first(engine)
    command.upgrade(_config(engine), revision)
    return copy


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Take the database back to an earlier revision, all or nothing."""
    command.downgrade(_config(engine), revision)


def check(engine: Engine) -> None:
    """Return if the database has the tables that the models describe; raise CommandError otherwise."""
    command.check(_config(engine))


def _copy_first(engine: Engine) -> Path | None:
    revision = present(engine)
    if engine.dialect.name != "sqlite" or revision is None or revision == newest(engine):
        return None
    source = Path(str(engine.url.database))
    target = source.with_name(f"{source.name}.before-leaving-{revision}")
    with sqlite3.connect(source) as original, sqlite3.connect(target) as copy:
        original.backup(copy)
    return target
