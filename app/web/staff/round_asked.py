"""Who is asked in a round: the rule, whom it means, and opening the round on them."""

from collections.abc import Mapping

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.definitions import asking, values
from app.definitions.asking import Part, Rule
from app.i18n import _
from app.models import Round
from app.policy import Act
from app.queries import invitees
from app.queries.invitees import Preview
from app.services import opening, planning
from app.services.errors import NotPossible, Overtaken
from app.web.access import actor, requires
from app.web.faults import Errors, wrong_of
from app.web.letters import letters
from app.web.staff import words
from app.web.staff.rounds import WITH_PROBLEMS, blueprint, by_code
from app.web.transactions import commit, roll_back, session

KINDS = {"real": False, "fictional": True}


@blueprint.get("/<round_code>/asked")
@requires(Act.MANAGE_ROUNDS)
def asked(round_code: str) -> ResponseReturnValue:
    """The rule, and below it whom it means."""
    round_ = by_code(round_code)
    rule = asking.read(round_.asked)
    return _draw(round_, rule, _preview(round_, rule), [])


@blueprint.post("/<round_code>/asked")
@requires(Act.MANAGE_ROUNDS)
def set_asked(round_code: str) -> ResponseReturnValue:
    """Keep the rule and show whom it means; codes that mean nothing are named, all at once."""
    round_ = by_code(round_code)
    rule = _received()
    found = _preview(round_, rule)
    errors = _errors(rule, found)
    if errors:
        return _draw(round_, rule, found, errors), WITH_PROBLEMS
    try:
        planning.set_asked(session(), round_, rule.plain(), actor(), clock.now())
    except NotPossible as refused:
        roll_back()
        return _draw(by_code(round_code), rule, found, [("state-members", refused.message)]), WITH_PROBLEMS
    commit()
    return redirect(url_for("rounds.asked", round_code=round_code, _anchor="preview"))


def _received() -> Rule:
    parts = {}
    for name, choices in asking.CHOICES.items():
        typed = request.form.get(name, "")
        who = next((each for each in choices if each.value == typed), choices[0])
        codes = values.normalise(request.form.get(f"{name}-codes", ""))
        parts[name] = Part(
            who, asking.codes_of(codes)[: asking.MOST_CODES] if who in asking.NEEDS_CODES else ()
        )
    return Rule(parts, fictional=KINDS.get(request.form.get("kind", ""), False))


def _errors(rule: Rule, found: Preview) -> Errors:
    errors = []
    for name, codes in found.invitees.faults.items():
        said = _("Not in the register of that day: %(codes)s", codes=", ".join(codes))
        errors.append((f"{name}-codes", said))
    for name, part in rule.parts.items():
        if part.who in asking.NEEDS_CODES and not part.codes:
            errors.append((f"{name}-codes", _("Give at least one code")))
    return errors


def _preview(round_: Round, rule: Rule) -> Preview:
    return invitees.preview(session(), round_, rule, opening.day_of_opening(round_, clock.now()))


def _draw(round_: Round, rule: Rule, found: Preview, errors: Errors) -> str:
    return render_template(
        "staff/round_asked.html",
        round=round_,
        rule=rule,
        preview=found,
        **_names(),
        choices=asking.CHOICES,
        who_words=words.who_is_asked(),
        part_words=words.parts_of_rule(),
        errors=errors,
        wrong=wrong_of(errors),
        has_errors=bool(errors),
    )


def _names() -> Mapping[str, object]:
    return {
        "audience_names": words.audience_names(),
        "region_name": words.region_name,
        "audiences": invitees.ASKED,
    }


@blueprint.get("/<round_code>/open")
@requires(Act.MANAGE_ROUNDS)
def ask_opening(round_code: str) -> ResponseReturnValue:
    """Ask whether the round shall be opened, with everybody whom it then asks."""
    return _draw_opening(by_code(round_code), "")


@blueprint.post("/<round_code>/open")
@requires(Act.MANAGE_ROUNDS)
def open_(round_code: str) -> ResponseReturnValue:
    """Open it on those who were shown; a second time it stays as it is."""
    round_ = by_code(round_code)
    if round_.opened_at is not None:
        return redirect(url_for("rounds.page", round_code=round_code))
    seen = request.form.get("seen", "")
    try:
        opening.open_by_rule(session(), round_, actor(), clock.now(), seen=seen)
    except (NotPossible, Overtaken) as refused:
        roll_back()
        now = by_code(round_code)
        if now.opened_at is not None:  # somebody else opened it a moment before
            return redirect(url_for("rounds.page", round_code=round_code))
        return _draw_opening(now, refused.message), WITH_PROBLEMS
    commit()
    letters().wake()
    return redirect(url_for("rounds.page", round_code=round_code))


def _draw_opening(round_: Round, error: str) -> str:
    today = opening.today_in(round_, clock.now())
    found = invitees.preview(session(), round_, asking.read(round_.asked), today)
    return render_template(
        "staff/round_open.html",
        round=round_,
        zone=round_.zone,
        preview=found,
        **_names(),
        versions=invitees.versions(session(), found.invitees),
        error=error,
        has_errors=bool(error),
    )
