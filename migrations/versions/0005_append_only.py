"""What was once written stays: triggers that refuse change and deletion, and profiles that overlap."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

APPEND_ONLY = (
    "audit_event",
    "questionnaire_version",
    "answer_revision",
    "instance_event",
    "status_change",
    "submission_answer",
)

OVERLAP = """
    SELECT 1 FROM iscm_profile AS other
    WHERE other.organisation_id = NEW.organisation_id AND other.id <> NEW.id
      AND (other.valid_from IS NULL OR NEW.valid_until IS NULL OR other.valid_from <= NEW.valid_until)
      AND (NEW.valid_from IS NULL OR other.valid_until IS NULL OR NEW.valid_from <= other.valid_until)
"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _upgrade_postgresql()
    else:
        _upgrade_sqlite()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in APPEND_ONLY:
            op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
        op.execute("DROP TRIGGER iscm_profile_no_overlap ON iscm_profile")
        op.execute("DROP FUNCTION refuse_change()")
        op.execute("DROP FUNCTION refuse_overlapping_profile()")
        return
    for table in APPEND_ONLY:
        for act in ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_refuses_{act}")
    for act in ("insert", "update"):
        op.execute(f"DROP TRIGGER iscm_profile_no_overlap_on_{act}")


def _upgrade_sqlite() -> None:
    for table in APPEND_ONLY:
        for act in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER {table}_refuses_{act} BEFORE {act.upper()} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    for act in ("insert", "update"):
        op.execute(
            f"CREATE TRIGGER iscm_profile_no_overlap_on_{act} BEFORE {act.upper()} ON iscm_profile "
            f"WHEN EXISTS ({OVERLAP}) "
            "BEGIN SELECT RAISE(ABORT, 'iscm_profile_no_overlap'); END"
        )


def _upgrade_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME "
        "USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    op.execute(
        "CREATE FUNCTION refuse_overlapping_profile() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN IF EXISTS ({OVERLAP}) THEN RAISE EXCEPTION 'iscm_profile_no_overlap' "
        "USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
    )
    op.execute(
        "CREATE TRIGGER iscm_profile_no_overlap BEFORE INSERT OR UPDATE ON iscm_profile "
        "FOR EACH ROW EXECUTE FUNCTION refuse_overlapping_profile()"
    )
