"""`flask rounds` and `flask responses`, as an operator runs them."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from app import create_app
from app.database import Database
from app.models import Round, RoundTally
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
        return app.test_cli_runner().invoke(args=list(words))


FILE = """
round: r1
organisation: AAA
entered: {from: "telephone call", dated: 2026-11-12}
attribution: by name
answers:
  contact_name: Ann
mechanisms:
  alpha:
    answers:
      takes_part: "yes"
      effects:
        - {example: a law, year: 2018}
"""


def test_a_file_goes_in_and_comes_out(app: Flask, tmp_path: Path) -> None:
    file, out = tmp_path / "a.yaml", tmp_path / "a.json"
    file.write_text(FILE)
    tried = run(app, "responses", "import", str(file), "--dry-run")
    assert tried.exit_code == 0, tried.output
    assert "4 answers would be stored" in tried.output
    assert json.loads(run(app, "responses", "export", "r1", "AAA").output)["answers"] == {}
    done = run(app, "responses", "import", str(file), "--by", "coordinator@example.org")
    assert done.exit_code == 0, done.output
    assert "records: 1 added, 0 taken out" in done.output
    assert run(app, "responses", "export", "r1", "AAA", "--output", str(out)).exit_code == 0
    written = json.loads(out.read_text())
    assert written["mechanisms"]["alpha"]["answers"]["effects"] == [{"example": "a law", "year": 2018}]
    again = run(app, "responses", "import", str(out))
    assert "0 answers stored, 4 as they were" in again.output


def test_a_faulty_file_is_told_all_its_faults_and_stores_nothing(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(FILE.replace("takes_part", "takes").replace("2018", "soon"))
    refused = run(app, "responses", "import", str(file))
    assert refused.exit_code == 2
    assert "mechanisms.alpha.answers.takes: there is no such question here" in refused.stderr
    assert "mechanisms.alpha.answers.effects: 1.year" in refused.stderr
    assert "2 faults; nothing was stored" in refused.stderr


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.yaml", b"answers: &a {x: *a}"),
        ("a.yaml", b"answers: [unclosed"),
        ("a.yaml", b"\xff\xfe\x00"),
        ("a.json", b"{"),
        ("a.json", b'{"answers": NaN}'),
        ("a.json", b"[" * 100_000),
        ("a.yaml", b"a: 1\na: 2"),
        ("a.yaml", b"!!python/object/apply:os.system [ls]"),
    ],
)
def test_a_broken_or_hostile_file_is_refused_with_a_sentence(
    app: Flask, tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    refused = run(app, "responses", "import", str(tmp_path / name))
    assert refused.exit_code == 2, refused.output
    assert "nothing was stored" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_only_who_may_enters_answers(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(FILE)
    for email in ("viewer@example.org", "bbb-fp@example.org", "nobody@example.org"):
        refused = run(app, "responses", "import", str(tmp_path / "a.yaml"), "--by", email)
        assert refused.exit_code != 0
    assert run(app, "responses", "export", "r1", "ZZZ").exit_code == 2


def test_a_round_is_made_opened_counted_and_closed(app: Flask, database: Database) -> None:
    made = run(app, "rounds", "create", "r2", "Two", "--opens", "2026-11-20", "--closes", "2026-12-20T23:59")
    assert made.exit_code == 0, made.output
    words = ("rounds", "open", "r2", "--ask", "state", "AAA", "--ask", "iscm", "alpha", "--about", "alpha")
    opened = run(app, *words)
    assert opened.exit_code == 0, opened.output
    assert "2 are asked" in opened.output
    assert run(app, *words).exit_code == 1
    counted = run(app, "rounds", "tally", "r2", "state", "42", "--source", "a report")
    assert counted.exit_code == 0, counted.output
    assert run(app, "rounds", "close", "r2").exit_code == 0
    listed = run(app, "rounds", "list").output.splitlines()
    assert listed == ["r1\tRound one\topen\t6 asked", "r2\tTwo\tclosed\t2 asked"]
    assert run(app, "rounds", "close", "r2", "--by", "analyst@example.org").exit_code == 2
    with database.read() as session:
        tally = session.scalars(select(RoundTally)).one()
        round_ = session.scalars(select(Round).where(Round.code == "r2")).one()
    assert (tally.answered, tally.invited) == (42, None)
    assert round_.closes_at.isoformat() == "2026-12-20T22:59:00+00:00"


def test_the_database_says_where_it_is(app: Flask) -> None:
    assert "The database is at" in run(app, "database", "check").output
    assert run(app, "database", "upgrade").exit_code == 0


def test_what_came_by_telephone_is_submitted_and_amended(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    by = ("--by", "coordinator@example.org")
    file.write_text(FILE)
    assert run(app, "responses", "import", str(file), *by).exit_code == 0
    refused = run(app, "responses", "submit", "r1", "AAA", "--statement", "Cleared by telephone", *by)
    assert "mechanisms/takes_part: Choose yes or no" in refused.output
    file.write_text(FILE + '  beta:\n    answers: {takes_part: "no"}\n')
    assert run(app, "responses", "import", str(file), *by).exit_code == 0
    submitted = run(app, "responses", "submit", "r1", "AAA", "--statement", "Cleared by telephone", *by)
    assert submitted.exit_code == 0, submitted.output
    assert submitted.output.startswith("Submitted: AAA-")
    reopened = run(app, "responses", "reopen", "r1", "AAA", "--reason", "a correction", *by)
    assert reopened.exit_code == 0, reopened.output
    file.write_text(FILE.replace("Ann", "Ben") + '  beta:\n    answers: {takes_part: "no"}\n')
    assert run(app, "responses", "import", str(file), *by).exit_code == 0
    seen = json.loads(run(app, "responses", "export", "r1", "AAA", *by).output)
    assert seen["answers"]["contact_name"] == "Ann", "staff read what stands submitted, not the amendment"
    mine = json.loads(run(app, "responses", "export", "r1", "AAA", "--by", "aaa-fp@example.org").output)
    assert mine["answers"]["contact_name"] == "Ben"
    assert run(app, "responses", "submit", "r1", "AAA", "--statement", "As corrected", *by).exit_code == 0


def test_a_command_that_acts_for_somebody_asks_the_policy(app: Flask) -> None:
    draft = run(app, "responses", "export", "r1", "AAA", "--by", "coordinator@example.org")
    assert draft.exit_code == 1
    assert "may not read" in draft.output
    declined = run(app, "responses", "decline", "r1", "AAA", "--reason", "no capacity")
    assert declined.exit_code == 0, declined.output
    late = run(app, "responses", "submit", "r1", "AAA", "--statement", "x", "--by", "coordinator@example.org")
    assert late.exit_code == 1
