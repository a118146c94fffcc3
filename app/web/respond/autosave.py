"""Saving while somebody types: the same service as the page's own button, answer by answer, as JSON."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from flask import abort, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from app import clock, templating
from app.models import Via
from app.policy import Act, ResponseFacts
from app.web import access, transactions
from app.web.respond import merging, pages, saving
from app.web.respond.blueprint import blueprint
from app.web.respond.drawn import PageForm
from app.web.respond.page_form import page_form
from app.web.respond.refusals import facts_to_write
from app.web.respond.saving import Outcome
from app.web.respond.versions import moved_words, sheet_as_drawn

MOST_CHANGES = 200


def facts_of_page(response_id: UUID, **_others: object) -> ResponseFacts | None:
    """What the policy must know of the block whose page saves."""
    return facts_to_write(response_id, _instance(), str(_body().get("page", "")).partition("/")[0])


def _body() -> Mapping[str, Any]:
    try:
        body = request.get_json(silent=True)
    except RecursionError:  # nested deeper than Python reads
        abort(400)
    return body if isinstance(body, dict) else abort(400)


def _instance() -> UUID | None:
    parts = str(_body().get("page", "")).split("/")
    if len(parts) != 3:
        abort(400)
    try:
        return UUID(parts[1]) if parts[1] else None
    except ValueError:
        abort(400)


@blueprint.post("/autosave")
@access.requires(Act.EDIT_RESPONSE, facts_of_page)
def autosave(response_id: UUID) -> ResponseReturnValue:
    """Save the answers sent, and say of each what became of it: saved, conflict, unreadable or refused."""
    found = sheet_as_drawn(response_id, str(_body().get("version", "")))
    section, _block, page = str(_body().get("page", "")).split("/")
    place = pages.find(found, section, page, _instance())
    posted, names = _posted(_body().get("changes"))
    form = page_form(found, place.section, place.page, place.instance, posted)
    outcome = saving.save(form, access.actor(), Via.AUTOSAVE, names)
    transactions.commit()
    return jsonify(
        time=templating.clock(clock.now(), found.zone),
        seconds=access.seconds_left(),
        moved=moved_words(found),
        outcomes=[{"name": name, **_told(form, outcome, name)} for name in names],
    )


def _posted(changes: object) -> tuple[MultiDict[str, str], list[str]]:
    """The changes as a form would have posted them. Aborts with 400 for what no page of ours sends."""
    if not isinstance(changes, list) or len(changes) > MOST_CHANGES:
        abort(400)
    posted: MultiDict[str, str] = MultiDict()
    names: list[str] = []
    for change in changes:
        if not isinstance(change, dict) or not isinstance(change.get("values"), dict):
            abort(400)
        name = str(change.get("name", ""))
        names.append(name)
        posted.add(f"{name}.seen", str(change.get("seen", 0)))
        for control, texts in change["values"].items():
            if (control == name or control.startswith(f"{name}.")) and isinstance(texts, list):
                posted.setlist(control, [str(text) for text in texts])
    return posted, names


def _told(form: PageForm, outcome: Outcome, name: str) -> Mapping[str, object]:
    if name in outcome.saved:
        return {"state": "saved", "revision": outcome.saved[name].revision}
    if name in outcome.same:
        return {"state": "saved", "revision": outcome.same[name]}
    if name in outcome.merged:
        return merging.told(outcome.merged[name])
    if name in outcome.conflicts:
        return {"state": "conflict", "by": outcome.conflicts[name].by}
    if name in outcome.unreadable:
        return {"state": "unreadable", "message": outcome.unreadable[name]}
    if name in _entries(form):
        return {"state": "saved", "revision": 0}
    return {"state": "refused", "message": outcome.refused.get(name, "")}


def _entries(form: PageForm) -> Iterable[str]:
    return {entry.name for drawn in form.drawn for entry in drawn.entries}
