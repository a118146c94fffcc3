"""The published summaries of the mechanisms that a respondent answered about."""

from uuid import UUID

from flask import Response, abort, render_template
from flask.typing import ResponseReturnValue

from app import clock
from app.exports import edition_document
from app.exports.edition_document import Edition
from app.exports.wording import FORMATS, MEDIA_TYPES
from app.models import PublishedSummary
from app.policy import Act
from app.queries import editions
from app.services import auditing
from app.web import access, transactions
from app.web.respond.blueprint import blueprint
from app.web.respond.sheet import facts, sheet


def _found(response_id: UUID, edition_id: UUID) -> PublishedSummary:
    return editions.one_for_respondent(transactions.session(), response_id, edition_id) or abort(404)


def _edition(row: PublishedSummary) -> Edition:
    return Edition(row.content, row.edition, row.published_at, row.digest)


@blueprint.get("/summaries/<uuid:edition_id>")
@access.requires(Act.READ_RESPONSE, facts)
def edition(response_id: UUID, edition_id: UUID) -> ResponseReturnValue:
    """An edition as it was published."""
    row, found = _found(response_id, edition_id), sheet(response_id)
    return render_template(
        "respond/edition.html",
        sheet=found,
        zone=found.zone,
        row=row,
        document=edition_document.document(_edition(row)),
        formats=FORMATS,
    )


@blueprint.post("/summaries/<uuid:edition_id>.<format>")
@access.requires(Act.READ_RESPONSE, facts)
def save_edition(response_id: UUID, edition_id: UUID, format: str) -> ResponseReturnValue:
    """An edition as a file; that somebody took it is written down."""
    row, session = _found(response_id, edition_id), transactions.session()
    if format not in FORMATS:
        abort(404)
    content = edition_document.render(_edition(row), format)
    name = f"{row.content['summary']['iscm']}-edition-{row.edition}.{format}"
    auditing.record(session, access.actor(), "exported_edition", row, {"format": format}, at=clock.now())
    transactions.commit()
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, headers=headers, content_type=MEDIA_TYPES[format])
