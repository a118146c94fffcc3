"""Notes verbales for missions: one as a Word file, or all that are chosen in a ZIP."""

import io
import zipfile
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from app import clock
from app.exports import note_verbale
from app.models import Audience, Round
from app.policy import Act, can
from app.queries import round_people
from app.queries.round_people import Respondent
from app.services import notes_verbales
from app.services.errors import NotPossible
from app.services.writing_language import LANGUAGES
from app.templating import local
from app.web.access import actor, requires
from app.web.conversations import moment_of
from app.web.staff import letter_preview, mail_words, reminder_calendar
from app.web.staff.round_shown import the_round
from app.web.transactions import commit, roll_back, session

blueprint = Blueprint("notes_verbales", __name__, url_prefix="/rounds/<round_code>/notes-verbales")
WITH_PROBLEMS = 422
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EPOCH = (1980, 1, 1, 0, 0, 0)


@blueprint.get("")
@requires(Act.READ_MAIL)
def every(round_code: str) -> ResponseReturnValue:
    """For whom there are notes, by role, and what stands on all of them."""
    return _draw(the_round(round_code))


@blueprint.post("")
@requires(Act.SEND_MAIL)
def take_all(round_code: str) -> ResponseReturnValue:
    """The notes of those chosen, or of everybody listed, as a ZIP."""
    round_ = the_round(round_code)
    listed, chosen = _listed(round_), reminder_calendar.chosen(request.form.getlist("response"))
    wanted = [each for each in listed if each.response_id in set(chosen)] if chosen else listed
    if not wanted:
        return _draw(round_, [("listed", mail_words.nobody_listed())]), WITH_PROBLEMS
    return _taken(round_, wanted)


@blueprint.post("/<uuid:response_id>")
@requires(Act.SEND_MAIL)
def take_one(round_code: str, response_id: UUID) -> ResponseReturnValue:
    """The note of one respondent."""
    round_ = the_round(round_code)
    found = round_people.one(session(), round_, response_id, clock.now())
    return _taken(round_, [found], alone=True) if found else abort(404)


def _taken(round_: Round, wanted: Sequence[Respondent], *, alone: bool = False) -> ResponseReturnValue:
    locale = request.form.get("locale", "en")
    if locale not in LANGUAGES:
        abort(404)
    errors: list[tuple[str, str]] = []
    start = dated = None
    try:
        start = notes_verbales.checked_start(request.form.get("reference", ""), round_)
    except NotPossible as refused:
        errors.append(("reference", refused.message))
    try:
        dated = moment_of(request.form.get("dated", ""), "12:00", round_.zone).date()
    except NotPossible as refused:
        errors.append(("dated", refused.message))
    if start is None or dated is None:
        roll_back()
        return _draw(round_, errors), WITH_PROBLEMS
    files = [_file(round_, each, start, dated, locale) for each in wanted]
    notes_verbales.note_export(session(), round_, wanted, start, actor(), clock.now())
    commit()
    if alone:
        name, content = files[0]
        return _attachment(name, content, WORD)
    return _attachment(
        notes_verbales.file_name(start).replace(".docx", ".zip"), _packed(files), "application/zip"
    )


def _file(round_: Round, each: Respondent, start: str, dated: date, locale: str) -> tuple[str, bytes]:
    said = notes_verbales.words(session(), each, start, dated, locale, letter_preview.links())
    note = note_verbale.Note(
        said.title, said.text, said.reference, dated, said.addressee, round_.title, locale
    )
    return notes_verbales.file_name(said.reference), note_verbale.render(note)


def _packed(files: Sequence[tuple[str, bytes]]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _attachment(name: str, content: bytes, kind: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name.encode("ascii", "ignore").decode()}"'}
    return Response(content, headers=headers, content_type=kind)


def _listed(round_: Round) -> list[Respondent]:
    """Those who are asked, of the role that is chosen."""
    audience = request.values.get("audience", Audience.STATE.value)
    everybody = round_people.of_round(session(), round_, clock.now())
    return [each for each in everybody if not each.withdrawn and audience in {"", each.audience.value}]


def _draw(round_: Round, errors: list[tuple[str, str]] | None = None) -> str:
    audiences = [("", mail_words.audience_words(None))]
    audiences += [
        (each.value, mail_words.audience_words(each))
        for each in (Audience.STATE, Audience.ISCM, Audience.IGO)
    ]
    return render_template(
        "staff/notes_verbales.html",
        round=round_,
        listed=_listed(round_),
        audiences=audiences,
        audience=request.values.get("audience", Audience.STATE.value),
        languages=LANGUAGES,
        locale=request.form.get("locale", "en"),
        reference=request.form.get("reference", f"NV/{round_.code}"),
        dated=request.form.get("dated", local(clock.now(), round_.zone).date().isoformat()),
        addressee=notes_verbales.addressee,
        may_send=can(actor(), Act.SEND_MAIL),
        errors=errors or [],
        wrong=dict(errors or []),
        has_errors=bool(errors),
    )
