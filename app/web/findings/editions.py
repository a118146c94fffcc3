"""Publishing the summary of a mechanism, and its editions, for staff."""

from dataclasses import dataclass

from flask import Blueprint, Response, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.exports import edition_document
from app.exports.edition_document import Edition
from app.exports.wording import FORMATS, MEDIA_TYPES
from app.models import Organisation, PublishedSummary, Round
from app.policy import Act, can
from app.queries import editions as published
from app.queries import round_overview
from app.services import auditing, editions, summarising
from app.services.errors import NotPossible
from app.web.access import actor, requires
from app.web.transactions import commit, roll_back, session

blueprint = Blueprint("editions", __name__, url_prefix="/findings/<round_code>/<iscm_code>")

WITH_PROBLEMS = 422


@dataclass(frozen=True)
class _Subject:
    round: Round
    iscm: Organisation
    editions: list[PublishedSummary]


def _subject(round_code: str, iscm_code: str) -> _Subject:
    round_ = round_overview.round_by_code(session(), round_code)
    iscm = round_overview.mechanism_of(session(), round_, iscm_code) if round_ else None
    if round_ is None or iscm is None:
        abort(404)
    return _Subject(round_, iscm, list(published.of_mechanism(session(), round_.id, iscm.id)))


@blueprint.get("/publish")
@requires(Act.PUBLISH_FINDINGS)
def ask(round_code: str, iscm_code: str) -> ResponseReturnValue:
    """What publishing means, and the button."""
    return _draw(_subject(round_code, iscm_code))


def _draw(subject: _Subject, error: str = "") -> str:
    compiled, setting = summarising.current(session(), subject.round, subject.iscm)
    return render_template(
        "findings/publish.html",
        round=subject.round,
        iscm=setting.iscm,
        statements=sum(1 for _statement in compiled.statements),
        editions=subject.editions,
        error=error,
        has_errors=bool(error),
    )


@blueprint.post("/publish")
@requires(Act.PUBLISH_FINDINGS)
def publish(round_code: str, iscm_code: str) -> ResponseReturnValue:
    """Publish what is compiled from the answers in force now; what reads the same is not published twice."""
    subject, now = _subject(round_code, iscm_code), clock.now()
    compiled, setting = summarising.current(session(), subject.round, subject.iscm)
    content = edition_document.content_of(compiled, setting, now)
    try:
        made = editions.publish(session(), subject.round, subject.iscm, content, actor(), now)
    except NotPossible as refused:
        roll_back()
        return _draw(_subject(round_code, iscm_code), refused.message), WITH_PROBLEMS
    number = made.edition
    commit()
    return redirect(url_for("editions.read", round_code=round_code, iscm_code=iscm_code, number=number))


@blueprint.get("/editions/<int:number>")
@requires(Act.READ_FINDINGS)
def read(round_code: str, iscm_code: str, number: int) -> ResponseReturnValue:
    """An edition as it was published."""
    subject = _subject(round_code, iscm_code)
    row = _edition(subject, number)
    return render_template(
        "findings/edition.html",
        round=subject.round,
        iscm_code=iscm_code,
        row=row,
        document=edition_document.document(edition_of(row)),
        others=[each for each in subject.editions if each.edition != number],
        formats=FORMATS,
        may_export=can(actor(), Act.EXPORT_FINDINGS),
    )


def _edition(subject: _Subject, number: int) -> PublishedSummary:
    return next((each for each in subject.editions if each.edition == number), None) or abort(404)


def edition_of(row: PublishedSummary) -> Edition:
    """The row as the documents want it."""
    return Edition(row.content, row.edition, row.published_at, row.digest)


@blueprint.post("/editions/<int:number>.<format>")
@requires(Act.EXPORT_FINDINGS)
def save(round_code: str, iscm_code: str, number: int, format: str) -> ResponseReturnValue:
    """An edition as a file; that somebody took it is written down."""
    subject = _subject(round_code, iscm_code)
    row = _edition(subject, number)
    if format not in FORMATS:
        abort(404)
    content = edition_document.render(edition_of(row), format)
    auditing.record(session(), actor(), "exported_edition", row, {"format": format}, at=clock.now())
    commit()
    name = f"{iscm_code}-{round_code}-edition-{number}.{format}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, headers=headers, content_type=MEDIA_TYPES[format])
