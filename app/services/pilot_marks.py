"""Letters of a pilot say in subject and text that it never counts, whatever kind of letter they are."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.i18n import _
from app.models import (
    Appointment,
    Clearance,
    Comment,
    HandOver,
    OutboxMessage,
    Response,
    Round,
    Submission,
    Thread,
    User,
)
from app.services.letter_writing import Letter, Links, Unwanted, Writer, Written

_OF_RESPONSE = select(Round.pilots_version_id).join(Response, Response.round_id == Round.id)
_OF_APPOINTMENT = _OF_RESPONSE.join(Appointment, Appointment.organisation_id == Response.organisation_id)
_BY: Mapping[str, tuple[Select[Any], Any]] = {
    "response": (_OF_RESPONSE, Response.id),
    "submission": (_OF_RESPONSE.join(Submission, Submission.response_id == Response.id), Submission.id),
    "clearance_id": (_OF_RESPONSE.join(Clearance, Clearance.response_id == Response.id), Clearance.id),
    "comment": (
        _OF_RESPONSE.join(Thread, Thread.response_id == Response.id).join(
            Comment, Comment.thread_id == Thread.id
        ),
        Comment.id,
    ),
    "appointment_id": (_OF_APPOINTMENT, Appointment.id),
    "hand_over": (_OF_APPOINTMENT.join(HandOver, HandOver.from_id == Appointment.id), HandOver.id),
}
"""By what the payload of a letter names what it is about, and how its round is found from there."""


def marking(writer: Writer) -> Writer:
    """The same writer; what it says about a pilot is marked."""

    def marked(
        session: Session, message: OutboxMessage, user: User, links: Links, now: datetime
    ) -> Written | Unwanted | None:
        written = writer(session, message, user, links, now)
        if written is None or isinstance(written, Unwanted) or not is_of_pilot(session, message):
            return written
        subject, text = written
        headers = written.headers if isinstance(written, Letter) else {}
        said = f"{_('Pilot: this never counts.')}\n\n{text}"
        return Letter(f"[{_('Pilot')}] {subject}", said, headers)

    return marked


def is_of_pilot(session: Session, message: OutboxMessage) -> bool:
    """Whether the letter is about something of a round that only tries a questionnaire."""
    if message.round_id is not None:
        return session.get_one(Round, message.round_id).pilots_version_id is not None
    payload = message.payload or {}
    for name, (found, key) in _BY.items():
        if name in payload:
            return session.scalar(found.where(key == UUID(str(payload[name]))).limit(1)) is not None
    return False
