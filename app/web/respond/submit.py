"""Submitting, with a statement, and the page that confirms it."""

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.definitions import completeness
from app.i18n import _
from app.models import Round
from app.policy import Act
from app.services import submitting, withdrawing
from app.services.errors import AttributionMissing, Incomplete, NotCleared, NotPossible
from app.web import access, transactions
from app.web.letters import letters
from app.web.respond import check
from app.web.respond.blueprint import blueprint
from app.web.respond.sheet import Sheet, facts, fresh, sheet

WITH_PROBLEMS = 422


@blueprint.post("/submit")
@access.requires(Act.SUBMIT_RESPONSE, facts)
def submit(response_id: UUID) -> ResponseReturnValue:
    """Submit everything as it stands; what is missing is listed with its way there."""
    found = sheet(response_id)
    if request.form.get(check.STATEMENT) != "yes":
        return check.draw(found, _in_the_way(found, confirmed=False)), WITH_PROBLEMS
    try:
        submitting.submit(
            transactions.session(), response_id, check.statement(found), access.actor(), clock.now()
        )
    except (AttributionMissing, Incomplete):
        transactions.roll_back()
        now = fresh(response_id)
        return check.draw(now, _in_the_way(now, confirmed=True)), WITH_PROBLEMS
    except NotCleared as refused:
        transactions.roll_back()
        clear = url_for("respond.clearance", response_id=response_id)
        return check.draw(fresh(response_id), [(clear, str(refused))]), WITH_PROBLEMS
    transactions.commit()
    letters().wake()
    return redirect(url_for("respond.submitted", response_id=response_id))


def _in_the_way(found: Sheet, *, confirmed: bool) -> list[tuple[str, str]]:
    """Everything that keeps the response from being submitted, as (where it is put right, what to do)."""
    errors = []
    if found.editable and found.head.attribution is None:
        choose = f"{url_for('respond.quoting', response_id=found.id)}?from=check"
        errors.append((choose, _("Choose how you may be quoted")))
    if found.editable and completeness.lacking(found.path, found.plain_answers, found.register):
        errors.append(("#missing", _("Put right what is listed below")))
    if not confirmed:
        say_so = _("Confirm that you submit these answers on behalf of %(name)s", name=found.respondent)
        errors.append(("#statement", say_so))
    return errors


@blueprint.get("/withdraw")
@access.requires(Act.WITHDRAW_SUBMISSION, facts)
def ask_withdrawal(response_id: UUID) -> ResponseReturnValue:
    """Ask whether what was submitted shall be taken back, and why."""
    found = sheet(response_id)
    if found.sent is None:
        return redirect(url_for("respond.overview", response_id=response_id))
    return _withdrawal(found)


@blueprint.post("/withdraw")
@access.requires(Act.WITHDRAW_SUBMISSION, facts)
def withdraw(response_id: UUID) -> ResponseReturnValue:
    """Take back what was submitted."""
    reason = request.form.get("reason", "")
    try:
        withdrawing.withdraw(transactions.session(), response_id, reason, access.actor(), clock.now())
    except NotPossible as refused:
        transactions.roll_back()
        return _withdrawal(fresh(response_id), str(refused)), WITH_PROBLEMS
    transactions.commit()
    return redirect(url_for("respond.overview", response_id=response_id))


def _withdrawal(found: Sheet, error: str | None = None) -> str:
    round_ = transactions.session().get_one(Round, found.head.round_id)
    return render_template(
        "respond/withdraw.html",
        sheet=found,
        sent=found.sent,
        zone=found.zone,
        until=withdrawing.withdrawable_until(round_),
        late=withdrawing.withdrawable_until(round_) <= clock.now(),
        error=error,
        has_errors=bool(error),
    )


@blueprint.get("/submitted")
@access.requires(Act.READ_RESPONSE, facts)
def submitted(response_id: UUID) -> ResponseReturnValue:
    """The confirmation: reference and time."""
    found = sheet(response_id)
    if found.sent is None:
        return redirect(url_for("respond.overview", response_id=response_id))
    return render_template("respond/submitted.html", sheet=found, sent=found.sent, zone=found.zone)
