"""The service as it is, with the baselines beside it on the same server.

``/bare`` is another Flask application without any of ours: one Jinja page of the same forty questions.
``/bench/upsert`` is a committed upsert behind our session check and nothing else. ``/bench/enter`` signs the
benchmark in.
"""

import threading
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from jinja2 import DictLoader
from sqlalchemy import Column, Integer, MetaData, String, Table, event, select
from sqlalchemy.dialects.sqlite import insert
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from app import clock, create_app
from app.models import LinkPurpose, User
from app.services import signing_in
from app.web import transactions
from app.web.access import open_to_all, signed_in
from app.web.auth.browsers import remember
from bench.world import questionnaire, typed

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

BARE_PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Forty</title></head><body>
<h1>Forty questions</h1><form method="post">
{% for field in fields %}
{% if field.options %}<fieldset><legend>{{ field.label }}</legend>
{% for option in field.options %}<input type="radio" id="{{ field.name }}-{{ option.key }}"
 name="{{ field.name }}" value="{{ option.key }}"{% if option.key == field.value %} checked{% endif %}>
<label for="{{ field.name }}-{{ option.key }}">{{ option.text }}</label>
{% endfor %}</fieldset>
{% else %}<label for="{{ field.name }}">{{ field.label }}</label>
{% if field.hint %}<p id="{{ field.name }}-hint">{{ field.hint }}</p>{% endif %}
<textarea id="{{ field.name }}" name="{{ field.name }}">{{ field.value }}</textarea>
{% endif %}
<input type="hidden" name="{{ field.name }}.seen" value="1">
{% endfor %}
<button>Save</button></form></body></html>"""

bench_answers = Table(
    "bench_answer",
    MetaData(),
    Column("key", String(60), primary_key=True),
    Column("value", String, nullable=False),
    Column("revision", Integer, nullable=False),
)
_statements = threading.local()


def bare_app() -> Flask:
    """A Flask application that draws one page."""
    bare = Flask("bare")
    bare.jinja_loader = DictLoader({"page.html": BARE_PAGE})
    fields = list(_fields())

    @bare.get("/page")
    def page() -> str:
        return render_template("page.html", fields=fields)

    return bare


def _fields() -> Iterator[dict[str, object]]:
    """The benchmark's own forty questions as plain data."""
    for number, question in enumerate(questionnaire().questions()):
        options = [{"key": option.key, "text": str(option.text)} for option in question.listed()]
        if question.kind == "yes_no":
            options = [{"key": "yes", "text": "Yes"}, {"key": "no", "text": "No"}]
        yield {
            "name": f"a.{question.key}",
            "label": str(question.text),
            "hint": str(question.hint or ""),
            "options": options,
            "value": typed(number, 0)[0],
        }


def service() -> Flask:
    """Our application with the two baselines that need its session."""
    app = create_app()
    app.add_url_rule("/bench/enter", view_func=_enter, methods=["GET"])
    app.add_url_rule("/bench/upsert", view_func=_upsert, methods=["POST"])
    engine = app.extensions["database"].engine
    bench_answers.metadata.create_all(engine)
    event.listen(engine, "before_cursor_execute", _count)
    return app


@open_to_all
def _enter() -> ResponseReturnValue:
    with transactions.database().begin() as session:
        user = session.scalars(select(User).where(User.email == request.args["email"])).one()
        remember(signing_in.start(session, user, LinkPurpose.SIGN_IN, clock.now()))
    return "", 204


@signed_in
def _upsert() -> ResponseReturnValue:
    posted = request.get_json()
    session = transactions.session()
    values = {"key": posted["key"], "value": posted["value"], "revision": 1}
    upsert = insert(bench_answers).values(values)
    changed = {"value": upsert.excluded.value, "revision": bench_answers.c.revision + 1}
    session.execute(upsert.on_conflict_do_update(index_elements=["key"], set_=changed))
    transactions.commit()
    return {"saved": str(uuid4())}


def _count(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
    if not statement.startswith(("BEGIN", "PRAGMA")):
        _statements.number = getattr(_statements, "number", 0) + 1


class CountingMiddleware:
    """Says in a header how many statements an answer took."""

    def __init__(self, app: Any) -> None:
        self._app = app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer as the application does, with one header more."""
        _statements.number = 0

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start_response(status, [*headers, ("X-Statements", str(_statements.number))], *rest)

        answer: Iterable[bytes] = self._app(environ, start)
        return answer


app = CountingMiddleware(DispatcherMiddleware(service(), {"/bare": bare_app()}))
