"""People: who there is, how to reach them, what they are appointed to, and what was changed. Nothing of what
they answer.
"""

from collections.abc import Iterator
from uuid import UUID

from flask import Blueprint, Response, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue

from app import clock
from app.definitions import values
from app.models import File, Nomination, User
from app.policy import Act, AppointmentRole, StaffRole, can
from app.queries import contacts, organisations
from app.queries.contacts import Filters
from app.services.contacts import may_change
from app.storage import CHUNK, FileMissing, Store
from app.web import access, transactions
from app.web.auth.hats import role_name, staff_name
from app.web.respond.attachments import SANDBOX, disposition
from app.web.staff import paging, words
from app.web.staff.change_log import entries_of

blueprint = Blueprint("people", __name__)
MOST_EVENTS = 200
SHOWN = ("active", "barred", "failing", "without", "all")


@blueprint.app_context_processor
def _may_read() -> dict[str, bool]:
    """Whether the tab is there for the person."""
    visitor = access.person()
    return {"may_read_people": visitor is not None and can(visitor.actor, Act.READ_PEOPLE)}


@blueprint.get("/people")
@access.requires(Act.READ_PEOPLE)
def list_people() -> ResponseReturnValue:
    """Everybody, or who is searched for: by name, address, function, organisation or its code."""
    session, today = transactions.session(), clock.now().date()
    code = values.normalise(request.args.get("organisation", ""))[:80]
    of = organisations.called(session, code) if code else None
    filters = Filters(
        search=request.args.get("search", "")[:200],
        organisation_id=of.id if of is not None else None,
        role=request.args.get("role", ""),
        shown=request.args.get("shown", "active"),
    )
    found = contacts.listed(session, filters, today, paging.number(), paging.PER_PAGE)
    return render_template(
        "staff/people/list.html",
        found=found,
        filters=filters,
        organisation=of,
        page=paging.page_of(found.total),
        today=today,
        role_name=role_name,
        staff_name=staff_name,
        roles=AppointmentRole,
        may_manage=can(access.actor(), Act.MANAGE_CONTACTS),
        may_hand_over=can(access.actor(), Act.HAND_OVER),
    )


def user_of(user_id: UUID) -> User:
    """The person. Aborts with 404."""
    return transactions.session().get(User, user_id) or abort(404)


def manageable(user_id: UUID) -> User:
    """The person, if whoever asks may change them. Aborts with 404."""
    user = user_of(user_id)
    return user if may_change(access.actor(), user) else abort(404)


@blueprint.get("/people/<uuid:user_id>")
@access.requires(Act.READ_PEOPLE)
def person(user_id: UUID) -> ResponseReturnValue:
    """One person."""
    return draw(user_of(user_id))


def draw(user: User, error: str = "") -> str:
    """The page of a person, with what could not be done."""
    session, actor, today = transactions.session(), access.actor(), clock.now().date()
    held = contacts.of_person(session, user.id)
    events = contacts.history(session, user.id, held, MOST_EVENTS)
    notes = {str(each.nomination.id): each.nomination.number for each in held if each.nomination}
    about = {str(each.id): f"{each.organisation}, {role_name(each.role)}" for each in held}
    successors = contacts.names(session, [each.handed_to for each in held if each.handed_to])
    return render_template(
        "staff/people/person.html",
        user=user,
        held=held,
        today=today,
        failures=contacts.open_failures(session, user.id),
        log=entries_of(events, about | notes),
        successors=successors,
        role_name=role_name,
        staff_name=staff_name,
        staff_roles=StaffRole,
        locale_names=words.locale_names(),
        may_change=may_change(actor, user),
        may_set_role=can(actor, Act.MANAGE_PEOPLE) and user.id != actor.user_id,
        may_hand_over=can(actor, Act.HAND_OVER),
        own=user.id == actor.user_id,
        error=error,
        has_errors=bool(error),
    )


@blueprint.get("/people/notes/<uuid:nomination_id>")
@access.requires(Act.READ_PEOPLE)
def note(nomination_id: UUID) -> ResponseReturnValue:
    """The file of a note verbale, to be saved and never shown in the browser."""
    nomination = transactions.session().get(Nomination, nomination_id)
    if nomination is None or nomination.file_id is None:
        abort(404)
    file = transactions.session().get_one(File, nomination.file_id)
    store: Store = current_app.extensions["store"]
    try:
        store.open(file.sha256).close()
    except FileMissing:
        current_app.logger.error("file %s is missing from the store", file.sha256)
        abort(500)
    answer = Response(_chunks(store, file.sha256), mimetype=file.media_type)
    answer.content_length = file.size
    answer.headers["Content-Disposition"] = disposition(nomination.file_name or "note.pdf")
    answer.headers["Content-Security-Policy"] = SANDBOX
    return answer


def _chunks(store: Store, sha256: str) -> Iterator[bytes]:
    with store.open(sha256) as content:
        while chunk := content.read(CHUNK):
            yield chunk
