"""Addresses to which letters do not arrive: noted when a server says so, cleared when it was put right."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.models import AddressFailure, User
from app.policy import SYSTEM, Act, Actor, can
from app.services import auditing
from app.services.errors import NotAllowed, NotFound


@dataclass(frozen=True)
class Refused:
    """That a letter could not be brought to an address, in the server's words."""

    address: str
    words: str
    message_id: UUID | None = None


def note_failure(session: Session, user_id: UUID, refused: Refused, now: datetime) -> None:
    """Note that letters to the address do not arrive; once, and only while it still is the person's."""
    user = session.get(User, user_id)
    if user is None or user.email != refused.address.lower() or _open(session, user):
        return
    session.add(
        AddressFailure(
            user_id=user_id,
            address=user.email,
            message_id=refused.message_id,
            words=refused.words,
            failed_at=now,
        )
    )


def clear_failure(session: Session, user_id: UUID, actor: Actor, now: datetime, why: str) -> None:
    """Note that letters to the person arrive again: staff say so, or the address was changed.

    To be called before a changed address is flushed or after, all the same. Raises NotFound, or NotAllowed.
    """
    if not can(actor, Act.MANAGE_CONTACTS) and not can(actor, Act.SEND_MAIL):
        raise NotAllowed
    user = session.get(User, user_id)
    if user is None:
        raise NotFound
    _clear(session, user, actor, now, why)


def prove(session: Session, user: User, now: datetime) -> None:
    """The person opened a link that was mailed to them: letters arrive."""
    _clear(session, user, SYSTEM, now, "signed in by a link sent to it")


def _clear(session: Session, user: User, actor: Actor, now: datetime, why: str) -> None:
    cleared = session.scalars(
        update(AddressFailure)
        .where(AddressFailure.user_id == user.id, AddressFailure.cleared_at.is_(None))
        .values(cleared_at=now)
        .returning(AddressFailure.id)
    ).all()
    if cleared:
        auditing.record(session, actor, "cleared_address_failure", user, {"why": why}, at=now)


def _open(session: Session, user: User) -> bool:
    return (
        session.scalar(
            select(AddressFailure.id)
            .where(
                AddressFailure.user_id == user.id,
                AddressFailure.address == user.email,
                AddressFailure.cleared_at.is_(None),
            )
            .limit(1)
        )
        is not None
    )
