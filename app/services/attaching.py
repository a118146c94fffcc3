"""Attaching files and links to answers; replacing, removing and bringing them back.

A file lies in the store before the response is taken, so that nothing waits for a slow line, and a row never
lacks its file. Nothing is deleted: a submission may have frozen what is removed today.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from app.definitions import values
from app.definitions.questions import BaseQuestion
from app.i18n import _, ngettext
from app.models import Attachment
from app.policy import Actor
from app.queries import definitions, files
from app.services import auditing, filing
from app.services.accepting import Refusal, facts_of, question_of, standings
from app.services.errors import NotAllowed, NotFound, NotPossible
from app.services.file_names import shown_label
from app.services.filing import Received
from app.services.locking import Locked, lock_for_edit, may_write

MOST_OF_RESPONSE = 200 * 1024 * 1024
MOST_EVER = 5 * MOST_OF_RESPONSE
MOST_ROWS = 2_000
LONGEST_ADDRESS = 2_000


@dataclass(frozen=True)
class Link:
    """An address on the web, and the words for it."""

    url: str
    name: str


@dataclass(frozen=True)
class Where:
    """What something is attached to, which it replaces if anything, and the key of the page that asks."""

    response_id: UUID
    instance_id: UUID | None
    question_key: str
    replaces_id: UUID | None = None
    key: str | None = None


def link(url: str, label: str) -> Link:
    """The link as it is kept. Raises NotPossible for what is no address of the web."""
    address = values.normalise(url).strip()
    try:
        parts = urlsplit(address)
        fine = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.username is None
    except ValueError:
        fine = False
    if not fine or len(address) > LONGEST_ADDRESS or any(character.isspace() for character in address):
        raise NotPossible(_("Give the full address, such as https://www.example.org/report"))
    return Link(address, shown_label(label, address))


def attach(session: Session, where: Where, what: Received | Link, actor: Actor, now: datetime) -> Attachment:
    """Attach a file that was received, or a link.

    The same from the same page a second time gives back what the first time made. Raises NotFound,
    NotAllowed, ResponseLocked, NotPossible with what to do.
    """
    locked = lock_for_edit(session, where.response_id, actor, now)
    question = _question(session, locked, where, actor)
    where = replace(where, key=_key(where, what))
    standing = _standing(session, where)
    made = _made_before(session, where, standing, what)
    if made is not None:
        return made
    before = _replaced(standing, where)
    _check_limits(session, where, question, what, len(standing) - (before is not None))
    if before is not None:
        _take_out(session, before, actor, now)
    attachment = _row(session, locked, where, what, actor, now)
    session.add(attachment)
    session.flush()  # the event names it
    kind = what.kind.name if isinstance(what, Received) else "link"
    detail = {"question": where.question_key, "kind": kind, "replaces": str(before.id) if before else None}
    auditing.record(session, actor, "attached", attachment, detail, at=now)
    return attachment


def refuse_without_room(session: Session, where: Where, question: BaseQuestion, what: Received) -> None:
    """Return if this can be attached, as far as a reader sees: asked before a file is kept, so that what is
    refused fills no disk. Raises NotPossible.
    """
    where = replace(where, key=_key(where, what))
    standing = _standing(session, where)
    if _made_before(session, where, standing, what) is None:
        before = _replaced(standing, where)
        _check_limits(session, where, question, what, len(standing) - (before is not None))


def _made_before(
    session: Session, where: Where, standing: Sequence[Attachment], what: Received | Link
) -> Attachment | None:
    made = files.by_key(session, where.response_id, where.key) if where.key else None
    return made or _the_same(standing, session, what)


def remove(
    session: Session, response_id: UUID, attachment_id: UUID, actor: Actor, now: datetime
) -> Attachment:
    """Take it away from its answer; removing twice is removing once. Raises NotFound and what locking
    raises.
    """
    attachment, _question = _taken(session, response_id, attachment_id, actor, now)
    if attachment.removed_at is None:
        _take_out(session, attachment, actor, now)
    return attachment


def restore(
    session: Session, response_id: UUID, attachment_id: UUID, actor: Actor, now: datetime
) -> Attachment:
    """Bring back what was removed. Raises NotFound, NotPossible without room, and what locking raises."""
    attachment, question = _taken(session, response_id, attachment_id, actor, now)
    if attachment.removed_at is not None:
        where = Where(response_id, attachment.instance_id, attachment.question_key)
        _check_limits(session, where, question, None, len(_standing(session, where)))
        attachment.removed_at = attachment.removed_by_id = None
        auditing.record(session, actor, "restored_attachment", attachment, at=now)
    return attachment


def _taken(
    session: Session, response_id: UUID, attachment_id: UUID, actor: Actor, now: datetime
) -> tuple[Attachment, BaseQuestion]:
    locked = lock_for_edit(session, response_id, actor, now)
    attachment = session.get(Attachment, attachment_id, populate_existing=True)
    if attachment is None or attachment.response_id != response_id:
        raise NotFound
    where = Where(response_id, attachment.instance_id, attachment.question_key)
    return attachment, _question(session, locked, where, actor)


def _question(session: Session, locked: Locked, where: Where, actor: Actor) -> BaseQuestion:
    """The question that takes attachments there, if this person may write there."""
    standing = None
    if where.instance_id is not None:
        standing = standings(session, locked.response_id, {where.instance_id}).get(where.instance_id)
        if standing is None or standing.removed:
            raise NotFound
    questionnaire = definitions.of(session, locked.version_id)
    if not may_write(actor, facts_of(locked, questionnaire, standing, where.question_key)):
        raise NotAllowed
    try:
        question = question_of(questionnaire, standing, where.question_key)
    except Refusal as refused:
        raise NotFound from refused
    if not question.most_attachments:
        raise NotFound
    return question


def _key(where: Where, what: Received | Link) -> str | None:
    """The page's key together with what it sent: another file from the same page is another one."""
    if where.key is None:
        return None
    sent = what.sha256 if isinstance(what, Received) else what.url
    return hashlib.sha256(f"{where.key}\n{sent}".encode()).hexdigest()


def _standing(session: Session, where: Where) -> list[Attachment]:
    place = where.instance_id, where.question_key
    rows = files.standing(session, where.response_id)
    return [row for row in rows if (row.instance_id, row.question_key) == place]


def _the_same(standing: Sequence[Attachment], session: Session, what: Received | Link) -> Attachment | None:
    """What is attached there already with the same content and name."""
    if isinstance(what, Link):
        return next((row for row in standing if (row.url, row.name) == (what.url, what.name)), None)
    file = files.by_digest(session, what.sha256)
    same = [row for row in standing if file is not None and (row.file_id, row.name) == (file.id, what.name)]
    return same[0] if same else None


def _replaced(standing: Sequence[Attachment], where: Where) -> Attachment | None:
    if where.replaces_id is None:
        return None
    found = next((row for row in standing if row.id == where.replaces_id), None)
    if found is None:
        raise NotPossible(_("What you replace has been removed meanwhile. Attach the new one by itself."))
    return found


def _check_limits(
    session: Session, where: Where, question: BaseQuestion, what: Received | Link | None, others: int
) -> None:
    most = question.most_attachments
    if others >= most:
        raise NotPossible(
            ngettext(
                "One file or link can be attached here. Remove it first, or replace it.",
                "At most %(num)s files and links can be attached here. Remove one first, or replace one.",
                most,
            )
        )
    standing, ever, rows = files.sizes(session, where.response_id)
    size = what.size if isinstance(what, Received) else 0
    if standing + size > MOST_OF_RESPONSE or ever + size > MOST_EVER or rows >= MOST_ROWS:
        raise NotPossible(
            _(
                "All files of these answers together may have 200 MB. Give a link to this one, or remove "
                "others."
            )
        )


def _take_out(session: Session, attachment: Attachment, actor: Actor, now: datetime) -> None:
    attachment.removed_at, attachment.removed_by_id = now, actor.user_id
    auditing.record(session, actor, "removed_attachment", attachment, at=now)


def _row(
    session: Session, locked: Locked, where: Where, what: Received | Link, actor: Actor, now: datetime
) -> Attachment:
    content: dict[str, Any] = (
        {"file_id": filing.row(session, what, now).id} if isinstance(what, Received) else {"url": what.url}
    )
    return Attachment(
        id=uuid4(),
        response_id=where.response_id,
        instance_id=where.instance_id,
        question_key=where.question_key,
        name=what.name,
        replaces_id=where.replaces_id,
        added_by_id=actor.user_id,
        appointment_id=locked.appointment_id,
        added_at=now,
        idempotency_key=where.key,
        **content,
    )
