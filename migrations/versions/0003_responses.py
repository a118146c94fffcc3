"""Responses, their blocks, answers with their history."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)


def one_of(name: str, *values: str) -> sa.Enum:
    """A text column whose CHECK, named after the table and ``name``, takes these values only."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    _create_response()
    _create_status_change()
    _create_repeat_instance()
    _create_instance_event()
    _create_answer()
    _create_answer_revision()


def downgrade() -> None:
    for table in (
        "answer_revision",
        "answer",
        "instance_event",
        "repeat_instance",
        "status_change",
        "response",
    ):
        op.drop_table(table)


def _create_response() -> None:
    op.create_table(
        "response",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("audience", one_of("audience", "state", "iscm", "igo", "none"), nullable=False),
        sa.Column("questionnaire_version_id", sa.Uuid(), nullable=False),
        sa.Column("questionnaire_key", sa.String(60), nullable=False),
        sa.Column(
            "status", one_of("status", "invited", "in_progress", "submitted", "reopened"), nullable=False
        ),
        sa.Column("outcome", one_of("outcome", "declined", "not_eligible")),
        sa.Column("outcome_reason", sa.Text()),
        sa.Column("due_at", INSTANT),
        sa.Column(
            "attribution", one_of("attribution", "by_name", "unnamed", "background", "not_for_publication")
        ),
        sa.Column("language", sa.String(12), nullable=False),
        sa.Column("reference", sa.String(80)),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("opened_at", INSTANT),
        sa.Column("last_saved_at", INSTANT),
        sa.CheckConstraint(
            "attribution IS NULL OR audience <> 'iscm' OR attribution <> 'unnamed'",
            name=op.f("ck_response_a_mechanism_cannot_be_unnamed"),
        ),
        sa.CheckConstraint(
            "outcome IS NULL OR status IN ('invited', 'in_progress')",
            name=op.f("ck_response_outcome_only_unless_submitted"),
        ),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome_reason IS NOT NULL", name=op.f("ck_response_outcome_with_a_reason")
        ),
        sa.CheckConstraint(
            "status NOT IN ('submitted', 'reopened') OR (attribution IS NOT NULL AND reference IS NOT NULL)",
            name=op.f("ck_response_submitted_with_attribution_and_reference"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "audience"],
            ["organisation.id", "organisation.asked_as"],
            name=op.f("fk_response_organisation_asked_as"),
        ),
        sa.ForeignKeyConstraint(
            ["questionnaire_version_id", "questionnaire_key", "audience"],
            [
                "questionnaire_version.id",
                "questionnaire_version.questionnaire_key",
                "questionnaire_version.audience",
            ],
            name=op.f("fk_response_questionnaire_of_audience"),
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_response_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response")),
        sa.UniqueConstraint("reference", name=op.f("uq_response_reference")),
        sa.UniqueConstraint(
            "round_id",
            "organisation_id",
            "questionnaire_key",
            name=op.f("uq_response_round_id_organisation_id_questionnaire_key"),
        ),
    )
    op.create_index("ix_response_organisation_id", "response", ["organisation_id"])


def _create_status_change() -> None:
    op.create_table(
        "status_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("before", one_of("before", "invited", "in_progress", "submitted", "reopened")),
        sa.Column(
            "after", one_of("after", "invited", "in_progress", "submitted", "reopened"), nullable=False
        ),
        sa.Column("by_id", sa.Uuid()),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("reason", sa.Text()),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_status_change_by_id")),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_status_change_response_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_change")),
    )
    op.create_index("ix_status_change_response_id", "status_change", ["response_id"])


def _create_repeat_instance() -> None:
    op.create_table(
        "repeat_instance",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid()),
        sa.Column("group_key", sa.String(60), nullable=False),
        sa.Column("subject_id", sa.Uuid()),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "attribution", one_of("attribution", "by_name", "unnamed", "background", "not_for_publication")
        ),
        sa.Column("idempotency_key", sa.String(80)),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("removed_at", INSTANT),
        sa.CheckConstraint(
            "parent_id IS NULL OR subject_id IS NULL", name=op.f("ck_repeat_instance_a_record_has_no_subject")
        ),
        sa.CheckConstraint(
            "parent_id IS NULL OR parent_id <> id", name=op.f("ck_repeat_instance_not_its_own_parent")
        ),
        sa.ForeignKeyConstraint(
            ["response_id", "parent_id"],
            ["repeat_instance.response_id", "repeat_instance.id"],
            name=op.f("fk_repeat_instance_parent_of_response"),
        ),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name=op.f("fk_repeat_instance_response_id")
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["organisation.id"], name=op.f("fk_repeat_instance_subject_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repeat_instance")),
        sa.UniqueConstraint("response_id", "id", name=op.f("uq_repeat_instance_response_id_id")),
        sa.UniqueConstraint(
            "response_id", "idempotency_key", name=op.f("uq_repeat_instance_response_id_idempotency_key")
        ),
    )
    where = sa.text("subject_id IS NOT NULL")
    op.create_index(
        "uq_repeat_instance_subject",
        "repeat_instance",
        ["response_id", "group_key", "subject_id"],
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )


def _create_instance_event() -> None:
    op.create_table(
        "instance_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("act", one_of("act", "added", "removed", "restored"), nullable=False),
        sa.Column("by_id", sa.Uuid()),
        sa.Column("appointment_id", sa.Uuid()),
        sa.Column("at", INSTANT, nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_instance_event_numbered_from_one")),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_instance_event_appointment_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_instance_event_by_id")),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["repeat_instance.id"], name=op.f("fk_instance_event_instance_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instance_event")),
        sa.UniqueConstraint("instance_id", "number", name=op.f("uq_instance_event_instance_id_number")),
    )


def _create_answer() -> None:
    op.create_table(
        "answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid()),
        sa.Column("question_key", sa.String(60), nullable=False),
        sa.Column("item", sa.String(80), nullable=False),
        sa.Column("value", JSON),
        sa.Column(
            "attribution", one_of("attribution", "by_name", "unnamed", "background", "not_for_publication")
        ),
        sa.Column("language", sa.String(12), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("questionnaire_version_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_answer_revision_from_one")),
        sa.ForeignKeyConstraint(
            ["response_id", "instance_id"],
            ["repeat_instance.response_id", "repeat_instance.id"],
            name=op.f("fk_answer_instance_of_response"),
        ),
        sa.ForeignKeyConstraint(
            ["questionnaire_version_id"],
            ["questionnaire_version.id"],
            name=op.f("fk_answer_questionnaire_version_id"),
        ),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_answer_response_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
        sa.UniqueConstraint("response_id", "id", name=op.f("uq_answer_response_id_id")),
    )
    where = sa.text("instance_id IS NOT NULL")
    op.create_index(
        "uq_answer_of_instance",
        "answer",
        ["response_id", "instance_id", "question_key", "item"],
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )
    where = sa.text("instance_id IS NULL")
    op.create_index(
        "uq_answer_of_response",
        "answer",
        ["response_id", "question_key", "item"],
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )


def _create_answer_revision() -> None:
    op.create_table(
        "answer_revision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("value", JSON),
        sa.Column(
            "attribution", one_of("attribution", "by_name", "unnamed", "background", "not_for_publication")
        ),
        sa.Column("language", sa.String(12), nullable=False),
        sa.Column("questionnaire_version_id", sa.Uuid(), nullable=False),
        sa.Column("confirms", sa.String(80)),
        sa.Column("saved_by_id", sa.Uuid()),
        sa.Column("appointment_id", sa.Uuid()),
        sa.Column("saved_at", INSTANT, nullable=False),
        sa.Column("via", one_of("via", "page", "autosave", "import", "staff"), nullable=False),
        sa.Column("source", JSON),
        sa.CheckConstraint(
            "via <> 'staff' OR source IS NOT NULL",
            name=op.f("ck_answer_revision_entered_by_staff_from_a_source"),
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_answer_revision_numbered_from_one")),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name=op.f("fk_answer_revision_answer_id")),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_answer_revision_appointment_id")
        ),
        sa.ForeignKeyConstraint(
            ["questionnaire_version_id"],
            ["questionnaire_version.id"],
            name=op.f("fk_answer_revision_questionnaire_version_id"),
        ),
        sa.ForeignKeyConstraint(["saved_by_id"], ["user.id"], name=op.f("fk_answer_revision_saved_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_revision")),
        sa.UniqueConstraint("answer_id", "id", name=op.f("uq_answer_revision_answer_id_id")),
        sa.UniqueConstraint("answer_id", "number", name=op.f("uq_answer_revision_answer_id_number")),
    )
