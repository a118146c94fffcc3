"""Files beside answers: frozen with what is submitted, found when damaged, carried by backups."""

import hashlib
import io
import json
import multiprocessing
import os
import signal
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, select

from app import migrating
from app.database import Database
from app.models import Attachment, File, Response, SubmissionAttachment, User
from app.queries import files, people
from app.services import attaching, backups, filing, repeating, submitting, verifying
from app.services.attaching import Where
from app.services.backup_format import BackupError
from app.services.errors import NotFound, NotPossible, ResponseLocked
from app.storage import Store
from tests import factories
from tests.factories import ABOUT, NOW, World
from tests.storing import PDF, unfinished, word

SHA256 = hashlib.sha256(PDF).hexdigest()


@pytest.fixture(autouse=True)
def attachable(monkeypatch: pytest.MonkeyPatch) -> None:
    """In this small world files can be attached to what comes next, and to each effect's example."""
    outlook = {**ABOUT[1], "attachments": {"max": 3}}
    monkeypatch.setattr(factories, "ABOUT", [ABOUT[0], outlook])
    effects = factories.PER_MECHANISM[4]
    example = {**effects["fields"][0], "attachments": {"max": 2}}
    changed = {**effects, "fields": [example, *effects["fields"][1:]]}
    per = [*factories.PER_MECHANISM[:4], changed, *factories.PER_MECHANISM[5:]]
    monkeypatch.setattr(factories, "PER_MECHANISM", per)


def filled(database: Database, store: Store) -> None:
    """Arcadia attached a plan to what comes next, a link, and a law to an example; all is submitted."""
    with database.begin() as session:
        world = factories.world(session)
        world.complete("AAA")
        world.say("AAA", None, outlook="More")
        response, block = world.response("AAA"), world.block("AAA", "alpha")
        record = repeating.add_record(session, response, "effects", block, world.actors["AAA"], NOW)
        attach(world, store, PDF, "plan.pdf")
        link = attaching.link("https://law.example/1", "Act 1")
        attaching.attach(session, Where(response, None, "outlook"), link, world.actors["AAA"], NOW)
        attach(world, store, word(), "law.docx", record.id, "example")
        submitting.submit(session, response, "That is it.", world.actors["AAA"], NOW)


def attach(
    world: World, store: Store, content: bytes, name: str, instance: Any = None, key: str = "outlook"
) -> Attachment:
    where = Where(world.response("AAA"), instance, key)
    received = filing.receive(store, io.BytesIO(content), name)
    return attaching.attach(world.session, where, received, world.actors["AAA"], NOW)


def path_of(store: Store, sha256: str) -> Path:
    with store.open(sha256) as content:
        return Path(content.name)


def test_a_submission_freezes_what_is_attached_and_its_digest_covers_it(
    database: Database, store: Store
) -> None:
    filled(database, store)
    with database.begin() as session:
        frozen = session.scalars(select(SubmissionAttachment)).all()
        assert len(frozen) == 3
        assert verifying.problems(database.engine, store) == []
        row = session.scalars(select(Attachment).where(Attachment.name == "plan.pdf")).one()
        row.name = "another.pdf"
    assert "is not what was sent" in "\n".join(verifying.problems(database.engine, store))


def test_what_was_submitted_stands_whatever_the_amendment_removes(database: Database, store: Store) -> None:
    filled(database, store)
    with database.begin() as session:
        row = session.scalars(select(Attachment).where(Attachment.name == "plan.pdf")).one()
        actor = people.actor(session, session.get_one(User, row.added_by_id), NOW)
        with pytest.raises(ResponseLocked):
            attaching.remove(session, row.response_id, row.id, actor, NOW)
        submitting.reopen(session, row.response_id, "A mistake", actor, NOW)
        attaching.remove(session, row.response_id, row.id, actor, NOW)
        assert "plan.pdf" in [each.name for each in files.submitted(session, row.response_id)]
        submitting.submit(session, row.response_id, "Without.", actor, NOW)
        assert "plan.pdf" not in [each.name for each in files.submitted(session, row.response_id)]
    assert verifying.problems(database.engine, store) == []


def test_what_hangs_on_a_question_that_is_not_asked_is_kept_and_not_sent(
    database: Database, store: Store
) -> None:
    with database.begin() as session:
        world = factories.world(session)
        world.complete("AAA")
        block = world.block("AAA", "alpha")
        record = repeating.add_record(
            session, world.response("AAA"), "effects", block, world.actors["AAA"], NOW
        )
        attach(world, store, PDF, "law.pdf", record.id, "example")
        repeating.remove_instance(session, world.response("AAA"), record.id, world.actors["AAA"], NOW)
        submitting.submit(session, world.response("AAA"), "Done.", world.actors["AAA"], NOW)
        assert session.scalars(select(SubmissionAttachment)).all() == []
        assert len(files.attached(session, world.response("AAA"))) == 1


def test_there_is_no_more_room_to_bring_back_than_to_attach(database: Database, store: Store) -> None:
    with database.begin() as session:
        world = factories.world(session)
        actor, response = world.actors["AAA"], world.response("AAA")
        first = attach(world, store, PDF, "0.pdf")
        attaching.remove(session, response, first.id, actor, NOW)
        for number in (1, 2, 3):
            attach(world, store, PDF, f"{number}.pdf")
        with pytest.raises(NotPossible, match="At most 3 files"):
            attaching.restore(session, response, first.id, actor, NOW)
        with pytest.raises(NotFound):
            attach(world, store, PDF, "x.pdf", key="contact_name")


def test_missing_and_altered_files_are_found(database: Database, store: Store) -> None:
    filled(database, store)
    path_of(store, SHA256).write_bytes(PDF[:-1] + b"!")
    path_of(store, hashlib.sha256(word()).hexdigest()).unlink()
    found = verifying.problems(database.engine, store)
    assert f"file {SHA256} is not what was handed in" in found
    assert f"file {hashlib.sha256(word()).hexdigest()} is missing" in found


def test_a_backup_carries_the_files_and_brings_them_back(
    database: Database, store: Store, tmp_path: Path
) -> None:
    filled(database, store)
    report = backups.back_up(database.engine, store, tmp_path / "backup.zip")
    assert len(report.manifest.files) == 2
    assert report.lost == []
    restored, elsewhere = _new(tmp_path), Store(tmp_path / "elsewhere")
    backups.restore(restored.engine, elsewhere, tmp_path / "backup.zip")
    assert verifying.problems(restored.engine, elsewhere) == []
    with elsewhere.open(SHA256) as content:
        assert content.read() == PDF
    restored.dispose()


def _new(folder: Path) -> Database:
    return Database(URL.create("sqlite", database=str(folder / "new.sqlite")))


def _rewritten(source: Path, target: Path, change: Any) -> Path:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            if (content := change(name, old.read(name))) is not None:
                new.writestr(name, content)
    return target


def test_a_backup_with_an_altered_file_restores_nothing(
    database: Database, store: Store, tmp_path: Path
) -> None:
    filled(database, store)
    backups.back_up(database.engine, store, tmp_path / "backup.zip")
    damaged = _rewritten(
        tmp_path / "backup.zip",
        tmp_path / "damaged.zip",
        lambda name, content: content + b"x" if name == f"files/{SHA256}" else content,
    )
    restored, elsewhere = _new(tmp_path), Store(tmp_path / "elsewhere")
    with pytest.raises(BackupError, match=f"the file {SHA256} is damaged"):
        backups.restore(restored.engine, elsewhere, damaged)
    assert migrating.present(restored.engine) is None
    assert not (tmp_path / "elsewhere").exists()
    restored.dispose()


def test_a_file_that_is_lost_holds_up_no_backup_and_is_named(
    database: Database, store: Store, tmp_path: Path
) -> None:
    filled(database, store)
    path_of(store, SHA256).unlink()
    report = backups.back_up(database.engine, store, tmp_path / "backup.zip")
    assert report.lost == [SHA256]
    assert backups.check(tmp_path / "backup.zip") == report


def test_a_backup_from_before_there_were_files_still_restores(
    database: Database, store: Store, tmp_path: Path
) -> None:
    with database.begin() as session:
        factories.world(session)
    backups.back_up(database.engine, store, tmp_path / "backup.zip")

    def older(name: str, content: bytes) -> bytes:
        if name != "manifest.json":
            return content
        manifest = json.loads(content)
        del manifest["files"]
        return json.dumps({**manifest, "format": 1}).encode()

    before = _rewritten(tmp_path / "backup.zip", tmp_path / "older.zip", older)
    restored = _new(tmp_path)
    backups.restore(restored.engine, store, before)
    assert verifying.problems(restored.engine, store) == []
    restored.dispose()


def _killed(url: str, folder: Path) -> None:
    """Attach a file, and be killed when it lies in the store and its row is not committed."""
    database, store = Database(url), Store(folder)
    with database.begin() as session:
        user = session.scalars(select(User).where(User.email == "aaa-fp@example.org")).one()
        actor = people.actor(session, user, NOW)
        organisation = actor.appointments[0].organisation_id
        found = session.scalars(select(Response).where(Response.organisation_id == organisation)).one()
        received = filing.receive(store, io.BytesIO(PDF), "plan.pdf")
        attaching.attach(session, Where(found.id, None, "outlook"), received, actor, NOW)
        os.kill(os.getpid(), signal.SIGKILL)


def test_a_process_killed_between_file_and_row_leaves_no_row_without_its_file(
    database: Database, store: Store, tmp_path: Path
) -> None:
    with database.begin() as session:
        factories.world(session)
    url = database.engine.url.render_as_string(hide_password=False)
    database.dispose()
    process = multiprocessing.get_context("fork").Process(target=_killed, args=(url, tmp_path / "killed"))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    left = Store(tmp_path / "killed")
    with database.read() as session:
        assert session.scalars(select(File)).all() == []
        assert session.scalars(select(Attachment)).all() == []
    with left.open(SHA256) as content:
        assert content.read() == PDF, "the file was durable before its row was committed"
    assert unfinished(tmp_path) == []
    assert verifying.problems(database.engine, left) == []
