"""What people would rather look at than read: map, squares and curve, and the situation report."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Response, abort, request
from flask_babel import get_locale
from markupsafe import Markup

from app import clock
from app.exports import docx, pdf, situation_report
from app.exports.charts import of_tracking, shades, world_map
from app.policy import Act
from app.queries import tracking as queries
from app.services import auditing
from app.tracking import by_day
from app.tracking.by_day import Day
from app.tracking.counting import AUDIENCES
from app.tracking.model import Tracking
from app.web.access import actor, requires
from app.web.tracking.blueprint import blueprint
from app.web.tracking.looking import Looked, look
from app.web.transactions import begin_writing, commit, session, writes_later

REPORTS = {
    "pdf": (pdf.write, "application/pdf"),
    "docx": (docx.write, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
}
SVG = "image/svg+xml"


@dataclass(frozen=True)
class Row:
    """One line of the curve's table: a day on which a number changed, and what held at its end."""

    on: date
    counts: tuple[Day | None, ...]


def pictures(looked: Looked) -> dict[str, Any]:
    """What the page shows beside its tables."""
    found = looked.tracking
    return {
        "has_map": bool(of_tracking.states(found)),
        "disclaimer": None if found.round.fictional else world_map.disclaimer(),
        "squares": [(each.line, _drawn(each.svg)) for each in of_tracking.squares(found)],
        "shade_patterns": _drawn(shades.patterns()),
        "curve_rows": curve_rows(found),
        "curve_audiences": AUDIENCES,
    }


def _drawn(svg: str) -> Markup:
    return Markup(svg)  # noqa: S704 - our own drawing, in which every word is escaped


def curve_rows(found: Tracking) -> list[Row]:
    """The table of the curve: every day on which any number changed."""
    lines = {audience: by_day.by_day(found, audience) for audience in AUDIENCES}
    latest: dict[str, Day | None] = dict.fromkeys(AUDIENCES)
    rows = []
    for on in sorted({each.on for days in lines.values() for each in days}):
        for audience, days in lines.items():
            latest[audience] = next((each for each in days if each.on == on), latest[audience])
        rows.append(Row(on, tuple(latest.values())))
    return rows


@blueprint.get("/rounds/<round_code>/tracking/map.svg")
@requires(Act.READ_ROUNDS)
def states_map(round_code: str) -> Response:
    """The map of the States by standing, as of the day and out of the base that the address asks for."""
    return Response(of_tracking.standings(look(round_code).tracking), content_type=SVG)


@blueprint.get("/rounds/<round_code>/tracking/curve.svg")
@requires(Act.READ_ROUNDS)
def curve(round_code: str) -> Response:
    """The curve of answers by day, with that of the round before."""
    looked = look(round_code)
    drawing = of_tracking.submitted_by_day(looked.tracking, _before(looked), str(get_locale()))
    return Response(drawing, content_type=SVG) if drawing else abort(404)


@blueprint.post("/rounds/<round_code>/tracking/report")
@writes_later
@requires(Act.READ_ROUNDS)
def report(round_code: str) -> Response:
    """The situation report as PDF or DOCX; that it was taken is written down."""
    format_ = request.form.get("format", "")
    if format_ not in REPORTS:
        abort(404)
    looked = look(round_code)
    write, media_type = REPORTS[format_]
    content = write(situation_report.document(looked.tracking, _before(looked), str(get_locale())))
    begin_writing()
    round_ = queries.by_code(session(), round_code)
    if round_ is None:
        abort(404)
    detail = {"report": format_, "moment": looked.asked.at.isoformat(), **looked.asked.same}
    auditing.record(session(), actor(), "exported_tracking", round_, detail, at=clock.now())
    commit()
    name = f"{round_.code}-situation-{looked.asked.at.date().isoformat()}.{format_}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, headers=headers, content_type=media_type)


def _before(looked: Looked) -> Tracking | None:
    """The round before this one, as it ended, out of the same base."""
    round_ = queries.before(session(), looked.round)
    if round_ is None:
        return None
    found = looked.tracking
    return queries.read(session(), round_, looked.asked.at, found.division, base=found.base, live=True)
