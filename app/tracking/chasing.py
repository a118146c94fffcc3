"""Whom to chase: who has not finished, the longest silent first unless another rule is asked for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from app.standing import FINISHED, Standing
from app.tracking.model import Respondent, Tracking
from app.tracking.selecting import Selection, select


@dataclass(frozen=True)
class Reached:
    """By what the respondent was reached since it was asked: each letter to several people counts once."""

    reminders: int = 0
    notes_verbales: int = 0
    calls: int = 0
    others: int = 0


@dataclass(frozen=True)
class Step:
    """The next step that was agreed, on which day and whose it is."""

    text: str
    on: date | None
    by_id: UUID | None
    by: str


@dataclass(frozen=True)
class Request:
    """That the respondent asks for more time, and nobody has decided it."""

    thread_id: UUID
    until: datetime


@dataclass(frozen=True)
class Known:
    """What chasing needs beside the tracking; by response, ``steps`` by organisation."""

    signs: Mapping[UUID, datetime] = field(default_factory=dict)
    reached: Mapping[UUID, Reached] = field(default_factory=dict)
    steps: Mapping[UUID, Step] = field(default_factory=dict)
    requests: Mapping[UUID, Request] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """One respondent to chase. ``sign`` is the last thing that its own people did, empty if they never did
    anything.
    """

    respondent: Respondent
    standing: Standing
    overdue: bool
    sign: datetime | None
    reached: Reached
    step: Step | None
    request: Request | None


class Order(StrEnum):
    """What comes first."""

    SILENCE = "silence"
    """The longest silent; of those who never did anything, who was asked first."""
    DEADLINE = "deadline"
    STEP = "step"
    """The next step that is due first; who has none comes last."""
    NAME = "name"


@dataclass(frozen=True)
class Rule:
    """Who is listed, and in what order; ``silent`` is for how many days nothing may have been heard."""

    order: Order = Order.SILENCE
    silent: int = 0
    selection: Selection = field(default_factory=Selection)


def cases(tracking: Tracking, known: Known, rule: Rule) -> tuple[Case, ...]:
    """Those of the base who have not finished and whom the rule asks for, in its order."""
    before = tracking.at - timedelta(days=rule.silent)
    found = [
        _case(tracking, known, each)
        for each in select(tracking, rule.selection)
        if tracking.of(each) not in FINISHED
    ]
    kept = [each for each in found if each.sign is None or not rule.silent or each.sign <= before]
    return tuple(sorted(kept, key=_KEYS[rule.order]))


def _case(tracking: Tracking, known: Known, each: Respondent) -> Case:
    return Case(
        respondent=each,
        standing=tracking.of(each),
        overdue=tracking.overdue(each),
        sign=known.signs.get(each.response_id),
        reached=known.reached.get(each.response_id, Reached()),
        step=known.steps.get(each.organisation_id),
        request=known.requests.get(each.response_id),
    )


def _by_silence(each: Case) -> tuple[bool, datetime, str]:
    return each.sign is not None, each.sign or each.respondent.added_at, each.respondent.name.casefold()


def _by_step(each: Case) -> tuple[bool, date, tuple[bool, datetime, str]]:
    on = each.step.on if each.step else None
    return on is None, on or date.max, _by_silence(each)


_KEYS: Mapping[Order, Callable[[Case], tuple[object, ...]]] = {
    Order.SILENCE: _by_silence,
    Order.DEADLINE: lambda each: (each.respondent.due_at, *_by_silence(each)),
    Order.STEP: _by_step,
    Order.NAME: lambda each: (each.respondent.name.casefold(), each.respondent.code),
}
