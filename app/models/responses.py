"""A response, its repeated blocks, its answers with their history, and what was sent when."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, Digest, Json, Key, by_value
from app.models.kinds import Attribution, Audience, InstanceAct, Outcome, ResponseStatus, Via
from app.models.organisations import Organisation
from app.models.rounds import QuestionnaireVersion, Round

_WHOLE = text("instance_id IS NULL")
_BLOCK = text("instance_id IS NOT NULL")
_ABOUT = text("subject_id IS NOT NULL")


class Response(Base):
    """One organisation's answers in one round.

    The two composite foreign keys make it impossible to give a State the questionnaire of an IGO.
    ``attribution`` is the default in force for every answer that has none of its own; ``language`` is the one
    in which the respondent writes, whatever that of the form.
    """

    __tablename__ = "response"
    __table_args__ = (
        UniqueConstraint("round_id", "organisation_id", "questionnaire_key"),
        ForeignKeyConstraint(
            ["organisation_id", "audience"],
            ["organisation.id", "organisation.asked_as"],
            name="fk_response_organisation_asked_as",
        ),
        ForeignKeyConstraint(
            ["questionnaire_version_id", "questionnaire_key", "audience"],
            [
                "questionnaire_version.id",
                "questionnaire_version.questionnaire_key",
                "questionnaire_version.audience",
            ],
            name="fk_response_questionnaire_of_audience",
        ),
        CheckConstraint(
            "outcome IS NULL OR outcome <> 'declined' OR status IN ('invited', 'in_progress')",
            name="declined_only_unless_submitted",
        ),
        CheckConstraint("outcome IS NULL OR outcome_reason IS NOT NULL", name="outcome_with_a_reason"),
        CheckConstraint(
            "status NOT IN ('submitted', 'reopened') OR (attribution IS NOT NULL AND reference IS NOT NULL)",
            name="submitted_with_attribution_and_reference",
        ),
        CheckConstraint(
            "attribution IS NULL OR audience <> 'iscm' OR attribution <> 'unnamed'",
            name="a_mechanism_cannot_be_unnamed",
        ),
        Index("ix_response_organisation_id", "organisation_id"),
    )

    id: Mapped[Key]
    round_id: Mapped[UUID] = mapped_column(ForeignKey("round.id"))
    organisation_id: Mapped[UUID]
    audience: Mapped[Audience] = mapped_column(by_value(Audience, "audience"))
    questionnaire_version_id: Mapped[UUID]
    questionnaire_key: Mapped[str] = mapped_column(String(60))
    status: Mapped[ResponseStatus] = mapped_column(
        by_value(ResponseStatus, "status"), default=ResponseStatus.INVITED
    )
    outcome: Mapped[Outcome | None] = mapped_column(by_value(Outcome, "outcome"), default=None)
    outcome_reason: Mapped[str | None] = mapped_column(default=None)
    due_at: Mapped[datetime | None] = mapped_column(default=None)
    attribution: Mapped[Attribution | None] = mapped_column(
        by_value(Attribution, "attribution"), default=None
    )
    language: Mapped[str] = mapped_column(String(12), default="en")
    reference: Mapped[str | None] = mapped_column(String(80), default=None, unique=True)
    created_at: Mapped[datetime]
    opened_at: Mapped[datetime | None] = mapped_column(default=None)
    last_saved_at: Mapped[datetime | None] = mapped_column(default=None)

    round: Mapped[Round] = relationship(lazy="raise")
    organisation: Mapped[Organisation] = relationship(
        lazy="raise",
        foreign_keys="Response.organisation_id",
        primaryjoin="Organisation.id == Response.organisation_id",
    )
    version: Mapped[QuestionnaireVersion] = relationship(
        lazy="raise",
        foreign_keys="Response.questionnaire_version_id",
        primaryjoin="QuestionnaireVersion.id == Response.questionnaire_version_id",
    )


class RepeatInstance(Base):
    """One repetition: a mechanism's block (``subject_id``) or one record of a list (``parent_id`` is its
    block).

    Blocks carry the key of their section, records that of their question. A removed one is kept and can be
    restored.
    """

    __tablename__ = "repeat_instance"
    __table_args__ = (
        UniqueConstraint("response_id", "id"),
        ForeignKeyConstraint(
            ["response_id", "parent_id"],
            ["repeat_instance.response_id", "repeat_instance.id"],
            name="fk_repeat_instance_parent_of_response",
        ),
        CheckConstraint("parent_id IS NULL OR parent_id <> id", name="not_its_own_parent"),
        CheckConstraint("parent_id IS NULL OR subject_id IS NULL", name="a_record_has_no_subject"),
        Index(
            "uq_repeat_instance_subject",
            "response_id",
            "group_key",
            "subject_id",
            unique=True,
            sqlite_where=_ABOUT,
            postgresql_where=_ABOUT,
        ),
        UniqueConstraint("response_id", "idempotency_key"),
    )

    id: Mapped[Key]
    response_id: Mapped[UUID] = mapped_column(ForeignKey("response.id"))
    parent_id: Mapped[UUID | None] = mapped_column(default=None)
    group_key: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"), default=None)
    position: Mapped[int]
    attribution: Mapped[Attribution | None] = mapped_column(
        by_value(Attribution, "attribution"), default=None
    )
    idempotency_key: Mapped[str | None] = mapped_column(String(80), default=None)
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None] = mapped_column(default=None)


class InstanceEvent(Base):
    """That a block or record was added, removed or restored, and by whom; append-only (by trigger)."""

    __tablename__ = "instance_event"
    __table_args__ = (
        UniqueConstraint("instance_id", "number"),
        CheckConstraint("number >= 1", name="numbered_from_one"),
    )

    id: Mapped[Key]
    instance_id: Mapped[UUID] = mapped_column(ForeignKey("repeat_instance.id"))
    number: Mapped[int]
    act: Mapped[InstanceAct] = mapped_column(by_value(InstanceAct, "act"))
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"), default=None)
    appointment_id: Mapped[UUID | None] = mapped_column(ForeignKey("appointment.id"), default=None)
    at: Mapped[datetime]


class Answer(Base):
    """The present answer to one question, in one block or record or none, for one row of a matrix or ''.

    ``value`` is the plain form of the question's kind, empty when the answer was cleared.
    """

    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("response_id", "id"),
        ForeignKeyConstraint(
            ["response_id", "instance_id"],
            ["repeat_instance.response_id", "repeat_instance.id"],
            name="fk_answer_instance_of_response",
        ),
        CheckConstraint("revision >= 1", name="revision_from_one"),
        Index(
            "uq_answer_of_response",
            "response_id",
            "question_key",
            "item",
            unique=True,
            sqlite_where=_WHOLE,
            postgresql_where=_WHOLE,
        ),
        Index(
            "uq_answer_of_instance",
            "response_id",
            "instance_id",
            "question_key",
            "item",
            unique=True,
            sqlite_where=_BLOCK,
            postgresql_where=_BLOCK,
        ),
    )

    id: Mapped[Key]
    response_id: Mapped[UUID] = mapped_column(ForeignKey("response.id"))
    instance_id: Mapped[UUID | None] = mapped_column(default=None)
    question_key: Mapped[str] = mapped_column(String(60))
    item: Mapped[str] = mapped_column(String(80), default="")
    value: Mapped[Json] = mapped_column(nullable=True, default=None)
    attribution: Mapped[Attribution | None] = mapped_column(
        by_value(Attribution, "attribution"), default=None
    )
    language: Mapped[str] = mapped_column(String(12), default="en")
    revision: Mapped[int] = mapped_column(default=1)
    questionnaire_version_id: Mapped[UUID] = mapped_column(ForeignKey("questionnaire_version.id"))


class AnswerRevision(Base):
    """One state that an answer had: what findings cite. Append-only (by trigger).

    ``confirms`` names the fact of the register that a *yes, this is right* confirmed; ``source`` says from
    what and when staff entered it (``{"kind": …, "what": …, "dated": …}``).
    """

    __tablename__ = "answer_revision"
    __table_args__ = (
        UniqueConstraint("answer_id", "number"),
        UniqueConstraint("answer_id", "id"),
        CheckConstraint("number >= 1", name="numbered_from_one"),
        CheckConstraint("via <> 'staff' OR source IS NOT NULL", name="entered_by_staff_from_a_source"),
    )

    id: Mapped[Key]
    answer_id: Mapped[UUID] = mapped_column(ForeignKey("answer.id"))
    number: Mapped[int]
    value: Mapped[Json] = mapped_column(nullable=True, default=None)
    attribution: Mapped[Attribution | None] = mapped_column(
        by_value(Attribution, "attribution"), default=None
    )
    language: Mapped[str] = mapped_column(String(12), default="en")
    questionnaire_version_id: Mapped[UUID] = mapped_column(ForeignKey("questionnaire_version.id"))
    confirms: Mapped[str | None] = mapped_column(String(80), default=None)
    saved_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"), default=None)
    appointment_id: Mapped[UUID | None] = mapped_column(ForeignKey("appointment.id"), default=None)
    saved_at: Mapped[datetime]
    via: Mapped[Via] = mapped_column(by_value(Via, "via"))
    source: Mapped[Json] = mapped_column(nullable=True, default=None)

    answer: Mapped[Answer] = relationship(lazy="raise")


class Submission(Base):
    """What was sent: evidence is the latest one that stands (``withdrawn_at`` empty).

    ``due_at`` is the respondent's deadline as it was then: what came after it is late. ``received_id`` says
    that staff entered it from paper or an interview. ``questionnaire_version_id`` is the version it answered:
    the response may have moved to another since.
    """

    __tablename__ = "submission"
    __table_args__ = (
        UniqueConstraint("response_id", "number"),
        UniqueConstraint("response_id", "id"),
        CheckConstraint("number >= 1", name="numbered_from_one"),
    )

    id: Mapped[Key]
    response_id: Mapped[UUID] = mapped_column(ForeignKey("response.id"))
    number: Mapped[int]
    reference: Mapped[str] = mapped_column(String(80), unique=True)
    statement: Mapped[str]
    digest: Mapped[Digest]
    attribution: Mapped[Attribution] = mapped_column(by_value(Attribution, "attribution"))
    submitted_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"), default=None)
    appointment_id: Mapped[UUID | None] = mapped_column(ForeignKey("appointment.id"), default=None)
    at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None] = mapped_column(default=None)
    due_at: Mapped[datetime | None] = mapped_column(default=None)
    received_id: Mapped[UUID | None] = mapped_column(ForeignKey("received_answers.id"), default=None)
    questionnaire_version_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("questionnaire_version.id"), default=None
    )

    response: Mapped[Response] = relationship(lazy="raise")


class SubmissionAnswer(Base):
    """One revision that a submission froze; the keys refuse another response's answer. Append-only (by
    trigger).
    """

    __tablename__ = "submission_answer"
    __table_args__ = (
        ForeignKeyConstraint(
            ["response_id", "submission_id"],
            ["submission.response_id", "submission.id"],
            name="fk_submission_answer_submission_of_response",
        ),
        ForeignKeyConstraint(
            ["response_id", "answer_id"],
            ["answer.response_id", "answer.id"],
            name="fk_submission_answer_answer_of_response",
        ),
        ForeignKeyConstraint(
            ["answer_id", "answer_revision_id"],
            ["answer_revision.answer_id", "answer_revision.id"],
            name="fk_submission_answer_revision_of_answer",
        ),
        Index("ix_submission_answer_answer_revision_id", "answer_revision_id"),
    )

    submission_id: Mapped[UUID] = mapped_column(primary_key=True)
    answer_id: Mapped[UUID] = mapped_column(primary_key=True)
    response_id: Mapped[UUID]
    answer_revision_id: Mapped[UUID]
    attribution: Mapped[Attribution] = mapped_column(by_value(Attribution, "attribution"))


class Translation(Base):
    """A working translation of one revision; it counts once a person has approved it."""

    __tablename__ = "translation"
    __table_args__ = (
        UniqueConstraint("answer_revision_id", "locale"),
        CheckConstraint("(approved_at IS NULL) = (approved_by_id IS NULL)", name="approved_by_somebody"),
    )

    id: Mapped[Key]
    answer_revision_id: Mapped[UUID] = mapped_column(ForeignKey("answer_revision.id"))
    locale: Mapped[str] = mapped_column(String(12))
    text: Mapped[str]
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"), default=None)
    at: Mapped[datetime]
    approved_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"), default=None)
    approved_at: Mapped[datetime | None] = mapped_column(default=None)


class StatusChange(Base):
    """That a response went from one status to another, by whom and why; append-only (by trigger)."""

    __tablename__ = "status_change"
    __table_args__ = (Index("ix_status_change_response_id", "response_id"),)

    id: Mapped[Key]
    response_id: Mapped[UUID] = mapped_column(ForeignKey("response.id"))
    before: Mapped[ResponseStatus | None] = mapped_column(by_value(ResponseStatus, "before"), default=None)
    after: Mapped[ResponseStatus] = mapped_column(by_value(ResponseStatus, "after"))
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user.id"), default=None)
    at: Mapped[datetime]
    reason: Mapped[str | None] = mapped_column(default=None)


Plain = Any
"""An answer's value in the plain form of its question's kind."""
