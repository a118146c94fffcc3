"""A register loaded from the committed files."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from app.database import Database, writing
from tests.databases import type_of_copy
from tests.integration.register.loading import FILES, take


@pytest.fixture(scope="session")
def committed_register(copy_of_template: type_of_copy) -> Iterator[Database]:
    """A database with everything that a new installation starts from."""
    made = Database(copy_of_template())
    with made.begin() as session:
        for name in FILES:
            take(session, name)
    yield made
    made.dispose()


@pytest.fixture
def register(committed_register: Database) -> Iterator[Session]:
    """A session on it, of which nothing stays."""
    with writing(committed_register.engine).connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as opened:
            yield opened
        outer.rollback()
