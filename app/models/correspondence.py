"""What waits for people: letters to be sent, corrections of the register to be decided."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Json, Key, by_value
from app.models.kinds import ProposalDecision


class OutboxMessage(Base):
    """A letter to be sent after the commit that caused it; ``dedupe_key`` makes a second one impossible.

    ``user_id`` is empty for a letter that is asked for but goes nowhere (a sign-in link for an unknown
    address).
    """

    __tablename__ = "outbox_message"
    __table_args__ = (
        CheckConstraint("attempts >= 0", name="attempts_are_counted"),
        CheckConstraint("sent_at IS NULL OR given_up_at IS NULL", name="sent_or_given_up"),
        Index("ix_outbox_message_due_at", "due_at"),
    )

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(40))
    dedupe_key: Mapped[str] = mapped_column(String(200), unique=True)
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"), default=None)
    payload: Mapped[Json] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None] = mapped_column(default=None)
    sent_at: Mapped[datetime | None] = mapped_column(default=None)
    given_up_at: Mapped[datetime | None] = mapped_column(default=None)
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None] = mapped_column(default=None)


class RegisterProposal(Base):
    """A respondent's correction of what the register knows; the register changes only by decision."""

    __tablename__ = "register_proposal"
    __table_args__ = (
        CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name="decided_at_some_time"),
        CheckConstraint(
            "answer_revision_id IS NOT NULL OR fact = 'mechanism'", name="of_an_answer_or_a_missing_mechanism"
        ),
        Index("ix_register_proposal_organisation_id", "organisation_id"),
    )

    id: Mapped[Key]
    response_id: Mapped[UUID] = mapped_column(ForeignKey("response.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    answer_revision_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("answer_revision.id"), unique=True, default=None
    )
    fact: Mapped[str] = mapped_column(String(60))
    known: Mapped[Json] = mapped_column(nullable=True, default=None)
    proposed: Mapped[Json]
    created_at: Mapped[datetime]
    decision: Mapped[ProposalDecision | None] = mapped_column(
        by_value(ProposalDecision, "decision"), default=None
    )
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"), default=None)
    note: Mapped[str | None] = mapped_column(default=None)
