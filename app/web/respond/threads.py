"""Asking IOM: about a question or in general, and the conversations that follow."""

from uuid import UUID

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.definitions.questions import Note
from app.policy import Act, ResponseFacts, can
from app.queries import threads
from app.queries.threads import Conversation
from app.services import discussing
from app.services.conversing import MOST_CHARACTERS, About
from app.services.errors import NotPossible
from app.web import access, transactions
from app.web.conversations import new_key, tag_for_respondent, typed
from app.web.letters import letters
from app.web.respond import moving, talking
from app.web.respond.blueprint import blueprint
from app.web.respond.sheet import Sheet, facts, sheet

WITH_PROBLEMS = 422


def facts_of_thread(response_id: UUID, thread_id: UUID, **_others: object) -> ResponseFacts | None:
    """What the policy must know of the question that a thread is about; None if it is not this response's."""
    found = threads.one(transactions.session(), thread_id, internal=False)
    if found is None or found.thread.response_id != response_id:
        return None
    return facts(response_id, found.thread.instance_id, question_key=found.thread.question_key)


def _conversation(response_id: UUID, thread_id: UUID) -> Conversation:
    found = threads.one(transactions.session(), thread_id, internal=False)
    if found is None or found.thread.response_id != response_id:
        abort(404)
    return found


@blueprint.get("/threads")
@access.requires(Act.READ_THREADS, facts)
def conversations(response_id: UUID) -> ResponseReturnValue:
    """Every conversation with IOM, and a box for a question in general."""
    return _draw_asking(sheet(response_id), About())


@blueprint.post("/threads")
@access.requires(Act.ASK_IOM, facts)
def ask(response_id: UUID) -> ResponseReturnValue:
    """Ask in general."""
    return _ask(sheet(response_id), About())


@blueprint.get("/threads/about/<question_key>")
@blueprint.get("/threads/about/<uuid:instance_id>/<question_key>")
@access.requires(Act.READ_THREADS, facts)
def about(response_id: UUID, question_key: str, instance_id: UUID | None = None) -> ResponseReturnValue:
    """The question, the conversations about it, and a box to ask."""
    found = sheet(response_id)
    return _draw_asking(found, _place(found, question_key, instance_id))


@blueprint.post("/threads/about/<question_key>")
@blueprint.post("/threads/about/<uuid:instance_id>/<question_key>")
@access.requires(Act.ASK_IOM, facts)
def ask_about(response_id: UUID, question_key: str, instance_id: UUID | None = None) -> ResponseReturnValue:
    """Ask about this question."""
    found = sheet(response_id)
    return _ask(found, _place(found, question_key, instance_id))


def _place(found: Sheet, question_key: str, instance_id: UUID | None) -> About:
    """The question, if it stands there. Aborts with 404."""
    place = found.questionnaire.places.get(question_key)
    if place is None or place.records is not None or isinstance(place.question, Note):
        abort(404)
    found.section(place.section.key, instance_id)
    return About(question_key, instance_id)


def _ask(found: Sheet, where: About) -> ResponseReturnValue:
    session, text, key = transactions.session(), request.form.get("text", ""), request.form.get("key", "")
    try:
        begun = discussing.ask(session, found.id, where, text, access.actor(), clock.now(), key)
    except NotPossible as refused:
        transactions.roll_back()
        return _draw_asking(found, where, refused.message), WITH_PROBLEMS
    thread_id = begun.id
    transactions.commit()
    letters().wake()
    return redirect(url_for("respond.thread", response_id=found.id, thread_id=thread_id))


def _draw_asking(found: Sheet, where: About, error: str = "") -> str:
    every = talking.talks(found)
    if where.question_key:
        place = (where.instance_id, where.question_key)
        every = [
            talk
            for talk in every
            if (talk.conversation.thread.instance_id, talk.conversation.thread.question_key) == place
        ]
    return render_template(
        "respond/threads.html",
        sheet=found,
        zone=found.zone,
        in_general=talking.may(found, Act.READ_THREADS, None, None),
        talks=every,
        label=talking.question_label(found, where.instance_id, where.question_key),
        question=talking.question_text(found, where.instance_id, where.question_key),
        back=_question_page(found, where.instance_id, where.question_key),
        may_write=talking.may(found, Act.ASK_IOM, where.instance_id, where.question_key),
        may_request=can(found.actor, Act.REQUEST_CHANGE, found.facts()),
        text=typed("text"),
        key=typed("key") or new_key(),
        most=MOST_CHARACTERS,
        error=error,
        has_errors=bool(error),
    )


def _question_page(found: Sheet, instance: UUID | None, key: str | None) -> str | None:
    """The page on which the question stands, for whoever may write there now."""
    place = found.questionnaire.places.get(key) if key else None
    there = instance is None or instance in found.blocks
    if place is None or not there or not found.may_edit(instance):
        return None
    address = moving.page_url(found, place.section.key, place.page.key, instance)
    return f"{address}#a-{place.question.key}-label"


@blueprint.get("/threads/<uuid:thread_id>")
@access.requires(Act.READ_THREADS, facts_of_thread)
def thread(response_id: UUID, thread_id: UUID) -> ResponseReturnValue:
    """One conversation from its beginning, and a box to go on."""
    return _draw_thread(sheet(response_id), _conversation(response_id, thread_id))


@blueprint.post("/threads/<uuid:thread_id>")
@access.requires(Act.ASK_IOM, facts_of_thread)
def reply(response_id: UUID, thread_id: UUID) -> ResponseReturnValue:
    """Write on; a closed conversation is open again by it."""
    session, text, key = transactions.session(), request.form.get("text", ""), request.form.get("key", "")
    try:
        discussing.reply(session, response_id, thread_id, text, access.actor(), clock.now(), key)
    except NotPossible as refused:
        transactions.roll_back()
        conversation = _conversation(response_id, thread_id)
        return _draw_thread(sheet(response_id), conversation, refused.message), WITH_PROBLEMS
    transactions.commit()
    letters().wake()
    return redirect(url_for("respond.thread", response_id=response_id, thread_id=thread_id))


@blueprint.post("/threads/<uuid:thread_id>/close")
@access.requires(Act.ASK_IOM, facts_of_thread)
def close_thread(response_id: UUID, thread_id: UUID) -> ResponseReturnValue:
    """Close it: nothing more is expected. A request is taken back by it."""
    discussing.close(transactions.session(), response_id, thread_id, access.actor(), clock.now())
    transactions.commit()
    return redirect(url_for("respond.thread", response_id=response_id, thread_id=thread_id))


def _draw_thread(found: Sheet, conversation: Conversation, error: str = "") -> str:
    one = conversation.thread
    closes = Act.REQUEST_CHANGE if one.kind in threads.REQUESTS else Act.ASK_IOM
    may_write = talking.may(found, Act.ASK_IOM, one.instance_id, one.question_key)
    return render_template(
        "respond/thread.html",
        sheet=found,
        zone=found.zone,
        in_general=talking.may(found, Act.READ_THREADS, None, None),
        conversation=conversation,
        kind=one.kind.value,
        label=talking.question_label(found, one.instance_id, one.question_key),
        question=talking.question_text(found, one.instance_id, one.question_key),
        back=_question_page(found, one.instance_id, one.question_key),
        tag_of=tag_for_respondent(conversation),
        may_write=may_write,
        may_close=may_write and one.closed_at is None and can(found.actor, closes, found.facts()),
        text=typed("text"),
        key=typed("key") or new_key(),
        most=MOST_CHARACTERS,
        error=error,
        has_errors=bool(error),
    )
