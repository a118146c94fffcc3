"""A round as one address asks for it, and what every page of tracking shows of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from flask import abort, request, url_for
from flask_babel import get_locale

from app import clock
from app.definitions import regions
from app.exports import tracking_words
from app.models import Round
from app.queries import tracking as queries
from app.tracking import counting
from app.tracking.model import Base, Respondent, Tracking
from app.tracking.selecting import Group, Selection
from app.web.staff.standings import standing_tag
from app.web.tracking import asked as asking
from app.web.tracking import keeping
from app.web.tracking.allowed import allowed
from app.web.tracking.asked import Asked
from app.web.transactions import session


@dataclass(frozen=True)
class Looked:
    """A round as one address asks for it."""

    round: Round
    asked: Asked
    tracking: Tracking


def look(round_code: str, base: Base | None = None) -> Looked:
    """The round with this code as the request asks for it, or out of the base given; there is none that tries
    a questionnaire.
    """
    round_ = queries.by_code(session(), round_code)
    if round_ is None:
        abort(404)
    asked = asking.read(request.values, round_, clock.now())
    if base is not None:
        asked = replace(asked, base=base)
    division = regions.committed().of(asked.scheme)
    found = queries.read(
        session(), round_, asked.at, division, base=asked.base, live=asked.live, locale=str(get_locale())
    )
    return Looked(round_, asked, found)


def shared(looked: Looked, place: str) -> dict[str, Any]:
    """What every page of tracking has."""
    found = looked.tracking
    sizes = {base: counting.everybody(found.out_of(base)).rate.invited for base in Base}
    return {
        "round": looked.round,
        "asked": looked.asked,
        "tracking": found,
        "sizes": sizes,
        "base_words": tracking_words.base_words(looked.asked.base),
        "definition": tracking_words.definition(),
        "late_words": tracking_words.late_words(),
        "line_name": tracking_words.line_name,
        "group_names": tracking_words.group_names(),
        "audience_names": tracking_words.audience_names(),
        "one_names": tracking_words.one_names(),
        "type_names": tracking_words.type_names(),
        "Group": Group,
        "tag_of": standing_tag,
        "list_address": list_addresses(looked),
        "days_left": (found.round.closes_at - found.at).days,
        "kept_views": keeping.kept(place, looked.round.code),
        "place": place,
        "case_address": _case_addresses(looked),
        **allowed(),
    }


def list_addresses(looked: Looked) -> Callable[[Selection], str]:
    """The address of the list behind a figure: a page has hundreds, so what they share is built once."""
    start = url_for("tracking.listed", round_code=looked.round.code)

    def address(selection: Selection) -> str:
        given = looked.asked.same | selection.given()
        return f"{start}?{urlencode(given)}" if given else start

    return address


def _case_addresses(looked: Looked) -> Callable[[Respondent], str]:
    """The address of the page of one respondent."""

    def address(each: Respondent) -> str:
        which: dict[str, Any] = {"code": each.code, "as": each.audience}
        return url_for("rounds.respondent", round_code=looked.round.code, **which)

    return address
