"""Files and what is attached to the answers of one response."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from app.models import Attachment, File, Submission, SubmissionAttachment, User

Place = tuple[UUID | None, str]
"""What something is attached to: block or record, and the key of the question or field."""


@dataclass(frozen=True)
class Attached:
    """A file or a link as pages show it."""

    id: UUID
    instance_id: UUID | None
    question_key: str
    name: str
    url: str | None
    sha256: str | None
    size: int
    media_type: str
    by: str
    at: datetime
    removed_at: datetime | None
    replaced: bool
    """Whether another one took its place."""

    @property
    def place(self) -> Place:
        """What it is attached to."""
        return self.instance_id, self.question_key


_Later = aliased(Attachment)

_COLUMNS = (
    Attachment.id,
    Attachment.instance_id,
    Attachment.question_key,
    Attachment.name,
    Attachment.url,
    File.sha256,
    File.size,
    File.media_type,
    User.name,
    Attachment.added_at,
    Attachment.removed_at,
    select(_Later.id).where(_Later.replaces_id == Attachment.id).exists(),
)


def _attached() -> Select[*tuple[Any, ...]]:
    return (
        select(*_COLUMNS)
        .outerjoin(File, File.id == Attachment.file_id)
        .outerjoin(User, User.id == Attachment.added_by_id)
        .order_by(Attachment.added_at, Attachment.id)
    )


def _read(session: Session, statement: Select[*tuple[Any, ...]]) -> tuple[Attached, ...]:
    return tuple(
        Attached(
            id_, instance, key, name, url, digest, size or 0, type_ or "", by or "", at, removed, replaced
        )
        for id_, instance, key, name, url, digest, size, type_, by, at, removed, replaced in session.execute(
            statement
        )
    )


def attached(session: Session, response_id: UUID) -> tuple[Attached, ...]:
    """Everything that was ever attached to a response's answers, removed ones included, in order."""
    return _read(session, _attached().where(Attachment.response_id == response_id))


def submitted(session: Session, response_id: UUID) -> tuple[Attached, ...]:
    """What the standing submission of a response froze, in order; nothing if there is none."""
    standing = (
        select(Submission.id)
        .where(Submission.response_id == response_id, Submission.withdrawn_at.is_(None))
        .order_by(Submission.number.desc())
        .limit(1)
        .scalar_subquery()
    )
    frozen = select(SubmissionAttachment.attachment_id).where(SubmissionAttachment.submission_id == standing)
    return _read(session, _attached().where(Attachment.id.in_(frozen)))


def by_digest(session: Session, sha256: str) -> File | None:
    """The row of the content with this SHA-256."""
    return session.scalar(select(File).where(File.sha256 == sha256))


def by_key(session: Session, response_id: UUID, key: str) -> Attachment | None:
    """What a page attached under this idempotency key."""
    return session.scalar(
        select(Attachment).where(Attachment.response_id == response_id, Attachment.idempotency_key == key)
    )


def standing(session: Session, response_id: UUID) -> Sequence[Attachment]:
    """The rows of a response that are not removed, as they are now, in order."""
    return session.scalars(
        select(Attachment)
        .where(Attachment.response_id == response_id, Attachment.removed_at.is_(None))
        .order_by(Attachment.added_at, Attachment.id)
        .execution_options(populate_existing=True)
    ).all()


def sizes(session: Session, response_id: UUID) -> tuple[int, int, int]:
    """How many bytes stand attached to a response, how many ever were, and in how many rows."""
    standing_size = func.sum(File.size).filter(Attachment.removed_at.is_(None))
    row = session.execute(
        select(func.coalesce(standing_size, 0), func.coalesce(func.sum(File.size), 0), func.count())
        .select_from(Attachment)
        .outerjoin(File, File.id == Attachment.file_id)
        .where(Attachment.response_id == response_id)
    ).one()
    return int(row[0]), int(row[1]), int(row[2])


Frozen = tuple[Attachment, str | None]
"""An attachment with the SHA-256 of its file, None for a link."""


def with_digests(session: Session, response_id: UUID) -> list[Frozen]:
    """What stands attached to a response, each with its digest, as it is now."""
    rows = session.execute(
        select(Attachment, File.sha256)
        .outerjoin(File, File.id == Attachment.file_id)
        .where(Attachment.response_id == response_id, Attachment.removed_at.is_(None))
        .order_by(Attachment.id)
        .execution_options(populate_existing=True)
    )
    return [(attachment, sha256) for attachment, sha256 in rows]


def of_submission(session: Session, submission_id: UUID) -> tuple[Attached, ...]:
    """What one submission froze, in order, whatever was removed since."""
    frozen_in = select(SubmissionAttachment.attachment_id).where(
        SubmissionAttachment.submission_id == submission_id
    )
    return _read(session, _attached().where(Attachment.id.in_(frozen_in)))


def frozen(session: Session, submission_id: UUID | None = None) -> dict[UUID, list[Frozen]]:
    """What each submission froze, by submission; of one only if it is named."""
    found: dict[UUID, list[Frozen]] = {}
    wanted = (
        select(SubmissionAttachment.submission_id, Attachment, File.sha256)
        .join(Attachment, Attachment.id == SubmissionAttachment.attachment_id)
        .outerjoin(File, File.id == Attachment.file_id)
        .order_by(SubmissionAttachment.submission_id, Attachment.id)
    )
    if submission_id is not None:
        wanted = wanted.where(SubmissionAttachment.submission_id == submission_id)
    for submission, attachment, sha256 in session.execute(wanted):
        found.setdefault(submission, []).append((attachment, sha256))
    return found


def every_file(session: Session) -> Iterator[tuple[str, int]]:
    """SHA-256 and size of every file that a row names."""
    rows = session.execute(
        select(File.sha256, File.size).order_by(File.sha256).execution_options(yield_per=500)
    )
    return ((sha256, size) for sha256, size in rows)
