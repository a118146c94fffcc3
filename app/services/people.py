"""People and what they are appointed to."""

import re
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from app import clock
from app.definitions import values
from app.i18n import _
from app.models import Appointment, Organisation, OrganisationKind, User
from app.policy import Actor, AppointmentRole, StaffRole
from app.queries import pilots
from app.services import auditing, signing_in
from app.services.errors import AlreadyThere, NotPossible, translating


def one_line(text: str) -> str:
    """A name as it is kept: what was typed as one line, so that it adds no lines to a letter."""
    return " ".join(values.normalise(text).split())


LONGEST = 200
"""Characters of a name."""
_NO_PART_OF_A_NAME = re.compile('[{}<>"\\\\\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]')


def called(text: str) -> str:
    """What a person is called, as it is kept: one line, without the signs that letters and their headers give
    a meaning to, or that turn or hide writing.
    """
    return one_line(_NO_PART_OF_A_NAME.sub(" ", values.normalise(text)))


def refuse_in_pilot(session: Session, response_id: UUID) -> None:
    """Return if respondents may bring others into this response. Raises NotPossible for a pilot, by which
    staff would let people in whom they may not keep.
    """
    if pilots.is_of_pilot(session, response_id):
        raise NotPossible(
            _("A pilot is tried by those who were chosen for it. Start another one to choose more.")
        )


def add_user(
    session: Session,
    email: str,
    name: str,
    by: Actor,
    *,
    staff_role: StaffRole | None = None,
    locale: str = "en",
    now: datetime | None = None,
) -> User:
    """A new person. Raises AlreadyThere if somebody has this address (in any case of its letters)."""
    at = now or clock.now()
    user = User(
        id=uuid4(),
        email=email.strip().lower(),
        name=called(name),
        locale=locale,
        staff_role=staff_role,
        created_at=at,
    )
    session.add(user)
    with translating({"uq_user_email": AlreadyThere(_("Somebody has this address already."))}):
        session.flush()  # the address is refused here, where it can be said which
    auditing.record(session, by, "added_user", user, {"staff_role": staff_role}, at=at)
    return user


def appoint(
    session: Session,
    user: User,
    organisation: Organisation,
    role: AppointmentRole,
    by: Actor,
    *,
    iscm: Organisation | None = None,
    valid_from: date | None = None,
    now: datetime | None = None,
) -> Appointment:
    """Appoint a person, for every mechanism or for one.

    Raises NotPossible if ``iscm`` is no mechanism, AlreadyThere if the same appointment is in force.
    """
    at = now or clock.now()
    if iscm is not None and iscm.kind is not OrganisationKind.ISCM:
        raise NotPossible(_("%(name)s is not a mechanism.", name=iscm.name))
    appointment = Appointment(
        id=uuid4(),
        user_id=user.id,
        organisation_id=organisation.id,
        iscm_id=iscm.id if iscm else None,
        role=role,
        valid_from=valid_from or at.date(),
    )
    session.add(appointment)
    twice = AlreadyThere(_("%(name)s has this role already.", name=user.name))
    with translating({"uq_appointment_in_force": twice, "uq_appointment_in_force_for_mechanism": twice}):
        session.flush()  # a second appointment is refused here, where it can be said whose
    detail = {"organisation": organisation.code, "role": role, "iscm": iscm.code if iscm else None}
    auditing.record(session, by, "appointed", appointment, detail, at=at)
    return appointment


def end_appointment(session: Session, appointment: Appointment, until: date, by: Actor) -> None:
    """Let an appointment end on that day; what the person wrote stays."""
    appointment.valid_until = max(until, appointment.valid_from)
    auditing.record(session, by, "ended_appointment", appointment, {"until": until.isoformat()})


def deactivate(session: Session, user: User, by: Actor, *, now: datetime | None = None) -> None:
    """Bar a person: every session ends, every link is spent; what they wrote stays under their name."""
    at = now or clock.now()
    if user.deactivated_at is None:
        user.deactivated_at = at
        signing_in.end_all(session, user, at)
        auditing.record(session, by, "deactivated_user", user, at=at)
