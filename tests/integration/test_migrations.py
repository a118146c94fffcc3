"""Migrations run up, match the models, and run down, on both engines; a killed one leaves nothing behind."""

import hashlib
import shutil
from pathlib import Path

import pytest
from sqlalchemy import Connection, inspect, select, text

from app import migrating
from app.database import Database
from app.migrating import check, downgrade, newest, present, upgrade
from app.models import AnswerRevision, Base, OutcomeChange, Response
from tests.factories import rows_of, world


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


REBUILD = """
from alembic import op

revision = "9999"
down_revision = "{newest}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("response", "answer", "repeat_instance"):
        with op.batch_alter_table(table, recreate="{recreate}") as batch:
            batch.create_index(f"ix_{{table}}_tried", ["id"])


def downgrade() -> None:
    pass
"""


def test_rebuilding_a_table_that_others_point_to_loses_no_answer(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.begin() as session:
        made = world(session)
        made.complete("AAA")
        made.say("AAA", None, outlook="kept")
    before = _answers(database)
    folder = tmp_path / "migrations"
    shutil.copytree(migrating.FOLDER, folder)
    recreate = "always" if database.engine.dialect.name == "sqlite" else "auto"
    newest_one = newest(database.engine) or ""
    (folder / "versions" / "9999_rebuild.py").write_text(REBUILD.format(newest=newest_one, recreate=recreate))
    monkeypatch.setattr(migrating, "FOLDER", folder)
    upgrade(database.engine)
    assert present(database.engine) == "9999"
    assert _answers(database) == before
    if database.engine.dialect.name == "sqlite":
        with database.read() as reading:
            connection: Connection = reading.connection()
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []


def _answers(database: Database) -> str:
    """The digest of everything that was ever answered."""
    with database.read() as session:
        rows = session.execute(
            select(AnswerRevision.id, AnswerRevision.value, rows_of(AnswerRevision).c.number)
            .join(AnswerRevision.answer)
            .order_by(AnswerRevision.id)
        ).all()
    assert rows
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def test_what_a_round_had_before_it_could_be_run_here_is_all_there_afterwards(database: Database) -> None:
    with database.begin() as session:
        made = world(session)
        made.complete("AAA")
    answers = _answers(database)
    downgrade(database.engine, "0007")
    before = _rows(database)
    with database.engine.begin() as connection:
        connection.execute(
            text("UPDATE response SET outcome = 'declined', outcome_reason = 'No' WHERE status = 'invited'")
        )
    upgrade(database.engine)
    check(database.engine)
    after = _rows(database)
    assert before == {table: after[table] for table in before}
    assert _answers(database) == answers
    with database.read() as session:
        declined = session.scalars(select(Response.id).where(Response.outcome.is_not(None))).all()
        noted = session.scalars(select(OutcomeChange.response_id)).all()
    assert declined
    assert set(noted) == set(declined)


def _rows(database: Database) -> dict[str, int]:
    with database.engine.connect() as connection:
        names = [name for name in inspect(connection).get_table_names() if name != "alembic_version"]
        return {name: connection.scalar(text(f'SELECT COUNT(*) FROM "{name}"')) or 0 for name in names}
