"""The register: organisations, what a mechanism is, who belongs to it; every fact dated."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, Code, Json, Key, by_value
from app.models.kinds import Audience, MembershipRole, OrganisationKind


class Organisation(Base):
    """A State, a territory, an agency, a union, an IGO or a mechanism.

    ``asked_as`` says which questionnaire it can be given: a union that is a member of a mechanism may answer
    the States' one. ``name`` is the UN short name as it stands in running text, without the article;
    ``names`` the same by locale, ``also`` other spellings by which it is found.
    """

    __tablename__ = "organisation"
    __table_args__ = (
        UniqueConstraint("kind", "code"),
        UniqueConstraint("id", "kind"),
        UniqueConstraint("id", "asked_as"),
        CheckConstraint("represents_id IS NULL OR represents_id <> id", name="represents_another"),
        CheckConstraint(
            "(kind = 'iscm') = (asked_as = 'iscm') OR asked_as = 'none'", name="mechanism_asked_as_mechanism"
        ),
    )

    id: Mapped[Key]
    kind: Mapped[OrganisationKind] = mapped_column(by_value(OrganisationKind, "kind"))
    asked_as: Mapped[Audience] = mapped_column(by_value(Audience, "asked_as"))
    code: Mapped[Code]
    name: Mapped[str]
    name_article: Mapped[bool] = mapped_column(default=False)
    formal_name: Mapped[str | None] = mapped_column(default=None)
    demonym: Mapped[str | None] = mapped_column(default=None)
    fictional: Mapped[bool] = mapped_column(default=False)
    represents_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"), default=None)
    withdrawn_at: Mapped[datetime | None] = mapped_column(default=None)
    iso2: Mapped[str | None] = mapped_column(default=None)
    iso3: Mapped[str | None] = mapped_column(default=None)
    m49: Mapped[str | None] = mapped_column(default=None)
    region_m49: Mapped[str | None] = mapped_column(default=None)
    subregion_m49: Mapped[str | None] = mapped_column(default=None)
    region_iom: Mapped[str | None] = mapped_column(default=None)
    latitude: Mapped[float | None] = mapped_column(default=None)
    longitude: Mapped[float | None] = mapped_column(default=None)
    names: Mapped[Json] = mapped_column(default=dict)
    also: Mapped[Json] = mapped_column(default=list)
    footnote: Mapped[str | None] = mapped_column(default=None)

    profiles: Mapped[list["IscmProfile"]] = relationship(
        back_populates="organisation",
        lazy="raise",
        order_by="IscmProfile.valid_from",
        foreign_keys="IscmProfile.organisation_id",
        primaryjoin="Organisation.id == IscmProfile.organisation_id",
    )


class IscmProfile(Base):
    """What is known of a mechanism during one period; periods of one mechanism never overlap (by trigger).

    ``valid_from`` empty means since the beginning, ``valid_until`` (the last day) empty means until further
    notice; ``members_known_from`` empty means that the list of members is known for no date.
    """

    __tablename__ = "iscm_profile"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organisation_id", "organisation_kind"], ["organisation.id", "organisation.kind"]
        ),
        CheckConstraint("organisation_kind = 'iscm'", name="of_a_mechanism"),
        CheckConstraint(
            "valid_from IS NULL OR valid_until IS NULL OR valid_until >= valid_from",
            name="ends_after_it_begins",
        ),
        Index("ix_iscm_profile_organisation_id", "organisation_id"),
    )

    id: Mapped[Key]
    organisation_id: Mapped[UUID]
    organisation_kind: Mapped[OrganisationKind] = mapped_column(
        by_value(OrganisationKind, "organisation_kind"), default=OrganisationKind.ISCM
    )
    name: Mapped[str]
    acronym: Mapped[str | None] = mapped_column(default=None)
    short_name: Mapped[str]
    short_name_article: Mapped[bool] = mapped_column(default=False)
    type: Mapped[str | None] = mapped_column(default=None)
    established: Mapped[int | None] = mapped_column(default=None)
    status: Mapped[str | None] = mapped_column(default=None)
    secretariat: Mapped[str | None] = mapped_column(default=None)
    secretariat_model: Mapped[str | None] = mapped_column(default=None)
    chair: Mapped[str | None] = mapped_column(default=None)
    chair_model: Mapped[str | None] = mapped_column(default=None)
    member_term: Mapped[str | None] = mapped_column(default=None)
    focal_point_term: Mapped[str | None] = mapped_column(default=None)
    chair_term: Mapped[str | None] = mapped_column(default=None)
    other_names: Mapped[Json] = mapped_column(default=list)
    thematic_areas: Mapped[Json] = mapped_column(default=list)
    structures: Mapped[Json] = mapped_column(default=list)
    guiding_documents: Mapped[Json] = mapped_column(default=list)
    funding: Mapped[str | None] = mapped_column(default=None)
    working_languages: Mapped[Json] = mapped_column(default=list)
    members_known_from: Mapped[date | None] = mapped_column(default=None)
    members_stated_count: Mapped[int | None] = mapped_column(default=None)
    notes: Mapped[Json] = mapped_column(default=dict)
    uncertain_fields: Mapped[Json] = mapped_column(default=list)
    sources: Mapped[Json] = mapped_column(default=list)
    valid_from: Mapped[date | None] = mapped_column(default=None)
    valid_until: Mapped[date | None] = mapped_column(default=None)

    organisation: Mapped[Organisation] = relationship(
        back_populates="profiles",
        lazy="raise",
        foreign_keys="IscmProfile.organisation_id",
        primaryjoin="Organisation.id == IscmProfile.organisation_id",
    )

    def facts(self) -> dict[str, Any]:
        """The profile as plain JSON, as a round keeps it."""
        left_out = {"id", "organisation_id", "organisation_kind", "valid_from", "valid_until"}
        values = {
            column.key: getattr(self, column.key)
            for column in self.__mapper__.column_attrs
            if column.key not in left_out
        }
        return {key: value.isoformat() if isinstance(value, date) else value for key, value in values.items()}


class Membership(Base):
    """Who takes part in a mechanism, as what, since when and until which day; ``via`` is the body it derives
    from.
    """

    __tablename__ = "membership"
    __table_args__ = (
        ForeignKeyConstraint(["iscm_id", "iscm_kind"], ["organisation.id", "organisation.kind"]),
        CheckConstraint("iscm_kind = 'iscm'", name="of_a_mechanism"),
        CheckConstraint("iscm_id <> member_id", name="of_another"),
        CheckConstraint(
            "from_date IS NULL OR until IS NULL OR until >= from_date", name="ends_after_it_begins"
        ),
        UniqueConstraint("iscm_id", "member_id", "role", "from_date"),
        Index(
            "uq_membership_since_the_beginning",
            "iscm_id",
            "member_id",
            "role",
            unique=True,
            sqlite_where=text("from_date IS NULL"),
            postgresql_where=text("from_date IS NULL"),
        ),
        Index("ix_membership_member_id", "member_id"),
    )

    id: Mapped[Key]
    iscm_id: Mapped[UUID]
    iscm_kind: Mapped[OrganisationKind] = mapped_column(
        by_value(OrganisationKind, "iscm_kind"), default=OrganisationKind.ISCM
    )
    member_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    role: Mapped[MembershipRole] = mapped_column(
        by_value(MembershipRole, "role"), default=MembershipRole.MEMBER
    )
    from_: Mapped[date | None] = mapped_column("from_date", default=None)
    until: Mapped[date | None] = mapped_column(default=None)
    via_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"), default=None)
    note: Mapped[str | None] = mapped_column(default=None)
