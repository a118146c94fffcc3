"""Declining to answer, which is an answer too: with a reason, by the focal point or staff."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.i18n import _
from app.models import Outcome, Response, ResponseStatus
from app.policy import Act, Actor, ResponseFacts, can
from app.queries import responses
from app.services import auditing, outcomes
from app.services.errors import NotAllowed, NotFound, NotPossible, ResponseLocked


def decline(session: Session, response_id: UUID, reason: str, actor: Actor, now: datetime) -> Response:
    """Say that this organisation will not answer in this round; answers begun are kept.

    Raises NotFound, NotAllowed, ResponseLocked if the response was ever submitted, was declined, or its round
    is closed, NotPossible without a reason.
    """
    response = session.get(Response, response_id, with_for_update=True, populate_existing=True)
    facts = responses.facts(session, response_id, now=now)
    if response is None or facts is None:
        raise NotFound
    if not _may_decide(actor, facts):
        raise NotAllowed
    begun = (ResponseStatus.INVITED, ResponseStatus.IN_PROGRESS)
    if response.status not in begun or response.outcome is not None or not facts.round_open:
        raise ResponseLocked
    if not reason.strip():
        raise NotPossible(_("Say why you do not answer."))
    outcomes.write(session, response, Outcome.DECLINED, reason.strip(), actor, now)
    auditing.record(session, actor, "declined", response, {"reason": reason.strip()}, at=now)
    return response


def take_up(session: Session, response_id: UUID, actor: Actor, now: datetime) -> Response:
    """Take the refusal back: the response can be written again.

    Raises NotFound, NotAllowed, ResponseLocked for another outcome, which only staff take back.
    """
    response = session.get(Response, response_id, with_for_update=True, populate_existing=True)
    facts = responses.facts(session, response_id)
    if response is None or facts is None:
        raise NotFound
    if not _may_decide(actor, facts):
        raise NotAllowed
    if response.outcome not in {None, Outcome.DECLINED}:
        raise ResponseLocked(_("IOM has set these answers aside. Ask IOM if they are to count."))
    if response.outcome is not None:
        outcomes.write(session, response, None, _("The answers are taken up again."), actor, now)
        auditing.record(session, actor, "took_up_again", response, at=now)
    return response


def _may_decide(actor: Actor, facts: ResponseFacts) -> bool:
    return can(actor, Act.SUBMIT_RESPONSE, facts) or can(actor, Act.ENTER_ANSWERS)
