"""Files and what they belong to, hand-overs of an appointment, published editions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)
APPEND_ONLY = (
    "submission_attachment",
    "hand_over",
    "published_summary",
)
TABLES = (
    "file",
    "nomination",
    "published_summary",
    "hand_over",
    "attachment",
    "submission_attachment",
)


def upgrade() -> None:
    _create_file()
    _create_nomination()
    _create_published_summary()
    _create_hand_over()
    _create_attachment()
    _create_submission_attachment()
    for table in APPEND_ONLY:
        _refuse_change(table)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in APPEND_ONLY:
            op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
    for table in reversed(TABLES):
        op.drop_table(table)


def _refuse_change(table: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return
    for act in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER {table}_refuses_{act} BEFORE {act.upper()} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def _create_file() -> None:
    op.create_table(
        "file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("media_type", sa.String(120), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("stored_at", INSTANT, nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_file_is_not_empty")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file")),
        sa.UniqueConstraint("sha256", name=op.f("uq_file_sha256")),
    )


def _create_nomination() -> None:
    op.create_table(
        "nomination",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(120), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("file_id", sa.Uuid()),
        sa.Column("file_name", sa.String(200)),
        sa.Column("recorded_by_id", sa.Uuid()),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("fk_nomination_file_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_nomination_organisation_id")
        ),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_nomination_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_nomination")),
    )
    op.create_index("ix_nomination_organisation_id", "nomination", ["organisation_id"])


def _create_published_summary() -> None:
    op.create_table(
        "published_summary",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("iscm_id", sa.Uuid(), nullable=False),
        sa.Column("locale", sa.String(12), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("published_at", INSTANT, nullable=False),
        sa.Column("published_by_id", sa.Uuid()),
        sa.CheckConstraint("edition >= 1", name=op.f("ck_published_summary_numbered_from_one")),
        sa.ForeignKeyConstraint(["iscm_id"], ["organisation.id"], name=op.f("fk_published_summary_iscm_id")),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["user.id"], name=op.f("fk_published_summary_published_by_id")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_published_summary_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_summary")),
        sa.UniqueConstraint(
            "round_id",
            "iscm_id",
            "locale",
            "edition",
            name=op.f("uq_published_summary_round_id_iscm_id_locale_edition"),
        ),
    )


def _create_hand_over() -> None:
    op.create_table(
        "hand_over",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("nomination_id", sa.Uuid()),
        sa.Column("by_id", sa.Uuid()),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("reason", sa.Text()),
        sa.CheckConstraint("from_id <> to_id", name=op.f("ck_hand_over_to_another_appointment")),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_hand_over_by_id")),
        sa.ForeignKeyConstraint(["from_id"], ["appointment.id"], name=op.f("fk_hand_over_from_id")),
        sa.ForeignKeyConstraint(
            ["nomination_id"], ["nomination.id"], name=op.f("fk_hand_over_nomination_id")
        ),
        sa.ForeignKeyConstraint(["to_id"], ["appointment.id"], name=op.f("fk_hand_over_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over")),
        sa.UniqueConstraint("from_id", name=op.f("uq_hand_over_from_id")),
    )


def _create_attachment() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid()),
        sa.Column("question_key", sa.String(60), nullable=False),
        sa.Column("file_id", sa.Uuid()),
        sa.Column("url", sa.Text()),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("replaces_id", sa.Uuid()),
        sa.Column("added_by_id", sa.Uuid()),
        sa.Column("appointment_id", sa.Uuid()),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.Column("removed_at", INSTANT),
        sa.Column("removed_by_id", sa.Uuid()),
        sa.Column("idempotency_key", sa.String(80)),
        sa.CheckConstraint("(file_id IS NULL) <> (url IS NULL)", name=op.f("ck_attachment_a_file_or_a_link")),
        sa.CheckConstraint(
            "replaces_id IS NULL OR replaces_id <> id", name=op.f("ck_attachment_replaces_another")
        ),
        sa.ForeignKeyConstraint(["added_by_id"], ["user.id"], name=op.f("fk_attachment_added_by_id")),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_attachment_appointment_id")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("fk_attachment_file_id")),
        sa.ForeignKeyConstraint(["removed_by_id"], ["user.id"], name=op.f("fk_attachment_removed_by_id")),
        sa.ForeignKeyConstraint(["replaces_id"], ["attachment.id"], name=op.f("fk_attachment_replaces_id")),
        sa.ForeignKeyConstraint(
            ["response_id", "instance_id"],
            ["repeat_instance.response_id", "repeat_instance.id"],
            name="fk_attachment_instance_of_response",
        ),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_attachment_response_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
        sa.UniqueConstraint("response_id", "id", name=op.f("uq_attachment_response_id_id")),
        sa.UniqueConstraint(
            "response_id", "idempotency_key", name=op.f("uq_attachment_response_id_idempotency_key")
        ),
    )
    op.create_index("ix_attachment_response_id_question_key", "attachment", ["response_id", "question_key"])


def _create_submission_attachment() -> None:
    op.create_table(
        "submission_attachment",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("attachment_id", sa.Uuid(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["response_id", "attachment_id"],
            ["attachment.response_id", "attachment.id"],
            name="fk_submission_attachment_attachment_of_response",
        ),
        sa.ForeignKeyConstraint(
            ["response_id", "submission_id"],
            ["submission.response_id", "submission.id"],
            name="fk_submission_attachment_submission_of_response",
        ),
        sa.PrimaryKeyConstraint("submission_id", "attachment_id", name=op.f("pk_submission_attachment")),
    )
