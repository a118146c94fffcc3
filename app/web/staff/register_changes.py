"""Changing the register on its pages: periods of mechanisms, memberships, organisations."""

from collections.abc import Callable, Mapping
from datetime import date
from uuid import UUID

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.models import IscmProfile, Organisation, OrganisationKind
from app.policy import Act
from app.queries import register_pages
from app.services import register_editing as service
from app.services import register_rows as rows
from app.services.errors import NotPossible, Refused
from app.web import access, transactions
from app.web.faults import Errors, wrong_of
from app.web.staff import words
from app.web.staff.register import blueprint, organisation_of
from app.web.staff.register_forms import (
    OF_ORGANISATION,
    OF_PROFILE,
    choices_of_profile,
    given,
    text_of,
    typed,
)

WITH_PROBLEMS = 422


def form(template: str, problems: Errors, **more: object) -> str:
    wrong = wrong_of(problems)
    return render_template(
        f"staff/register/{template}.html",
        problems=problems,
        has_errors=bool(problems),
        wrong=wrong,
        column_name=words.column_name,
        **more,
    )


def attempt(act: Callable[[], object]) -> Errors:
    """Do it; or drop everything and say what cannot be."""
    try:
        act()
    except Refused as refused:
        transactions.roll_back()
        return list(refused.problems)
    except NotPossible as refused:
        transactions.roll_back()
        return [("main", refused.message)]
    transactions.commit()
    return []


def mechanism_of(organisation_id: UUID) -> Organisation:
    """The mechanism. Aborts with 404."""
    found = organisation_of(organisation_id)
    return found if found.kind is OrganisationKind.ISCM else abort(404)


def back(organisation_id: UUID, anchor: str | None = None) -> ResponseReturnValue:
    return redirect(url_for("register.organisation", organisation_id=organisation_id, _anchor=anchor))


def _profile_form(template: str, problems: Errors, values: Mapping[str, str], **more: object) -> str:
    return form(
        template,
        problems,
        typed=values,
        uncertain=set(values.get("uncertain_fields", "").split("\n")),
        fields=OF_PROFILE,
        choices=choices_of_profile(),
        uncertain_names=rows.BECOMING_UNCERTAIN,
        **more,
    )


def _before(profile: IscmProfile | None) -> dict[str, str]:
    """The facts of a period as its form shows them."""
    if profile is None:
        return {}
    found = {
        field: text_of(getattr(profile, column)) for field, (column, _check) in rows.PROFILE_FIELDS.items()
    }
    notes = profile.notes or {}
    return found | {field: text_of(notes.get(key)) for field, (key, _check) in rows.NOTE_FIELDS.items()}


@blueprint.get("/register/organisations/<uuid:organisation_id>/periods/add")
@access.requires(Act.CHANGE_REGISTER)
def ask_period(organisation_id: UUID) -> ResponseReturnValue:
    """What holds from a day on; it begins with what held before."""
    found = mechanism_of(organisation_id)
    periods = register_pages.periods(transactions.session(), found.id)
    values = _before(periods[0] if periods else None) | {"valid_from": "", "valid_until": ""}
    return _profile_form("period", [], typed(OF_PROFILE, values), organisation=found, profile=None)


@blueprint.post("/register/organisations/<uuid:organisation_id>/periods/add")
@access.requires(Act.CHANGE_REGISTER)
def add_period(organisation_id: UUID) -> ResponseReturnValue:
    """Add the period."""
    mechanism_of(organisation_id)
    start = _day(request.form.get("valid_from", ""))
    session, actor = transactions.session(), access.actor()
    problems = attempt(
        lambda: service.add_period(session, organisation_id, start, given(OF_PROFILE), actor, clock.now())
    )
    if problems:
        found = mechanism_of(organisation_id)
        page = _profile_form("period", problems, typed(OF_PROFILE), organisation=found, profile=None)
        return page, WITH_PROBLEMS
    return back(organisation_id, "periods")


def _profile_of(organisation_id: UUID, profile_id: UUID) -> IscmProfile:
    found = transactions.session().get(IscmProfile, profile_id)
    return found if found is not None and found.organisation_id == organisation_id else abort(404)


@blueprint.get("/register/organisations/<uuid:organisation_id>/periods/<uuid:profile_id>")
@access.requires(Act.CHANGE_REGISTER)
def ask_correction(organisation_id: UUID, profile_id: UUID) -> ResponseReturnValue:
    """The facts of one period, to be corrected."""
    profile = _profile_of(organisation_id, profile_id)
    found = mechanism_of(organisation_id)
    values = typed(OF_PROFILE, _before(profile))
    return _profile_form("period", [], values, organisation=found, profile=profile)


@blueprint.post("/register/organisations/<uuid:organisation_id>/periods/<uuid:profile_id>")
@access.requires(Act.CHANGE_REGISTER)
def correct_period(organisation_id: UUID, profile_id: UUID) -> ResponseReturnValue:
    """Correct them."""
    _profile_of(organisation_id, profile_id)
    fields = tuple(field for field in OF_PROFILE if field != "valid_from")
    session, actor = transactions.session(), access.actor()
    problems = attempt(lambda: service.correct_period(session, profile_id, given(fields), actor, clock.now()))
    if problems:
        profile, found = _profile_of(organisation_id, profile_id), mechanism_of(organisation_id)
        page = _profile_form("period", problems, typed(OF_PROFILE), organisation=found, profile=profile)
        return page, WITH_PROBLEMS
    return back(organisation_id, "periods")


@blueprint.post("/register/organisations/<uuid:organisation_id>/periods/<uuid:profile_id>/confirm")
@access.requires(Act.CHANGE_REGISTER)
def confirm(organisation_id: UUID, profile_id: UUID) -> ResponseReturnValue:
    """Say that one field is as the secretariat of the mechanism has it."""
    _profile_of(organisation_id, profile_id)
    field = request.form.get("field", "")
    if field not in rows.BECOMING_UNCERTAIN:
        abort(404)
    service.confirm(transactions.session(), profile_id, field, access.actor(), clock.now())
    transactions.commit()
    return back(organisation_id, "periods")


@blueprint.get("/register/mechanisms/add")
@access.requires(Act.CHANGE_REGISTER)
def ask_mechanism() -> ResponseReturnValue:
    """A mechanism that the register lacks."""
    return _profile_form("new_mechanism", [], typed(("code", *OF_PROFILE), {}))


@blueprint.post("/register/mechanisms/add")
@access.requires(Act.CHANGE_REGISTER)
def add_mechanism() -> ResponseReturnValue:
    """Add it."""
    code = request.form.get("code", "")[:80]
    fictional = request.form.get("fictional") == "yes"
    session, actor, made = transactions.session(), access.actor(), []
    problems = attempt(
        lambda: made.append(
            service.add_mechanism(session, code, given(OF_PROFILE), fictional, actor, clock.now()).id
        )
    )
    if problems:
        return _profile_form("new_mechanism", problems, typed(("code", *OF_PROFILE))), WITH_PROBLEMS
    return back(made[0])


@blueprint.get("/register/organisations/add")
@access.requires(Act.CHANGE_REGISTER)
def ask_organisation() -> ResponseReturnValue:
    """A State, an IGO or another body that the register lacks."""
    values = typed(("code", *OF_ORGANISATION), {"kind": "igo", "asked_as": "igo"})
    return _organisation_form([], values, None)


@blueprint.post("/register/organisations/add")
@access.requires(Act.CHANGE_REGISTER)
def add_organisation() -> ResponseReturnValue:
    """Add it."""
    code = request.form.get("code", "")[:80]
    session, actor, made = transactions.session(), access.actor(), []
    problems = attempt(
        lambda: made.append(
            service.add_organisation(session, code, given(OF_ORGANISATION), actor, clock.now()).id
        )
    )
    if problems:
        return _organisation_form(problems, typed(("code", *OF_ORGANISATION)), None), WITH_PROBLEMS
    return back(made[0])


def _organisation_form(problems: Errors, values: Mapping[str, str], found: Organisation | None) -> str:
    return form(
        "change_organisation",
        problems,
        typed=values,
        organisation=found,
        kind_names=[
            (kind.value, name)
            for kind, name in words.kind_names().items()
            if kind is not OrganisationKind.ISCM
        ],
        audiences=[("none", words.nobody()), *words.asked_as_names()],
        regions=words.region_choices(),
    )


@blueprint.get("/register/organisations/<uuid:organisation_id>/change")
@access.requires(Act.CHANGE_REGISTER)
def ask_change(organisation_id: UUID) -> ResponseReturnValue:
    """What the register says of an organisation, to be changed."""
    found = organisation_of(organisation_id)
    if found.kind is OrganisationKind.ISCM:
        abort(404)
    whole = transactions.session().get(Organisation, found.represents_id) if found.represents_id else None
    before = {
        field: text_of(getattr(found, column)) for field, (column, _c) in rows.ORGANISATION_FIELDS.items()
    }
    before |= {f"name_{locale}": name for locale, name in (found.names or {}).items()}
    before["represents"] = whole.code if whole else ""
    return _organisation_form([], typed(OF_ORGANISATION, before), found)


@blueprint.post("/register/organisations/<uuid:organisation_id>/change")
@access.requires(Act.CHANGE_REGISTER)
def change_organisation(organisation_id: UUID) -> ResponseReturnValue:
    """Change it."""
    session, actor = transactions.session(), access.actor()
    problems = attempt(
        lambda: service.change_organisation(
            session, organisation_id, given(OF_ORGANISATION), actor, clock.now()
        )
    )
    if problems:
        found = organisation_of(organisation_id)
        return _organisation_form(problems, typed(OF_ORGANISATION), found), WITH_PROBLEMS
    return back(organisation_id)


@blueprint.get("/register/organisations/<uuid:organisation_id>/withdraw")
@access.requires(Act.CHANGE_REGISTER)
def ask_withdrawal(organisation_id: UUID) -> ResponseReturnValue:
    """What it means to withdraw an organisation."""
    return form("withdraw", [], organisation=organisation_of(organisation_id), reason="")


@blueprint.post("/register/organisations/<uuid:organisation_id>/withdraw")
@access.requires(Act.CHANGE_REGISTER)
def withdraw(organisation_id: UUID) -> ResponseReturnValue:
    """Withdraw it."""
    reason = request.form.get("reason", "")[:2000]
    session, actor = transactions.session(), access.actor()
    problems = attempt(lambda: service.withdraw(session, organisation_id, reason, actor, clock.now()))
    if problems:
        found = organisation_of(organisation_id)
        return form("withdraw", problems, organisation=found, reason=reason), WITH_PROBLEMS
    return back(organisation_id)


@blueprint.post("/register/organisations/<uuid:organisation_id>/restore")
@access.requires(Act.CHANGE_REGISTER)
def restore(organisation_id: UUID) -> ResponseReturnValue:
    """Bring a withdrawn one back."""
    organisation_of(organisation_id)
    service.restore(transactions.session(), organisation_id, access.actor(), clock.now())
    transactions.commit()
    return back(organisation_id)


def _day(typed_: str) -> date | None:
    try:
        return date.fromisoformat(typed_.strip())
    except ValueError:
        return None
