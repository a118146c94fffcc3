"""Dates and times in words."""

from datetime import UTC, date, datetime

import pytest

from app import templating

LATE = datetime(2027, 1, 29, 22, 59, tzinfo=UTC)


def test_times_are_said_on_the_clocks_of_the_round() -> None:
    assert templating.moment(LATE) == "29 January 2027, 23:59, Geneva time"
    assert templating.weekday(LATE) == "Friday 29 January 2027"
    assert templating.moment(LATE, "UTC") == "29 January 2027, 22:59, UTC"
    assert templating.clock(LATE, "Asia/Tbilisi") == "02:59"
    assert templating.day(LATE, "Asia/Tbilisi") == "30 January 2027"


def test_a_day_is_no_instant() -> None:
    assert templating.day(date(2011, 11, 28), "Pacific/Apia") == "28 November 2011"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        templating.clock(datetime(2027, 1, 29, 12))


@pytest.mark.parametrize(
    ("locale", "direction"), [("en", "ltr"), ("ar", "rtl"), ("fr_FR", "ltr"), ("ar-EG", "rtl")]
)
def test_languages_know_their_direction(locale: str, direction: str) -> None:
    assert templating.direction(locale) == direction
