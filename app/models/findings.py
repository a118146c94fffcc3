"""Compiled summaries, kept for the page, and the editions that were published of them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Digest, Json, Key


class CompiledSummary(Base):
    """The latest compilation of one mechanism's summary in one round and language."""

    __tablename__ = "summary"
    __table_args__ = (UniqueConstraint("round_id", "iscm_id", "locale"),)

    id: Mapped[Key]
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"))
    iscm_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    locale: Mapped[str] = mapped_column(String(12), default="en")
    content: Mapped[Json]
    digest: Mapped[Digest]
    compiled_at: Mapped[datetime]
    compiled_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"), default=None)


class PublishedSummary(Base):
    """One edition as it was published: never changed (by trigger); its files are made of ``content``."""

    __tablename__ = "published_summary"
    __table_args__ = (
        UniqueConstraint("round_id", "iscm_id", "locale", "edition"),
        CheckConstraint("edition >= 1", name="numbered_from_one"),
    )

    id: Mapped[Key]
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"))
    iscm_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    locale: Mapped[str] = mapped_column(String(12), default="en")
    edition: Mapped[int]
    content: Mapped[Json]
    digest: Mapped[Digest]
    published_at: Mapped[datetime]
    published_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"), default=None)
