"""Letters that came back: each report is read once, and what it says is noted at the letter it is about."""

import hashlib
from datetime import datetime

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from app.models import AddressFailure, BounceReport, LinkPurpose, LoginSession, OutboxMessage
from app.services import address_failures, bounce_reports
from app.services.address_failures import Refused
from app.services.bounce_reports import Report


def take(session: Session, content: bytes, now: datetime) -> bool:
    """Read a mail that reports a returned letter; whether it was new.

    A letter that is not tried any more counts as bounced, and if the reason will not go away, letters to the
    address do not arrive, unless they were seen to since. One that is only late is noted. What is of none of
    our letters is kept for staff.
    """
    digest = hashlib.sha256(content).hexdigest()
    if session.scalar(select(BounceReport.id).where(BounceReport.digest == digest)) is not None:
        return False
    report = bounce_reports.read(content)
    message = _ours(session, report)
    session.add(
        BounceReport(
            digest=digest,
            message_id=message.id if message else None,
            recipient=report.recipient,
            permanent=report.permanent,
            status=report.status,
            words=report.words,
            read_at=now,
        )
    )
    if message is not None and report.failed:
        _returned(session, message, report, now)
    return True


def _ours(session: Session, report: Report) -> OutboxMessage | None:
    """The letter with the id that came back, if it was handed to a server at all."""
    if report.message_id is None:
        return None
    message = session.get(OutboxMessage, report.message_id)
    return message if message is not None and message.handed_at is not None else None


def _returned(session: Session, message: OutboxMessage, report: Report, now: datetime) -> None:
    message.bounced_at = message.bounced_at or now
    if (
        report.permanent
        and message.user_id is not None
        and message.address
        and not _arrived(session, message)
    ):
        refused = Refused(message.address, report.words, message.id)
        address_failures.note_failure(session, message.user_id, refused, now)


def _arrived(session: Session, message: OutboxMessage) -> bool:
    """Whether the person has signed in by a mailed link since this letter was handed over, or staff have put
    the address right: whoever has an old letter cannot stop the next ones with it.
    """
    signed_in = exists().where(
        LoginSession.user_id == message.user_id,
        LoginSession.purpose == LinkPurpose.SIGN_IN,
        LoginSession.created_at > message.handed_at,
    )
    cleared = exists().where(
        AddressFailure.user_id == message.user_id,
        AddressFailure.address == func.lower(message.address),
        AddressFailure.cleared_at > message.handed_at,
    )
    return bool(session.scalar(select(or_(signed_in, cleared))))
