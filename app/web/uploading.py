"""Requests that bring a file: a limit of their own, and nothing locked while a slow line carries them.

Werkzeug writes what is large to disk as it arrives, so a file costs little memory.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from app.services import filing
from app.services.errors import NotPossible
from app.services.filing import Received
from app.storage import CHUNK
from app.web import transactions
from app.web.faults import Errors

View = TypeVar("View", bound=Callable[..., Any])
TooLarge = Callable[..., ResponseReturnValue]
MARK = "takes_a_file"
LARGEST_REQUEST = filing.LARGEST + 1_000_000
"""A file a little too large still arrives, so that the page can say so and keep what else was typed."""
MOST_READ_AWAY = 10 * filing.LARGEST


def takes_a_file(too_large: TooLarge) -> Callable[[View], View]:
    """Marks a view whose form brings a file; `too_large` answers, with the view's arguments, for one that is
    longer than any may be.
    """

    def mark(view: View) -> View:
        setattr(view, MARK, too_large)
        return transactions.writes_later(view)

    return mark


def sent_file(errors: Errors, name: str = "file") -> Received | None:
    """The file that came in this field of the form, kept, if one was sent; what is wrong with it is noted."""
    sent = request.files.get(name)
    if sent is None or not sent.filename:
        return None
    try:
        return filing.receive(current_app.extensions["store"], sent.stream, sent.filename)
    except NotPossible as refused:
        errors.append((name, refused.message))
        return None


def init_uploading(app: Flask) -> None:
    """Receives what marked views wait for, after it was decided who may use them."""
    app.before_request(receive)


def receive() -> ResponseReturnValue | None:
    """Takes in the whole form, with no transaction open meanwhile."""
    view = current_app.view_functions.get(request.endpoint or "")
    too_large: TooLarge | None = getattr(view, MARK, None)
    if too_large is None:
        return None
    request.max_content_length = LARGEST_REQUEST
    transactions.roll_back()
    try:
        request.form  # noqa: B018 - reading it is what takes the form in
    except RequestEntityTooLarge:
        _read_away()
        return too_large(**(request.view_args or {}))
    return None


def _read_away() -> None:
    """Reads what still comes, within bounds: a browser that is cut off while it sends shows no answer."""
    left = min(request.content_length or 0, MOST_READ_AWAY)
    stream = request.environ["wsgi.input"]
    while left > 0 and (read := stream.read(min(left, CHUNK))):
        left -= len(read)
