"""How a round's end and everybody's deadline stood at a past moment, as was written down at each move."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import AuditEvent, Response, Round
from app.standing import Trail

EXTENDED, EXTENDED_ROUND, REOPENED_ROUND = "extended", "extended_round", "reopened_round"
"""The acts by which a deadline moves: one respondent's, or everybody's whose own is not later."""


@dataclass(frozen=True)
class Move:
    """That an end moved: when, from what (empty: not written down) to what."""

    at: datetime
    before: datetime | None
    after: datetime


@dataclass(frozen=True)
class Ends:
    """The round's own ends as they stood at a moment, and how its deadline moved over time."""

    closes_at: datetime
    closed_at: datetime | None
    cut_off_at: datetime | None
    moves: tuple[Move, ...]

    def trail(self, known: Trail, due_at: datetime) -> Trail:
        """The trail as it was known then: with the closing and cut-off of that moment."""
        closed_at = self.closed_at
        if closed_at is not None and due_at > self.closes_at:
            closed_at = max(closed_at, due_at)
        return replace(known, closed_at=closed_at, cut_off_at=self.cut_off_at)


def ends(session: Session, round_: Round, at: datetime) -> Ends:
    """The ends of the round at the moment, in one statement."""
    rows = session.execute(
        select(AuditEvent.at, AuditEvent.act, AuditEvent.detail)
        .where(
            AuditEvent.subject_kind == Round.__tablename__,
            AuditEvent.subject_id == str(round_.id),
            AuditEvent.act.in_([EXTENDED_ROUND, REOPENED_ROUND]),
        )
        .order_by(AuditEvent.number)
    ).all()
    closed_at, cut_off_at = round_.closed_at, round_.cut_off_at or round_.cutoff_at
    for moved, act, detail in reversed(rows):
        if moved > at:
            cut_off_at = _moment(detail.get("cut_off_at") or detail.get("cutoff_before")) or cut_off_at
            closed_at = _moment(detail.get("closed_at")) if act == REOPENED_ROUND else closed_at
    moves = tuple(
        Move(moved, _moment(detail.get("before") or detail.get("closed_at")), end)
        for moved, _act, detail in rows
        if (end := _moment(detail.get("after")))
    )
    return Ends(_closes_at(round_.closes_at, moves, at), closed_at, cut_off_at, moves)


def deadlines(
    session: Session, asked: Iterable[tuple[UUID, datetime, datetime]], moves: Sequence[Move], at: datetime
) -> Mapping[UUID, datetime]:
    """The deadlines that held at the moment, by response, in one statement. ``asked`` gives the response,
    since when it is asked and which deadline holds now.
    """
    of = {response_id: (since, due_at) for response_id, since, due_at in asked}
    rows = session.execute(
        select(AuditEvent.subject_id, AuditEvent.at, AuditEvent.detail)
        .where(
            AuditEvent.subject_kind == Response.__tablename__,
            AuditEvent.subject_id.in_([str(each) for each in of]),
            AuditEvent.act == EXTENDED,
        )
        .order_by(AuditEvent.number)
    )
    own: defaultdict[UUID, list[Move]] = defaultdict(list)
    for subject_id, moved, detail in rows:
        own[UUID(subject_id)].append(Move(moved, _moment(detail.get("before")), _needed(detail["after"])))
    return {
        response_id: _deadline(due_at, since, own[response_id], moves, at)
        for response_id, (since, due_at) in of.items()
    }


def _closes_at(now: datetime, moves: Sequence[Move], at: datetime) -> datetime:
    """The round's deadline at the moment: what stood before the first move after it."""
    later = next((move for move in moves if move.at > at), None)
    return now if later is None else later.before or now


def _deadline(
    now: datetime, since: datetime, own: Sequence[Move], everybody: Sequence[Move], at: datetime
) -> datetime:
    """What held: each move of one's own sets the deadline, a move of the round only ever makes it later."""
    moves = [(move, True) for move in own] + [(move, False) for move in everybody if move.at > since]
    moves.sort(key=lambda each: each[0].at)
    if not any(move.at > at for move, _mine in moves):
        return now
    due = moves[0][0].before or now
    for move, mine in moves:
        if move.at <= at:
            due = move.after if mine else max(due, move.after)
    return due


def _moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


def _needed(written: str) -> datetime:
    return datetime.fromisoformat(written)
