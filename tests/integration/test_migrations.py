"""Migrations run up, match the models, and run down, on both engines; a killed one leaves nothing."""

import pytest
from sqlalchemy import inspect

from app.database import Database
from app.migrating import check, downgrade, newest, present, upgrade
from app.models import Base


def test_a_migrated_database_has_what_the_models_describe(database: Database) -> None:
    assert present(database.engine) == newest(database.engine)
    check(database.engine)
    assert set(inspect(database.engine).get_table_names()) == {*Base.metadata.tables, "alembic_version"}


def test_down_leaves_nothing_and_up_again_works(database: Database) -> None:
    downgrade(database.engine)
    assert inspect(database.engine).get_table_names() == ["alembic_version"]
    upgrade(database.engine)
    check(database.engine)


def test_every_named_check_of_the_models_is_in_the_database(database: Database) -> None:
    inspector = inspect(database.engine)
    for table in Base.metadata.sorted_tables:
        described = {
            str(constraint.name) for constraint in table.constraints if str(constraint.name).startswith("ck_")
        }
        found = {str(check["name"]) for check in inspector.get_check_constraints(table.name)}
        assert described == found, table.name


def test_a_migration_that_fails_half_way_leaves_nothing_and_runs_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    downgrade(database.engine)
    monkeypatch.setattr("alembic.op.create_index", _die)
    with pytest.raises(RuntimeError, match="power cut"):
        upgrade(database.engine)
    monkeypatch.undo()
    assert inspect(database.engine).get_table_names() == ["alembic_version"]
    upgrade(database.engine)
    check(database.engine)


def _die(*_arguments: object, **_options: object) -> None:
    raise RuntimeError("power cut")
