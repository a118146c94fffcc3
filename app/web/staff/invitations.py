"""Inviting: who will get an invitation, who got one, who cannot be written to; and sending them."""

from collections import Counter
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.models import MessagePurpose
from app.policy import Act, can
from app.queries import invitations
from app.queries.invitations import State
from app.services import inviting
from app.services.being_asked import takes_answers
from app.services.errors import NotPossible
from app.web.access import actor, requires
from app.web.conversations import new_key
from app.web.letters import letters
from app.web.staff import letter_preview, mail_words
from app.web.staff.round_shown import the_round
from app.web.transactions import commit, roll_back, session

blueprint = Blueprint("invitations", __name__, url_prefix="/rounds/<round_code>/invitations")
WITH_PROBLEMS = 422


@blueprint.get("")
@requires(Act.READ_MAIL)
def every(round_code: str) -> ResponseReturnValue:
    """Everybody who is asked, by where they stand with their invitation."""
    return _draw(round_code)


@blueprint.post("")
@requires(Act.SEND_MAIL)
def send(round_code: str) -> ResponseReturnValue:
    """Invite everybody who has not been invited; pressing twice invites nobody twice."""
    try:
        inviting.invite(session(), the_round(round_code), actor(), clock.now())
    except NotPossible as refused:
        roll_back()
        return _draw(round_code, refused.message), WITH_PROBLEMS
    return _done(round_code)


@blueprint.post("/<uuid:response_id>")
@requires(Act.SEND_MAIL)
def send_one(round_code: str, response_id: UUID) -> ResponseReturnValue:
    """Invite the focal points of one respondent."""
    try:
        inviting.invite(session(), the_round(round_code), actor(), clock.now(), only=[response_id])
    except NotPossible as refused:
        roll_back()
        return _draw(round_code, refused.message), WITH_PROBLEMS
    return _done(round_code)


@blueprint.post("/<uuid:response_id>/link")
@requires(Act.SEND_MAIL)
def send_link(round_code: str, response_id: UUID) -> ResponseReturnValue:
    """Send a fresh link to who was invited before."""
    key = request.form.get("key", "")
    try:
        inviting.send_fresh_link(session(), the_round(round_code), response_id, key, actor(), clock.now())
    except NotPossible as refused:
        roll_back()
        return _draw(round_code, refused.message), WITH_PROBLEMS
    return _done(round_code)


def _done(round_code: str) -> ResponseReturnValue:
    commit()
    letters().wake()
    return redirect(url_for("invitations.every", round_code=round_code))


def _draw(round_code: str, error: str = "") -> str:
    round_, now = the_round(round_code), clock.now()
    everybody = invitations.of_round(session(), round_, now)
    to_invite = [each for each in everybody if each.state is State.TO_INVITE]
    chosen = request.args.get("preview", "")
    sample = next((each for each in everybody if str(each.respondent.response_id) == chosen), None)
    sample = sample or next(iter(to_invite), None)
    return render_template(
        "staff/invitations.html",
        round=round_,
        everybody=everybody,
        counts=Counter(each.state for each in everybody),
        states=State,
        to_invite=to_invite,
        letters=sum(len(each.to_invite) for each in to_invite),
        takes=takes_answers(round_, round_.closes_at, now) and round_.pilots_version_id is None,
        shown=letter_preview.of(
            session(), round_, MessagePurpose.INVITATION, sample.respondent.response_id, now
        )
        if sample
        else None,
        may_send=can(actor(), Act.SEND_MAIL),
        key=new_key(),
        words=mail_words,
        error=error,
        has_errors=bool(error),
    )
