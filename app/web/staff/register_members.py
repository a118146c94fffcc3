"""Who takes part in a mechanism: added, corrected, ended on the register's pages."""

from collections.abc import Mapping
from uuid import UUID

from flask import abort, request
from flask.typing import ResponseReturnValue

from app import clock
from app.models import Membership, MembershipRole, Organisation
from app.policy import Act
from app.queries import contact_lists, organisations
from app.services import register_editing as service
from app.web import access, transactions
from app.web.faults import Errors
from app.web.staff import words
from app.web.staff.register import blueprint
from app.web.staff.register_changes import WITH_PROBLEMS, attempt, back, form, mechanism_of
from app.web.staff.register_forms import OF_MEMBERSHIP, given, text_of, typed


def found_in(
    register: contact_lists.Register,
    written: str,
    field: str,
    problems: Errors,
    *,
    mechanisms: bool = False,
) -> UUID | None:
    """Whom the words mean, by code or name; nobody or several is a problem."""
    written = written.strip()[:300]
    found = register.called(written, mechanisms=mechanisms) if written else []
    if len(found) == 1:
        return found[0].id
    if found:
        problems.append((field, words.several(found)))
    elif written:
        problems.append((field, words.unknown(register.near(written, mechanisms=mechanisms))))
    return None


@blueprint.get("/register/organisations/<uuid:organisation_id>/members/add")
@access.requires(Act.CHANGE_REGISTER)
def ask_membership(organisation_id: UUID) -> ResponseReturnValue:
    """Who takes part in a mechanism, as what, from when."""
    found = mechanism_of(organisation_id)
    return _membership_form([], typed(OF_MEMBERSHIP, {"role": "member"}), found, None)


@blueprint.post("/register/organisations/<uuid:organisation_id>/members/add")
@access.requires(Act.CHANGE_REGISTER)
def add_membership(organisation_id: UUID) -> ResponseReturnValue:
    """Add it."""
    mechanism_of(organisation_id)
    session, actor, form = transactions.session(), access.actor(), request.form
    unknown: Errors = []
    register = contact_lists.Register(session)
    member = found_in(register, form.get("member", ""), "member", unknown)
    via = found_in(register, form.get("via", ""), "via", unknown)
    role = form.get("role", "")
    as_what = MembershipRole(role) if role in set(MembershipRole) else None
    values = given(OF_MEMBERSHIP)
    problems = unknown or attempt(
        lambda: service.add_membership(
            session, organisation_id, member, as_what, values, via, actor, clock.now()
        )
    )
    if problems:
        transactions.roll_back()
        page = _membership_form(problems, typed(OF_MEMBERSHIP), mechanism_of(organisation_id), None)
        return page, WITH_PROBLEMS
    return back(organisation_id, "members")


def _membership_form(
    problems: Errors, values: Mapping[str, str], iscm: Organisation, membership: Membership | None
) -> str:
    session = transactions.session()
    names = organisations.by_ids(session, [membership.member_id] if membership else [])
    return form(
        "membership",
        problems,
        typed=values,
        organisation=iscm,
        membership=membership,
        member=names.get(membership.member_id) if membership else None,
        roles=[(role.value, name) for role, name in words.member_role_names().items()],
        role_names=words.member_role_names(),
    )


def _membership_of(organisation_id: UUID, membership_id: UUID) -> Membership:
    found = transactions.session().get(Membership, membership_id)
    return found if found is not None and found.iscm_id == organisation_id else abort(404)


@blueprint.get("/register/organisations/<uuid:organisation_id>/members/<uuid:membership_id>")
@access.requires(Act.CHANGE_REGISTER)
def ask_membership_change(organisation_id: UUID, membership_id: UUID) -> ResponseReturnValue:
    """One membership, to be corrected or ended."""
    found = _membership_of(organisation_id, membership_id)
    via = transactions.session().get(Organisation, found.via_id) if found.via_id else None
    before = {
        "from": text_of(found.from_),
        "until": text_of(found.until),
        "note": found.note or "",
        "via": via.code if via else "",
    }
    return _membership_form([], typed(OF_MEMBERSHIP, before), mechanism_of(organisation_id), found)


@blueprint.post("/register/organisations/<uuid:organisation_id>/members/<uuid:membership_id>")
@access.requires(Act.CHANGE_REGISTER)
def change_membership(organisation_id: UUID, membership_id: UUID) -> ResponseReturnValue:
    """Correct it, or end it."""
    _membership_of(organisation_id, membership_id)
    session, actor = transactions.session(), access.actor()
    problems: Errors = []
    via = found_in(contact_lists.Register(session), request.form.get("via", ""), "via", problems)
    values = given(OF_MEMBERSHIP)
    problems = problems or attempt(
        lambda: service.change_membership(session, membership_id, values, via, actor, clock.now())
    )
    if problems:
        transactions.roll_back()
        found = _membership_of(organisation_id, membership_id)
        page = _membership_form(problems, typed(OF_MEMBERSHIP), mechanism_of(organisation_id), found)
        return page, WITH_PROBLEMS
    return back(organisation_id, "members")
