"""What is planned for a round: its name and dates before it opens, whom to ask at IOM, what the public sees,
and the plan and words that it takes over from another.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.definitions.asking import Rule
from app.i18n import _
from app.models import Round
from app.policy import Actor
from app.queries import register
from app.services import auditing, reminding, round_texts, rounds
from app.services.errors import NotPossible
from app.services.rounds import taken


@dataclass(frozen=True)
class Plan:
    """A round as it is planned."""

    title: str
    opens_at: datetime
    closes_at: datetime
    cutoff_at: datetime | None
    zone: str
    contact: Mapping[str, str]


def create(
    session: Session, code: str, plan: Plan, by: Actor, now: datetime, *, copied_from: Round | None = None
) -> Round:
    """A new round; from another it takes over who is asked by which rule, the plan of reminders and the
    texts. Raises NotPossible, AlreadyThere.
    """
    made = rounds.create(
        session,
        code,
        plan.title,
        plan.opens_at,
        plan.closes_at,
        plan.cutoff_at,
        plan.zone,
        by,
        copied_from=copied_from,
    )
    made.contact = dict(plan.contact) or None
    if copied_from is not None:
        made.asked = copied_from.asked or _of_the_same_kind(session, copied_from)
        reminding.copy_plan(session, copied_from, made, by, now)
        round_texts.copy_all(session, copied_from, made, by, now)
    return made


def _of_the_same_kind(session: Session, before: Round) -> dict[str, Any] | None:
    """The rule of a round that was opened without one: the usual, of organisations of its kind."""
    return Rule(fictional=True).plain() if register.asks_fictional(session, before) else None


def change(session: Session, round_: Round, plan: Plan, by: Actor, now: datetime) -> None:
    """Change what is planned, as long as the round was not opened. Raises NotPossible."""
    taken(session, round_)
    if round_.opened_at is not None:
        raise NotPossible(_("The round has been opened meanwhile: extend it instead."))
    round_.title, round_.zone = plan.title, plan.zone
    round_.opens_at, round_.closes_at, round_.cutoff_at = plan.opens_at, plan.closes_at, plan.cutoff_at
    round_.contact = dict(plan.contact) or None
    detail = {"opens_at": plan.opens_at.isoformat(), "closes_at": plan.closes_at.isoformat()}
    auditing.record(session, by, "planned_round", round_, detail, at=now)


def set_contact(
    session: Session, round_: Round, contact: Mapping[str, str], by: Actor, now: datetime
) -> None:
    """Say whom respondents ask at IOM."""
    taken(session, round_)
    round_.contact = dict(contact) or None
    auditing.record(session, by, "set_contact", round_, {"contact": dict(contact)}, at=now)


def set_public(session: Session, round_: Round, public: bool, by: Actor, now: datetime) -> None:
    """Let everybody see who has answered, or no longer. Raises NotPossible before the round is opened."""
    taken(session, round_)
    if public and (round_.opened_at is None or round_.pilots_version_id is not None):
        raise NotPossible(_("Nobody is asked yet, so there is nothing to show."))
    if (round_.public_since is not None) is public:
        return
    round_.public_since = now if public else None
    auditing.record(session, by, "made_public" if public else "hid_from_public", round_, at=now)


def set_asked(session: Session, round_: Round, rule: Mapping[str, Any], by: Actor, now: datetime) -> None:
    """Say by which rule it is decided who is asked. Raises NotPossible once that is frozen."""
    taken(session, round_)
    if round_.opened_at is not None:
        raise NotPossible(_("The round has been opened: who is asked stands. Add or withdraw one by one."))
    round_.asked = dict(rule)
    auditing.record(session, by, "set_asked", round_, {"asked": dict(rule)}, at=now)
