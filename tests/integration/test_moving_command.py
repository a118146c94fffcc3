"""`flask rounds move`: the same service as the page, from the command line."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import event, select

from app import create_app
from app.database import Database
from app.models import QuestionnaireVersion, Response, Round
from app.policy import SYSTEM
from app.services import publishing, rounds, upgrading
from config import Settings
from tests import factories
from tests.factories import NOW, World
from tests.journeys.questionnaires import asked, changed, drop


@pytest.fixture
def app(database: Database, tmp_path: Path) -> Iterator[Flask]:
    url = database.engine.url.render_as_string(hide_password=False)
    made = create_app(
        Settings.from_environment(
            {"RAPPORTEUR_ENV": "test", "RAPPORTEUR_INSTANCE": str(tmp_path), "DATABASE_URL": url}
        )
    )
    yield made
    made.extensions["database"].dispose()


@pytest.fixture
def world(database: Database) -> World:
    with database.begin() as session:
        made = factories.world(session)
        publishing.publish_version(session, changed(2, lambda data: drop(data, "outlook")), SYSTEM)
        strange = changed(3, lambda data: asked(data, "outlook").update(kind="short_text"))
        publishing.publish_version(session, strange, SYSTEM)
        session.flush()
        session.expunge_all()
    return made


def run(app: Flask, *words: str) -> Result:
    with app.app_context():
        return app.test_cli_runner().invoke(args=["rounds", "move", *words])


def versions(database: Database) -> set[int]:
    with database.read() as session:
        return set(
            session.scalars(
                select(QuestionnaireVersion.number)
                .join(Response, Response.questionnaire_version_id == QuestionnaireVersion.id)
                .where(Response.audience == "state")
            )
        )


def test_looking_changes_nothing_and_moving_says_who(app: Flask, database: Database, world: World) -> None:
    looked = run(app, "r1", "state", "2", "--look")
    assert looked.exit_code == 0, looked.output
    assert "AAA\t1\tnarrowing\tmoves\t0 no longer asked" in looked.output
    assert "3 would move, 0 stay." in looked.output
    assert versions(database) == {1}
    done = run(app, "r1", "state", "2")
    assert "3 moved, 0 stay." in done.output
    assert versions(database) == {2}


def test_what_is_forbidden_or_not_there_is_refused(app: Flask, database: Database, world: World) -> None:
    refused = run(app, "r1", "state", "3")
    assert refused.exit_code == 1
    assert "A key means something else in this version." in refused.output
    assert "is not published" in run(app, "r1", "state", "9").output
    assert "may not do this" in run(app, "r1", "state", "2", "--by", "viewer@example.org").output
    assert versions(database) == {1}


@pytest.mark.parametrize("more", [1, 30])
def test_planning_takes_as_many_statements_however_many_are_asked(
    database: Database, world: World, more: int
) -> None:
    with database.begin() as session:
        round_ = session.scalars(select(Round)).one()
        for number in range(more):
            other = factories.organisation(session, "state", f"X{number:02}", f"Xanadu {number}")
            rounds.add_participant(session, round_, other, SYSTEM, now=NOW)
    with database.read() as session:
        round_ = session.scalars(select(Round)).one()
        version = session.scalars(
            select(QuestionnaireVersion).where(
                QuestionnaireVersion.questionnaire_key == "state", QuestionnaireVersion.number == 2
            )
        ).one()
        upgrading.plan(session, round_, version)
        count: list[str] = []
        event.listen(database.engine, "before_cursor_execute", lambda *words: count.append(str(words[2])))
        upgrading.plan(session, round_, version)
        assert len(count) == 3
