"""The register with what is uncertain of it."""

from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.models import ProposalDecision
from app.policy import Act, AnswerFacts, can, visible
from app.queries import register_inbox
from app.services import proposing
from app.web.access import actor, requires
from app.web.staff import words
from app.web.transactions import commit, session

blueprint = Blueprint("staff", __name__)


@blueprint.get("/register")
@requires(Act.READ_REGISTER)
def register() -> ResponseReturnValue:
    """The mechanisms, what is uncertain of them, and the corrections that respondents propose."""
    return render_template(
        "staff/register.html",
        entries=register_inbox.entries(session(), clock.now().date()),
        proposals=register_inbox.open_proposals(session()) if _sees_single_answers() else None,
        may_decide=can(actor(), Act.DECIDE_PROPOSALS),
        field_name=words.field_name,
    )


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
