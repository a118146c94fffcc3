"""Several people at one response: who was given what, who is there now, and who clears it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Digest, Key, by_value
from app.models.kinds import ClearanceDecision, DelegatedRight

_WHOLE = text("ended_at IS NULL AND section_key IS NULL AND instance_id IS NULL")
_SECTION = text("ended_at IS NULL AND section_key IS NOT NULL")
_BLOCK = text("ended_at IS NULL AND instance_id IS NOT NULL")
_OPEN = text("decided_at IS NULL AND withdrawn_at IS NULL")


class Delegation(Base):
    """That a person was given a response, one of its sections or one mechanism's block, to read or to write.

    An appointment with a delegation is a limited one: its person sees what was given and stands, nothing
    else of the organisation's answers. A section is named by its key, a block by its instance.
    """

    __tablename__ = "delegation"
    __table_args__ = (
        ForeignKeyConstraint(
            ["response_id", "instance_id"],
            ["repeat_instance.response_id", "repeat_instance.id"],
            name="fk_delegation_instance_of_response",
        ),
        CheckConstraint("section_key IS NULL OR instance_id IS NULL", name="a_section_or_a_block"),
        CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="ended_by_somebody"),
        Index(
            "uq_delegation_of_whole",
            "response_id",
            "appointment_id",
            unique=True,
            sqlite_where=_WHOLE,
            postgresql_where=_WHOLE,
        ),
        Index(
            "uq_delegation_of_section",
            "response_id",
            "appointment_id",
            "section_key",
            unique=True,
            sqlite_where=_SECTION,
            postgresql_where=_SECTION,
        ),
        Index(
            "uq_delegation_of_block",
            "response_id",
            "appointment_id",
            "instance_id",
            unique=True,
            sqlite_where=_BLOCK,
            postgresql_where=_BLOCK,
        ),
        Index("ix_delegation_appointment_id", "appointment_id"),
    )

    id: Mapped[Key]
    response_id: Mapped[UUID] = mapped_column(ForeignKey("response.id"))
    appointment_id: Mapped[UUID] = mapped_column(ForeignKey("appointment.id"))
    section_key: Mapped[str | None] = mapped_column(String(60), default=None)
    instance_id: Mapped[UUID | None] = mapped_column(default=None)
    right: Mapped[DelegatedRight] = mapped_column(by_value(DelegatedRight, "right"))
    note: Mapped[str | None] = mapped_column(default=None)
    given_by_id: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    given_at: Mapped[datetime]
    opened_at: Mapped[datetime | None] = mapped_column(default=None)
    ready_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"), default=None)


class Presence(Base):
    """On which page of a response a person was last seen; nothing hangs on it, and it may be lost."""

    __tablename__ = "presence"

    response_id: Mapped[UUID] = mapped_column(ForeignKey("response.id"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id"), primary_key=True)
    place: Mapped[str] = mapped_column(String(200))
    seen_at: Mapped[datetime]


class ClearanceRule(Base):
    """What an organisation asks of its own answers: to be cleared before they go, by somebody else."""

    __tablename__ = "clearance_rule"

    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    wanted: Mapped[bool]
    four_eyes: Mapped[bool]
    set_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"), default=None)
    set_at: Mapped[datetime]


class Clearance(Base):
    """One asking for clearance and what came of it.

    ``digest`` is that of the answers as they stood when it was asked for, ``approved_digest`` of those that
    were approved: an approval covers these answers and no others.
    """

    __tablename__ = "clearance"
    __table_args__ = (
        CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name="decided_at_some_time"),
        CheckConstraint("decision IS NULL OR decided_by_id IS NOT NULL", name="decided_by_somebody"),
        CheckConstraint(
            "decision IS NULL OR decision <> 'sent_back' OR reason IS NOT NULL",
            name="sent_back_with_a_reason",
        ),
        CheckConstraint(
            "decision IS NULL OR decision <> 'approved' OR approved_digest IS NOT NULL",
            name="approved_as_it_stood",
        ),
        CheckConstraint("decided_at IS NULL OR withdrawn_at IS NULL", name="decided_or_withdrawn"),
        Index("uq_clearance_open", "response_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[Key]
    response_id: Mapped[UUID] = mapped_column(ForeignKey("response.id"))
    asked_by_id: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    asked_at: Mapped[datetime]
    note: Mapped[str | None] = mapped_column(default=None)
    digest: Mapped[Digest]
    decision: Mapped[ClearanceDecision | None] = mapped_column(
        by_value(ClearanceDecision, "decision"), default=None
    )
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"), default=None)
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    reason: Mapped[str | None] = mapped_column(default=None)
    approved_digest: Mapped[Digest | None] = mapped_column(default=None)
    withdrawn_at: Mapped[datetime | None] = mapped_column(default=None)
