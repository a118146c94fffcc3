"""A submission knows the version of the questionnaire that it answered, since a response may move on."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KEY = "fk_submission_questionnaire_version_id"
WRITTEN = f"questionnaire_version_id CHAR(32) CONSTRAINT {KEY} REFERENCES questionnaire_version (id)"
"""The column as SQLite takes it; its key stands in it, since none can be added later."""


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"ALTER TABLE submission ADD COLUMN {WRITTEN}")
    else:
        op.add_column("submission", sa.Column("questionnaire_version_id", sa.Uuid(), nullable=True))
        op.create_foreign_key(
            KEY, "submission", "questionnaire_version", ["questionnaire_version_id"], ["id"]
        )
    op.execute(
        "UPDATE submission SET questionnaire_version_id = (SELECT response.questionnaire_version_id "
        "FROM response WHERE response.id = submission.response_id)"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _without_the_column()
    else:
        op.drop_column("submission", "questionnaire_version_id")


def _without_the_column() -> None:
    """Make the table anew without it: SQLite drops no column that is a key."""
    connection = op.get_bind()
    made = connection.scalar(
        sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'submission'")
    )
    if made.count(f", {WRITTEN}") != 1:
        raise RuntimeError("the definition of submission does not say the column once")
    _head, rest = made.replace(f", {WRITTEN}", "").split("(", 1)
    connection.exec_driver_sql(f"CREATE TABLE rebuilt_submission ({rest}")
    columns = [row[1] for row in connection.exec_driver_sql("PRAGMA table_info(rebuilt_submission)")]
    new, old = (
        sa.table(name, *(sa.column(column) for column in columns))
        for name in ("rebuilt_submission", "submission")
    )
    connection.execute(new.insert().from_select(columns, sa.select(*old.c)))
    connection.exec_driver_sql("DROP TABLE submission")
    connection.exec_driver_sql("ALTER TABLE rebuilt_submission RENAME TO submission")
