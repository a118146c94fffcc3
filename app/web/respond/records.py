"""Removing one record of a list, on a page that asks; what is removed is kept and can be brought back."""

from uuid import UUID

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.definitions.questions import Records
from app.policy import Act, ResponseFacts
from app.queries import responses
from app.queries.answer_sheets import Block
from app.services import repeating
from app.web import access, transactions
from app.web.respond import moving
from app.web.respond.blueprint import blueprint
from app.web.respond.sheet import Sheet, facts, sheet


def facts_of_record(response_id: UUID, record_id: UUID, **_others: object) -> ResponseFacts | None:
    """What the policy must know of the block in which a record lies."""
    return facts(response_id, record_id)


@blueprint.get("/records/<uuid:record_id>/remove")
@access.requires(Act.EDIT_RESPONSE, facts_of_record)
def ask_removal(response_id: UUID, record_id: UUID) -> ResponseReturnValue:
    """Show the record and ask whether it shall go."""
    found = sheet(response_id)
    record, records = _record(found, record_id)
    lines = [
        (found.words(field.name, record.parent_id), found.say(field, plain))
        for field in records.fields
        if (plain := found.plain_answers.get((record_id, field.key, ""))) is not None
    ]
    return render_template(
        "respond/remove.html",
        sheet=found,
        record_id=record_id,
        lines=lines,
        item=found.words(records.item, record.parent_id),
        page_title=found.words(found.questionnaire.place(records.key).page.title, record.parent_id),
        back=_back(found, record, records),
        returns=request.args.get("from") == "check",
    )


@blueprint.post("/records/<uuid:record_id>/remove")
@access.requires(Act.EDIT_RESPONSE, facts_of_record)
def remove(response_id: UUID, record_id: UUID) -> ResponseReturnValue:
    """Take the record out."""
    found = sheet(response_id)
    record, records = _record(found, record_id)
    repeating.remove_instance(transactions.session(), response_id, record_id, access.actor(), clock.now())
    transactions.commit()
    return redirect(_back(found, record, records, removed=record_id))


def facts_of_removed(response_id: UUID, record_id: UUID) -> ResponseFacts | None:
    """The same for a record that was removed, which the page's own sheet no longer holds."""
    return responses.facts(transactions.session(), response_id, record_id)


@blueprint.post("/records/<uuid:record_id>/restore")
@access.requires(Act.EDIT_RESPONSE, facts_of_removed)
def restore(response_id: UUID, record_id: UUID) -> ResponseReturnValue:
    """Bring a removed record back, with its answers."""
    repeating.restore_instance(transactions.session(), response_id, record_id, access.actor(), clock.now())
    transactions.commit()
    back = request.form.get("back", "")
    same_place = back.startswith(f"/responses/{response_id}/")
    return redirect(back if same_place else url_for("respond.overview", response_id=response_id))


def _record(found: Sheet, record_id: UUID) -> tuple[Block, Records]:
    block = found.blocks.get(record_id)
    place = found.questionnaire.places.get(block.group_key) if block else None
    if block is None or place is None or not isinstance(place.question, Records):
        abort(404)
    return block, place.question


def _back(found: Sheet, record: Block, records: Records, removed: UUID | None = None) -> str:
    place = found.questionnaire.place(records.key)
    more = {"from": "check"} if request.values.get("from") == "check" else {}
    if removed is not None:
        more["removed"] = str(removed)
    return moving.page_url(found, place.section.key, place.page.key, record.parent_id, **more)
