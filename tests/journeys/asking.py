"""What the stories of questions, requests, copies and editions share."""

import email
from datetime import date, timedelta
from email import policy
from email.message import EmailMessage
from pathlib import Path

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.database import Database
from app.models import Appointment, AppointmentRole, Organisation, User, Via
from app.policy import Actor, Attribution, StaffRole
from app.queries import people
from app.services import attributing, submitting
from app.services.answering import Change, save_answers
from tests import factories
from tests.journeys import responding
from tests.journeys.responding import block_of, response_of


def settle(database: Database) -> None:
    """The round of ``responding`` with a coordinator and an administrator beside the analyst."""
    with database.begin() as session:
        responding.settle(session)
        for role in (StaffRole.COORDINATOR, StaffRole.ADMINISTRATOR, StaffRole.VIEWER):
            factories.person(session, role.value, staff_role=role)


def actor_of(database: Database, name: str) -> Actor:
    """The person with this part of an address before the @."""
    with database.read() as session:
        user = people.by_email(session, f"{name}@example.org")
        assert user is not None
        return people.actor(session, user, clock.now())


def submit(database: Database, code: str = "BOR", words: str = "More time") -> None:
    """Answer for a State about alpha, by name, and submit."""
    focal, now = actor_of(database, f"focal-{code.lower()}"), clock.now()
    response, block = response_of(database, code), block_of(database, code, "alpha")
    with database.begin() as session:
        changes = [Change(block, "takes_part", "", "yes", 0), Change(block, "would_help", "", words, 0)]
        save_answers(session, response, changes, focal, Via.PAGE, now)
        attributing.choose(session, response, Attribution.BY_NAME, focal, now)
        submitting.submit(session, response, "Cleared.", focal, now)


def deliver(app: Flask, folder: Path) -> list[EmailMessage]:
    """The letters that go out now."""
    before = set(folder.glob("*.eml"))
    app.extensions["letters"].deliver()
    fresh = sorted(set(folder.glob("*.eml")) - before)
    return [
        message
        for path in fresh
        if isinstance(
            message := email.message_from_bytes(path.read_bytes(), policy=policy.default), EmailMessage
        )
    ]


def to(letters: list[EmailMessage]) -> list[str]:
    """Whom letters go to, by the part of the address before the @."""
    return sorted(str(letter["To"]).partition("@")[0] for letter in letters)


def appointment_of(session: Session, name: str, role: AppointmentRole) -> Appointment:
    """What the person is appointed as."""
    return session.scalars(
        select(Appointment)
        .join(User, User.id == Appointment.user_id)
        .where(User.email == f"{name}@example.org", Appointment.role == role)
    ).one()


def yesterday() -> date:
    """The day before today."""
    return clock.now().date() - timedelta(days=1)


def submit_as_it_is(database: Database, code: str = "BOR") -> None:
    """Submit what stands there, by name."""
    focal, now = actor_of(database, f"focal-{code.lower()}"), clock.now()
    with database.begin() as session:
        attributing.choose(session, response_of(database, code), Attribution.BY_NAME, focal, now)
        submitting.submit(session, response_of(database, code), "Cleared.", focal, now)


def organisation_of(session: Session, code: str) -> Organisation:
    """The organisation with this code."""
    return session.scalars(select(Organisation).where(Organisation.code == code)).one()


def submit_itself(database: Database, code: str = "alpha") -> None:
    """Answer what is required of a mechanism itself, and submit."""
    focal, now, response = actor_of(database, f"focal-{code}"), clock.now(), response_of(database, code)
    with database.begin() as session:
        save_answers(session, response, [Change(None, "launched", "", 2001, 0)], focal, Via.PAGE, now)
    submit_as_it_is(database, code)
