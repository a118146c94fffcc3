"""What came of asking a respondent other than answers: declined, not eligible, asked twice; and taking it
back.

Every change leaves a row of its own beside the audit event, so that the standing of any day can be told.
"""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.definitions import values
from app.i18n import _
from app.models import Outcome, OutcomeChange, Response, ResponseStatus
from app.policy import Act, Actor, can
from app.services import auditing, locking
from app.services.errors import NotAllowed, NotPossible, ResponseLocked

_BEFORE_SUBMISSION = (ResponseStatus.INVITED, ResponseStatus.IN_PROGRESS)


def decide(
    session: Session, response_id: UUID, outcome: Outcome | None, reason: str, actor: Actor, now: datetime
) -> Response:
    """Give the response this outcome, or take its outcome back (None); by staff, with a reason.

    The same outcome once more changes nothing. Raises NotFound, NotAllowed, NotPossible without a reason,
    ResponseLocked where answers stand submitted and it is to be called declined.
    """
    if not can(actor, Act.CHANGE_OUTCOME):
        raise NotAllowed
    response = locking.take(session, response_id)
    if response.outcome is outcome:
        return response
    why = values.normalise(reason).strip()
    if not why:
        raise NotPossible(_("Say why, so that it can be understood later."))
    if outcome is Outcome.DECLINED and response.status not in _BEFORE_SUBMISSION:
        raise ResponseLocked(_("Answers stand submitted, so this respondent has not declined."))
    write(session, response, outcome, why, actor, now)
    detail = {"outcome": outcome.value if outcome else None, "reason": why}
    auditing.record(session, actor, "changed_outcome", response, detail, at=now)
    return response


def write(
    session: Session, response: Response, outcome: Outcome | None, reason: str, actor: Actor, now: datetime
) -> OutcomeChange:
    """Change the outcome of a response whose row is taken, and keep that it was changed.

    Two changes are never of the same instant: the later one counts.
    """
    last = session.scalar(select(func.max(OutcomeChange.at)).where(OutcomeChange.response_id == response.id))
    at = now if last is None or last < now else last + timedelta(microseconds=1)
    change = OutcomeChange(
        id=uuid4(),
        response_id=response.id,
        before=response.outcome,
        after=outcome,
        by_id=actor.user_id,
        at=at,
        reason=reason,
    )
    session.add(change)
    response.outcome, response.outcome_reason = outcome, reason if outcome else None
    session.flush()  # whoever reads the response next in this transaction sees it
    return change
