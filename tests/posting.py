"""Sending in tests: a mailer that keeps what it is given, and all else that sending needs."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from email.message import EmailMessage

from sqlalchemy.orm import Session

from app.services import mailing
from app.services.mailing import Office
from app.services.posting import Mailer

SENDER = "Rapporteur <no-reply@survey.example>"


class Links:
    """Addresses of a service that is not there."""

    def sign_in(self, token: str) -> str:
        return f"https://survey.example/sign-in/{token}"

    def page(self, path: str) -> str:
        return f"https://survey.example{path}"


class Kept:
    """A mailer that keeps letters; ``fault`` is raised when one is offered, ``late_fault`` at its text."""

    lost = False

    def __init__(self, fault: Exception | None = None, late_fault: Exception | None = None) -> None:
        self.letters: list[EmailMessage] = []
        self.fault = fault
        self.late_fault = late_fault

    def connect(self) -> "Kept":
        return self

    def offer(self, letter: EmailMessage) -> None:
        if self.fault is not None:
            raise self.fault

    def hand_over(self, letter: EmailMessage) -> None:
        if self.late_fault is not None:
            raise self.late_fault
        self.letters.append(letter)

    def close(self) -> None:
        pass


def in_savepoints(session: Session) -> Callable[[], AbstractContextManager[Session]]:
    """Each block a transaction of its own, inside the test's."""

    @contextmanager
    def begin() -> Iterator[Session]:
        with session.begin_nested():
            yield session

    return begin


def office(session: Session, mailer: Mailer, now: datetime) -> Office:
    """All that sending needs, at a moment that stands still."""
    return Office(in_savepoints(session), mailer, Links(), SENDER, lambda: now)


def sent(session: Session, now: datetime) -> list[EmailMessage]:
    """Send what is due, and return the letters."""
    mailer = Kept()
    mailing.send_due(office(session, mailer, now))
    return mailer.letters
