"""Writes the daily digests of what waits for staff; they are sent like every letter."""

from datetime import datetime

from app.jobs.work import Work
from app.services import digesting

NAME = "write_digests"


def run(work: Work, now: datetime) -> int:
    """Write what is due now, and return how many letters are new."""
    with work.database.begin() as session:
        return digesting.write_due(session, now)
