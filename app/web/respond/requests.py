"""Asking for more time, and opening submitted answers for an amendment or asking IOM to do so."""

from datetime import datetime
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.i18n import _
from app.models import Response, ResponseStatus, Thread, ThreadKind
from app.policy import Act
from app.queries import threads
from app.services import conversing, requesting, submitting
from app.services.errors import NotPossible
from app.web import access, transactions
from app.web.conversations import END_OF_DAY, moment_of, new_key, typed
from app.web.letters import letters
from app.web.respond.blueprint import blueprint
from app.web.respond.sheet import Sheet, facts, sheet

WITH_PROBLEMS = 422


@blueprint.get("/more-time")
@access.requires(Act.REQUEST_CHANGE, facts)
def more_time(response_id: UUID) -> ResponseReturnValue:
    """Until when, and why."""
    return _draw_more_time(sheet(response_id))


@blueprint.post("/more-time")
@access.requires(Act.REQUEST_CHANGE, facts)
def ask_more_time(response_id: UUID) -> ResponseReturnValue:
    """Ask for it; what is wrong is said all at once and what was typed is kept."""
    found, session = sheet(response_id), transactions.session()
    reason, key = request.form.get("text", ""), request.form.get("key", "")
    until, errors = _until(found)
    try:
        conversing.words_of(reason, _say_why())
    except NotPossible as refused:
        errors.append(("text", refused.message))
    if until is None or errors:
        return _draw_more_time(found, errors), WITH_PROBLEMS
    try:
        begun = requesting.request_more_time(
            session, response_id, until, reason, access.actor(), clock.now(), key
        )
    except NotPossible as refused:
        transactions.roll_back()
        return _draw_more_time(found, [("day", refused.message)]), WITH_PROBLEMS
    return _on_to(begun)


def _say_why() -> str:
    return _("Say why you need more time")


def _until(found: Sheet) -> tuple[datetime | None, list[tuple[str, str]]]:
    session = transactions.session()
    try:
        until = moment_of(request.form.get("day", ""), request.form.get("time", ""), found.zone)
        requesting.check_end(session, session.get_one(Response, found.id), until, clock.now())
    except NotPossible as refused:
        return None, [("day", refused.message)]
    return until, []


def _on_to(begun: Thread) -> ResponseReturnValue:
    address = url_for("respond.thread", response_id=begun.response_id, thread_id=begun.id)
    transactions.commit()
    letters().wake()
    return redirect(address)


def _draw_more_time(found: Sheet, errors: list[tuple[str, str]] | None = None) -> str:
    head = found.head
    return render_template(
        "respond/more_time.html",
        sheet=found,
        zone=found.zone,
        due=head.due_at or head.closes_at,
        possible=head.status is not ResponseStatus.SUBMITTED and head.outcome is None,
        waiting=threads.undecided(transactions.session(), found.id, ThreadKind.EXTENSION),
        day=typed("day"),
        time=typed("time") or END_OF_DAY,
        text=typed("text"),
        key=typed("key") or new_key(),
        errors=errors or [],
        wrong=dict(errors or []),
        has_errors=bool(errors),
    )


@blueprint.get("/amend")
@access.requires(Act.REQUEST_CHANGE, facts)
def amend(response_id: UUID) -> ResponseReturnValue:
    """What an amendment means, and why it is made."""
    return _draw_amend(sheet(response_id))


@blueprint.post("/amend")
@access.requires(Act.REQUEST_CHANGE, facts)
def open_amendment(response_id: UUID) -> ResponseReturnValue:
    """Open the answers while the round takes any; afterwards ask IOM to."""
    found, session = sheet(response_id), transactions.session()
    reason, key, now = request.form.get("text", ""), request.form.get("key", ""), clock.now()
    try:
        if not found.round_open:
            return _on_to(
                requesting.request_reopening(session, response_id, reason, access.actor(), now, key)
            )
        reason = conversing.words_of(reason, _("Say what has to be amended, and why"))
        submitting.reopen(session, response_id, reason, access.actor(), now)
    except NotPossible as refused:
        transactions.roll_back()
        return _draw_amend(found, refused.message), WITH_PROBLEMS
    transactions.commit()
    return redirect(url_for("respond.overview", response_id=response_id))


def _draw_amend(found: Sheet, error: str = "") -> str:
    return render_template(
        "respond/amend.html",
        sheet=found,
        zone=found.zone,
        possible=found.head.status is ResponseStatus.SUBMITTED,
        waiting=threads.undecided(transactions.session(), found.id, ThreadKind.REOPENING),
        text=typed("text"),
        key=typed("key") or new_key(),
        error=error,
        has_errors=bool(error),
    )
