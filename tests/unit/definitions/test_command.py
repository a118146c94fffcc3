"""`flask questionnaires`: check, schema, show."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli.questionnaires import questionnaires
from app.definitions.json_schema import json_schema
from tests.unit.definitions.features import FEATURES, ROOT


def test_check_praises_what_is_in_order_and_notes_what_is_not_translated() -> None:
    done = CliRunner().invoke(questionnaires, ["check", "--root", str(ROOT)])
    assert done.exit_code == 0
    assert "records/v1.yaml: 5 questions, no fault\n" in done.stdout
    assert "note: languages/v1.fr.yaml:5: questions.colour.hint: stale" in done.stdout
    assert done.stderr == ""


def test_check_tells_every_fault_of_every_file_and_leaves_with_2() -> None:
    refused = [str(path) for path in sorted((ROOT / "refused").glob("*.yaml"))]
    done = CliRunner().invoke(questionnaires, ["check", "--root", str(ROOT), *refused, str(ROOT / "texts")])
    assert done.exit_code == 2
    lines = done.stderr.splitlines()
    assert lines[-1] == f"Faults: {len(lines) - 1}"
    for path in refused:
        assert any(line.startswith(f"refused/{Path(path).name}:") for line in lines)


def test_check_takes_files_and_folders(tmp_path: Path) -> None:
    one = CliRunner().invoke(questionnaires, ["check", "--root", str(ROOT), str(ROOT / "texts" / "v1.yaml")])
    assert (one.exit_code, one.stdout.splitlines()[0]) == (0, "texts/v1.yaml: 4 questions, no fault")
    nothing = CliRunner().invoke(questionnaires, ["check", "--root", str(tmp_path)])
    assert nothing.exit_code == 2
    assert "There is no questionnaire here." in nothing.stderr


def test_schema_writes_the_schema(tmp_path: Path) -> None:
    done = CliRunner().invoke(questionnaires, ["schema", "--output", str(tmp_path / "schema.json")])
    assert done.exit_code == 0
    assert json.loads((tmp_path / "schema.json").read_text(encoding="utf-8")) == json_schema()


@pytest.mark.parametrize(("fmt", "begins"), [("html", b"<!DOCTYPE html>"), ("docx", b"PK"), ("pdf", b"%PDF")])
def test_show_prints_the_paper_version(fmt: str, begins: bytes, tmp_path: Path) -> None:
    file = tmp_path / "paper"
    arguments = ["show", "records", "--root", str(ROOT), "--format", fmt, "--output", str(file)]
    done = CliRunner().invoke(questionnaires, arguments)
    assert done.exit_code == 0, done.output
    assert file.read_bytes()[:20].lower().startswith(begins.lower())


def test_show_suggests_a_key() -> None:
    done = CliRunner().invoke(questionnaires, ["show", "record", "--root", str(ROOT)])
    assert done.exit_code == 2
    assert "There is no questionnaire record; did you mean “records”?" in done.output
    assert set(FEATURES) >= {"records"}


def test_show_writes_to_the_screen() -> None:
    done = CliRunner().invoke(questionnaires, ["show", "yes_no", "--root", str(ROOT)])
    assert done.exit_code == 0
    assert b"Is it so?" in done.stdout_bytes
