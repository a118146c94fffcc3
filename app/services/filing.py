"""Taking a file in: what it is, how large, kept durably, and the row that names it."""

import hashlib
import os
from dataclasses import dataclass
from datetime import datetime
from typing import IO
from uuid import uuid4

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.i18n import _
from app.models import File
from app.queries import files
from app.services.errors import NotPossible
from app.services.file_kinds import FileKind, KindRefused, kind_of
from app.services.file_names import shown_name
from app.storage import CHUNK, Store

LARGEST = 20 * 1024 * 1024


class FileRefused(NotPossible):
    """The file cannot be taken; the message says what to do."""


@dataclass(frozen=True)
class Received:
    """A file that was looked at and has no row yet."""

    sha256: str
    size: int
    kind: FileKind
    name: str


def look(content: IO[bytes], name: str) -> Received:
    """What the file is, without keeping it; the stream then stands at its beginning. Raises FileRefused."""
    size = content.seek(0, os.SEEK_END)
    if not size:
        raise FileRefused(_("Choose a file that is not empty."))
    if size > LARGEST:
        raise FileRefused(
            _("Choose a file of at most 20 MB. This one has %(size)s MB.", size=_megabytes(size))
        )
    try:
        kind = kind_of(content)
    except KindRefused as refused:
        raise FileRefused(str(refused)) from refused
    digest = hashlib.sha256()
    while chunk := content.read(CHUNK):
        digest.update(chunk)
    content.seek(0)
    return Received(digest.hexdigest(), size, kind, shown_name(name, kind.ending))


def receive(store: Store, content: IO[bytes], name: str) -> Received:
    """Check the file and keep it, before anything is locked. Raises FileRefused."""
    received = look(content, name)
    store.put(content)
    return received


def _megabytes(size: int) -> str:
    """The size with two figures behind the point, rounded up, never down to what is allowed."""
    hundredths = -(-size * 100 // (1024 * 1024))
    return f"{hundredths // 100}.{hundredths % 100:02}"


def row(session: Session, received: Received, now: datetime) -> File:
    """The row of this content: the one there is, or a new one."""
    found = files.by_digest(session, received.sha256)
    if found is not None:
        return found
    made = File(
        id=uuid4(),
        sha256=received.sha256,
        media_type=received.kind.media_type,
        size=received.size,
        stored_at=now,
    )
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        taken = files.by_digest(session, received.sha256)  # somebody brought the same at this moment
        if taken is None:
            raise
        return taken
    return made
