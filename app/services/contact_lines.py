"""Whom to ask at IOM, in every letter to a respondent, and subjects that stay one line."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.filling import one_line
from app.i18n import _
from app.models import Appointment, OutboxMessage, Response, Round, User
from app.services import round_letters
from app.services.letter_writing import Letter, Links, Unwanted, Writer, Written


def with_contact(writer: Writer) -> Writer:
    """The same letters, each with the contact of its round below unless it stands there; staff's as they
    are.
    """

    def write(
        session: Session, message: OutboxMessage, user: User, links: Links, now: datetime
    ) -> Written | Unwanted | None:
        written = writer(session, message, user, links, now)
        if written is None or isinstance(written, Unwanted):
            return written
        subject, text = written
        headers = written.headers if isinstance(written, Letter) else {}
        if user.staff_role is None:
            text = _completed(session, message, user, links, text, now)
        return Letter(one_line(subject), text, headers)

    return write


def _completed(
    session: Session, message: OutboxMessage, user: User, links: Links, text: str, now: datetime
) -> str:
    round_ = _round_of(session, message, user, now)
    if round_ is None:
        return text
    contact = round_letters.contact(round_, links)
    if contact in text:
        return text
    whom = _("Whom to ask at IOM:\n%(contact)s", contact=contact)
    return f"{text.rstrip()}\n\n{whom}\n"


def _round_of(session: Session, message: OutboxMessage, user: User, now: datetime) -> Round | None:
    """The round of the letter; else the newest open one in which an organisation of the person is asked."""
    if message.round_id is not None:
        return session.get_one(Round, message.round_id)
    today = now.date()
    return session.scalar(
        select(Round)
        .join(Response, Response.round_id == Round.id)
        .join(Appointment, Appointment.organisation_id == Response.organisation_id)
        .where(
            Appointment.user_id == user.id,
            or_(Appointment.valid_until.is_(None), Appointment.valid_until >= today),
            Round.opened_at.is_not(None),
            Round.pilots_version_id.is_(None),
        )
        .order_by(Round.closed_at.is_not(None), Round.opens_at.desc(), Round.code)
        .limit(1)
    )
