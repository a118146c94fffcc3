"""How long a session lasts, for the script that announces its end, puts it off and notices who came back."""

from flask import Blueprint, jsonify, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from app import clock
from app.i18n import _
from app.queries.visitors import LONGEST
from app.services import signing_in
from app.web import access
from app.web.access import open_to_all, person, signed_in
from app.web.settings import settings
from app.web.transactions import commit, session

blueprint = Blueprint("lasting", __name__)


@blueprint.get("/session")
@open_to_all
def look() -> ResponseReturnValue:
    """Who is signed in here, with a fresh form token, and for how long; to ask is no use of the session."""
    access.only_asks()
    return _told(access.seconds_left())


@blueprint.post("/session")
@signed_in
def stay() -> ResponseReturnValue:
    """Stay signed in: the idle time begins again."""
    visitor, now = person(), clock.now()
    assert visitor is not None  # noqa: S101 - the mark saw to it
    signing_in.stay(session(), visitor.login_session_id, now)
    commit()
    ends = min(now + settings().idle, visitor.created_at + LONGEST)
    return _told(int((ends - now).total_seconds()))


def _told(seconds: int) -> ResponseReturnValue:
    visitor = person()
    if visitor is None:
        return jsonify(
            person=None,
            said=_("You were signed out. What is saved stays saved."),
            button=_("Sign in again"),
            sign_in=url_for("auth.sign_in"),
        )
    longest = clock.now() + settings().idle >= visitor.created_at + LONGEST
    return jsonify(
        person=str(visitor.user_id),
        token=generate_csrf(),
        seconds=seconds,
        said=_("In two minutes you will have to sign in again, as after every 14 days. What is saved stays.")
        if longest
        else _("You will be signed out in two minutes, because nothing has happened here for long."),
        button="" if longest else _("Stay signed in"),
        other=_("%(name)s is signed in now. What you typed stays on this page, unsaved.", name=visitor.name),
    )
