"""Naming who clears the answers of an organisation: a person with an address, known here or not yet."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.i18n import _
from app.models import Appointment, Organisation
from app.policy import Act, Actor, AppointmentRole, can
from app.queries import people as people_queries
from app.queries import responses
from app.services import locking, outbox, people
from app.services.errors import NotAllowed, NotPossible
from app.services.outbox import Wanted

NAMED = "officer_named"


def name_officer(
    session: Session, response_id: UUID, email: str, name: str, actor: Actor, now: datetime
) -> Appointment:
    """Appoint the person with this address as clearing officer, and write to them.

    Raises NotFound, NotAllowed, NotPossible for a person who is barred or one of staff, AlreadyThere if
    they clear already.
    """
    response = locking.take(session, response_id)
    facts = responses.facts(session, response_id)
    if facts is None or not can(actor, Act.ASK_CLEARANCE, facts):
        raise NotAllowed
    people.refuse_in_pilot(session, response_id)
    user = people_queries.by_email(session, email) or people.add_user(
        session, email, people.one_line(name) or email, actor, now=now
    )
    if user.staff_role is not None:
        raise NotPossible(_("This is the address of a member of IOM’s staff, who cannot take part"))
    if user.deactivated_at is not None:
        raise NotPossible(_("This person can no longer sign in. Ask IOM."))
    organisation = session.get_one(Organisation, response.organisation_id)
    made = people.appoint(session, user, organisation, AppointmentRole.CLEARING_OFFICER, actor, now=now)
    payload = {"appointment_id": str(made.id), "by": actor.name}
    key = f"{NAMED}:{made.id}"
    outbox.put(session, [Wanted(NAMED, key, user.id, response.round_id, response.id, payload)], now)
    return made
