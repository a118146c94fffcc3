"""Whoever was given a part says that it is ready, or takes that back."""

from uuid import UUID

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.policy import Act
from app.services import taking_part
from app.web import access, transactions
from app.web.respond.blueprint import blueprint
from app.web.respond.sheet import facts


@blueprint.post("/ready")
@access.requires(Act.MARK_READY, facts)
def mark_ready(response_id: UUID) -> ResponseReturnValue:
    """Take what was said of one part."""
    try:
        part = UUID(request.form.get("part", ""))
    except ValueError:
        abort(404)
    ready = request.form.get("ready") == "yes"
    taking_part.mark_ready(
        transactions.session(), response_id, part, access.actor(), clock.now(), ready=ready
    )
    transactions.commit()
    return redirect(url_for("respond.overview", response_id=response_id, _anchor="your-part"))
