"""A mail server for tests, on aiosmtpd, that does what the name before the @ of a recipient says.

``refuse-rcpt``, ``full-rcpt``, ``relay-rcpt``, ``defer-rcpt``, ``hang-rcpt``, ``drop-rcpt``,
``garbage-rcpt``, ``drip-rcpt``; the same with ``-data`` for what it does with the text; ``once-defer-rcpt``
and the like the first time only. It takes all others.
"""

import asyncio
import socket
import ssl
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

SAID = {
    "refuse": "550 5.1.1 No such person here",
    "full": "552 5.2.2 The mailbox is full",
    "relay": "550 5.7.1 We do not relay for you",
    "defer": "451 4.3.0 Come back later",
    "closing": "421 4.3.2 We are closing",
}
ONCE = "once-"
USER, PASSWORD = "rapporteur", "pass:w@rd/%"


@dataclass
class Post:
    """Takes letters, as many in all as are ``allowed``, and counts what else happened, such as how often it
    has ``hung``.
    """

    refused_sender: str = ""
    arrived: list[EmailMessage] = field(default_factory=list)
    envelopes: list[Envelope] = field(default_factory=list)
    connections: int = 0
    encrypted: int = 0
    on_arrival: threading.Event = field(default_factory=threading.Event)
    seconds_a_letter: float = 0
    allowed: int | None = None
    asked: Counter[str] = field(default_factory=Counter)
    hung: int = 0

    def arrived_in_all(self) -> int:
        """How many letters came."""
        return len(self.arrived)

    @property
    def recipients(self) -> Counter[str]:
        """How many letters each address got."""
        return Counter(str(letter["To"]) for letter in self.arrived)

    @property
    def ids(self) -> Counter[str]:
        """How many times each letter came."""
        return Counter(str(letter["Message-ID"]) for letter in self.arrived)

    async def handle_EHLO(  # noqa: N802 - the name that aiosmtpd looks for
        self, server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections += not session.ssl
        return responses

    async def handle_MAIL(  # noqa: N802 - the name that aiosmtpd looks for
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.refused_sender:
            return self.refused_sender
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        assert server.transport is not None
        self.encrypted += server.transport.get_extra_info("ssl_object") is not None
        return "250 OK"

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd looks for
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = await self._as_named(server, address, "-rcpt")
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802 - the name that aiosmtpd looks for
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        await asyncio.sleep(self.seconds_a_letter)
        while self.allowed is not None and len(self.arrived) >= self.allowed:
            await asyncio.sleep(0.01)
        answer = await self._as_named(server, envelope.rcpt_tos[0], "-data")
        if answer.startswith("2"):
            assert isinstance(envelope.content, bytes)
            self.envelopes.append(envelope)
            self.arrived.append(message_from_bytes(envelope.content, policy=policy.default))
            self.on_arrival.set()
        return answer

    async def _as_named(self, server: SMTP, address: str, step: str) -> str:
        name, found, _rest = address.partition(step)
        if not found:
            return "250 OK"
        self.asked[address] += 1
        if name.startswith(ONCE) and self.asked[address] > 1:
            return "250 OK"
        name = name.removeprefix(ONCE)
        if name == "hang":
            self.hung += 1
            await asyncio.sleep(3600)
        transport = server.transport
        assert isinstance(transport, asyncio.Transport)
        if name == "drop":
            transport.abort()
            await asyncio.sleep(3600)
        if name == "garbage":
            transport.write(b"\xff\xfe\x00 what is this\r\n")
            await asyncio.sleep(3600)
        if name == "drip":
            while True:
                transport.write(b"250-still here\r\n")
                await asyncio.sleep(0.02)
        return SAID[name]


def _authenticate(
    _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any
) -> AuthResult:
    known = isinstance(data, LoginPassword) and (data.login, data.password) == (
        USER.encode(),
        PASSWORD.encode(),
    )
    return AuthResult(success=known, handled=known)


class _Controller(Controller):
    def __init__(self, post: Post, smtps: ssl.SSLContext | None = None, **settings: Any) -> None:
        super().__init__(post, hostname="127.0.0.1", port=0, ssl_context=smtps, **settings)

    @property
    def taken_port(self) -> int:
        """The port that was free."""
        assert isinstance(self.server, asyncio.Server)
        return int(self.server.sockets[0].getsockname()[1])

    def _trigger_server(self) -> None:
        """Its own way asks at the port that was given, which is 0 here: any that is free."""
        socket.create_connection(("127.0.0.1", self.taken_port), timeout=10).close()


@contextmanager
def serving(
    post: Post,
    smtps: ssl.SSLContext | None = None,
    starttls: ssl.SSLContext | None = None,
    *,
    lets_in: bool = False,
) -> Iterator[int]:
    """The server, running; its port."""
    settings: dict[str, Any] = {"timeout": 60}
    if starttls is not None:
        settings |= {"tls_context": starttls}
    if lets_in:
        settings |= {
            "authenticator": _authenticate,
            "auth_required": True,
            "auth_require_tls": starttls is not None,
        }
    controller = _Controller(post, smtps, **settings)
    controller.start()
    try:
        yield controller.taken_port
    finally:
        controller.stop(no_assert=True)
