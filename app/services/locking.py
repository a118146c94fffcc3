"""Taking a response for writing: first its row, then the question whether this person may write to it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BindParameter, and_, bindparam, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from app.i18n import _
from app.models import Audience, Base, Response, ResponseStatus, StatusChange
from app.policy import Act, Actor, ResponseFacts, can, can_somewhere, hat_for
from app.queries import responses, shares
from app.services.errors import NotAllowed, NotFound, Overtaken, ResponseLocked

RESPONSE = Base.metadata.tables["response"]
_ROUND = Base.metadata.tables["round"]

_PARTICIPANT = Base.metadata.tables["round_participant"]
_NOW: BindParameter[datetime] = bindparam("now")

_TAKES_ANSWERS = (
    select(_ROUND.c.id)
    .where(
        _ROUND.c.id == RESPONSE.c.round_id,
        or_(
            _ROUND.c.closed_at.is_(None),
            and_(_ROUND.c.cut_off_at.is_(None), _ROUND.c.cutoff_at > _NOW),
            and_(RESPONSE.c.due_at > _ROUND.c.closes_at, RESPONSE.c.due_at > _NOW),
        ),
    )
    .correlate(RESPONSE)
    .exists()
    & ~select(_PARTICIPANT.c.id)
    .where(
        _PARTICIPANT.c.round_id == RESPONSE.c.round_id,
        _PARTICIPANT.c.organisation_id == RESPONSE.c.organisation_id,
        _PARTICIPANT.c.withdrawn_at.is_not(None),
    )
    .correlate(RESPONSE)
    .exists()
)
"""The rule of ``window.takes_answers``, asked in the statement that takes the row; a test compares them."""


def _taking(begins: bool, late: bool) -> ReturningUpdate[Any]:
    """The statement that takes a row: whether it begins the response, and takes it in a closed round too."""
    statement = (
        update(RESPONSE)
        .where(
            RESPONSE.c.id == bindparam("of"),
            RESPONSE.c.status.in_(bindparam("from", expanding=True)),
            RESPONSE.c.outcome.is_(None),
        )
        .values(last_saved_at=bindparam("now"))
    )
    if begins:
        statement = statement.values(status=ResponseStatus.IN_PROGRESS)
    if not late:
        statement = statement.where(_TAKES_ANSWERS)
    return statement.returning(
        RESPONSE.c.round_id,
        RESPONSE.c.organisation_id,
        RESPONSE.c.audience,
        RESPONSE.c.questionnaire_version_id,
        RESPONSE.c.status,
        RESPONSE.c.language,
    )


_TAKE = {(begins, late): _taking(begins, late) for begins in (True, False) for late in (True, False)}


@dataclass(frozen=True)
class Locked:
    """A response whose row this transaction holds."""

    response_id: UUID
    round_id: UUID
    organisation_id: UUID
    audience: Audience
    version_id: UUID
    status: ResponseStatus
    appointment_id: UUID | None
    language: str

    def facts(
        self, iscm_id: UUID | None = None, section: str | None = None, block: UUID | None = None
    ) -> ResponseFacts:
        """What the policy needs to know, of a place if one is named: a section, or the block of a mechanism
        in it.
        """
        return ResponseFacts(
            organisation_id=self.organisation_id,
            audience=self.audience.value,
            status=self.status.value,
            ever_submitted=self.status is ResponseStatus.REOPENED,
            iscm_id=iscm_id,
            response_id=self.response_id,
            section_key=section,
            block_id=block,
        )


def may_write(actor: Actor, facts: ResponseFacts) -> bool:
    """Whether the actor may write there: as a respondent, or as staff who enter what came by another way."""
    return can(actor, Act.EDIT_RESPONSE, facts) or can(actor, Act.ENTER_ANSWERS, facts)


def lock_for_edit(session: Session, response_id: UUID, actor: Actor, now: datetime) -> Locked:
    """Take the response's row for a change to its answers; it counts as in progress from now on.

    Submitting and taking parts back take the same row, so a save lands before it or is refused. Raises
    NotFound, NotAllowed, ResponseLocked, Overtaken for whom less is given than when the request began.
    """
    late = can(actor, Act.ENTER_ANSWERS)
    working = (ResponseStatus.IN_PROGRESS, ResponseStatus.REOPENED)
    locked = _take(session, response_id, working, actor, now, late=late)
    if locked is None:
        locked = _take(session, response_id, (ResponseStatus.INVITED,), actor, now, late=late)
        if locked is not None:
            note_status(session, response_id, ResponseStatus.INVITED, locked.status, actor, now)
        else:  # somebody else may have begun between the two
            locked = _take(session, response_id, working, actor, now, late=late)
    if locked is None:
        _explain(session, response_id, actor)
        raise ResponseLocked
    if not _may_write_somewhere(actor, locked):
        raise NotAllowed
    _check_shares(session, actor)
    return locked


def _check_shares(session: Session, actor: Actor) -> None:
    """What a person was given is read again under the row; what they have of all answers cannot be less."""
    if all(hat.shares is None for hat in actor.appointments):
        return
    if tuple(shares.with_shares(session, actor.appointments).values()) != actor.appointments:
        raise Overtaken


def _take(
    session: Session,
    response_id: UUID,
    from_: tuple[ResponseStatus, ...],
    actor: Actor,
    now: datetime,
    *,
    late: bool,
) -> Locked | None:
    begins = ResponseStatus.INVITED in from_
    statement = _TAKE[begins, late]
    row = session.execute(statement, {"of": response_id, "from": list(from_), "now": now}).one_or_none()
    if row is None:
        return None
    hat = hat_for(actor, row.organisation_id, row.audience.value)
    return Locked(
        response_id,
        row.round_id,
        row.organisation_id,
        row.audience,
        row.questionnaire_version_id,
        row.status,
        hat.appointment_id if hat else None,
        row.language,
    )


def _explain(session: Session, response_id: UUID, actor: Actor) -> None:
    facts = responses.facts(session, response_id)
    if facts is None:
        raise NotFound
    if not can(actor, Act.READ_RESPONSE, facts) and not may_write(actor, facts):
        raise NotAllowed
    if not facts.round_open:
        raise ResponseLocked(_("The round takes no more answers, so these cannot be changed now."))


def _may_write_somewhere(actor: Actor, locked: Locked) -> bool:
    return can_somewhere(actor, Act.EDIT_RESPONSE, locked.facts()) or can(actor, Act.ENTER_ANSWERS)


def take(session: Session, response_id: UUID) -> Response:
    """Take the response's row, whatever its state, so that choices, saves and submissions come in an order.

    Raises NotFound.
    """
    taken = session.execute(
        update(RESPONSE)
        .where(RESPONSE.c.id == response_id)
        .values(status=RESPONSE.c.status)
        .returning(RESPONSE.c.id)
    ).scalar_one_or_none()
    if taken is None:
        raise NotFound
    return session.get_one(Response, response_id, populate_existing=True)


def note_status(
    session: Session,
    response_id: UUID,
    before: ResponseStatus,
    after: ResponseStatus,
    actor: Actor,
    now: datetime,
    reason: str | None = None,
) -> None:
    """Write down that the response went from one status to another."""
    session.add(
        StatusChange(
            id=uuid4(),
            response_id=response_id,
            before=before,
            after=after,
            by_id=actor.user_id,
            at=now,
            reason=reason,
        )
    )
