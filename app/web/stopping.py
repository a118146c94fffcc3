"""Wanting no reminders: the page behind the link in a reminder. Only a POST changes anything; the one that
mail programmes send (RFC 8058) carries no form token, since the address itself is the proof.
"""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.extensions import csrf, limiter
from app.queries import reminders
from app.services import opting_out
from app.web.access import open_to_all
from app.web.auth import slowing
from app.web.transactions import commit, session

blueprint = Blueprint("stopping", __name__, url_prefix="/no-reminders/<token>")


@blueprint.get("")
@open_to_all
def look(token: str) -> ResponseReturnValue:
    """Who gets reminders for which round, and a button."""
    round_, user = opting_out.read(session(), token)
    return render_template(
        "information/no_reminders.html",
        asked=round_,
        name=user.name,
        stopped=reminders.opt_out(session(), round_.id, user.id),
        token=token,
    )


@blueprint.post("")
@limiter.limit(slowing.PER_NETWORK, key_func=slowing.network)
@open_to_all
def stop(token: str) -> ResponseReturnValue:
    """Send this person no more reminders in the round."""
    opting_out.stop(session(), token, clock.now())
    commit()
    return redirect(url_for("stopping.look", token=token), 303)


csrf.exempt(stop)


@blueprint.post("/again")
@limiter.limit(slowing.PER_NETWORK, key_func=slowing.network)
@open_to_all
def start_again(token: str) -> ResponseReturnValue:
    """Send them again."""
    opting_out.start_again(session(), token, clock.now())
    commit()
    return redirect(url_for("stopping.look", token=token))
