"""Filling in offline: a form is downloaded, comes back, and each difference is accepted or left."""

from collections.abc import Iterator
from uuid import UUID

from flask import Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.exports.forms import files
from app.exports.forms.archive import LARGEST_FILE
from app.exports.forms.manifest import FormRefused
from app.i18n import _
from app.models import Response as ResponseRow
from app.policy import Act, ResponseFacts, can
from app.services import auditing, form_intake
from app.services.answering import Conflict, Refused, Saved
from app.web import access, transactions, uploading
from app.web.respond import form_differences, form_making, form_proposals
from app.web.respond.blueprint import blueprint
from app.web.respond.form_differences import Reading
from app.web.respond.form_making import MEDIA_TYPES
from app.web.respond.form_proposals import Proposal
from app.web.respond.sheet import Sheet, facts, fresh, sheet

WITH_PROBLEMS = 422
TOO_LARGE = 413
CONTENTS = ("answers", "blank")
ALL, CHOSEN = "all", "chosen"
FORM, ONLINE = "form", "online"


def _places(found: Sheet) -> Iterator[ResponseFacts]:
    """What the policy must know of each place: section by section outside blocks, and each block."""
    yield found.facts()
    for section in found.questionnaire.sections:
        if section.repeat is None:
            yield found.facts(None, section.key)
    for block in found.stored.blocks:
        if block.parent_id is None:
            yield found.facts(block.id)


def _somewhere(response_id: UUID, **_others: object) -> ResponseFacts | None:
    """What the policy must know of a place where the person may write, if there is one; each answer is asked
    for again when it is stored.
    """
    outside = facts(response_id)
    if outside is None:
        return None
    writable = (each for each in _places(sheet(response_id)) if can(access.actor(), Act.EDIT_RESPONSE, each))
    return next(writable, outside)


@blueprint.get("/forms")
@access.requires(Act.READ_RESPONSE, facts)
def forms(response_id: UUID) -> ResponseReturnValue:
    """What can be downloaded, and where it is handed in again."""
    return _draw(sheet(response_id))


def _draw(found: Sheet, error: str = "") -> str:
    may_write = any(can(access.actor(), Act.EDIT_RESPONSE, each) for each in _places(found))
    return render_template(
        "respond/forms.html",
        sheet=found,
        scopes=form_making.scopes(found),
        may_write=may_write,
        error=error,
        has_errors=bool(error),
        largest=LARGEST_FILE // 1_000_000,
        taken=request.args.get("taken", type=int),
    )


@blueprint.post("/forms/download")
@access.requires(Act.READ_RESPONSE, facts)
def download_form(response_id: UUID) -> ResponseReturnValue:
    """The form as a file, of nothing but what the person sees; that somebody took it is written down."""
    found = sheet(response_id)
    kind, contents = request.form.get("format", "docx"), request.form.get("contents", "answers")
    scope = request.form.get("scope", form_making.WHOLE)
    if kind not in MEDIA_TYPES or contents not in CONTENTS or not form_making.wanted(found, scope):
        abort(404)
    blank = contents == "blank"
    content = (
        form_making.paper(found, scope, blank=blank)
        if kind == "pdf"
        else form_making.form_file(found, scope, kind, blank=blank)
    )
    response = transactions.session().get_one(ResponseRow, found.id)
    detail = {"format": kind, "scope": scope, "blank": blank}
    auditing.record(transactions.session(), access.actor(), "exported_form", response, detail)
    transactions.commit()
    name = f"{found.head.code}-{found.head.round_code}-form.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, headers=headers, content_type=MEDIA_TYPES[kind])


def too_large_a_form(response_id: UUID) -> ResponseReturnValue:
    """Say the limit to a request that is longer than any form may be."""
    most = LARGEST_FILE // 1_000_000
    return _draw(sheet(response_id), _("The file is larger than %(most)s MB.", most=most)), TOO_LARGE


@blueprint.post("/forms")
@access.requires(Act.EDIT_RESPONSE, _somewhere)
@uploading.takes_a_file(too_large_a_form)
def hand_in_form(response_id: UUID) -> ResponseReturnValue:
    """Show what a form would change; nothing is stored, the file neither."""
    found = sheet(response_id)
    if not found.editable:
        return _draw(found, _("These answers cannot be changed now, so no form is taken.")), WITH_PROBLEMS
    sent = request.files.get("form")
    data = sent.read(LARGEST_FILE + 1) if sent is not None else b""
    try:
        manifest, written = files.read(data, form_making.secret())
        reading = form_differences.differences(found, manifest, written)
    except FormRefused as refused:
        return _draw(found, str(refused)), WITH_PROBLEMS
    return _show(found, reading)


def _show(found: Sheet, reading: Reading, stored: int | None = None) -> str:
    return render_template(
        "respond/form_differences.html",
        sheet=found,
        zone=found.zone,
        reading=reading,
        clear=[each for each in reading.differences if not each.conflict],
        conflicts=[each for each in reading.differences if each.conflict],
        stored=stored,
    )


@blueprint.post("/forms/accept")
@access.requires(Act.EDIT_RESPONSE, _somewhere)
def accept_form(response_id: UUID) -> ResponseReturnValue:
    """Store what was accepted; what could not be stored, or is not decided yet, is shown again."""
    found = sheet(response_id)
    accepted, undecided = _sorted(found)
    taken = [proposal.taken(found, over_another=chosen) for proposal, chosen in accepted]
    outcomes = (
        form_intake.accept(transactions.session(), found.id, taken, access.actor(), clock.now())
        if taken
        else []
    )
    transactions.commit()
    now = fresh(found.id)
    open_ = [(proposal, "") for proposal in undecided]
    for (proposal, _chosen), outcome in zip(accepted, outcomes, strict=True):
        if isinstance(outcome, Refused):
            open_.append((proposal, outcome.why))
        elif isinstance(outcome, Conflict):
            open_.append((proposal, _("%(name)s changed it just now", name=outcome.by)))
    stored = sum(isinstance(outcome, Saved) for outcome in outcomes)
    left = form_differences.again(now, open_)
    if left:
        return _show(now, Reading(left, [], []), stored), 409
    return redirect(url_for("respond.forms", response_id=found.id, taken=stored))


def _sorted(found: Sheet) -> tuple[list[tuple[Proposal, bool]], list[Proposal]]:
    """What was accepted, each with whether it was chosen over another text, and what is not decided yet."""
    everything = request.form.get("action") == ALL
    ticked = set(request.form.getlist("take"))
    accepted: list[tuple[Proposal, bool]] = []
    undecided: list[Proposal] = []
    for text in request.form.getlist("proposal"):
        proposal = form_proposals.read(text)
        asked = form_proposals.question_of(found, proposal) if proposal is not None else None
        if proposal is None or asked is None or not form_proposals.is_sound(asked[1], proposal.value):
            continue
        proposal = form_proposals.confirming(found, asked[1], proposal)
        id_ = form_differences.id_of(proposal)
        choice = request.form.get(f"choice.{id_}", "")
        if choice == FORM:
            accepted.append((proposal, True))
        elif choice == ONLINE:
            continue
        elif proposal.now != proposal.seen:
            undecided.append(proposal)
        elif everything or id_ in ticked:
            accepted.append((proposal, False))
    return accepted, undecided
