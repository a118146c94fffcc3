"""The public face of a round that allows it: who has answered and who not yet, by region."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from app import clock
from app.definitions import regions
from app.i18n import _
from app.queries import tracking as rounds
from app.standing import ANSWERED, OUTSIDE_THE_BASE
from app.tracking.model import Base, Respondent, Tracking
from app.web.access import open_to_all
from app.web.language import chosen_language
from app.web.transactions import session

blueprint = Blueprint("answered", __name__)


@dataclass(frozen=True)
class Group:
    """A region, or those who are given one questionnaire: names with whether they have answered."""

    name: str
    listed: tuple[tuple[str, bool], ...]

    @property
    def answered(self) -> int:
        """How many have answered."""
        return sum(has for _name, has in self.listed)


@blueprint.get("/answered/<round_code>")
@open_to_all
def show(round_code: str) -> ResponseReturnValue:
    """Who has answered; a round that does not allow it is not found."""
    round_ = rounds.by_code(session(), round_code)
    if round_ is None or round_.public_since is None or round_.opened_at is None:
        abort(404)
    now = clock.now()
    division = regions.committed().of("m49")
    found = rounds.read(session(), round_, now, division, base=Base.TODAY, locale=chosen_language())
    return render_template("information/answered.html", round=round_, now=now, groups=groups(found))


def groups(tracking: Tracking) -> list[Group]:
    """States by region, then mechanisms, then organizations; who is not eligible is not listed."""
    listed: defaultdict[str, list[Respondent]] = defaultdict(list)
    for each in tracking.respondents:
        if tracking.of(each) not in OUTSIDE_THE_BASE:
            key = each.region("m49") or "none" if each.audience == "state" else each.audience
            listed[key].append(each)
    named = [(region.code, str(region.name)) for region in tracking.division.tops()]
    named += [("none", _("Other States and territories")), ("iscm", _("Mechanisms"))]
    named += [("igo", _("Inter-governmental organizations"))]
    return [_group(tracking, name, listed[key]) for key, name in named if listed.get(key)]


def _group(tracking: Tracking, name: str, listed: Sequence[Respondent]) -> Group:
    return Group(name, tuple((each.name, tracking.of(each) in ANSWERED) for each in listed))
