"""The figures of a round's tracking: where each State stands, one square for each, and answers by day."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from app.exports.charts import curve, tiles, world_map
from app.exports.charts.curve import Line, Mark, Size
from app.exports.charts.shades import Shade, shade
from app.exports.tracking_words import audience_names
from app.i18n import _
from app.templating import local
from app.tracking import by_day, counting
from app.tracking.by_day import Day
from app.tracking.counting import AUDIENCES
from app.tracking.model import Respondent, Tracking


@dataclass(frozen=True)
class Squares:
    """One line of the squares: a region, how many of how many answered, and a square for each State."""

    line: counting.Line
    svg: str


def states(tracking: Tracking) -> list[Respondent]:
    """Those who are given the States' questionnaire, in the base."""
    return [each for each in tracking.respondents if each.audience == "state"]


def standings(tracking: Tracking, size: float = 14) -> str:
    """The map of the States by standing; of made-up ones, for whom there is no map, tiles by region. ``size``
    is that of the map's words.
    """
    title = _("States by status")
    shades = {each.iso3 or each.code: shade(tracking.of(each)) for each in states(tracking)}
    if not tracking.round.fictional:
        return world_map.draw(shades, title, size)
    found: defaultdict[str, list[str]] = defaultdict(list)
    for each in states(tracking):
        found[each.region(tracking.division.key) or ""].append(each.iso3 or each.code)
    order = [region.code for region in tracking.division.tops()]
    groups = [(_region(tracking, code), sorted(found[code])) for code in [*order, ""] if found.get(code)]
    return tiles.draw(groups, shades, title)


def _region(tracking: Tracking, code: str) -> str:
    region = tracking.division.named(code)
    return str(region.name) if region else _("Region not known")


def squares(tracking: Tracking) -> list[Squares]:
    """A line of squares for each region of States."""
    found: defaultdict[str, list[Shade]] = defaultdict(list)
    for each in states(tracking):
        found[each.region(tracking.division.key) or "none"].append(shade(tracking.of(each)))
    return [Squares(line, tiles.squares(found[line.key])) for line in counting.by_region(tracking)]


def submitted_by_day(
    tracking: Tracking,
    before: Tracking | None,
    locale: str = "en",
    size: Size = Size(),  # noqa: B008 - frozen
) -> str:
    """The curve: States, mechanisms and organizations, and States in the round before, laid over this one by
    the day of its opening. Empty for a round that was not open yet.
    """
    days = {audience: by_day.by_day(tracking, audience) for audience in AUDIENCES}
    lines = [_line(audience_names()[key], found) for key, found in days.items() if found]
    if not lines:
        return ""
    if before is not None and (earlier := _earlier(tracking, before)):
        lines.append(_line(_("States, last round"), earlier, until=earlier[-1]))
    zone = tracking.round.zone
    deadline = Mark(local(tracking.round.closes_at, zone).date(), _("deadline"), strong=True)
    title, unit = _("Submitted, by day"), _("Per cent of the base, at the end of each day.")
    return curve.draw(lines, [deadline], title, unit, locale, size)


def _earlier(tracking: Tracking, before: Tracking) -> tuple[Day, ...]:
    opened, opened_before = tracking.round.opened_at, before.round.opened_at
    if opened is None or opened_before is None:
        return ()
    later = local(opened, tracking.round.zone).date() - local(opened_before, before.round.zone).date()
    last = max(tracking.at, tracking.round.closes_at).date() + timedelta(days=1)
    return tuple(each for each in by_day.moved(by_day.by_day(before, "state"), later) if each.on <= last)


def _line(name: str, days: Sequence[Day], until: Day | None = None) -> Line:
    end = until or days[-1]
    words = f"{name} {round(end.per_cent)} %"
    return Line(words, tuple((each.on, round(each.per_cent, 2)) for each in days))


def both(tracking: Tracking, before: Tracking | None, locale: str = "en") -> str:
    """Map and curve beside each other in one figure, for a page; only one where there is no other."""
    map_ = standings(tracking, size=24) if states(tracking) else ""
    curve_ = submitted_by_day(tracking, before, locale, Size(300, 220, 17))
    if not map_ or not curve_:
        return map_ or curve_
    (width, height), (other, tall) = _size(map_), _size(curve_)
    factor = min(1.3, (_PAGE - width - _BETWEEN) / other)
    deep = max(height, tall * factor)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_PAGE} {deep:g}" width="{_PAGE}" '
        f'height="{deep:g}">{map_}'
        f'<g transform="translate({width + _BETWEEN:g} 0) scale({factor:.4g})">{curve_}</g></svg>'
    )


_PAGE, _BETWEEN = 1560, 30
_BOX = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')


def _size(drawing: str) -> tuple[float, float]:
    found = _BOX.search(drawing)
    if found is None:
        raise ValueError("a drawing has no size")
    return float(found[1]), float(found[2])
