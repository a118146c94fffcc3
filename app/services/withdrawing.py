"""Withdrawing what was submitted, until the cut-off: it counts no longer, and is a draft again."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.definitions import values
from app.i18n import _
from app.models import Response, ResponseStatus, Round, Submission
from app.policy import Act, Actor, can
from app.queries import responses
from app.services import auditing, locking
from app.services.errors import NotAllowed, NotPossible, ResponseLocked

WITHDRAWABLE = (ResponseStatus.SUBMITTED, ResponseStatus.REOPENED)


def withdraw(session: Session, response_id: UUID, reason: str, actor: Actor, now: datetime) -> Response:
    """Take back every submission that stands; nothing of it is read, counted or quoted from now on.

    What was frozen stays in the rows, as history. Raises NotFound, NotAllowed, ResponseLocked if nothing is
    submitted or the cut-off has passed, NotPossible without a reason.
    """
    response = locking.take(session, response_id)
    facts = responses.facts(session, response_id)
    if facts is None or not can(actor, Act.WITHDRAW_SUBMISSION, facts):
        raise NotAllowed
    if response.status not in WITHDRAWABLE:
        raise ResponseLocked(_("Nothing is submitted that could be withdrawn."))
    round_ = session.get_one(Round, response.round_id)
    if not withdrawable_until(round_) > now:
        raise ResponseLocked(_("The cut-off has passed. Ask IOM for an amendment."))
    why = values.normalise(reason).strip()
    if not why:
        raise NotPossible(_("Say why the answers are withdrawn."))
    standing = session.scalars(
        select(Submission).where(Submission.response_id == response_id, Submission.withdrawn_at.is_(None))
    )
    for submission in standing:
        submission.withdrawn_at = now
    before, response.status = response.status, ResponseStatus.IN_PROGRESS
    locking.note_status(session, response_id, before, response.status, actor, now, why)
    auditing.record(session, actor, "withdrew", response, {"reason": why}, at=now)
    return response


def withdrawable_until(round_: Round) -> datetime:
    """Until when a submission can be taken back: the cut-off for analysis, else the planned closing."""
    return round_.cut_off_at or round_.cutoff_at or round_.closes_at
