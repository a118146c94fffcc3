"""The production server as a process of its own on a demonstration, for tests that look at it or kill it."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app import clock
from app.database import Database
from app.jobs import sending
from app.jobs.work import Work
from app.services import demonstration
from config import Settings

ROOT = Path(__file__).resolve().parents[1]
SECONDS_TO_START = 90
SECONDS_TO_STOP = 25


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """A service on a folder and a database of its own; it keeps its port when it is started again."""

    folder: Path
    database_url: str
    workers: int = 1
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """The environment of its processes and of the commands beside it."""
        return environment(self.folder, self.database_url, self.port) | {
            "RAPPORTEUR_WORKERS": str(self.workers)
        }

    @property
    def links(self) -> dict[str, str]:
        """A sign-in link for each persona of the demonstration."""
        return demonstration.links(self.folder, self.url)

    def deliver(self) -> None:
        """Sends the letters that are due, as the worker beside a server does."""
        database = Database(self.database_url)
        try:
            sending.run(Work(database, Settings.from_environment(self.environment)), clock.now())
        finally:
            database.dispose()

    def flask(self, *words: str) -> str:
        """Runs a command beside the server and returns what it printed."""
        return flask(self.environment, *words)

    def start(self) -> None:
        """Starts all processes in a group of their own, and returns when they answer."""
        command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
        command += ["--bind", f"127.0.0.1:{self.port}", "wsgi:app"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, start_new_session=True)
        self._wait_until_up(self.process)

    def stop(self) -> None:
        """Ends it as an operator does: what is under way is finished."""
        if self.process is None:
            return
        self._signal(signal.SIGCONT)
        self.process.terminate()
        try:
            self.process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            self.kill()
        self.process = None

    def freeze(self) -> None:
        """Stops every process where it stands, as if the machine had halted."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Lets the processes go on."""
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """SIGKILL for every process at once."""
        self._signal(signal.SIGKILL)
        if self.process is not None:
            self.process.wait(SECONDS_TO_STOP)
        self.process = None

    def _signal(self, number: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, number)

    def _wait_until_up(self, process: subprocess.Popen[bytes]) -> None:
        last = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < last:
            assert process.poll() is None, "the server ended before it was up"
            try:
                with urllib.request.urlopen(f"{self.url}/health", timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        self.kill()
        pytest.fail(f"the server did not come up within {SECONDS_TO_START} seconds")


def environment(folder: Path, database_url: str, port: int) -> dict[str, str]:
    """The environment of a demonstration whose files lie in the folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RAPPORTEUR_")}
    return kept | {
        "RAPPORTEUR_ENV": "demo",
        "RAPPORTEUR_INSTANCE": str(folder),
        "DATABASE_URL": database_url,
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "PORT": str(port),
    }


def database_file(folder: Path) -> str:
    """The URL of the SQLite database in a demonstration's folder."""
    return f"sqlite:///{folder / 'rapporteur.sqlite'}"


def flask(environ: dict[str, str], *words: str) -> str:
    """Runs a command in this environment, expects it to succeed, and returns what it printed."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def prepare(shared: Path) -> Path:
    """The folder of a loaded demonstration, made by the first who asks among all processes of a test run."""
    folder = shared / "demonstration"
    with (shared / "demonstration.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "demonstration.made").exists():
            flask(environment(folder, database_file(folder), 0), "demo", "prepare", "--small")
            (shared / "demonstration.made").touch()
    return folder


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a loaded demonstration, never written to: each server gets a copy."""
    own = tmp_path_factory.getbasetemp()
    return prepare(own.parent if "PYTEST_XDIST_WORKER" in os.environ else own)
