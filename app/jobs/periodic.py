"""The jobs that come round: one line for each. A new one is a module with a ``run`` and a line here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.jobs import bouncing, digesting, reminding, sending
from app.jobs.work import Work


@dataclass(frozen=True)
class Job:
    """What is run at least so often while a worker lives, at most ``at_once`` times at once in one worker.

    ``run`` finds in rows what is due, in transactions of its own (``work.database.begin()``), and may run
    twice, late, or beside itself on another machine: a key in a row makes a second effect impossible.
    """

    name: str
    every_minutes: int
    run: Callable[[Work, datetime], object]
    at_once: int = 1

    @property
    def every(self) -> timedelta:
        """How long after it was begun it is due again."""
        return timedelta(minutes=self.every_minutes)


PERIODIC: tuple[Job, ...] = (
    Job(sending.NAME, 1, sending.run, at_once=2),
    Job(bouncing.NAME, 5, bouncing.run),
    Job(reminding.NAME, 5, reminding.run),
    Job(digesting.NAME, 10, digesting.run),
)


def named(name: str) -> Job | None:
    """The job with this name."""
    return next((job for job in PERIODIC if job.name == name), None)
