"""Handing an appointment over: by whoever holds it, or by staff on a note verbale."""

from datetime import date
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.i18n import _
from app.policy import Act, can, may_hand_over
from app.queries import hand_overs
from app.queries.hand_overs import Held
from app.services import handing_over
from app.services.errors import AlreadyThere
from app.services.filing import Received
from app.services.handing_over import HandOverRefused, Note, Wanted
from app.web import access, letters, transactions, uploading
from app.web.auth.hats import role_name
from app.web.faults import wrong_of

blueprint = Blueprint("hand_over", __name__)
WITH_PROBLEMS = 422
TOO_LARGE = 413
FIELDS = ("name", "email", "on", "number", "dated", "reason")


def _held(appointment_id: UUID) -> Held:
    """The appointment, if the person before us may hand it over and it has not ended. Aborts with 404."""
    if not may_hand_over(access.actor(), appointment_id):
        abort(404)
    held = hand_overs.held(transactions.session(), appointment_id) or abort(404)
    ended = held.valid_until is not None and held.valid_until < clock.now().date()
    if ended or held.role not in hand_overs.PASSED_ON:
        abort(404)
    return held


@blueprint.get("/people/hand-over")
@access.requires(Act.HAND_OVER)
def choose() -> ResponseReturnValue:
    """Staff choose whose appointment it is."""
    search = request.args.get("search", "")[:200]
    return render_template(
        "staff/hand_over.html",
        found=hand_overs.in_force(transactions.session(), clock.now().date(), search),
        search=search,
        most=hand_overs.MOST_LISTED,
        role_name=role_name,
    )


@blueprint.get("/appointments/<uuid:appointment_id>/hand-over")
@access.signed_in
def ask(appointment_id: UUID) -> ResponseReturnValue:
    """Who takes over, from when on, and what then happens."""
    if hand_overs.of_appointment(transactions.session(), appointment_id) is not None:
        return _told(appointment_id)
    return _draw(_held(appointment_id))


def too_large(appointment_id: UUID) -> ResponseReturnValue:
    """Says the limit to a request that is longer than any file may be."""
    words = _("Choose a file of at most 20 MB. This one is larger; nothing was changed")
    return _draw(_held(appointment_id), [("file", words)], typed=False), TOO_LARGE


@blueprint.post("/appointments/<uuid:appointment_id>/hand-over")
@access.signed_in
@uploading.takes_a_file(too_large)
def hand_over(appointment_id: UUID) -> ResponseReturnValue:
    """Hand it over; pressing twice hands it over once."""
    if hand_overs.of_appointment(transactions.session(), appointment_id) is not None:
        return _told(appointment_id)
    held = _held(appointment_id)
    problems: list[tuple[str, str]] = []
    file = _file(held, problems)
    session = transactions.begin_writing()
    try:
        handing_over.hand_over(session, appointment_id, _wanted(held, file), access.actor(), clock.now())
    except AlreadyThere:
        transactions.roll_back()
        return _told(appointment_id)
    except HandOverRefused as refused:
        problems = [*refused.problems, *problems]
    if problems:
        transactions.roll_back()
        return _draw(held, problems), WITH_PROBLEMS
    transactions.commit()
    letters.letters().wake()
    return _told(appointment_id)


def _told(appointment_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("hand_over.done", appointment_id=appointment_id))


@blueprint.get("/appointments/<uuid:appointment_id>/handed-over")
@access.signed_in
def done(appointment_id: UUID) -> ResponseReturnValue:
    """That it is done, for whoever held it and for staff; nothing for anybody else."""
    session, actor = transactions.session(), access.actor()
    made = hand_overs.of_appointment(session, appointment_id)
    held = hand_overs.held(session, appointment_id)
    if made is None or held is None or not (held.user_id == actor.user_id or can(actor, Act.HAND_OVER)):
        abort(404)
    return render_template(
        "hand_over/done.html",
        passed=hand_overs.passed(session, made),
        own=held.user_id == actor.user_id,
        begun=held.valid_until is not None and held.valid_until < clock.now().date(),
    )


def _file(held: Held, problems: list[tuple[str, str]]) -> Received | None:
    """The file of the note verbale, kept, if one was sent."""
    return None if _is_own(held) else uploading.sent_file(problems)


def _is_own(held: Held) -> bool:
    return held.user_id == access.actor().user_id


def _wanted(held: Held, file: Received | None) -> Wanted:
    form = request.form
    note = None if _is_own(held) else Note(form.get("number", ""), _day(form.get("dated", "")), file)
    reason = form.get("reason", "")[:2000]
    return Wanted(form.get("email", ""), form.get("name", ""), _day(form.get("on", "")), note, reason)


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        return None


def _draw(held: Held, problems: list[tuple[str, str]] | None = None, *, typed: bool = True) -> str:
    wrong = wrong_of(problems)
    return render_template(
        "hand_over/ask.html",
        held=held,
        own=_is_own(held),
        role=role_name(held.role),
        problems=problems or [],
        has_errors=bool(problems),
        wrong=wrong,
        typed={field: request.form.get(field, "") if typed else "" for field in FIELDS},
    )
