"""Tables taken away as a file; that somebody took them is written down."""

from flask import Response, abort, request

from app import clock
from app.exports import tables
from app.exports.tables import Table
from app.queries import tracking as queries
from app.services import auditing
from app.web.access import actor
from app.web.tracking.looking import Looked
from app.web.transactions import begin_writing, commit, session


def send(looked: Looked, what: str, made: list[Table]) -> Response:
    """The tables as the file that the form asks for; several only fit a workbook."""
    format_ = request.form.get("format", "")
    if format_ not in tables.MEDIA_TYPES or not made or (format_ == "csv" and len(made) != 1):
        abort(404)
    now, code = clock.now(), looked.round.code
    content = tables.as_csv(made[0]) if format_ == "csv" else tables.as_xlsx(made, now)
    detail = {"table": what, "format": format_, "moment": looked.asked.at.isoformat()}
    begin_writing()
    round_ = queries.by_code(session(), code)
    if round_ is None:
        abort(404)
    auditing.record(
        session(), actor(), "exported_tracking", round_, detail | looked.asked.everything(), at=now
    )
    commit()
    name = f"{code}-{what}-{looked.asked.at.date().isoformat()}.{format_}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, headers=headers, content_type=tables.MEDIA_TYPES[format_])
