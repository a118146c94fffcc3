"""Running a round: what tables of before know more, and the outcomes that a response can have."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)

ADDED: dict[str, tuple[tuple[str, str, str | None], ...]] = {
    "appointment": (("nomination_id", "uuid", "nomination"),),
    "organisation": (("region_iom", "text", None),),
    "outbox_message": (
        ("round_id", "uuid", "round"),
        ("response_id", "uuid", "response"),
        ("address", "address", None),
        ("subject", "text", None),
        ("handed_at", "instant", None),
        ("dropped_at", "instant", None),
        ("dropped_why", "text", None),
        ("bounced_at", "instant", None),
        ("resends_id", "uuid", "outbox_message"),
    ),
    "round": (
        ("cut_off_at", "instant", None),
        ("copied_from_id", "uuid", "round"),
        ("asked", "json", None),
        ("contact", "json", None),
        ("reminders_paused_at", "instant", None),
        ("public_since", "instant", None),
        ("pilots_version_id", "uuid", "questionnaire_version"),
    ),
    "submission": (("due_at", "instant", None), ("received_id", "uuid", "received_answers")),
    "user": (("phone", "text", None), ("function", "text", None), ("wants_digest_since", "instant", None)),
}
"""The columns that tables of before have now: name, kind, and the table a key points to."""

TYPES = {
    "uuid": ("CHAR(32)", sa.Uuid()),
    "text": ("TEXT", sa.Text()),
    "address": ("VARCHAR(254)", sa.String(254)),
    "instant": ("DATETIME", INSTANT),
    "json": ("JSON", JSON),
}

DROPPED = "(dropped_at IS NULL) = (dropped_why IS NULL)"
ONLY_BEFORE = "outcome IS NULL OR status IN ('invited', 'in_progress')"
DECLINED_BEFORE = "outcome IS NULL OR outcome <> 'declined' OR status IN ('invited', 'in_progress')"
OUTCOMES = "outcome IN ('declined', 'not_eligible')"
MORE_OUTCOMES = "outcome IN ('declined', 'not_eligible', 'duplicate')"


def upgrade() -> None:
    _add_columns()
    _allow_outcomes()
    _note_outcomes_of_before()


def downgrade() -> None:
    _forbid_outcomes()
    _drop_columns()


def _sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _added_to(table: str, name: str, kind: str, to: str | None) -> str:
    """One column as SQLite takes it; its constraints stand in it, since none can be added later."""
    text = f"{name} {TYPES[kind][0]}"
    if to is not None:
        text += f' CONSTRAINT fk_{table}_{name} REFERENCES "{to}" (id)'
    if name == "dropped_why":
        text += f" CONSTRAINT ck_outbox_message_dropped_with_a_reason CHECK ({DROPPED})"
    return text


def _add_columns() -> None:
    for table, columns in ADDED.items():
        for name, kind, to in columns:
            if _sqlite():
                op.execute(f'ALTER TABLE "{table}" ADD COLUMN {_added_to(table, name, kind, to)}')
                continue
            op.add_column(table, sa.Column(name, TYPES[kind][1], nullable=True))
            if to is not None:
                op.create_foreign_key(f"fk_{table}_{name}", table, to, [name], ["id"])
    if not _sqlite():
        op.create_check_constraint(op.f("ck_outbox_message_dropped_with_a_reason"), "outbox_message", DROPPED)
    op.create_index("ix_outbox_message_response_id", "outbox_message", ["response_id"])


def _drop_columns() -> None:
    op.drop_index("ix_outbox_message_response_id", "outbox_message")
    for table, columns in ADDED.items():
        if _sqlite():
            added = [f", {_added_to(table, name, kind, to)}" for name, kind, to in columns]
            _rebuild(table, [(text, "") for text in added])
            continue
        for name, _kind, _to in reversed(columns):
            op.drop_column(table, name)


def _allow_outcomes() -> None:
    _change_checks(
        ("outcome_only_unless_submitted", ONLY_BEFORE),
        ("declined_only_unless_submitted", DECLINED_BEFORE),
        (OUTCOMES, MORE_OUTCOMES),
    )


def _forbid_outcomes() -> None:
    op.execute("UPDATE response SET outcome = 'not_eligible' WHERE outcome = 'duplicate'")
    op.execute("UPDATE response SET outcome = NULL WHERE status IN ('submitted', 'reopened')")
    _change_checks(
        ("declined_only_unless_submitted", DECLINED_BEFORE),
        ("outcome_only_unless_submitted", ONLY_BEFORE),
        (MORE_OUTCOMES, OUTCOMES),
    )


def _change_checks(before: tuple[str, str], after: tuple[str, str], listed: tuple[str, str]) -> None:
    if _sqlite():
        _rebuild("response", [*zip(before, after, strict=True), listed])
        return
    for name in (before[0], "outcome"):
        op.drop_constraint(op.f(f"ck_response_{name}"), "response")
    op.create_check_constraint(op.f(f"ck_response_{after[0]}"), "response", after[1])
    op.create_check_constraint(op.f("ck_response_outcome"), "response", listed[1])


def _rebuild(table: str, changes: Sequence[tuple[str, str]]) -> None:
    """Make an SQLite table anew with other words in its definition, and take its rows and indexes along.

    Foreign keys are off meanwhile, so that nothing that points to it goes with the old one (see ``env.py``).
    """
    connection = op.get_bind()
    made = connection.scalar(
        sa.text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name"), {"name": table}
    )
    indexes = connection.scalars(
        sa.text(
            "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = :name AND sql IS NOT NULL"
        ),
        {"name": table},
    ).all()
    for old, new in changes:
        if made.count(old) != 1:
            raise RuntimeError(f"the definition of {table} does not say “{old}” once")
        made = made.replace(old, new)
    _head, rest = made.split("(", 1)
    connection.exec_driver_sql(f'CREATE TABLE "rebuilt_{table}" ({rest}')
    columns = [row[1] for row in connection.exec_driver_sql(f'PRAGMA table_info("rebuilt_{table}")')]
    new, old = (
        sa.table(name, *(sa.column(column) for column in columns)) for name in (f"rebuilt_{table}", table)
    )
    connection.execute(new.insert().from_select(columns, sa.select(*old.c)))
    connection.exec_driver_sql(f'DROP TABLE "{table}"')
    connection.exec_driver_sql(f'ALTER TABLE "rebuilt_{table}" RENAME TO "{table}"')
    for index in indexes:
        connection.exec_driver_sql(index)


def _note_outcomes_of_before() -> None:
    """Whoever had declined before gets the row that says so, of the moment that the audit kept."""
    op.execute(
        """
        INSERT INTO outcome_change (id, response_id, before, after, by_id, at, reason)
        SELECT response.id, response.id, NULL, response.outcome,
               (SELECT audit_event.actor_id FROM audit_event WHERE audit_event.number = noted.number),
               COALESCE(
                   (SELECT audit_event.at FROM audit_event WHERE audit_event.number = noted.number),
                   response.created_at
               ),
               response.outcome_reason
        FROM response
        LEFT JOIN (
            SELECT REPLACE(subject_id, '-', '') AS of_response, MAX(number) AS number FROM audit_event
            WHERE subject_kind = 'response' AND act = 'declined' GROUP BY subject_id
        ) AS noted ON noted.of_response = REPLACE(CAST(response.id AS TEXT), '-', '')
        WHERE response.outcome IS NOT NULL
        """
    )
