"""What wants the attention of staff today: of each kind how much there is, and the first few.

Every function here is one statement, however much there is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Subquery, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.models import (
    AddressFailure,
    Appointment,
    ContactEntry,
    LoginSession,
    Organisation,
    OutboxMessage,
    RegisterProposal,
    Response,
    Round,
    Submission,
    Thread,
    ThreadKind,
    User,
    WorkerBeat,
)
from app.queries.register_inbox import SENT
from app.queries.threads import REQUESTS
from app.queries.workers import WORKER, is_silent

FEW = 5
SOON = timedelta(days=7)
UNKNOWN_AFTER = timedelta(minutes=15)
"""How long after a server was handed a letter nobody can know any more whether it arrived."""


LATE_AFTER = timedelta(minutes=10)


@dataclass(frozen=True)
class Found:
    """One thing that waits: whose it is, since or until when, in which round and zone, and where it lies."""

    kind: str
    who: str
    at: datetime | date
    id: UUID
    round_code: str = ""
    zone: str = ""
    code: str = ""
    words: str = ""
    mine: bool = False


@dataclass(frozen=True)
class Some:
    """So many, and the first few of them."""

    count: int = 0
    few: tuple[Found, ...] = ()


def submitted(session: Session, since: datetime) -> Some:
    """Answers that came since then, the latest first, and were not withdrawn."""
    rows = session.execute(
        select(
            func.count().over(),
            Organisation.name,
            Submission.at,
            Response.id,
            Round.code,
            Round.zone,
            Organisation.code,
        )
        .join(Response, Response.id == Submission.response_id)
        .join(Round, Round.id == Response.round_id)
        .join(Organisation, Organisation.id == Response.organisation_id)
        .where(Submission.at >= since, Submission.withdrawn_at.is_(None), Round.pilots_version_id.is_(None))
        .order_by(Submission.at.desc(), Submission.id)
        .limit(FEW)
    ).all()
    few = tuple(
        Found("submitted", name, at, id_, round_code, zone, code)
        for _count, name, at, id_, round_code, zone, code in rows
    )
    return Some(rows[0][0] if rows else 0, few)


ANSWERED, ASKED, REQUESTED = "answered", "asked", "requested"
_WAITING: Mapping[str, ColumnElement[bool]] = {
    ANSWERED: and_(Thread.kind == ThreadKind.CLARIFICATION, Thread.answered_at.is_not(None)),
    ASKED: and_(Thread.kind == ThreadKind.QUESTION, Thread.answered_at.is_(None)),
    REQUESTED: and_(Thread.kind.in_(REQUESTS), Thread.decision.is_(None)),
}


def conversations(session: Session) -> Mapping[str, Some]:
    """Clarifications that were answered, questions to IOM, and requests, whoever waits longest first."""
    waiting = _conversations_waiting()
    rows = session.execute(
        select(waiting).where(waiting.c.place <= FEW).order_by(waiting.c.kind, waiting.c.place)
    )
    found: dict[str, list[Found]] = {}
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.kind] = row.in_all
        one = Found(
            row.kind,
            row.name,
            row.since,
            row.thread_id,
            row.code,
            row.zone,
            row.organisation,
            words=row.what.value,
        )
        found.setdefault(row.kind, []).append(one)
    return {each: Some(counts.get(each, 0), tuple(found.get(each, ()))) for each in _WAITING}


def _conversations_waiting() -> Subquery:
    kind = case(*((rule, each) for each, rule in _WAITING.items()))
    since = func.coalesce(Thread.answered_at, Thread.opened_at)
    return (
        select(
            kind.label("kind"),
            Thread.id.label("thread_id"),
            Thread.kind.label("what"),
            since.label("since"),
            Organisation.name,
            Organisation.code.label("organisation"),
            Round.code,
            Round.zone,
            func.count().over(partition_by=kind).label("in_all"),
            func.row_number().over(partition_by=kind, order_by=(since, Thread.id)).label("place"),
        )
        .join(Response, Response.id == Thread.response_id)
        .join(Round, Round.id == Response.round_id)
        .join(Organisation, Organisation.id == Response.organisation_id)
        .where(Thread.closed_at.is_(None), or_(*_WAITING.values()), Round.pilots_version_id.is_(None))
        .subquery()
    )


CORRECTION, MECHANISM = "correction", "mechanism"


def proposals(session: Session) -> Mapping[str, Some]:
    """What respondents correct in the register, and mechanisms that it lacks; the oldest first."""
    kind = case((RegisterProposal.fact == MECHANISM, MECHANISM), else_=CORRECTION)
    by, asked = aliased(Organisation), aliased(Response)
    waiting = (
        select(
            kind.label("kind"),
            RegisterProposal.id.label("proposal_id"),
            RegisterProposal.fact,
            RegisterProposal.created_at.label("since"),
            Organisation.name,
            by.name.label("by_name"),
            Round.code,
            Round.zone,
            RegisterProposal.proposed,
            func.count().over(partition_by=kind).label("in_all"),
            func.row_number()
            .over(partition_by=kind, order_by=(RegisterProposal.created_at, RegisterProposal.id))
            .label("place"),
        )
        .join(Organisation, Organisation.id == RegisterProposal.organisation_id)
        .join(asked, asked.id == RegisterProposal.response_id)
        .join(by, by.id == asked.organisation_id)
        .join(Round, Round.id == asked.round_id)
        .where(RegisterProposal.decision.is_(None), SENT, Round.pilots_version_id.is_(None))
        .subquery()
    )
    rows = session.execute(
        select(waiting).where(waiting.c.place <= FEW).order_by(waiting.c.kind, waiting.c.place)
    )
    found: dict[str, list[Found]] = {}
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.kind] = row.in_all
        named = row.proposed.get("name", "") if row.kind == MECHANISM else row.fact
        who = row.by_name if row.kind == MECHANISM else row.name
        one = Found(row.kind, who, row.since, row.proposal_id, row.code, row.zone, words=named)
        found.setdefault(row.kind, []).append(one)
    return {each: Some(counts.get(each, 0), tuple(found.get(each, ()))) for each in (CORRECTION, MECHANISM)}


def bounced(session: Session) -> Some:
    """People whose address does not take letters, the latest first."""
    organisation = (
        select(Organisation.name)
        .join(Appointment, Appointment.organisation_id == Organisation.id)
        .where(Appointment.user_id == User.id, Appointment.valid_until.is_(None))
        .order_by(Organisation.name)
        .limit(1)
        .correlate(User)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            func.count().over(),
            User.name,
            organisation,
            AddressFailure.failed_at,
            User.id,
            AddressFailure.words,
        )
        .join(User, User.id == AddressFailure.user_id)
        .where(AddressFailure.cleared_at.is_(None), User.deactivated_at.is_(None))
        .order_by(AddressFailure.failed_at.desc(), AddressFailure.id)
        .limit(FEW)
    ).all()
    few = tuple(
        Found("bounced", f"{name}, {of}" if of else name, at, id_, words=words)
        for _count, name, of, at, id_, words in rows
    )
    return Some(rows[0][0] if rows else 0, few)


def failed_letters(session: Session, now: datetime) -> Some:
    """Letters given up, or of which nobody knows whether they arrived, and that were not sent anew."""
    again = aliased(OutboxMessage)
    unknown = and_(
        OutboxMessage.handed_at < now - UNKNOWN_AFTER,
        OutboxMessage.sent_at.is_(None),
        OutboxMessage.given_up_at.is_(None),
        OutboxMessage.dropped_at.is_(None),
    )
    rows = session.execute(
        select(
            func.count().over(),
            User.name,
            func.coalesce(OutboxMessage.given_up_at, OutboxMessage.handed_at),
            OutboxMessage.id,
            Round.code,
            OutboxMessage.last_error,
        )
        .outerjoin(User, User.id == OutboxMessage.user_id)
        .outerjoin(Round, Round.id == OutboxMessage.round_id)
        .where(
            or_(OutboxMessage.given_up_at.is_not(None), unknown),
            ~select(again.id).where(again.resends_id == OutboxMessage.id).exists(),
        )
        .order_by(func.coalesce(OutboxMessage.given_up_at, OutboxMessage.handed_at).desc(), OutboxMessage.id)
        .limit(FEW)
    ).all()
    few = tuple(
        Found("failed", name or "", at, id_, round_code or "", words=error or "")
        for _count, name, at, id_, round_code, error in rows
    )
    return Some(rows[0][0] if rows else 0, few)


def _latest_contacts() -> Subquery:
    return select(
        ContactEntry.id,
        func.row_number()
        .over(
            partition_by=(ContactEntry.round_id, ContactEntry.organisation_id),
            order_by=(ContactEntry.recorded_at.desc(), ContactEntry.id),
        )
        .label("place"),
    ).subquery()


def next_steps(session: Session, user_id: UUID | None, today: date, *, only_mine: bool) -> tuple[Some, int]:
    """The steps agreed that are due, and how many of all are this person's; the oldest first.

    Of each respondent the latest contact counts.
    """
    latest = _latest_contacts()
    mine = case((ContactEntry.next_by_id == user_id, 1), else_=0)
    rows = session.execute(
        select(
            func.count().over(),
            func.sum(mine).over(),
            Organisation.name,
            ContactEntry.next_on,
            ContactEntry.id,
            Round.code,
            Round.zone,
            Organisation.code,
            ContactEntry.next_step,
            mine,
        )
        .join(latest, latest.c.id == ContactEntry.id)
        .join(Organisation, Organisation.id == ContactEntry.organisation_id)
        .join(Round, Round.id == ContactEntry.round_id)
        .where(latest.c.place == 1, ContactEntry.next_on <= today, Round.closed_at.is_(None))
        .order_by(*((mine.desc(),) if only_mine else ()), ContactEntry.next_on, ContactEntry.id)
        .limit(FEW)
    ).all()
    of_all, of_me = (rows[0][0], int(rows[0][1])) if rows else (0, 0)
    few = tuple(
        Found("step", name, on, id_, round_code, zone, code, step or "", bool(own))
        for _all, _me, name, on, id_, round_code, zone, code, step, own in rows
        if own or not only_mine
    )
    return Some(of_me if only_mine else of_all, few), of_me


def sending(session: Session, now: datetime) -> tuple[datetime | None, datetime | None]:
    """Since when the worker that sends letters is silent, and since when the oldest letter waits for it; None
    for what is well. A worker says every minute that it lives.
    """
    oldest = (
        select(func.min(OutboxMessage.due_at))
        .where(
            OutboxMessage.sent_at.is_(None),
            OutboxMessage.given_up_at.is_(None),
            OutboxMessage.dropped_at.is_(None),
            OutboxMessage.handed_at.is_(None),
            OutboxMessage.attempts == 0,
            OutboxMessage.due_at < now - LATE_AFTER,
        )
        .scalar_subquery()
    )
    beat = select(func.max(WorkerBeat.at)).where(WorkerBeat.name == WORKER).scalar_subquery()
    last, waits = session.execute(select(beat, oldest)).one()
    return (last if last is not None and is_silent(last, now) else None), waits


OPENS, CLOSES, CUTS_OFF = "opens", "closes", "cuts_off"


def turning(session: Session, now: datetime) -> Some:
    """Rounds that open, close or are cut off within a week, or should have been opened or closed already."""
    rounds = session.scalars(
        select(Round)
        .where(Round.pilots_version_id.is_(None), Round.cut_off_at.is_(None))
        .order_by(Round.opens_at, Round.code)
    )
    found = [one for each in rounds for one in _turns(each, now)]
    found.sort(key=lambda one: (str(one.at), one.round_code))
    return Some(len(found), tuple(found[:FEW]))


def _turns(round_: Round, now: datetime) -> Sequence[Found]:
    def said(kind: str, at: datetime) -> Found:
        return Found(kind, round_.title, at, round_.id, round_.code, round_.zone)

    soon = now + SOON
    if round_.opened_at is None:
        return [said(OPENS, round_.opens_at)] if round_.opens_at <= soon else []
    if round_.closed_at is None:
        return [said(CLOSES, round_.closes_at)] if round_.closes_at <= soon else []
    if round_.cutoff_at is not None and now <= round_.cutoff_at <= soon:
        return [said(CUTS_OFF, round_.cutoff_at)]
    return []


def last_look(session: Session, user_id: UUID, login_session_id: UUID) -> datetime | None:
    """When the person was last here before the present session; None if never."""
    return session.scalar(
        select(func.max(LoginSession.last_seen_at)).where(
            LoginSession.user_id == user_id, LoginSession.id != login_session_id
        )
    )
