"""Sends the letters that are due: every minute, and whenever a page that caused one wakes the worker."""

from datetime import datetime

from app.jobs.work import Work
from app.services import mailing

NAME = "send_letters"


def run(work: Work, now: datetime) -> int:
    """Send what is due now, and return how many letters went out."""
    settings = work.settings
    mailer = mailing.mailer(settings.mail_url or None, settings.mail_folder)
    return mailing.send_due(work.database.begin, mailer, work.links, settings.mail_from, now)
