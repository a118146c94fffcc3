"""Reading a report that a letter was returned (RFC 3464). Pure; what it reads was made by others.

Only what the reporting server sends back of the letter says which letter it was: its Message-ID, or the
envelope's id that we gave it (RFC 3461). Whose address it names proves nothing: anybody could write a report
about anybody, while the id of a letter is known to nobody but its recipient and the servers on its way.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.errors import MessageError
from email.message import Message
from email.parser import BytesParser
from uuid import UUID

from app.services.letter_form import one_line, words_of

LARGEST = 1_000_000
MOST_PARTS = 50
LONGEST_ADDRESS = 254
LONGEST_STATUS = 40
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
PERMANENT = "5"


@dataclass(frozen=True)
class Report:
    """What a mail says about a letter of ours. ``failed``: it is not tried any more; ``permanent``: for a
    reason that will not go away.
    """

    message_id: UUID | None
    recipient: str
    failed: bool
    permanent: bool
    status: str
    words: str


def read(content: bytes) -> Report:
    """What the mail reports; a mail that is none, or that nobody can read, is told apart by its status."""
    if len(content) > LARGEST:
        return _none("too large", "A mail of more than a megabyte was not read.")
    try:
        return _report(BytesParser(policy=policy.compat32).parsebytes(content))
    except (MessageError, ValueError, LookupError, AttributeError, TypeError, IndexError, RecursionError):
        return _none("not readable", "A mail could not be read.")


def _report(mail: Message) -> Report:
    parts = list(_parts(mail))
    fields = next((found for part in parts if (found := _of_recipient(part))), None)
    if mail.get_content_type() != "multipart/report" or fields is None:
        said = f"{_header(mail, 'From')}: {_header(mail, 'Subject')}"
        return _none("no report", words_of(said))
    action, status = fields.get("action", ""), fields.get("status", "")
    code = _STATUS.search(status)
    failed = action == "failed"
    return Report(
        message_id=_message_id(parts),
        recipient=fields.get("original-recipient") or fields.get("final-recipient") or "",
        failed=failed,
        permanent=failed and (code is None or code.group().startswith(PERMANENT)),
        status=(code.group() if code else one_line(status))[:LONGEST_STATUS],
        words=words_of(fields.get("diagnostic-code") or f"{action} {status}"),
    )


def _parts(mail: Message) -> Iterator[Message]:
    for number, part in enumerate(mail.walk()):
        if number == MOST_PARTS:
            return
        yield part


def _of_recipient(part: Message) -> dict[str, str] | None:
    """The fields of the first recipient that a delivery status speaks of, a failed one before others."""
    if part.get_content_type() != "message/delivery-status":
        return None
    blocks = part.get_payload()
    if not isinstance(blocks, list):
        return None
    read_ = [_fields(block) for block in blocks[:MOST_PARTS] if isinstance(block, Message)]
    about = [fields for fields in read_ if "action" in fields and "final-recipient" in fields]
    return next((fields for fields in about if fields["action"] == "failed"), about[0] if about else None)


def _fields(block: Message) -> dict[str, str]:
    found = {}
    for name in ("action", "status", "diagnostic-code", "original-recipient", "final-recipient"):
        value = _header(block, name)
        if not value:
            continue
        if name.endswith("recipient"):
            value = value.rpartition(";")[2].strip().strip("<>").lower()[:LONGEST_ADDRESS]
        elif name == "action":
            value = value.lower()
        elif name == "diagnostic-code":
            value = value.partition(";")[2].strip() or value
        found[name] = value
    return found


def _message_id(parts: list[Message]) -> UUID | None:
    """The id of our letter, from the headers that came back, else from the envelope's id."""
    for part in parts:
        returned: list[Message] = []
        payload = part.get_payload()
        if part.get_content_type() == "message/rfc822" and isinstance(payload, list):
            returned = [each for each in payload if isinstance(each, Message)]
        elif part.get_content_type() == "text/rfc822-headers":
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                returned = [BytesParser(policy=policy.compat32).parsebytes(content, headersonly=True)]
        elif part.get_content_type() == "message/delivery-status" and isinstance(payload, list):
            first = payload[0] if payload and isinstance(payload[0], Message) else Message()
            named = _id_in(_header(first, "Original-Envelope-Id"))
            if named is not None:
                return named
        for each in returned:
            found = _id_in(_header(each, "Message-ID"))
            if found is not None:
                return found
    return None


def _id_in(text: str) -> UUID | None:
    found = _ID.search(text.lower())
    return UUID(found.group()) if found else None


def _header(part: Message, name: str) -> str:
    return one_line(str(part.get(name) or ""), 1000)


def _none(status: str, words: str) -> Report:
    return Report(None, "", failed=False, permanent=False, status=status, words=words)
