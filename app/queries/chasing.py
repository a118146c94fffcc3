"""What is known of each respondent of a round that has to be chased, in five statements."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import (
    Clearance,
    Comment,
    ContactEntry,
    ContactKind,
    OutboxMessage,
    Response,
    Round,
    Thread,
    ThreadKind,
    User,
)
from app.tracking.chasing import Known, Reached, Request, Step


def known(session: Session, round_: Round) -> Known:
    """Signs of life, how often each was reached, the next steps, and who asks for time."""
    return Known(
        signs=_signs(session, round_),
        reached=_reached(session, round_),
        steps=_steps(session, round_),
        requests=_requests(session, round_),
    )


def _signs(session: Session, round_: Round) -> Mapping[UUID, datetime]:
    """When somebody of the respondent last opened, wrote, asked for clearance or wrote to IOM."""
    found: dict[UUID, datetime] = {}
    own = select(Response.id, Response.opened_at, Response.last_saved_at).where(
        Response.round_id == round_.id
    )
    for response_id, *moments in session.execute(own):
        _later(found, response_id, *moments)
    asked = (
        select(Clearance.response_id, func.max(Clearance.asked_at))
        .join(Response, Response.id == Clearance.response_id)
        .where(Response.round_id == round_.id)
        .group_by(Clearance.response_id)
    )
    written = (
        select(Thread.response_id, func.max(Comment.at))
        .join(Comment, Comment.thread_id == Thread.id)
        .join(Response, Response.id == Thread.response_id)
        .where(Response.round_id == round_.id, Comment.by_staff.is_(False))
        .group_by(Thread.response_id)
    )
    for statement in (asked, written):
        for response_id, moment in session.execute(statement):
            _later(found, response_id, moment)
    return found


def _later(found: dict[UUID, datetime], response_id: UUID, *moments: datetime | None) -> None:
    for moment in moments:
        if moment is not None and (response_id not in found or found[response_id] < moment):
            found[response_id] = moment


def _reached(session: Session, round_: Round) -> Mapping[UUID, Reached]:
    reminders = _reminders(session, round_)
    rows = session.execute(
        select(Response.id, ContactEntry.kind, func.count())
        .join(
            ContactEntry,
            (ContactEntry.round_id == Response.round_id)
            & (ContactEntry.organisation_id == Response.organisation_id),
        )
        .where(Response.round_id == round_.id)
        .group_by(Response.id, ContactEntry.kind)
    )
    kinds: defaultdict[UUID, Counter[ContactKind]] = defaultdict(Counter)
    for response_id, kind, count in rows:
        kinds[response_id][kind] = count
    return {
        each: Reached(
            reminders=reminders[each],
            notes_verbales=kinds[each][ContactKind.NOTE_VERBALE],
            calls=kinds[each][ContactKind.CALL],
            others=kinds[each].total()
            - kinds[each][ContactKind.NOTE_VERBALE]
            - kinds[each][ContactKind.CALL],
        )
        for each in reminders.keys() | kinds.keys()
    }


def _reminders(session: Session, round_: Round) -> Counter[UUID]:
    """How many reminders went out: one that went to several people at once counts once."""
    rows = session.execute(
        select(OutboxMessage.response_id, OutboxMessage.dedupe_key).where(
            OutboxMessage.round_id == round_.id,
            OutboxMessage.response_id.is_not(None),
            OutboxMessage.dedupe_key.startswith("reminder", autoescape=True),
            OutboxMessage.sent_at.is_not(None),
        )
    )
    occasions = {(response_id, key.rpartition(":")[0]) for response_id, key in rows}
    return Counter(response_id for response_id, _occasion in occasions if response_id is not None)


def _steps(session: Session, round_: Round) -> Mapping[UUID, Step]:
    """The next step of the latest entry about each organisation, by organisation; none where that entry has
    none.
    """
    rows = session.execute(
        select(
            ContactEntry.organisation_id,
            ContactEntry.next_step,
            ContactEntry.next_on,
            ContactEntry.next_by_id,
            User.name,
        )
        .outerjoin(User, User.id == ContactEntry.next_by_id)
        .where(ContactEntry.round_id == round_.id)
        .order_by(ContactEntry.happened_at, ContactEntry.recorded_at, ContactEntry.id)
    )
    latest = {row[0]: row for row in rows}
    return {
        organisation_id: Step(text, on, by_id, name or "")
        for organisation_id, text, on, by_id, name in latest.values()
        if text
    }


def _requests(session: Session, round_: Round) -> Mapping[UUID, Request]:
    rows = session.execute(
        select(Thread.response_id, Thread.id, Thread.wanted_until)
        .join(Response, Response.id == Thread.response_id)
        .where(
            Response.round_id == round_.id,
            Thread.kind == ThreadKind.EXTENSION,
            Thread.decision.is_(None),
            Thread.closed_at.is_(None),
        )
        .order_by(Thread.opened_at, Thread.id)
    )
    return {response_id: Request(id_, until) for response_id, id_, until in rows if until is not None}
