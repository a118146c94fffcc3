"""Letters leave after the commit that caused them, from a thread beside the requests.

The rows are the truth: a letter that a stopped process left behind is sent by the next one.
"""

import logging
import threading
from dataclasses import dataclass

from flask import Flask, current_app

from app import clock
from app.database import Database
from app.services import mailing
from config import Settings

log = logging.getLogger(__name__)

LOOK_AGAIN_SECONDS = 60


@dataclass(frozen=True)
class PublicLinks:
    """Addresses in letters, made of PUBLIC_URL and never of what a request says of itself."""

    base: str

    def sign_in(self, token: str) -> str:
        """The page that signs in with this token."""
        return f"{self.base}/sign-in/{token}"

    def page(self, path: str) -> str:
        """The page with this path."""
        return f"{self.base}{path}"


class Letters:
    """Sends what is due: when woken, and every minute from the first request on."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings
        self._mailer = mailing.mailer(settings.mail_url or None, settings.mail_folder)
        self._woken = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def deliver(self) -> int:
        """Sends what is due now and returns how many letters went out."""
        links = PublicLinks(self._settings.public_url)
        begin, sender = self._database.begin, self._settings.mail_from
        return mailing.send_due(begin, self._mailer, links, sender, clock.now())

    def wake(self) -> None:
        """Has what is due sent soon, without waiting for it. Tests deliver by hand."""
        if current_app.testing:
            return
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._keep_sending, name="letters", daemon=True)
                self._thread.start()
        self._woken.set()

    def _keep_sending(self) -> None:
        while True:
            try:
                self.deliver()
            except Exception:  # the thread outlives any fault; the letters stay in their rows
                log.exception("letters could not be sent; they are tried again")
            self._woken.wait(LOOK_AGAIN_SECONDS)
            self._woken.clear()


def init_letters(app: Flask, settings: Settings) -> None:
    """Gives the application its letters; the first request of a process starts to send them."""
    database = app.extensions["database"]
    app.extensions["letters"] = Letters(database, settings)
    first = threading.Lock()

    @app.before_request
    def start_once() -> None:
        if first.acquire(blocking=False):
            letters().wake()


def letters() -> Letters:
    """The application's letters."""
    found: Letters = current_app.extensions["letters"]
    return found
