"""Everybody as a list that can be imported again."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from app.models import Appointment, Nomination, Organisation, User

COLUMNS = (
    *("name", "email", "organisation", "role", "function", "phone", "locale", "from"),
    *("note_number", "note_dated", "mechanism"),
)
_ISCM = aliased(Organisation)


def rows(session: Session, today: date) -> Iterator[tuple[str, ...]]:
    """A row for each appointment of respondents' people in force or to come, in the order of COLUMNS; people
    without any have one too, staff only with an appointment.
    """
    found = session.execute(
        select(User, Appointment, Organisation.code, Nomination, _ISCM.code)
        .outerjoin(
            Appointment,
            (Appointment.user_id == User.id)
            & or_(Appointment.valid_until.is_(None), Appointment.valid_until >= today),
        )
        .outerjoin(Organisation, Organisation.id == Appointment.organisation_id)
        .outerjoin(Nomination, Nomination.id == Appointment.nomination_id)
        .outerjoin(_ISCM, _ISCM.id == Appointment.iscm_id)
        .where(
            User.deactivated_at.is_(None),
            or_(User.staff_role.is_(None), Appointment.id.is_not(None)),
        )
        .order_by(Organisation.code, User.name, User.email, Appointment.id)
    )
    for user, appointment, code, note, iscm in found:
        yield (
            user.name,
            user.email,
            code or "",
            appointment.role.value if appointment else "",
            user.function or "",
            user.phone or "",
            user.locale,
            appointment.valid_from.isoformat() if appointment else "",
            note.number if note else "",
            note.dated.isoformat() if note else "",
            iscm or "",
        )
