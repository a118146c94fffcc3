"""`flask database`: bring the database to the schema of this version."""

import click
from flask import current_app

from app import migrating
from app.database import Database, assert_durable


@click.group()
def database() -> None:
    """The database's schema."""


def _database() -> Database:
    found: Database = current_app.extensions["database"]
    return found


@database.command()
def upgrade() -> None:
    """Bring the database up to date: all of it or, if something fails, nothing."""
    engine = _database().engine
    copy = migrating.upgrade(engine)
    assert_durable(engine)
    if copy is not None:
        click.echo(f"A copy of the database as it was lies in {copy.name}.")
    click.echo(f"The database is at {migrating.present(engine)}.")


@database.command()
def check() -> None:
    """Say whether the database is up to date; exit 1 if it is not."""
    engine = _database().engine
    present, newest = migrating.present(engine), migrating.newest(engine)
    if present != newest:
        click.echo(f"The database is at {present or 'nothing'}, this version needs {newest}.", err=True)
        raise SystemExit(1)
    click.echo(f"The database is at {present}.")
