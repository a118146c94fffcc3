"""How many had answered at the end of each day: what a time curve is drawn from, and its table."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.standing import ANSWERED, OUTSIDE_THE_BASE, standing
from app.tracking.model import Respondent, Tracking


@dataclass(frozen=True)
class Day:
    """How many of the base had answered at the end of a day (in the round's zone), or when it was looked."""

    on: date
    answered: int
    eligible: int

    @property
    def per_cent(self) -> float:
        """Answered in per cent of the base, 0 where there is no base."""
        return 100 * self.answered / self.eligible if self.eligible else 0.0


def by_day(tracking: Tracking, audience: str) -> tuple[Day, ...]:
    """The days on which a number changed, with the first and the last of the round as far as it is looked at.

    Empty for a round that was not open then, and where nobody is asked.
    """
    opened = tracking.round.opened_at
    asked = [each for each in tracking.everybody if each.audience == audience]
    if opened is None or opened > tracking.at or not asked:
        return ()
    zone = ZoneInfo(tracking.round.zone)
    first, last = opened.astimezone(zone).date(), tracking.at.astimezone(zone).date()
    shown = min(last, _collected_until(tracking).astimezone(zone).date())
    changes: defaultdict[date, list[int]] = defaultdict(lambda: [0, 0])
    for each in asked:
        _add(changes, tracking, each, zone, first, last)
    answered = eligible = 0
    found = []
    for on in sorted({first, shown, *(on for on, change in changes.items() if any(change))}):
        answered, eligible = answered + changes[on][0], eligible + changes[on][1]
        found.append(Day(on, answered, eligible))
    return tuple(found) if any(each.eligible for each in found) else ()


def _collected_until(tracking: Tracking) -> datetime:
    """When a round that is closed stopped to take answers; of an open one, the moment that is looked at."""
    closed, cut_off = tracking.round.closed_at, tracking.round.cut_off_at
    if closed is None or closed > tracking.at:
        return tracking.at
    return min(tracking.at, max(closed, cut_off or closed))


def _add(
    changes: defaultdict[date, list[int]],
    tracking: Tracking,
    each: Respondent,
    zone: ZoneInfo,
    first: date,
    last: date,
) -> None:
    """Note on which days this respondent began or ceased to count."""
    before = (0, 0)
    happened = {max(first, moment.astimezone(zone).date()) for moment in _moments(each)}
    for on in sorted({first, *(day for day in happened if day <= last)}):
        after = _counts(tracking, each, min(_end(on, zone), tracking.at))
        changes[on][0] += after[0] - before[0]
        changes[on][1] += after[1] - before[1]
        before = after


def _moments(each: Respondent) -> Iterator[datetime]:
    """Every moment at which it may begin or cease to count."""
    yield each.added_at
    if each.withdrawn_at is not None:
        yield each.withdrawn_at
    for sent in each.trail.sent:
        yield sent.at
        if sent.withdrawn_at is not None:
            yield sent.withdrawn_at
    yield from (at for at, _outcome in each.trail.outcomes)


def _counts(tracking: Tracking, each: Respondent, at: datetime) -> tuple[int, int]:
    """Whether it had answered, and whether it belonged to the base, at that moment."""
    if not each.asked(tracking.base, at):
        return 0, 0
    stood = standing(each.trail, at)
    return int(stood in ANSWERED), int(stood not in OUTSIDE_THE_BASE)


def _end(on: date, zone: ZoneInfo) -> datetime:
    """The last moment of a day."""
    return datetime.combine(on + timedelta(days=1), time(), zone) - timedelta(microseconds=1)


def moved(days: tuple[Day, ...], by: timedelta) -> tuple[Day, ...]:
    """The same days, so much later: an earlier round laid over a later one by the day of its opening."""
    return tuple(Day(each.on + by, each.answered, each.eligible) for each in days)
