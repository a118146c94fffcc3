"""Clearance: asked for by the focal point, given or refused by whoever clears, on pages of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import EmailField, StringField
from wtforms.validators import Email, InputRequired, Length

from app import clock
from app.i18n import _
from app.models import ClearanceDecision, Response
from app.policy import Act, ResponseFacts, can
from app.queries import clearances
from app.queries.clearances import Officer, Remark, Rule, Standing
from app.services import clearing, freezing, naming_officers
from app.services.errors import AlreadyThere, AttributionMissing, Incomplete, NotPossible, Overtaken
from app.web import access, transactions
from app.web.letters import letters
from app.web.respond import moving
from app.web.respond.blueprint import blueprint
from app.web.respond.quoting import quotable
from app.web.respond.said import Part, parts
from app.web.respond.sheet import Sheet, facts, fresh, sheet

WITH_PROBLEMS = 422
REMARK = "remark."


@dataclass(frozen=True)
class Cleared:
    """Where the clearance of a response stands.

    ``state`` is `off`, `to_ask`, `asked`, `sent_back`, `approved`, or `lapsed` when an answer was changed
    after it was approved. ``digest`` is that of the answers now, None while they cannot be sent.
    """

    rule: Rule
    standing: Standing | None
    officers: tuple[Officer, ...]
    digest: str | None

    @property
    def state(self) -> str:
        """Where it stands, in one word."""
        if not self.rule.wanted and self.standing is None:
            return "off"
        if self.standing is None:
            return "to_ask"
        if self.standing.decision is None:
            return "asked"
        if self.standing.decision is ClearanceDecision.SENT_BACK:
            return "sent_back"
        covered = self.digest is not None and clearing.covers(self.standing, self.digest)
        return "approved" if covered else "lapsed"

    @property
    def stands_in_the_way(self) -> bool:
        """Whether the answers cannot be submitted for want of clearance."""
        return self.rule.wanted and self.state != "approved"


def cleared(found: Sheet) -> Cleared:
    """Where the clearance of this response stands."""
    session = transactions.session()
    rule = clearances.rule(session, found.head.organisation_id)
    standing = clearances.latest(session, found.id)
    officers = clearances.officers(session, found.head.organisation_id, clock.now().date())
    return Cleared(rule, standing, tuple(officers), _digest(found) if standing else None)


def _digest(found: Sheet) -> str | None:
    session = transactions.session()
    try:
        return freezing.digest_now(session, session.get_one(Response, found.id))
    except (Incomplete, AttributionMissing):
        return None


class OfficerForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """Who clears the answers."""

    name = StringField(validators=[InputRequired(_("Give the name of the person")), Length(max=200)])
    email = EmailField(
        validators=[
            InputRequired(_("Give the person’s official address")),
            Email(_("Give an address such as n.beridze@mfa.example")),
        ]
    )


@blueprint.get("/clearance")
@access.requires(Act.READ_RESPONSE, facts)
def clearance(response_id: UUID) -> ResponseReturnValue:
    """Where the clearance stands; for whoever clears, the answers with a place for remarks.

    It is about all answers: who was given a part is led to that.
    """
    found = sheet(response_id)
    if not found.is_own or found.part is not None:
        return redirect(url_for("respond.check", response_id=response_id))
    return _draw(found, [])


@blueprint.post("/clearance/ask")
@access.requires(Act.ASK_CLEARANCE, facts)
def ask_clearance(response_id: UUID) -> ResponseReturnValue:
    """Ask for clearance of the answers as they stand."""

    def act() -> None:
        note = request.form.get("note", "")
        clearing.ask(transactions.session(), response_id, note, access.actor(), clock.now())

    return _done(response_id, act)


@blueprint.post("/clearance/take-back")
@access.requires(Act.ASK_CLEARANCE, facts)
def take_clearance_back(response_id: UUID) -> ResponseReturnValue:
    """Take the asking back."""

    def act() -> None:
        clearing.take_back(transactions.session(), response_id, access.actor(), clock.now())

    return _done(response_id, act)


@blueprint.post("/clearance/decide")
@access.requires(Act.CLEAR_RESPONSE, facts)
def decide_clearance(response_id: UUID) -> ResponseReturnValue:
    """Clear the answers, or send them back with what was remarked."""
    found = sheet(response_id)
    remarks = _remarks(found)
    reason = request.form.get("reason", "")
    back = request.form.get("decision") == "back"

    def act() -> None:
        session, actor, now = transactions.session(), access.actor(), clock.now()
        if back:
            clearing.send_back(session, response_id, reason, remarks, actor, now)
            return
        if remarks or reason.strip():
            raise NotPossible(_("You wrote why something goes back. Send it back, or empty what you wrote."))
        clearing.approve(session, response_id, request.form.get("seen", ""), actor, now)

    return _done(response_id, act)


def facts_of_remark(response_id: UUID, remark_id: UUID) -> ResponseFacts | None:
    """What the policy must know of the place that a remark is about; None if there is no such remark."""
    place = clearances.place_of_remark(transactions.session(), response_id, remark_id)
    if place is None or facts(response_id) is None:
        return None
    found = sheet(response_id)
    return found.facts(place[0], found.questionnaire.section_of(place[1]))


@blueprint.post("/clearance/remarks/<uuid:remark_id>")
@access.requires(Act.EDIT_RESPONSE, facts_of_remark)
def settle_remark(response_id: UUID, remark_id: UUID) -> ResponseReturnValue:
    """Note that a remark has been seen to."""
    clearing.settle(transactions.session(), response_id, remark_id, access.actor(), clock.now())
    transactions.commit()
    return redirect(url_for("respond.clearance", response_id=response_id))


@blueprint.post("/clearance/rule")
@access.requires(Act.SET_CLEARANCE, facts)
def set_clearance(response_id: UUID) -> ResponseReturnValue:
    """Say whether answers are cleared before they go."""
    wanted = set(request.form.getlist("clearance"))

    def act() -> None:
        rule = Rule("wanted" in wanted, "four_eyes" in wanted)
        clearing.set_rule(transactions.session(), response_id, rule, access.actor(), clock.now())

    return _done(response_id, act)


@blueprint.post("/clearance/officer")
@access.requires(Act.ASK_CLEARANCE, facts)
def name_officer(response_id: UUID) -> ResponseReturnValue:
    """Name somebody who clears."""
    form = OfficerForm()
    if not form.validate():
        wrong = [(f"#officer-{field}", said[0]) for field, said in form.errors.items()]
        return _draw(sheet(response_id), wrong, form), WITH_PROBLEMS

    def act() -> None:
        naming_officers.name_officer(
            transactions.session(), response_id, form.email.data, form.name.data, access.actor(), clock.now()
        )

    return _done(response_id, act, form)


def _done(response_id: UUID, act: Callable[[], None], form: OfficerForm | None = None) -> ResponseReturnValue:
    """Do it and go back to the page; what cannot be done is said, and what was typed is kept."""
    try:
        act()
    except (NotPossible, AlreadyThere, Overtaken, AttributionMissing, Incomplete) as refused:
        transactions.roll_back()
        lists = isinstance(refused, AttributionMissing | Incomplete)
        where = url_for("respond.check", response_id=response_id) if lists else "#clearance"
        return _draw(fresh(response_id), [(where, str(refused))], form), WITH_PROBLEMS
    transactions.commit()
    letters().wake()
    return redirect(url_for("respond.clearance", response_id=response_id))


def _remarks(found: Sheet) -> list[clearing.Remark]:
    """What was written beside single questions, of those that the page shows."""
    return [
        clearing.Remark(said.instance, said.key, text)
        for part in parts(found, changing=False)
        for said in part.answers
        if (text := request.form.get(f"{REMARK}{said.anchor}", "").strip())
    ]


def _draw(found: Sheet, errors: list[tuple[str, str]], form: OfficerForm | None = None) -> str:
    now = cleared(found)
    actor, of_response = access.actor(), found.facts()
    clears = can(actor, Act.CLEAR_RESPONSE, of_response)
    reads = clears and now.state == "asked" and found.editable
    digest = now.digest or _digest(found) or ""
    if reads:
        found = fresh(found.id)  # read after its digest, so that nothing unread is cleared with it
    said = parts(found, changing=False) if reads else []
    return render_template(
        "respond/clearance.html",
        sheet=found,
        zone=found.zone,
        errors=errors,
        has_errors=bool(errors),
        now=now,
        reads=reads,
        clears=clears,
        may_ask=can(actor, Act.ASK_CLEARANCE, of_response),
        may_set=can(actor, Act.SET_CLEARANCE, of_response),
        parts=said,
        answers=sum(one.answered for part in said for one in part.answers),
        changed=_changed(said, now.standing),
        quotable=quotable(found),
        remarks=[_placed(found, remark) for remark in found.remarks],
        officer=form or OfficerForm(formdata=None),
        typed=request.form,
        digest=digest,
        remark_prefix=REMARK,
    )


def _changed(said: list[Part], standing: Standing | None) -> set[str]:
    """The answers that were changed after clearance was asked for, by their anchors."""
    since: datetime | None = standing.asked_at if standing else None
    return {
        one.anchor
        for part in said
        for one in part.answers
        if since is not None and any(kept.at > since for kept in one.kept)
    }


def _placed(found: Sheet, remark: Remark) -> tuple[Remark, str, str]:
    """A remark with the name of its question and the address of its page."""
    place = found.questionnaire.place(remark.question_key)
    label = found.words(place.question.name, remark.instance_id)
    about = found.subject_short(remark.instance_id) if remark.instance_id else ""
    address = moving.page_url(found, place.section.key, place.page.key, remark.instance_id)
    return remark, f"{about}: {label}" if about else label, f"{address}#a-{remark.question_key}-label"
