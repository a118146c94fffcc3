"""Trying a version on the real pages: asking for it, what came of it, ending it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.models import Round
from app.policy import Act, AppointmentRole, can
from app.queries import definitions, pilots
from app.queries.pilots import Remarked
from app.services import piloting
from app.services.errors import AlreadyThere, NotPossible
from app.services.piloting import PilotRefused, Wanted
from app.web.access import actor, requires
from app.web.auth.hats import role_name
from app.web.questionnaires.blueprint import blueprint as questionnaires
from app.web.questionnaires.chosen import Chosen, chosen
from app.web.questionnaires.moves import status_names
from app.web.transactions import commit, roll_back, session

blueprint = Blueprint("pilots", __name__, url_prefix="/pilots")
REFUSED = 422


@questionnaires.get("/<key>/<which>/pilot")
@requires(Act.PILOT_QUESTIONNAIRE)
def ask_pilot(key: str, which: str) -> ResponseReturnValue:
    """Ask who tries it and until when."""
    return _form(chosen(key, which))


@questionnaires.post("/<key>/<which>/pilot")
@requires(Act.PILOT_QUESTIONNAIRE)
def start_pilot(key: str, which: str) -> ResponseReturnValue:
    """Make the pilot."""
    found = chosen(key, which)
    wanted = Wanted(_day(request.form.get("until", "")), _testers())
    try:
        round_ = piloting.start(session(), found.questionnaire, wanted, actor(), clock.now())
    except PilotRefused as refused:
        roll_back()
        return _form(found, list(refused.problems)), REFUSED
    except AlreadyThere as refused:
        roll_back()
        return _form(found, [("until", refused.message)]), REFUSED
    commit()
    return redirect(url_for("pilots.pilot", round_code=round_.code))


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        return None


def _testers() -> list[tuple[UUID, AppointmentRole]]:
    found = []
    for field, role in (
        ("answers", AppointmentRole.FOCAL_POINT),
        ("clears", AppointmentRole.CLEARING_OFFICER),
    ):
        for value in request.form.getlist(field):
            try:
                found.append((UUID(value), role))
            except ValueError:
                abort(400)
    return found


def _form(found: Chosen, problems: list[tuple[str, str]] | None = None) -> str:
    chosen_ones = {field: request.form.getlist(field) for field in ("answers", "clears")}
    return render_template(
        "questionnaires/ask_pilot.html",
        found=found,
        staff=pilots.staff(session()),
        picked=chosen_ones,
        until=request.form.get("until", ""),
        errors=problems or [],
        has_errors=bool(problems),
        said=dict(problems or []),
    )


@blueprint.get("/<round_code>")
@requires(Act.READ_QUESTIONNAIRES)
def pilot(round_code: str) -> ResponseReturnValue:
    """One pilot: how far it is, who tries it, and what they remarked."""
    return _page(_pilot(round_code))


def _pilot(code: str) -> Round:
    return pilots.by_code(session(), code) or abort(404)


@dataclass(frozen=True)
class Said:
    """One remark, with the question it is about."""

    remark: Remarked
    question: str


def _page(round_: Round, problem: str = "") -> str:
    questionnaire = (
        definitions.of(session(), round_.pilots_version_id) if round_.pilots_version_id else abort(404)
    )
    places = questionnaire.places
    said = [
        Said(each, str(place.question.name) if (place := places.get(each.question_key or "")) else "")
        for each in pilots.remarks(session(), round_.id)
    ]
    own = {hat.organisation_id for hat in actor().appointments}
    return render_template(
        "questionnaires/pilot.html",
        round=round_,
        questionnaire=questionnaire,
        testing=[(each, each.organisation.id in own) for each in pilots.testing(session(), round_.id)],
        testers=[(each, role_name(each.role)) for each in pilots.testers(session(), round_.id)],
        mechanisms=pilots.mechanisms(session(), round_.id),
        remarks=said,
        statuses=status_names(),
        may_end=can(actor(), Act.PILOT_QUESTIONNAIRE) and round_.closed_at is None,
        may_answer=can(actor(), Act.ANSWER_THREADS),
        problem=problem,
    )


@blueprint.post("/<round_code>/end")
@requires(Act.PILOT_QUESTIONNAIRE)
def end(round_code: str) -> ResponseReturnValue:
    """End it: nobody writes any more, and the appointments end."""
    round_ = _pilot(round_code)
    try:
        piloting.end(session(), round_, actor(), clock.now())
    except NotPossible as refused:
        roll_back()
        return _page(_pilot(round_code), refused.message), 409
    commit()
    return redirect(url_for("pilots.pilot", round_code=round_code))
