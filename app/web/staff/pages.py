"""The register with what is uncertain of it."""

from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.models import ProposalDecision
from app.policy import Act, AnswerFacts, can, visible
from app.queries import register_inbox, register_pages
from app.services import proposing, register_rows
from app.web.access import actor, requires
from app.web.staff import words
from app.web.transactions import commit, session

blueprint = Blueprint("staff", __name__)


@blueprint.get("/register")
@requires(Act.READ_REGISTER)
def register() -> ResponseReturnValue:
    """The mechanisms, what is uncertain of them, and the corrections that respondents propose."""
    search, only = request.args.get("search", "")[:200], request.args.get("only", "")
    type_ = request.args.get("type", "")
    found = register_pages.mechanisms(session(), clock.now().date(), search)
    return render_template(
        "staff/register.html",
        entries=[each for each in found if _shown(each, only, type_)],
        search=search,
        only=only,
        type=type_,
        types=register_rows.TYPES,
        proposals=register_inbox.open_proposals(session()) if _sees_single_answers() else None,
        may_decide=can(actor(), Act.DECIDE_PROPOSALS),
        may_change=can(actor(), Act.CHANGE_REGISTER),
        field_name=words.field_name,
    )


def _shown(entry: register_pages.Mechanism, only: str, type_: str) -> bool:
    """Whether the mechanism is of the kind that the filters ask for; withdrawn ones only if they do."""
    profile = entry.profile
    if (entry.organisation.withdrawn_at is not None) is not (only == "withdrawn"):
        return False
    if type_ and (profile is None or profile.type != type_):
        return False
    if only == "uncertain":
        return profile is not None and bool(profile.uncertain_fields)
    return only not in register_rows.STATES_OF_LIFE or (profile is not None and profile.status == only)


def _sees_single_answers() -> bool:
    """Whether the person may read answers of any attribution, which a correction shows with its author."""
    return visible(AnswerFacts(UUID(int=0), "", submitted=True, attribution=None), actor())


@blueprint.post("/register/proposals/<uuid:proposal_id>")
@requires(Act.DECIDE_PROPOSALS)
def decide(proposal_id: UUID) -> ResponseReturnValue:
    """Notes whether a proposed correction was taken over; the register itself is changed by its import."""
    decision = request.form.get("decision", "")
    if decision not in set(ProposalDecision):
        abort(404)
    proposing.decide(session(), proposal_id, ProposalDecision(decision), "", actor(), clock.now())
    commit()
    return redirect(url_for("staff.register"))
