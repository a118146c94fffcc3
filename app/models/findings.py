"""Compiled summaries, kept for the page."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, String, UniqueConstraint
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
