"""The demonstration's own sign-in links: reusable, and answered on this machine only."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from app import clock
from app.i18n import _
from app.models import LinkPurpose, User
from app.queries import visitors
from app.services import demonstration, signing_in
from app.web.access import open_to_all
from app.web.auth.browsers import remember
from app.web.settings import settings
from app.web.transactions import commit, session

blueprint = Blueprint("demo", __name__)

THIS_MACHINE = frozenset({"127.0.0.1", "::1"})
ITS_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})


@blueprint.before_request
def only_from_here() -> None:
    """404 for a request from another machine, or under a name that is not this machine's own."""
    name = request.host.rpartition(":")[0] or request.host
    if request.remote_addr not in THIS_MACHINE or name not in ITS_NAMES:
        abort(404)


def _user(persona: str, key: str) -> User:
    email = demonstration.email_of(settings().instance, persona, key)
    found = session().scalar(select(User).where(User.email == email)) if email else None
    if found is None or found.deactivated_at is not None:
        abort(404)
    return found


@blueprint.get("/demo/<persona>/<key>")
@open_to_all
def look(persona: str, key: str) -> ResponseReturnValue:
    """Shows who the persona is, and a button, as a mailed link would."""
    user = _user(persona, key)
    return render_template(
        "auth/open_link.html",
        name=user.name,
        hats=visitors.organisations_of(session(), user.id, clock.now()),
        note=_("This is the demonstration: its links work until the server stops, and on this machine only."),
        address=url_for("demo.enter", persona=persona, key=key),
    )


@blueprint.post("/demo/<persona>/<key>")
@open_to_all
def enter(persona: str, key: str) -> ResponseReturnValue:
    """Signs the browser in as the persona."""
    login_session = signing_in.start(session(), _user(persona, key), LinkPurpose.DEMO, clock.now())
    remember(login_session)
    commit()
    return redirect(url_for("home.home"))
