"""Whether a worker lives that sends letters."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import WorkerBeat

WORKER = "worker"
SILENT_AFTER = timedelta(minutes=5)


def last_at_work(session: Session) -> datetime | None:
    """When a worker last said that it lives; None if none ever did."""
    return session.scalar(select(WorkerBeat.at).where(WorkerBeat.name == WORKER))


def is_silent(last: datetime | None, now: datetime) -> bool:
    """Whether staff must be told that nothing is sent: a worker says every minute that it lives."""
    return last is None or last < now - SILENT_AFTER
