"""Submissions and what they froze, translations, corrections of the register."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)


def one_of(name: str, *values: str) -> sa.Enum:
    """A text column whose CHECK, named after the table and ``name``, takes these values only."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    _create_submission()
    _create_submission_answer()
    _create_translation()
    _create_register_proposal()


def downgrade() -> None:
    for table in (
        "register_proposal",
        "translation",
        "submission_answer",
        "submission",
    ):
        op.drop_table(table)


def _create_submission() -> None:
    op.create_table(
        "submission",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(80), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column(
            "attribution",
            one_of("attribution", "by_name", "unnamed", "background", "not_for_publication"),
            nullable=False,
        ),
        sa.Column("submitted_by_id", sa.Uuid()),
        sa.Column("appointment_id", sa.Uuid()),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("withdrawn_at", INSTANT),
        sa.CheckConstraint("number >= 1", name=op.f("ck_submission_numbered_from_one")),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_submission_appointment_id")
        ),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name=op.f("fk_submission_response_id")),
        sa.ForeignKeyConstraint(["submitted_by_id"], ["user.id"], name=op.f("fk_submission_submitted_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint("reference", name=op.f("uq_submission_reference")),
        sa.UniqueConstraint("response_id", "id", name=op.f("uq_submission_response_id_id")),
        sa.UniqueConstraint("response_id", "number", name=op.f("uq_submission_response_id_number")),
    )


def _create_submission_answer() -> None:
    op.create_table(
        "submission_answer",
        sa.Column("submission_id", sa.Uuid(), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("answer_revision_id", sa.Uuid(), nullable=False),
        sa.Column(
            "attribution",
            one_of("attribution", "by_name", "unnamed", "background", "not_for_publication"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["response_id", "answer_id"],
            ["answer.response_id", "answer.id"],
            name=op.f("fk_submission_answer_answer_of_response"),
        ),
        sa.ForeignKeyConstraint(
            ["answer_id", "answer_revision_id"],
            ["answer_revision.answer_id", "answer_revision.id"],
            name=op.f("fk_submission_answer_revision_of_answer"),
        ),
        sa.ForeignKeyConstraint(
            ["response_id", "submission_id"],
            ["submission.response_id", "submission.id"],
            name=op.f("fk_submission_answer_submission_of_response"),
        ),
        sa.PrimaryKeyConstraint("submission_id", "answer_id", name=op.f("pk_submission_answer")),
    )
    op.create_index("ix_submission_answer_answer_revision_id", "submission_answer", ["answer_revision_id"])


def _create_translation() -> None:
    op.create_table(
        "translation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("answer_revision_id", sa.Uuid(), nullable=False),
        sa.Column("locale", sa.String(12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Uuid()),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("approved_by_id", sa.Uuid()),
        sa.Column("approved_at", INSTANT),
        sa.CheckConstraint(
            "(approved_at IS NULL) = (approved_by_id IS NULL)",
            name=op.f("ck_translation_approved_by_somebody"),
        ),
        sa.ForeignKeyConstraint(
            ["answer_revision_id"], ["answer_revision.id"], name=op.f("fk_translation_answer_revision_id")
        ),
        sa.ForeignKeyConstraint(["approved_by_id"], ["user.id"], name=op.f("fk_translation_approved_by_id")),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_translation_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_translation")),
        sa.UniqueConstraint(
            "answer_revision_id", "locale", name=op.f("uq_translation_answer_revision_id_locale")
        ),
    )


def _create_register_proposal() -> None:
    op.create_table(
        "register_proposal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("answer_revision_id", sa.Uuid()),
        sa.Column("fact", sa.String(60), nullable=False),
        sa.Column("known", JSON),
        sa.Column("proposed", JSON, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("decision", one_of("decision", "accepted", "rejected")),
        sa.Column("decided_at", INSTANT),
        sa.Column("decided_by_id", sa.Uuid()),
        sa.Column("note", sa.Text()),
        sa.CheckConstraint(
            "(decision IS NULL) = (decided_at IS NULL)",
            name=op.f("ck_register_proposal_decided_at_some_time"),
        ),
        sa.CheckConstraint(
            "answer_revision_id IS NOT NULL OR fact = 'mechanism'",
            name=op.f("ck_register_proposal_of_an_answer_or_a_missing_mechanism"),
        ),
        sa.ForeignKeyConstraint(
            ["answer_revision_id"],
            ["answer_revision.id"],
            name=op.f("fk_register_proposal_answer_revision_id"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user.id"], name=op.f("fk_register_proposal_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_register_proposal_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name=op.f("fk_register_proposal_response_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_proposal")),
        sa.UniqueConstraint("answer_revision_id", name=op.f("uq_register_proposal_answer_revision_id")),
    )
    op.create_index("ix_register_proposal_organisation_id", "register_proposal", ["organisation_id"])
