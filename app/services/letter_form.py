"""A letter as it goes out: its headers, in which nothing that a person typed can begin another one."""

import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from uuid import UUID

from app.services.letter_writing import Letter

LONGEST_HEADER = 200
LONGEST_WORDS = 300
_BREAKING = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\s]+")
_ENCODED_WORD = re.compile(r"=(?=\?)")
_SECRET = re.compile(r"[A-Za-z0-9_-]{32,}")


class WrongAddress(ValueError):
    """Nothing can be sent to this address; the message says why."""


@dataclass(frozen=True)
class Envelope:
    """Who sends which letter to whom: what the headers are made of."""

    message_id: UUID
    sender: str
    recipient: str
    at: datetime
    reply_to: str | None = None

    @property
    def from_address(self) -> str:
        """The sender's address without a name."""
        return parseaddr(self.sender)[1]

    @property
    def id_header(self) -> str:
        """The letter's Message-ID: the row's id, the same however often it is tried."""
        return f"<{self.message_id}@{self.from_address.rpartition('@')[2]}>"


def one_line(text: str, longest: int = LONGEST_HEADER) -> str:
    """The text as a header may hold it: one line without control characters or encoded words, and bounded.

    Two characters of an encoded word are parted, since readers of mail would show what it stands for.
    """
    whole = _BREAKING.sub(" ", text.encode("utf-8", "replace").decode()).strip()
    whole = _ENCODED_WORD.sub("= ", whole)
    return whole if len(whole) <= longest else f"{whole[: longest - 2].rstrip()} …"


def words_of(said: bytes | str) -> str:
    """A server's words as staff may read them: one line, bounded, and nothing in it that looks like the
    secret of a link, which a server can quote from a letter that it refuses.
    """
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return one_line(_SECRET.sub("…", text), LONGEST_WORDS)


def recipient(address: str) -> str:
    """The address as servers take it, its domain in ASCII. Raises WrongAddress."""
    local, at, domain = address.rpartition("@")
    try:
        plain = f"{local}{at}{domain.encode('idna').decode()}" if not domain.isascii() else address
        parsed = Address(addr_spec=plain)
    except (ValueError, UnicodeError) as wrong:
        raise WrongAddress("This is not an address to which a letter can be sent.") from wrong
    if not plain.isascii():
        raise WrongAddress("The part of the address before the @ has letters that mail servers do not take.")
    if not local or not domain or parsed.addr_spec != plain or _BREAKING.search(plain):
        raise WrongAddress("This is not an address to which a letter can be sent.")
    return plain


def compose(envelope: Envelope, written: Letter) -> EmailMessage:
    """The letter with all its headers. Raises WrongAddress."""
    letter = EmailMessage(policy=SMTP)
    name, address = parseaddr(envelope.sender)
    letter["From"] = Address(display_name=one_line(name), addr_spec=recipient(address))
    letter["To"] = Address(addr_spec=recipient(envelope.recipient))
    letter["Subject"] = one_line(written.subject)
    letter["Date"] = format_datetime(envelope.at)
    letter["Message-ID"] = envelope.id_header
    letter["Auto-Submitted"] = "auto-generated"
    if envelope.reply_to:
        letter["Reply-To"] = Address(addr_spec=recipient(envelope.reply_to))
    for header, value in written.headers.items():
        letter[header] = one_line(value, 2 * LONGEST_HEADER)
    letter.set_content(written.text.encode("utf-8", "replace").decode())
    return letter
