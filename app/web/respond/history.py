"""What an answer was before, by whom and when, any two states side by side, and a state brought back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from markupsafe import Markup

from app import clock, templating
from app.definitions.aligning import Budget
from app.definitions.questions import BaseQuestion, Matrix
from app.i18n import _
from app.models import Via
from app.policy import Act, ResponseFacts
from app.queries import answer_history
from app.queries.answer_history import MOST, History, Revision
from app.services import answering, known_facts
from app.services.answering import Change, Conflict, Refused
from app.services.carrying_over import Said
from app.web import access, transactions
from app.web.respond import moving
from app.web.respond.blueprint import blueprint
from app.web.respond.differing import marked
from app.web.respond.sheet import Sheet, facts, fresh, sheet
from app.web.respond.versions import asked_in

STEPS = 1_000_000
"""Steps of comparing words that the states of one page may cost together."""
OVERTAKEN = 409


@dataclass(frozen=True)
class State:
    """One state of the answer in words, with what changed since the one that it was made of."""

    revision: Revision
    said: str
    shown: Markup
    how: str
    restorable: bool


@dataclass(frozen=True)
class Pair:
    """Two states, and the second with what changed from the first."""

    before: Revision
    after: Revision
    shown: Markup


@blueprint.get("/history/<uuid:answer_id>")
@access.requires(Act.READ_RESPONSE, facts)
def history(response_id: UUID, answer_id: UUID) -> ResponseReturnValue:
    """The newest states of one answer, or those before a number; for staff those that were submitted.

    With two numbers, `from` and `to`, these two states too, one marked against the other.
    """
    return _page(sheet(response_id), answer_id)


def facts_of_answer(response_id: UUID, answer_id: UUID) -> ResponseFacts | None:
    """What the policy must know of the block in which an answer lies."""
    found = facts(response_id)
    if found is None:
        return None
    stored = sheet(response_id).stored.answers
    where = next((address for address, kept in stored.items() if kept.id == answer_id), None)
    return facts(response_id, where[0], question_key=where[1]) if where else found


@blueprint.post("/history/<uuid:answer_id>/restore")
@access.requires(Act.EDIT_RESPONSE, facts_of_answer)
def restore_answer(response_id: UUID, answer_id: UUID) -> ResponseReturnValue:
    """Make an earlier state the answer again, as one more revision, unless somebody saved meanwhile."""
    found = sheet(response_id)
    number, seen = (request.form.get(name, type=int) or 0 for name in ("number", "seen"))
    past = answer_history.history(transactions.session(), response_id, answer_id, numbers=[number])
    state = past.state(number) if past else None
    if past is None or state is None:
        abort(404)
    question, _label, _back = place_of(found, past)
    known = known_facts.known(question, found.known_facts(past.instance_id)) if question.known else None
    change = Change(
        past.instance_id,
        past.question_key,
        past.item,
        state.value,
        seen,
        confirms=state.confirms if state.value is not None and state.value == known else None,
        language=state.language,
    )
    source = {"kind": "restored", "revision": number, "at": state.at.isoformat()}
    [outcome] = answering.save_answers(
        transactions.session(), response_id, [change], access.actor(), Via.PAGE, clock.now(), source=source
    )
    transactions.commit()
    if isinstance(outcome, Conflict):
        words = _("%(name)s saved another answer meanwhile. Look at it first.", name=outcome.by)
        return _page(fresh(response_id), answer_id, problem=words), OVERTAKEN
    if isinstance(outcome, Refused):
        return _page(fresh(response_id), answer_id, problem=outcome.why), OVERTAKEN
    return redirect(url_for("respond.history", response_id=response_id, answer_id=answer_id))


def _page(found: Sheet, answer_id: UUID, problem: str = "") -> str:
    before = request.args.get("before", type=int)
    session, submitted = transactions.session(), not found.is_own
    past = answer_history.history(session, found.id, answer_id, submitted=submitted, before=before)
    if past is None or not past.revisions:
        abort(404)
    question, label, back = place_of(found, past)
    shown_last = 0 if before else past.revisions[0].number
    return render_template(
        "respond/history.html",
        sheet=found,
        zone=found.zone,
        label=label,
        question=question,
        answer_id=answer_id,
        latest=past.latest if found.is_own else shown_last,
        count=past.latest if found.is_own else len(past.revisions),
        problem=problem,
        states=_states(found, question, past)[:MOST],
        older=past.revisions[MOST - 1].number if len(past.revisions) > MOST else None,
        newer=before is not None,
        pair=_pair(found, question, answer_id, submitted=submitted),
        back=back,
        about=found.subject_short(past.instance_id) if found.block_of(past.instance_id) else "",
    )


def _pair(found: Sheet, question: BaseQuestion, answer_id: UUID, *, submitted: bool) -> Pair | None:
    """The two states that the address names; None if it names no two that may be seen."""
    numbers = [request.args.get(name, type=int) or 0 for name in ("from", "to")]
    if not all(numbers):
        return None
    past = answer_history.history(
        transactions.session(), found.id, answer_id, submitted=submitted, numbers=numbers
    )
    before, after = (past.state(number) if past else None for number in numbers)
    if before is None or after is None:
        return None
    return Pair(before, after, marked(_said(found, question, before), _said(found, question, after)))


def _said(found: Sheet, question: BaseQuestion, revision: Revision) -> str:
    return found.say(question, revision.value) if revision.value is not None else ""


def place_of(found: Sheet, past: History) -> tuple[BaseQuestion, str, str]:
    """The question, what the answer is called,
    and the address of its page. Aborts with 404 for a removed record, and for what the
    person does not see.
    """
    block = found.blocks.get(past.instance_id) if past.instance_id else None
    if past.instance_id is not None and block is None:
        abort(404)
    address = past.question_key
    if block is not None and block.subject_id is None:
        address = f"{block.group_key}.{past.question_key}"
    questionnaire = asked_in(found, address, past.version_id)
    place = questionnaire.place(address)
    question: BaseQuestion = place.question
    outer = found.block_of(past.instance_id)
    if not found.sees(place.section.key, past.instance_id):
        abort(404)
    label = found.words(question.name, outer.id if outer else None)
    if isinstance(question, Matrix):
        row = question.option(past.item)
        label = f"{label}: {row.text if row else past.item}"
        question = question.cell
    back = moving.page_url(found, place.section.key, place.page.key, outer.id if outer else None)
    if questionnaire is not found.questionnaire or not found.may_edit(past.instance_id, place.section.key):
        back = url_for("respond.check", response_id=found.id)
    return question, label, back


def _states(found: Sheet, question: BaseQuestion, past: History) -> list[State]:
    said = {one.number: _said(found, question, one) for one in past.revisions}
    budget, may_edit = Budget(STEPS), found.may_edit(past.instance_id)
    numbers = list(said)
    states = []
    for place, revision in enumerate(past.revisions):
        own = said[revision.number]
        earlier = numbers[place + 1] if place + 1 < len(numbers) else revision.number
        before = said.get(_made_of(revision), said[earlier])
        shown = marked(before, own, budget, folded=earlier != revision.number)
        restorable = may_edit and revision.number != past.latest and own != said.get(past.latest)
        states.append(State(revision, own, shown, _how(found, revision), restorable))
    return states


def _made_of(revision: Revision) -> int:
    """The state that this one was made of, 0 for the one before it.

    A text that was merged is shown as it was typed, against what its writer saw, and then against the other.
    """
    source = revision.source or {}
    return int(
        {"typed": source.get("seen"), "merged": source.get("with")}.get(source.get("kind", ""), 0) or 0
    )


def _how(found: Sheet, revision: Revision) -> str:
    source = revision.source or {}
    kind = source.get("kind")
    if revision.via is Via.STAFF:
        return _("entered by staff")
    if kind == "restored":
        at = datetime.fromisoformat(source["at"])
        day = templating.day(at, found.zone, str(get_locale()))
        return _("restored revision %(number)s of %(day)s", number=source["revision"], day=day)
    if kind == "typed":
        return _("as it was typed, going on from revision %(number)s", number=source["seen"])
    if kind == "merged":
        return _("revisions %(one)s and %(other)s in one text", one=source["with"], other=source["typed"])
    if revision.confirms:
        return _goes_back_to(revision.confirms)
    return _("imported") if revision.via is Via.IMPORT else ""


def _goes_back_to(confirms: str) -> str:
    said: dict[str, str] = {
        Said.STILL_TRUE: _("still true as in the round before"),
        Said.CHANGED: _("changed from the round before"),
        Said.NO_LONGER: _("no longer as in the round before"),
    }
    return said.get(confirms.partition(":")[0]) or _("confirmed what the register says")
