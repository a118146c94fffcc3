"""The register to look at: organisations, one of them with its periods and memberships, and its changes."""

from uuid import UUID

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from app import clock
from app.i18n import _
from app.models import Organisation, OrganisationKind
from app.policy import Act, can
from app.queries import contacts, register_pages
from app.web import access, transactions
from app.web.auth.hats import role_name
from app.web.staff import paging, words
from app.web.staff.change_log import entries_of

blueprint = Blueprint("register", __name__)
MOST_EVENTS = 20
PER_LOG_PAGE = 50


@blueprint.get("/register/organisations")
@access.requires(Act.READ_REGISTER)
def organisations() -> ResponseReturnValue:
    """States, territories, unions, IGOs and others, as they are searched for."""
    search, kind = request.args.get("search", "")[:200], request.args.get("kind", "")
    withdrawn = request.args.get("withdrawn") == "yes"
    found = register_pages.organisations(transactions.session(), search, kind, withdrawn)
    page = paging.page_of(len(found))
    return render_template(
        "staff/register/organisations.html",
        found=found[page.start : page.last_shown],
        page=page,
        search=search,
        kind=kind,
        withdrawn=withdrawn,
        kind_names=words.kind_names(),
        audience_names=words.audience_names(),
        may_change=can(access.actor(), Act.CHANGE_REGISTER),
    )


def organisation_of(organisation_id: UUID) -> Organisation:
    """The organisation. Aborts with 404."""
    return transactions.session().get(Organisation, organisation_id) or abort(404)


@blueprint.get("/register/organisations/<uuid:organisation_id>")
@access.requires(Act.READ_REGISTER)
def organisation(organisation_id: UUID) -> ResponseReturnValue:
    """One of them, a mechanism too."""
    return draw(organisation_of(organisation_id))


def draw(found: Organisation) -> str:
    """The page of an organisation: what it is, its periods, who takes part, who answers, what was changed."""
    session, today, actor = transactions.session(), clock.now().date(), access.actor()
    mechanism = found.kind is OrganisationKind.ISCM
    things = register_pages.things_of(session, found.id)
    events, total = register_pages.log(session, things, 0, MOST_EVENTS)
    represented = session.get(Organisation, found.represents_id) if found.represents_id else None
    return render_template(
        "staff/register/mechanism.html" if mechanism else "staff/register/organisation.html",
        organisation=found,
        represented=represented,
        periods=register_pages.periods(session, found.id) if mechanism else (),
        members=register_pages.members(session, found.id) if mechanism else (),
        takes_part=register_pages.taking_part_in(session, found.id),
        people=contacts.of_organisation(session, found.id) if can(actor, Act.READ_PEOPLE) else None,
        rounds=register_pages.rounds_that_keep(session, found.id),
        log=entries_of(events, register_pages.names_of(session, events)),
        more_log=total > MOST_EVENTS,
        today=today,
        kind_names=words.kind_names(),
        audience_names=words.audience_names(),
        member_role_names=words.member_role_names(),
        field_name=words.field_name,
        regions=words.region_names(),
        locale_names=words.locale_names() | {"zh": _("Chinese")},
        role_name=role_name,
        may_change=can(actor, Act.CHANGE_REGISTER),
        may_manage=can(actor, Act.MANAGE_CONTACTS),
    )


@blueprint.get("/register/log")
@access.requires(Act.READ_REGISTER)
def log() -> ResponseReturnValue:
    """What was changed in the whole register, page by page."""
    return _draw_log(None)


@blueprint.get("/register/organisations/<uuid:organisation_id>/log")
@access.requires(Act.READ_REGISTER)
def log_of(organisation_id: UUID) -> ResponseReturnValue:
    """What was changed of one organisation, page by page."""
    return _draw_log(organisation_of(organisation_id))


def _draw_log(found: Organisation | None) -> str:
    session = transactions.session()
    about = register_pages.things_of(session, found.id) if found else None
    start = (paging.number() - 1) * PER_LOG_PAGE
    events, total = register_pages.log(session, about, start, PER_LOG_PAGE)
    return render_template(
        "staff/register/log.html",
        organisation=found,
        log=entries_of(events, register_pages.names_of(session, events)),
        page=paging.page_of(total, PER_LOG_PAGE),
    )
