"""Publishing a file: a page that asks, with what changes, then the same service as the command."""

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.policy import Act
from app.queries import questionnaires
from app.services import publishing as service
from app.services.errors import VersionMismatch
from app.web.access import actor, requires
from app.web.questionnaires.blueprint import blueprint
from app.web.questionnaires.chosen import Chosen, chosen, find
from app.web.questionnaires.differing import compared
from app.web.transactions import commit, roll_back, session

REFUSED = 409


@blueprint.get("/<key>/<which>/publish")
@requires(Act.PUBLISH_QUESTIONNAIRE)
def ask_publish(key: str, which: str) -> ResponseReturnValue:
    """Ask, with the comparison to what is published now and what follows from it."""
    return _page(_file(key, which))


@blueprint.post("/<key>/<which>/publish")
@requires(Act.PUBLISH_QUESTIONNAIRE)
def publish(key: str, which: str) -> ResponseReturnValue:
    """Publish it: rounds that are opened from now on ask it."""
    found = _file(key, which)
    try:
        row = service.publish_version(session(), found.questionnaire, actor())
    except VersionMismatch as refused:
        roll_back()
        return _page(found, refused.message), REFUSED
    commit()
    return redirect(url_for("questionnaires.version", key=row.questionnaire_key, which=row.number))


def _file(key: str, which: str) -> Chosen:
    found = chosen(key, which)
    return found if found.file is not None else abort(404)


def _page(found: Chosen, problem: str = "") -> str:
    published = [each for each in questionnaires.published(session()) if each.key == found.key]
    now = find(found.key, str(published[0].number)) if published else None
    digest = found.questionnaire.digest()
    return render_template(
        "questionnaires/publish.html",
        found=found,
        now=now,
        present=published[0] if published else None,
        done=next((each for each in published if each.digest == digest), None),
        compared=compared(now.questionnaire, found.questionnaire) if now else None,
        problem=problem,
        notes=found.file.notes if found.file else (),
    )
