"""The worker: a few threads that do what the queue says, and look at the rows every minute.

Threads and no processes, because neither database's connections survive a fork. Huey ends at once when it is
terminated; here every signal lets the letter under way come to its end, and a second one does not.
"""

import logging
import os
import signal
import threading
import time
from types import FrameType

from app import clock
from app.jobs import periodic, queues
from app.jobs.periodic import PERIODIC
from app.jobs.work import Work
from app.services import beats

THREADS = 4
SECONDS_BETWEEN_LOOKS_AT_THE_QUEUE = 1
SECONDS_BETWEEN_LOOKS_AT_THE_THREADS = 10
SECONDS_TO_STOP = 90

log = logging.getLogger(__name__)


class Stopped(Exception):
    """The process was told to end."""


class Worker:
    """Does the jobs of this installation until it is told to stop."""

    def __init__(self, work: Work) -> None:
        self._stopping = threading.Event()
        self._work = Work(work.database, work.settings, self._stopping.is_set)
        self._free = {job.name: threading.BoundedSemaphore(job.at_once) for job in PERIODIC}
        self._queue = queues.open_queue(work.settings.queue_url, work.settings.instance, self.do)
        self._queue.every_minute(self.look_round)

    def do(self, name: str) -> None:
        """Do the job with this name, unless as many as may are at it."""
        job = periodic.named(name)
        if job is None or not self._free[name].acquire(blocking=False):
            return
        try:
            job.run(self._work, clock.now())
        finally:
            self._free[name].release()

    def look_round(self) -> None:
        """Say that a worker lives, and have done what is due."""
        now = clock.now()
        with self._work.database.begin() as session:
            beats.note(session, beats.WORKER, now)
            due = [job.name for job in PERIODIC if beats.begin_if_due(session, job.name, job.every, now)]
        for name in due:
            self._queue.put(name)

    def run(self) -> None:
        """Work until a signal comes; what is under way is ended properly, within a bounded time."""
        logging.getLogger("huey").setLevel(logging.WARNING)
        consumer = self._queue.huey.create_consumer(
            workers=THREADS,
            max_delay=SECONDS_BETWEEN_LOOKS_AT_THE_QUEUE,
            scheduler_interval=SECONDS_BETWEEN_LOOKS_AT_THE_THREADS,
            shutdown_timeout=SECONDS_TO_STOP,
        )
        for job in PERIODIC:  # whatever another worker had begun when it was killed is not waited for
            self._queue.put(job.name)
        try:
            consumer.start()
            _stop_on_signals()
            while True:
                time.sleep(SECONDS_BETWEEN_LOOKS_AT_THE_THREADS)
                consumer.check_worker_health()
        except Stopped:
            self._stopping.set()
            consumer.stop(graceful=True)


def _stop_on_signals() -> None:
    """Huey's own signal handlers are replaced: ours leave the waiting in the main thread by an exception."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise Stopped

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, stop)


def stop_this_process() -> None:
    """As if it had been told to end from outside."""
    os.kill(os.getpid(), signal.SIGTERM)


def do_everything(work: Work) -> list[str]:
    """Do every job once, now, and return the names of those that failed; the log says why."""
    failed = []
    now = clock.now()
    with work.database.begin() as session:
        beats.note(session, beats.WORKER, now)
    for job in PERIODIC:
        try:
            job.run(work, now)
        except Exception:  # the other jobs are done all the same
            log.exception("the job %s failed", job.name)
            failed.append(job.name)
    return failed
