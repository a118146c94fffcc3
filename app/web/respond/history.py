"""What an answer was before, by whom and when."""

from dataclasses import dataclass
from uuid import UUID

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from app.definitions.questions import BaseQuestion, Matrix
from app.i18n import _
from app.models import Via
from app.policy import Act
from app.queries import answer_history
from app.queries.answer_history import History, Revision
from app.web import access, transactions
from app.web.respond import moving
from app.web.respond.blueprint import blueprint
from app.web.respond.differing import marked
from app.web.respond.sheet import Sheet, facts, sheet


@dataclass(frozen=True)
class State:
    """One state of the answer in words, with what changed since the one before."""

    revision: Revision
    said: str
    shown: Markup
    how: str


@blueprint.get("/history/<uuid:answer_id>")
@access.requires(Act.READ_RESPONSE, facts)
def history(response_id: UUID, answer_id: UUID) -> ResponseReturnValue:
    """Every state of one answer, the newest first; for staff those that were submitted."""
    found = sheet(response_id)
    past = answer_history.history(transactions.session(), response_id, answer_id, submitted=not found.is_own)
    if past is None or not past.revisions:
        abort(404)
    question, label, back = place_of(found, past)
    return render_template(
        "respond/history.html",
        sheet=found,
        zone=found.zone,
        label=label,
        question=question,
        states=_states(found, question, past),
        back=back,
        about=found.subject_short(past.instance_id) if found.block_of(past.instance_id) else "",
    )


def place_of(found: Sheet, past: History) -> tuple[BaseQuestion, str, str]:
    """The question, what the answer is called,
    and the address of its page. Aborts with 404 for a removed record.
    """
    block = found.blocks.get(past.instance_id) if past.instance_id else None
    if past.instance_id is not None and block is None:
        abort(404)
    address = past.question_key
    if block is not None and block.subject_id is None:
        address = f"{block.group_key}.{past.question_key}"
    place = found.questionnaire.place(address)
    question: BaseQuestion = place.question
    outer = found.block_of(past.instance_id)
    label = found.words(question.name, outer.id if outer else None)
    if isinstance(question, Matrix):
        row = question.option(past.item)
        label = f"{label}: {row.text if row else past.item}"
        question = question.cell
    back = moving.page_url(found, place.section.key, place.page.key, outer.id if outer else None)
    if not found.may_edit(past.instance_id):
        back = url_for("respond.check", response_id=found.id)
    return question, label, back


def _states(found: Sheet, question: BaseQuestion, past: History) -> list[State]:
    said = [found.say(question, one.value) if one.value is not None else "" for one in past.revisions]
    states = []
    for place, revision in enumerate(past.revisions):
        before = said[place + 1] if place + 1 < len(said) else said[place]
        shown = marked(before, said[place])
        states.append(State(revision, said[place], shown, _how(revision)))
    return states


def _how(revision: Revision) -> str:
    if revision.confirms:
        return _("confirmed what the register says")
    if revision.via is Via.STAFF:
        return _("entered by staff")
    return _("imported") if revision.via is Via.IMPORT else ""
