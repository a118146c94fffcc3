"""Several people at one response: who was given what, who is there, clearance, threads."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
APPEND_ONLY = ("comment",)
TABLES = (
    "clearance_rule",
    "clearance",
    "presence",
    "delegation",
    "thread",
    "comment",
)


def one_of(name: str, *values: str) -> sa.Enum:
    """A text column whose CHECK, named after the table and ``name``, takes these values only."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    _create_clearance_rule()
    _create_clearance()
    _create_presence()
    _create_delegation()
    _create_thread()
    _create_comment()
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


def _create_clearance_rule() -> None:
    op.create_table(
        "clearance_rule",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("wanted", sa.Boolean(), nullable=False),
        sa.Column("four_eyes", sa.Boolean(), nullable=False),
        sa.Column("set_by_id", sa.Uuid()),
        sa.Column("set_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_clearance_rule_organisation_id")
        ),
        sa.ForeignKeyConstraint(["set_by_id"], ["user.id"], name=op.f("fk_clearance_rule_set_by_id")),
        sa.PrimaryKeyConstraint("organisation_id", name=op.f("pk_clearance_rule")),
    )


def _create_clearance() -> None:
    op.create_table(
        "clearance",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("note", sa.Text()),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("decision", one_of("decision", "approved", "sent_back")),
        sa.Column("decided_by_id", sa.Uuid()),
        sa.Column("decided_at", INSTANT),
        sa.Column("reason", sa.Text()),
        sa.Column("approved_digest", sa.String(64)),
        sa.Column("withdrawn_at", INSTANT),
        sa.CheckConstraint(
            "decision IS NULL OR decision <> 'approved' OR approved_digest IS NOT NULL",
            name=op.f("ck_clearance_approved_as_it_stood"),
        ),
        sa.CheckConstraint(
            "decision IS NULL OR decision <> 'sent_back' OR reason IS NOT NULL",
            name=op.f("ck_clearance_sent_back_with_a_reason"),
        ),
        sa.CheckConstraint(
            "(decision IS NULL) = (decided_at IS NULL)", name=op.f("ck_clearance_decided_at_some_time")
        ),
        sa.CheckConstraint(
            "decided_at IS NULL OR withdrawn_at IS NULL", name=op.f("ck_clearance_decided_or_withdrawn")
        ),
        sa.CheckConstraint(
            "decision IS NULL OR decided_by_id IS NOT NULL", name=op.f("ck_clearance_decided_by_somebody")
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["user.id"], name=op.f("fk_clearance_asked_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_clearance_decided_by_id")),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_clearance_response_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clearance")),
    )
    op.create_index(
        "uq_clearance_open",
        "clearance",
        ["response_id"],
        unique=True,
        sqlite_where=sa.text("decided_at IS NULL AND withdrawn_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NULL AND withdrawn_at IS NULL"),
    )


def _create_presence() -> None:
    op.create_table(
        "presence",
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_presence_response_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_presence_user_id")),
        sa.PrimaryKeyConstraint("response_id", "user_id", name=op.f("pk_presence")),
    )


def _create_delegation() -> None:
    op.create_table(
        "delegation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("section_key", sa.String(60)),
        sa.Column("instance_id", sa.Uuid()),
        sa.Column("right", one_of("right", "read", "write"), nullable=False),
        sa.Column("note", sa.Text()),
        sa.Column("given_by_id", sa.Uuid(), nullable=False),
        sa.Column("given_at", INSTANT, nullable=False),
        sa.Column("opened_at", INSTANT),
        sa.Column("ready_at", INSTANT),
        sa.Column("ended_at", INSTANT),
        sa.Column("ended_by_id", sa.Uuid()),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by_id IS NULL)", name=op.f("ck_delegation_ended_by_somebody")
        ),
        sa.CheckConstraint(
            "section_key IS NULL OR instance_id IS NULL", name=op.f("ck_delegation_a_section_or_a_block")
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_delegation_appointment_id")
        ),
        sa.ForeignKeyConstraint(["ended_by_id"], ["user.id"], name=op.f("fk_delegation_ended_by_id")),
        sa.ForeignKeyConstraint(["given_by_id"], ["user.id"], name=op.f("fk_delegation_given_by_id")),
        sa.ForeignKeyConstraint(
            ["response_id", "instance_id"],
            ["repeat_instance.response_id", "repeat_instance.id"],
            name="fk_delegation_instance_of_response",
        ),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_delegation_response_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation")),
    )
    op.create_index("ix_delegation_appointment_id", "delegation", ["appointment_id"])
    op.create_index(
        "uq_delegation_of_block",
        "delegation",
        ["response_id", "appointment_id", "instance_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL AND instance_id IS NOT NULL"),
        postgresql_where=sa.text("ended_at IS NULL AND instance_id IS NOT NULL"),
    )
    op.create_index(
        "uq_delegation_of_section",
        "delegation",
        ["response_id", "appointment_id", "section_key"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL AND section_key IS NOT NULL"),
        postgresql_where=sa.text("ended_at IS NULL AND section_key IS NOT NULL"),
    )
    op.create_index(
        "uq_delegation_of_whole",
        "delegation",
        ["response_id", "appointment_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL AND section_key IS NULL AND instance_id IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL AND section_key IS NULL AND instance_id IS NULL"),
    )


def _create_thread() -> None:
    op.create_table(
        "thread",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("instance_id", sa.Uuid()),
        sa.Column("question_key", sa.String(60)),
        sa.Column("item", sa.String(80), nullable=False),
        sa.Column(
            "kind",
            one_of("kind", "question", "clarification", "clearance", "extension", "reopening"),
            nullable=False,
        ),
        sa.Column("clearance_id", sa.Uuid()),
        sa.Column("opened_by_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("wanted_until", INSTANT),
        sa.Column("answered_at", INSTANT),
        sa.Column("closed_at", INSTANT),
        sa.Column("closed_by_id", sa.Uuid()),
        sa.Column("decision", one_of("decision", "granted", "refused")),
        sa.Column("decided_at", INSTANT),
        sa.Column("decided_by_id", sa.Uuid()),
        sa.CheckConstraint(
            "(kind = 'clearance') = (clearance_id IS NOT NULL)",
            name=op.f("ck_thread_a_remark_of_a_clearance"),
        ),
        sa.CheckConstraint(
            "(wanted_until IS NOT NULL) = (kind = 'extension')",
            name=op.f("ck_thread_an_extension_names_its_end"),
        ),
        sa.CheckConstraint(
            "decision IS NULL OR kind IN ('extension', 'reopening')",
            name=op.f("ck_thread_only_requests_are_decided"),
        ),
        sa.CheckConstraint(
            "kind <> 'clarification' OR question_key IS NOT NULL", name=op.f("ck_thread_clarifies_an_answer")
        ),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (closed_by_id IS NULL)", name=op.f("ck_thread_closed_by_somebody")
        ),
        sa.CheckConstraint(
            "(decision IS NULL) = (decided_at IS NULL)", name=op.f("ck_thread_decided_at_some_time")
        ),
        sa.CheckConstraint(
            "instance_id IS NULL OR question_key IS NOT NULL",
            name=op.f("ck_thread_about_a_question_of_the_block"),
        ),
        sa.ForeignKeyConstraint(["clearance_id"], ["clearance.id"], name=op.f("fk_thread_clearance_id")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["user.id"], name=op.f("fk_thread_closed_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_thread_decided_by_id")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["user.id"], name=op.f("fk_thread_opened_by_id")),
        sa.ForeignKeyConstraint(
            ["response_id", "instance_id"],
            ["repeat_instance.response_id", "repeat_instance.id"],
            name="fk_thread_instance_of_response",
        ),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_thread_response_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread")),
        sa.UniqueConstraint("response_id", "id", name=op.f("uq_thread_response_id_id")),
    )
    op.create_index("ix_thread_response_id", "thread", ["response_id"])


def _create_comment() -> None:
    op.create_table(
        "comment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("thread_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid()),
        sa.Column("by_staff", sa.Boolean(), nullable=False),
        sa.Column("internal", sa.Boolean(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("idempotency_key", sa.String(80)),
        sa.CheckConstraint("NOT internal OR by_staff", name=op.f("ck_comment_only_staff_write_internally")),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_comment_appointment_id")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_comment_author_id")),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name=op.f("fk_comment_thread_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
        sa.UniqueConstraint(
            "thread_id", "idempotency_key", name=op.f("uq_comment_thread_id_idempotency_key")
        ),
    )
    op.create_index("ix_comment_thread_id", "comment", ["thread_id"])
