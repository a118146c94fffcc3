"""One person, several hats: which one is worn now."""

from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.i18n import _
from app.policy import AppointmentRole, StaffRole
from app.queries.visitors import Visitor
from app.services import signing_in
from app.web.access import SignInFirst, person, signed_in
from app.web.transactions import commit, session

blueprint = Blueprint("hats", __name__)

STAFF = "staff"


@dataclass(frozen=True)
class HatChoice:
    """One row of the page."""

    value: str
    name: str
    role: str
    worn: bool


def role_name(role: AppointmentRole) -> str:
    """The word for an appointment's role."""
    return {
        AppointmentRole.FOCAL_POINT: _("Focal point"),
        AppointmentRole.CONTRIBUTOR: _("Contributor"),
        AppointmentRole.CLEARING_OFFICER: _("Clears the answers"),
        AppointmentRole.OBSERVER: _("Reads along"),
    }[role]


def staff_name(role: StaffRole) -> str:
    """The words for a member of staff, as the masthead has them."""
    return {
        StaffRole.ADMINISTRATOR: _("Administrator, IOM"),
        StaffRole.COORDINATOR: _("Coordinator, IOM"),
        StaffRole.ANALYST: _("Analyst, IOM"),
        StaffRole.VIEWER: _("Viewer, IOM"),
    }[role]


def hat_name(visitor: Visitor) -> str:
    """For whom the person works now: an organisation, or IOM as one of its staff."""
    if visitor.worn is not None:
        return visitor.worn.organisation
    return staff_name(visitor.actor.staff_role) if visitor.actor.staff_role else ""


def _choices(visitor: Visitor) -> list[HatChoice]:
    worn = visitor.worn
    rows = [
        HatChoice(str(named.hat.appointment_id), named.organisation, role_name(named.hat.role), named is worn)
        for named in visitor.hats
    ]
    if visitor.actor.staff_role:
        rows.append(HatChoice(STAFF, staff_name(visitor.actor.staff_role), _("Staff"), worn is None))
    return rows


def _visitor() -> Visitor:
    visitor = person()
    if visitor is None:
        raise SignInFirst
    return visitor


@blueprint.get("/hats")
@signed_in
def choose() -> ResponseReturnValue:
    """The hats in force, the worn one chosen."""
    return render_template("auth/hats.html", choices=_choices(_visitor()))


@blueprint.post("/hats")
@signed_in
def wear() -> ResponseReturnValue:
    """Changes the hat for this session; 404 for a hat that is not this person's."""
    chosen = request.form.get("hat", "")
    visitor = _visitor()
    if chosen not in {choice.value for choice in _choices(visitor)}:
        abort(404)
    appointment_id = None if chosen == STAFF else UUID(chosen)
    signing_in.wear(session(), visitor.login_session_id, appointment_id, clock.now())
    commit()
    return redirect(url_for("home.home"))
