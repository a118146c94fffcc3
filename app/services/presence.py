"""That somebody has a page of a response open: no act, nothing hangs on it, and it may be lost."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.models import Base

PRESENCE = Base.metadata.tables["presence"]
KEY = (PRESENCE.c.response_id, PRESENCE.c.user_id)


def note_presence(session: Session, response_id: UUID, user_id: UUID, place: str, now: datetime) -> None:
    """Note on which page of the response the person is now; there is one such note for each person."""
    row = {"response_id": response_id, "user_id": user_id, "place": place, "seen_at": now}
    news = {"place": place, "seen_at": now}
    if session.get_bind().dialect.name == "postgresql":
        session.execute(
            postgresql.insert(PRESENCE).values(row).on_conflict_do_update(index_elements=KEY, set_=news)
        )
    else:
        session.execute(
            sqlite.insert(PRESENCE).values(row).on_conflict_do_update(index_elements=KEY, set_=news)
        )
