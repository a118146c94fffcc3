"""Keeping a page with its filters under a name: one's own, or shared with all staff."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from app.definitions import values
from app.i18n import _
from app.models import SavedView
from app.policy import Act, Actor, can
from app.queries import saved_views
from app.services import auditing
from app.services.errors import AlreadyThere, NotAllowed, NotFound, NotPossible, translating

PLACES = ("tracking", "list", "chase")
LONGEST_NAME, LONGEST_QUERY, MOST = 80, 2000, 100


def save(
    session: Session, place: str, name: str, query: str, actor: Actor, now: datetime, *, shared: bool
) -> SavedView:
    """Keep a view. Raises NotAllowed for who is not staff, NotPossible for a name or filters that cannot be
    kept or too many views, AlreadyThere for a name that the person uses there already.
    """
    if actor.user_id is None or not can(actor, Act.READ_ROUNDS):
        raise NotAllowed
    if place not in PLACES or len(query) > LONGEST_QUERY:
        raise NotPossible(_("These filters cannot be kept."))
    if saved_views.count(session, actor.user_id) >= MOST:
        raise NotPossible(_("You keep %(most)s views. Remove one first", most=MOST))
    view = SavedView(
        id=uuid4(),
        user_id=actor.user_id,
        place=place,
        name=_named(name),
        query=query,
        shared_at=now if shared else None,
        created_at=now,
    )
    session.add(view)
    with translating(_taken(view.name)):
        session.flush()  # the name is refused here, where it can be said which
    detail = {"place": place, "name": view.name, "shared": shared}
    auditing.record(session, actor, "saved_view", view, detail, at=now)
    return view


def change(
    session: Session, view_id: UUID, name: str, actor: Actor, now: datetime, *, shared: bool
) -> SavedView:
    """Give one's own view another name, share it or keep it to oneself. Raises NotFound, NotPossible,
    AlreadyThere.
    """
    view = _own(session, view_id, actor)
    before = {"name": view.name, "shared": view.shared_at is not None}
    view.name = _named(name)
    view.shared_at = (view.shared_at or now) if shared else None
    with translating(_taken(view.name)):
        session.flush()  # the name is refused here, where it can be said which
    after = {"name": view.name, "shared": shared}
    auditing.record(session, actor, "changed_view", view, {"before": before, "after": after}, at=now)
    return view


def remove(session: Session, view_id: UUID, actor: Actor, now: datetime) -> str:
    """Remove one's own view and say how it was called. Raises NotFound."""
    view = _own(session, view_id, actor)
    name = view.name
    auditing.record(session, actor, "removed_view", view, {"place": view.place, "name": name}, at=now)
    session.delete(view)
    return name


def _own(session: Session, view_id: UUID, actor: Actor) -> SavedView:
    view = saved_views.own(session, actor.user_id, view_id)
    if view is None or not can(actor, Act.READ_ROUNDS):
        raise NotFound
    return view


def _named(name: str) -> str:
    said = " ".join(values.normalise(name).split())
    if not said:
        raise NotPossible(_("Give the view a name"))
    if len(said) > LONGEST_NAME:
        over = len(said) - LONGEST_NAME
        raise NotPossible(_("The name has %(over)s characters too many. Shorten it", over=over))
    return said


def _taken(name: str) -> dict[str, AlreadyThere]:
    words = _("You have a view called “%(name)s” already. Choose another name", name=name)
    return {"uq_saved_view_user_id_place_name": AlreadyThere(words)}
