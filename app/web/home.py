"""The front door: to the work of whoever is signed in, and the pages that explain the service."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from app.policy import Hat
from app.queries import homes
from app.queries.homes import Waiting
from app.web.access import actor, open_to_all, person, signed_in
from app.web.glossary import terms
from app.web.respond.contact import Contact, contact_of
from app.web.transactions import database, session

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@signed_in
def home() -> ResponseReturnValue:
    """To the newest response of the hat worn, or to the staff's overview."""
    hat = actor().hat
    if hat is None:
        return (
            redirect(url_for("desk.overview")) if actor().staff_role else render_template("auth/no_role.html")
        )
    waiting = _waiting(hat)
    if not waiting:
        return render_template("auth/nothing_waiting.html")
    return redirect(url_for("respond.overview", response_id=waiting[0].response_id))


@blueprint.get("/how-your-answers-are-used")
@open_to_all
def use_of_answers() -> ResponseReturnValue:
    """What happens with an answer, from the draft to the publication."""
    return render_template("information/use_of_answers.html")


@blueprint.get("/accessibility")
@open_to_all
def accessibility() -> ResponseReturnValue:
    """The accessibility statement."""
    return render_template("information/accessibility.html")


@blueprint.get("/ask-iom")
@open_to_all
def ask_iom() -> ResponseReturnValue:
    """Whom to ask, and what to say so that the answer comes quickly."""
    return render_template("information/ask_iom.html", contacts=_contacts())


def _contacts() -> list[tuple[str, Contact]]:
    """The rounds that the person answers in, the newest first, with whom to ask about each."""
    visitor = person()
    hat = visitor.actor.hat if visitor else None
    if hat is None:
        return []
    named = [(each.round_title, contact_of(each.contact)) for each in _waiting(hat)]
    return [(title, contact) for title, contact in named if contact is not None]


def _waiting(hat: Hat) -> list[Waiting]:
    """The responses that somebody with this hat has something to do with, the newest round first."""
    return [
        each
        for each in homes.responses_of(session(), hat.organisation_id, hat.audience)
        if hat.shares is None or hat.shares_of(each.response_id)
    ]


@blueprint.get("/glossary")
@open_to_all
def glossary() -> ResponseReturnValue:
    """The terms of the questionnaires and of the service, in plain words."""
    return render_template("information/glossary.html", terms=terms())


@blueprint.get("/health")
@open_to_all
def health() -> ResponseReturnValue:
    """`ok` when the service answers and its database does; nothing else, so that anybody may ask."""
    with database().engine.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
    return "ok\n", 200, {"Content-Type": "text/plain; charset=utf-8"}
