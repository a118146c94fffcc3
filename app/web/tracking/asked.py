"""What an address of the tracking pages asks for: which day, out of whom, whom, in what order."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from app.definitions import values
from app.definitions.regions import Scheme
from app.i18n import _
from app.models import Round
from app.templating import day as day_in_words
from app.tracking.model import Base
from app.tracking.selecting import Selection

AS_OF, OUT_OF, REGIONS, SORT = "as_of", "out_of", "regions", "sort"
LONGEST = 80


@dataclass(frozen=True)
class Asked:
    """One address, read: ``typed`` is the day as it was typed; ``faults`` are pairs of the field and what to
    do about it, and the page is then of now.
    """

    typed: str
    at: datetime
    live: bool
    base: Base
    scheme: Scheme
    sort: str
    selection: Selection
    faults: tuple[tuple[str, str], ...]

    @property
    def same(self) -> dict[str, str]:
        """The parameters that every link of the page keeps."""
        kept = {}
        if not self.live:
            kept[AS_OF] = self.typed
        if self.base is not Base.INVITED:
            kept[OUT_OF] = self.base.value
        if self.scheme != "m49":
            kept[REGIONS] = self.scheme
        return kept

    def everything(self) -> dict[str, str]:
        """All parameters in one form, whatever the address held beside them."""
        return {**self.same, **self.selection.given(), **({SORT: self.sort} if self.sort else {})}


def read(args: MultiDict[str, str], round_: Round, now: datetime) -> Asked:
    """What these parameters ask for, in the zone of the round."""
    typed = _text(args, AS_OF)
    at, fault = _moment(typed, round_, now)
    return Asked(
        typed=typed,
        at=at or now,
        live=at is None,
        base=Base.TODAY if args.get(OUT_OF) == Base.TODAY else Base.INVITED,
        scheme="iom" if args.get(REGIONS) == "iom" else "m49",
        sort=_text(args, SORT),
        selection=Selection(**{field.name: _text(args, field.name) for field in fields(Selection)}),
        faults=((AS_OF, fault),) if fault else (),
    )


def _text(args: MultiDict[str, str], name: str) -> str:
    return values.normalise(args.get(name, "")).strip()[:LONGEST]


def _moment(typed: str, round_: Round, now: datetime) -> tuple[datetime | None, str]:
    """The end of the day; None for now, which is also what today means; or what is wrong with the day."""
    if not typed:
        return None, ""
    try:
        asked = date.fromisoformat(typed)
    except ValueError:
        return None, _("Give the day as year, month and day, such as 2027-01-22")
    zone = ZoneInfo(round_.zone)
    today = now.astimezone(zone).date()
    if asked == today:
        return None, ""
    if asked > today:
        return None, _("This day has not come yet. Give today or an earlier one")
    opened = round_.opened_at or round_.opens_at
    if asked < opened.astimezone(zone).date():
        opened_on = day_in_words(opened, round_.zone)
        return None, _("The round was opened on %(day)s. Give that day or a later one", day=opened_on)
    return datetime.combine(asked + timedelta(days=1), time.min, zone) - timedelta(microseconds=1), ""


def sorting(sort: str, table: str, columns: Mapping[str, object]) -> tuple[str, bool]:
    """By which column of the table is sorted and whether downwards; nothing where another table is, or by a
    column that there is not.
    """
    down = sort.startswith("-")
    name, _dot, column = sort.removeprefix("-").partition(".")
    return (column, down) if name == table and column in columns else ("", False)
