"""Binds everything that answers requests to the application."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app import signing
from app.extensions import csrf, limiter
from app.storage import Store
from app.web import (
    access,
    answered,
    compression,
    errors,
    handing_over,
    headers,
    home,
    language,
    letters,
    questionnaires,
    respond,
    static,
    stopping,
    tracking,
    transactions,
    uploading,
)
from app.web.auth import demo, hats, invitation, lasting
from app.web.auth import pages as auth
from app.web.findings import editions
from app.web.findings import pages as findings
from app.web.mail import pages as mail
from app.web.questionnaires import moves, pilots
from app.web.reading import BoundedRequest
from app.web.staff import (
    desk,
    invitations,
    keeping,
    notes_verbales,
    reminders,
    round_pages,
    texts,
    threads,
)
from app.web.staff import pages as staff
from config import Settings

LONGEST_ANSWER = 100_000
LARGEST_FORM = 16_000_000
MOST_FIELDS = 5_000


def init_web(app: Flask, settings: Settings) -> None:
    """Extensions, headers, errors and pages, in the order in which a request meets them."""
    _configure(app, settings)
    access.init_access(app)
    transactions.init_database(app, settings.database_url)
    app.extensions["store"] = Store(settings.files)
    uploading.init_uploading(app)  # before the form's token is read, for which the whole form must arrive
    csrf.init_app(app)
    limiter.init_app(app)
    language.init_language(app)
    compression.init_compression(app)
    headers.init_headers(app, https=settings.https)
    errors.init_errors(app)
    static.init_static(app, settings.instance, https=settings.https)
    letters.init_letters(app, settings)
    _register_pages(app, settings)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]  # the documented way


def _register_pages(app: Flask, settings: Settings) -> None:
    for blueprint in (
        home.blueprint,
        answered.blueprint,
        auth.blueprint,
        hats.blueprint,
        handing_over.blueprint,
        lasting.blueprint,
        invitation.blueprint,
        stopping.blueprint,
        staff.blueprint,
        *keeping.BLUEPRINTS,
        desk.blueprint,
        round_pages.blueprint,
        threads.blueprint,
        mail.blueprint,
        tracking.blueprint,
        tracking.chase,
        tracking.views,
        texts.blueprint,
        invitations.blueprint,
        reminders.blueprint,
        notes_verbales.blueprint,
        findings.blueprint,
        editions.blueprint,
        respond.blueprint,
        questionnaires.blueprint,
        moves.blueprint,
        pilots.blueprint,
    ):
        app.register_blueprint(blueprint)
    if settings.demo:
        app.register_blueprint(demo.blueprint)


def _configure(app: Flask, settings: Settings) -> None:
    """Flask's own settings; limits on forms are set on purpose, so that a long answer is never refused."""
    signing.install(settings.secret_key)
    app.request_class = BoundedRequest
    app.jinja_environment = language.Templates
    app.config.from_mapping(
        SECRET_KEY=settings.secret_key,
        TESTING=settings.environment == "test",
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        MAX_FORM_PARTS=MOST_FIELDS,
        SESSION_COOKIE_NAME="__Host-rapporteur" if settings.https else "rapporteur",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        WTF_CSRF_TIME_LIMIT=None,
        PREFERRED_URL_SCHEME="https" if settings.https else "http",
    )
