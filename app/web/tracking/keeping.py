"""Views that staff keep: a page of tracking with its filters, under a name, their own or shared."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.definitions import values
from app.i18n import _
from app.policy import Act
from app.queries import saved_views, tracking
from app.queries.saved_views import Kept
from app.services import saving_views
from app.services.errors import AlreadyThere, NotPossible
from app.tracking.selecting import Selection
from app.web.access import actor, requires
from app.web.tracking.allowed import allowed
from app.web.tracking.asked import AS_OF, OUT_OF, REGIONS, SORT
from app.web.tracking.blueprint import views as blueprint
from app.web.transactions import commit, roll_back, session

WITH_PROBLEMS = 422
ENDPOINTS: Mapping[str, str] = {"tracking": "tracking.page", "list": "tracking.listed", "chase": "chase.page"}
KEPT = frozenset(
    {AS_OF, OUT_OF, REGIONS, SORT, "order", "silent", *(each.name for each in fields(Selection))}
)
"""The parameters that a view may have; whatever else an address held is left out."""


@dataclass(frozen=True)
class View:
    """A kept view with its address."""

    kept: Kept
    address: str


def kept(place: str, round_code: str) -> list[View]:
    """The views of this place that the person sees, as addresses of the round."""
    return [
        View(each, address(each.place, each.query, round_code))
        for each in saved_views.of(session(), actor().user_id, place)
    ]


def address(place: str, query: str, round_code: str) -> str:
    """The address of a view in a round: only of a page that there is, with parameters that it knows."""
    known: dict[str, Any] = {name: value for name, value in parse_qsl(query) if name in KEPT}
    return url_for(ENDPOINTS[place], round_code=round_code, **known)


@blueprint.get("")
@requires(Act.READ_ROUNDS)
def listed() -> ResponseReturnValue:
    """One's own views, to rename, share or remove, and those that others share."""
    return _draw([])


@blueprint.post("")
@requires(Act.READ_ROUNDS)
def save() -> ResponseReturnValue:
    """Keep a page with its filters, and go back to it."""
    place = request.form.get("place", "")
    round_code = values.normalise(request.form.get("round", ""))
    if place not in ENDPOINTS or tracking.by_code(session(), round_code) is None:
        abort(404)
    known = [
        (name, value)
        for name, value in parse_qsl(values.normalise(request.form.get("query", "")))
        if name in KEPT
    ]
    query, name = urlencode(known), request.form.get("name", "")
    shared = request.form.get("shared") == "yes"
    try:
        saving_views.save(session(), place, name, query, actor(), clock.now(), shared=shared)
    except (AlreadyThere, NotPossible) as refused:
        roll_back()
        page = render_template(
            "staff/views/save.html",
            **{"place": place, "round_code": round_code, "query": query, "name": name, "shared": shared},
            faults=[("name", str(refused))],
        )
        return page, WITH_PROBLEMS
    commit()
    return redirect(address(place, query, round_code))


@blueprint.post("/<uuid:view_id>")
@requires(Act.READ_ROUNDS)
def change(view_id: UUID) -> ResponseReturnValue:
    """Give one's own view another name, share it or keep it to oneself."""
    shared = request.form.get("shared") == "yes"
    try:
        saving_views.change(
            session(), view_id, request.form.get("name", ""), actor(), clock.now(), shared=shared
        )
    except (AlreadyThere, NotPossible) as refused:
        roll_back()
        return _draw(
            [(f"name-{view_id}", str(refused))], {view_id: request.form.get("name", "")}
        ), WITH_PROBLEMS
    commit()
    return redirect(url_for("views.listed"))


@blueprint.get("/<uuid:view_id>/remove")
@requires(Act.READ_ROUNDS)
def ask(view_id: UUID) -> ResponseReturnValue:
    """Ask whether the view is to be removed."""
    view = saved_views.own(session(), actor().user_id, view_id)
    if view is None:
        abort(404)
    return render_template("staff/views/remove.html", view=view)


@blueprint.post("/<uuid:view_id>/remove")
@requires(Act.READ_ROUNDS)
def remove(view_id: UUID) -> ResponseReturnValue:
    """Remove one's own view; what it shows stays where it is."""
    saving_views.remove(session(), view_id, actor(), clock.now())
    commit()
    return redirect(url_for("views.listed"))


def _draw(faults: list[tuple[str, str]], typed: Mapping[UUID, str] | None = None) -> str:
    round_ = tracking.newest(session())
    found = saved_views.of(session(), actor().user_id)
    shown = [View(each, address(each.place, each.query, round_.code)) for each in found] if round_ else []
    return render_template(
        "staff/views/listed.html",
        round=round_,
        **allowed(),
        views=shown,
        places={"tracking": _("Tracking"), "list": _("Lists"), "chase": _("Chase list")},
        faults=faults,
        typed=typed or {},
    )
