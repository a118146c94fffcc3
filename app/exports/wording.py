"""Small wordings that several documents share: days, lists, quotation marks, file names."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime

from app.i18n import _

FORMATS = ("docx", "pdf", "html", "json")
MEDIA_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
}


def day(moment: datetime, zone: str, locale: str) -> str:
    """The day of a moment in a zone, such as 4 March 2019."""
    return format_date(moment.astimezone(ZoneInfo(zone)).date(), "d MMMM y", locale=locale.replace("-", "_"))


def known_day(known: str, locale: str) -> str:
    """What is known of a day, such as 4 March 2019, March 2019 or 2019, from "2019-03-04", "2019-03", "2019".

    What is no day of the calendar is said as it is.
    """
    pattern = {4: "y", 7: "MMMM y"}.get(len(known), "d MMMM y")
    try:
        first = date.fromisoformat(known + "-01-01"[len(known) - 4 :] if len(known) in (4, 7) else known)
    except ValueError:
        return known
    return format_date(first, pattern, locale=locale.replace("-", "_"))


def minute(moment: datetime, zone: str, locale: str) -> str:
    """Day and time of a moment in a zone, such as 4 March 2019, 14:05."""
    local = moment.astimezone(ZoneInfo(zone))
    return format_datetime(local, "d MMMM y, HH:mm", locale=locale.replace("-", "_"))


def listed(parts: Sequence[str]) -> str:
    """The parts as a list inside a sentence: one; one and two; one, two and three."""
    if len(parts) < 2:
        return "".join(parts)
    return _("%(several)s and %(last)s", several=", ".join(parts[:-1]), last=parts[-1])


def quoted(text: str) -> str:
    """The text in quotation marks; marks inside it become single ones."""
    inside = text.replace("“", "‘").replace("”", "’")
    return _("“%(words)s”", words=inside)
