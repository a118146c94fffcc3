"""On which moment a rule of a plan of reminders falls. Pure.

A day is a day of the round's zone. With business days only Mondays to Fridays are counted, and nothing is
sent on another: from a Saturday, the first business day before is the Friday, the first after the Monday.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SATURDAY = 5
ONE = timedelta(days=1)
LATE_AT_MOST = timedelta(days=2)
"""How late a reminder still goes out when nobody was at work at its moment."""


@dataclass(frozen=True)
class When:
    """So many days before (negative) or after something, at this hour."""

    days: int
    hour: int
    business_days: bool


def moment_of(when: When, anchor: datetime, zone: str) -> datetime:
    """The instant, in the zone. An hour that the clocks leave out that night is the one after it; of one that
    comes twice it is the first.
    """
    there = ZoneInfo(zone)
    day = day_of(when, anchor.astimezone(there).date())
    at = datetime.combine(day, time(when.hour), there)
    return at.astimezone(ZoneInfo("UTC")).astimezone(there)


def day_of(when: When, anchor: date) -> date:
    """The day. On the day of the anchor itself, if that is no business day, it is the one before."""
    if not when.business_days:
        return anchor + timedelta(days=when.days)
    step = ONE if when.days > 0 else -ONE
    day, left = anchor, abs(when.days)
    if left == 0:
        return day if is_business_day(day) else _next(day, step)
    for _each in range(left):
        day = _next(day, step)
    return day


def _next(day: date, step: timedelta) -> date:
    day += step
    while not is_business_day(day):
        day += step
    return day


def is_business_day(day: date) -> bool:
    """Whether it is a Monday to Friday; holidays differ from one respondent to another and are not known."""
    return day.weekday() < SATURDAY


def is_due(moment: datetime, now: datetime) -> bool:
    """Whether it is to be sent now: its moment has come, and was not too long ago."""
    return moment <= now < moment + LATE_AT_MOST


def is_missed(moment: datetime, now: datetime) -> bool:
    """Whether it is too late for it."""
    return moment + LATE_AT_MOST <= now
