"""Two versions of a questionnaire side by side."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.policy import Act
from app.web.access import requires
from app.web.questionnaires.blueprint import blueprint
from app.web.questionnaires.chosen import chosen, find
from app.web.questionnaires.differing import compared
from app.web.questionnaires.pages import others


@blueprint.get("/<key>/<which>/compare")
@requires(Act.READ_QUESTIONNAIRES)
def compare(key: str, which: str) -> ResponseReturnValue:
    """What changed from another version to this one: from the one named, or the newest published."""
    found = chosen(key, which)
    choices = others(found)
    named = request.args.get("with") or (choices[0][0] if choices else "")
    before = find(key, named)
    if before is not None and before.questionnaire.audience != found.questionnaire.audience:
        before = None
    return render_template(
        "questionnaires/compare.html",
        found=found,
        before=before,
        choices=choices,
        compared=compared(before.questionnaire, found.questionnaire) if before else None,
    )
