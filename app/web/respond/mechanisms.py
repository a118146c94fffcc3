"""Adding a mechanism that the register does not give the respondent;
one that nobody knows is proposed to staff.
"""

from dataclasses import replace
from uuid import UUID

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.i18n import _
from app.models import OrganisationKind
from app.policy import Act, ResponseFacts
from app.queries.answer_sheets import Listed
from app.services import assigning, proposing_mechanisms, repeating
from app.services.errors import NotPossible
from app.web import access, transactions
from app.web.respond import moving
from app.web.respond.blueprint import blueprint
from app.web.respond.sheet import Sheet, facts, fresh, sheet

WITH_PROBLEMS = 422


def facts_of_mechanisms(response_id: UUID) -> ResponseFacts | None:
    """What the policy must know of the part that is about mechanisms."""
    if facts(response_id) is None:
        return None
    found = sheet(response_id)
    return found.facts(section=assigning.repeated_section(found.questionnaire))


@blueprint.get("/mechanisms/add")
@access.requires(Act.EDIT_RESPONSE, facts_of_mechanisms)
def choose_mechanism(response_id: UUID) -> ResponseReturnValue:
    """A list to choose from, narrowed by a word of the name or the acronym."""
    return _draw(sheet(response_id), request.args.get("search", ""))


@blueprint.post("/mechanisms/add")
@access.requires(Act.EDIT_RESPONSE, facts_of_mechanisms)
def add_mechanism(response_id: UUID) -> ResponseReturnValue:
    """Add the block, and open its first page."""
    found = sheet(response_id)
    typed = request.form.get("mechanism", "").strip()
    code = found.register.find("mechanisms", typed) if typed else None
    listed = next((one for one in found.register.listed if one.code == code), None)
    if listed is None:
        error = _("Choose a mechanism from the list, or write the name of another below")
        return _draw(found, request.args.get("search", ""), error), WITH_PROBLEMS
    block = repeating.add_mechanism(
        transactions.session(), response_id, listed.id, access.actor(), clock.now()
    )
    transactions.commit()
    now = fresh(response_id)
    pages = now.pages(block.group_key, block.id)
    return redirect(
        moving.address(now, pages[0]) if pages else url_for("respond.overview", response_id=response_id)
    )


@blueprint.post("/mechanisms/propose")
@access.requires(Act.EDIT_RESPONSE, facts_of_mechanisms)
def propose_mechanism(response_id: UUID) -> ResponseReturnValue:
    """Tell staff of a mechanism that the register lacks."""
    found = sheet(response_id)
    name, about = request.form.get("name", ""), request.form.get("about", "")
    try:
        proposal = proposing_mechanisms.propose_mechanism(
            transactions.session(), response_id, name, about, access.actor(), clock.now()
        )
    except NotPossible as refused:
        transactions.roll_back()
        return _draw(fresh(found.id), "", proposal_error=str(refused)), WITH_PROBLEMS
    transactions.commit()
    told = proposal.proposed["name"]
    there = url_for("respond.choose_mechanism", response_id=response_id, told=told, _anchor="unknown")
    return redirect(there)


def facts_of_mechanism(response_id: UUID, instance_id: UUID) -> ResponseFacts | None:
    """The same about one of them: who was given this one only writes in it, and does not take it out."""
    found = facts(response_id, instance_id)
    return replace(found, block_id=None) if found else None


@blueprint.get("/mechanisms/<uuid:instance_id>/take-out")
@access.requires(Act.EDIT_RESPONSE, facts_of_mechanism)
def ask_taking_out(response_id: UUID, instance_id: UUID) -> ResponseReturnValue:
    """Say what goes, and ask whether it shall; of one that the register gives, what to do instead."""
    found = _with_block(response_id, instance_id)
    said = (
        found.block_of(where) for (where, _key, _item), kept in found.stored.answers.items() if kept.value
    )
    answers = sum(block is not None and block.id == instance_id for block in said)
    return render_template(
        "respond/take_out.html",
        sheet=found,
        block=instance_id,
        answers=answers,
        possible=instance_id in found.added,
    )


@blueprint.post("/mechanisms/<uuid:instance_id>/take-out")
@access.requires(Act.EDIT_RESPONSE, facts_of_mechanism)
def take_out(response_id: UUID, instance_id: UUID) -> ResponseReturnValue:
    """Take a block out that was added."""
    _with_block(response_id, instance_id)
    repeating.remove_instance(transactions.session(), response_id, instance_id, access.actor(), clock.now())
    transactions.commit()
    return redirect(url_for("respond.overview", response_id=response_id, out=1, _anchor="taken-out"))


def _with_block(response_id: UUID, block: UUID) -> Sheet:
    """The response, if that is one of its blocks. Aborts with 404."""
    found = sheet(response_id)
    about = found.blocks.get(block)
    return found if about is not None and about.subject_id is not None else abort(404)


def _draw(found: Sheet, search: str, error: str | None = None, proposal_error: str | None = None) -> str:
    there = {block.subject_id for block in found.stored.blocks}
    words = search.casefold().split()
    choices = [
        one
        for one in found.register.listed
        if one.kind is OrganisationKind.ISCM
        and one.id not in there
        and all(_has(one, word) for word in words)
    ]
    return render_template(
        "respond/add_mechanism.html",
        sheet=found,
        choices=choices,
        search=search,
        error=error,
        proposal_error=proposal_error,
        has_errors=bool(error or proposal_error),
        told=request.args.get("told", ""),
        typed={key: request.form.get(key, "") for key in ("name", "about")},
    )


def _has(one: Listed, word: str) -> bool:
    return any(word in name.casefold() for name in one.words)
