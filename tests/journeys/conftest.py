"""The whole application on a database of its own, and people who visit it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock, create_app
from app.database import Database
from app.models import LinkPurpose, User
from app.services import signing_in
from config import Settings
from tests.browsing import Visitor
from tests.databases import type_of_copy
from tests.journeys import asking, responding

SignIn = Callable[[str], Visitor]


@pytest.fixture
def round_open(copy_of_template: type_of_copy) -> Iterator[Database]:
    """A database of the test's own in which the round of ``responding`` is open."""
    made = Database(copy_of_template(responding.open_first_round))
    yield made
    made.dispose()


@pytest.fixture
def staffed(copy_of_template: type_of_copy) -> Iterator[Database]:
    """The same with the staff of ``asking``."""
    made = Database(copy_of_template(asking.settle))
    yield made
    made.dispose()


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    """Settings of a service that is not reached over TLS and sends its mail to a folder."""
    return Settings(
        environment="test",
        secret_key="a key that only the tests know, and nobody else",
        instance=tmp_path,
        database_url=database.engine.url.render_as_string(hide_password=False),
        public_url="http://127.0.0.1:8000",
        mail_url="",
        mail_folder=tmp_path / "mail",
    )


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application; an exception of a view fails the test instead of becoming a page."""
    made = create_app(settings)
    yield made
    made.extensions["database"].dispose()


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """Somebody who is not signed in."""
    return Visitor(app)


@pytest.fixture
def sign_in(app: Flask, database: Database) -> SignIn:
    """Signs a person in by address, without the mail, and hands back their browser on a neutral page."""

    def as_person(email: str) -> Visitor:
        with database.begin() as session:
            user = session.scalars(select(User).where(User.email == email)).one()
            key = signing_in.start(session, user, LinkPurpose.SIGN_IN, clock.now()).id
        visitor = Visitor(app)
        with visitor.client.session_transaction() as cookie:
            cookie["_user_id"] = str(key)
        visitor.open("/accessibility")
        return visitor

    return as_person
