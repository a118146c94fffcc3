"""Sending through a mail server, given as one address:

``smtp://user:password@host:port`` (STARTTLS where the server offers it), ``smtp+starttls://…`` (never
without), ``smtps://…``. A certificate is always verified, and a password never sent in clear to another
machine. Every step has a time limit, and a watch over the whole letter, so that no server holds it for ever.
"""

import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parseaddr
from urllib.parse import unquote, urlsplit

from app.services.letter_form import words_of
from app.services.posting import Deferred, NoAnswer, Refused, Unreachable

PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
HOW = "a mail server is given as smtp://host, smtp+starttls://host or smtps://host"
LOOPBACK = {"localhost", "127.0.0.1", "::1"}

_BROKEN = (OSError, smtplib.SMTPException, ValueError)
"""What smtplib raises when a connection is lost, late, or says what nobody understands."""
_FULL_STOP = re.compile(rb"^\.", re.MULTILINE)
_BAD_ADDRESS = frozenset({550, 551, 553})
_ENHANCED = re.compile(r"5\.(\d{1,3})\.\d{1,3}\b")
_OF_THE_ADDRESS = frozenset({"1", "2", "4"})

GO_AHEAD, CLOSING = 354, 421


@dataclass(frozen=True)
class Patience:
    """For how many seconds a server is waited for: one step, a whole letter, its last word on a text."""

    step: float = 30
    letter: float = 90
    last_word: float = 180


@dataclass(frozen=True)
class Account:
    """A mail server, and how to be let in."""

    scheme: str
    host: str
    port: int
    user: str | None
    password: str

    @classmethod
    def at(cls, url: str) -> "Account":
        """The account that the address names. Raises ValueError."""
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname:
            raise ValueError(HOW)
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        if not (user + password).isascii():
            raise ValueError(
                "the user and the password of a mail server are of ASCII letters, digits and signs"
            )
        port = parts.port or PORTS[parts.scheme]
        return cls(parts.scheme, parts.hostname, port, user or None, password)


class SmtpMailer:
    """Makes connections to one mail server."""

    def __init__(self, url: str, name: str = "localhost", patience: Patience | None = None) -> None:
        self._account = Account.at(url)
        self._name = name
        self._patience = patience or Patience()

    def connect(self) -> "SmtpConnection":
        """A connection that was let in. Raises Unreachable."""
        server = self._client()
        try:
            with _watched(server, self._patience.letter):
                _open(server, self._account)
        except _BROKEN as broken:
            server.close()
            raise Unreachable(_said(broken)) from broken
        return SmtpConnection(server, self._patience)

    def _client(self) -> smtplib.SMTP:
        """A client that is not connected yet; its own name is given, or it would be looked up."""
        seconds = self._patience.step
        if self._account.scheme == "smtps":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(local_hostname=self._name, timeout=seconds, context=context)
        return smtplib.SMTP(local_hostname=self._name, timeout=seconds)


def _open(server: smtplib.SMTP, account: Account) -> None:
    server._host = account.host  # type: ignore[attr-defined]  # what its own constructor notes for TLS
    code, said = server.connect(account.host, account.port)
    if code != 220:
        raise smtplib.SMTPConnectError(code, said)
    server.ehlo_or_helo_if_needed()
    encrypted = account.scheme == "smtps"
    if not encrypted and (account.scheme == "smtp+starttls" or server.has_extn("starttls")):
        server.starttls(context=ssl.create_default_context())
        server.ehlo_or_helo_if_needed()
        encrypted = True
    if account.user is not None:
        if not encrypted and account.host not in LOOPBACK:
            raise smtplib.SMTPNotSupportedError(
                "The server offers no encryption, so the password is not sent to it."
            )
        server.login(account.user, account.password)


class SmtpConnection:
    """One connection for many letters."""

    def __init__(self, server: smtplib.SMTP, patience: Patience) -> None:
        self._server = server
        self._patience = patience
        self._lost = False
        self._begun = False

    def offer(self, letter: EmailMessage) -> None:
        """Name sender and recipient; what was offered before is forgotten."""
        if self._lost:
            raise Deferred("The connection was lost.")
        with self._limited():
            if self._begun:
                self._must(self._server.rset)
            self._begun = True
            self._must(lambda: self._server.mail(_address(letter["From"]), self._envelope_id(letter)))
            self._must(lambda: self._server.rcpt(_address(letter["To"]), self._notices()), of_recipient=True)

    def hand_over(self, letter: EmailMessage) -> None:
        """Give the text away; only a plain answer to its end says what became of it."""
        with self._limited():
            self._must(lambda: self._server.docmd("DATA"), GO_AHEAD)
        text = _FULL_STOP.sub(b"..", letter.as_bytes())
        try:
            with _watched(self._server, self._patience.last_word):
                self._server.send(text if text.endswith(b"\r\n") else text + b"\r\n")
                self._server.send(b".\r\n")
                code, said = self._last_word()
        except _BROKEN as broken:
            self._lost = True
            raise NoAnswer(_said(broken)) from broken
        if not 200 <= code < 600 or 300 <= code < 400:
            self._lost = True
            raise NoAnswer(words_of(f"{code} ".encode() + said))
        self._judge(code, said, range(200, 300))

    def _last_word(self) -> tuple[int, bytes]:
        if self._server.sock is not None:
            self._server.sock.settimeout(self._patience.last_word)
        try:
            return self._server.getreply()
        finally:
            if self._server.sock is not None:
                self._server.sock.settimeout(self._patience.step)

    @property
    def lost(self) -> bool:
        """Whether it takes no more letters."""
        return self._lost

    def close(self) -> None:
        """Say goodbye, unless there is nobody."""
        if not self._lost:
            with suppress(*_BROKEN), _watched(self._server, self._patience.step):
                self._server.quit()
        self._server.close()

    def _envelope_id(self, letter: EmailMessage) -> list[str]:
        """A server that sends reports as RFC 3461 has it is asked to name the letter in them."""
        if not self._server.has_extn("dsn"):
            return []
        return ["RET=HDRS", f"ENVID={str(letter['Message-ID']).strip('<>').partition('@')[0]}"]

    def _notices(self) -> list[str]:
        return ["NOTIFY=FAILURE,DELAY"] if self._server.has_extn("dsn") else []

    def _must(
        self,
        ask: Callable[[], tuple[int, bytes]],
        wanted: int | None = None,
        *,
        of_recipient: bool = False,
    ) -> None:
        try:
            code, said = ask()
        except _BROKEN as broken:
            self._lost = True
            raise Deferred(_said(broken)) from broken
        good = range(wanted, wanted + 1) if wanted else range(200, 300)
        self._judge(code, said, good, of_recipient=of_recipient)

    def _judge(self, code: int, said: bytes, good: range, *, of_recipient: bool = False) -> None:
        """Return if it is well; raise what a refusal means otherwise."""
        if code in good:
            return
        words = words_of(f"{code} ".encode() + said)
        if 500 <= code < 600:
            raise Refused(words, address_fails=of_recipient and _is_of_the_address(code, words))
        if code == CLOSING or not 400 <= code < 500:
            self._lost = True
        raise Deferred(words)

    @contextmanager
    def _limited(self) -> Iterator[None]:
        with _watched(self._server, self._patience.letter):
            yield


@contextmanager
def _watched(server: smtplib.SMTP, seconds: float) -> Iterator[None]:
    """Breaks the connection when the time is up, for a server that sends a byte now and then for ever."""

    def cut() -> None:
        connected = server.sock
        if connected is not None:
            with suppress(OSError):  # it may have ended by itself
                socket.socket.shutdown(connected, socket.SHUT_RDWR)

    watch = threading.Timer(seconds, cut)
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()


def _address(header: object) -> str:
    return parseaddr(str(header))[1]


def _is_of_the_address(code: int, words: str) -> bool:
    """Whether a refused recipient is the address's own fault, and not for what the server thinks of us.

    RFC 3463: 5.1 is the address, 5.2 the mailbox, 5.4 the way to it; 5.7 is a rule of the server's.
    """
    enhanced = _ENHANCED.search(words)
    if enhanced is not None:
        return enhanced.group(1) in _OF_THE_ADDRESS
    return code in _BAD_ADDRESS


def _said(broken: Exception) -> str:
    """What happened to a connection, in one line."""
    if isinstance(broken, smtplib.SMTPResponseException):
        said = broken.smtp_error
        return words_of(
            f"{broken.smtp_code} {said.decode('utf-8', 'replace') if isinstance(said, bytes) else said}"
        )
    if isinstance(broken, TimeoutError):
        return "The server did not answer in time."
    return words_of(str(broken) or type(broken).__name__)
