"""`flask register`, `flask backup`, `flask restore` and `flask verify`, as an operator runs them."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from app import create_app, migrating
from app.database import Database
from app.models import Organisation
from config import Settings


def application(folder: Path, url: str = "") -> Flask:
    values = {"RAPPORTEUR_ENV": "test", "RAPPORTEUR_INSTANCE": str(folder), "DATABASE_URL": url}
    return create_app(Settings.from_environment(values))


def run(app: Flask, *words: str) -> Result:
    with app.app_context():
        return app.test_cli_runner().invoke(args=list(words))


@pytest.fixture
def app(database: Database, tmp_path: Path) -> Iterator[Flask]:
    made = application(tmp_path, database.engine.url.render_as_string(hide_password=False))
    yield made
    made.extensions["database"].dispose()


def count(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(Organisation)) or 0


def test_the_register_is_imported_exported_and_imported_again(
    app: Flask, database: Database, tmp_path: Path
) -> None:
    tried = run(app, "register", "import", "--committed", "--dry-run")
    assert tried.exit_code == 0, tried.output
    assert "213 entries would be added, 0 would be changed." in tried.output
    assert count(database) == 0
    done = run(app, "register", "import", "--committed")
    assert done.exit_code == 0, done.output
    assert count(database) == 310
    written = run(app, "register", "export", "--output", str(tmp_path / "register.yaml"))
    assert written.exit_code == 0
    again = run(app, "register", "import", str(tmp_path / "register.yaml"))
    assert again.output == "register.yaml: 0 entries added, 0 changed.\n"
    table = run(app, "register", "export", "--format", "csv", "--table", "memberships").stdout
    rows = [row for row in csv.DictReader(io.StringIO(table)) if row["member"] == "GBR"]
    assert {"eap-panel", "igc"} <= {row["iscm"] for row in rows}


def test_a_faulty_file_is_refused_with_every_fault_and_takes_the_others_with_it(
    app: Flask, database: Database, tmp_path: Path
) -> None:
    (tmp_path / "good.csv").write_text("code,name,kind,asked_as\nFRA,France,state,state\n")
    (tmp_path / "bad.csv").write_text("code,name,kind\nDEU,Germany,sate\nX Y,Nowhere,state\n")
    refused = run(app, "register", "import", str(tmp_path / "good.csv"), str(tmp_path / "bad.csv"))
    assert refused.exit_code == 2
    assert refused.stderr.splitlines() == [
        "bad.csv:2: kind: “sate” is not known; did you mean “state”?",
        "bad.csv:3: code: “X Y” is not a code",
        "bad.csv: 2 faults; nothing was imported.",
    ]
    assert count(database) == 0


def test_csv_needs_a_table(app: Flask) -> None:
    refused = run(app, "register", "export", "--format", "csv")
    assert refused.exit_code == 2
    assert "--table organisations|iscms|memberships" in refused.output


def test_a_backup_is_made_verified_and_restored(app: Flask, tmp_path: Path) -> None:
    run(app, "register", "import", "--committed")
    file = str(tmp_path / "backup.zip")
    made = run(app, "backup", file)
    assert made.exit_code == 0, made.output
    assert "there already" in run(app, "backup", file).output
    assert run(app, "backup", file, "--overwrite").exit_code == 0
    assert "whole; " in run(app, "verify", file).output
    assert run(app, "verify").output == "The database is sound.\n"
    over = run(app, "restore", file)
    assert over.exit_code == 1
    assert over.stderr == "Error: The database is not empty; restore into a new one. Nothing was restored.\n"
    other = application(tmp_path / "other")
    restored = run(other, "restore", file)
    assert restored.exit_code == 0, restored.output
    assert "The database is sound." in restored.output
    database: Database = other.extensions["database"]
    assert count(database) == 310
    assert migrating.present(database.engine) == migrating.newest(database.engine)
    database.dispose()


def test_a_file_that_is_no_backup_is_refused(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no backup")
    refused = run(app, "verify", str(tmp_path / "notes.txt"))
    assert refused.exit_code == 1
    assert refused.stderr == "Error: There is no backup in notes.txt.\n"


@pytest.mark.parametrize(
    "command",
    [
        ["register", "export", "--output"],
        ["questionnaires", "schema", "--output"],
        ["questionnaires", "show", "state", "--format", "docx", "--output"],
        ["findings", "export", "eap-panel", "--round", "2019", "--format", "pdf", "--output"],
        ["responses", "export", "2019", "GEO", "--output"],
        ["translations", "list", "training", "--output"],
        ["backup"],
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_a_file_for_which_there_is_no_folder_is_told_before_anything_is_done(
    app: Flask, tmp_path: Path, command: list[str]
) -> None:
    done = run(app, *command, str(tmp_path / "nowhere" / "file"))
    assert done.exit_code == 2
    assert f"There is no folder {tmp_path / 'nowhere'}." in done.output


def test_a_file_that_cannot_be_written_is_told_and_leaves_nothing(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "schema.json").mkdir()
    assert (
        "is a directory"
        in run(app, "questionnaires", "schema", "--output", str(tmp_path / "schema.json")).output
    )
    long = tmp_path / ("x" * 250)
    done = run(app, "questionnaires", "schema", "--output", str(long))
    assert done.exit_code == 1
    assert "cannot be written: File name too long." in done.output
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("x")] == []
