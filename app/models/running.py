"""Running a round: what came of asking each respondent, who was spoken to, who is reminded when."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Json, Key, by_value
from app.models.kinds import Audience, ContactKind, MessagePurpose, Outcome, ReceivedBy, ReminderAnchor

_IN_FORCE = text("ended_at IS NULL")


class OutcomeChange(Base):
    """That a response was given an outcome, or lost it (``after`` empty), by whom and why; append-only (by
    trigger).
    """

    __tablename__ = "outcome_change"
    __table_args__ = (Index("ix_outcome_change_response_id", "response_id"),)

    id: Mapped[Key]
    response_id: Mapped[UUID] = mapped_column(ForeignKey("response.id"))
    before: Mapped[Outcome | None] = mapped_column(by_value(Outcome, "before"), default=None)
    after: Mapped[Outcome | None] = mapped_column(by_value(Outcome, "after"), default=None)
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"), default=None)
    at: Mapped[datetime]
    reason: Mapped[str]


class ReceivedAnswers(Base):
    """Answers that reached staff on paper or by word of mouth: from whom, of which day, and the source that
    was kept. Append-only (by trigger).
    """

    __tablename__ = "received_answers"
    __table_args__ = (
        CheckConstraint("received_by <> 'paper' OR file_id IS NOT NULL", name="paper_is_kept"),
        Index("ix_received_answers_response_id", "response_id"),
    )

    id: Mapped[Key]
    response_id: Mapped[UUID] = mapped_column(ForeignKey("response.id"))
    received_by: Mapped[ReceivedBy] = mapped_column(by_value(ReceivedBy, "received_by"))
    from_whom: Mapped[str]
    dated: Mapped[date]
    file_id: Mapped[UUID | None] = mapped_column(ForeignKey("file.id"), default=None)
    file_name: Mapped[str | None] = mapped_column(String(200), default=None)
    note: Mapped[str | None] = mapped_column(default=None)
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"), default=None)
    at: Mapped[datetime]


class ContactEntry(Base):
    """One contact with a respondent outside the service, and the next step agreed; append-only (by trigger).

    The next step of the latest entry is the one that counts.
    """

    __tablename__ = "contact_entry"
    __table_args__ = (
        CheckConstraint("next_on IS NULL OR next_step IS NOT NULL", name="a_day_for_a_step"),
        UniqueConstraint("round_id", "idempotency_key"),
        Index("ix_contact_entry_round_id_organisation_id", "round_id", "organisation_id"),
    )

    id: Mapped[Key]
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[ContactKind] = mapped_column(by_value(ContactKind, "kind"))
    with_whom: Mapped[str | None] = mapped_column(default=None)
    text: Mapped[str]
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    next_step: Mapped[str | None] = mapped_column(default=None)
    next_on: Mapped[date | None] = mapped_column(default=None)
    next_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"), default=None)
    idempotency_key: Mapped[str | None] = mapped_column(String(80), default=None)


class ReminderRule(Base):
    """One line of a round's plan of reminders: so many days before (negative) or after the anchor, at this
    hour of the round's zone, to whom stands at one of ``standings`` (``app.standing``).

    The deadline is the respondent's own. With ``business_days`` only Mondays to Fridays are counted and sent
    on. A rule is ended, never removed: what it sent points to it.
    """

    __tablename__ = "reminder_rule"
    __table_args__ = (
        CheckConstraint("days BETWEEN -365 AND 365", name="within_a_year"),
        CheckConstraint("hour BETWEEN 0 AND 23", name="at_an_hour_of_the_day"),
        CheckConstraint("anchor <> 'opening' OR days >= 0", name="not_before_the_opening"),
        CheckConstraint("audience IS NULL OR audience <> 'none'", name="reminds_somebody"),
        Index("ix_reminder_rule_round_id", "round_id"),
    )

    id: Mapped[Key]
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"))
    anchor: Mapped[ReminderAnchor] = mapped_column(by_value(ReminderAnchor, "anchor"))
    days: Mapped[int]
    hour: Mapped[int] = mapped_column(default=9)
    business_days: Mapped[bool] = mapped_column(default=True)
    audience: Mapped[Audience | None] = mapped_column(by_value(Audience, "audience"), default=None)
    standings: Mapped[Json] = mapped_column(default=list)
    purpose: Mapped[MessagePurpose] = mapped_column(
        by_value(MessagePurpose, "purpose"), default=MessagePurpose.REMINDER
    )
    added_at: Mapped[datetime]
    added_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"), default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)


class ReminderOptOut(Base):
    """That a person wants no reminders in a round, until (``ended_at``) they want them again. Invitations,
    sign-in links and what is decided about their answers still reach them.
    """

    __tablename__ = "reminder_opt_out"
    __table_args__ = (
        CheckConstraint("ended_at IS NULL OR ended_at >= at", name="ends_after_it_begins"),
        Index(
            "uq_reminder_opt_out_in_force",
            "round_id",
            "user_id",
            unique=True,
            sqlite_where=_IN_FORCE,
            postgresql_where=_IN_FORCE,
        ),
    )

    id: Mapped[Key]
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)


class SavedView(Base):
    """A page with its filters, kept under a name: one's own, or (``shared_at``) for all staff."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("user_id", "place", "name"),)

    id: Mapped[Key]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    place: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(80))
    query: Mapped[str] = mapped_column(String(2000))
    shared_at: Mapped[datetime | None] = mapped_column(default=None)
    created_at: Mapped[datetime]
