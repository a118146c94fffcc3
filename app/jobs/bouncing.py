"""Reads the reports of returned letters, where this installation has a place for them."""

from datetime import datetime

from app.jobs.work import Work
from app.services import bounces, returned_mail

NAME = "read_bounces"


def run(work: Work, now: datetime) -> int:
    """Read what lies there, each report in a transaction of its own, and return how many were new."""
    if not work.settings.mail_bounces:
        return 0
    new = 0

    def note(content: bytes) -> None:
        nonlocal new
        with work.database.begin() as session:
            new += bounces.take(session, content, now)

    returned_mail.each_report(work.settings.mail_bounces, note)
    return new
