"""The commands behind `flask`: each calls services, one transaction for each unit of work."""

from importlib import import_module
from importlib.util import find_spec

from click import Command
from flask import Flask

COMMANDS = (
    ("app.cli.database", "database"),
    ("app.cli.questionnaires", "questionnaires"),
    ("app.cli.register", "register"),
    ("app.cli.rounds", "rounds"),
    ("app.cli.responses", "responses"),
    ("app.cli.findings", "findings"),
    ("app.cli.operations", "backup"),
    ("app.cli.operations", "restore"),
    ("app.cli.operations", "verify"),
    ("app.cli.demo", "demo"),
)


def init_cli(app: Flask) -> None:
    """Gives the `flask` command its groups."""
    for module, name in COMMANDS:
        if find_spec(module) is not None:
            try:
                command: Command = getattr(import_module(module), name)
            except Exception:
                continue
            app.cli.add_command(command)
