"""What a plan of reminders asks for: each rule for each respondent, on its moment, and what keeps it from
being sent. The calendar and the sending read the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from app import reminding_days
from app.models import ReminderAnchor, ReminderRule, Round
from app.queries import reminders, round_people, trails
from app.queries.reminders import Pause, Reminded
from app.queries.round_people import Person, Respondent
from app.reminding_days import When
from app.services.being_asked import roles_at, takes_answers
from app.services.reminding import REMINDED
from app.standing import Standing, Trail, standing

APART = timedelta(days=3)
"""A rule reminds no respondent again within this time, when a deadline moves by little."""


class Keeps(StrEnum):
    """What keeps a reminder from being sent."""

    WITHDRAWN = "withdrawn"
    STANDS_ELSEWHERE = "stands_elsewhere"
    NO_CONTACT = "no_contact"
    OPTED_OUT = "opted_out"
    NOT_TAKEN = "not_taken"
    PAUSED = "paused"
    MISSED = "missed"


@dataclass(frozen=True)
class Falling:
    """One rule for one respondent: on which moment it falls, who gets it, what was sent of it, and what keeps
    it from being sent, if anything does. Where the answers stand is said as of now; of a moment that was
    missed, as of then.
    """

    rule: ReminderRule
    respondent: Respondent
    anchor: datetime
    moment: datetime
    standing: Standing
    people: tuple[Person, ...]
    sent: tuple[Reminded, ...]
    kept: Keeps | None


@dataclass(frozen=True)
class Facts:
    """Everything that decides about a round's reminders, read at once."""

    round: Round
    rules: Sequence[ReminderRule]
    respondents: Sequence[Respondent]
    trails: Mapping[UUID, Trail]
    written: Sequence[Reminded]
    pauses: Sequence[Pause]


def read(session: Session, round_: Round, now: datetime) -> Facts:
    """The facts, in a constant number of statements."""
    return Facts(
        round_,
        reminders.rules(session, round_),
        round_people.of_round(session, round_, now),
        trails.of_round(session, round_),
        reminders.written(session, round_),
        reminders.pauses(session, round_),
    )


def anchor_of(rule: ReminderRule, respondent: Respondent) -> datetime:
    """From when the days are counted: when this respondent was asked, or its own deadline."""
    return respondent.added_at if rule.anchor is ReminderAnchor.OPENING else respondent.due_at


def moment_of(rule: ReminderRule, respondent: Respondent, zone: str) -> datetime:
    """On which moment the rule falls for the respondent."""
    when = When(rule.days, rule.hour, rule.business_days)
    return reminding_days.moment_of(when, anchor_of(rule, respondent), zone)


def fallings(facts: Facts, now: datetime) -> list[Falling]:
    """Each rule for each respondent it is for, in the order of the moments; a rule that was added later or
    ended before its moment did not fall.
    """
    sent: dict[tuple[UUID | None, UUID], list[Reminded]] = {}
    for each in facts.written:
        sent.setdefault((each.rule_id, each.response_id), []).append(each)
    found = [
        _falling(facts, rule, respondent, sent.get((rule.id, respondent.response_id), ()), now)
        for rule in facts.rules
        for respondent in facts.respondents
        if rule.audience in {None, respondent.audience}
    ]
    return sorted(
        (each for each in found if each is not None),
        key=lambda each: (each.moment, str(each.rule.id), each.respondent.name),
    )


def _falling(
    facts: Facts, rule: ReminderRule, respondent: Respondent, sent: Iterable[Reminded], now: datetime
) -> Falling | None:
    anchor, moment = anchor_of(rule, respondent), moment_of(rule, respondent, facts.round.zone)
    if moment < rule.added_at or (rule.ended_at is not None and rule.ended_at <= moment):
        return None
    before = [each for each in sent if each.anchor == anchor or abs(each.at - moment) <= APART]
    when = max(moment, respondent.added_at) if reminding_days.is_missed(moment, now) else now
    at = standing(facts.trails[respondent.response_id], when)
    people = respondent.reachable(roles_at(at))
    wanting = tuple(each for each in people if not each.opted_out)
    kept = None if before else _keeps(facts, rule, respondent, moment, at, people, now)
    return Falling(rule, respondent, anchor, moment, at, wanting, tuple(before), kept)


def _keeps(
    facts: Facts,
    rule: ReminderRule,
    respondent: Respondent,
    moment: datetime,
    at: Standing,
    people: Sequence[Person],
    now: datetime,
) -> Keeps | None:
    if respondent.withdrawn:
        return Keeps.WITHDRAWN
    if not takes_answers(facts.round, respondent.due_at, max(moment, now)):
        return Keeps.NOT_TAKEN
    if at in {Standing.NO_CONTACT, Standing.BOUNCED} or (_wanted(rule, at) and not people):
        return Keeps.NO_CONTACT
    if not _wanted(rule, at):
        return Keeps.STANDS_ELSEWHERE
    if all(each.opted_out for each in people):
        return Keeps.OPTED_OUT
    if any(pause.covers(moment) for pause in facts.pauses):
        return Keeps.PAUSED
    return Keeps.MISSED if reminding_days.is_missed(moment, now) else None


def _wanted(rule: ReminderRule, at: Standing) -> bool:
    return at.value in (rule.standings or [each.value for each in REMINDED])
