"""When the worker, and each job that comes round, was last begun: so that several workers do each once."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.models import WorkerBeat
from app.queries.workers import WORKER

__all__ = ["WORKER", "begin_if_due", "note"]

EARLY = timedelta(seconds=30)
"""A look that comes a little early counts: the next one would come too late."""


def note(session: Session, name: str, now: datetime) -> None:
    """Note that this was at work now."""
    begin_if_due(session, name, timedelta(), now)


def begin_if_due(session: Session, name: str, every: timedelta, now: datetime) -> bool:
    """Whether this is due, and noted as begun then: of several who ask at once, one is told so."""
    begun = session.scalar(
        update(WorkerBeat)
        .where(WorkerBeat.name == name, WorkerBeat.at <= now - every + EARLY)
        .values(at=now)
        .returning(WorkerBeat.name)
    )
    return begun is not None or _first(session, name, now)


def _first(session: Session, name: str, now: datetime) -> bool:
    if session.scalar(select(WorkerBeat.name).where(WorkerBeat.name == name)) is not None:
        return False
    try:
        with session.begin_nested():
            session.add(WorkerBeat(name=name, at=now))
    except IntegrityError:  # another worker was first
        return False
    return True
