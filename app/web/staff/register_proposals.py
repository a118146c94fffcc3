"""A mechanism that a respondent missed: found in the register, added to it, or not taken over."""

from collections.abc import Callable
from uuid import UUID

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.models import ProposalDecision
from app.policy import Act
from app.queries import contact_lists, register_inbox
from app.queries.register_inbox import Proposal
from app.services import deciding_mechanisms, proposing
from app.services.errors import AlreadyThere, NotPossible, Refused
from app.services.proposing_mechanisms import MECHANISM
from app.web import access, transactions
from app.web.faults import Errors, wrong_of
from app.web.staff.register import blueprint
from app.web.staff.register_forms import choices_of_profile, given, typed
from app.web.staff.register_members import found_in

WITH_PROBLEMS = 422
FIELDS = ("code", "name", "short_name", "acronym", "type", "status", "mechanism", "note")
OF_NEW = ("name", "short_name", "acronym", "type", "status")


def _waiting(proposal_id: UUID) -> Proposal:
    """The proposal of a mechanism that waits for a decision. Aborts with 404."""
    waiting = register_inbox.open_proposals(transactions.session())
    return next(
        (each for each in waiting if each.id == proposal_id and each.fact == MECHANISM), None
    ) or abort(404)


@blueprint.get("/register/proposals/<uuid:proposal_id>")
@access.requires(Act.DECIDE_PROPOSALS)
def proposal(proposal_id: UUID) -> ResponseReturnValue:
    """What was proposed, what the register has that is called nearly so, and the three ways to decide."""
    return _draw(_waiting(proposal_id), [])


def _draw(found: Proposal, problems: Errors) -> str:
    session = transactions.session()
    wrong = wrong_of(problems)
    name = found.proposed or ""
    register = contact_lists.Register(session)
    alike = register.called(name, mechanisms=True)
    near = register.near(name, mechanisms=True)
    before = {"name": name, "short_name": name, "status": "active"}
    candidates = list(dict.fromkeys([*alike, *([near] if near else [])]))
    return render_template(
        "staff/register/proposal.html",
        proposal=found,
        candidates=candidates,
        problems=problems,
        has_errors=bool(problems),
        wrong=wrong,
        typed=typed(FIELDS, before | ({"mechanism": candidates[0].code} if candidates else {})),
        choices=choices_of_profile(),
    )


def _decided(proposal_id: UUID, act: Callable[[], object], problems: Errors) -> ResponseReturnValue:
    if not problems:
        try:
            act()
        except AlreadyThere:
            transactions.roll_back()
            return redirect(url_for("staff.register"))
        except Refused as refused:
            problems = list(refused.problems)
        except NotPossible as refused:
            problems = [("main", refused.message)]
    if problems:
        transactions.roll_back()
        return _draw(_waiting(proposal_id), problems), WITH_PROBLEMS
    transactions.commit()
    return redirect(url_for("staff.register"))


@blueprint.post("/register/proposals/<uuid:proposal_id>/match")
@access.requires(Act.DECIDE_PROPOSALS)
def match_proposal(proposal_id: UUID) -> ResponseReturnValue:
    """It is a mechanism that the register has."""
    problems: Errors = []
    session, actor, form = transactions.session(), access.actor(), request.form
    register = contact_lists.Register(session)
    iscm = found_in(register, form.get("mechanism", ""), "mechanism", problems, mechanisms=True)
    note = form.get("note", "")[:2000]
    return _decided(
        proposal_id,
        lambda: deciding_mechanisms.match(session, proposal_id, iscm, note, actor, clock.now()),
        problems,
    )


@blueprint.post("/register/proposals/<uuid:proposal_id>/create")
@access.requires(Act.DECIDE_PROPOSALS)
def create_proposal(proposal_id: UUID) -> ResponseReturnValue:
    """The register gets it."""
    session, actor = transactions.session(), access.actor()
    code, note = request.form.get("code", "")[:80], request.form.get("note", "")[:2000]
    values = given(OF_NEW)
    return _decided(
        proposal_id,
        lambda: deciding_mechanisms.create(session, proposal_id, code, values, note, actor, clock.now()),
        [],
    )


@blueprint.post("/register/proposals/<uuid:proposal_id>/decline")
@access.requires(Act.DECIDE_PROPOSALS)
def decline_proposal(proposal_id: UUID) -> ResponseReturnValue:
    """It is not taken over."""
    session, actor, now = transactions.session(), access.actor(), clock.now()
    note = request.form.get("note", "")[:2000]
    return _decided(
        proposal_id,
        lambda: proposing.decide(session, proposal_id, ProposalDecision.REJECTED, note, actor, now),
        [],
    )
