"""The entry point of the server and of the `flask` command."""

import sys

import click

from app import create_app
from app.database import UnsafeDatabaseError, assert_durable
from config import Settings, SettingsError

CANNOT_START = 4
"""Gunicorn gives up on a worker that ends with this; after any other it would start the next, for ever."""

try:
    app = create_app(Settings.from_environment())
    if click.get_current_context(silent=True) is None:
        # A server is starting. A command is let through: it may be the one that makes the database.
        assert_durable(app.extensions["database"].engine)
except (SettingsError, UnsafeDatabaseError) as error:
    click.echo(error, err=True)
    sys.exit(CANNOT_START)
