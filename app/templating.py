"""What templates need beside their variables: dates and times in words, and the page's direction."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date

DEFAULT_ZONE = "Europe/Zurich"
ZONE_NAMES: Mapping[str, str] = {"Europe/Zurich": "Geneva time", "UTC": "UTC"}
"""How a zone is called behind a time; another zone is called by its own name."""


def local(moment: datetime, zone: str = DEFAULT_ZONE) -> datetime:
    """The instant on the clocks of the zone. Raises ValueError for a time without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone cannot be shown")
    return moment.astimezone(ZoneInfo(zone))


def day(moment: datetime | date, zone: str = DEFAULT_ZONE, locale: str = "en") -> str:
    """`22 January 2027`, the day it is in the zone."""
    shown = local(moment, zone).date() if isinstance(moment, datetime) else moment
    return format_date(shown, "d MMMM y", locale=locale)


def weekday(moment: datetime, zone: str = DEFAULT_ZONE, locale: str = "en") -> str:
    """`Friday 22 January 2027`."""
    return format_date(local(moment, zone).date(), "EEEE d MMMM y", locale=locale)


def clock(moment: datetime, zone: str = DEFAULT_ZONE) -> str:
    """`14:05`."""
    return local(moment, zone).strftime("%H:%M")


def zone_name(zone: str = DEFAULT_ZONE) -> str:
    """`Geneva time`."""
    return ZONE_NAMES.get(zone, zone)


def moment(at: datetime, zone: str = DEFAULT_ZONE, locale: str = "en") -> str:
    """`22 January 2027, 16:42, Geneva time`."""
    return f"{day(at, zone, locale)}, {clock(at, zone)}, {zone_name(zone)}"


@lru_cache(maxsize=16)
def direction(locale: str) -> str:
    """`rtl` or `ltr`, as the language is written."""
    return Locale.parse(locale, sep="-" if "-" in locale else "_").text_direction
