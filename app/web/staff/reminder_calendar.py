"""The calendar of a plan of reminders: each day with its rule, who got it or would, and why others do not."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from app.models import ReminderRule
from app.queries.invitations import Fate
from app.services.reminder_days import Falling, Keeps

NEVER_ARRIVED = frozenset({Fate.BOUNCED, Fate.FAILED, Fate.DROPPED})


@dataclass(frozen=True)
class Day:
    """One moment of the calendar with its rule."""

    moment: datetime
    rule: ReminderRule
    past: bool
    got: tuple[Falling, ...]
    waits: int
    not_sent: int
    would: tuple[Falling, ...]
    kept: Counter[Keeps]

    @property
    def missed(self) -> int:
        """Who was left out because nobody was at work, or the plan was paused."""
        return self.kept[Keeps.MISSED] + self.kept[Keeps.PAUSED]

    @property
    def unreachable(self) -> int:
        """Who cannot be written to."""
        return self.kept[Keeps.NO_CONTACT]

    @property
    def unwilling(self) -> int:
        """Who wants no reminders."""
        return self.kept[Keeps.OPTED_OUT]


def days(fallings: Sequence[Falling], now: datetime) -> list[Day]:
    """The days in order. A moment that has passed is left out where the rule meant nobody then."""
    ordered = sorted(fallings, key=lambda each: (each.moment, str(each.rule.id)))
    made = [
        _day(moment, list(found), now)
        for (moment, _rule), found in groupby(ordered, key=lambda each: (each.moment, each.rule.id))
    ]
    return [day for day in made if not day.past or day.got or day.missed or day.unreachable]


def _day(moment: datetime, found: list[Falling], now: datetime) -> Day:
    sent = [letter for each in found for letter in each.sent]
    return Day(
        moment=moment,
        rule=found[0].rule,
        past=moment <= now,
        got=tuple(each for each in found if each.sent),
        waits=sum(letter.fate is Fate.QUEUED for letter in sent),
        not_sent=sum(letter.fate in NEVER_ARRIVED for letter in sent),
        would=tuple(each for each in found if not each.sent and each.kept is None),
        kept=Counter(each.kept for each in found if each.kept is not None),
    )


def chosen(values: Sequence[str]) -> list[UUID]:
    """The responses that a form names; what is no key is left out."""
    found = []
    for value in values:
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return list(dict.fromkeys(found))
