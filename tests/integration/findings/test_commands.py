"""`flask findings compile` and `flask findings export`."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from app.cli import demo_content
from app.cli.findings import findings
from app.database import Database
from tests.databases import type_of_copy


@pytest.fixture(scope="module")
def app(copy_of_template: type_of_copy) -> Iterator[Flask]:
    """The least application that the commands need, on the demonstration's database."""
    database = Database(copy_of_template(demo_content.load))
    made = Flask("tests", root_path=str(Path(__file__).parent))
    made.extensions["database"] = database
    yield made
    database.dispose()


def run(app: Flask, *arguments: str) -> tuple[int, str]:
    with app.app_context():
        result = CliRunner().invoke(findings, arguments)
    return result.exit_code, result.output


def test_compile_prints_the_sentences_and_the_gaps(app: Flask) -> None:
    code, output = run(app, "compile", "eap-panel", "--round", "2019")
    assert code == 0
    assert "  The EaP Panel has an annual work plan. [1]" in output
    assert re.search(r"eap-panel, round 2019: \d+ statements, 5 gaps", output)
    assert "  Chair: no answer to publish." in output


def test_export_writes_the_documented_json(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "eap.json"
    code, _ = run(app, "export", "eap-panel", "--round", "2019", "--format", "json", "--output", str(file))
    assert code == 0
    data = json.loads(file.read_text(encoding="utf-8"))
    assert list(data) == ["round", "iscm", "compiled_at", "counts", "coverage", "sections", "gaps"]
    assert data["counts"]["igo"] == {"invited": None, "answered": 3}


@pytest.mark.parametrize("fmt", ["docx", "pdf", "html"])
def test_export_writes_documents(app: Flask, tmp_path: Path, fmt: str) -> None:
    file = tmp_path / f"eap.{fmt}"
    code, output = run(app, "export", "eap-panel", "--round", "2019", "--format", fmt, "--output", str(file))
    assert code == 0
    assert str(file) in output
    assert file.stat().st_size > 1000


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("compile", "eap-panel", "--round", "1999"), "There is no round “1999”."),
        (("compile", "no-such", "--round", "2019"), "There is no mechanism “no-such” in the round “2019”."),
        (("compile", "eap-panel", "--round", "2019", "--by", "no@one.example"), "Nobody signs in as"),
    ],
)
def test_what_does_not_exist_is_said(app: Flask, arguments: tuple[str, ...], sentence: str) -> None:
    code, output = run(app, *arguments)
    assert code == 2
    assert sentence in output
