"""The reader's language, and what every template may use."""

from collections.abc import MutableMapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import Locale
from flask import Flask, g, has_app_context, request
from flask.templating import Environment
from flask_babel import get_locale, get_translations, gettext
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from app import clock, i18n, templating
from app.extensions import babel
from app.web.access import person, seconds_left
from app.web.addresses import address
from app.web.auth.browsers import session_mark
from app.web.auth.hats import hat_name

DEFAULT = "en"
TRANSLATIONS = Path(__file__).parents[1] / "translations"


class Templates(Environment):
    """Flask's environment. No template of ours brings globals of its own, so that all may look into one map
    instead of two, at every context and at every import of macros.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The application's globals, and those of the template before them if it has any."""
        return super().make_globals(d) if d else self.globals


@lru_cache(maxsize=1)
def languages() -> tuple[str, ...]:
    """The languages there are pages in: English, and each folder of translations that is compiled."""
    compiled = TRANSLATIONS.glob("*/LC_MESSAGES/messages.mo")
    return (DEFAULT, *sorted(path.parts[-3] for path in compiled))


def chosen_language() -> str:
    """The person's own language if there are pages in it, else the browser's, else English."""
    if len(languages()) == 1 or g.get("bare"):
        return DEFAULT
    visitor = person()
    if visitor is not None and visitor.locale in languages():
        return visitor.locale
    return request.accept_languages.best_match(languages(), DEFAULT) or DEFAULT


def init_language(app: Flask) -> None:
    """Binds Flask-Babel, sends the lower layers' words through it, and gives templates their filters."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(TRANSLATIONS)
    babel.init_app(app, locale_selector=chosen_language, default_locale=DEFAULT)
    i18n.install(_Translator())
    app.jinja_env.filters.update(
        clock=templating.clock,
        day=_day,
        weekday=_weekday,
        moment=_moment,
        seen=_seen,
    )
    app.jinja_env.globals.update(
        language=_language,
        direction=templating.direction,
        zone_name=templating.zone_name,
        person=_person,
        is_pilot=_is_pilot,
        seconds_left=seconds_left,
        session_mark=session_mark,
        csrf_field=_csrf_field,
        url_for=address,
        hat_name=hat_name,
        _=_words,
        gettext=_words,
        ngettext=_plural,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def _csrf_field() -> Markup:
    """The hidden field that every form with a POST carries."""
    field: Markup = Markup('<input type="hidden" name="csrf_token" value="%s">') % generate_csrf()
    return field


@lru_cache(maxsize=4096)
def _as_written(text: str) -> Markup:
    return Markup(text)  # noqa: S704 # nosec B704 - our own words, from our own templates


def _words(text: str, /, **values: object) -> Markup:
    """The text in the reader's language as HTML; the values that fill it are escaped.

    Templates say a few hundred texts on one page. Flask-Babel's own way looks the catalogue up for each of
    them, which costs more than drawing them; while there is English only, there is nothing to look up.
    """
    words = _as_written(text) if len(languages()) == 1 else _as_written(str(gettext(text)))
    return words % values if values else words


def _plural(one: str, many: str, n: int, /, **values: object) -> Markup:
    return _as_written(_Translator().many(one, many, n)) % {"num": n, **values}


class _Translator:
    """Flask-Babel's catalogues for the lower layers; outside an application the words stay English."""

    def one(self, text: str) -> str:
        return str(gettext(text)) if len(languages()) > 1 and has_app_context() else text

    def many(self, one: str, many: str, n: int) -> str:
        if len(languages()) == 1 or not has_app_context():
            return one if n == 1 else many
        return str(get_translations().ngettext(one, many, n))


def _language() -> str:
    locale: Locale | None = get_locale()
    return str(locale).replace("_", "-") if locale else DEFAULT


def _is_pilot(round_: object = None) -> bool:
    """Whether the page is about a round that only tries a questionnaire: in hand, or the response's."""
    found = g.get("sheet")
    return (found is not None and found.head.pilot) or getattr(round_, "pilots_version_id", None) is not None


def _person() -> object:
    return None if g.get("bare") else person()


def _day(at: datetime, zone: str = templating.DEFAULT_ZONE) -> str:
    return templating.day(at, zone, str(get_locale()))


def _weekday(at: datetime, zone: str = templating.DEFAULT_ZONE) -> str:
    return templating.weekday(at, zone, str(get_locale()))


def _moment(at: datetime, zone: str = templating.DEFAULT_ZONE) -> str:
    return templating.moment(at, zone, str(get_locale()))


def _seen(at: datetime, zone: str = templating.DEFAULT_ZONE) -> str:
    """`today 14:05`, `16 November`, `16 November 2025`: as short as it stays exact."""
    shown, today = templating.local(at, zone).date(), templating.local(clock.now(), zone).date()
    if shown == today:
        return i18n._("today %(time)s", time=templating.clock(at, zone))
    words = _day(at, zone)
    return words.removesuffix(f" {today.year}")
