"""The staff's first page: what wants attention today, and below it the rounds with their counts."""

from datetime import datetime, time, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app import clock
from app.policy import Act, can
from app.queries import desk as rows
from app.queries import lost_matches, round_overview
from app.services import desk, digesting
from app.services.desk import Wanted
from app.templating import DEFAULT_ZONE, local
from app.web.access import actor, person, requires
from app.web.staff import words
from app.web.transactions import commit, session

blueprint = Blueprint("desk", __name__)

LOOKED, MINE = "last-look", "mine"


@blueprint.get("/overview")
@requires(Act.READ_ROUNDS)
def overview() -> ResponseReturnValue:
    """What waits for staff, and every round with its counts, each with its base."""
    now = clock.now()
    looked = _last_look()
    since_look = looked is not None and request.args.get("since") == LOOKED
    since = looked if looked is not None and since_look else _yesterday(now)
    only_mine = request.args.get("steps") == MINE
    rounds = round_overview.progress(session())
    running = [each.round for each in rounds if each.round.opened_at and not each.round.closed_at]
    return render_template(
        "staff/overview.html",
        is_page=_is_page,
        matters=desk.matters(session(), actor(), Wanted(since, local(now).date(), now, only_mine)),
        since=since,
        since_look=since_look,
        looked=looked,
        only_mine=only_mine,
        may_record=can(actor(), Act.RECORD_CONTACT),
        rounds=rounds,
        lost={each.id: lost_matches.of_round(session(), each) for each in running},
        audience_names=words.audience_names(),
        may_hand_over=can(actor(), Act.HAND_OVER),
        now=now,
    )


def _is_page(path: str | None) -> bool:
    """Whether this service has a page there."""
    return path is not None and current_app.url_map.bind("").test(urlsplit(path).path, "GET")


def _last_look() -> datetime | None:
    visitor = person()
    if visitor is None:
        return None
    return rows.last_look(session(), visitor.user_id, visitor.login_session_id)


def _yesterday(now: datetime) -> datetime:
    """The beginning of the day before, or of Friday on a Monday."""
    today = local(now).date()
    days = 3 if today.weekday() == 0 else 1
    return datetime.combine(today - timedelta(days=days), time.min, ZoneInfo(DEFAULT_ZONE))


@blueprint.get("/overview/digest")
@requires(Act.READ_ROUNDS)
def digest() -> ResponseReturnValue:
    """Whether the person gets the digest by mail."""
    return render_template("staff/digest.html", since=digesting.wanted_since(session(), actor()))


@blueprint.post("/overview/digest")
@requires(Act.READ_ROUNDS)
def choose_digest() -> ResponseReturnValue:
    """Notes whether the person wants the digest by mail."""
    digesting.choose(session(), actor(), wanted=request.form.get("digest") == "yes", now=clock.now())
    commit()
    return redirect(url_for("desk.digest"))
