"""Who may use a page. A view says so with a mark; one function enforces the marks.

A view without a mark is closed to everybody. What a person may not see does not exist for them:
they get the same answer as for an address that nobody ever had.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeVar
from uuid import UUID

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_login import UserMixin, current_user
from sqlalchemy import update

from app import clock
from app.extensions import login_manager
from app.models import LoginSession
from app.policy import Act, Actor, ResponseFacts, can
from app.queries import visitors
from app.queries.visitors import Visitor
from app.web import transactions
from app.web.settings import settings

View = TypeVar("View", bound=Callable[..., Any])
Subject = Callable[..., ResponseFacts | None]
MARK = "access"
SEEN_EVERY_SECONDS = 60


class SignInFirst(Exception):
    """The page needs a signed-in person, and nobody is."""


@dataclass(frozen=True)
class Access:
    """The mark on a view: open to all, to whoever is signed in, or to whom the policy allows an act."""

    kind: Literal["open", "signed in", "allowed"]
    act: Act | None = None
    subject: Subject | None = None


def open_to_all(view: View) -> View:
    """Marks a view that needs no sign-in."""
    return _mark(view, Access("open"))


def signed_in(view: View) -> View:
    """Marks a view for any signed-in person; it shows only what is theirs."""
    return _mark(view, Access("signed in"))


def requires(act: Act, subject: Subject | None = None) -> Callable[[View], View]:
    """Marks a view for those whom the policy allows the act.

    `subject` gets the view's own arguments by name and returns what the policy must know of the
    response in question, or None if there is no such response: both refusals look alike.
    """

    def mark(view: View) -> View:
        return _mark(view, Access("allowed", act, subject))

    return mark


def _mark(view: View, access: Access) -> View:
    setattr(view, MARK, access)
    return view


def access_of(view: Callable[..., Any]) -> Access | None:
    """The mark of a view, for the enforcement and for the test that walks every route."""
    found = getattr(view, MARK, None)
    return found if isinstance(found, Access) else None


class SignedIn(UserMixin):  # type: ignore[misc]  # Flask-Login carries no types
    """Flask-Login's view of a visitor; its id is the session row's, so that ending the row ends it."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor

    def get_id(self) -> str:
        """The key of the session row."""
        return str(self.visitor.login_session_id)


def person() -> Visitor | None:
    """The signed-in person, or None."""
    found = current_user._get_current_object()
    return found.visitor if isinstance(found, SignedIn) else None


def actor() -> Actor:
    """The person who acts. Raises SignInFirst when nobody is signed in."""
    visitor = person()
    if visitor is None:
        raise SignInFirst
    return visitor.actor


def init_access(app: Flask) -> None:
    """Loads the person behind each request, enforces the marks, and remembers when they were seen."""
    login_manager.session_protection = None
    login_manager.init_app(app)
    login_manager.user_loader(_load)
    app.teardown_appcontext(_note_seen)
    app.before_request(enforce)


def _load(login_session_id: str) -> SignedIn | None:
    try:
        key = UUID(login_session_id)
    except ValueError:
        return None
    found = visitors.visitor(transactions.session(), key, clock.now(), settings().idle)
    if found is None:
        return None
    g.seen = found
    return SignedIn(found)


def _note_seen(_error: BaseException | None) -> None:
    """Writes down that the session is in use, at most once a minute, in a transaction of its own."""
    found: Visitor | None = g.pop("seen", None)
    now = clock.now()
    if found is None or not _due(found, now):
        return
    with transactions.database().begin() as apart:
        apart.execute(
            update(LoginSession)
            .where(LoginSession.id == found.login_session_id, LoginSession.ended_at.is_(None))
            .values(last_seen_at=now)
        )


def _due(found: Visitor, now: datetime) -> bool:
    return (now - found.last_seen_at).total_seconds() >= SEEN_EVERY_SECONDS


def only_asks() -> None:
    """Keep this request from counting as use of the session: it asks how long the session lasts."""
    person()
    g.pop("seen", None)


def seconds_left() -> int:
    """How long the session of this request's person lasts if nothing more happens; 0 if there is none."""
    visitor, now = person(), clock.now()
    if visitor is None:
        return 0
    seen = now if "seen" in g and _due(visitor, now) else visitor.last_seen_at
    ends = min(seen + settings().idle, visitor.created_at + visitors.LONGEST)
    return max(0, int((ends - now).total_seconds()))


def enforce() -> ResponseReturnValue | None:
    """Lets the request through, sends it to the sign-in page, or refuses it as not found."""
    if request.endpoint is None:
        return None
    if "\0" in request.path:  # PostgreSQL takes no NUL, so nothing is called like that
        abort(404)
    access = access_of(current_app.view_functions[request.endpoint])
    if access is None:
        abort(404)
    if access.kind == "open":
        return None
    if person() is None:
        if request.method in transactions.SAFE_METHODS and not request.is_json:
            cookie["onward"] = request.full_path.rstrip("?")
            return redirect(url_for("auth.sign_in"))
        raise SignInFirst
    if access.act is not None and not _allowed(access.act, access.subject):
        abort(404)
    return None


def _allowed(act: Act, subject: Subject | None) -> bool:
    if subject is None:
        return can(actor(), act)
    facts = subject(**(request.view_args or {}))
    return facts is not None and can(actor(), act, facts)
