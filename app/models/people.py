"""People, what they are appointed to, and how they sign in."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.models.base import Base, Digest, Key, by_value
from app.models.kinds import AppointmentRole, LinkPurpose, StaffRole
from app.models.organisations import Organisation

_IN_FORCE_ALL = text("valid_until IS NULL AND iscm_id IS NULL")
_IN_FORCE_ONE = text("valid_until IS NULL AND iscm_id IS NOT NULL")


class User(Base):
    """A person who can sign in; one person may wear several hats. Addresses are kept in lower case."""

    __tablename__ = "user"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_in_lower_case"),)

    id: Mapped[Key]
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str]
    locale: Mapped[str] = mapped_column(String(12), default="en")
    staff_role: Mapped[StaffRole | None] = mapped_column(by_value(StaffRole, "staff_role"), default=None)
    created_at: Mapped[datetime]
    deactivated_at: Mapped[datetime | None] = mapped_column(default=None)
    phone: Mapped[str | None] = mapped_column(default=None)
    function: Mapped[str | None] = mapped_column(default=None)
    wants_digest_since: Mapped[datetime | None] = mapped_column(default=None)

    appointments: Mapped[list["Appointment"]] = relationship(
        back_populates="user", lazy="raise", order_by="Appointment.valid_from, Appointment.id"
    )
    login_sessions: Mapped[list["LoginSession"]] = relationship(back_populates="user", lazy="raise")


class LoginSession(Base):
    """One signed-in browser; it ends on the server, at sign-out or when the person is deactivated."""

    __tablename__ = "login_session"
    __table_args__ = (
        CheckConstraint("ended_at IS NULL OR ended_at >= created_at", name="ends_after_it_begins"),
        Index("ix_login_session_user_id", "user_id"),
    )

    id: Mapped[Key]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    appointment_id: Mapped[UUID | None] = mapped_column(ForeignKey("appointment.id"), default=None)
    purpose: Mapped[LinkPurpose] = mapped_column(
        by_value(LinkPurpose, "purpose"), default=LinkPurpose.SIGN_IN
    )
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)

    user: Mapped[User] = relationship(back_populates="login_sessions", lazy="raise")


class Appointment(Base):
    """A person's role for an organisation, for every mechanism or (``iscm_id``) for one, from a day until
    another.
    """

    __tablename__ = "appointment"
    __table_args__ = (
        CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", name="ends_after_it_begins"),
        Index(
            "uq_appointment_in_force",
            "user_id",
            "organisation_id",
            "role",
            unique=True,
            sqlite_where=_IN_FORCE_ALL,
            postgresql_where=_IN_FORCE_ALL,
        ),
        Index(
            "uq_appointment_in_force_for_mechanism",
            "user_id",
            "organisation_id",
            "role",
            "iscm_id",
            unique=True,
            sqlite_where=_IN_FORCE_ONE,
            postgresql_where=_IN_FORCE_ONE,
        ),
        Index("ix_appointment_organisation_id", "organisation_id"),
    )

    id: Mapped[Key]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    iscm_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisation.id"), default=None)
    role: Mapped[AppointmentRole] = mapped_column(by_value(AppointmentRole, "role"))
    valid_from: Mapped[date]
    valid_until: Mapped[date | None] = mapped_column(default=None)
    nomination_id: Mapped[UUID | None] = mapped_column(ForeignKey("nomination.id"), default=None)

    user: Mapped[User] = relationship(back_populates="appointments", lazy="raise")
    organisation: Mapped[Organisation] = relationship(
        lazy="raise", foreign_keys="Appointment.organisation_id"
    )


class SignInLink(Base):
    """A link that signs a person in once; only the digest of its token is kept.

    A demonstration's link is reusable; every other is bound to the browser that asked (``browser_digest``).
    """

    __tablename__ = "sign_in_link"
    __table_args__ = (
        CheckConstraint("expires_at > created_at", name="expires_after_it_is_made"),
        CheckConstraint("NOT reusable OR purpose = 'demo'", name="only_a_demonstration_is_reusable"),
        CheckConstraint(
            "purpose <> 'sign_in' OR browser_digest IS NOT NULL", name="sign_in_is_bound_to_a_browser"
        ),
        Index("ix_sign_in_link_user_id", "user_id"),
    )

    id: Mapped[Key]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    token_digest: Mapped[Digest] = mapped_column(unique=True)
    browser_digest: Mapped[Digest | None] = mapped_column(default=None)
    purpose: Mapped[LinkPurpose] = mapped_column(by_value(LinkPurpose, "purpose"))
    reusable: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None] = mapped_column(default=None)

    user: Mapped[User] = relationship(lazy="raise")
