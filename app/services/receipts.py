"""A respondent's own copy as data: what stands now or what was sent, with the receipt that proves it."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.models import Response, Round, Submission
from app.queries import files, response_files, submissions
from app.services.submitting import sent_of

DRAFT = "draft, not submitted"
SENT = "submitted"


def draft_file(session: Session, response: Response, now: datetime) -> dict[str, Any]:
    """The answers as they stand now, marked as a draft."""
    zone = session.get_one(Round, response.round_id).zone
    receipt = {"state": DRAFT, "taken_at": _local(now, zone), "zone": zone}
    return {**response_files.as_file(session, response), "receipt": receipt}


def submission_file(session: Session, response: Response, submission: Submission) -> dict[str, Any]:
    """The answers as they were sent, with the receipt; ``sent`` is exactly what the digest covers."""
    zone = session.get_one(Round, response.round_id).zone
    frozen = submissions.frozen(session, submission.id)
    attached = files.frozen(session, submission.id).get(submission.id, [])
    receipt = {
        "state": SENT,
        "reference": submission.reference,
        "number": submission.number,
        "submitted_at": _local(submission.at, zone),
        "zone": zone,
        "attribution": submission.attribution.value,
        "digest": submission.digest,
        "sent": sent_of(
            response,
            submission.number,
            submission.statement,
            frozen,
            attached,
            submission.questionnaire_version_id,
        ),
    }
    written = response_files.as_sent(session, response, submission, frozen)
    return {**written, "receipt": receipt}


def _local(moment: datetime, zone: str) -> str:
    return moment.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")
