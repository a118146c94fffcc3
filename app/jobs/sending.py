"""Sends the letters that are due: every minute, and whenever a page that caused one wakes the worker."""

from datetime import datetime

from app import clock
from app.jobs.work import Work
from app.services import mailing
from app.services.mailing import Office

NAME = "send_letters"


def run(work: Work, _now: datetime) -> int:
    """Send what is due, until nothing is, and return how many letters went out."""
    settings = work.settings
    mailer = mailing.mailer(settings.mail_url or None, settings.mail_folder, settings.mail_from)
    begin = work.database.begin
    office = Office(begin, mailer, work.links, settings.mail_from, clock.now, work.stopping)
    return mailing.send_due(office)
