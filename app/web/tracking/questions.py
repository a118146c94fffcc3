"""Item response: how many of those who were asked a question answered it, and who they are."""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from app.exports import tracking_tables
from app.policy import Act
from app.web.access import requires
from app.web.tracking.blueprint import blueprint
from app.web.tracking.looking import look, shared
from app.web.tracking.reading import items_of


@blueprint.get("/rounds/<round_code>/tracking/questions")
@requires(Act.READ_ROUNDS)
def questions(round_code: str) -> ResponseReturnValue:
    """Item response: of those who were asked a question on their path, how many answered it."""
    looked = look(round_code)
    return render_template(
        "staff/tracking/questions.html",
        **shared(looked, "tracking"),
        items=items_of(looked),
        item_notes=tracking_tables.item_notes(),
    )


@blueprint.get("/rounds/<round_code>/tracking/questions/<questionnaire>/<key>")
@requires(Act.READ_ROUNDS)
def question(round_code: str, questionnaire: str, key: str) -> ResponseReturnValue:
    """Who was asked one question, and whether they answered it: never what."""
    looked = look(round_code)
    item = next(
        (each for each in items_of(looked) if (each.questionnaire, each.key) == (questionnaire, key)), None
    )
    if item is None:
        abort(404)
    which = request.args.get("which", "")
    wanted = [
        each
        for each in item.askings
        if which not in {"answered", "open"} or each.answered is (which == "answered")
    ]
    names = {each.response_id: each for each in looked.tracking.everybody}
    mechanisms = {each.code: each.name for each in looked.tracking.mechanisms}
    return render_template(
        "staff/tracking/question.html",
        **shared(looked, "tracking"),
        item=item,
        askings=[(names[each.response_id], mechanisms.get(each.subject or ""), each) for each in wanted],
    )
