"""A round, who is asked in it, the register as it stood, and the questionnaires it uses."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, Code, Digest, Json, Key, by_value
from app.models.kinds import Audience, MembershipRole
from app.models.organisations import Organisation


class Round(Base):
    """One asking of everybody; ``opened_at``, ``closed_at`` and ``cut_off_at`` say what has happened,
    ``opens_at``, ``closes_at`` and ``cutoff_at`` what is planned.

    ``asked`` is the rule by which it is decided who is asked, until it is opened; ``contact`` is whom to ask
    at IOM (``name``, ``email``, ``phone``, ``hours``, ``zone``). A round with ``pilots_version_id`` tries a
    questionnaire: it never counts. ``public_since`` is set while everybody may see who has answered.
    """

    __tablename__ = "round"
    __table_args__ = (
        CheckConstraint("closes_at > opens_at", name="closes_after_it_opens"),
        CheckConstraint("cutoff_at IS NULL OR cutoff_at >= closes_at", name="cut_off_after_closing"),
        CheckConstraint("closed_at IS NULL OR opened_at IS NOT NULL", name="opened_before_closed"),
    )

    id: Mapped[Key]
    code: Mapped[Code] = mapped_column(unique=True)
    title: Mapped[str]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    cutoff_at: Mapped[datetime | None] = mapped_column(default=None)
    zone: Mapped[str] = mapped_column(String(60))
    opened_at: Mapped[datetime | None] = mapped_column(default=None)
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    cut_off_at: Mapped[datetime | None] = mapped_column(default=None)
    copied_from_id: Mapped[UUID | None] = mapped_column(ForeignKey("round.id"), default=None)
    asked: Mapped[Json] = mapped_column(nullable=True, default=None)
    contact: Mapped[Json] = mapped_column(nullable=True, default=None)
    reminders_paused_at: Mapped[datetime | None] = mapped_column(default=None)
    public_since: Mapped[datetime | None] = mapped_column(default=None)
    pilots_version_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("questionnaire_version.id"), default=None
    )


class RoundParticipant(Base):
    """Who is asked in a round and as what, copied at opening, so that a later correction cannot change a
    base.
    """

    __tablename__ = "round_participant"
    __table_args__ = (
        UniqueConstraint("round_id", "organisation_id"),
        ForeignKeyConstraint(["organisation_id", "audience"], ["organisation.id", "organisation.asked_as"]),
        CheckConstraint("audience <> 'none'", name="is_asked_something"),
        CheckConstraint("withdrawn_at IS NULL OR why IS NOT NULL", name="withdrawn_with_a_reason"),
    )

    id: Mapped[Key]
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"))
    organisation_id: Mapped[UUID]
    audience: Mapped[Audience] = mapped_column(by_value(Audience, "audience"))
    basis: Mapped[str] = mapped_column(String(40), default="opening")
    added_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None] = mapped_column(default=None)
    why: Mapped[str | None] = mapped_column(default=None)


class RoundMembership(Base):
    """Who was a member of what when the round was opened."""

    __tablename__ = "round_membership"
    __table_args__ = (
        UniqueConstraint("round_id", "iscm_id", "member_id", "role"),
        Index("ix_round_membership_round_id_member_id", "round_id", "member_id"),
    )

    id: Mapped[Key]
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"))
    iscm_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    member_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    role: Mapped[MembershipRole] = mapped_column(by_value(MembershipRole, "role"))
    via_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"), default=None)


class RoundProfile(Base):
    """What the register said of an organisation when the round was opened.

    ``facts`` of every organisation: ``kind``, ``code``, ``name``, ``name_article``, ``formal_name``,
    ``demonym``, ``iso3``; of a mechanism also every column of its profile in force, under the profile's own
    names (its full name is then ``name`` and its organisation's running-text name ``organisation_name``).
    """

    __tablename__ = "round_profile"
    __table_args__ = (UniqueConstraint("round_id", "organisation_id"),)

    id: Mapped[Key]
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    facts: Mapped[Json]

    organisation: Mapped[Organisation] = relationship(lazy="raise")


class RoundTally(Base):
    """A count that came from outside the service; ``invited`` empty means that it was not recorded."""

    __tablename__ = "round_tally"
    __table_args__ = (
        UniqueConstraint("round_id", "audience"),
        CheckConstraint("answered >= 0", name="answered_is_a_count"),
        CheckConstraint("invited IS NULL OR invited >= answered", name="no_more_answered_than_invited"),
        CheckConstraint("audience <> 'none'", name="is_asked_something"),
    )

    id: Mapped[Key]
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"))
    audience: Mapped[Audience] = mapped_column(by_value(Audience, "audience"))
    answered: Mapped[int]
    invited: Mapped[int | None] = mapped_column(default=None)
    source: Mapped[str]
    recorded_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"), default=None)
    recorded_at: Mapped[datetime]


PILOT = "-pilot"
"""How the key of what is only tried ends; no file can have such a key, for a file's key has no hyphen."""


class QuestionnaireVersion(Base):
    """One published questionnaire, frozen: rows are never changed (by trigger).

    What is piloted is kept under a key of its own (``state-pilot``) and never given to a real round.
    """

    __tablename__ = "questionnaire_version"
    __table_args__ = (
        UniqueConstraint("questionnaire_key", "number"),
        UniqueConstraint("questionnaire_key", "digest"),
        UniqueConstraint("id", "questionnaire_key", "audience"),
        CheckConstraint("number >= 1", name="numbered_from_one"),
        CheckConstraint("audience <> 'none'", name="asks_somebody"),
    )

    id: Mapped[Key]
    questionnaire_key: Mapped[str] = mapped_column(String(60))
    number: Mapped[int]
    audience: Mapped[Audience] = mapped_column(by_value(Audience, "audience"))
    definition: Mapped[Json]
    digest: Mapped[Digest]
    published_at: Mapped[datetime]
    published_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"), default=None)
