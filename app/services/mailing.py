"""Letters: written as rows with their cause, sent after the commit, and none of them twice.

Nothing leaves inside a transaction, and each step is noted in one of its own: claim a letter and write it;
offer it to the server; note that it is handed over; give its text away; note what came of it. Whatever is
killed in between, a letter that may have arrived is never sent again by itself.
"""

import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from app.models import OutboxMessage, Round, User
from app.queries import reachability
from app.services import address_failures, letter_form
from app.services.address_failures import Refused as RefusedAddress
from app.services.letter_form import Envelope, WrongAddress
from app.services.letter_writing import Letter, Links, Unwanted, Written
from app.services.letters import LETTERS
from app.services.posting import Connection, Deferred, FolderMailer, Mailer, NoAnswer, Refused, Unreachable
from app.services.smtp import SmtpMailer

CLAIM_HOLDS = timedelta(minutes=10)
AT_ONCE = 200
LOST_IN_A_ROW = 3
"""After so many connections that broke one after the other the rest waits for the next run."""
WAITS = (1, 2, 4, 8, 15, 30, 60, 120, 240)
"""Minutes until a letter is tried again; the last one holds on."""
ATTEMPTS = 24
"""In all: nearly three days."""
UNREACHABLE_WAITS = timedelta(minutes=2)

Begin = Callable[[], AbstractContextManager[Session]]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Office:
    """All that sending needs of the outside. ``begin`` opens a writing session that commits at the end of its
    block; ``stopping`` is asked between two letters.
    """

    begin: Begin
    mailer: Mailer
    links: Links
    sender: str
    clock: Callable[[], datetime]
    stopping: Callable[[], bool] = lambda: False


@dataclass(frozen=True)
class Claim:
    """That one process may send a letter now. Whoever slept until another one took it over holds it no more,
    and what it would note then is not noted.
    """

    message_id: UUID
    at: datetime

    def held(self, session: Session) -> OutboxMessage | None:
        """The letter's row, as long as the claim holds."""
        return session.scalars(
            select(OutboxMessage)
            .where(OutboxMessage.id == self.message_id, OutboxMessage.claimed_at == self.at)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).one_or_none()


@dataclass(frozen=True)
class Claimed(Claim):
    """A claim with the letter as it goes out."""

    letter: EmailMessage


def mailer(url: str | None, folder: Path, sender: str) -> Mailer:
    """The mailer of this installation: its server, or the folder where there is none. Raises ValueError."""
    name = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    return SmtpMailer(url, name) if url else FolderMailer(folder)


def send_due(office: Office) -> int:
    """Send what is due, each letter once, and return how many went out; call it after the cause was
    committed.

    What a server does not take now is tried again with growing pauses; what it refuses is given up at once,
    with its words. A server out of reach ends the run, and the next one tries again.
    """
    run = _Run(office)
    try:
        while not office.stopping():
            with office.begin() as session:
                waiting = due(session, office.clock())
            if not waiting or not all(run.send(message_id) for message_id in waiting):
                break
    finally:
        run.close()
    return run.sent


def _is_due(now: datetime) -> ColumnElement[bool]:
    return and_(
        OutboxMessage.sent_at.is_(None),
        OutboxMessage.given_up_at.is_(None),
        OutboxMessage.dropped_at.is_(None),
        OutboxMessage.handed_at.is_(None),
        OutboxMessage.due_at <= now,
        or_(OutboxMessage.claimed_at.is_(None), OutboxMessage.claimed_at < now - CLAIM_HOLDS),
    )


def due(session: Session, now: datetime) -> Sequence[UUID]:
    """The letters that wait to be sent now, the longest due first."""
    return session.scalars(
        select(OutboxMessage.id)
        .where(_is_due(now))
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
        .limit(AT_ONCE)
    ).all()


class _Run:
    """One going through the letters, over one connection as long as it holds."""

    def __init__(self, office: Office) -> None:
        self.sent = 0
        self._office = office
        self._connection: Connection | None = None
        self._lost = 0

    def send(self, message_id: UUID) -> bool:
        """Send one letter; whether it makes sense to go on with the next."""
        office = self._office
        if office.stopping():
            return False
        with office.begin() as session:
            claimed = claim(session, message_id, office)
        if claimed is None:
            return True
        try:
            self._post(claimed)
        except Unreachable as trouble:
            with office.begin() as session:
                note_unreachable(session, claimed, str(trouble), office.clock())
            return False
        except Deferred as trouble:
            with office.begin() as session:
                note_later(session, claimed, str(trouble), office.clock())
        except Refused as trouble:
            with office.begin() as session:
                note_refused(session, claimed, trouble, office.clock())
        except NoAnswer as trouble:
            with office.begin() as session:
                note_no_answer(session, claimed, str(trouble))
        return self._goes_on()

    def _post(self, claimed: Claimed) -> None:
        office = self._office
        if self._connection is None:
            self._connection = office.mailer.connect()
        self._connection.offer(claimed.letter)
        with office.begin() as session:
            mine = note_handed(session, claimed, office.clock())
        if mine:
            self._connection.hand_over(claimed.letter)
            self.sent += 1
            with office.begin() as session:
                note_sent(session, claimed, office.clock())

    def _goes_on(self) -> bool:
        if self._connection is None or not self._connection.lost:
            self._lost = 0
            return True
        self.close()
        self._lost += 1
        return self._lost < LOST_IN_A_ROW

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def claim(session: Session, message_id: UUID, office: Office) -> Claimed | None:
    """Take a letter that is due so that no other process takes it, and write it.

    None if another one has it, or if it goes nowhere, which is noted then with the reason. A writer that
    fails holds up its own letter and no other.
    """
    now = office.clock()
    message = session.scalars(
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id, _is_due(now))
        .values(claimed_at=now, attempts=OutboxMessage.attempts + 1)
        .returning(OutboxMessage)
        .execution_options(populate_existing=True, synchronize_session=False)
    ).one_or_none()
    if message is None:
        return None
    try:
        with session.begin_nested():
            written = _written(session, message, office, now)
    except Exception as fault:  # a fault in the words of one letter; the others go out
        log.exception("the letter %s could not be written", message.id)
        _later(message, f"It could not be written ({type(fault).__name__}).", now)
        return None
    if isinstance(written, Unwanted):
        message.dropped_at, message.dropped_why, message.claimed_at = now, written.value, None
        return None
    message.subject = letter_form.one_line(written.subject)
    try:
        letter = letter_form.compose(_envelope(session, message, office.sender, now), written)
    except WrongAddress as wrong:
        _refuse(session, message, Refused(str(wrong), address_fails=True), now)
        return None
    return Claimed(message.id, now, letter)


def _written(session: Session, message: OutboxMessage, office: Office, now: datetime) -> Letter | Unwanted:
    user = session.get(User, message.user_id) if message.user_id else None
    if user is None:
        return Unwanted.NOBODY
    if user.deactivated_at is not None:
        return Unwanted.DEACTIVATED
    if message.round_id is not None and reachability.address_fails(session, user):
        return Unwanted.ADDRESS_FAILS
    message.address = user.email
    return as_written(LETTERS[message.kind](session, message, user, office.links, now))


def as_written(said: Written | Unwanted | None) -> Letter | Unwanted:
    """What a writer gave back, in one form."""
    if said is None:
        return Unwanted.NOT_WANTED
    return Letter(*said) if isinstance(said, tuple) else said


def _envelope(session: Session, message: OutboxMessage, sender: str, now: datetime) -> Envelope:
    """Answers to a letter of a round go to whom one asks about it."""
    round_ = session.get(Round, message.round_id) if message.round_id else None
    contact = (round_.contact or {}).get("email") if round_ else None
    return Envelope(message.id, sender, message.address or "", now, contact)


def note_handed(session: Session, claimed: Claim, now: datetime) -> bool:
    """Note that the text is about to be given away; whether the letter still is this process's to send."""
    message = claimed.held(session)
    if message is None:
        return False
    message.handed_at = now
    return True


def note_sent(session: Session, claimed: Claim, now: datetime) -> None:
    """Note that a server took the letter."""
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == claimed.message_id)
        .values(sent_at=now, claimed_at=None, last_error=None)
    )


def note_later(session: Session, claimed: Claim, words: str, now: datetime) -> None:
    """Note that nothing of the letter was taken: it is due again later, up to the last attempt."""
    message = claimed.held(session)
    if message is not None:
        _later(message, words, now)


def _later(message: OutboxMessage, words: str, now: datetime) -> None:
    message.claimed_at = message.handed_at = None
    message.last_error = words
    message.due_at = now + timedelta(minutes=WAITS[min(message.attempts, len(WAITS)) - 1])
    if message.attempts >= ATTEMPTS:
        message.given_up_at = now


def note_unreachable(session: Session, claimed: Claim, words: str, now: datetime) -> None:
    """Note that there was no server to give it to: this is no attempt, however long it lasts."""
    message = claimed.held(session)
    if message is not None:
        message.claimed_at = None
        message.attempts -= 1
        message.last_error = words
        message.due_at = now + UNREACHABLE_WAITS


def note_refused(session: Session, claimed: Claim, refused: Refused, now: datetime) -> None:
    """Give the letter up, with the server's words; if the address is at fault, note that letters to it do
    not arrive.
    """
    message = claimed.held(session)
    if message is not None:
        _refuse(session, message, refused, now)


def _refuse(session: Session, message: OutboxMessage, refused: Refused, now: datetime) -> None:
    message.claimed_at = message.handed_at = None
    message.last_error = str(refused)
    message.given_up_at = now
    if refused.address_fails and message.user_id is not None:
        noted = RefusedAddress(message.address or "", str(refused), message.id)
        address_failures.note_failure(session, message.user_id, noted, now)


def note_no_answer(session: Session, claimed: Claim, words: str) -> None:
    """Note that nobody knows whether the letter arrived: ``handed_at`` stays, so it is never sent again."""
    message = claimed.held(session)
    if message is not None:
        message.claimed_at = None
        message.last_error = words
