"""What can be done to a round that runs: more time for all, closing, the cut-off, opening again.

Each is a page that asks, with what follows from it in numbers.
"""

from collections import Counter
from collections.abc import Callable

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.i18n import _
from app.models import Round
from app.policy import Act
from app.queries import participants
from app.services import rounds as services
from app.services import running
from app.services.errors import NotPossible
from app.standing import ANSWERED, Standing
from app.web.access import actor, requires
from app.web.conversations import typed as typed_text
from app.web.faults import Errors, wrong_of
from app.web.letters import letters
from app.web.staff import round_form
from app.web.staff.round_form import Typed
from app.web.staff.rounds import WITH_PROBLEMS, blueprint, by_code
from app.web.transactions import commit, roll_back, session

DRAFTS = (Standing.IN_PROGRESS, Standing.IN_CLEARANCE, Standing.NOT_SUBMITTED)
NOT_BEGUN = (Standing.INVITED, Standing.NO_CONTACT, Standing.BOUNCED, Standing.OPENED)


@blueprint.get("/<round_code>/extend")
@requires(Act.MANAGE_ROUNDS)
def ask_extension(round_code: str) -> ResponseReturnValue:
    """Ask until when everybody gets more time."""
    round_ = by_code(round_code)
    return _draw("staff/round_extend.html", round_, round_form.of_round(round_), [])


@blueprint.post("/<round_code>/extend")
@requires(Act.MANAGE_ROUNDS)
def extend(round_code: str) -> ResponseReturnValue:
    """Give everybody more time."""
    round_, typed = by_code(round_code), round_form.received()
    closes, cutoff, errors = round_form.read_end(typed, round_.zone)
    if closes is None or errors:
        return _draw("staff/round_extend.html", round_, typed, errors), WITH_PROBLEMS
    return _done(
        round_,
        lambda: running.extend(session(), round_, closes, cutoff, actor(), clock.now()),
        lambda now, words: _draw("staff/round_extend.html", now, typed, [("closes-day", words)]),
    )


@blueprint.get("/<round_code>/close")
@requires(Act.MANAGE_ROUNDS)
def ask_closing(round_code: str) -> ResponseReturnValue:
    """Ask whether the round shall be closed."""
    return _draw("staff/round_close.html", by_code(round_code), round_form.empty(None), [])


@blueprint.post("/<round_code>/close")
@requires(Act.MANAGE_ROUNDS)
def close(round_code: str) -> ResponseReturnValue:
    """Close it; a second time it stays closed as it is."""
    round_ = by_code(round_code)
    if round_.closed_at is not None:
        return redirect(url_for("rounds.page", round_code=round_code))
    return _done(round_, lambda: services.close(session(), round_, actor(), now=clock.now()), _back)


@blueprint.get("/<round_code>/cut-off")
@requires(Act.MANAGE_ROUNDS)
def ask_cut_off(round_code: str) -> ResponseReturnValue:
    """Ask whether the round shall be cut off for analysis."""
    return _draw("staff/round_cut_off.html", by_code(round_code), round_form.empty(None), [])


@blueprint.post("/<round_code>/cut-off")
@requires(Act.MANAGE_ROUNDS)
def cut_off(round_code: str) -> ResponseReturnValue:
    """Cut it off; a second time it stays as it is."""
    round_ = by_code(round_code)
    if round_.cut_off_at is not None:
        return redirect(url_for("rounds.page", round_code=round_code))
    return _done(round_, lambda: running.cut_off(session(), round_, actor(), now=clock.now()), _back)


@blueprint.get("/<round_code>/reopen")
@requires(Act.MANAGE_ROUNDS)
def ask_reopening(round_code: str) -> ResponseReturnValue:
    """Ask until when, and why, the round is opened again."""
    round_ = by_code(round_code)
    return _draw("staff/round_reopen.html", round_, round_form.empty(None), [])


@blueprint.post("/<round_code>/reopen")
@requires(Act.MANAGE_ROUNDS)
def reopen(round_code: str) -> ResponseReturnValue:
    """Open it again."""
    round_, typed = by_code(round_code), round_form.received()
    closes, cutoff, errors = round_form.read_end(typed, round_.zone)
    reason = typed_text("reason")
    if not reason.strip():
        errors.append(("reason", _("Say why the round is opened again")))
    if closes is None or errors:
        return _draw("staff/round_reopen.html", round_, typed, errors), WITH_PROBLEMS
    return _done(
        round_,
        lambda: running.reopen(session(), round_, closes, cutoff, reason, actor(), clock.now()),
        lambda now, words: _draw("staff/round_reopen.html", now, typed, [("closes-day", words)]),
    )


def _done(
    round_: Round, act: Callable[[], object], refused: Callable[[Round, str], str]
) -> ResponseReturnValue:
    """Do it and go back to the round's page; what cannot be done is said on the page that asked."""
    round_code = round_.code
    try:
        act()
    except NotPossible as problem:
        roll_back()
        return refused(by_code(round_code), problem.message), WITH_PROBLEMS
    commit()
    letters().wake()
    return redirect(url_for("rounds.page", round_code=round_code))


def _back(round_: Round, words: str) -> str:
    """The round's page says how it stands now; the words that refused stand above."""
    return _draw("staff/round_refused.html", round_, round_form.empty(None), [("main", words)])


def _draw(template: str, round_: Round, typed: Typed, errors: Errors) -> str:
    now = clock.now()
    found = participants.respondents(session(), round_, now) if round_.opened_at else []
    stand: Counter[Standing] = participants.standings_now(found, now)
    return render_template(
        template,
        round=round_,
        zone=round_.zone,
        typed=typed,
        reason=request.form.get("reason", ""),
        drafts=sum(stand[each] for each in DRAFTS),
        not_begun=sum(stand[each] for each in NOT_BEGUN),
        answered=sum(stand[each] for each in ANSWERED),
        later=sum(each.due_at > max(now, round_.closes_at) for each in found if each.asked.on(now)),
        asked=stand.total(),
        now=now,
        errors=errors,
        wrong=wrong_of(errors),
        has_errors=bool(errors),
    )
