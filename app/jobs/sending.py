"""Sends the letters that are due: every minute, and whenever a page that caused one wakes the worker."""

from datetime import datetime

from app import clock
from app.jobs.work import Work
from app.services import mailing
from app.services.mailing import Office
from app.services.posting import Mailer

NAME = "send_letters"


def mailer(work: Work) -> Mailer:
    """The way out of this installation. Raises ValueError if its address cannot be used."""
    settings = work.settings
    return mailing.mailer(settings.mail_url or None, settings.mail_folder, settings.mail_from)


def run(work: Work, _now: datetime) -> int:
    """Send what is due, until nothing is, and return how many letters went out."""
    begin, sender = work.database.begin, work.settings.mail_from
    office = Office(begin, mailer(work), work.links, sender, clock.now, work.stopping)
    return mailing.send_due(office)
