"""Everybody who is asked in a round, one more who is asked, and one who is asked no more."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.definitions import values
from app.i18n import _
from app.models import Audience, Organisation, Round
from app.policy import Act, can
from app.queries import participants, register
from app.services import participating
from app.services import rounds as services
from app.services.errors import AlreadyThere, NotPossible
from app.standing import Standing
from app.web.access import actor, requires
from app.web.faults import Errors, wrong_of
from app.web.letters import letters
from app.web.staff import cases, words
from app.web.staff.rounds import WITH_PROBLEMS, blueprint, by_code
from app.web.staff.standings import standing_names, standing_tag
from app.web.transactions import commit, roll_back, session


@blueprint.get("/<round_code>/respondents")
@requires(Act.READ_ROUNDS)
def respondents(round_code: str) -> ResponseReturnValue:
    """The list, of all or of who stands somewhere, of one audience or all."""
    return _draw(by_code(round_code), [])


def _draw(round_: Round, errors: Errors) -> str:
    now = clock.now()
    found = participants.respondents(session(), round_, now)
    audience, standing = request.args.get("audience", ""), request.args.get("standing", "")
    shown = [
        each
        for each in found
        if audience in {"", each.audience.value} and standing in {"", each.standing.value}
    ]
    return render_template(
        "staff/respondents.html",
        round=round_,
        zone=round_.zone,
        rows=shown,
        all=len(found),
        audience=audience if audience in set(Audience) else "",
        standing=standing if standing in set(Standing) else "",
        audience_names=words.audience_names(),
        standing_names=standing_names(),
        standing_tag=standing_tag,
        may_manage=can(actor(), Act.MANAGE_ROUNDS) and round_.opened_at is not None and not round_.closed_at,
        typed={name: request.form.get(name, "") for name in ("organisation", "audience", "reason")},
        errors=errors,
        wrong=wrong_of(errors),
        has_errors=bool(errors),
        now=now,
    )


@blueprint.post("/<round_code>/respondents")
@requires(Act.MANAGE_ROUNDS)
def add(round_code: str) -> ResponseReturnValue:
    """Ask one more, from today; it stays apart from those who were invited at the opening."""
    round_ = by_code(round_code)
    reason = values.normalise(request.form.get("reason", "")).strip()
    organisation, errors = _named(
        values.normalise(request.form.get("organisation", "")).strip(), request.form.get("audience", "")
    )
    if not reason:
        errors.append(("reason", _("Say why it is asked now")))
    if organisation is None or errors:
        return _draw(round_, errors), WITH_PROBLEMS
    org_code = organisation.code
    try:
        services.add_participant(session(), round_, organisation, actor(), reason=reason, now=clock.now())
    except (NotPossible, AlreadyThere) as refused:
        roll_back()
        return _draw(by_code(round_code), [("organisation", refused.message)]), WITH_PROBLEMS
    commit()
    letters().wake()
    return redirect(url_for("rounds.respondent", round_code=round_code, code=org_code))


def _named(code: str, audience: str) -> tuple[Organisation | None, Errors]:
    asked = Audience(audience) if audience in set(Audience) else None
    found = register.with_code(session(), code, asked) if code else []
    if len(found) == 1:
        return found[0], []
    if not code:
        return None, [("organisation", _("Give the code of an organization, such as GEO"))]
    if found:
        return None, [("audience", _("Several have this code. Say as what it is asked"))]
    return None, [("organisation", _("The register has no organization with the code %(code)s", code=code))]


@blueprint.post("/<round_code>/respondents/<code>/withdraw")
@requires(Act.MANAGE_ROUNDS)
def withdraw(round_code: str, code: str) -> ResponseReturnValue:
    """Ask it no more from today, or again."""
    found = cases.found(round_code, code)
    again = request.form.get("do") == "again"
    if not again and request.form.get("do") != "withdraw":
        abort(404)
    change = participating.ask_again if again else participating.withdraw
    reason = request.form.get("withdraw-reason", "")
    try:
        change(session(), found.round, found.organisation.id, reason, actor(), clock.now())
    except NotPossible as refused:
        roll_back()
        return cases.draw(round_code, code, [("withdraw-reason", refused.message)]), WITH_PROBLEMS
    commit()
    return cases.back(round_code, code)
