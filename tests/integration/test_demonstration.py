"""The demonstration: two rounds loaded by the services of the web, and links that die with its server."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from app import create_app
from app.cli import demo_content
from app.database import Database
from app.models import (
    AnswerRevision,
    Audience,
    AuditEvent,
    MembershipRole,
    Organisation,
    Outcome,
    Response,
    ResponseStatus,
    Round,
    RoundMembership,
    RoundTally,
    User,
    Via,
)
from app.services import demonstration, verifying
from app.storage import Store
from config import Settings
from tests.databases import type_of_copy


@pytest.fixture(scope="module")
def loaded(copy_of_template: type_of_copy) -> Iterator[Database]:
    """A database with the whole demonstration."""
    made = Database(copy_of_template(demo_content.load))
    yield made
    made.dispose()


def states(database: Database, code: str) -> dict[str, ResponseStatus | Outcome]:
    with database.read() as session:
        rows = session.execute(
            select(Organisation.code, Response.status, Response.outcome)
            .join(Response, Response.organisation_id == Organisation.id)
            .join(Round, Round.id == Response.round_id)
            .where(Round.code == code)
        )
        return {organisation: outcome or status for organisation, status, outcome in rows}


def test_the_2019_round_has_its_five_respondents_and_is_closed(loaded: Database) -> None:
    submitted = ResponseStatus.SUBMITTED
    assert states(loaded, "2019") == dict.fromkeys(("eap-panel", "GEO", "UKR", "POL", "LTU"), submitted)
    with loaded.read() as session:
        assert session.scalars(select(Round.closed_at).where(Round.code == "2019")).one() is not None


def test_what_was_answered_elsewhere_is_counted_with_its_base_or_none(loaded: Database) -> None:
    with loaded.read() as session:
        tallies = session.scalars(select(RoundTally)).all()
        assert {each.audience: (each.answered, each.invited) for each in tallies} == {
            Audience.STATE: (42, None),
            Audience.ISCM: (21, 31),
            Audience.IGO: (3, None),
        }
        assert all(each.source for each in tallies)


def test_the_round_keeps_the_34_members_of_2019(loaded: Database) -> None:
    with loaded.read() as session:
        panel = session.scalars(select(Organisation).where(Organisation.code == "eap-panel")).one()
        kept = session.scalars(
            select(Organisation.code)
            .join(RoundMembership, RoundMembership.member_id == Organisation.id)
            .join(Round, Round.id == RoundMembership.round_id)
            .where(Round.code == "2019", RoundMembership.iscm_id == panel.id)
            .where(RoundMembership.role == MembershipRole.MEMBER)
        ).all()
    assert len(kept) == 34
    assert "GBR" in kept


def test_the_training_round_has_respondents_in_every_state(loaded: Database) -> None:
    found = states(loaded, "training")
    assert found["XAH"] is ResponseStatus.INVITED
    assert found["XAE"] is Outcome.DECLINED
    assert found["XAG"] is ResponseStatus.REOPENED
    assert found["upland-forum"] is ResponseStatus.IN_PROGRESS
    assert Counter(found.values())[ResponseStatus.SUBMITTED] == 7


def test_every_answer_says_how_and_from_what_it_came(loaded: Database) -> None:
    with loaded.read() as session:
        assert set(session.scalars(select(AnswerRevision.via).distinct())) == {Via.STAFF}
        sources = [source for source in session.scalars(select(AnswerRevision.source)) if source]
        assert sources
        assert session.scalar(select(func.count()).select_from(AnswerRevision)) == len(sources)


def test_every_persona_is_there(loaded: Database) -> None:
    with loaded.read() as session:
        addresses = set(session.scalars(select(User.email)))
    assert set(demonstration.PERSONAS.values()) <= addresses


def test_loading_again_keeps_what_is_there(loaded: Database) -> None:
    with loaded.read() as session:
        before = session.scalar(select(func.max(AuditEvent.number)))
    assert demo_content.load(loaded) == []
    with loaded.read() as session:
        assert session.scalar(select(func.max(AuditEvent.number))) == before


def test_what_was_loaded_is_sound(loaded: Database, store: Store) -> None:
    assert verifying.problems(loaded.engine, store) == []


def test_a_link_opens_for_its_persona_only_and_dies_with_the_next_start(tmp_path: Path) -> None:
    assert demonstration.links(tmp_path, "http://127.0.0.1:1") == {}
    demonstration.draw_secret(tmp_path)
    links = demonstration.links(tmp_path, "http://127.0.0.1:1/")
    assert set(links) == set(demonstration.PERSONAS)
    key = links["georgia"].removeprefix("http://127.0.0.1:1/demo/georgia/")
    assert demonstration.email_of(tmp_path, "georgia", key) == "georgia@states.example"
    assert demonstration.email_of(tmp_path, "administrator", key) is None
    assert demonstration.email_of(tmp_path, "nobody", key) is None
    assert demonstration.email_of(tmp_path, "georgia", f"{key}é") is None
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in tmp_path.iterdir())
    demonstration.draw_secret(tmp_path)
    assert demonstration.email_of(tmp_path, "georgia", key) is None
    demonstration.forget_secret(tmp_path)
    assert demonstration.links(tmp_path, "http://127.0.0.1:1") == {}


def run(app: Flask, *words: str) -> Result:
    with app.app_context():
        return app.test_cli_runner().invoke(args=list(words))


def application(folder: Path, environment: str) -> Flask:
    values = {
        "RAPPORTEUR_ENV": environment,
        "RAPPORTEUR_INSTANCE": str(folder),
        "RAPPORTEUR_SECRET_KEY": "a key that only the tests know, 0123456789, and nobody else",
        "PUBLIC_URL": "https://rapporteur.example",
    }
    return create_app(Settings.from_environment(values))


@pytest.mark.parametrize("environment", ["development", "test", "production"])
def test_the_commands_refuse_outside_the_demonstration(tmp_path: Path, environment: str) -> None:
    app = application(tmp_path, environment)
    for command in ("load", "prepare", "serve", "links", "reset"):
        result = run(app, "demo", command)
        assert result.exit_code == 1
        assert "runs with RAPPORTEUR_ENV=demo only" in result.output


def test_in_production_there_is_no_demonstration_route(tmp_path: Path) -> None:
    def rules(environment: str) -> set[str]:
        made = application(tmp_path / environment, environment)
        return {rule.rule for rule in made.url_map.iter_rules() if rule.rule.startswith("/demo")}

    assert rules("demo")
    assert rules("production") == set()


def test_prepare_prints_links_and_reset_begins_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "8973")
    app = application(tmp_path, "demo")
    assert "There are no links yet" in run(app, "demo", "links").output
    prepared = run(app, "demo", "prepare", "--small")
    assert prepared.exit_code == 0, prepared.output
    links = json.loads(run(app, "demo", "links", "--json").stdout)
    assert set(links) == set(demonstration.PERSONAS)
    assert all(link in prepared.output for link in links.values())
    assert all(link.startswith("http://127.0.0.1:8973/demo/") for link in links.values())
    database: Database = app.extensions["database"]
    with database.begin() as session:
        session.scalars(select(User)).first().name = "Changed"  # type: ignore[union-attr]  # there are people
    again = run(app, "demo", "reset", "--small")
    assert again.exit_code == 0, again.output
    with database.read() as session:
        assert "Changed" not in set(session.scalars(select(User.name)))
        assert session.scalar(select(func.count()).select_from(Round)) == 2
    database.dispose()
