"""Running a round: outcomes, contacts, reminders, templates, returned mail."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)
APPEND_ONLY = ("message_template", "outcome_change", "received_answers", "contact_entry", "bounce_report")
TABLES = (
    "worker_beat",
    "saved_view",
    "staged_import",
    "contact_entry",
    "message_template",
    "reminder_rule",
    "outcome_change",
    "received_answers",
    "address_failure",
    "bounce_report",
)
PURPOSES = (
    "invitation",
    "activation",
    "reminder",
    "last_reminder",
    "overdue",
    "thanks",
    "extension",
    "clarification",
    "reopening",
    "closing",
    "note_verbale",
)


def one_of(name: str, *values: str) -> sa.Enum:
    """A text column whose CHECK, named after the table and ``name``, takes these values only."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    _create_worker_beat()
    _create_saved_view()
    _create_staged_import()
    _create_contact_entry()
    _create_message_template()
    _create_reminder_rule()
    _create_outcome_change()
    _create_received_answers()
    _create_address_failure()
    _create_bounce_report()
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


def _create_worker_beat() -> None:
    op.create_table(
        "worker_beat",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_worker_beat")),
    )


def _create_saved_view() -> None:
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.String(80), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("query", sa.String(2000), nullable=False),
        sa.Column("shared_at", INSTANT, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_saved_view_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("user_id", "place", "name", name=op.f("uq_saved_view_user_id_place_name")),
    )


def _create_staged_import() -> None:
    op.create_table(
        "staged_import",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", one_of("kind", "register", "people"), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("applied_at", INSTANT, nullable=True),
        sa.Column("discarded_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "applied_at IS NULL OR discarded_at IS NULL", name=op.f("ck_staged_import_applied_or_discarded")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_staged_import_by_id")),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("fk_staged_import_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staged_import")),
    )


def _create_contact_entry() -> None:
    op.create_table(
        "contact_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", one_of("kind", "call", "note_verbale", "mail", "meeting", "other"), nullable=False),
        sa.Column("with_whom", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("happened_at", INSTANT, nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("next_step", sa.Text(), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("next_by_id", sa.Uuid(), nullable=True),
        sa.Column("idempotency_key", sa.String(80), nullable=True),
        sa.CheckConstraint(
            "next_on IS NULL OR next_step IS NOT NULL", name=op.f("ck_contact_entry_a_day_for_a_step")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_contact_entry_by_id")),
        sa.ForeignKeyConstraint(["next_by_id"], ["user.id"], name=op.f("fk_contact_entry_next_by_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_contact_entry_organisation_id")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_contact_entry_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_entry")),
        sa.UniqueConstraint(
            "round_id", "idempotency_key", name=op.f("uq_contact_entry_round_id_idempotency_key")
        ),
    )
    op.create_index(
        "ix_contact_entry_round_id_organisation_id",
        "contact_entry",
        ["round_id", "organisation_id"],
        unique=False,
    )


def _create_message_template() -> None:
    op.create_table(
        "message_template",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", one_of("purpose", *PURPOSES), nullable=False),
        sa.Column("locale", sa.String(12), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("saved_by_id", sa.Uuid(), nullable=True),
        sa.Column("saved_at", INSTANT, nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_message_template_numbered_from_one")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_message_template_round_id")),
        sa.ForeignKeyConstraint(["saved_by_id"], ["user.id"], name=op.f("fk_message_template_saved_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_template")),
        sa.UniqueConstraint(
            "round_id",
            "purpose",
            "locale",
            "number",
            name=op.f("uq_message_template_round_id_purpose_locale_number"),
        ),
    )


def _create_reminder_rule() -> None:
    op.create_table(
        "reminder_rule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("anchor", one_of("anchor", "opening", "deadline"), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("business_days", sa.Boolean(), nullable=False),
        sa.Column("audience", one_of("audience", "state", "iscm", "igo", "none"), nullable=True),
        sa.Column("standings", JSON, nullable=False),
        sa.Column("purpose", one_of("purpose", *PURPOSES), nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.Column("added_by_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "anchor <> 'opening' OR days >= 0", name=op.f("ck_reminder_rule_not_before_the_opening")
        ),
        sa.CheckConstraint(
            "audience IS NULL OR audience <> 'none'", name=op.f("ck_reminder_rule_reminds_somebody")
        ),
        sa.CheckConstraint("days BETWEEN -365 AND 365", name=op.f("ck_reminder_rule_within_a_year")),
        sa.CheckConstraint("hour BETWEEN 0 AND 23", name=op.f("ck_reminder_rule_at_an_hour_of_the_day")),
        sa.ForeignKeyConstraint(["added_by_id"], ["user.id"], name=op.f("fk_reminder_rule_added_by_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_reminder_rule_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_rule")),
    )
    op.create_index("ix_reminder_rule_round_id", "reminder_rule", ["round_id"], unique=False)


def _create_outcome_change() -> None:
    op.create_table(
        "outcome_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("before", one_of("before", "declined", "not_eligible", "duplicate"), nullable=True),
        sa.Column("after", one_of("after", "declined", "not_eligible", "duplicate"), nullable=True),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_outcome_change_by_id")),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_outcome_change_response_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_change")),
    )
    op.create_index("ix_outcome_change_response_id", "outcome_change", ["response_id"], unique=False)


def _create_received_answers() -> None:
    op.create_table(
        "received_answers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("received_by", one_of("received_by", "paper", "interview"), nullable=False),
        sa.Column("from_whom", sa.Text(), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("file_name", sa.String(200), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.CheckConstraint(
            "received_by <> 'paper' OR file_id IS NOT NULL", name=op.f("ck_received_answers_paper_is_kept")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_received_answers_by_id")),
        sa.ForeignKeyConstraint(["file_id"], ["file.id"], name=op.f("fk_received_answers_file_id")),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name=op.f("fk_received_answers_response_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_received_answers")),
    )
    op.create_index("ix_received_answers_response_id", "received_answers", ["response_id"], unique=False)


def _create_address_failure() -> None:
    op.create_table(
        "address_failure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(254), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("failed_at", INSTANT, nullable=False),
        sa.Column("cleared_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "cleared_at IS NULL OR cleared_at >= failed_at",
            name=op.f("ck_address_failure_ends_after_it_begins"),
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["outbox_message.id"], name=op.f("fk_address_failure_message_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_address_failure_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_failure")),
    )
    op.create_index("ix_address_failure_user_id", "address_failure", ["user_id"], unique=False)


def _create_bounce_report() -> None:
    op.create_table(
        "bounce_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("recipient", sa.String(254), nullable=False),
        sa.Column("permanent", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("read_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["outbox_message.id"], name=op.f("fk_bounce_report_message_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bounce_report")),
        sa.UniqueConstraint("digest", name=op.f("uq_bounce_report_digest")),
    )
    op.create_index("ix_bounce_report_message_id", "bounce_report", ["message_id"], unique=False)
