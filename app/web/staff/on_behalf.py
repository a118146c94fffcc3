"""On behalf of a respondent: what reached IOM on paper or by telephone, entered with its source."""

from uuid import UUID

from flask import Response, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.i18n import _
from app.models import File, ReceivedAnswers, ReceivedBy, ResponseStatus
from app.policy import Act, can
from app.queries import cases, responses
from app.queries.cases import Case
from app.services import importing, receiving, submitting
from app.services.answer_files import parse
from app.services.errors import (
    AttributionMissing,
    DomainError,
    ImportRefused,
    Incomplete,
    ResponseLocked,
)
from app.services.receiving import Receipt, ReceiptRefused
from app.storage import FileMissing
from app.web import uploading
from app.web.access import actor, requires
from app.web.faults import Errors, wrong_of
from app.web.letters import letters
from app.web.staff import case_words
from app.web.staff.cases import found
from app.web.staff.moments import day_of
from app.web.staff.rounds import WITH_PROBLEMS, blueprint
from app.web.transactions import begin_writing, commit, roll_back, session

TOO_LARGE = 413
FIELDS = ("way", "from_whom", "dated", "note", "statement")
LONGEST_STATEMENT = 1000


@blueprint.get("/<round_code>/respondents/<code>/received")
@requires(Act.ENTER_ANSWERS)
def ask_received(round_code: str, code: str) -> ResponseReturnValue:
    """How the answers came, from whom, with the scan of a paper; or why they cannot be entered."""
    return _draw_received(found(round_code, code), [])


def too_large(round_code: str, code: str) -> ResponseReturnValue:
    """Say the limit to a request that is longer than any file may be."""
    words = _("Choose a file of at most 20 MB. This one is larger; nothing was changed")
    return _draw_received(found(round_code, code), [("file", words)]), TOO_LARGE


@blueprint.post("/<round_code>/respondents/<code>/received")
@requires(Act.ENTER_ANSWERS)
@uploading.takes_a_file(too_large)
def record_received(round_code: str, code: str) -> ResponseReturnValue:
    """Write down that answers were received, and go on to entering them."""
    errors: Errors = []
    form, file = request.form, uploading.sent_file(errors)
    way = form.get("way", "")
    receipt = Receipt(
        ReceivedBy(way) if way in set(ReceivedBy) else None,
        form.get("from_whom", ""),
        day_of(form.get("dated", "")),
        form.get("note", "")[:2000],
        file,
    )
    writing = begin_writing()
    one = found(round_code, code)
    made_id = None
    try:
        made_id = receiving.record(writing, one.response.id, receipt, actor(), clock.now()).id
    except ReceiptRefused as refused:
        errors = [*(each for each in refused.problems if each[0] not in dict(errors)), *errors]
    except ResponseLocked as refused:
        errors = [("way-paper", refused.message)]
    if errors or made_id is None:
        roll_back()
        return _draw_received(found(round_code, code), errors), WITH_PROBLEMS
    commit()
    return redirect(url_for("rounds.on_behalf", round_code=round_code, code=code, received_id=made_id))


def _draw_received(one: Case, errors: Errors) -> str:
    refusal = ""
    try:
        receiving.refuse_own(session(), one.response)
    except ResponseLocked as refused:
        refusal = refused.message
    return render_template(
        "staff/received.html",
        case=one,
        round=one.round,
        ways=case_words.ways(),
        refusal=refusal,
        typed={name: request.form.get(name, "") for name in FIELDS},
        errors=errors,
        wrong=wrong_of(errors),
        has_errors=bool(errors),
    )


@blueprint.get("/<round_code>/respondents/<code>/received/<uuid:received_id>")
@requires(Act.ENTER_ANSWERS)
def on_behalf(round_code: str, code: str, received_id: UUID) -> ResponseReturnValue:
    """What was received, and the ways to enter and submit it."""
    return _draw(round_code, code, received_id, [])


def _received(one: Case, received_id: UUID) -> ReceivedAnswers:
    row = session().get(ReceivedAnswers, received_id)
    return row if row is not None and row.response_id == one.response.id else abort(404)


def _draw(round_code: str, code: str, received_id: UUID, errors: Errors) -> str:
    one = found(round_code, code)
    row = _received(one, received_id)
    head = responses.facts(session(), one.response.id)
    return render_template(
        "staff/on_behalf.html",
        case=one,
        round=one.round,
        zone=one.round.zone,
        received=row,
        way=case_words.ways()[row.received_by],
        answers=cases.answers_saved(session(), one.response.id),
        entering=head is not None and head.entered and can(actor(), Act.ENTER_ANSWERS),
        submitted=one.response.status is ResponseStatus.SUBMITTED,
        typed={name: request.form.get(name, "") for name in FIELDS},
        errors=errors,
        wrong=wrong_of(errors),
        has_errors=bool(errors),
    )


@blueprint.get("/<round_code>/respondents/<code>/received/<uuid:received_id>/source")
@requires(Act.ENTER_ANSWERS)
def source(round_code: str, code: str, received_id: UUID) -> ResponseReturnValue:
    """The file that was kept, to be saved and never shown in the browser."""
    row = _received(found(round_code, code), received_id)
    if row.file_id is None:
        abort(404)
    file = session().get_one(File, row.file_id)
    try:
        content = current_app.extensions["store"].open(file.sha256)
    except FileMissing:
        current_app.logger.error("file %s is missing from the store", file.sha256)
        abort(404)
    with content:
        data = content.read()
    answer = Response(data, content_type=file.media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=row.file_name or "source")
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


def file_too_large(round_code: str, code: str, received_id: UUID) -> ResponseReturnValue:
    """Say the limit to a request that is longer than any file may be."""
    return _draw(round_code, code, received_id, [("answers", _("The file is too large."))]), TOO_LARGE


@blueprint.post("/<round_code>/respondents/<code>/received/<uuid:received_id>/file")
@requires(Act.ENTER_ANSWERS)
@uploading.takes_a_file(file_too_large)
def enter_file(round_code: str, code: str, received_id: UUID) -> ResponseReturnValue:
    """Enter the answers of a YAML or JSON file: all of them, or none and every fault."""
    sent = request.files.get("file")
    writing = begin_writing()
    one = found(round_code, code)
    row = _received(one, received_id)
    try:
        receiving.refuse_own(writing, one.response)
        if sent is None or not sent.filename:
            raise ImportRefused([_("Choose a file that ends in .yaml or .json")])
        data = parse(sent.stream.read(), sent.filename)
        _same_respondent(one, data)
        said = receiving.source_of(row)
        data["entered"] = {"from": said["what"], "dated": said["dated"]}
        importing.import_response(writing, data, actor(), clock.now())
    except ImportRefused as refused:
        roll_back()
        return _draw(
            round_code, code, received_id, [("answers", fault) for fault in refused.errors]
        ), WITH_PROBLEMS
    except DomainError as refused:
        roll_back()
        return _draw(round_code, code, received_id, [("answers", refused.message)]), WITH_PROBLEMS
    commit()
    return redirect(url_for("rounds.on_behalf", round_code=round_code, code=code, received_id=received_id))


def _same_respondent(one: Case, data: object) -> None:
    """That the file is about this respondent of this round. Raises ImportRefused."""
    if not isinstance(data, dict):
        raise ImportRefused([_("The file holds no answers.")])
    if (data.get("round"), data.get("organisation")) != (one.round.code, one.organisation.code):
        words = _(
            "The file is about another respondent or round: it has to name %(code)s and %(round)s",
            code=one.organisation.code,
            round=one.round.code,
        )
        raise ImportRefused([words])


@blueprint.post("/<round_code>/respondents/<code>/received/<uuid:received_id>/submit")
@requires(Act.ENTER_ANSWERS)
def submit_received(round_code: str, code: str, received_id: UUID) -> ResponseReturnValue:
    """Submit what was entered on the respondent's behalf; its focal points are told."""
    one = found(round_code, code)
    _received(one, received_id)
    statement = " ".join(request.form.get("statement", "").split())[:LONGEST_STATEMENT]
    errors: Errors = []
    if not statement:
        errors = [("statement", _("Say who answers for this, and how that is known"))]
    else:
        try:
            submitting.submit(session(), one.response.id, statement, actor(), clock.now())
        except Incomplete as refused:
            errors = [("entered", refused.message)]
        except AttributionMissing:
            errors = [("quoting", _("Say first how the answers may be used, as the respondent told you"))]
        except DomainError as refused:
            errors = [("statement", refused.message)]
    if errors:
        roll_back()
        return _draw(round_code, code, received_id, errors), WITH_PROBLEMS
    commit()
    letters().wake()
    return redirect(url_for("rounds.respondent", round_code=round_code, code=code))
