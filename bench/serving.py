"""The production server under the benchmark, and how much processor time its processes have used."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
WAIT = 30


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int
    process: int

    def cpu_ms(self) -> float:
        """Milliseconds of processor time that all processes of the server have used so far."""
        return sum(_thread_ms(pid) for pid in [self.process, *_children(self.process)])


@contextmanager
def serving(environment: Mapping[str, str]) -> Iterator[Server]:
    """Start gunicorn as in production, with the baselines beside the service; it ends with the block."""
    port = _free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", str(ROOT / "deploy" / "gunicorn.conf.py")]
    command += ["--bind", f"127.0.0.1:{port}", "bench.wsgi:app"]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment})
    try:
        _wait(port, process)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(WAIT)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + WAIT
    while time.monotonic() < ends:
        if process.poll() is not None:
            raise RuntimeError(f"The server ended with {process.returncode} before it answered.")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
        try:
            connection.request("GET", "/bare/page")
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise RuntimeError(f"The server did not answer within {WAIT} seconds.")


def _children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task")
    return [int(child) for task in tasks.iterdir() for child in (task / "children").read_text().split()]


def _thread_ms(pid: int) -> float:
    """From the scheduler's own account of each thread, which is finer than the clock ticks of ``stat``."""
    nanoseconds = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            nanoseconds += int((task / "schedstat").read_text().split()[0])
        except FileNotFoundError:
            continue
    return nanoseconds / 1_000_000
