"""The staff's inbox of questions and requests, answering them, and asking about submitted answers."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from app import clock
from app.i18n import _
from app.models import RequestDecision, ThreadKind
from app.policy import Act, can
from app.queries import definitions, responses, threads
from app.queries.threads import REQUESTS, Asked
from app.services import discussing, requesting
from app.services.conversing import MOST_CHARACTERS, About
from app.services.errors import NotPossible, ResponseLocked
from app.templating import local
from app.web.access import actor, person, requires
from app.web.conversations import (
    END_OF_DAY,
    kind_name,
    moment_of,
    new_key,
    question_for_staff,
    tag_for_staff,
    typed,
)
from app.web.letters import letters
from app.web.respond import said, talking
from app.web.respond.sheet import Sheet, facts, sheet
from app.web.transactions import commit, roll_back, session
from app.window import takes_answers

blueprint = Blueprint("threads", __name__, url_prefix="/threads")

WITH_PROBLEMS = 422
FOR_STAFF = "staff"


@dataclass(frozen=True)
class Row:
    """One conversation in the inbox."""

    asked: Asked
    kind: str
    question: str
    tag: tuple[str, str]


@blueprint.app_context_processor
def _may_answer() -> dict[str, bool]:
    """Whether the tab to the inbox is there for the person."""
    visitor = person()
    return {"may_answer_threads": visitor is not None and can(visitor.actor, Act.ANSWER_THREADS)}


@blueprint.get("")
@requires(Act.ANSWER_THREADS)
def inbox() -> ResponseReturnValue:
    """What waits for IOM, whoever has waited longest first; below it what waits for respondents."""
    rows = [_row(asked) for asked in threads.open_ones(session())]
    return render_template(
        "staff/threads.html",
        waiting=[row for row in rows if row.asked.conversation.waits_for_staff],
        others=[row for row in rows if not row.asked.conversation.waits_for_staff],
    )


def _row(asked: Asked) -> Row:
    conversation = asked.conversation
    question = question_for_staff(asked, definitions.of(session(), asked.version_id), str(get_locale()))
    return Row(asked, kind_name(conversation.thread.kind), question, tag_for_staff(conversation))


@blueprint.get("/<uuid:thread_id>")
@requires(Act.ANSWER_THREADS)
def thread(thread_id: UUID) -> ResponseReturnValue:
    """One conversation, what staff wrote among themselves included."""
    return _draw(_asked(thread_id), [])


@blueprint.post("/<uuid:thread_id>")
@requires(Act.ANSWER_THREADS)
def answer(thread_id: UUID) -> ResponseReturnValue:
    """Write to the respondent, or for staff only."""
    internal = request.form.get("to") == FOR_STAFF
    text, key = request.form.get("text", ""), request.form.get("key", "")
    try:
        discussing.answer(session(), thread_id, text, actor(), clock.now(), key, internal=internal)
    except NotPossible as refused:
        roll_back()
        return _draw(_asked(thread_id), [("text", refused.message)]), WITH_PROBLEMS
    return _back_to(thread_id)


@blueprint.post("/<uuid:thread_id>/close")
@requires(Act.ANSWER_THREADS)
def close(thread_id: UUID) -> ResponseReturnValue:
    """Close it: nothing more is expected."""
    try:
        discussing.close_as_staff(session(), thread_id, actor(), clock.now())
    except NotPossible as refused:
        roll_back()
        return _draw(_asked(thread_id), [("text", refused.message)]), WITH_PROBLEMS
    return _back_to(thread_id)


@blueprint.post("/<uuid:thread_id>/decision")
@requires(Act.DECIDE_REQUESTS)
def decide(thread_id: UUID) -> ResponseReturnValue:
    """Grant a request or refuse it."""
    decision = request.form.get("decision", "")
    if decision not in set(RequestDecision):
        abort(404)
    asked = _asked(thread_id)
    words, key = request.form.get("words", ""), request.form.get("key", "")
    try:
        until = _until(asked) if decision == RequestDecision.GRANTED else None
        requesting.decide(
            session(), thread_id, RequestDecision(decision), words, until, actor(), clock.now(), key
        )
    except (NotPossible, ResponseLocked) as refused:
        roll_back()
        asked = _asked(thread_id)
        field = "words" if decision == RequestDecision.REFUSED else "decision"
        place = field if asked.conversation.undecided else "main"
        return _draw(asked, [(place, refused.message)]), WITH_PROBLEMS
    return _back_to(thread_id)


def _until(asked: Asked) -> datetime | None:
    """The end that is granted; None where the page offers none."""
    day = request.form.get("day", "")
    return moment_of(day, request.form.get("time", ""), asked.round.zone) if day.strip() else None


def _asked(thread_id: UUID) -> Asked:
    found = threads.asked(session(), thread_id)
    return found if found is not None else abort(404)


def _back_to(thread_id: UUID) -> ResponseReturnValue:
    commit()
    letters().wake()
    return redirect(url_for("threads.thread", thread_id=thread_id))


def _draw(asked: Asked, errors: list[tuple[str, str]]) -> str:
    one = asked.conversation.thread
    zone, wanted = asked.round.zone, one.wanted_until
    shown = local(wanted, zone) if wanted else None
    return render_template(
        "staff/thread.html",
        row=_row(asked),
        asked=asked,
        conversation=asked.conversation,
        zone=zone,
        undecided=asked.conversation.undecided,
        may_decide=can(actor(), Act.DECIDE_REQUESTS),
        may_close=one.closed_at is None and not asked.conversation.undecided,
        asks_until=one.kind is ThreadKind.EXTENSION or _is_over(asked),
        is_request=one.kind in REQUESTS,
        is_clarification=one.kind is ThreadKind.CLARIFICATION,
        day=typed("day") or (shown.date().isoformat() if shown else ""),
        time=typed("time") or (shown.strftime("%H:%M") if shown else END_OF_DAY),
        words=typed("words"),
        text=typed("text"),
        key=typed("key") or new_key(),
        most=MOST_CHARACTERS,
        errors=errors,
        wrong=dict(errors),
        has_errors=bool(errors),
    )


def _is_over(asked: Asked) -> bool:
    """Whether the round takes no answers any more, so that an amendment needs an end of its own."""
    window = replace(responses.window(session(), asked.conversation.thread.response_id), due_at=None)
    return not takes_answers(window, clock.now())


@blueprint.get("/about/<uuid:response_id>/<question_key>")
@blueprint.get("/about/<uuid:response_id>/<uuid:instance_id>/<question_key>")
@requires(Act.ASK_CLARIFICATION, facts)
def clarify(response_id: UUID, question_key: str, instance_id: UUID | None = None) -> ResponseReturnValue:
    """The submitted answer, and a box for what should be clarified."""
    found = sheet(response_id)
    return _draw_clarify(found, _place(found, question_key, instance_id))


@blueprint.post("/about/<uuid:response_id>/<question_key>")
@blueprint.post("/about/<uuid:response_id>/<uuid:instance_id>/<question_key>")
@requires(Act.ASK_CLARIFICATION, facts)
def ask_clarification(
    response_id: UUID, question_key: str, instance_id: UUID | None = None
) -> ResponseReturnValue:
    """Ask the respondent."""
    found = sheet(response_id)
    where = _place(found, question_key, instance_id)
    text, key = request.form.get("text", ""), request.form.get("key", "")
    try:
        begun = discussing.clarify(session(), response_id, where, text, actor(), clock.now(), key)
    except NotPossible as refused:
        roll_back()
        return _draw_clarify(found, where, refused.message), WITH_PROBLEMS
    return _back_to(begun.id)


def _place(found: Sheet, question_key: str, instance_id: UUID | None) -> About:
    """The question, if an answer to it stands submitted. Aborts with 404; never for the respondent's own."""
    if found.is_own or not threads.was_submitted(session(), found.id, (instance_id, question_key)):
        abort(404)
    return About(question_key, instance_id)


def _draw_clarify(found: Sheet, where: About, error: str = "") -> str:
    place = found.questionnaire.places.get(where.question_key or "")
    if place is None or place.records is not None:
        abort(404)
    question = place.question
    return render_template(
        "staff/clarify.html",
        sheet=found,
        zone=found.zone,
        label=talking.question_label(found, where.instance_id, where.question_key),
        question=talking.question_text(found, where.instance_id, where.question_key),
        said=said.say(found, question, where.instance_id, 1),
        anchor=said.anchor(question.key, where.instance_id),
        who=found.respondent,
        text=typed("text"),
        key=typed("key") or new_key(),
        most=MOST_CHARACTERS,
        error=error,
        has_errors=bool(error),
        answer_word=_("The answer"),
    )
