"""One's own answers to keep, as PDF, Word or JSON: as they stand now, and each submission as it was sent."""

import json
from datetime import datetime
from uuid import UUID

from flask import Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from app import clock
from app.exports import response_document
from app.exports.response_document import Answered, AnswersOf, Submitted
from app.exports.wording import MEDIA_TYPES
from app.i18n import _
from app.models import Attribution, ResponseStatus
from app.models import Response as ResponseRow
from app.policy import Act
from app.queries import definitions, submissions, submitted_sheets
from app.queries.files import Attached
from app.queries.submissions import SentBy
from app.services import auditing, receipts
from app.web import access, transactions
from app.web.respond import attached
from app.web.respond.blueprint import blueprint
from app.web.respond.quoting import Quoting, quotable
from app.web.respond.said import Part, Said, parts
from app.web.respond.sheet import Sheet, facts, sheet

FORMATS = {"pdf": "PDF", "docx": "Word", "json": "JSON"}


@blueprint.get("/copies")
@access.requires(Act.EXPORT_RESPONSE, facts)
def copies(response_id: UUID) -> ResponseReturnValue:
    """What can be taken away, and in which form."""
    found = sheet(response_id)
    return render_template(
        "respond/copies.html",
        sheet=found,
        zone=found.zone,
        formats=FORMATS,
        sent=submissions.all_of(transactions.session(), response_id, withdrawn=found.is_own),
        counts=found.sent.number if found.sent else None,
        is_draft=found.is_own and found.head.status is not ResponseStatus.SUBMITTED,
    )


@blueprint.post("/answers.<format>")
@access.requires(Act.EXPORT_RESPONSE, facts)
def save_copy(response_id: UUID, format: str) -> ResponseReturnValue:
    """The file: of the submission with the number given, else of what stands now. It is written down."""
    if format not in FORMATS:
        abort(404)
    found, session, now = sheet(response_id), transactions.session(), clock.now()
    chosen = _chosen(found)
    row = session.get_one(ResponseRow, response_id)
    if format == "json":
        data = (
            receipts.submission_file(session, row, chosen.submission)
            if chosen
            else receipts.draft_file(session, row, now)
        )
        content = (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode()
    else:
        content = response_document.render(_document(found, chosen, now), format)
    detail = {"format": format, "submission": chosen.submission.number if chosen else None}
    auditing.record(session, access.actor(), "exported_answers", row, detail, at=now)
    name = _file_name(found, chosen, format)
    transactions.commit()
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, headers=headers, content_type=MEDIA_TYPES[format])


def _chosen(found: Sheet) -> SentBy | None:
    """The submission that is asked for; None for a draft, which only its own people get. Aborts with 404."""
    every = submissions.all_of(transactions.session(), found.id, withdrawn=found.is_own)
    number = request.form.get("submission", "")
    if number:
        return next((each for each in every if str(each.submission.number) == number), None) or abort(404)
    if found.is_own and found.head.status is not ResponseStatus.SUBMITTED:
        return None
    return next((each for each in every if each.submission.withdrawn_at is None), None) or abort(404)


def _file_name(found: Sheet, chosen: SentBy | None, format: str) -> str:
    named = chosen.submission.reference if chosen else f"{found.head.code}-{found.head.round_code}-draft"
    return f"{named}.{format}"


def _document(found: Sheet, chosen: SentBy | None, now: datetime) -> AnswersOf:
    shown, sent = found, None
    if chosen is not None:
        session, made = transactions.session(), chosen.submission
        stored = submitted_sheets.as_sent(session, found.stored, made.id)
        answered = made.questionnaire_version_id or found.head.version_id
        shown = Sheet(session, stored, definitions.of(session, answered), found.locale)
        attached.show_as_sent(shown, made.id)
        by = chosen.by or _("IOM staff")
        sent = Submitted(made.reference, by, made.at, made.statement, made.digest)
    said, ways = parts(shown, changing=False), quotable(found)
    return AnswersOf(
        respondent=found.respondent,
        round_title=found.head.round_title,
        parts=tuple(_part(part, ways) for part in said),
        zone=found.zone,
        printed_at=now,
        locale=found.locale,
        submitted=sent,
    )


def _part(part: Part, ways: dict[Attribution, Quoting]) -> response_document.Part:
    answered = tuple(_answered(one, ways) for one in part.answers if one.answered)
    return response_document.Part(part.title, answered, ", ".join(part.authors))


def _answered(one: Said, ways: dict[Attribution, Quoting]) -> Answered:
    """One question with its answer; the rows of a table and the fields of an entry a line each."""
    lines = [f"{one.stem} {one.text}".strip()] if one.text else []
    lines += [f"{row}: {said}" for row, said in one.items]
    lines += ["\n".join(f"{label}: {said}" for label, said in record) for record in one.records]
    lines += [_attached(number, each, about) for number, each, about in one.attached]
    below = " · ".join(ways[way].words for way in sorted(one.quoted) if way in ways)
    return Answered(f"{one.number} {one.label}", tuple(lines), below, one.language)


def _attached(number: int | None, each: Attached, about: str) -> str:
    """A file or a link as a line: in a list the number of its entry, its name, and by what it is known."""
    entry = f"{number}. " if number else ""
    known_by = f"SHA-256 {each.sha256}" if each.sha256 else str(each.url)
    return _(
        "%(entry)sAttached: %(name)s (%(about)s), %(known_by)s",
        entry=entry,
        name=each.name,
        about=about,
        known_by=known_by,
    )
