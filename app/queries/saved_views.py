"""Pages that staff keep with their filters."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.models import SavedView, User


@dataclass(frozen=True)
class Kept:
    """A view as a page lists it; ``by`` is who keeps it."""

    id: UUID
    place: str
    name: str
    query: str
    shared: bool
    own: bool
    by: str


def of(session: Session, user_id: UUID | None, place: str | None = None) -> list[Kept]:
    """One's own views and those shared with all staff, of one place or of all, by name."""
    wanted = (
        select(SavedView, User.name)
        .join(User, User.id == SavedView.user_id)
        .where(or_(SavedView.user_id == user_id, SavedView.shared_at.is_not(None)))
        .order_by(SavedView.place, SavedView.name, User.name, SavedView.id)
    )
    if place is not None:
        wanted = wanted.where(SavedView.place == place)
    return [
        Kept(
            view.id,
            view.place,
            view.name,
            view.query,
            view.shared_at is not None,
            view.user_id == user_id,
            by,
        )
        for view, by in session.execute(wanted)
    ]


def own(session: Session, user_id: UUID | None, view_id: UUID) -> SavedView | None:
    """The view, if it is this person's."""
    return session.scalar(select(SavedView).where(SavedView.id == view_id, SavedView.user_id == user_id))


def count(session: Session, user_id: UUID | None) -> int:
    """How many views the person keeps."""
    return len(session.scalars(select(SavedView.id).where(SavedView.user_id == user_id)).all())
