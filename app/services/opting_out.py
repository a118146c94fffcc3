"""Wanting no reminders in a round, and wanting them again: said by the person, by a link in a reminder."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import signing
from app.models import ReminderOptOut, Round, User
from app.policy import Actor
from app.queries import reminders
from app.services import auditing
from app.services.errors import NotFound, violated


def read(session: Session, token: str) -> tuple[Round, User]:
    """The round and the person that a token of a reminder names. Raises NotFound."""
    keys = signing.read(signing.NO_REMINDERS, token)
    if keys is None or len(keys) != 2:
        raise NotFound
    round_, user = session.get(Round, UUID(keys[0])), session.get(User, UUID(keys[1]))
    if round_ is None or user is None or user.deactivated_at is not None:
        raise NotFound
    return round_, user


def stop(session: Session, token: str, now: datetime) -> None:
    """Send this person no more reminders in the round. Raises NotFound; said twice it is so once."""
    round_, user = read(session, token)
    if reminders.opt_out(session, round_.id, user.id) is not None:
        return
    opted = ReminderOptOut(id=uuid4(), round_id=round_.id, user_id=user.id, at=now)
    try:
        with session.begin_nested():
            session.add(opted)
    except IntegrityError as refused:
        if violated(refused) != "uq_reminder_opt_out_in_force":
            raise
        return  # said twice at once
    auditing.record(
        session, Actor(user.id, user.name), "opted_out_of_reminders", opted, {"round": round_.code}, at=now
    )


def start_again(session: Session, token: str, now: datetime) -> None:
    """Send them reminders again. Raises NotFound."""
    round_, user = read(session, token)
    opted = reminders.opt_out(session, round_.id, user.id)
    if opted is not None:
        opted.ended_at = now
        auditing.record(
            session, Actor(user.id, user.name), "wants_reminders_again", opted, {"round": round_.code}, at=now
        )
