"""Threads: questions to IOM, clarifications, remarks at clearance, requests that staff decide."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Key, by_value
from app.models.kinds import RequestDecision, ThreadKind


class Thread(Base):
    """One conversation about a response or one of its questions: open, then answered, then closed.

    A remark at clearance (``clearance``) belongs to the organisation alone; the other kinds are between it
    and IOM. ``wanted_until`` is the day an extension asks for.
    """

    __tablename__ = "thread"
    __table_args__ = (
        UniqueConstraint("response_id", "id"),
        ForeignKeyConstraint(
            ["response_id", "instance_id"],
            ["repeat_instance.response_id", "repeat_instance.id"],
            name="fk_thread_instance_of_response",
        ),
        CheckConstraint("kind <> 'clarification' OR question_key IS NOT NULL", name="clarifies_an_answer"),
        CheckConstraint(
            "instance_id IS NULL OR question_key IS NOT NULL", name="about_a_question_of_the_block"
        ),
        CheckConstraint(
            "(wanted_until IS NOT NULL) = (kind = 'extension')", name="an_extension_names_its_end"
        ),
        CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name="decided_at_some_time"),
        CheckConstraint(
            "decision IS NULL OR kind IN ('extension', 'reopening')", name="only_requests_are_decided"
        ),
        CheckConstraint("(kind = 'clearance') = (clearance_id IS NOT NULL)", name="a_remark_of_a_clearance"),
        CheckConstraint("(closed_at IS NULL) = (closed_by_id IS NULL)", name="closed_by_somebody"),
        Index("ix_thread_response_id", "response_id"),
    )

    id: Mapped[Key]
    response_id: Mapped[UUID] = mapped_column(ForeignKey("response.id"))
    instance_id: Mapped[UUID | None] = mapped_column(default=None)
    question_key: Mapped[str | None] = mapped_column(String(60), default=None)
    item: Mapped[str] = mapped_column(String(80), default="")
    kind: Mapped[ThreadKind] = mapped_column(by_value(ThreadKind, "kind"))
    clearance_id: Mapped[UUID | None] = mapped_column(ForeignKey("clearance.id"), default=None)
    opened_by_id: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    opened_at: Mapped[datetime]
    wanted_until: Mapped[datetime | None] = mapped_column(default=None)
    answered_at: Mapped[datetime | None] = mapped_column(default=None)
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    closed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"), default=None)
    decision: Mapped[RequestDecision | None] = mapped_column(
        by_value(RequestDecision, "decision"), default=None
    )
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"), default=None)


class Comment(Base):
    """One contribution to a thread; append-only (by trigger). An internal one is read by staff only."""

    __tablename__ = "comment"
    __table_args__ = (
        CheckConstraint("NOT internal OR by_staff", name="only_staff_write_internally"),
        UniqueConstraint("thread_id", "idempotency_key"),
        Index("ix_comment_thread_id", "thread_id"),
    )

    id: Mapped[Key]
    thread_id: Mapped[UUID] = mapped_column(ForeignKey("thread.id"))
    author_id: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    appointment_id: Mapped[UUID | None] = mapped_column(ForeignKey("appointment.id"), default=None)
    by_staff: Mapped[bool]
    internal: Mapped[bool] = mapped_column(default=False)
    body: Mapped[str]
    at: Mapped[datetime]
    idempotency_key: Mapped[str | None] = mapped_column(String(80), default=None)
