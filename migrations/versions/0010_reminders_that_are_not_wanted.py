"""Who wants no reminders in a round, since when, and since when they do again."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
IN_FORCE = sa.text("ended_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "reminder_opt_out",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("round_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "ended_at IS NULL OR ended_at >= at", name=op.f("ck_reminder_opt_out_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_reminder_opt_out_round_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_reminder_opt_out_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_opt_out")),
    )
    op.create_index(
        "uq_reminder_opt_out_in_force",
        "reminder_opt_out",
        ["round_id", "user_id"],
        unique=True,
        sqlite_where=IN_FORCE,
        postgresql_where=IN_FORCE,
    )


def downgrade() -> None:
    op.drop_table("reminder_opt_out")
