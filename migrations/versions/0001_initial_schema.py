"""The register and the people: organisations, profiles, memberships, users, sessions, appointments."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)


def one_of(name: str, *values: str) -> sa.Enum:
    """A text column whose CHECK, named after the table and ``name``, takes these values only."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    _create_organisation()
    _create_iscm_profile()
    _create_membership()
    _create_user()
    _create_appointment()
    _create_login_session()
    _create_sign_in_link()


def downgrade() -> None:
    for table in (
        "sign_in_link",
        "login_session",
        "appointment",
        "user",
        "membership",
        "iscm_profile",
        "organisation",
    ):
        op.drop_table(table)


def _create_organisation() -> None:
    op.create_table(
        "organisation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            one_of("kind", "state", "territory", "agency", "union", "igo", "iscm", "other"),
            nullable=False,
        ),
        sa.Column("asked_as", one_of("asked_as", "state", "iscm", "igo", "none"), nullable=False),
        sa.Column("code", sa.String(80), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_article", sa.Boolean(), nullable=False),
        sa.Column("formal_name", sa.Text()),
        sa.Column("demonym", sa.Text()),
        sa.Column("fictional", sa.Boolean(), nullable=False),
        sa.Column("represents_id", sa.Uuid()),
        sa.Column("withdrawn_at", INSTANT),
        sa.Column("iso2", sa.Text()),
        sa.Column("iso3", sa.Text()),
        sa.Column("m49", sa.Text()),
        sa.Column("region_m49", sa.Text()),
        sa.Column("subregion_m49", sa.Text()),
        sa.Column("latitude", sa.Double()),
        sa.Column("longitude", sa.Double()),
        sa.Column("names", JSON, nullable=False),
        sa.Column("also", JSON, nullable=False),
        sa.Column("footnote", sa.Text()),
        sa.CheckConstraint(
            "(kind = 'iscm') = (asked_as = 'iscm') OR asked_as = 'none'",
            name=op.f("ck_organisation_mechanism_asked_as_mechanism"),
        ),
        sa.CheckConstraint(
            "represents_id IS NULL OR represents_id <> id", name=op.f("ck_organisation_represents_another")
        ),
        sa.ForeignKeyConstraint(
            ["represents_id"], ["organisation.id"], name=op.f("fk_organisation_represents_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("id", "asked_as", name=op.f("uq_organisation_id_asked_as")),
        sa.UniqueConstraint("id", "kind", name=op.f("uq_organisation_id_kind")),
        sa.UniqueConstraint("kind", "code", name=op.f("uq_organisation_kind_code")),
    )


def _create_iscm_profile() -> None:
    op.create_table(
        "iscm_profile",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column(
            "organisation_kind",
            one_of("organisation_kind", "state", "territory", "agency", "union", "igo", "iscm", "other"),
            nullable=False,
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("acronym", sa.Text()),
        sa.Column("short_name", sa.Text(), nullable=False),
        sa.Column("short_name_article", sa.Boolean(), nullable=False),
        sa.Column("type", sa.Text()),
        sa.Column("established", sa.Integer()),
        sa.Column("status", sa.Text()),
        sa.Column("secretariat", sa.Text()),
        sa.Column("secretariat_model", sa.Text()),
        sa.Column("chair", sa.Text()),
        sa.Column("chair_model", sa.Text()),
        sa.Column("member_term", sa.Text()),
        sa.Column("focal_point_term", sa.Text()),
        sa.Column("chair_term", sa.Text()),
        sa.Column("other_names", JSON, nullable=False),
        sa.Column("thematic_areas", JSON, nullable=False),
        sa.Column("structures", JSON, nullable=False),
        sa.Column("guiding_documents", JSON, nullable=False),
        sa.Column("funding", sa.Text()),
        sa.Column("working_languages", JSON, nullable=False),
        sa.Column("members_known_from", sa.Date()),
        sa.Column("members_stated_count", sa.Integer()),
        sa.Column("notes", JSON, nullable=False),
        sa.Column("uncertain_fields", JSON, nullable=False),
        sa.Column("sources", JSON, nullable=False),
        sa.Column("valid_from", sa.Date()),
        sa.Column("valid_until", sa.Date()),
        sa.CheckConstraint(
            "valid_from IS NULL OR valid_until IS NULL OR valid_until >= valid_from",
            name=op.f("ck_iscm_profile_ends_after_it_begins"),
        ),
        sa.CheckConstraint("organisation_kind = 'iscm'", name=op.f("ck_iscm_profile_of_a_mechanism")),
        sa.ForeignKeyConstraint(
            ["organisation_id", "organisation_kind"],
            ["organisation.id", "organisation.kind"],
            name=op.f("fk_iscm_profile_organisation_id_organisation_kind"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_iscm_profile")),
    )
    op.create_index("ix_iscm_profile_organisation_id", "iscm_profile", ["organisation_id"])


def _create_membership() -> None:
    op.create_table(
        "membership",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("iscm_id", sa.Uuid(), nullable=False),
        sa.Column(
            "iscm_kind",
            one_of("iscm_kind", "state", "territory", "agency", "union", "igo", "iscm", "other"),
            nullable=False,
        ),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role", one_of("role", "member", "observer", "partner", "chair", "secretariat"), nullable=False
        ),
        sa.Column("from_date", sa.Date()),
        sa.Column("until", sa.Date()),
        sa.Column("via_id", sa.Uuid()),
        sa.Column("note", sa.Text()),
        sa.CheckConstraint(
            "from_date IS NULL OR until IS NULL OR until >= from_date",
            name=op.f("ck_membership_ends_after_it_begins"),
        ),
        sa.CheckConstraint("iscm_kind = 'iscm'", name=op.f("ck_membership_of_a_mechanism")),
        sa.CheckConstraint("iscm_id <> member_id", name=op.f("ck_membership_of_another")),
        sa.ForeignKeyConstraint(
            ["iscm_id", "iscm_kind"],
            ["organisation.id", "organisation.kind"],
            name=op.f("fk_membership_iscm_id_iscm_kind"),
        ),
        sa.ForeignKeyConstraint(["member_id"], ["organisation.id"], name=op.f("fk_membership_member_id")),
        sa.ForeignKeyConstraint(["via_id"], ["organisation.id"], name=op.f("fk_membership_via_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint(
            "iscm_id",
            "member_id",
            "role",
            "from_date",
            name=op.f("uq_membership_iscm_id_member_id_role_from_date"),
        ),
    )
    op.create_index("ix_membership_member_id", "membership", ["member_id"])
    where = sa.text("from_date IS NULL")
    op.create_index(
        "uq_membership_since_the_beginning",
        "membership",
        ["iscm_id", "member_id", "role"],
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )


def _create_user() -> None:
    op.create_table(
        "user",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("locale", sa.String(12), nullable=False),
        sa.Column("staff_role", one_of("staff_role", "administrator", "coordinator", "analyst", "viewer")),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("deactivated_at", INSTANT),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_user_email_in_lower_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("email", name=op.f("uq_user_email")),
    )


def _create_appointment() -> None:
    op.create_table(
        "appointment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("iscm_id", sa.Uuid()),
        sa.Column(
            "role",
            one_of("role", "focal_point", "contributor", "clearing_officer", "observer"),
            nullable=False,
        ),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date()),
        sa.CheckConstraint(
            "valid_until IS NULL OR valid_until >= valid_from",
            name=op.f("ck_appointment_ends_after_it_begins"),
        ),
        sa.ForeignKeyConstraint(["iscm_id"], ["organisation.id"], name=op.f("fk_appointment_iscm_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_appointment_organisation_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_appointment_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
    )
    op.create_index("ix_appointment_organisation_id", "appointment", ["organisation_id"])
    where = sa.text("valid_until IS NULL AND iscm_id IS NULL")
    op.create_index(
        "uq_appointment_in_force",
        "appointment",
        ["user_id", "organisation_id", "role"],
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )
    where = sa.text("valid_until IS NULL AND iscm_id IS NOT NULL")
    op.create_index(
        "uq_appointment_in_force_for_mechanism",
        "appointment",
        ["user_id", "organisation_id", "role", "iscm_id"],
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )


def _create_login_session() -> None:
    op.create_table(
        "login_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid()),
        sa.Column("purpose", one_of("purpose", "sign_in", "invitation", "demo"), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("last_seen_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT),
        sa.CheckConstraint(
            "ended_at IS NULL OR ended_at >= created_at", name=op.f("ck_login_session_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_login_session_appointment_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_login_session_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_session")),
    )
    op.create_index("ix_login_session_user_id", "login_session", ["user_id"])


def _create_sign_in_link() -> None:
    op.create_table(
        "sign_in_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_digest", sa.String(64), nullable=False),
        sa.Column("browser_digest", sa.String(64)),
        sa.Column("purpose", one_of("purpose", "sign_in", "invitation", "demo"), nullable=False),
        sa.Column("reusable", sa.Boolean(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_sign_in_link_expires_after_it_is_made")),
        sa.CheckConstraint(
            "NOT reusable OR purpose = 'demo'", name=op.f("ck_sign_in_link_only_a_demonstration_is_reusable")
        ),
        sa.CheckConstraint(
            "purpose <> 'sign_in' OR browser_digest IS NOT NULL",
            name=op.f("ck_sign_in_link_sign_in_is_bound_to_a_browser"),
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_sign_in_link_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_link")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_sign_in_link_token_digest")),
    )
    op.create_index("ix_sign_in_link_user_id", "sign_in_link", ["user_id"])
