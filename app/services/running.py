"""What happens to a round that is open: more time for all, the cut-off for analysis, opening it again.

Closing stands with opening in ``app.services.rounds``. Each takes the round's row first, so that two of
staff act one after the other.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from app.definitions import values
from app.i18n import _
from app.models import MessagePurpose, Response, Round
from app.policy import Actor
from app.queries import trails
from app.services import auditing, notices
from app.services.errors import NotPossible
from app.services.rounds import taken
from app.standing import FINISHED, standing
from app.templating import moment


def extend(
    session: Session,
    round_: Round,
    closes_at: datetime,
    cutoff_at: datetime | None,
    by: Actor,
    now: datetime,
) -> int:
    """Give everybody until a later moment, and tell whoever is still to answer; who has more time of their
    own already keeps it.

    Returns how many deadlines moved. Raises NotPossible if the round is not open, or for a moment that is not
    later than the one that holds, or after the cut-off.
    """
    taken(session, round_)
    if round_.opened_at is None or round_.closed_at is not None:
        raise NotPossible(_("The round is not open."))
    if closes_at <= round_.closes_at:
        at = moment(round_.closes_at, round_.zone)
        raise NotPossible(_("The round runs until %(moment)s anyway. Choose a later time", moment=at))
    check_end(closes_at, cutoff_at, now)
    detail = {**_ends(round_), "after": closes_at.isoformat()}
    moved = _move(session, round_, closes_at, cutoff_at)
    auditing.record(session, by, "extended_round", round_, {**detail, "moved": len(moved)}, at=now)
    _tell(session, round_, moved, f"extension:{closes_at.isoformat()}", now)
    return len(moved)


def cut_off(session: Session, round_: Round, by: Actor, *, now: datetime) -> None:
    """Cut the closed round off: what comes from now on is kept, and counts no more.

    Raises NotPossible if it is not closed, or is cut off already.
    """
    taken(session, round_)
    if round_.closed_at is None:
        raise NotPossible(_("Close the round first: it is cut off when nobody writes on time any more."))
    if round_.cut_off_at is not None:
        raise NotPossible(_("The round is cut off already."))
    round_.cut_off_at = now
    auditing.record(session, by, "cut_off_round", round_, at=now)


def reopen(
    session: Session,
    round_: Round,
    closes_at: datetime,
    cutoff_at: datetime | None,
    reason: str,
    by: Actor,
    now: datetime,
) -> int:
    """Open a closed round again, until a later moment and with a reason; what was cut off counts again.

    Returns how many deadlines moved. Raises NotPossible.
    """
    taken(session, round_)
    if round_.closed_at is None:
        raise NotPossible(_("The round is not closed."))
    check_end(closes_at, cutoff_at, now)
    why = values.normalise(reason).strip()
    if not why:
        raise NotPossible(_("Say why the round is opened again."))
    detail = {
        "reason": why,
        "closed_at": round_.closed_at.isoformat(),
        "cut_off_at": round_.cut_off_at.isoformat() if round_.cut_off_at else None,
        **_ends(round_),
        "after": closes_at.isoformat(),
    }
    round_.closed_at = round_.cut_off_at = None
    moved = _move(session, round_, closes_at, cutoff_at)
    auditing.record(session, by, "reopened_round", round_, {**detail, "moved": len(moved)}, at=now)
    _tell(session, round_, moved, f"reopened:{now.isoformat()}", now)
    return len(moved)


def _ends(round_: Round) -> dict[str, str | None]:
    """What is written down of the ends that are about to move, so that a past day can be shown as it was."""
    cutoff_at = round_.cutoff_at.isoformat() if round_.cutoff_at else None
    return {"before": round_.closes_at.isoformat(), "cutoff_before": cutoff_at}


def check_end(closes_at: datetime, cutoff_at: datetime | None, now: datetime) -> None:
    """That a round can run until then. Raises NotPossible."""
    if closes_at <= now:
        raise NotPossible(_("This time has passed. Choose a later one"))
    if cutoff_at is not None and cutoff_at < closes_at:
        raise NotPossible(_("The cut-off is not before the deadline. Choose a later one, or none"))


def _move(session: Session, round_: Round, closes_at: datetime, cutoff_at: datetime | None) -> list[UUID]:
    """The new end of the round, and of everybody whose own would come before it."""
    round_.closes_at, round_.cutoff_at = closes_at, cutoff_at
    session.flush()  # whoever asks next in this transaction sees the new end
    moved = session.execute(
        update(Response)
        .where(Response.round_id == round_.id, or_(Response.due_at.is_(None), Response.due_at < closes_at))
        .values(due_at=closes_at)
        .returning(Response.id)
        .execution_options(synchronize_session=False)
    )
    found = moved.all()
    session.expire_all()
    return [each.id for each in found]


def _tell(session: Session, round_: Round, moved: Sequence[UUID], key: str, now: datetime) -> None:
    """Have those told who are still to answer."""
    trails_of = trails.of_round(session, round_)
    open_ = [each for each in moved if standing(trails_of[each], now) not in FINISHED]
    notices.tell(session, round_, open_, MessagePurpose.EXTENSION, "", now, key=key)
