"""Rounds: which there are, making one, what is planned for it, and its page."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.i18n import _
from app.models import Audience, Round
from app.policy import Act, can
from app.queries import participants, round_overview
from app.services import planning
from app.services.errors import AlreadyThere, NotPossible
from app.web.access import actor, requires
from app.web.faults import Errors, wrong_of
from app.web.staff import round_form, words
from app.web.staff.round_form import Typed
from app.web.staff.standings import standing_names
from app.web.transactions import commit, roll_back, session

blueprint = Blueprint("rounds", __name__, url_prefix="/rounds")
WITH_PROBLEMS = 422
RESERVED = frozenset({"new"})


@blueprint.url_defaults
def _as_the_same(_endpoint: str, values: dict[str, Any]) -> None:
    """Addresses of the respondent that is looked at keep as what it is asked: one code can be asked twice."""
    looked_at = (request.view_args or {}).get("code")
    if looked_at and values.get("code") == looked_at and request.args.get("as") in set(Audience):
        values.setdefault("as", request.args["as"])


def by_code(round_code: str) -> Round:
    """The round with this round_code. Aborts with 404."""
    return round_overview.round_by_code(session(), round_code) or abort(404)


@blueprint.app_context_processor
def _may_manage() -> dict[str, object]:
    """What the pages of a round need to know of the person."""
    return {"state_of": words.round_state}


@blueprint.get("")
@requires(Act.READ_ROUNDS)
def listed() -> ResponseReturnValue:
    """Every round, the newest first."""
    return render_template(
        "staff/rounds.html",
        rounds=round_overview.progress(session()),
        may_manage=can(actor(), Act.MANAGE_ROUNDS),
        audience_names=words.audience_names(),
        now=clock.now(),
    )


@blueprint.get("/new")
@requires(Act.MANAGE_ROUNDS)
def new() -> ResponseReturnValue:
    """The form of a new round; zone and contact stand as in the last one."""
    return _draw_new(round_form.empty(_last()), [])


@blueprint.post("/new")
@requires(Act.MANAGE_ROUNDS)
def create() -> ResponseReturnValue:
    """Make the round, by itself or from another."""
    typed = round_form.received()
    plan, errors = round_form.read(typed)
    errors = [*round_form.read_code(typed), *errors]
    round_code = typed.get("code")
    if round_code in RESERVED:
        errors.insert(0, ("code", _("This word is an address of its own. Choose another code")))
    source = round_overview.round_by_code(session(), typed.get("copy")) if typed.get("copy") else None
    if plan is None or errors:
        return _draw_new(typed, errors), WITH_PROBLEMS
    try:
        planning.create(session(), round_code, plan, actor(), clock.now(), copied_from=source)
    except AlreadyThere as refused:
        roll_back()
        return _draw_new(typed, [("code", refused.message)]), WITH_PROBLEMS
    commit()
    return redirect(url_for("rounds.asked", round_code=round_code))


def _last() -> Round | None:
    return next((each for each in _copyable() if each.opened_at is not None), None)


def _copyable() -> list[Round]:
    return [each for each in round_overview.all_rounds(session()) if each.pilots_version_id is None]


def _draw_new(typed: Typed, errors: Errors) -> str:
    return render_template(
        "staff/round_new.html",
        typed=typed,
        copyable=_copyable(),
        errors=errors,
        wrong=wrong_of(errors),
        has_errors=bool(errors),
    )


@blueprint.get("/<round_code>")
@requires(Act.READ_ROUNDS)
def page(round_code: str) -> ResponseReturnValue:
    """What is planned and what has happened, who is asked on both bases, and what can be done."""
    round_ = by_code(round_code)
    now = clock.now()
    found = participants.respondents(session(), round_, now) if round_.opened_at else []
    return render_template(
        "staff/round.html",
        round=round_,
        zone=round_.zone,
        state=words.round_state(round_),
        counts=participants.counts(found, now),
        standings=participants.standings_now(found, now),
        standing_names=standing_names(),
        added=[each for each in found if not each.asked.as_invited],
        withdrawn=[each for each in found if each.asked.withdrawn_at],
        audience_names=words.audience_names(),
        may_manage=can(actor(), Act.MANAGE_ROUNDS),
        may_read_mail=can(actor(), Act.READ_MAIL),
        now=now,
    )


@blueprint.get("/<round_code>/plan")
@requires(Act.MANAGE_ROUNDS)
def plan(round_code: str) -> ResponseReturnValue:
    """What is planned, to be changed before the round is opened."""
    round_ = by_code(round_code)
    return _draw_plan(round_, round_form.of_round(round_), [])


@blueprint.post("/<round_code>/plan")
@requires(Act.MANAGE_ROUNDS)
def change_plan(round_code: str) -> ResponseReturnValue:
    """Change what is planned."""
    round_, typed = by_code(round_code), round_form.received()
    wanted, errors = round_form.read(typed)
    if wanted is None:
        return _draw_plan(round_, typed, errors), WITH_PROBLEMS
    try:
        planning.change(session(), round_, wanted, actor(), clock.now())
    except NotPossible as refused:
        roll_back()
        return _draw_plan(by_code(round_code), typed, [("title", refused.message)]), WITH_PROBLEMS
    commit()
    return redirect(url_for("rounds.page", round_code=round_code))


def _draw_plan(round_: Round, typed: Typed, errors: Errors) -> str:
    return render_template(
        "staff/round_plan.html",
        round=round_,
        typed=typed,
        errors=errors,
        wrong=wrong_of(errors),
        has_errors=bool(errors),
    )


@blueprint.get("/<round_code>/contact")
@requires(Act.MANAGE_ROUNDS)
def contact(round_code: str) -> ResponseReturnValue:
    """Whom respondents ask at IOM."""
    round_ = by_code(round_code)
    return _draw_contact(round_, round_form.of_round(round_), [])


@blueprint.post("/<round_code>/contact")
@requires(Act.MANAGE_ROUNDS)
def set_contact(round_code: str) -> ResponseReturnValue:
    """Change it, at any time."""
    round_, typed = by_code(round_code), round_form.received()
    errors: Errors = []
    given = round_form.read_contact(typed, errors)
    if errors:
        return _draw_contact(round_, typed, errors), WITH_PROBLEMS
    planning.set_contact(session(), round_, given, actor(), clock.now())
    commit()
    return redirect(url_for("rounds.page", round_code=round_code))


def _draw_contact(round_: Round, typed: Typed, errors: Errors) -> str:
    return render_template(
        "staff/round_contact.html",
        round=round_,
        typed=typed,
        errors=errors,
        wrong=wrong_of(errors),
        has_errors=bool(errors),
    )


@blueprint.post("/<round_code>/public")
@requires(Act.MANAGE_ROUNDS)
def set_public(round_code: str) -> ResponseReturnValue:
    """Let everybody see who has answered, or no longer."""
    public = request.form.get("public")
    if public not in {"yes", "no"}:
        abort(404)
    planning.set_public(session(), by_code(round_code), public == "yes", actor(), clock.now())
    commit()
    return redirect(url_for("rounds.page", round_code=round_code))
