"""Writes the reminders that are due by the rounds' plans; they are sent like every letter."""

from datetime import datetime

from app.jobs.work import Work
from app.services import reminders

NAME = "write_reminders"


def run(work: Work, now: datetime) -> int:
    """Write what is due now, and return how many letters are new."""
    with work.database.begin() as session:
        return reminders.write_due(session, now)
