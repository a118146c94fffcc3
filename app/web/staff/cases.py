"""One respondent of a round, as staff see it: where it stands and why, its people, what was sent and said."""

from flask import abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.definitions import values
from app.i18n import _
from app.models import Audience, ContactKind, MessagePurpose, Outcome, ResponseStatus
from app.policy import Act, can
from app.queries import cases, threads, trails
from app.queries.cases import Case
from app.services import contacting, notices, outcomes, requesting, submitting
from app.services.contacting import Entry
from app.services.errors import AlreadyThere, NotPossible, ResponseLocked
from app.standing import standing
from app.web.access import actor, requires
from app.web.conversations import kind_name, new_key, tag_for_staff
from app.web.faults import Errors, wrong_of
from app.web.letters import letters
from app.web.staff import case_words, words
from app.web.staff.moments import day_of, happened, instant
from app.web.staff.rounds import WITH_PROBLEMS, blueprint
from app.web.staff.standings import outcome_names, standing_tag
from app.web.transactions import commit, roll_back, session

MAIL, BY_HAND = "mail.page", "reminders.by_hand"
FIELDS = (
    "kind",
    "with_whom",
    "text",
    "happened-day",
    "happened-time",
    "next_step",
    "next_on",
    "next_by",
    "outcome",
    "reason",
    "until-day",
    "until-time",
    "until-reason",
    "reopen-reason",
    "withdraw-reason",
    "key",
)


def found(round_code: str, code: str) -> Case:
    """The respondent that the address names. Aborts with 404."""
    audience = request.args.get("as", "")
    asked_as = Audience(audience) if audience in set(Audience) else None
    return cases.one(session(), round_code, code, asked_as) or abort(404)


def back(round_code: str, code: str, anchor: str = "") -> ResponseReturnValue:
    """To the respondent's page."""
    return redirect(url_for("rounds.respondent", round_code=round_code, code=code, _anchor=anchor or None))


@blueprint.get("/<round_code>/respondents/<code>")
@requires(Act.READ_ROUNDS)
def respondent(round_code: str, code: str) -> ResponseReturnValue:
    """The page."""
    return draw(round_code, code, [])


def draw(round_code: str, code: str, errors: Errors) -> str:
    """The page, with what is wrong in one of its forms."""
    one = found(round_code, code)
    who, now = actor(), clock.now()
    trail = trails.of_response(session(), one.round, one.response)
    sees_people = can(who, Act.READ_PEOPLE)
    return render_template(
        "staff/case.html",
        case=one,
        round=one.round,
        zone=one.round.zone,
        standing=standing_tag(standing(trail, now)),
        due=one.response.due_at or one.round.closes_at,
        history=[
            case_words.event(each, one.round.zone, sees_people) for each in cases.history(session(), one)
        ],
        people=cases.people(session(), one.organisation.id, now.date()) if sees_people else None,
        role_names=case_words.role_names(),
        mail=cases.mail(session(), one.response.id),
        sees_letters=can(who, Act.READ_MAIL),
        mail_page=_mail_page(one),
        remind_page=_remind_page(one),
        talks=_talks(one) if can(who, Act.ANSWER_THREADS) else [],
        contacts=cases.contacts(session(), one.round.id, one.organisation.id) if sees_people else None,
        contact_kinds=case_words.contact_kinds(),
        received=cases.received(session(), one.response.id) if sees_people else [],
        received_words=case_words.ways(),
        answers=cases.answers_saved(session(), one.response.id),
        staff=cases.staff(session()),
        outcomes=outcome_names(),
        audience_name=words.audience_names()[one.response.audience],
        may=_may(one),
        typed={name: request.form.get(name, "") for name in FIELDS},
        key=request.form.get("key") or new_key(),
        errors=errors,
        wrong=wrong_of(errors),
        has_errors=bool(errors),
        now=now,
        submitted=one.response.status in (ResponseStatus.SUBMITTED, ResponseStatus.REOPENED),
    )


def _may(one: Case) -> dict[str, bool]:
    """What the person may do here now."""
    who, response = actor(), one.response
    submitted = response.status is ResponseStatus.SUBMITTED
    unwritten = submitted or response.outcome is not None
    return {
        "contact": can(who, Act.RECORD_CONTACT),
        "outcome": can(who, Act.CHANGE_OUTCOME),
        "extend": can(who, Act.DECIDE_REQUESTS) and not unwritten,
        "manage": can(who, Act.MANAGE_ROUNDS),
        "reopen": can(who, Act.MANAGE_ROUNDS) and submitted and response.outcome is None,
        "enter": can(who, Act.ENTER_ANSWERS) and not unwritten,
        "read": can(who, Act.ANSWER_THREADS),
    }


def _mail_page(one: Case) -> str | None:
    """The letters of the round with this respondent’s, where there is a page of them."""
    if MAIL not in current_app.view_functions or not can(actor(), Act.READ_MAIL):
        return None
    return url_for(MAIL, round_code=one.round.code, search=one.organisation.name)


def _remind_page(one: Case) -> str | None:
    """Where this respondent is reminded by hand, if the person may send mail."""
    asked = one.round.opened_at is not None and one.participant.withdrawn_at is None
    if BY_HAND not in current_app.view_functions or not asked or not can(actor(), Act.SEND_MAIL):
        return None
    return url_for(BY_HAND, round_code=one.round.code, response=one.response.id)


def _talks(one: Case) -> list[dict[str, object]]:
    return [
        {
            "url": url_for("threads.thread", thread_id=each.thread.id),
            "kind": kind_name(each.thread.kind),
            "tag": tag_for_staff(each),
            "at": each.thread.opened_at,
        }
        for each in threads.of_response(session(), one.response.id)
    ]


@blueprint.post("/<round_code>/respondents/<code>/contacts")
@requires(Act.RECORD_CONTACT)
def record_contact(round_code: str, code: str) -> ResponseReturnValue:
    """Write a contact down; pressing twice writes it once."""
    one, now = found(round_code, code), clock.now()
    errors: Errors = []
    entry = _entry(errors, one.round.zone)
    if entry is not None:
        try:
            key = request.form.get("key", "")
            contacting.record(session(), one.round, one.organisation.id, entry, key, actor(), now)
        except AlreadyThere:
            roll_back()
            return back(round_code, code, "contacts")
        except NotPossible as refused:
            errors.append(("text", refused.message))
    if errors:
        roll_back()
        return draw(round_code, code, errors), WITH_PROBLEMS
    commit()
    return back(round_code, code, "contacts")


def _entry(errors: Errors, zone: str) -> Entry | None:
    """The contact that was typed; None, with what is wrong, if it is none yet."""
    form, now = request.form, clock.now()
    kind = form.get("kind", "")
    if kind not in set(ContactKind):
        errors.append(("kind-call", _("Choose how you were in touch")))
    at = None
    try:
        at = happened(form.get("happened-day", ""), form.get("happened-time", ""), now, zone)
    except NotPossible as refused:
        errors.append(("happened-day", refused.message))
    text = values.normalise(form.get("text", "")).strip()
    if not text:
        errors.append(("text", _("Write what was said or sent")))
    step, on = form.get("next_step", "").strip(), form.get("next_on", "").strip()
    if on and day_of(on) is None:
        errors.append(("next_on", _("Give the day as year, month and day, such as 2027-02-05")))
    if (on or form.get("next_by")) and not step:
        errors.append(("next_step", _("Say what is to be done next")))
    if errors or at is None:
        return None
    by = next((id_ for id_, _name in cases.staff(session()) if str(id_) == form.get("next_by")), None)
    return Entry(ContactKind(kind), form.get("with_whom", ""), text, at, step, day_of(on), by)


@blueprint.post("/<round_code>/respondents/<code>/outcome")
@requires(Act.CHANGE_OUTCOME)
def set_outcome(round_code: str, code: str) -> ResponseReturnValue:
    """Give the response an outcome, or take it back."""
    one, chosen = found(round_code, code), request.form.get("outcome", "")
    if chosen != "none" and chosen not in set(Outcome):
        return draw(round_code, code, [("outcome-declined", _("Choose what came of it"))]), WITH_PROBLEMS
    wanted = None if chosen == "none" else Outcome(chosen)
    reason = request.form.get("reason", "")
    try:
        outcomes.decide(session(), one.response.id, wanted, reason, actor(), clock.now())
    except (NotPossible, ResponseLocked) as refused:
        roll_back()
        return draw(round_code, code, [("reason", refused.message)]), WITH_PROBLEMS
    commit()
    return back(round_code, code)


@blueprint.post("/<round_code>/respondents/<code>/extend")
@requires(Act.DECIDE_REQUESTS)
def extend_one(round_code: str, code: str) -> ResponseReturnValue:
    """Give this respondent more time."""
    one, form = found(round_code, code), request.form
    errors: Errors = []
    reason = form.get("until-reason", "")
    if not reason.strip():
        errors.append(("until-reason", _("Say why there is more time")))
    try:
        until = instant(form.get("until-day", ""), form.get("until-time", ""), one.round.zone)
        if not errors:
            requesting.extend(session(), one.response.id, until, reason, actor(), clock.now())
            _tell(one, MessagePurpose.EXTENSION, reason)
    except NotPossible as refused:
        errors.append(("until-day", refused.message))
    if errors:
        roll_back()
        return draw(round_code, code, errors), WITH_PROBLEMS
    commit()
    letters().wake()
    return back(round_code, code)


@blueprint.post("/<round_code>/respondents/<code>/reopen")
@requires(Act.MANAGE_ROUNDS)
def reopen_one(round_code: str, code: str) -> ResponseReturnValue:
    """Open submitted answers for an amendment; what was submitted counts until it is submitted again."""
    one = found(round_code, code)
    reason = request.form.get("reopen-reason", "")
    try:
        submitting.reopen(session(), one.response.id, reason, actor(), clock.now())
        _tell(one, MessagePurpose.REOPENING, reason)
    except (NotPossible, ResponseLocked) as refused:
        roll_back()
        return draw(round_code, code, [("reopen-reason", refused.message)]), WITH_PROBLEMS
    commit()
    letters().wake()
    return back(round_code, code)


def _tell(one: Case, purpose: MessagePurpose, reason: str) -> None:
    """Have the focal points told what was decided, and why."""
    notices.tell(session(), one.round, [one.response.id], purpose, reason.strip(), clock.now())
