"""Whom to chase: who has not finished, the longest silent first; the rule can be changed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import abort, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from werkzeug.datastructures import MultiDict

from app.exports import chase_table
from app.i18n import _
from app.policy import Act, can
from app.queries import chasing as queries
from app.tracking import chasing
from app.tracking.chasing import Case, Order, Rule
from app.tracking.model import Base
from app.web.access import actor, requires
from app.web.tracking import drawing
from app.web.tracking.blueprint import chase as blueprint
from app.web.tracking.looking import Looked, look, shared
from app.web.tracking.reading import progress_of
from app.web.tracking.sending import send
from app.web.transactions import session, writes_later

BY_HAND = "reminders.by_hand"
MOST_DAYS = 366


@dataclass(frozen=True)
class Chased:
    """Who is listed under which rule; ``silent`` is the number of days as it was typed."""

    rule: Rule
    silent: str
    faults: tuple[tuple[str, str], ...]
    cases: tuple[Case, ...]


@blueprint.get("/rounds/<round_code>/chase")
@requires(Act.RECORD_CONTACT)
def page(round_code: str) -> ResponseReturnValue:
    """The chase list of the round, as of now."""
    looked = _look(round_code)
    chased = _chased(looked)
    far = progress_of(looked, [each.respondent for each in chased.cases])
    return render_template(
        "staff/tracking/chase.html",
        **shared(looked, "chase"),
        chased=chased,
        orders=order_names(),
        filters=drawing.filters(looked.tracking, looked.asked.selection, str(get_locale()), chased=True),
        far=far,
        reached_words=chase_table.reached_words,
        step_of=lambda case: _step(case, looked.tracking.at, looked.round.zone),
        reminding=_reminding(round_code),
        sign_notes=chase_table.sign_notes(),
    )


@blueprint.post("/rounds/<round_code>/chase/export")
@writes_later
@requires(Act.RECORD_CONTACT)
def export(round_code: str) -> ResponseReturnValue:
    """The chase list under the rule of the page, as a file."""
    looked = _look(round_code)
    chased = _chased(looked)
    far = progress_of(looked, [each.respondent for each in chased.cases])
    return send(looked, "chase", [chase_table.made(looked.tracking, chased.cases, far, str(get_locale()))])


def order_names() -> dict[Order, str]:
    """What the orders of the list are called."""
    return {
        Order.SILENCE: _("the longest silent first"),
        Order.DEADLINE: _("the earliest deadline first"),
        Order.STEP: _("the next step that is due first"),
        Order.NAME: _("by name"),
    }


def _look(round_code: str) -> Looked:
    """Today's base, now: nobody is chased as of a past day."""
    if request.values.get("as_of"):
        abort(404)
    return look(round_code, Base.TODAY)


def _chased(looked: Looked) -> Chased:
    rule, silent, faults = _rule(request.values, looked)
    known = queries.known(session(), looked.round)
    return Chased(rule, silent, faults, chasing.cases(looked.tracking, known, rule))


def _rule(args: MultiDict[str, str], looked: Looked) -> tuple[Rule, str, tuple[tuple[str, str], ...]]:
    order = Order(args["order"]) if args.get("order") in set(Order) else Order.SILENCE
    typed = args.get("silent", "").strip()[:20]
    faults: tuple[tuple[str, str], ...] = ()
    silent = 0
    if typed.isascii() and typed.isdigit() and int(typed) <= MOST_DAYS:
        silent = int(typed)
    elif typed:
        words = _("Give the number of days in digits, at most %(most)s", most=MOST_DAYS)
        faults = (("silent", words),)
    return Rule(order, silent, looked.asked.selection), typed, faults


def _step(case: Case, now: datetime, zone: str) -> dict[str, Any]:
    """What is to be done next and whose it is: a request first, then what was agreed, then what is known."""
    if case.request is not None:
        address = url_for("threads.thread", thread_id=case.request.thread_id)
        return {"address": address, "until": case.request.until, "who": None}
    if case.step is not None:
        mine = case.step.by_id is not None and case.step.by_id == actor().user_id
        past = case.step.on is not None and case.step.on < now.astimezone(ZoneInfo(zone)).date()
        return {"step": case.step, "past": past, "who": _("you") if mine else case.step.by or None}
    return {"who": None}


def _reminding(round_code: str) -> str | None:
    """Where the selected are reminded, if the person may send mail."""
    if BY_HAND not in current_app.view_functions or not can(actor(), Act.SEND_MAIL):
        return None
    return url_for(BY_HAND, round_code=round_code)
