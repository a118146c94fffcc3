"""One session for each request, and the only place that commits it.

A GET reads in a deferred transaction; an unsafe method begins as a writer, so that what it read
still holds when it writes. A view commits in its success path before it builds the redirect.
A view whose request is long on its way reads first, and begins as a writer once everything has arrived.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, g, request
from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.orm.unitofwork import UOWTransaction

from app.database import Database

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
UNSAVED = "unsaved"
LATER = "writes_later"

View = TypeVar("View", bound=Callable[..., Any])


class ForgottenCommit(AssertionError):
    """A request ended with changes that nobody committed or rolled back."""


def init_database(app: Flask, database_url: str) -> None:
    """Opens the database for the application and closes each request's session."""
    app.extensions["database"] = Database(database_url)
    app.teardown_appcontext(_close)


def database() -> Database:
    """The application's database."""
    found: Database = current_app.extensions["database"]
    return found


def session() -> Session:
    """The session of this request; it is closed for you when the request ends."""
    if "session" not in g:
        g.session = _open(write=_begins_as_writer())
    opened: Session = g.session
    return opened


def writes_later(view: View) -> View:
    """Marks a view that locks nothing before it calls `begin_writing`."""
    setattr(view, LATER, True)
    return view


def begin_writing() -> Session:
    """Ends this request's reading, and begins it anew as a writer: what was read must be asked again."""
    roll_back()
    opened: Session | None = g.pop("session", None)
    if opened is not None:
        opened.close()
    g.session = _open(write=True)
    return session()


def commit() -> None:
    """Makes this request's changes durable. Call it before the redirect is built."""
    session().commit()


def roll_back() -> None:
    """Drops this request's changes, for an answer that shows the page again."""
    if "session" in g:
        g.session.rollback()


def _begins_as_writer() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return request.method not in SAFE_METHODS and not getattr(view, LATER, False)


def _open(*, write: bool) -> Session:
    opened = database().session(write=write)
    if current_app.testing:
        event.listen(opened, "after_flush", _note_flush)
        event.listen(opened, "do_orm_execute", _note_statement)
        event.listen(opened, "after_commit", _note_end)
        event.listen(opened, "after_rollback", _note_end)
    return opened


def _note_flush(changed: Session, _context: UOWTransaction) -> None:
    changed.info[UNSAVED] = True


def _note_statement(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        state.session.info[UNSAVED] = True


def _note_end(ended: Session) -> None:
    ended.info.pop(UNSAVED, None)


def _close(error: BaseException | None) -> None:
    opened: Session | None = g.pop("session", None)
    if opened is None:
        return
    pending = bool(opened.info.get(UNSAVED) or opened.new or opened.dirty or opened.deleted)
    opened.close()
    if pending and error is None and current_app.testing:
        raise ForgottenCommit(f"{request.method} {request.path} left changes behind")
