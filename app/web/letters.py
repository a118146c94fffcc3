"""Letters leave after the commit that caused them: a page wakes the worker, which sends what is due.

The rows are the truth. Where the queue is out of reach the page is shown all the same: the worker looks at
the rows every minute.
"""

import logging
import threading

from flask import Flask, current_app

from app import clock
from app.database import Database
from app.jobs import queues, sending
from app.jobs.queues import Queue
from app.jobs.work import PublicLinks, Work
from config import Settings

log = logging.getLogger(__name__)


class Letters:
    """The pages' side of the queue."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._work = Work(database, settings)
        self._opening = threading.Lock()
        self._queue: Queue | None = None

    @property
    def links(self) -> PublicLinks:
        """The addresses that letters name."""
        return self._work.links

    def deliver(self) -> int:
        """Sends what is due now, without the worker, and returns how many letters went out."""
        return sending.run(self._work, clock.now())

    def wake(self) -> None:
        """Has what is due sent soon, without waiting for it; to be called after the commit."""
        if current_app.testing:
            return
        try:
            self._opened().put(sending.NAME)
        except Exception:  # the letters stay in their rows, and the worker finds them there
            log.exception("the worker could not be woken; it looks for letters every minute")

    def _opened(self) -> Queue:
        with self._opening:
            if self._queue is None:
                settings = self._work.settings
                self._queue = queues.open_queue(settings.queue_url, settings.instance)
            return self._queue


def init_letters(app: Flask, settings: Settings) -> None:
    """Gives the application its letters."""
    app.extensions["letters"] = Letters(app.extensions["database"], settings)


def letters() -> Letters:
    """The application's letters."""
    found: Letters = current_app.extensions["letters"]
    return found
