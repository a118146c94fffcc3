"""A day and a time as they are typed, in a round's zone: which instant they mean, or what to type instead."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo, available_timezones

from app.i18n import _
from app.services.errors import NotPossible
from app.templating import DEFAULT_ZONE, day, local
from app.web.conversations import END_OF_DAY, moment_of


def instant(on: str, clock: str, zone: str) -> datetime:
    """The instant that a day and a time name in a zone. Raises NotPossible with what to type.

    A time that the clocks leave out when they go forward names none, and one that comes twice when they go
    back names two: both are refused, since a deadline has to be one moment for everybody.
    """
    found = moment_of(on, clock, zone)
    there = ZoneInfo(zone)
    back = found.astimezone(UTC).astimezone(there)
    if back.replace(tzinfo=None) != found.replace(tzinfo=None):
        raise NotPossible(
            _(
                "On %(day)s the clocks go forward and leave out %(time)s. Choose another time",
                day=day(found.date()),
                time=found.strftime("%H:%M"),
            )
        )
    if found.utcoffset() != found.replace(fold=1).utcoffset():
        raise NotPossible(
            _(
                "On %(day)s the clocks go back and %(time)s comes twice. Choose another time",
                day=day(found.date()),
                time=found.strftime("%H:%M"),
            )
        )
    return found


def typed_moment(at: datetime | None, zone: str) -> tuple[str, str]:
    """The day and the time of an instant, as they stand in their fields."""
    if at is None:
        return "", END_OF_DAY
    shown = local(at, zone)
    return shown.date().isoformat(), shown.strftime("%H:%M")


def is_zone(name: str) -> bool:
    """Whether the zone is known by this name."""
    return name in available_timezones()


def day_of(typed: str) -> date | None:
    """The day that was typed, None if it is none."""
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        return None


def happened(on: str, clock: str, now: datetime, zone: str = DEFAULT_ZONE) -> datetime:
    """A moment that lies behind; a day without a time is its noon, or now if that is still to come.

    Raises NotPossible.
    """
    if clock.strip():
        at = moment_of(on, clock, zone)
    else:
        at = moment_of(on, "12:00", zone)
        if local(at, zone).date() == local(now, zone).date():
            at = min(at, now)
    if at > now:
        raise NotPossible(_("Give a day and time that have passed"))
    return datetime.combine(at.date(), time(at.hour, at.minute), at.tzinfo)
