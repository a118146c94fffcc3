"""Moving a running round to another version: what would happen to whom first, then one act."""

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.exports.tables import MEDIA_TYPES, Table, as_csv, as_xlsx
from app.i18n import _
from app.models import QuestionnaireVersion, ResponseStatus, Round
from app.policy import Act, can
from app.queries import definitions, questionnaires, round_overview
from app.queries.questionnaires import Published
from app.services import upgrading
from app.services.errors import NotPossible, Overtaken
from app.services.upgrading import Affected, Move
from app.web.access import actor, requires
from app.web.questionnaires.differing import compared, kind_names
from app.web.transactions import commit, roll_back, session

blueprint = Blueprint("moves", __name__, url_prefix="/rounds/<round_code>/questionnaires")
REFUSED = 409


@blueprint.get("")
@requires(Act.READ_QUESTIONNAIRES)
def overview(round_code: str) -> ResponseReturnValue:
    """Which versions the responses of a round answer, and to which they could move."""
    round_ = _round(round_code)
    asked = set(questionnaires.keys_of(session(), round_.id))
    versions = [each for each in questionnaires.published(session()) if each.key in asked]
    return render_template(
        "questionnaires/round.html",
        round=round_,
        rows=[(each, _answering(each, round_)) for each in versions],
        may_move=can(actor(), Act.MANAGE_ROUNDS) and round_.opened_at is not None and not round_.closed_at,
    )


def _answering(version: Published, round_: Round) -> int:
    return sum(each.responses for each in version.pinned if each.round_code == round_.code)


def _round(code: str) -> Round:
    return round_overview.round_by_code(session(), code) or abort(404)


def _version(key: str, number: int) -> QuestionnaireVersion:
    return questionnaires.version(session(), key, number) or abort(404)


@blueprint.get("/<key>/<int:number>")
@requires(Act.MANAGE_ROUNDS)
def ask_move(round_code: str, key: str, number: int) -> ResponseReturnValue:
    """Say what moving the round to this version would do, response by response."""
    return _page(_round(round_code), _version(key, number))


@blueprint.post("/<key>/<int:number>")
@requires(Act.MANAGE_ROUNDS)
def move(round_code: str, key: str, number: int) -> ResponseReturnValue:
    """Move every response that may, if it is what was looked at."""
    round_, version = _round(round_code), _version(key, number)
    try:
        mark = request.form.get("mark", "")
        upgrading.move(session(), round_, version, mark, actor(), clock.now())
    except Overtaken:
        roll_back()
        words = _("Something has changed since you looked: somebody submitted, or was moved. Look once more.")
        return _page(_round(round_code), _version(key, number), words), REFUSED
    except NotPossible as refused:
        roll_back()
        return _page(_round(round_code), _version(key, number), refused.message), REFUSED
    commit()
    return redirect(url_for("moves.overview", round_code=round_code))


def _page(round_: Round, version: QuestionnaireVersion, problem: str = "") -> str:
    try:
        wanted = upgrading.plan(session(), round_, version)
    except NotPossible as refused:
        wanted, problem = None, problem or refused.message
    return render_template(
        "questionnaires/move.html",
        round=round_,
        version=version,
        move=wanted,
        problem=problem,
        compared=_compared(wanted) if wanted else [],
        kinds=kind_names(),
        statuses=status_names(),
    )


def _compared(wanted: Move) -> list[tuple[int, object]]:
    """The differences from each version that responses answer now."""
    new = definitions.of(session(), wanted.version.id)
    olds = {each.respondent.number: each.respondent.version_id for each in wanted.affected}
    return [(number, compared(definitions.of(session(), olds[number]), new)) for number in wanted.differences]


def status_names() -> dict[ResponseStatus, str]:
    """How far a response is, in words."""
    return {
        ResponseStatus.INVITED: _("Not started"),
        ResponseStatus.IN_PROGRESS: _("Under way"),
        ResponseStatus.SUBMITTED: _("Submitted"),
        ResponseStatus.REOPENED: _("Reopened"),
    }


@blueprint.get("/<key>/<int:number>/affected.<format>")
@requires(Act.MANAGE_ROUNDS)
def affected(round_code: str, key: str, number: int, format: str) -> ResponseReturnValue:
    """Everybody who is affected, as a table; counts, and nothing of what was answered."""
    round_, version = _round(round_code), _version(key, number)
    if format not in MEDIA_TYPES:
        abort(404)
    try:
        table = _table(upgrading.plan(session(), round_, version))
    except NotPossible:
        abort(404)
    content = as_csv(table) if format == "csv" else as_xlsx([table])
    name = f"{round_code}-{key}-v{number}-affected.{format}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, headers=headers, content_type=MEDIA_TYPES[format])


def _table(wanted: Move) -> Table:
    names, statuses = kind_names(), status_names()

    def row(each: Affected) -> list[str | int]:
        who = each.respondent
        kind = names[each.kind][1] if each.kind else ""
        moves = _("moves") if each.moves else _("stays")
        return [
            who.code,
            who.name,
            statuses[who.status],
            who.number,
            kind,
            moves,
            each.off,
            each.unfit,
            each.needed,
        ]

    title = _("Moving to version %(number)s: who is affected", number=wanted.version.number)
    return Table(
        title,
        [
            _("Code"),
            _("Respondent"),
            _("Status"),
            _("Version now"),
            _("Class of the change"),
            _("What happens"),
            _("Answers no longer asked"),
            _("Answers that no longer fit"),
            _("Answers newly needed"),
        ],
        [row(each) for each in wanted.affected],
        [_("Counts of answers; what was answered is in no file before it is submitted.")],
    )
