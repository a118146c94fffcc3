"""`flask rounds` does what the pages do: asking by rule, more time, closing, the cut-off, opening again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from app import create_app
from app.database import Database
from config import Settings
from tests.factories import world


@pytest.fixture
def app(database: Database, tmp_path: Path) -> Iterator[Flask]:
    with database.begin() as session:
        world(session)
    url = database.engine.url.render_as_string(hide_password=False)
    values = {"RAPPORTEUR_ENV": "test", "RAPPORTEUR_INSTANCE": str(tmp_path), "DATABASE_URL": url}
    made = create_app(Settings.from_environment(values))
    yield made
    made.extensions["database"].dispose()


def run(app: Flask, *words: str) -> Result:
    with app.app_context():
        return app.test_cli_runner().invoke(args=["rounds", *words])


def test_a_round_runs_from_the_command_line(app: Flask) -> None:
    made = run(app, "create", "r2", "Round two", "--opens", "2026-11-20", "--closes", "2998-01-31T23:59")
    assert made.exit_code == 0, made.output
    asked = run(app, "ask", "r2", "--states", "members_of:alpha", "--igos", "none")
    assert "state: 3 would be asked" in asked.output
    assert "igo: 0 would be asked" in asked.output
    assert run(app, "ask", "r2", "--states", "everybody").exit_code == 2
    opened = run(app, "open-by-rule", "r2")
    assert "6 are asked" in opened.output
    assert run(app, "open-by-rule", "r2").exit_code == 1
    added = run(app, "add", "r2", "IGO", "--reason", "Joined")
    assert added.exit_code == 0, added.output
    withdrawn = run(app, "withdraw", "r2", "CCC", "--reason", "Left")
    assert withdrawn.exit_code == 0, withdrawn.output
    moved = run(app, "extend", "r2", "--until", "2998-03-31T23:59", "--by", "coordinator@example.org")
    assert "7 deadlines moved" in moved.output
    assert run(app, "cut-off", "r2").exit_code == 1, "it is not closed"
    assert run(app, "close", "r2").exit_code == 0
    assert run(app, "cut-off", "r2").exit_code == 0
    again = run(app, "reopen", "r2", "--until", "2999-01-31T23:59", "--reason", "Asked by many")
    assert again.exit_code == 0, again.output
    assert run(app, "extend", "r2", "--until", "2999-02-01", "--by", "analyst@example.org").exit_code == 2
