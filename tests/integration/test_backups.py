"""Backup and restore: live, exact, whole or nothing, and from one engine to the other."""

import json
import os
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import URL, func, select, text, update

from app import migrating
from app.clock import now
from app.database import Database
from app.models import Answer, AuditEvent, RepeatInstance, Submission, User, Via
from app.policy import SYSTEM
from app.queries import people
from app.services import answering, auditing, backups, repeating, submitting, verifying
from app.services.answering import Change
from app.services.backup_format import BackupError
from app.storage import Store
from tests import factories


def filled(database: Database, *, submitted: bool = True) -> None:
    """A round with answers, records within blocks, a submission and the texts that files tend to break."""
    with database.begin() as session:
        world = factories.world(session)
        world.complete("AAA")
        block = world.block("AAA", "alpha")
        record = repeating.add_record(
            session, world.response("AAA"), "effects", block, world.actors["AAA"], factories.NOW
        )
        world.save(
            "AAA",
            Change(record.id, "example", "", "Ελλάδα, “quoted”, = formula, 😀 and '; DROP TABLE", 0),
            Change(record.id, "year", "", 2017, 0),
            Change(record.id, "partners", "", {"codes": ["BBB"]}, 0),
            Change(block, "degree", "states", {"option": "often"}, 0),
            Change(None, "outlook", "", "xyz " * 25_000, 0),
        )
        if submitted:
            submitting.submit(
                session, world.response("AAA"), "That is it.", world.actors["AAA"], factories.NOW
            )


def new_sqlite(folder: Path, name: str = "new.sqlite") -> Database:
    return Database(URL.create("sqlite", database=str(folder / name)))


def contents(database: Database, folder: Path) -> dict[str, tuple[int, str]]:
    """Rows and digest of every table, whatever the engine."""
    report = backups.back_up(database.engine, Store(folder / "files"), folder / "contents.zip")
    return {entry.name: (entry.rows, entry.sha256) for entry in report.manifest.tables}


def test_what_was_backed_up_comes_back_exactly(store: Store, database: Database, tmp_path: Path) -> None:
    filled(database)
    report = backups.back_up(database.engine, store, tmp_path / "backup.zip")
    assert report.rows > 100
    assert backups.check(tmp_path / "backup.zip") == report
    restored = new_sqlite(tmp_path)
    assert backups.restore(restored.engine, store, tmp_path / "backup.zip") == report
    assert contents(restored, tmp_path) == contents(database, tmp_path)
    assert verifying.problems(restored.engine, store) == []


def test_a_backup_of_one_engine_restores_into_the_other(
    store: Store, database: Database, tmp_path: Path
) -> None:
    source = new_sqlite(tmp_path, "source.sqlite")
    migrating.upgrade(source.engine)
    filled(source)
    backups.back_up(source.engine, store, tmp_path / "backup.zip")
    backups.restore(database.engine, store, tmp_path / "backup.zip")
    assert contents(database, tmp_path) == contents(source, tmp_path)
    assert verifying.problems(database.engine, store) == []


def test_after_a_restore_numbering_goes_on(store: Store, database: Database, tmp_path: Path) -> None:
    source = new_sqlite(tmp_path, "source.sqlite")
    migrating.upgrade(source.engine)
    filled(source)
    backups.back_up(source.engine, store, tmp_path / "backup.zip")
    backups.restore(database.engine, store, tmp_path / "backup.zip")
    with database.begin() as session:
        last = session.scalar(select(func.max(AuditEvent.number))) or 0
        subject = session.scalars(select(Submission)).first()
        assert subject is not None
        event = auditing.record(session, SYSTEM, "looked", subject)
        session.flush()
        assert event.number == last + 1


def test_a_record_may_lie_before_its_block(store: Store, database: Database, tmp_path: Path) -> None:
    filled(database)
    with database.begin() as session:
        child = session.scalars(select(RepeatInstance).where(RepeatInstance.parent_id.is_not(None))).one()
        assert child.parent_id is not None
    backups.back_up(database.engine, store, tmp_path / "backup.zip")
    lines = [
        json.loads(line)
        for line in zipfile.ZipFile(tmp_path / "backup.zip").read("tables/repeat_instance.jsonl").splitlines()
    ]
    places = {row["id"]: place for place, row in enumerate(lines)}
    entry = next(
        each
        for each in backups.check(tmp_path / "backup.zip").manifest.tables
        if each.name == "repeat_instance"
    )
    assert entry.parents == ["parent_id"]
    order = [row["id"] for row in backups.parents_first(entry, iter(reversed(lines)))]
    assert sorted(order) == sorted(places)
    assert all(order.index(row["parent_id"]) < order.index(row["id"]) for row in lines if row["parent_id"])


def test_a_backup_taken_while_others_write_is_one_instant(
    store: Store, database: Database, tmp_path: Path
) -> None:
    filled(database, submitted=False)
    stop = threading.Event()
    saved: list[int] = []

    def write() -> None:
        while not stop.is_set():
            with database.begin() as session:
                answer = session.scalars(select(Answer).where(Answer.question_key == "contact_name")).one()
                actor = people.actor(
                    session, session.scalars(select(User).where(User.name == "AAA-fp")).one(), now()
                )
                change = Change(None, "contact_name", "", f"Person {answer.revision}", answer.revision)
                [outcome] = answering.save_answers(
                    session, answer.response_id, [change], actor, Via.AUTOSAVE, now()
                )
            assert isinstance(outcome, answering.Saved)
            saved.append(outcome.revision)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while len(saved) < 3:
            stop.wait(0.01)
        for number in range(3):
            backups.back_up(database.engine, store, tmp_path / f"{number}.zip")
    finally:
        stop.set()
        writer.join()
    for number in range(3):
        restored = new_sqlite(tmp_path, f"{number}.sqlite")
        backups.restore(restored.engine, store, tmp_path / f"{number}.zip")
        assert verifying.problems(restored.engine, store) == []


def rewritten(source: Path, target: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """The zip with its files changed; None leaves one out."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return target


def instead(file: str, content: bytes | None) -> Callable[[str, bytes], bytes | None]:
    return lambda name, present: content if name == file else present


CHANGED = "are not those that were backed up"

DAMAGES: dict[str, tuple[Callable[[str, bytes], bytes | None], str]] = {
    "words": (lambda _name, content: content.replace(b"That is it.", b"That is not"), CHANGED),
    "no rows": (instead("tables/answer.jsonl", b""), CHANGED),
    "half a row": (instead("tables/user.jsonl", b'{"id": "half'), "a row of user is damaged"),
    "no table": (instead("tables/user.jsonl", None), "not those that its manifest names"),
    "no manifest": (instead("manifest.json", None), "the backup has no manifest"),
    "empty manifest": (instead("manifest.json", b"{}"), "the manifest of the backup is damaged"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_backup_is_refused_before_anything_is_written(
    store: Store, database: Database, tmp_path: Path, damage: str
) -> None:
    change, words = DAMAGES[damage]
    filled(database)
    backups.back_up(database.engine, store, tmp_path / "backup.zip")
    damaged = rewritten(tmp_path / "backup.zip", tmp_path / "damaged.zip", change)
    with pytest.raises(BackupError, match=words):
        backups.check(damaged)
    restored = new_sqlite(tmp_path)
    with pytest.raises(BackupError, match=words):
        backups.restore(restored.engine, store, damaged)
    assert migrating.present(restored.engine) is None


def test_a_file_cut_short_or_of_another_kind_is_no_backup(
    store: Store, database: Database, tmp_path: Path
) -> None:
    backups.back_up(database.engine, store, tmp_path / "backup.zip")
    whole = (tmp_path / "backup.zip").read_bytes()
    (tmp_path / "short.zip").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "text.zip").write_text("no zip")
    for name in ("short.zip", "text.zip", "nothing.zip"):
        with pytest.raises(BackupError, match=f"there is no backup in {name}"):
            backups.check(tmp_path / name)


def test_a_database_with_rows_is_never_restored_over(
    store: Store, database: Database, tmp_path: Path
) -> None:
    filled(database)
    backups.back_up(database.engine, store, tmp_path / "backup.zip")
    before = contents(database, tmp_path)
    with pytest.raises(BackupError, match="the database is not empty"):
        backups.restore(database.engine, store, tmp_path / "backup.zip")
    assert contents(database, tmp_path) == before


def test_a_database_without_the_schema_cannot_be_backed_up(store: Store, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="run: flask database upgrade"):
        backups.back_up(new_sqlite(tmp_path).engine, store, tmp_path / "backup.zip")
    assert not (tmp_path / "backup.zip").exists()


def test_only_the_owner_reads_a_backup_and_nothing_unfinished_is_left(
    store: Store, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backups.back_up(database.engine, store, tmp_path / "backup.zip")
    assert (tmp_path / "backup.zip").stat().st_mode & 0o777 == 0o600
    monkeypatch.setattr(os, "fsync", lambda _number: (_ for _ in ()).throw(OSError("no space")))
    with pytest.raises(OSError, match="no space"):
        backups.back_up(database.engine, store, tmp_path / "second.zip")
    assert sorted(path.name for path in tmp_path.iterdir() if "sqlite" not in path.name) == ["backup.zip"]


def test_a_sound_database_has_no_problems(store: Store, database: Database) -> None:
    filled(database)
    assert verifying.problems(database.engine, store) == []


def test_what_was_changed_behind_the_services_is_found(store: Store, database: Database) -> None:
    filled(database)
    with database.begin() as session:
        session.execute(update(Submission).values(statement="Something else"))
        session.execute(update(Answer).where(Answer.question_key == "outlook").values(value="Replaced"))
        session.execute(update(Answer).where(Answer.question_key == "year").values(revision=7))
    found = "\n".join(verifying.problems(database.engine, store))
    assert "differs from its last revision" in found
    assert "are not a whole history" in found
    assert "is not what was sent" in found


def test_a_reference_to_nothing_is_found(store: Store, tmp_path: Path) -> None:
    database = new_sqlite(tmp_path)
    migrating.upgrade(database.engine)
    filled(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        connection.execute(text("DELETE FROM appointment"))
        connection.commit()
    database.dispose()
    found = verifying.problems(database.engine, store)
    assert "rows of submission point by appointment_id to a row of appointment" in "\n".join(found)
