"""What was done, by whom, when; written in the transaction of the act."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Json


class AuditEvent(Base):
    """One act; append-only (by trigger). ``number`` gives the order in which events were written."""

    __tablename__ = "audit_event"
    __table_args__ = (Index("ix_audit_event_subject_kind_subject_id", "subject_kind", "subject_id"),)

    number: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=True
    )
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"), default=None)
    actor_name: Mapped[str]
    act: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[str | None] = mapped_column(String(80), default=None)
    detail: Mapped[Json] = mapped_column(default=dict)
    request_id: Mapped[str | None] = mapped_column(String(80), default=None)
