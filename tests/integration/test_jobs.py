"""What is done outside requests: the queue that wakes, the jobs that come round, the commands."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from huey.registry import Message
from sqlalchemy import select

from app import clock, create_app
from app.database import Database
from app.jobs import periodic, queues, worker
from app.jobs.periodic import Job
from app.jobs.queues import JsonSerializer
from app.jobs.work import Work
from app.jobs.worker import Worker
from app.models import OutboxMessage, WorkerBeat
from app.policy import SYSTEM
from app.queries import workers
from app.services import beats, people, signing_in
from config import Settings, SettingsError
from tests.factories import NOW
from tests.serving import ROOT, environment

MINUTE = timedelta(minutes=1)
EMAIL = "ada@ministry.example"


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    return Settings(
        environment="development",
        secret_key="a key that only the tests know, and nobody else",
        instance=tmp_path,
        database_url=database.engine.url.render_as_string(hide_password=False),
        public_url="http://127.0.0.1:7001",
        mail_url="",
        mail_folder=tmp_path / "mail",
    )


@pytest.fixture
def asked(database: Database) -> Database:
    """Somebody has asked for a link."""
    with database.begin() as session:
        people.add_user(session, EMAIL, "Ada", SYSTEM, now=clock.now())
        session.flush()
        signing_in.request_link(session, EMAIL, clock.now(), "a browser")
    return database


def sent(database: Database) -> list[datetime | None]:
    with database.read() as session:
        return list(session.scalars(select(OutboxMessage.sent_at)))


def until(true: Callable[[], object]) -> None:
    """Waits for what another process does; the test's own time limit ends it."""
    while not true():
        time.sleep(0.02)


def test_a_job_is_begun_once_in_its_time_whoever_asks(database: Database) -> None:
    def begun(minutes: float) -> bool:
        with database.begin() as session:
            return beats.begin_if_due(session, "job", 5 * MINUTE, NOW + minutes * MINUTE)

    assert [begun(0), begun(0), begun(4), begun(5), begun(5), begun(60)] == [
        *(True, False, False),
        *(True, False, True),
    ]


def test_staff_are_told_when_no_worker_has_been_at_work_for_five_minutes(database: Database) -> None:
    def silent(at: datetime) -> bool:
        with database.read() as session:
            return workers.is_silent(workers.last_at_work(session), at)

    assert silent(NOW)
    with database.begin() as session:
        beats.note(session, beats.WORKER, NOW)
    assert not silent(NOW + 4 * MINUTE)
    assert silent(NOW + 6 * MINUTE)


def test_a_task_is_plain_json_and_nothing_else_is_taken() -> None:
    serializer = JsonSerializer()
    message = Message("id", "app.jobs.queues.do", args=("send_letters",), kwargs={})
    data = serializer.serialize(message)
    assert data == b'["id", "app.jobs.queues.do", "send_letters"]'
    assert serializer.deserialize(data).args == ("send_letters",)
    with pytest.raises(TypeError):
        serializer.serialize(Message("id", "do", args=(object(),), kwargs={}))
    pickled = b"\x80\x05\x95\x1f\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x94\x8c\x06system\x94\x93\x94."
    for wrong in (pickled, b"{}", b"[]", b'["id"]', b'["id", "do", 1]', b'["a", "b", "c", "d"]', b"[" * 9000):
        with pytest.raises((ValueError, UnicodeDecodeError, RecursionError)):
            serializer.deserialize(wrong)


def test_waking_wakes_and_does_not_pile_up(tmp_path: Path) -> None:
    queue = queues.open_queue("", tmp_path)
    for _number in range(3 * queues.MOST_WAITING):
        queue.put("send_letters")
    assert queue.huey.storage.queue_size() == queues.MOST_WAITING


def test_a_queue_of_an_unknown_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="redis://"):
        queues.open_queue("amqp://queue.example", tmp_path)


def test_the_queue_can_lie_in_postgresql(database: Database, tmp_path: Path) -> None:
    if database.engine.dialect.name != "postgresql":
        pytest.skip("this database is not PostgreSQL")
    done: list[str] = []
    url = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    queue = queues.open_queue(url, tmp_path, done.append)
    queue.put("send_letters")
    queue.huey.execute(queue.huey.dequeue())
    queue.huey.storage.close()
    assert done == ["send_letters"]


def test_a_page_that_causes_a_letter_wakes_the_worker_after_its_commit(
    settings: Settings, asked: Database
) -> None:
    app = create_app(settings)
    with app.app_context():
        app.extensions["letters"].wake()
    seen: list[str] = []
    queue = queues.open_queue("", settings.instance, seen.append)
    queue.huey.execute(queue.huey.dequeue())
    assert seen == ["send_letters"]
    app.extensions["database"].dispose()


def test_a_queue_out_of_reach_fails_no_page(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    settings.instance.joinpath(queues.FILE).mkdir()
    app = create_app(settings)
    with app.app_context():
        app.extensions["letters"].wake()
    assert "could not be woken" in caplog.text
    app.extensions["database"].dispose()


def test_no_job_runs_beside_itself_more_often_than_it_may(
    settings: Settings, asked: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []

    def nested(_work: Work, _now: datetime) -> None:
        ran.append("job")
        made.do("job")

    job = Job("job", 1, nested)
    monkeypatch.setattr(periodic, "PERIODIC", (job,))
    monkeypatch.setattr(worker, "PERIODIC", (job,))
    made = Worker(Work(asked, settings))
    made.do("job")
    made.do("unknown")
    assert ran == ["job"]


def test_looking_round_says_that_a_worker_lives_and_puts_in_what_is_due(
    settings: Settings, asked: Database
) -> None:
    made = Worker(Work(asked, settings))
    made.look_round()
    made.look_round()
    with asked.read() as session:
        names = set(session.scalars(select(WorkerBeat.name)))
    assert names == {beats.WORKER, *(job.name for job in periodic.PERIODIC)}
    waiting = queues.open_queue("", settings.instance).huey.storage.queue_size()
    assert waiting == len(periodic.PERIODIC)


def run(app: Flask, *words: str) -> tuple[int, str]:
    with app.app_context():
        result = app.test_cli_runner().invoke(args=list(words))
    app.extensions["database"].dispose()
    return result.exit_code, result.output


def test_once_does_everything_that_is_due_and_says_what_failed(
    settings: Settings, asked: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(create_app(settings), "jobs", "once") == (0, "")
    assert None not in sent(asked)
    assert len(list(settings.mail_folder.glob("*.eml"))) == 1

    def broken(_work: Work, _now: datetime) -> None:
        raise RuntimeError

    monkeypatch.setattr(worker, "PERIODIC", (Job("first", 1, broken), Job("second", 1, lambda *_: None)))
    code, output = run(create_app(settings), "jobs", "once")
    assert (code, "These failed, and the log says why: first." in output) == (1, True)


def test_the_worker_does_not_start_on_a_database_without_tables(settings: Settings, tmp_path: Path) -> None:
    values = {**settings.__dict__, "database_url": f"sqlite:///{tmp_path / 'empty.sqlite'}"}
    code, output = run(create_app(Settings(**values)), "jobs", "work")
    assert (code, "flask database upgrade" in output) == (1, True)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_the_worker_sends_and_ends_when_it_is_told(
    settings: Settings, asked: Database, number: signal.Signals
) -> None:
    environ = environment(settings.instance, settings.database_url, 0)
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "work"]
    process = subprocess.Popen(command, cwd=ROOT, env=environ)
    until(lambda: None not in sent(asked))
    process.send_signal(number)
    assert process.wait(60) == 0


def test_a_worker_beside_a_server_ends_with_it(settings: Settings, asked: Database) -> None:
    """Also when the server is killed: here a process that starts the worker, and becomes another."""
    environ = environment(settings.instance, settings.database_url, 0)
    stub = (
        "import os, subprocess, sys\n"
        "words = [sys.executable, '-m', 'flask', '--app', 'wsgi', 'jobs', 'work', '--beside']\n"
        "words.append(str(os.getpid()))\n"
        "print(subprocess.Popen(words).pid, flush=True)\n"
        "os.execvp('sleep', ['sleep', '600'])\n"
    )
    server = subprocess.Popen([sys.executable, "-c", stub], cwd=ROOT, env=environ, stdout=subprocess.PIPE)
    assert server.stdout is not None
    beside = int(server.stdout.readline())
    until(lambda: None not in sent(asked))
    server.kill()
    server.wait()
    until(lambda: not _lives(beside))
    server.stdout.close()


def _lives(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
