"""“Also open by …”: a page tells from time to time that it is open, and hears who else has it open."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from flask import abort, jsonify, request
from flask.typing import ResponseReturnValue

from app import clock
from app.i18n import ngettext
from app.policy import Act, ResponseFacts
from app.queries import presence as present
from app.queries import responses
from app.services.presence import note_presence
from app.web import access, transactions
from app.web.respond.blueprint import blueprint

_PAGE = re.compile(r"([a-z][a-z0-9_]{0,59})/([0-9a-f-]{36})?/([a-z][a-z0-9_]{0,59})")
MOST_NAMES = 3


@dataclass(frozen=True)
class _Page:
    """The page that is open, as its script names it."""

    place: str
    section: str
    instance: UUID | None


def _page() -> _Page:
    """Aborts with 400 for what no page of ours sends."""
    body = request.get_json(silent=True)
    found = _PAGE.fullmatch(str(body.get("page", ""))) if isinstance(body, dict) else None
    if found is None:
        abort(400)
    try:
        return _Page(found[0], found[1], UUID(found[2]) if found[2] else None)
    except ValueError:
        abort(400)


def facts_of_page(response_id: UUID) -> ResponseFacts | None:
    """What the policy must know of the page that is open; None if there is no such response or block."""
    page = _page()
    found = responses.facts(transactions.session(), response_id, page.instance)
    return replace(found, section_key=page.section) if found and page.instance is None else found


@blueprint.post("/presence")
@access.requires(Act.EDIT_RESPONSE, facts_of_page)
def presence(response_id: UUID) -> ResponseReturnValue:
    """Note that the person has the page open, and say who else has."""
    session, now, place = transactions.session(), clock.now(), _page().place
    user_id = access.actor().user_id
    if user_id is None:
        abort(404)
    note_presence(session, response_id, user_id, place, now)
    others = present.also_there(session, response_id, user_id, place, now)
    transactions.commit()
    return jsonify(said=_said(others) if others else "")


def _said(others: Sequence[str]) -> str:
    names = ", ".join(others[:MOST_NAMES])
    more = len(others) - MOST_NAMES
    if more > 0:
        return ngettext(
            "Also open by %(names)s and one more. Nothing is overwritten.",
            "Also open by %(names)s and %(num)s more. Nothing is overwritten.",
            more,
            names=names,
        )
    return ngettext(
        "Also open by %(names)s. You can both write; nothing is overwritten.",
        "Also open by %(names)s. You can all write; nothing is overwritten.",
        len(others),
        names=names,
    )
