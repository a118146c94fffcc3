"""A letter as it goes out: its headers, in which nothing that a person typed can begin another one."""

import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from uuid import UUID

from app.services.letter_writing import Letter

LONGEST_HEADER = 200
LONGEST_NAME = 60
LONGEST_WORDS = 300
_BREAKING = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\s]+")
_ENCODED_WORD = re.compile(r"=(?=\?)")
_NOT_IN_A_NAME = re.compile(r"[^\w'&-]+")
_SENDER = re.compile(r"(?P<name>.*)<(?P<address>[^<>]*)>", re.DOTALL)
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[a-z\d-]+(?:\.[a-z\d-]+)*", re.ASCII | re.IGNORECASE)
NO_ADDRESS = "This is not an address to which a letter can be sent."
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
    def from_(self) -> tuple[str, str]:
        """The sender's name and address; the standard library loses the quotes of a name that it folds, so
        what would need them is left out.
        """
        named = _SENDER.fullmatch(self.sender.strip())
        if named is None:
            return "", self.sender.strip()
        return one_line(_NOT_IN_A_NAME.sub(" ", named["name"]), LONGEST_NAME), named["address"].strip()

    @property
    def id_header(self) -> str:
        """The letter's Message-ID: the row's id, the same however often it is tried."""
        return f"<{self.message_id}@{self.from_[1].rpartition('@')[2]}>"


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
    shown = "".join(each if each.isprintable() else " " for each in _SECRET.sub("…", text))
    return one_line(shown, LONGEST_WORDS)


def recipient(address: str) -> str:
    """The address as servers take it, its domain in ASCII. Raises WrongAddress."""
    local, _at, domain = address.rpartition("@")
    if not local.isascii():
        raise WrongAddress("The part of the address before the @ has letters that mail servers do not take.")
    try:
        plain = f"{local}@{domain if domain.isascii() else domain.encode('idna').decode()}"
    except UnicodeError as wrong:
        raise WrongAddress(NO_ADDRESS) from wrong
    if not _ADDRESS.fullmatch(plain):
        raise WrongAddress(NO_ADDRESS)
    return plain


def compose(envelope: Envelope, written: Letter) -> EmailMessage:
    """The letter with all its headers. Raises WrongAddress."""
    letter = EmailMessage(policy=SMTP)
    name, address = envelope.from_
    letter["From"] = Address(display_name=name, addr_spec=recipient(address))
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
