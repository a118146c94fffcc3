"""`flask people` and `flask questionnaires publish`: the start of an installation."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.database import Database
from app.models import AuditEvent, LinkPurpose, LoginSession, User
from app.services import signing_in
from tests.integration.test_commands import application, run


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


def test_from_an_empty_database_to_an_open_round(app: Flask) -> None:
    said(app, "register", "import", "--committed")
    assert "can sign in" in said(
        app, "people", "add", "Ada@IOM.example", "--name", "Ada Tern", "--role", "administrator"
    )
    said(app, "people", "add", "nino@mfa.example", "--name", "Nino Beridze", "--by", "ada@iom.example")
    said(app, "people", "appoint", "nino@mfa.example", "GEO", "--role", "focal_point")
    said(app, "people", "add", "ilia@mfa.example", "--name", "Ilia Kobalia")
    said(
        app,
        "people",
        "appoint",
        "ilia@mfa.example",
        "GEO",
        "--role",
        "contributor",
        "--mechanism",
        "eap-panel",
    )
    assert said(app, "people", "list").splitlines() == [
        "ada@iom.example\tAda Tern\tadministrator",
        "ilia@mfa.example\tIlia Kobalia\tGEO contributor about eap-panel",
        "nino@mfa.example\tNino Beridze\tGEO focal_point",
    ]
    published = said(app, "questionnaires", "publish", "--by", "ada@iom.example")
    assert published.splitlines() == [
        f"Version 1 of “{key}” is published." for key in ("igo", "iscm", "state")
    ]
    said(app, "rounds", "create", "2027", "Round of 2027", "--opens", "2027-03-01", "--closes", "2027-05-01")
    assert "is open" in said(app, "rounds", "open", "2027", "--ask", "state", "GEO")


def test_publishing_again_changes_nothing(app: Flask, database: Database) -> None:
    said(app, "questionnaires", "publish", "state")
    said(app, "questionnaires", "publish", "state")
    with database.read() as session:
        events = select(AuditEvent).where(AuditEvent.act == "published_questionnaire")
        assert len(session.scalars(events).all()) == 1


def test_ending_and_deactivating(app: Flask, database: Database) -> None:
    said(app, "register", "import", "--committed")
    said(app, "people", "add", "nino@mfa.example", "--name", "Nino Beridze")
    said(app, "people", "appoint", "nino@mfa.example", "GEO", "--role", "focal_point")
    with database.begin() as session:
        nino = session.scalars(select(User)).one()
        signing_in.start(session, nino, LinkPurpose.SIGN_IN, clock.now())
    assert "until the end of" in said(app, "people", "end", "nino@mfa.example", "GEO")
    assert run(app, "people", "end", "nino@mfa.example", "GEO").exit_code == 2
    assert "cannot sign in any more" in said(app, "people", "deactivate", "nino@mfa.example")
    assert said(app, "people", "list") == "nino@mfa.example\tNino Beridze\tdeactivated\n"
    with database.read() as session:
        assert session.scalars(select(LoginSession.ended_at)).one() is not None


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("people", "add", "nobody", "--name", "No Body"), "is no address"),
        (("people", "add", "ada@iom.example", "--name", "Ada"), "Somebody has this address already."),
        (("people", "appoint", "no@iom.example", "GEO", "--role", "observer"), "Nobody has the address"),
        (
            ("people", "appoint", "ada@iom.example", "ZZZ", "--role", "observer"),
            "The register has nobody under ZZZ",
        ),
        (("people", "deactivate", "ada@iom.example", "--by", "vera@iom.example"), "Vera may not do this."),
        (("questionnaires", "publish", "sate"), "There is no questionnaire sate"),
        (("questionnaires", "publish", "state", "--by", "vera@iom.example"), "Vera may not do this."),
    ],
)
def test_what_cannot_be_done_says_why_and_changes_nothing(
    app: Flask, database: Database, words: tuple[str, ...], why: str
) -> None:
    said(app, "people", "add", "ada@iom.example", "--name", "Ada Tern", "--role", "administrator")
    said(app, "people", "add", "vera@iom.example", "--name", "Vera", "--role", "viewer")
    before = said(app, "people", "list")
    refused = run(app, *words)
    assert refused.exit_code != 0
    assert why in refused.output
    assert said(app, "people", "list") == before
