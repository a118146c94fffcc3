"""The focal point's team: who was given what and how far they are; inviting, changing, taking back."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import EmailField, StringField
from wtforms.validators import Email, InputRequired, Length

from app import clock
from app.i18n import _
from app.policy import Act, DelegatedRight
from app.queries import teams
from app.queries.teams import Member
from app.services import delegating
from app.services.delegating import LONGEST_NAME, Gift
from app.services.errors import AlreadyThere, NotPossible
from app.web import access, transactions
from app.web.faults import wrong_of
from app.web.letters import letters
from app.web.respond.blueprint import blueprint
from app.web.respond.overview import roles
from app.web.respond.sheet import Sheet, facts, fresh, sheet
from app.web.respond.team_words import offers, part_name, rights, value_of

WITH_PROBLEMS = 422
LONGEST_ADDRESS = 254


class InvitationForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF carries no types
    """Who is invited; what they are given stands beside it as a list of boxes."""

    email = EmailField(
        validators=[
            InputRequired(_("Give the colleague’s address")),
            Email(_("Give an address such as n.beridze@mfa.example")),
            Length(max=LONGEST_ADDRESS, message=_("Give an address of at most 254 characters")),
        ]
    )
    name = StringField(
        validators=[Length(max=LONGEST_NAME, message=_("Give a name of at most 200 characters"))]
    )


@blueprint.get("/team")
@access.requires(Act.MANAGE_TEAM, facts)
def team(response_id: UUID) -> ResponseReturnValue:
    """Everybody who takes part."""
    found = sheet(response_id)
    members = teams.team(transactions.session(), response_id)
    return render_template(
        "respond/team.html",
        sheet=found,
        zone=found.zone,
        members=[(member, _parts(found, member)) for member in members],
        roles=roles(),
        told=request.args.get("told", ""),
    )


def _parts(found: Sheet, member: Member) -> list[tuple[str, str]]:
    """What somebody was given, each with what they may do with it."""
    said = rights()
    return [(part_name(found, part), said[part.right.value]) for part in member.parts]


@blueprint.get("/team/invite")
@access.requires(Act.MANAGE_TEAM, facts)
def ask_invitation(response_id: UUID) -> ResponseReturnValue:
    """Whom to invite, and what to give."""
    return _draw_invitation(response_id, InvitationForm(formdata=None), [])


@blueprint.post("/team/invite")
@access.requires(Act.MANAGE_TEAM, facts)
def invite(response_id: UUID) -> ResponseReturnValue:
    """Give the parts to that address, and have the letter sent."""
    form = InvitationForm()
    gifts = _gifts(sheet(response_id))
    form.validate()
    errors = [(name, text) for name, texts in form.errors.items() for text in texts]
    if gifts is None:
        errors.append(("parts-1", _("Choose what you give")))
    if errors or gifts is None:
        return _draw_invitation(response_id, form, errors), WITH_PROBLEMS
    try:
        delegating.invite(
            transactions.session(),
            response_id,
            form.email.data,
            form.name.data or "",
            gifts,
            access.actor(),
            clock.now(),
        )
    except (AlreadyThere, NotPossible) as refused:
        transactions.roll_back()
        return _draw_invitation(response_id, form, [("email", str(refused))]), WITH_PROBLEMS
    transactions.commit()
    letters().wake()
    return redirect(url_for("respond.team", response_id=response_id, told="invited"))


@blueprint.get("/team/<uuid:appointment_id>")
@access.requires(Act.MANAGE_TEAM, facts)
def ask_change(response_id: UUID, appointment_id: UUID) -> ResponseReturnValue:
    """What somebody was given, to be changed."""
    found = sheet(response_id)
    member = _member(found, appointment_id)
    chosen = [value_of(part) for part in member.parts]
    right = DelegatedRight.WRITE if member.writes else DelegatedRight.READ
    return _draw_change(found, member, chosen, right.value, [])


@blueprint.post("/team/<uuid:appointment_id>")
@access.requires(Act.MANAGE_TEAM, facts)
def change(response_id: UUID, appointment_id: UUID) -> ResponseReturnValue:
    """Let them have what was chosen instead."""
    found = sheet(response_id)
    member = _member(found, appointment_id)
    gifts = _gifts(found)
    if gifts is None:
        errors = [("parts-1", _("Choose what you give, or take everything back"))]
        chosen = request.form.getlist("parts")
        return _draw_change(found, member, chosen, request.form.get("right", ""), errors), WITH_PROBLEMS
    delegating.change(transactions.session(), response_id, appointment_id, gifts, access.actor(), clock.now())
    transactions.commit()
    letters().wake()
    return redirect(url_for("respond.team", response_id=response_id, told="changed"))


@blueprint.get("/team/<uuid:appointment_id>/take-back")
@access.requires(Act.MANAGE_TEAM, facts)
def ask_taking_back(response_id: UUID, appointment_id: UUID) -> ResponseReturnValue:
    """Say what it means, and ask."""
    found = sheet(response_id)
    member = _member(found, appointment_id)
    return render_template(
        "respond/team_take_back.html", sheet=found, member=member, parts=_parts(found, member)
    )


@blueprint.post("/team/<uuid:appointment_id>/take-back")
@access.requires(Act.MANAGE_TEAM, facts)
def take_back(response_id: UUID, appointment_id: UUID) -> ResponseReturnValue:
    """Take back everything that somebody was given here."""
    delegating.take_back(transactions.session(), response_id, appointment_id, access.actor(), clock.now())
    transactions.commit()
    return redirect(url_for("respond.team", response_id=response_id, told="taken_back"))


def _member(found: Sheet, appointment_id: UUID) -> Member:
    members = teams.team(transactions.session(), found.id)
    return next((each for each in members if each.appointment_id == appointment_id), None) or abort(404)


def _gifts(found: Sheet) -> Sequence[Gift] | None:
    """What was chosen on the form; None for nothing, and for what is not offered (any more)."""
    offered = {offer.value: offer.gift for offer in offers(found)}
    chosen = request.form.getlist("parts")
    right = request.form.get("right", "")
    if not chosen or not set(chosen) <= offered.keys() or right not in set(DelegatedRight):
        return None
    return [
        Gift(offered[value].section_key, offered[value].instance_id, DelegatedRight(right))
        for value in chosen
    ]


def _draw_invitation(response_id: UUID, form: InvitationForm, errors: list[tuple[str, str]]) -> str:
    chosen, right = request.form.getlist("parts"), request.form.get("right", DelegatedRight.WRITE.value)
    found = fresh(response_id) if request.method == "POST" else sheet(response_id)
    return render_template("respond/team_invite.html", form=form, **_shared(found, chosen, right, errors))


def _draw_change(
    found: Sheet, member: Member, chosen: Sequence[str], right: str, errors: list[tuple[str, str]]
) -> str:
    return render_template("respond/team_change.html", member=member, **_shared(found, chosen, right, errors))


def _shared(
    found: Sheet, chosen: Sequence[str], right: str, errors: list[tuple[str, str]]
) -> Mapping[str, object]:
    """What both forms draw: the parts to choose from, and what is wrong."""
    wrong = wrong_of(errors)
    return {
        "sheet": found,
        "offers": offers(found),
        "chosen": set(chosen),
        "rights": rights(),
        "right": right,
        "errors": errors,
        "wrong": wrong,
        "has_errors": bool(errors),
    }
