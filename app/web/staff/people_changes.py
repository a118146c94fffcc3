"""Changing people and what they are appointed to; each change is told in their history."""

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from app import clock
from app.i18n import _
from app.models import Appointment, User
from app.policy import Act, Actor, AppointmentRole, StaffRole
from app.queries import contact_lists, contacts
from app.services import contacts as service
from app.services.contacts import Person, Wanted
from app.services.errors import AlreadyThere, NotFound, NotPossible, Refused
from app.services.filing import Received
from app.web import access, transactions, uploading
from app.web.auth.hats import role_name
from app.web.faults import Errors, wrong_of
from app.web.staff import words
from app.web.staff.people import blueprint, draw, manageable

WITH_PROBLEMS = 422
TOO_LARGE = 413
OF_PERSON = ("name", "email", "function", "phone", "locale")
OF_APPOINTMENT = ("organisation", "role", "mechanism", "start", "number", "dated")


def _typed(fields: tuple[str, ...], before: dict[str, str] | None = None) -> dict[str, str]:
    """What stands in the form: what was typed, else what was there before."""
    sent = request.form if request.method == "POST" else before or {}
    return {field: str(sent.get(field) or "") for field in fields}


def _form(template: str, problems: Errors, **more: object) -> str:
    wrong = wrong_of(problems)
    return render_template(
        f"staff/people/{template}.html",
        problems=problems,
        has_errors=bool(problems),
        wrong=wrong,
        roles=[(role.value, role_name(role)) for role in AppointmentRole],
        locale_names=words.locale_names(),
        **more,
    )


def _person() -> Person:
    sent = {field: request.form.get(field, "")[:1000] for field in OF_PERSON}
    return Person(**sent)


def _wanted(problems: Errors, file: Received | None) -> Wanted:
    """The appointment as it was typed; what no name of the register is, is a problem."""
    form = request.form
    register = contact_lists.Register(transactions.session())
    role = form.get("role", "")
    return Wanted(
        organisation_id=_found(register, form.get("organisation", ""), "organisation", problems),
        role=AppointmentRole(role) if role in set(AppointmentRole) else None,
        iscm_id=_found(register, form.get("mechanism", ""), "mechanism", problems),
        start=day(form.get("start", "")),
        number=form.get("number", "")[:1000],
        dated=day(form.get("dated", "")),
        file=file,
    )


def _found(register: contact_lists.Register, typed: str, field: str, problems: Errors) -> UUID | None:
    written = typed.strip()[:300]
    if not written:
        return None
    found = register.called(written, mechanisms=field == "mechanism")
    if len(found) == 1:
        return found[0].id
    said = (
        words.several(found)
        if found
        else words.unknown(register.near(written, mechanisms=field == "mechanism"))
    )
    problems.append((field, said))
    return None


def day(typed: str) -> date | None:
    """The day that was typed, None for what is none."""
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        return None


def _try(problems: Errors, act: Callable[[], None]) -> None:
    """Do it, or add what cannot be: what was said of a field already is not said again."""
    said = {field for field, _words in problems}
    try:
        act()
    except Refused as refused:
        problems += [each for each in refused.problems if each[0] not in said]
    except AlreadyThere as refused:
        problems.append(("role", refused.message))


@blueprint.get("/people/add")
@access.requires(Act.MANAGE_CONTACTS)
def ask_new() -> ResponseReturnValue:
    """A new person with an appointment."""
    before = {
        "start": clock.now().date().isoformat(),
        "role": "focal_point",
        "locale": "en",
        "organisation": request.args.get("organisation", "")[:80],
    }
    return _form("add", [], typed=_typed(OF_PERSON + OF_APPOINTMENT, before))


def new_too_large() -> ResponseReturnValue:
    """Says the limit to a request that is longer than any file may be."""
    problems = [("file", _("Choose a file of at most 20 MB. This one is larger; nothing was changed"))]
    return _form("add", problems, typed=dict.fromkeys(OF_PERSON + OF_APPOINTMENT, "")), TOO_LARGE


@blueprint.post("/people/add")
@access.requires(Act.MANAGE_CONTACTS)
@uploading.takes_a_file(new_too_large)
def add() -> ResponseReturnValue:
    """Add the person, or say everything that cannot be."""
    problems: Errors = []
    file = uploading.sent_file(problems)
    session = transactions.begin_writing()
    wanted, made = _wanted(problems, file), []
    _try(
        problems,
        lambda: made.append(service.add(session, _person(), wanted, access.actor(), clock.now()).id),
    )
    if problems:
        transactions.roll_back()
        return _form("add", problems, typed=_typed(OF_PERSON + OF_APPOINTMENT)), WITH_PROBLEMS
    transactions.commit()
    return redirect(url_for("people.person", user_id=made[0]))


@blueprint.get("/people/<uuid:user_id>/change")
@access.requires(Act.MANAGE_CONTACTS)
def ask_change(user_id: UUID) -> ResponseReturnValue:
    """What is known of the person, to be changed."""
    user = manageable(user_id)
    before = {field: getattr(user, field) or "" for field in OF_PERSON}
    return _form("change", [], user=user, typed=_typed(OF_PERSON, before))


@blueprint.post("/people/<uuid:user_id>/change")
@access.requires(Act.MANAGE_CONTACTS)
def change(user_id: UUID) -> ResponseReturnValue:
    """Change it."""
    manageable(user_id)
    problems: Errors = []
    _try(
        problems,
        lambda: _done(
            service.change(transactions.session(), user_id, _person(), access.actor(), clock.now())
        ),
    )
    if problems:
        transactions.roll_back()
        return _form("change", problems, user=manageable(user_id), typed=_typed(OF_PERSON)), WITH_PROBLEMS
    transactions.commit()
    return _back(user_id)


def _done(_made: object) -> None:
    """What was made is not needed here."""


def _back(user_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("people.person", user_id=user_id))


@blueprint.get("/people/<uuid:user_id>/appoint")
@access.requires(Act.MANAGE_CONTACTS)
def ask_appointment(user_id: UUID) -> ResponseReturnValue:
    """One more appointment of a person."""
    before = {"start": clock.now().date().isoformat(), "role": "focal_point"}
    return _form("appoint", [], user=manageable(user_id), typed=_typed(OF_APPOINTMENT, before))


def appointment_too_large(user_id: UUID) -> ResponseReturnValue:
    """Says the limit to a request that is longer than any file may be."""
    problems = [("file", _("Choose a file of at most 20 MB. This one is larger; nothing was changed"))]
    typed = dict.fromkeys(OF_APPOINTMENT, "")
    return _form("appoint", problems, user=manageable(user_id), typed=typed), TOO_LARGE


@blueprint.post("/people/<uuid:user_id>/appoint")
@access.requires(Act.MANAGE_CONTACTS)
@uploading.takes_a_file(appointment_too_large)
def appoint(user_id: UUID) -> ResponseReturnValue:
    """Appoint the person."""
    manageable(user_id)
    problems: Errors = []
    file = uploading.sent_file(problems)
    session = transactions.begin_writing()
    wanted = _wanted(problems, file)
    _try(
        problems,
        lambda: _done(service.appoint(session, user_id, wanted, access.actor(), clock.now())),
    )
    if problems:
        transactions.roll_back()
        shown = _form("appoint", problems, user=manageable(user_id), typed=_typed(OF_APPOINTMENT))
        return shown, WITH_PROBLEMS
    transactions.commit()
    return _back(user_id)


@blueprint.get("/people/<uuid:user_id>/appointments/<uuid:held_id>/end")
@access.requires(Act.MANAGE_CONTACTS)
def ask_end(user_id: UUID, held_id: UUID) -> ResponseReturnValue:
    """When an appointment ends, and what to do instead if somebody follows."""
    return _draw_end(manageable(user_id), held_id, [])


@blueprint.post("/people/<uuid:user_id>/appointments/<uuid:held_id>/end")
@access.requires(Act.MANAGE_CONTACTS)
def end(user_id: UUID, held_id: UUID) -> ResponseReturnValue:
    """Let it end."""
    user = manageable(user_id)
    _held(user, held_id)
    last = day(request.form.get("last", ""))
    problems: Errors = []
    _try(
        problems,
        lambda: service.end(transactions.session(), held_id, last, access.actor(), clock.now()),
    )
    if problems:
        transactions.roll_back()
        return _draw_end(manageable(user_id), held_id, problems), WITH_PROBLEMS
    transactions.commit()
    return _back(user_id)


def _held(user: User, held_id: UUID) -> contacts.Held:
    """The appointment of this person. Raises NotFound."""
    found = transactions.session().get(Appointment, held_id)
    if found is None or found.user_id != user.id:
        raise NotFound
    return next(each for each in contacts.of_person(transactions.session(), user.id) if each.id == held_id)


def _draw_end(user: User, held_id: UUID, problems: Errors) -> str:
    before = {"last": clock.now().date().isoformat()}
    held = _held(user, held_id)
    return _form(
        "end", problems, user=user, held=held, role=role_name(held.role), typed=_typed(("last",), before)
    )


@blueprint.get("/people/<uuid:user_id>/bar")
@access.requires(Act.MANAGE_CONTACTS)
def ask_bar(user_id: UUID) -> ResponseReturnValue:
    """What barring a person does."""
    return render_template("staff/people/bar.html", user=manageable(user_id))


@blueprint.post("/people/<uuid:user_id>/bar")
@access.requires(Act.MANAGE_CONTACTS)
def bar(user_id: UUID) -> ResponseReturnValue:
    """Bar the person at once."""
    manageable(user_id)
    return _act(user_id, lambda: _done(service.deactivate(*_by(user_id))))


@blueprint.post("/people/<uuid:user_id>/let-in")
@access.requires(Act.MANAGE_CONTACTS)
def let_in(user_id: UUID) -> ResponseReturnValue:
    """Let a barred person in again."""
    manageable(user_id)
    return _act(user_id, lambda: _done(service.let_in_again(*_by(user_id))))


@blueprint.post("/people/<uuid:user_id>/staff-role")
@access.requires(Act.MANAGE_PEOPLE)
def set_staff_role(user_id: UUID) -> ResponseReturnValue:
    """Say what the person is to IOM's staff, or that they are none of it."""
    given = request.form.get("staff_role", "")
    role = StaffRole(given) if given in set(StaffRole) else None
    session, actor = transactions.session(), access.actor()
    return _act(user_id, lambda: _done(service.set_staff_role(session, user_id, role, actor, clock.now())))


def _by(user_id: UUID) -> tuple[Session, UUID, Actor, datetime]:
    return transactions.session(), user_id, access.actor(), clock.now()


def _act(user_id: UUID, act: Callable[[], None]) -> ResponseReturnValue:
    try:
        act()
    except NotPossible as refused:
        transactions.roll_back()
        return draw(manageable(user_id), refused.message), WITH_PROBLEMS
    transactions.commit()
    return _back(user_id)
