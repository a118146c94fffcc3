"""Files of people and of the register: brought once, looked at row by row, then taken over or put away."""

from uuid import UUID

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from app import clock
from app.exports import lists
from app.i18n import _
from app.models import ImportKind
from app.policy import Act
from app.queries import contacts, people_lists
from app.services import auditing, register_export, staging
from app.services.errors import AlreadyThere, ImportRefused, NotPossible
from app.services.people_import import Plan
from app.services.register_export import TABLES
from app.services.register_preview import RegisterPlan
from app.services.staging import Staged
from app.services.table_files import TableRefused
from app.storage import Store
from app.web import access, transactions, uploading
from app.web.staff import import_rows, paging

blueprint = Blueprint("imports", __name__)
WITH_PROBLEMS = 422
TOO_LARGE = 413
PEOPLE, REGISTER = ImportKind.PEOPLE, ImportKind.REGISTER
TAB = {PEOPLE: "people", REGISTER: "register"}


def _store() -> Store:
    store: Store = current_app.extensions["store"]
    return store


@blueprint.get("/people/import")
@access.requires(Act.MANAGE_CONTACTS)
def people() -> ResponseReturnValue:
    """Choose a file of people."""
    return _ask(PEOPLE)


@blueprint.get("/register/import")
@access.requires(Act.CHANGE_REGISTER)
def register() -> ResponseReturnValue:
    """Choose a file of the register."""
    return _ask(REGISTER)


def _ask(kind: ImportKind, error: str = "") -> str:
    return render_template(
        f"staff/imports/{TAB[kind]}.html", tables=TABLES, error=error, has_errors=bool(error)
    )


def people_too_large() -> ResponseReturnValue:
    """Says the limit to a request that is longer than any file may be."""
    return _ask(PEOPLE, _("Choose a file of at most 20 MB.")), TOO_LARGE


def register_too_large() -> ResponseReturnValue:
    """The same for a file of the register."""
    return _ask(REGISTER, _("Choose a file of at most 20 MB.")), TOO_LARGE


@blueprint.post("/people/import")
@access.requires(Act.MANAGE_CONTACTS)
@uploading.takes_a_file(people_too_large)
def stage_people() -> ResponseReturnValue:
    """Keep the file and show what it would do."""
    return _stage(PEOPLE)


@blueprint.post("/register/import")
@access.requires(Act.CHANGE_REGISTER)
@uploading.takes_a_file(register_too_large)
def stage_register() -> ResponseReturnValue:
    """The same for a file of the register."""
    return _stage(REGISTER)


def _stage(kind: ImportKind) -> ResponseReturnValue:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return _ask(kind, _("Choose a file first")), WITH_PROBLEMS
    try:
        received = staging.receive(_store(), sent.stream, sent.filename)
    except NotPossible as refused:
        return _ask(kind, refused.message), WITH_PROBLEMS
    session = transactions.begin_writing()
    made = staging.stage(session, kind, received, access.actor(), clock.now())
    transactions.commit()
    return redirect(_address(kind, made.id))


def _address(kind: ImportKind, import_id: UUID) -> str:
    return url_for(f"imports.{TAB[kind]}_preview", import_id=import_id)


@blueprint.get("/people/import/<uuid:import_id>")
@access.requires(Act.MANAGE_CONTACTS)
def people_preview(import_id: UUID) -> ResponseReturnValue:
    """What a list of people would do now, row by row."""
    return _preview(PEOPLE, import_id)


@blueprint.get("/register/import/<uuid:import_id>")
@access.requires(Act.CHANGE_REGISTER)
def register_preview(import_id: UUID) -> ResponseReturnValue:
    """What a file of the register would do now, line by line."""
    return _preview(REGISTER, import_id)


def _preview(kind: ImportKind, import_id: UUID, error: str = "") -> ResponseReturnValue:
    found = staging.staged(transactions.session(), _store(), import_id, kind)
    try:
        planned = _plan(kind, found)
    except TableRefused as refused:
        return render_template(
            "staff/imports/unreadable.html", **_common(kind, found, error), refused=refused
        )
    only = request.args.get("show", "")
    rows = import_rows.wanted(planned, only)
    page = paging.page_of(len(rows))
    return render_template(
        "staff/imports/preview.html",
        **_common(kind, found, error),
        planned=planned,
        counts=import_rows.counts(planned),
        state_names=import_rows.state_names(),
        rows=[import_rows.shown(row) for row in rows[page.start : page.last_shown]],
        page=page,
        only=only,
        reading=planned.file.reading if isinstance(planned, Plan) else planned.reading,
        unread=planned.file.unread if isinstance(planned, Plan) else (),
        remarks=planned.remarks if isinstance(planned, RegisterPlan) else (),
    )


def _plan(kind: ImportKind, found: Staged) -> Plan | RegisterPlan:
    session = transactions.session()
    if kind is PEOPLE:
        return staging.people_plan(session, found, access.actor(), clock.now())
    return staging.register_plan(session, found)


def _common(kind: ImportKind, found: Staged, error: str) -> dict[str, object]:
    names = contacts.names(transactions.session(), [found.row.by_id])
    return {
        "kind": TAB[kind],
        "staged": found.row,
        "by": names.get(found.row.by_id, ""),
        "waits": found.row.applied_at is None and found.row.discarded_at is None,
        "error": error,
        "has_errors": bool(error),
    }


@blueprint.post("/people/import/<uuid:import_id>/apply")
@access.requires(Act.MANAGE_CONTACTS)
def apply_people(import_id: UUID) -> ResponseReturnValue:
    """Take a list of people over as a whole; pressing twice does it once."""
    return _apply(PEOPLE, import_id)


@blueprint.post("/register/import/<uuid:import_id>/apply")
@access.requires(Act.CHANGE_REGISTER)
def apply_register(import_id: UUID) -> ResponseReturnValue:
    """The same for a file of the register."""
    return _apply(REGISTER, import_id)


def _apply(kind: ImportKind, import_id: UUID) -> ResponseReturnValue:
    try:
        staging.apply(transactions.session(), _store(), import_id, kind, access.actor(), clock.now())
    except AlreadyThere:
        transactions.roll_back()
        return redirect(_address(kind, import_id))
    except (ImportRefused, NotPossible):
        transactions.roll_back()
        words = _("Nothing was taken over: something is wrong with the file now. See below.")
        return make_response(_preview(kind, import_id, words), WITH_PROBLEMS)
    transactions.commit()
    return redirect(_address(kind, import_id))


@blueprint.post("/people/import/<uuid:import_id>/discard")
@access.requires(Act.MANAGE_CONTACTS)
def discard_people(import_id: UUID) -> ResponseReturnValue:
    """Put a list of people away."""
    return _discard(PEOPLE, import_id)


@blueprint.post("/register/import/<uuid:import_id>/discard")
@access.requires(Act.CHANGE_REGISTER)
def discard_register(import_id: UUID) -> ResponseReturnValue:
    """Put a file of the register away."""
    return _discard(REGISTER, import_id)


def _discard(kind: ImportKind, import_id: UUID) -> ResponseReturnValue:
    try:
        staging.discard(transactions.session(), _store(), import_id, kind, access.actor(), clock.now())
    except AlreadyThere:
        transactions.roll_back()
        return redirect(_address(kind, import_id))
    transactions.commit()
    return redirect(url_for(f"imports.{TAB[kind]}"))


@blueprint.get("/people/import/example.<format>")
@access.requires(Act.READ_PEOPLE)
def people_example(format: str) -> ResponseReturnValue:
    """An empty list of people, to be filled in."""
    return _file("people", list(people_lists.COLUMNS), [], format)


@blueprint.get("/register/import/example/<table>.<format>")
@access.requires(Act.READ_REGISTER)
def register_example(table: str, format: str) -> ResponseReturnValue:
    """An empty table of the register, to be filled in."""
    for known in TABLES:
        if known == table:
            return _file(table, register_export.columns_of(known), [], format)
    return abort(404)


@blueprint.post("/people/export")
@access.requires(Act.READ_PEOPLE)
def export_people() -> ResponseReturnValue:
    """Everybody as a list that can be imported again; that it was taken is recorded."""
    session, actor, now = transactions.session(), access.actor(), clock.now()
    format_ = request.form.get("format", "")
    rows = list(people_lists.rows(session, now.date()))
    made = _file("people", list(people_lists.COLUMNS), rows, format_)
    auditing.note(session, actor, "exported_people", "user", {"format": format_, "rows": len(rows)}, at=now)
    transactions.commit()
    return made


@blueprint.get("/register/export/<table>.<format>")
@access.requires(Act.READ_REGISTER)
def export_register(table: str, format: str) -> ResponseReturnValue:
    """One table of the register, or all of it as YAML, as it can be imported again."""
    session = transactions.session()
    if (table, format) == ("register", "yaml"):
        return _answer("register.yaml", register_export.as_yaml(session).encode(), "yaml")
    for known in TABLES:
        if known == table:
            heads, rows = register_export.as_rows(session, known)
            return _file(table, heads, rows, format)
    return abort(404)


def _file(
    name: str, heads: list[str], rows: list[list[str]] | list[tuple[str, ...]], format_: str
) -> Response:
    if format_ == "csv":
        return _answer(f"{name}.csv", lists.as_csv(heads, rows), format_)
    if format_ == "xlsx":
        return _answer(f"{name}.xlsx", lists.as_xlsx(name, heads, rows), format_)
    return abort(404)


def _answer(name: str, content: bytes, format_: str) -> Response:
    answer = Response(content, mimetype=None, content_type=lists.MEDIA_TYPES[format_])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
