"""Where reports of returned letters lie: a folder of .eml files, or a mailbox by IMAP.

What was read is put aside only after it was noted: a file goes to the folder ``read``, a mail of a mailbox is
marked as seen. Whatever is read a second time is known by its bytes.
"""

import contextlib
import imaplib
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from app.services.bounce_reports import LARGEST

AT_ONCE = 200
SECONDS = 30
READ = "read"
HOW = "returned letters lie in a folder, or in a mailbox given as imaps://user:password@host/folder"

Note = Callable[[bytes], None]


class MailboxTrouble(Exception):
    """The mailbox or the folder cannot be read; the message says why, without the password."""


def each_report(where: str, note: Note) -> int:
    """Have every mail noted that has not been, a bounded number at once; return how many were.

    Raises MailboxTrouble.
    """
    if "://" in where:
        return _from_mailbox(where, note)
    return _from_folder(Path(where), note)


def _from_folder(folder: Path, note: Note) -> int:
    try:
        files = sorted(path for path in folder.glob("*.eml") if path.is_file())[:AT_ONCE]
    except OSError as missing:
        raise MailboxTrouble(
            f"The folder of returned letters cannot be read: {missing.strerror}."
        ) from missing
    for file in files:
        with contextlib.suppress(FileNotFoundError):  # another worker was faster
            with file.open("rb") as opened:
                note(opened.read(LARGEST + 1))
            _put_aside(file)
    return len(files)


def _put_aside(file: Path) -> None:
    """Into the folder ``read``; where that cannot be, it stays, and its bytes are known."""
    with contextlib.suppress(PermissionError):
        (file.parent / READ).mkdir(exist_ok=True)
        file.rename(file.parent / READ / file.name)


def _from_mailbox(where: str, note: Note) -> int:
    parts = urlsplit(where)
    if parts.scheme != "imaps" or not parts.hostname or not parts.username:
        raise MailboxTrouble(HOW)
    folder = unquote(parts.path.strip("/")) or "INBOX"
    try:
        context = ssl.create_default_context()
        with imaplib.IMAP4_SSL(
            parts.hostname, parts.port or 993, ssl_context=context, timeout=SECONDS
        ) as box:
            box.login(unquote(parts.username), unquote(parts.password or ""))
            code, _said = box.select(_quoted(folder))
            if code != "OK":
                raise MailboxTrouble(f"The mailbox has no folder {folder!r}.")
            return sum(1 for number in _unseen(box) if _noted(box, number, note))
    except (OSError, imaplib.IMAP4.error, UnicodeError) as broken:
        words = str(broken).replace(unquote(parts.password or "") or "\0", "…")
        raise MailboxTrouble(f"The mailbox of returned letters cannot be read: {words}") from broken


def _unseen(box: imaplib.IMAP4) -> Iterator[str]:
    _code, found = box.uid("SEARCH", "UNSEEN")
    numbers = found[0].split() if found and isinstance(found[0], bytes) else []
    return (number.decode() for number in numbers[:AT_ONCE])


def _noted(box: imaplib.IMAP4, number: str, note: Note) -> bool:
    """Fetch one mail, bounded, without marking it; mark it when it is noted."""
    _code, answer = box.uid("FETCH", number, f"(BODY.PEEK[]<0.{LARGEST + 1}>)")
    content = next((each[1] for each in answer if isinstance(each, tuple)), None)
    if not isinstance(content, bytes):
        return False
    note(content)
    box.uid("STORE", number, "+FLAGS", "(\\Seen)")
    return True


def _quoted(folder: str) -> str:
    """As IMAP takes a name with spaces."""
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
