"""A round's plan of reminders: rules added, changed and ended, taken over from another round, paused."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from app.i18n import _
from app.models import Audience, MessagePurpose, ReminderAnchor, ReminderRule, Round
from app.policy import Act, Actor, can
from app.queries import reminders
from app.services import auditing
from app.services.errors import DomainError, NotAllowed, NotFound, NotPossible
from app.standing import Standing

PURPOSES = (MessagePurpose.REMINDER, MessagePurpose.LAST_REMINDER, MessagePurpose.OVERDUE)
REMINDED = (
    Standing.INVITED,
    Standing.OPENED,
    Standing.IN_PROGRESS,
    Standing.IN_CLEARANCE,
    Standing.NOT_SUBMITTED,
)
"""Where answers may stand whose respondent is reminded; a rule without standings means all of them."""
FARTHEST = 365
MOST_RULES = 50


class RuleRefused(DomainError):
    """A rule cannot be so; every fault with its field."""

    def __init__(self, faults: list[tuple[str, str]]) -> None:
        super().__init__("\n".join(message for _field, message in faults))
        self.faults = faults


@dataclass(frozen=True)
class Rule:
    """What a rule says, before it is kept."""

    anchor: ReminderAnchor
    days: int
    hour: int = 9
    business_days: bool = True
    audience: Audience | None = None
    standings: Collection[Standing] = field(default_factory=tuple)
    purpose: MessagePurpose = MessagePurpose.REMINDER


def add(session: Session, round_: Round, rule: Rule, by: Actor, now: datetime) -> ReminderRule:
    """Add a rule; the same once more changes nothing. Raises NotAllowed, RuleRefused."""
    _allowed(by)
    faults = list(_faults(rule))
    there = reminders.in_force(session, round_)
    if len(there) >= MOST_RULES:
        faults.append(("days", _("A plan has at most %(most)s rules. End one first", most=MOST_RULES)))
    if faults:
        raise RuleRefused(faults)
    same = next((each for each in there if as_rule(each) == _in_order(rule)), None)
    return same or _kept(session, round_, rule, by, now)


def change(
    session: Session, round_: Round, rule_id: UUID, rule: Rule, by: Actor, now: datetime
) -> ReminderRule:
    """End a rule and have another in its place; what was sent by it stays sent. Raises NotAllowed, NotFound,
    RuleRefused.
    """
    _allowed(by)
    before = rule_of(session, round_, rule_id)
    faults = list(_faults(rule))
    if faults:
        raise RuleRefused(faults)
    if as_rule(before) == _in_order(rule):
        return before
    end(session, round_, rule_id, by, now)
    return _kept(session, round_, rule, by, now)


def end(session: Session, round_: Round, rule_id: UUID, by: Actor, now: datetime) -> None:
    """End a rule: it sends nothing any more. Raises NotAllowed, NotFound."""
    _allowed(by)
    rule = rule_of(session, round_, rule_id)
    if rule.ended_at is None:
        rule.ended_at = now
        auditing.record(session, by, "ended_reminder_rule", rule, {"round": round_.code}, at=now)
        session.flush()  # whoever reads the plan next in this transaction sees it ended


def rule_of(session: Session, round_: Round, rule_id: UUID) -> ReminderRule:
    """A rule of this round. Raises NotFound."""
    rule = session.get(ReminderRule, rule_id)
    if rule is None or rule.round_id != round_.id:
        raise NotFound
    return rule


def as_rule(kept: ReminderRule) -> Rule:
    """What a kept rule says."""
    return Rule(
        anchor=kept.anchor,
        days=kept.days,
        hour=kept.hour,
        business_days=kept.business_days,
        audience=kept.audience,
        standings=tuple(each for each in REMINDED if each.value in kept.standings),
        purpose=kept.purpose,
    )


def copy_plan(session: Session, from_round: Round, to_round: Round, by: Actor, now: datetime) -> int:
    """Give a round the rules in force of another; returns how many. Raises NotAllowed."""
    if not can(by, Act.MANAGE_ROUNDS):
        raise NotAllowed
    taken = reminders.in_force(session, from_round)
    for each in taken:
        _kept(session, to_round, as_rule(each), by, now)
    return len(taken)


def pause(session: Session, round_: Round, by: Actor, now: datetime) -> None:
    """Have the plan send nothing until it is taken up again. Raises NotAllowed."""
    _allowed(by)
    if round_.reminders_paused_at is None:
        round_.reminders_paused_at = now
        auditing.record(session, by, reminders.PAUSED, round_, at=now)


def resume(session: Session, round_: Round, by: Actor, now: datetime) -> None:
    """Have the plan send again from now on; what fell into the pause is left out. Raises NotAllowed,
    NotPossible for a round that is over.
    """
    _allowed(by)
    if round_.cut_off_at is not None:
        raise NotPossible(_("The round is cut off: nobody is reminded any more."))
    if round_.reminders_paused_at is not None:
        round_.reminders_paused_at = None
        auditing.record(session, by, reminders.RESUMED, round_, at=now)


def _allowed(by: Actor) -> None:
    if not can(by, Act.SEND_MAIL):
        raise NotAllowed


def _faults(rule: Rule) -> list[tuple[str, str]]:
    found = []
    if abs(rule.days) > FARTHEST:
        found.append(("days", _("Give a number of days of at most %(most)s", most=FARTHEST)))
    if rule.anchor is ReminderAnchor.OPENING and rule.days < 0:
        found.append(("days", _("Nobody is reminded before the round is opened. Count days after it")))
    if not 0 <= rule.hour <= 23:
        found.append(("hour", _("Give an hour from 0 to 23")))
    if rule.audience is Audience.NONE:
        found.append(("audience", _("Choose who is reminded")))
    if not set(rule.standings) <= set(REMINDED):
        found.append(("standings", _("Choose among the states that are reminded")))
    if rule.purpose not in PURPOSES:
        found.append(("purpose", _("Choose one of the texts for reminders")))
    return found


def _in_order(rule: Rule) -> Rule:
    standings = tuple(each for each in REMINDED if each in rule.standings)
    return Rule(rule.anchor, rule.days, rule.hour, rule.business_days, rule.audience, standings, rule.purpose)


def _kept(session: Session, round_: Round, rule: Rule, by: Actor, now: datetime) -> ReminderRule:
    kept = ReminderRule(
        id=uuid4(),
        round_id=round_.id,
        anchor=rule.anchor,
        days=rule.days,
        hour=rule.hour,
        business_days=rule.business_days,
        audience=rule.audience,
        standings=[each.value for each in REMINDED if each in rule.standings],
        purpose=rule.purpose,
        added_at=now,
        added_by_id=by.user_id,
    )
    session.add(kept)
    detail = {"round": round_.code, "anchor": rule.anchor.value, "days": rule.days}
    auditing.record(session, by, "added_reminder_rule", kept, detail, at=now)
    session.flush()  # whoever reads the plan next in this transaction sees it
    return kept
