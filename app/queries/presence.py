"""Who has the same page of a response open."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Presence, User

LASTS = timedelta(seconds=75)
"""Longer than two signs of a page that gives one every 30 seconds."""


def also_there(
    session: Session, response_id: UUID, user_id: UUID, place: str, now: datetime
) -> Sequence[str]:
    """Return the names of the others who were seen on this page just now."""
    return session.scalars(
        select(User.name)
        .join(Presence, Presence.user_id == User.id)
        .where(
            Presence.response_id == response_id,
            Presence.place == place,
            Presence.user_id != user_id,
            Presence.seen_at > now - LASTS,
            User.deactivated_at.is_(None),
        )
        .order_by(User.name, User.id)
    ).all()
