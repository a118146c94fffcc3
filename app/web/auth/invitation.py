"""The link of an invitation: a page with a button, which signs its person in once; a spent one explains
itself and has a new link mailed.
"""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.extensions import limiter
from app.i18n import _
from app.queries import visitors
from app.services import activating
from app.services.activating import Found
from app.services.errors import LinkSpent, NotFound
from app.web.access import open_to_all
from app.web.auth import slowing
from app.web.auth.browsers import browser_secret, remember
from app.web.letters import letters
from app.web.transactions import commit, roll_back, session

blueprint = Blueprint("invitation", __name__, url_prefix="/invitation/<token>")
GONE = 410


@blueprint.get("")
@open_to_all
def look(token: str) -> ResponseReturnValue:
    """Whom the invitation is for, and a button. Mail scanners may follow it; nothing is used up."""
    try:
        found = activating.look_at(session(), token)
    except NotFound:
        return _unknown()
    now = clock.now()
    if not found.works(now):
        browser_secret()
        return _spent(token, found)
    return render_template(
        "auth/open_link.html",
        name=found.user.name,
        hats=visitors.organisations_of(session(), found.user.id, now),
        note=_("The link of this invitation works once. After that, you sign in with your address."),
        address=url_for("invitation.accept", token=token),
    )


@blueprint.post("")
@limiter.limit(slowing.PER_NETWORK, key_func=slowing.network)
@open_to_all
def accept(token: str) -> ResponseReturnValue:
    """Uses the link up and signs its person in."""
    try:
        login_session = activating.redeem(session(), token, clock.now())
    except NotFound:
        return _unknown()
    except LinkSpent:
        roll_back()
        return _spent(token, activating.look_at(session(), token))
    onward = remember(login_session)
    commit()
    return redirect(onward or url_for("home.home"))


@blueprint.post("/new")
@limiter.limit(slowing.PER_ADDRESS_AND_NETWORK, key_func=slowing.network)
@open_to_all
def send_anew(token: str) -> ResponseReturnValue:
    """Mails a link for this browser to whom the invitation was for, and says so without the address."""
    try:
        activating.ask_anew(session(), token, browser_secret(), clock.now())
    except NotFound:
        return _unknown()
    commit()
    letters().wake()
    return redirect(url_for("invitation.sent", token=token))


@blueprint.get("/sent")
@open_to_all
def sent(token: str) -> ResponseReturnValue:
    """That a link is on its way."""
    try:
        activating.look_at(session(), token)
    except NotFound:
        return _unknown()
    return render_template("auth/invitation_sent.html")


def _spent(token: str, found: Found) -> ResponseReturnValue:
    page = render_template("auth/invitation_spent.html", link=found.link, token=token)
    return page, GONE


def _unknown() -> ResponseReturnValue:
    return render_template("auth/link_spent.html", why=""), GONE
