"""A whole small round from an empty, migrated database, by commands only: nothing of the demonstration."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.database import Database
from app.models import AuditEvent
from tests.integration.test_commands import application, run

GEO = """
round: "2027"
organisation: GEO
entered: {from: "letter of the ministry", dated: 2027-03-20}
attribution: by name
answers:
  contact_name: Nino Beridze
  clearance: cleared
mechanisms:
  eap-panel:
    answers:
      takes_part: "yes"
      effects:
        - {kinds: [law], example: "the law on labour migration", year: 2021}
      reasons: [exchange]
"""


@pytest.fixture
def app(database: Database, tmp_path: Path) -> Iterator[Flask]:
    made = application(tmp_path, database.engine.url.render_as_string(hide_password=False))
    yield made
    made.extensions["database"].dispose()


def said(app: Flask, *words: str) -> str:
    """What a command that succeeds prints."""
    result = run(app, *words)
    assert result.exit_code == 0, result.output
    return result.output


def test_a_round_from_an_empty_database_to_its_findings(
    app: Flask, database: Database, tmp_path: Path
) -> None:
    answers, findings = tmp_path / "geo.yaml", tmp_path / "eap-panel.json"
    answers.write_text(GEO)
    said(app, "register", "import", "--committed")
    said(app, "people", "add", "edda@iom.example", "--name", "Edda Holm", "--role", "coordinator")
    said(app, "people", "add", "nino@mfa.example", "--name", "Nino Beridze", "--locale", "en")
    said(app, "people", "appoint", "nino@mfa.example", "GEO", "--role", "focal_point", "--audience", "state")
    as_edda = ("--by", "edda@iom.example")
    dates = ("--opens", "2027-03-01", "--closes", "2027-05-01T23:59")
    said(app, "rounds", "create", "2027", "Assessment 2027", *dates, *as_edda)
    opening = ("rounds", "open", "2027", "--ask", "state", "GEO", "--about", "eap-panel", *as_edda)
    too_early = run(app, *opening)
    assert too_early.exit_code == 1
    assert "No questionnaire has been published for Georgia." in too_early.stderr
    assert "flask questionnaires publish state" in too_early.stderr
    said(app, "questionnaires", "publish", *as_edda)
    said(app, *opening)
    assert "answers stored" in said(app, "responses", "import", str(answers), *as_edda)
    statement = ("--statement", "Cleared by letter of 20 March.")
    assert "Submitted: GEO-" in said(app, "responses", "submit", "2027", "GEO", *statement, *as_edda)
    said(app, "rounds", "close", "2027", *as_edda)
    where = ("--round", "2027", "--format", "json", "--output", str(findings))
    said(app, "findings", "export", "eap-panel", *where, *as_edda)
    summary = json.loads(findings.read_text())
    assert summary["counts"]["state"] == {"invited": 1, "answered": 1}
    texts = [each["text"] for section in summary["sections"] for each in section["statements"]]
    assert any("labour migration" in text for text in texts), texts
    with database.read() as session:
        acts = set(session.scalars(select(AuditEvent.act)))
    assert {"added_user", "appointed", "published_questionnaire", "opened_round", "submitted"} <= acts


def test_another_content_under_a_published_number_is_refused_in_words(app: Flask, tmp_path: Path) -> None:
    for version, text in ((1, "Who answers?"), (2, "Who answers now?")):
        root = tmp_path / str(version)
        (root / "state").mkdir(parents=True)
        (root / "vocabularies").mkdir()
        (root / "state" / "v1.yaml").write_text(
            "key: state\nversion: 1\naudience: state\nlocale: en\ntitle: T\nsections:\n"
            "  - key: a\n    title: A\n    pages:\n      - key: p\n        title: P\n        questions:\n"
            f'          - {{key: who, kind: short_text, text: "{text}"}}\n'
        )
    assert "Version 1 of “state” is published." in said(
        app, "questionnaires", "publish", "--root", str(tmp_path / "1")
    )
    refused = run(app, "questionnaires", "publish", "state", "--root", str(tmp_path / "2"))
    assert refused.exit_code == 1
    assert "was published with other content. Give this one a new number." in refused.stderr


def test_answers_taken_by_command_leave_an_event(app: Flask, database: Database, tmp_path: Path) -> None:
    said(app, "register", "import", "--committed")
    said(app, "questionnaires", "publish")
    said(app, "rounds", "create", "2027", "T", "--opens", "2027-03-01", "--closes", "2027-05-01")
    said(app, "rounds", "open", "2027", "--ask", "state", "GEO")
    said(app, "responses", "export", "2027", "GEO", "--output", str(tmp_path / "geo.json"))
    with database.read() as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.act == "exported_answers")).one()
        assert (event.actor_name, event.detail) == ("Rapporteur", {"status": "invited"})
