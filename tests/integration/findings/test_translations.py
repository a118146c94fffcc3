"""`flask translations`: out to a translator and back, one revision at a time."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from ruamel.yaml import YAML
from sqlalchemy import select

from app import clock
from app.cli import demo_content
from app.cli.translations import translations
from app.database import Database
from app.models import Answer, AnswerRevision, Organisation, Round, Translation
from app.policy import SYSTEM
from app.queries import response_files, responses
from app.services import importing, submitting, summarising
from tests.databases import type_of_copy

ANALYST = ("--by", "mara.quill@iom.example")
TRUST = "la confiance qui s'est établie entre les administrations portuaires"
IN_ENGLISH = "the trust that has grown between port administrations"


@pytest.fixture
def app(copy_of_template: type_of_copy) -> Iterator[Flask]:
    """The least application that the commands need, on the demonstration's database."""
    database = Database(copy_of_template(demo_content.load))
    made = Flask("tests", root_path=str(Path(__file__).parent))
    made.extensions["database"] = database
    yield made
    database.dispose()


def run(app: Flask, *words: str) -> Result:
    with app.app_context():
        return CliRunner().invoke(translations, words)


def database_of(app: Flask) -> Database:
    database: Database = app.extensions["database"]
    return database


def sentences(app: Flask) -> str:
    with database_of(app).read() as session:
        round_ = session.scalars(select(Round).where(Round.code == "training")).one()
        iscm = session.scalars(select(Organisation).where(Organisation.code == "sable-dialogue")).one()
        summary, _setting = summarising.current(session, round_, iscm)
        return " ".join(statement.text for statement in summary.statements)


def form(app: Flask, file: Path) -> dict[str, Any]:
    listed = run(app, "list", "training", "--output", str(file), *ANALYST)
    assert listed.exit_code == 0, listed.output
    data: dict[str, Any] = YAML().load(file.read_text(encoding="utf-8"))
    return data


def fill(file: Path, data: dict[str, Any], **by_text: str) -> None:
    for entry in data["answers"]:
        entry["translation"] = by_text.get(entry["text"], "")
    with file.open("w", encoding="utf-8") as opened:
        YAML().dump(data, opened)


def answer_anew(app: Flask, text: str) -> None:
    """Falkara amends its answer and submits it again."""
    with database_of(app).begin() as session:
        response = responses.of_organisation(session, "training", "XAF")
        assert response is not None
        submitting.reopen(session, response.id, "A slip", SYSTEM, clock.now())
        data = response_files.as_file(session, response)
        data["entered"] = {"from": "a letter", "dated": "2026-11-20"}
        data["mechanisms"]["sable-dialogue"]["answers"]["values"] = [{"value": text}]
        importing.import_response(session, data, SYSTEM, clock.now(), replace=True)
        submitting.submit(session, response.id, "Cleared.", SYSTEM, clock.now())


def test_an_approved_translation_enters_and_a_new_answer_awaits_its_own(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "translations.yaml"
    data = form(app, file)
    assert TRUST in [entry["text"] for entry in data["answers"]]
    assert "port administrations" not in sentences(app)
    fill(file, data, **{TRUST: IN_ENGLISH})
    done = run(app, "approve", str(file), *ANALYST)
    assert done.exit_code == 0, done.output
    assert "1 translation approved." in done.output
    assert "port administrations" in sentences(app)
    assert TRUST not in run(app, "list", "training", *ANALYST).output
    anew = "l'entraide entre les ports"
    answer_anew(app, anew)
    assert "port administrations" not in sentences(app)
    listed = run(app, "list", "training", *ANALYST).output
    assert anew in listed
    assert TRUST not in listed
    stale = run(app, "approve", str(file), *ANALYST)
    assert stale.exit_code == 2
    assert "has been given anew since" in stale.stderr
    assert "Nothing was approved." in stale.stderr


def test_only_a_person_who_may_approves_and_a_file_is_taken_whole(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "translations.yaml"
    data = form(app, file)
    fill(file, data, **{TRUST: IN_ENGLISH})
    nobody = run(app, "approve", str(file))
    assert nobody.exit_code == 2
    assert "A person approves a translation: say who." in nobody.stderr
    assert run(app, "approve", str(file), "--by", "nobody@iom.example").exit_code == 2
    data["answers"][-1]["revision"] = "00000000-0000-0000-0000-000000000000"
    data["answers"][-1]["translation"] = "Words"
    with file.open("w", encoding="utf-8") as opened:
        YAML().dump(data, opened)
    refused = run(app, "approve", str(file), *ANALYST)
    assert refused.exit_code == 2
    assert f"answers[{len(data['answers']) - 1}]: There is nothing here." in refused.stderr
    with database_of(app).read() as session:
        assert session.scalars(select(Translation)).all() == []


def test_a_draft_cannot_be_translated(app: Flask, tmp_path: Path) -> None:
    with database_of(app).begin() as session:
        response = responses.of_organisation(session, "training", "XAF")
        assert response is not None
        submitting.reopen(session, response.id, "A slip", SYSTEM, clock.now())
        data = response_files.as_file(session, response)
        data["entered"] = {"from": "a letter", "dated": "2026-11-20"}
        data["mechanisms"]["sable-dialogue"]["answers"]["would_help"] = "Un secret."
        importing.import_response(session, data, SYSTEM, clock.now(), replace=True)
        draft = session.scalars(
            select(AnswerRevision.id)
            .join(Answer, Answer.id == AnswerRevision.answer_id)
            .where(Answer.response_id == response.id, Answer.question_key == "would_help")
            .order_by(AnswerRevision.number.desc())
        ).first()
    assert "Un secret." not in run(app, "list", "training", *ANALYST).output
    file = tmp_path / "translations.yaml"
    file.write_text(f"answers:\n  - {{revision: {draft}, translation: A secret.}}\n")
    refused = run(app, "approve", str(file), *ANALYST)
    assert "answers[0]: There is nothing here." in refused.stderr
