"""On which moment a reminder falls: weekends, changes of the clocks, and zones far from Geneva."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reminding_days import LATE_AT_MOST, When, day_of, is_business_day, is_due, is_missed, moment_of

ZONES = st.sampled_from(
    ["Europe/Zurich", "UTC", "Pacific/Apia", "America/St_Johns", "Asia/Kathmandu", "Africa/Cairo"]
)
DAYS = st.integers(-60, 60)
HOURS = st.integers(0, 23)
ANCHORS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))


@pytest.mark.parametrize(
    ("days", "anchor", "falls"),
    [
        (-1, date(2027, 1, 29), date(2027, 1, 28)),  # before a Friday, the Thursday
        (-1, date(2027, 1, 30), date(2027, 1, 29)),  # before a Saturday, the Friday
        (-1, date(2027, 2, 1), date(2027, 1, 29)),  # before a Monday, the Friday
        (-5, date(2027, 1, 29), date(2027, 1, 22)),  # five business days are a week
        (1, date(2027, 1, 29), date(2027, 2, 1)),  # after a Friday, the Monday
        (1, date(2027, 1, 31), date(2027, 2, 1)),  # after a Sunday too
        (0, date(2027, 1, 31), date(2027, 1, 29)),  # a Sunday itself: the Friday before
        (0, date(2027, 1, 29), date(2027, 1, 29)),
    ],
)
def test_only_business_days_are_counted(days: int, anchor: date, falls: date) -> None:
    assert day_of(When(days, 9, business_days=True), anchor) == falls


def test_other_days_are_counted_as_they_come() -> None:
    assert day_of(When(-7, 9, business_days=False), date(2027, 2, 7)) == date(2027, 1, 31)


@given(DAYS, HOURS, ANCHORS, ZONES)
def test_business_days_are_never_a_weekend_and_stand_on_the_right_side(
    days: int, hour: int, anchor: datetime, zone: str
) -> None:
    there = ZoneInfo(zone)
    at = moment_of(When(days, hour, business_days=True), anchor, zone)
    day, anchored = at.astimezone(there).date(), anchor.astimezone(there).date()
    assert is_business_day(day)
    assert (day > anchored) if days > 0 else (day <= anchored)
    passed = [anchored + timedelta(days=n) for n in range(1, (day - anchored).days + 1)]
    passed += [anchored - timedelta(days=n) for n in range(1, (anchored - day).days + 1)]
    if days:
        assert sum(map(is_business_day, passed)) == abs(days)


@given(DAYS, HOURS, ANCHORS, ZONES)
def test_the_hour_is_that_of_the_zone_unless_the_clocks_leave_it_out(
    days: int, hour: int, anchor: datetime, zone: str
) -> None:
    at = moment_of(When(days, hour, business_days=False), anchor, zone).astimezone(ZoneInfo(zone))
    assert at.hour in {hour, hour + 1}
    assert at.date() == anchor.astimezone(ZoneInfo(zone)).date() + timedelta(days=days)


def test_the_night_in_which_the_clocks_change() -> None:
    deadline = datetime(2027, 3, 29, 21, 59, tzinfo=UTC)
    left_out = moment_of(When(-1, 2, business_days=False), deadline, "Europe/Zurich")
    assert (left_out.day, left_out.hour, left_out.utcoffset()) == (28, 3, timedelta(hours=2))
    twice = moment_of(
        When(0, 2, business_days=False), datetime(2027, 10, 31, 20, 0, tzinfo=UTC), "Europe/Zurich"
    )
    assert (twice.hour, twice.utcoffset()) == (2, timedelta(hours=2))


def test_nine_o_clock_stays_nine_o_clock_over_the_change_of_the_clocks() -> None:
    deadline = datetime(2027, 4, 2, 21, 59, tzinfo=UTC)
    before = moment_of(When(-7, 9, business_days=False), deadline, "Europe/Zurich")
    after = moment_of(When(-4, 9, business_days=False), deadline, "Europe/Zurich")
    assert (before.hour, after.hour) == (9, 9)
    assert after.astimezone(UTC) - before.astimezone(UTC) == timedelta(days=3) - timedelta(hours=1)


@given(ANCHORS, st.timedeltas(timedelta(days=-5), timedelta(days=5)))
def test_it_is_to_come_due_or_missed_and_never_two_of_them(moment: datetime, since: timedelta) -> None:
    now = moment + since
    assert [now < moment, is_due(moment, now), is_missed(moment, now)].count(True) == 1
    assert is_due(moment, now) is (timedelta() <= since < LATE_AT_MOST)
