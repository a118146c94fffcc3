"""What the browser keeps: a secret that binds a link to whoever asked for it, and the session's id."""

import hashlib
import secrets
from uuid import UUID

from flask import session as cookie
from flask_login import logout_user

from app.models import LoginSession
from app.queries import visitors
from app.web import transactions

BROWSER = "browser"
CSRF = "csrf_token"
ONWARD = "onward"
LEFT = "left"


def browser_secret() -> str:
    """This browser's secret; made when it first asks for a link."""
    if BROWSER not in cookie:
        cookie[BROWSER] = secrets.token_urlsafe(32)
    found: str = cookie[BROWSER]
    return found


def remember(login_session: LoginSession) -> str:
    """Signs the browser in and returns the address it had wanted to see.

    Everything that the cookie held before is dropped, so that nobody can prepare it for somebody else. One
    thing stays if the same person had been signed in here: the form token, so that a page left
    open over a time-out can still be sent.
    """
    kept = {CSRF: cookie[CSRF]} if CSRF in cookie and _last_here() == login_session.user_id else {}
    onward = str(cookie.get(ONWARD, ""))
    cookie.clear()
    cookie.update(kept)
    cookie["_user_id"] = str(login_session.id)
    return onward if onward.startswith("/") and not onward.startswith(("//", "/\\")) else ""


def _last_here() -> UUID | None:
    """Who is or was signed in with the cookie, an ended session included."""
    try:
        before = UUID(str(cookie.get("_user_id", "")))
    except ValueError:
        return None
    return visitors.user_behind(transactions.session(), before)


def session_mark() -> str:
    """What tells this session from the next one on the same device, and opens neither."""
    return hashlib.sha256(str(cookie.get("_user_id", "")).encode()).hexdigest()[:12]


def forget() -> None:
    """Signs the browser out; the session's row is ended by the service.

    Who left is remembered, so that the next page clears from the device what was kept there for them.
    """
    left = _last_here()
    logout_user()
    cookie.clear()
    if left is not None:
        cookie[LEFT] = str(left)


def who_left() -> str:
    """Who signed out here last, until somebody signs in."""
    return str(cookie.get(LEFT, ""))
