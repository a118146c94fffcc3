"""How answers may be quoted: for the whole, for one mechanism, for one answer."""

from uuid import UUID

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.i18n import _
from app.models import Attribution
from app.policy import Act, loosens
from app.queries import answer_history
from app.services import attributing
from app.services.errors import LooseningNeedsAmendment
from app.web import access, transactions
from app.web.respond.blueprint import blueprint
from app.web.respond.history import place_of
from app.web.respond.quoting import quotable
from app.web.respond.sheet import Sheet, facts, fresh, sheet

WITH_PROBLEMS = 422
AS_AROUND = "as_around"


@blueprint.get("/quoting")
@access.requires(Act.CHOOSE_ATTRIBUTION, facts)
def quoting(response_id: UUID) -> ResponseReturnValue:
    """The choice for every answer that has none of its own."""
    found = sheet(response_id)
    return _draw(found, found.head.attribution)


@blueprint.post("/quoting")
@access.requires(Act.CHOOSE_ATTRIBUTION, facts)
def choose_quoting(response_id: UUID) -> ResponseReturnValue:
    """Take the choice for the whole response."""
    found = sheet(response_id)
    return _choose(found, found.head.attribution, title="", around=None)


@blueprint.get("/quoting/<uuid:instance_id>")
@access.requires(Act.CHOOSE_ATTRIBUTION, facts)
def quoting_of_block(response_id: UUID, instance_id: UUID) -> ResponseReturnValue:
    """The choice for every answer about one mechanism."""
    found = sheet(response_id)
    block = found.blocks.get(instance_id) or abort(404)
    return _draw(found, block.attribution, _about_block(found, instance_id), _around(found, instance_id))


@blueprint.post("/quoting/<uuid:instance_id>")
@access.requires(Act.CHOOSE_ATTRIBUTION, facts)
def choose_quoting_of_block(response_id: UUID, instance_id: UUID) -> ResponseReturnValue:
    """Take the choice for one mechanism."""
    found = sheet(response_id)
    block = found.blocks.get(instance_id) or abort(404)
    title, around = _about_block(found, instance_id), _around(found, instance_id)
    return _choose(found, block.attribution, title, around, instance_id=instance_id)


@blueprint.get("/quoting/answers/<uuid:answer_id>")
@access.requires(Act.CHOOSE_ATTRIBUTION, facts)
def quoting_of_answer(response_id: UUID, answer_id: UUID) -> ResponseReturnValue:
    """The choice for one answer."""
    found = sheet(response_id)
    own, title, around = _about_answer(found, answer_id)
    return _draw(found, own, title, around)


@blueprint.post("/quoting/answers/<uuid:answer_id>")
@access.requires(Act.CHOOSE_ATTRIBUTION, facts)
def choose_quoting_of_answer(response_id: UUID, answer_id: UUID) -> ResponseReturnValue:
    """Take the choice for one answer."""
    found = sheet(response_id)
    own, title, around = _about_answer(found, answer_id)
    return _choose(found, own, title, around, answer_id=answer_id)


def _about_block(found: Sheet, instance: UUID) -> str:
    return found.subject_name(instance) or found.subject_short(instance)


def _about_answer(found: Sheet, answer_id: UUID) -> tuple[Attribution | None, str, Attribution | None]:
    past = answer_history.history(transactions.session(), found.id, answer_id) or abort(404)
    _question, label, _back = place_of(found, past)
    kept = found.kept(past.instance_id, past.question_key, past.item)
    about = found.subject_short(past.instance_id) if found.block_of(past.instance_id) else ""
    title = f"{about}: {label}" if about else label
    return kept.attribution if kept else None, title, found.in_force(past.instance_id, None)


def _around(found: Sheet, instance: UUID) -> Attribution | None:
    """What holds for a block that has no choice of its own."""
    parent = found.blocks[instance].parent_id
    return found.in_force(parent, None)


def _choose(
    found: Sheet,
    own: Attribution | None,
    title: str,
    around: Attribution | None,
    instance_id: UUID | None = None,
    answer_id: UUID | None = None,
) -> ResponseReturnValue:
    typed = request.form.get("quoting", "")
    inherits = typed == AS_AROUND and bool(title)
    if not inherits and typed not in quotable(found):
        error = _("Choose how you may be quoted")
        return _draw(found, own, title, around, error), WITH_PROBLEMS
    wanted = None if inherits else Attribution(typed)
    try:
        attributing.choose(
            transactions.session(), found.id, wanted, access.actor(), clock.now(), instance_id, answer_id
        )
    except LooseningNeedsAmendment:
        transactions.roll_back()
        error = _(
            "What was submitted can be tightened here, not loosened. To be quoted more openly, ask IOM to "
            "reopen the answers for an amendment"
        )
        return _draw(fresh(found.id), own, title, around, error), WITH_PROBLEMS
    transactions.commit()
    to_check = request.form.get("from") == "check" or title
    return redirect(url_for("respond.check" if to_check else "respond.overview", response_id=found.id))


def _draw(
    found: Sheet,
    own: Attribution | None,
    title: str = "",
    around: Attribution | None = None,
    error: str | None = None,
) -> str:
    in_force = own or around
    submitted = found.head.status == "submitted"
    choices = quotable(found)
    return render_template(
        "respond/quoting.html",
        sheet=found,
        own=own,
        about=title,
        around=choices.get(around) if around else None,
        as_around=AS_AROUND,
        choices=choices,
        closed={choice for choice in choices if submitted and in_force and loosens(in_force, choice)},
        error=error,
        has_errors=error is not None,
        first=next(iter(choices)),
        returns=request.values.get("from") == "check",
    )
