"""In which language the answers are written: a page of its own, since it holds for all of them."""

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.i18n import _
from app.policy import Act
from app.services import writing_language
from app.web import access, transactions
from app.web.respond.blueprint import blueprint
from app.web.respond.sheet import facts, sheet

WITH_PROBLEMS = 422


@blueprint.get("/language")
@access.requires(Act.CHOOSE_ATTRIBUTION, facts)
def language(response_id: UUID) -> ResponseReturnValue:
    """The languages to choose from."""
    return _draw(response_id)


@blueprint.post("/language")
@access.requires(Act.CHOOSE_ATTRIBUTION, facts)
def choose_language(response_id: UUID) -> ResponseReturnValue:
    """Take the choice, for what is written and for what will be."""
    chosen = request.form.get("language", "")
    if chosen not in writing_language.LANGUAGES:
        return _draw(response_id, _("Choose the language in which you write")), WITH_PROBLEMS
    session = transactions.session()
    writing_language.choose_language(session, response_id, chosen, access.actor(), clock.now())
    transactions.commit()
    return redirect(url_for("respond.overview", response_id=response_id))


def _draw(response_id: UUID, error: str | None = None) -> str:
    return render_template(
        "respond/language.html",
        sheet=sheet(response_id),
        languages=writing_language.LANGUAGES,
        error=error,
    )
