"""Letters: written as rows with their cause, sent after the commit, and never twice for one cause.

Sending takes three steps, so that nothing leaves inside a transaction: claim what is due (and make its
secrets), send it, note the outcome.
"""

import smtplib
import ssl
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from app.models import OutboxMessage, User
from app.services.letter_writing import Links
from app.services.letters import LETTERS

CLAIM_HOLDS = timedelta(minutes=10)
ATTEMPTS = 6
AT_ONCE = 50

Begin = Callable[[], AbstractContextManager[Session]]


class Mailer(Protocol):
    """What can send a letter; it raises OSError or smtplib.SMTPException if it cannot."""

    def send(self, letter: EmailMessage) -> None:
        """Send the letter."""
        ...


@dataclass(frozen=True)
class Claimed:
    """A letter that this process may send now."""

    message_id: UUID
    letter: EmailMessage


class FolderMailer:
    """Writes each letter as a file: for places without a mail server."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, letter: EmailMessage) -> None:
        """Write the letter, readable by the owner only, whole or not at all."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = str(letter["Message-ID"]).strip("<>").partition("@")[0]
        unfinished = self._folder / f".{name}"
        unfinished.touch(mode=0o600)
        unfinished.write_bytes(bytes(letter))
        unfinished.rename(self._folder / f"{name}.eml")


class SmtpMailer:
    """Sends through a server: ``smtp://user:password@host:port`` (STARTTLS if offered) or ``smtps://…``."""

    def __init__(self, url: str, timeout: float = 20) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise ValueError("a mail server is given as smtp://host or smtps://host")
        self._host = parts.hostname
        self._secure = parts.scheme == "smtps"
        self._port = parts.port or (465 if self._secure else 25)
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password or "")
        self._timeout = timeout

    def send(self, letter: EmailMessage) -> None:
        """Send the letter over one connection."""
        with self._connected() as server:
            if self._user is not None:
                server.login(self._user, self._password)
            server.send_message(letter)

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self._secure:
            return smtplib.SMTP_SSL(self._host, self._port, timeout=self._timeout, context=context)
        server = smtplib.SMTP(self._host, self._port, timeout=self._timeout)
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
        return server


def mailer(url: str | None, folder: Path) -> Mailer:
    """The mailer of this installation: its server, or the folder where there is none."""
    return SmtpMailer(url) if url else FolderMailer(folder)


def send_due(begin: Begin, mailer: Mailer, links: Links, sender: str, now: datetime) -> int:
    """Send what is due, each letter once, and return how many went out; call it after the cause was
    committed.

    ``begin`` opens a writing session that commits at the end of its block. What could not be sent is tried
    again later, and given up visibly after six attempts.
    """
    with begin() as session:
        claimed = claim(session, links, sender, now)
    sent = 0
    for each in claimed:
        try:
            mailer.send(each.letter)
        except (OSError, smtplib.SMTPException) as problem:
            with begin() as session:
                note_failure(session, each.message_id, f"{type(problem).__name__}", now)
        else:
            sent += 1
            with begin() as session:
                note_sent(session, each.message_id, now)
    return sent


def claim(session: Session, links: Links, sender: str, now: datetime) -> list[Claimed]:
    """Take what is due so that no other process takes it, and write the letters; what goes nowhere, or is no
    longer wanted, is done with.
    """
    due = (
        select(OutboxMessage.id)
        .where(
            OutboxMessage.sent_at.is_(None),
            OutboxMessage.given_up_at.is_(None),
            OutboxMessage.due_at <= now,
            or_(OutboxMessage.claimed_at.is_(None), OutboxMessage.claimed_at < now - CLAIM_HOLDS),
        )
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    messages = session.scalars(
        update(OutboxMessage)
        .where(OutboxMessage.id.in_(due))
        .values(claimed_at=now, attempts=OutboxMessage.attempts + 1)
        .returning(OutboxMessage)
        .execution_options(populate_existing=True, synchronize_session=False)
    ).all()
    people = _people(session, [message.user_id for message in messages if message.user_id])
    claimed = []
    for message in messages:
        user = people.get(message.user_id) if message.user_id else None
        letter = None
        if user is not None and user.deactivated_at is None:
            letter = _letter(session, message, user, links, sender, now)
        if letter is None:
            message.sent_at = now
        else:
            claimed.append(Claimed(message.id, letter))
    return claimed


def _people(session: Session, ids: Sequence[UUID]) -> dict[UUID, User]:
    return {user.id: user for user in session.scalars(select(User).where(User.id.in_(ids)))}


def note_sent(session: Session, message_id: UUID, now: datetime) -> None:
    """Note that the letter went out."""
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id)
        .values(sent_at=now, claimed_at=None, last_error=None)
    )


def note_failure(session: Session, message_id: UUID, error: str, now: datetime) -> None:
    """Note that the letter could not be sent: it is due again after 1, 2, 4 … minutes, six times in all."""
    message = session.get_one(OutboxMessage, message_id, populate_existing=True)
    message.claimed_at, message.last_error = None, error
    message.due_at = now + timedelta(minutes=2 ** (message.attempts - 1))
    if message.attempts >= ATTEMPTS:
        message.given_up_at = now


def _letter(
    session: Session, message: OutboxMessage, user: User, links: Links, sender: str, now: datetime
) -> EmailMessage | None:
    written = LETTERS[message.kind](session, message, user, links, now)
    if written is None:
        return None
    subject, text = written
    letter = EmailMessage()
    letter["From"] = sender
    letter["To"] = user.email
    letter["Subject"] = subject
    letter["Date"] = format_datetime(now)
    letter["Message-ID"] = f"<{message.id}-{message.attempts}@{sender.rpartition('@')[2].rstrip('>')}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(text)
    return letter
