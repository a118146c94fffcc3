"""The worker that sends letters, as a process that can be killed."""

import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field

from tests.serving import ROOT

A_MOMENT = 0.1


@dataclass
class Worker:
    """`flask jobs work` as a process of its own."""

    environ: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    chance: random.Random = field(default_factory=lambda: random.Random(7))

    def start(self) -> None:
        """Start it; it is at work a second or two later."""
        command = [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "work"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.environ, start_new_session=True)

    def lives(self) -> bool:
        """Whether it was started and has not ended by itself."""
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """SIGKILL, a moment later than now."""
        time.sleep(self.chance.uniform(0, A_MOMENT))
        self.end(signal.SIGKILL)

    def end(self, number: signal.Signals) -> int:
        """Signals the process and returns with what it ended."""
        assert self.process is not None
        if self.process.poll() is None:
            os.killpg(self.process.pid, number)
        status = self.process.wait(60)
        self.process = None
        return status
