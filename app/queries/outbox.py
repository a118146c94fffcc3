"""The letters of a round: what became of each, how many of each kind, and what was said of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVarTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session

from app.models import BounceReport, Organisation, OutboxMessage, Response, User

Columns = TypeVarTuple("Columns")

A_PAGE = 50
CLAIM_HOLDS = timedelta(minutes=10)
MOST_UNMATCHED = 100


class State(StrEnum):
    """What became of a letter; it has exactly one."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    BOUNCED = "bounced"
    DROPPED = "dropped"


@dataclass(frozen=True)
class Filters:
    """Which letters of a round: in one state, for one purpose, with these words in name, address or
    respondent.
    """

    state: State | None = None
    kind: str | None = None
    words: str = ""


@dataclass(frozen=True)
class Letter:
    """A letter with its state, to whom it goes, and about which respondent."""

    message: OutboxMessage
    state: State
    name: str
    email: str
    respondent: str | None

    @property
    def address(self) -> str:
        """Where it went, or would go now."""
        return self.message.address or self.email


def state_at(now: datetime) -> ColumnElement[str]:
    """The state of a letter. What was handed over waits for its answer as long as its claim holds; after
    that nobody knows.
    """
    under_way = and_(OutboxMessage.claimed_at.is_not(None), OutboxMessage.claimed_at >= now - CLAIM_HOLDS)
    return case(
        (OutboxMessage.bounced_at.is_not(None), literal(State.BOUNCED.value)),
        (OutboxMessage.sent_at.is_not(None), literal(State.SENT.value)),
        (OutboxMessage.given_up_at.is_not(None), literal(State.FAILED.value)),
        (OutboxMessage.dropped_at.is_not(None), literal(State.DROPPED.value)),
        (and_(OutboxMessage.handed_at.is_not(None), ~under_way), literal(State.UNKNOWN.value)),
        else_=literal(State.QUEUED.value),
    )


def counts(session: Session, round_id: UUID, filters: Filters, now: datetime) -> Mapping[State, int]:
    """How many letters of the round there are in each state, by the other filters."""
    state = state_at(now).label("state")
    found = _matching(select(state, func.count()), round_id, Filters(None, filters.kind, filters.words), now)
    by_state = {State(name): count for name, count in session.execute(found.group_by(state))}
    return {each: by_state.get(each, 0) for each in State}


def kinds(session: Session, round_id: UUID) -> Sequence[str]:
    """For what purposes there are letters in the round."""
    return session.scalars(
        select(OutboxMessage.kind)
        .where(OutboxMessage.round_id == round_id)
        .distinct()
        .order_by(OutboxMessage.kind)
    ).all()


def letters(
    session: Session, round_id: UUID, filters: Filters, now: datetime, page: int = 1
) -> Sequence[Letter]:
    """One page of the letters, the newest first."""
    found = _matching(_whole(now), round_id, filters, now)
    rows = session.execute(
        found.order_by(OutboxMessage.created_at.desc(), OutboxMessage.id)
        .limit(A_PAGE)
        .offset((page - 1) * A_PAGE)
    )
    return [_letter(*row) for row in rows]


def letter(session: Session, round_id: UUID, message_id: UUID, now: datetime) -> Letter | None:
    """One letter of the round."""
    found = _matching(_whole(now), round_id, Filters(), now)
    row = session.execute(found.where(OutboxMessage.id == message_id)).one_or_none()
    return _letter(*row) if row else None


def sent_again(session: Session, message_id: UUID) -> Sequence[OutboxMessage]:
    """The letters that were to send this one again, in order."""
    return session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.resends_id == message_id)
        .order_by(OutboxMessage.created_at, OutboxMessage.id)
    ).all()


def reports(session: Session, message_id: UUID) -> Sequence[BounceReport]:
    """What mail servers reported of a letter, in order."""
    return session.scalars(
        select(BounceReport)
        .where(BounceReport.message_id == message_id)
        .order_by(BounceReport.read_at, BounceReport.id)
    ).all()


def unmatched(session: Session) -> Sequence[BounceReport]:
    """Reports that are of none of our letters, the newest first."""
    return session.scalars(
        select(BounceReport)
        .where(BounceReport.message_id.is_(None))
        .order_by(BounceReport.read_at.desc(), BounceReport.id)
        .limit(MOST_UNMATCHED)
    ).all()


def how_many_unmatched(session: Session) -> int:
    """How many reports are of none of our letters."""
    return session.scalars(select(func.count()).where(BounceReport.message_id.is_(None))).one()


def without_a_round(session: Session, now: datetime) -> Mapping[State, int]:
    """How many letters belong to no round, such as links to sign in, in each state."""
    state = state_at(now).label("state")
    rows = session.execute(
        select(state, func.count()).where(OutboxMessage.round_id.is_(None)).group_by(state)
    )
    by_state = {State(name): count for name, count in rows}
    return {each: by_state.get(each, 0) for each in State}


def _whole(now: datetime) -> Select[OutboxMessage, str, str, str, str]:
    return select(OutboxMessage, state_at(now), User.name, User.email, Organisation.name)


def _matching(what: Select[*Columns], round_id: UUID, filters: Filters, now: datetime) -> Select[*Columns]:
    found = (
        what.select_from(OutboxMessage)
        .outerjoin(User, User.id == OutboxMessage.user_id)
        .outerjoin(Response, Response.id == OutboxMessage.response_id)
        .outerjoin(Organisation, Organisation.id == Response.organisation_id)
        .where(OutboxMessage.round_id == round_id)
    )
    if filters.state is not None:
        found = found.where(state_at(now) == filters.state.value)
    if filters.kind is not None:
        found = found.where(OutboxMessage.kind == filters.kind)
    if filters.words:
        searched = (User.name, User.email, OutboxMessage.address, Organisation.name, Organisation.code)
        words = filters.words.lower()
        found = found.where(
            or_(*(func.lower(column).contains(words, autoescape=True) for column in searched))
        )
    return found


def _letter(
    message: OutboxMessage, state: str, name: str | None, email: str | None, respondent: str | None
) -> Letter:
    return Letter(message, State(state), name or "", email or "", respondent)
