"""Files that people hand in, stored under their digest, and what they belong to."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, Digest, Key, by_value
from app.models.kinds import ImportKind


class File(Base):
    """The content of a file, known by its SHA-256; it lies in the file store, outside the static tree."""

    __tablename__ = "file"
    __table_args__ = (CheckConstraint("size > 0", name="is_not_empty"),)

    id: Mapped[Key]
    sha256: Mapped[Digest] = mapped_column(unique=True)
    media_type: Mapped[str] = mapped_column(String(120))
    size: Mapped[int]
    stored_at: Mapped[datetime]


class Attachment(Base):
    """A file or a link that belongs to an answer; a removed one is kept, since it may have been submitted."""

    __tablename__ = "attachment"
    __table_args__ = (
        UniqueConstraint("response_id", "id"),
        UniqueConstraint("response_id", "idempotency_key"),
        ForeignKeyConstraint(
            ["response_id", "instance_id"],
            ["repeat_instance.response_id", "repeat_instance.id"],
            name="fk_attachment_instance_of_response",
        ),
        CheckConstraint("(file_id IS NULL) <> (url IS NULL)", name="a_file_or_a_link"),
        CheckConstraint("replaces_id IS NULL OR replaces_id <> id", name="replaces_another"),
        Index("ix_attachment_response_id_question_key", "response_id", "question_key"),
    )

    id: Mapped[Key]
    response_id: Mapped[UUID] = mapped_column(ForeignKey("response.id"))
    instance_id: Mapped[UUID | None] = mapped_column(default=None)
    question_key: Mapped[str] = mapped_column(String(60))
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("file.id"), default=None)
    url: Mapped[str | None] = mapped_column(default=None)
    name: Mapped[str] = mapped_column(String(200))
    replaces_id: Mapped[UUID | None] = mapped_column(ForeignKey("attachment.id"), default=None)
    added_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"), default=None)
    appointment_id: Mapped[UUID | None] = mapped_column(ForeignKey("appointment.id"), default=None)
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None] = mapped_column(default=None)
    removed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"), default=None)
    idempotency_key: Mapped[str | None] = mapped_column(String(80), default=None)

    file: Mapped[File | None] = relationship(lazy="raise")


class SubmissionAttachment(Base):
    """An attachment that a submission froze. Append-only (by trigger)."""

    __tablename__ = "submission_attachment"
    __table_args__ = (
        ForeignKeyConstraint(
            ["response_id", "submission_id"],
            ["submission.response_id", "submission.id"],
            name="fk_submission_attachment_submission_of_response",
        ),
        ForeignKeyConstraint(
            ["response_id", "attachment_id"],
            ["attachment.response_id", "attachment.id"],
            name="fk_submission_attachment_attachment_of_response",
        ),
    )

    submission_id: Mapped[UUID] = mapped_column(primary_key=True)
    attachment_id: Mapped[UUID] = mapped_column(primary_key=True)
    response_id: Mapped[UUID]


class Nomination(Base):
    """The note verbale by which an organisation names who answers for it."""

    __tablename__ = "nomination"
    __table_args__ = (Index("ix_nomination_organisation_id", "organisation_id"),)

    id: Mapped[Key]
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    number: Mapped[str] = mapped_column(String(120))
    dated: Mapped[date]
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("file.id"), default=None)
    file_name: Mapped[str | None] = mapped_column(String(200), default=None)
    recorded_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"), default=None)
    recorded_at: Mapped[datetime]


class HandOver(Base):
    """That one appointment took the place of another; append-only (by trigger)."""

    __tablename__ = "hand_over"
    __table_args__ = (CheckConstraint("from_id <> to_id", name="to_another_appointment"),)

    id: Mapped[Key]
    from_id: Mapped[UUID] = mapped_column(ForeignKey("appointment.id"), unique=True)
    to_id: Mapped[UUID] = mapped_column(ForeignKey("appointment.id"))
    nomination_id: Mapped[UUID | None] = mapped_column(ForeignKey("nomination.id"), default=None)
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"), default=None)
    at: Mapped[datetime]
    reason: Mapped[str | None] = mapped_column(default=None)


class StagedImport(Base):
    """A file of contacts or of the register that waits for its preview to be confirmed, all or nothing."""

    __tablename__ = "staged_import"
    __table_args__ = (
        CheckConstraint("applied_at IS NULL OR discarded_at IS NULL", name="applied_or_discarded"),
    )

    id: Mapped[Key]
    kind: Mapped[ImportKind] = mapped_column(by_value(ImportKind, "kind"))
    file_id: Mapped[UUID] = mapped_column(ForeignKey("file.id"))
    name: Mapped[str] = mapped_column(String(200))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    applied_at: Mapped[datetime | None] = mapped_column(default=None)
    discarded_at: Mapped[datetime | None] = mapped_column(default=None)
