"""From what went wrong to a page: one table, and never a word about how it is built."""

import logging
import secrets
from dataclasses import dataclass

from flask import Flask, current_app, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from app import clock
from app.i18n import _
from app.services.errors import (
    DomainError,
    Incomplete,
    LinkSpent,
    LooseningNeedsAmendment,
    NotAllowed,
    NotFound,
    ResponseLocked,
    VersionMismatch,
)
from app.web import transactions
from app.web.access import SignInFirst, person

log = logging.getLogger(__name__)

STATUS_OF: dict[type[DomainError], int] = {
    NotFound: 404,
    NotAllowed: 404,
    LinkSpent: 410,
    ResponseLocked: 409,
    VersionMismatch: 409,
    LooseningNeedsAmendment: 409,
    Incomplete: 422,
}
"""The status of each domain error; what somebody may not do does not exist for them."""

SIGN_IN_FIRST = 401


@dataclass(frozen=True)
class Told:
    """What an error page says."""

    status: int
    heading: str
    text: str
    template: str = "errors/page.html"
    reference: str | None = None
    ways_on: bool = True
    kept: tuple[tuple[str, str], ...] = ()

    @property
    def texts(self) -> list[str]:
        """What a person wrote in their own words, to be copied."""
        return [text for name, text in self.kept if name.startswith("a.") and " " in text.strip()]


def init_errors(app: Flask) -> None:
    """Answers every error of the application from the table."""
    app.register_error_handler(DomainError, _domain_error)
    app.register_error_handler(SignInFirst, _sign_in_first)
    app.register_error_handler(CSRFError, _forged_or_old)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _our_fault)


def _domain_error(error: DomainError) -> ResponseReturnValue:
    status = next((STATUS_OF[kind] for kind in type(error).__mro__ if kind in STATUS_OF), 409)
    if status == 404:
        return _answer(_not_found())
    return _answer(Told(status, _("This cannot be done now"), str(error), kept=typed()))


def _sign_in_first(_error: SignInFirst) -> ResponseReturnValue:
    told = Told(
        SIGN_IN_FIRST,
        _("Sign in again to go on"),
        _("You were signed out. What you typed is kept on this page."),
        "errors/sign_in_again.html",
        kept=typed(),
    )
    return _answer(told)


def _forged_or_old(error: CSRFError) -> ResponseReturnValue:
    if person() is None and not _is_auth():
        return _sign_in_first(SignInFirst())
    text = _(
        "The page was opened by somebody else or before you signed in. Open it again and send it once more."
    )
    return _answer(Told(error.code or 400, _("This page is out of date"), text, kept=typed()))


def _is_auth() -> bool:
    return request.blueprint == "auth"


def _http_error(error: HTTPException) -> ResponseReturnValue:
    code = error.code or 500
    if error.response is not None or code < 400:
        return error
    if code in {404, 405}:
        return _answer(_not_found() if code == 404 else _wrong_method(), error)
    return _answer(_of_status(code), error)


def _not_found() -> Told:
    text = _("The address may be mistyped, or it belongs to somebody else’s answers.")
    return Told(404, _("We cannot find this page"), text, kept=typed())


def _wrong_method() -> Told:
    return Told(
        405, _("This address cannot be opened like that"), _("Go back and use the button on the page.")
    )


def _of_status(code: int) -> Told:
    if code == 413:
        text = _("It is longer than we can take in one go. Go back: your browser still has the text.")
        return Told(code, _("That was too much at once"), text)
    if code == 429:
        text = _("There were many attempts in a short time. Wait a few minutes and try again.")
        return Told(code, _("Wait a moment"), text)
    if code >= 500:
        return _fault(code)
    text = _("Your browser sent something that we cannot read. Go back and try again.")
    return Told(code, _("We could not read that"), text, kept=typed())


def _our_fault(error: Exception) -> ResponseReturnValue:
    if current_app.testing and current_app.config["PROPAGATE_EXCEPTIONS"] is not False:
        raise error
    told = _fault(500)
    # the rule and not the address: a sign-in link's address is a secret
    log.error("%s %s failed, reference %s", request.method, request.url_rule, told.reference, exc_info=error)
    g.bare = True
    return _answer(told)


def _fault(code: int) -> Told:
    reference = f"R-{secrets.token_hex(3).upper()}"
    text = _("What was saved before is not lost. Try once more in a moment.")
    return Told(code, _("This did not work, and it is our fault"), text, reference=reference, kept=typed())


def typed() -> tuple[tuple[str, str], ...]:
    """What a person had typed into the form that failed, as (name, text); only for our own pages."""
    if request.method != "POST" or not _from_here():
        return ()
    try:
        fields = list(request.form.lists())
    except HTTPException:  # a form that cannot be read has nothing to keep
        return ()
    return tuple((name, text) for name, texts in fields for text in texts if text and name != "csrf_token")


def _from_here() -> bool:
    """Whether one of our pages sent it, so that a stranger's site cannot put words on ours."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") in {"same-origin", "none"}


def _answer(told: Told, error: HTTPException | None = None) -> ResponseReturnValue:
    transactions.roll_back()
    headers = dict(error.get_headers()) if isinstance(error, MethodNotAllowed) else {}
    allow = {"Allow": headers["Allow"]} if "Allow" in headers else {}
    if request.is_json or request.accept_mimetypes.best == "application/json":
        said = {"error": told.heading, "text": told.text, "reference": told.reference}
        return jsonify(said), told.status, allow
    return (
        render_template(told.template, told=told, at=clock.now(), address=request.full_path.rstrip("?")),
        told.status,
        allow,
    )
