"""A server on each engine, with the demonstration in it."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from app.database import Database, make_engine
from app.models import Organisation, Response, Round
from app.services import backups
from app.storage import Store
from tests.databases import type_of_copy
from tests.serving import Server, database_file

WORKERS_ON_POSTGRESQL = 2


@pytest.fixture(scope="session")
def carried(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the demonstration, which either engine takes."""
    file = tmp_path_factory.mktemp("carried") / "demonstration.backup"
    engine = make_engine(database_file(prepared))
    backups.back_up(engine, Store(prepared / "files"), file)
    engine.dispose()
    return file


@pytest.fixture(scope="module")
def service(
    copy_of_template: type_of_copy, prepared: Path, carried: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A server on a database that this module has to itself: one process on SQLite, two on PostgreSQL."""
    url = copy_of_template()
    engine = make_engine(url)
    folder = tmp_path_factory.mktemp("instance")
    backups.restore(engine, Store(folder / "files"), carried)
    engine.dispose()
    shutil.copytree(prepared, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.sqlite*"))
    workers = 1 if url.get_backend_name() == "sqlite" else WORKERS_ON_POSTGRESQL
    made = Server(folder, url.render_as_string(hide_password=False), workers)
    yield made
    made.stop()


@pytest.fixture
def server(service: Server) -> Server:
    """The server, running, whatever an earlier test did to it."""
    if service.process is None:
        service.start()
    return service


@pytest.fixture(scope="module")
def beside(service: Server) -> Iterator[Database]:
    """The server's database, opened beside it."""
    opened = Database(service.database_url)
    yield opened
    opened.dispose()


def response_of(database: Database, organisation: str, round_: str = "training") -> UUID:
    """The response of an organisation in a round, by their codes."""
    with database.read() as session:
        return session.scalars(
            select(Response.id)
            .join(Organisation, Organisation.id == Response.organisation_id)
            .join(Round, Round.id == Response.round_id)
            .where(Organisation.code == organisation, Round.code == round_)
        ).one()
