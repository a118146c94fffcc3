"""Rounds with the register as it stood, published questionnaires, compiled summaries, letters, audit."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)


def one_of(name: str, *values: str) -> sa.Enum:
    """A text column whose CHECK, named after the table and ``name``, takes these values only."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    _create_questionnaire_version()
    _create_round()
    _create_round_participant()
    _create_round_membership()
    _create_round_profile()
    _create_round_tally()
    _create_summary()
    _create_outbox_message()
    _create_audit_event()


def downgrade() -> None:
    for table in (
        "audit_event",
        "outbox_message",
        "summary",
        "round_tally",
        "round_profile",
        "round_membership",
        "round_participant",
        "round",
        "questionnaire_version",
    ):
        op.drop_table(table)


def _create_questionnaire_version() -> None:
    op.create_table(
        "questionnaire_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("questionnaire_key", sa.String(60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("audience", one_of("audience", "state", "iscm", "igo", "none"), nullable=False),
        sa.Column("definition", JSON, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("published_at", INSTANT, nullable=False),
        sa.Column("published_by_id", sa.Uuid()),
        sa.CheckConstraint("audience <> 'none'", name=op.f("ck_questionnaire_version_asks_somebody")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_questionnaire_version_numbered_from_one")),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["user.id"], name=op.f("fk_questionnaire_version_published_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire_version")),
        sa.UniqueConstraint(
            "id",
            "questionnaire_key",
            "audience",
            name=op.f("uq_questionnaire_version_id_questionnaire_key_audience"),
        ),
        sa.UniqueConstraint(
            "questionnaire_key", "digest", name=op.f("uq_questionnaire_version_questionnaire_key_digest")
        ),
        sa.UniqueConstraint(
            "questionnaire_key", "number", name=op.f("uq_questionnaire_version_questionnaire_key_number")
        ),
    )


def _create_round() -> None:
    op.create_table(
        "round",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(80), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("opens_at", INSTANT, nullable=False),
        sa.Column("closes_at", INSTANT, nullable=False),
        sa.Column("cutoff_at", INSTANT),
        sa.Column("zone", sa.String(60), nullable=False),
        sa.Column("opened_at", INSTANT),
        sa.Column("closed_at", INSTANT),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_round_closes_after_it_opens")),
        sa.CheckConstraint(
            "cutoff_at IS NULL OR cutoff_at >= closes_at", name=op.f("ck_round_cut_off_after_closing")
        ),
        sa.CheckConstraint(
            "closed_at IS NULL OR opened_at IS NOT NULL", name=op.f("ck_round_opened_before_closed")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sa.UniqueConstraint("code", name=op.f("uq_round_code")),
    )


def _create_round_participant() -> None:
    op.create_table(
        "round_participant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("audience", one_of("audience", "state", "iscm", "igo", "none"), nullable=False),
        sa.Column("basis", sa.String(40), nullable=False),
        sa.Column("added_at", INSTANT, nullable=False),
        sa.Column("withdrawn_at", INSTANT),
        sa.Column("why", sa.Text()),
        sa.CheckConstraint("audience <> 'none'", name=op.f("ck_round_participant_is_asked_something")),
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR why IS NOT NULL",
            name=op.f("ck_round_participant_withdrawn_with_a_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id", "audience"],
            ["organisation.id", "organisation.asked_as"],
            name=op.f("fk_round_participant_organisation_id_audience"),
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_participant_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_participant")),
        sa.UniqueConstraint(
            "round_id", "organisation_id", name=op.f("uq_round_participant_round_id_organisation_id")
        ),
    )


def _create_round_membership() -> None:
    op.create_table(
        "round_membership",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("iscm_id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role", one_of("role", "member", "observer", "partner", "chair", "secretariat"), nullable=False
        ),
        sa.Column("via_id", sa.Uuid()),
        sa.ForeignKeyConstraint(["iscm_id"], ["organisation.id"], name=op.f("fk_round_membership_iscm_id")),
        sa.ForeignKeyConstraint(
            ["member_id"], ["organisation.id"], name=op.f("fk_round_membership_member_id")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_membership_round_id")),
        sa.ForeignKeyConstraint(["via_id"], ["organisation.id"], name=op.f("fk_round_membership_via_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_membership")),
        sa.UniqueConstraint(
            "round_id",
            "iscm_id",
            "member_id",
            "role",
            name=op.f("uq_round_membership_round_id_iscm_id_member_id_role"),
        ),
    )
    op.create_index("ix_round_membership_round_id_member_id", "round_membership", ["round_id", "member_id"])


def _create_round_profile() -> None:
    op.create_table(
        "round_profile",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("facts", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_round_profile_organisation_id")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_profile_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_profile")),
        sa.UniqueConstraint(
            "round_id", "organisation_id", name=op.f("uq_round_profile_round_id_organisation_id")
        ),
    )


def _create_round_tally() -> None:
    op.create_table(
        "round_tally",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("audience", one_of("audience", "state", "iscm", "igo", "none"), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("invited", sa.Integer()),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("recorded_by_id", sa.Uuid()),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.CheckConstraint("answered >= 0", name=op.f("ck_round_tally_answered_is_a_count")),
        sa.CheckConstraint("audience <> 'none'", name=op.f("ck_round_tally_is_asked_something")),
        sa.CheckConstraint(
            "invited IS NULL OR invited >= answered",
            name=op.f("ck_round_tally_no_more_answered_than_invited"),
        ),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_round_tally_recorded_by_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_tally_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_tally")),
        sa.UniqueConstraint("round_id", "audience", name=op.f("uq_round_tally_round_id_audience")),
    )


def _create_summary() -> None:
    op.create_table(
        "summary",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("iscm_id", sa.Uuid(), nullable=False),
        sa.Column("locale", sa.String(12), nullable=False),
        sa.Column("content", JSON, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("compiled_at", INSTANT, nullable=False),
        sa.Column("compiled_by_id", sa.Uuid()),
        sa.ForeignKeyConstraint(["compiled_by_id"], ["user.id"], name=op.f("fk_summary_compiled_by_id")),
        sa.ForeignKeyConstraint(["iscm_id"], ["organisation.id"], name=op.f("fk_summary_iscm_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_summary_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_summary")),
        sa.UniqueConstraint("round_id", "iscm_id", "locale", name=op.f("uq_summary_round_id_iscm_id_locale")),
    )


def _create_outbox_message() -> None:
    op.create_table(
        "outbox_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("dedupe_key", sa.String(200), nullable=False),
        sa.Column("user_id", sa.Uuid()),
        sa.Column("payload", JSON, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("claimed_at", INSTANT),
        sa.Column("sent_at", INSTANT),
        sa.Column("given_up_at", INSTANT),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.Text()),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_outbox_message_attempts_are_counted")),
        sa.CheckConstraint(
            "sent_at IS NULL OR given_up_at IS NULL", name=op.f("ck_outbox_message_sent_or_given_up")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_outbox_message_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_message")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_outbox_message_dedupe_key")),
    )
    op.create_index("ix_outbox_message_due_at", "outbox_message", ["due_at"])


def _create_audit_event() -> None:
    op.create_table(
        "audit_event",
        sa.Column(
            "number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor_id", sa.Uuid()),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("act", sa.String(60), nullable=False),
        sa.Column("subject_kind", sa.String(60), nullable=False),
        sa.Column("subject_id", sa.String(80)),
        sa.Column("detail", JSON, nullable=False),
        sa.Column("request_id", sa.String(80)),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name=op.f("fk_audit_event_actor_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_event")),
    )
    op.create_index("ix_audit_event_subject_kind_subject_id", "audit_event", ["subject_kind", "subject_id"])
