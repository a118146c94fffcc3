"""The plan of reminders of a round: its rules, its calendar, pausing it, and reminders by hand."""

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.models import Audience, MessagePurpose, ReminderAnchor, Round
from app.policy import Act, can
from app.queries import reminders as queries
from app.services import notices, reminder_days, reminders, reminding
from app.services.errors import NotPossible
from app.services.reminding import PURPOSES, Rule, RuleRefused
from app.standing import Standing
from app.web.access import actor, requires
from app.web.conversations import new_key
from app.web.faults import wrong_of
from app.web.letters import letters
from app.web.staff import mail_words, reminder_calendar
from app.web.staff.round_shown import the_round
from app.web.transactions import commit, roll_back, session

blueprint = Blueprint("reminders", __name__, url_prefix="/rounds/<round_code>/reminders")
WITH_PROBLEMS = 422
MOST_CHOSEN = 1_000


@blueprint.get("")
@requires(Act.READ_MAIL)
def plan(round_code: str) -> ResponseReturnValue:
    """The rules in force, and the calendar with how many got each reminder or would get it."""
    return _draw_plan(round_code)


def _draw_plan(round_code: str, error: str = "") -> str:
    round_, now = the_round(round_code), clock.now()
    facts = reminder_days.read(session(), round_, now)
    fallings = reminder_days.fallings(facts, now) if round_.opened_at else []
    by_hand = [each for each in facts.written if each.rule_id is None]
    return render_template(
        "staff/reminders.html",
        round=round_,
        rules=[each for each in facts.rules if each.ended_at is None],
        ended=[each for each in facts.rules if each.ended_at is not None],
        days=reminder_calendar.days(fallings, now),
        by_hand=by_hand,
        names={each.response_id: each.name for each in facts.respondents},
        pauses=facts.pauses,
        opted_out=queries.opted_out(session(), round_).values(),
        closing=len(notices.to_tell_of_closing(session(), round_, now)) if round_.closed_at else 0,
        may_send=can(actor(), Act.SEND_MAIL),
        words=mail_words,
        error=error,
        has_errors=bool(error),
    )


@blueprint.get("/rule")
@requires(Act.SEND_MAIL)
def new_rule(round_code: str) -> ResponseReturnValue:
    """The form of a new rule."""
    return _draw_rule(the_round(round_code), Rule(ReminderAnchor.DEADLINE, -7))


@blueprint.post("/rule")
@requires(Act.SEND_MAIL)
def add_rule(round_code: str) -> ResponseReturnValue:
    """Add the rule, or say everything that is wrong with it."""
    round_, rule = the_round(round_code), _typed()
    try:
        reminding.add(session(), round_, rule, actor(), clock.now())
    except RuleRefused as refused:
        roll_back()
        return _draw_rule(round_, rule, errors=refused.faults), WITH_PROBLEMS
    return _back(round_code)


@blueprint.get("/rules/<uuid:rule_id>")
@requires(Act.SEND_MAIL)
def rule(round_code: str, rule_id: UUID) -> ResponseReturnValue:
    """One rule, to be changed or ended."""
    round_ = the_round(round_code)
    kept = reminding.rule_of(session(), round_, rule_id)
    return _draw_rule(round_, reminding.as_rule(kept), rule_id=rule_id)


@blueprint.post("/rules/<uuid:rule_id>")
@requires(Act.SEND_MAIL)
def change_rule(round_code: str, rule_id: UUID) -> ResponseReturnValue:
    """Have another rule in its place."""
    round_, wanted = the_round(round_code), _typed()
    try:
        reminding.change(session(), round_, rule_id, wanted, actor(), clock.now())
    except RuleRefused as refused:
        roll_back()
        return _draw_rule(round_, wanted, rule_id=rule_id, errors=refused.faults), WITH_PROBLEMS
    return _back(round_code)


@blueprint.post("/rules/<uuid:rule_id>/end")
@requires(Act.SEND_MAIL)
def end_rule(round_code: str, rule_id: UUID) -> ResponseReturnValue:
    """End a rule."""
    reminding.end(session(), the_round(round_code), rule_id, actor(), clock.now())
    return _back(round_code)


@blueprint.post("/pause")
@requires(Act.SEND_MAIL)
def pause(round_code: str) -> ResponseReturnValue:
    """Have the plan send nothing for now."""
    reminding.pause(session(), the_round(round_code), actor(), clock.now())
    return _back(round_code)


@blueprint.post("/resume")
@requires(Act.SEND_MAIL)
def resume(round_code: str) -> ResponseReturnValue:
    """Have it send again."""
    try:
        reminding.resume(session(), the_round(round_code), actor(), clock.now())
    except NotPossible as refused:
        roll_back()
        return _draw_plan(round_code, refused.message), WITH_PROBLEMS
    return _back(round_code)


@blueprint.post("/closing")
@requires(Act.SEND_MAIL)
def tell_of_closing(round_code: str) -> ResponseReturnValue:
    """Tell everybody who has not submitted that the round is closed."""
    try:
        notices.tell_of_closing(session(), the_round(round_code), "", actor(), clock.now())
    except NotPossible as refused:
        roll_back()
        return _draw_plan(round_code, refused.message), WITH_PROBLEMS
    return _back(round_code)


@blueprint.get("/by-hand")
@requires(Act.SEND_MAIL)
def by_hand(round_code: str) -> ResponseReturnValue:
    """Who of those chosen (``response``, several) gets a reminder now, who does not and why, and a note."""
    return _draw_by_hand(the_round(round_code))


@blueprint.post("/by-hand")
@requires(Act.SEND_MAIL)
def send_by_hand(round_code: str) -> ResponseReturnValue:
    """Remind those chosen now; the same page sent twice reminds once. A list of respondents that sends only
    whom it chose gets the page that asks.
    """
    round_ = the_round(round_code)
    if "key" not in request.form:
        return _draw_by_hand(round_)
    purpose = request.form.get("purpose", "")
    if purpose not in set(PURPOSES):
        abort(404)
    try:
        reminders.send_by_hand(
            session(),
            round_,
            _chosen(),
            MessagePurpose(purpose),
            request.form.get("note", ""),
            request.form.get("key", ""),
            actor(),
            clock.now(),
        )
    except NotPossible as refused:
        roll_back()
        return _draw_by_hand(round_, refused.message), WITH_PROBLEMS
    return _back(round_code)


def _chosen() -> list[UUID]:
    return reminder_calendar.chosen(request.values.getlist("response"))[:MOST_CHOSEN]


def _draw_by_hand(round_: Round, error: str = "") -> str:
    now = clock.now()
    everybody = [each.response_id for each in reminder_days.read(session(), round_, now).respondents]
    chosen = set(_chosen())
    found = reminders.look(session(), round_, everybody, now)
    return render_template(
        "staff/remind_by_hand.html",
        round=round_,
        found=found,
        chosen=chosen,
        left_chosen=[left for left in found.leaves if left[0].response_id in chosen],
        left_others=[left for left in found.leaves if left[0].response_id not in chosen],
        purposes=[(each.value, mail_words.purpose_name(each)) for each in PURPOSES],
        purpose=request.form.get("purpose", MessagePurpose.REMINDER.value),
        note=request.form.get("note", ""),
        key=request.form.get("key") or new_key(),
        words=mail_words,
        error=error,
        has_errors=bool(error),
    )


def _typed() -> Rule:
    """The rule that was typed; what is no number or choice is caught by the rule's own checks."""
    form = request.form
    audience = form.get("audience", "")
    days = _number(form.get("days", ""))
    anchor, _after, sign = form.get("anchor", "").partition(" ")
    if anchor not in set(ReminderAnchor):
        abort(404)
    return Rule(
        anchor=ReminderAnchor(anchor),
        days=-days if sign == "before" else days,
        hour=_number(form.get("hour", "")),
        business_days=form.get("business_days") == "yes",
        audience=Audience(audience) if audience in set(Audience) else None,
        standings=tuple(Standing(each) for each in form.getlist("standing") if each in set(Standing)),
        purpose=MessagePurpose(form["purpose"]) if form.get("purpose") in set(MessagePurpose) else abort(404),
    )


def _number(text: str) -> int:
    """The number, or one that no rule takes."""
    cleaned = text.strip()
    return int(cleaned) if cleaned.isascii() and cleaned.isdecimal() and len(cleaned) < 7 else 999_999


def _draw_rule(
    round_: Round,
    shown: Rule,
    *,
    rule_id: UUID | None = None,
    errors: list[tuple[str, str]] | None = None,
) -> str:
    wrong = wrong_of(errors)
    return render_template(
        "staff/reminder_rule.html",
        round=round_,
        rule_id=rule_id,
        errors=errors or [],
        wrong=wrong,
        has_errors=bool(errors),
        **_choices(shown),
    )


def _choices(shown: Rule) -> dict[str, Any]:
    audiences = [
        (each.value, mail_words.audience_words(each))
        for each in (Audience.STATE, Audience.ISCM, Audience.IGO)
    ]
    typed = request.form
    before = "before" if shown.days < 0 else "after"
    return {
        "anchor": typed.get("anchor", f"{shown.anchor.value} {before}"),
        "days": typed.get("days", str(abs(shown.days))),
        "hour": typed.get("hour", str(shown.hour)),
        "business_days": shown.business_days,
        "audience": shown.audience.value if shown.audience else "",
        "audiences": [("", mail_words.audience_words(None)), *audiences],
        "standings": {each.value for each in shown.standings},
        "standing_choices": [(each.value, name) for each, name in mail_words.standing_choices().items()],
        "purpose": shown.purpose.value,
        "purposes": [(each.value, mail_words.purpose_name(each)) for each in PURPOSES],
    }


def _back(round_code: str) -> ResponseReturnValue:
    commit()
    letters().wake()
    return redirect(url_for("reminders.plan", round_code=round_code))
