"""What waits for people: letters to be sent, corrections of the register to be decided."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Digest, Json, Key, by_value
from app.models.kinds import MessagePurpose, ProposalDecision


class OutboxMessage(Base):
    """A letter to be sent after the commit that caused it; ``dedupe_key`` makes a second one impossible.

    ``user_id`` is empty for a letter that is asked for but goes nowhere (a sign-in link for an unknown
    address). It ends as sent (a server took it), given up (``last_error`` says in the server's words why) or
    dropped (not wanted any more when it was to be sent). ``handed_at`` is committed just before a server is
    handed the text: with neither end after it, nobody knows whether it arrived, and it is never sent again by
    itself. ``address`` is where it went, ``bounced_at`` when its return was read.
    """

    __tablename__ = "outbox_message"
    __table_args__ = (
        CheckConstraint("attempts >= 0", name="attempts_are_counted"),
        CheckConstraint("sent_at IS NULL OR given_up_at IS NULL", name="sent_or_given_up"),
        CheckConstraint("(dropped_at IS NULL) = (dropped_why IS NULL)", name="dropped_with_a_reason"),
        Index("ix_outbox_message_due_at", "due_at"),
        Index("ix_outbox_message_response_id", "response_id"),
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
    round_id: Mapped[UUID | None] = mapped_column(ForeignKey("round.id"), default=None)
    response_id: Mapped[UUID | None] = mapped_column(ForeignKey("response.id"), default=None)
    address: Mapped[str | None] = mapped_column(String(254), default=None)
    subject: Mapped[str | None] = mapped_column(default=None)
    handed_at: Mapped[datetime | None] = mapped_column(default=None)
    dropped_at: Mapped[datetime | None] = mapped_column(default=None)
    dropped_why: Mapped[str | None] = mapped_column(default=None)
    bounced_at: Mapped[datetime | None] = mapped_column(default=None)
    resends_id: Mapped[UUID | None] = mapped_column(ForeignKey("outbox_message.id"), default=None)


class MessageTemplate(Base):
    """The words of one purpose in one language of a round; the highest number is in force. Append-only (by
    trigger). Where a round has none, the standard words hold.
    """

    __tablename__ = "message_template"
    __table_args__ = (
        UniqueConstraint("round_id", "purpose", "locale", "number"),
        CheckConstraint("number >= 1", name="numbered_from_one"),
    )

    id: Mapped[Key]
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"))
    purpose: Mapped[MessagePurpose] = mapped_column(by_value(MessagePurpose, "purpose"))
    locale: Mapped[str] = mapped_column(String(12))
    number: Mapped[int]
    subject: Mapped[str]
    body: Mapped[str]
    saved_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"), default=None)
    saved_at: Mapped[datetime]


class BounceReport(Base):
    """A returned letter as a mail server reported it (RFC 3464); ``message_id`` empty if it is none of ours.

    Append-only (by trigger); ``digest`` is of the report's bytes, so that none is read twice.
    """

    __tablename__ = "bounce_report"
    __table_args__ = (Index("ix_bounce_report_message_id", "message_id"),)

    id: Mapped[Key]
    digest: Mapped[Digest] = mapped_column(unique=True)
    message_id: Mapped[UUID | None] = mapped_column(ForeignKey("outbox_message.id"), default=None)
    recipient: Mapped[str] = mapped_column(String(254))
    permanent: Mapped[bool]
    status: Mapped[str] = mapped_column(String(40))
    words: Mapped[str]
    read_at: Mapped[datetime]


class AddressFailure(Base):
    """That letters to a person's address do not arrive, from when until (``cleared_at``) it was put right."""

    __tablename__ = "address_failure"
    __table_args__ = (
        CheckConstraint("cleared_at IS NULL OR cleared_at >= failed_at", name="ends_after_it_begins"),
        Index("ix_address_failure_user_id", "user_id"),
    )

    id: Mapped[Key]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    address: Mapped[str] = mapped_column(String(254))
    message_id: Mapped[UUID | None] = mapped_column(ForeignKey("outbox_message.id"), default=None)
    words: Mapped[str]
    failed_at: Mapped[datetime]
    cleared_at: Mapped[datetime | None] = mapped_column(default=None)


class WorkerBeat(Base):
    """When the worker that sends letters and does what is due was last at work."""

    __tablename__ = "worker_beat"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime]


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
