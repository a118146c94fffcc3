"""The texts of a round: which there are, writing one, its history, and a preview for a recipient."""

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.models import MessagePurpose, Round
from app.policy import Act, can
from app.queries import round_people, round_texts
from app.services import placeholders, standard_words
from app.services import round_texts as writing
from app.services.errors import NotPossible
from app.services.round_texts import TextRefused
from app.services.writing_language import LANGUAGES
from app.web.access import actor, requires
from app.web.faults import wrong_of
from app.web.staff import letter_preview, mail_words
from app.web.staff.round_shown import the_round
from app.web.transactions import commit, roll_back, session

blueprint = Blueprint("texts", __name__, url_prefix="/rounds/<round_code>/texts")
WITH_PROBLEMS = 422


@blueprint.get("")
@requires(Act.READ_MAIL)
def every(round_code: str) -> ResponseReturnValue:
    """The purposes, each with the languages in which the round has a text of its own."""
    round_ = the_round(round_code)
    return render_template(
        "staff/texts.html",
        round=round_,
        purposes=mail_words.purpose_names(),
        own=round_texts.in_force(session(), round_.id),
        languages=LANGUAGES,
    )


@blueprint.get("/<purpose>/<locale>")
@requires(Act.READ_MAIL)
def text(round_code: str, purpose: str, locale: str) -> ResponseReturnValue:
    """One text with its placeholders and its history; a preview of it where a respondent is chosen."""
    return _draw(the_round(round_code), _purpose(purpose, locale), locale)


@blueprint.post("/<purpose>/<locale>")
@requires(Act.SEND_MAIL)
def save(round_code: str, purpose: str, locale: str) -> ResponseReturnValue:
    """Put what was written in force, or say everything that keeps it from that."""
    round_, meant = the_round(round_code), _purpose(purpose, locale)
    seen = request.form.get("seen", "")
    try:
        writing.save(
            session(),
            round_,
            meant,
            locale,
            request.form.get("subject", ""),
            request.form.get("body", ""),
            int(seen) if seen.isdecimal() and len(seen) < 9 else 0,
            actor(),
            clock.now(),
        )
    except TextRefused as refused:
        roll_back()
        return _draw(round_, meant, locale, errors=refused.faults), WITH_PROBLEMS
    except NotPossible as refused:
        roll_back()
        return _draw(the_round(round_code), meant, locale, errors=[("body", refused.message)]), WITH_PROBLEMS
    commit()
    return redirect(url_for("texts.text", round_code=round_code, purpose=purpose, locale=locale))


@blueprint.post("/<purpose>/<locale>/preview")
@requires(Act.READ_MAIL)
def preview(round_code: str, purpose: str, locale: str) -> ResponseReturnValue:
    """What was written, as the chosen recipient would read it; nothing is saved."""
    round_, meant = the_round(round_code), _purpose(purpose, locale)
    subject = writing.cleaned(request.form.get("subject", "")).strip()
    body = writing.cleaned(request.form.get("body", ""))
    errors = placeholders.check(meant, subject, body)
    drawn = _draw(round_, meant, locale, errors=errors, words=None if errors else (subject, body))
    return (drawn, WITH_PROBLEMS) if errors else drawn


@blueprint.post("/<purpose>/<locale>/restore")
@requires(Act.SEND_MAIL)
def restore(round_code: str, purpose: str, locale: str) -> ResponseReturnValue:
    """Put an earlier text in force again, or (0) the standard words."""
    round_, meant = the_round(round_code), _purpose(purpose, locale)
    number = request.form.get("number", "")
    if not number.isdecimal() or len(number) > 8:
        abort(404)
    try:
        writing.restore(session(), round_, meant, locale, int(number), actor(), clock.now())
    except TextRefused as refused:
        roll_back()
        return _draw(round_, meant, locale, errors=refused.faults), WITH_PROBLEMS
    commit()
    return redirect(url_for("texts.text", round_code=round_code, purpose=purpose, locale=locale))


def _purpose(purpose: str, locale: str) -> MessagePurpose:
    if purpose not in set(MessagePurpose) or locale not in LANGUAGES:
        abort(404)
    return MessagePurpose(purpose)


def _draw(
    round_: Round,
    purpose: MessagePurpose,
    locale: str,
    *,
    errors: list[tuple[str, str]] | None = None,
    words: tuple[str, str] | None = None,
) -> str:
    history = round_texts.history(session(), round_.id, purpose, locale)
    subject, body = _in_force(history, purpose)
    wrong = wrong_of(errors)
    return render_template(
        "staff/text.html",
        round=round_,
        purpose=purpose,
        purpose_name=mail_words.purpose_name(purpose),
        locale=locale,
        language_name=LANGUAGES[locale],
        listed=placeholders.listed(purpose),
        history=history,
        number=history[0].template.number if history else 0,
        subject=writing.cleaned(request.form.get("subject", subject)),
        body=writing.cleaned(request.form.get("body", body)),
        may_write=can(actor(), Act.SEND_MAIL),
        errors=errors or [],
        wrong=wrong,
        has_errors=bool(errors),
        **_previewed(round_, purpose, words),
    )


def _in_force(history: Any, purpose: MessagePurpose) -> tuple[str, str]:
    if history:
        return history[0].template.subject, history[0].template.body
    return standard_words.of(purpose)


def _previewed(round_: Round, purpose: MessagePurpose, words: tuple[str, str] | None) -> dict[str, Any]:
    """The recipients to choose from, and the letter of the one that was chosen."""
    now = clock.now()
    respondents = round_people.of_round(session(), round_, now)
    chosen = request.values.get("response", "")
    found = next((each for each in respondents if str(each.response_id) == chosen), None)
    shown = None
    if found is not None and (words is not None or request.method == "GET"):
        key: UUID = found.response_id
        shown = letter_preview.of(session(), round_, purpose, key, now, words)
    return {"respondents": respondents, "chosen": chosen, "shown": shown}
