"""How answers may be used: chosen for a response, a block or one answer; tightened at once, loosened by
amendment.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.i18n import _
from app.models import Answer, Attribution, RepeatInstance, Response, ResponseStatus
from app.policy import ATTRIBUTIONS_OF, Act, Actor, ResponseFacts, can, in_force, loosens
from app.queries import responses
from app.queries.responses import Block
from app.services import auditing, locking
from app.services.errors import LooseningNeedsAmendment, NotAllowed, NotFound, NotPossible


def choose(
    session: Session,
    response_id: UUID,
    attribution: Attribution | None,
    actor: Actor,
    now: datetime,
    instance_id: UUID | None = None,
    answer_id: UUID | None = None,
) -> None:
    """Choose for the whole response, for one block or record, or for one answer; None leaves it to what is
    around it.

    Raises NotFound, NotAllowed, NotPossible for a choice that makes no sense for the respondent, and
    LooseningNeedsAmendment where a submitted answer would be shown more widely. While a response is reopened
    it may be loosened; it takes effect when the amendment is submitted (``policy.in_force``).
    """
    response = locking.take(session, response_id)
    facts = responses.facts(session, response_id)
    if facts is None or not _may_choose(actor, facts):
        raise NotAllowed
    if attribution is not None and attribution not in ATTRIBUTIONS_OF[response.audience.value]:
        raise NotPossible(_("This choice is not offered here."))
    blocks = {block.id: block for block in responses.blocks(session, response_id)}
    place, around = _place(session, response, blocks, instance_id, answer_id)
    before = in_force([place.attribution, *around])
    after = in_force([attribution, *around])
    submitted = response.status in responses.EVER_SUBMITTED
    if place is response and after is None and submitted:
        raise NotPossible(_("Submitted answers need a choice."))
    sent = response.status is ResponseStatus.SUBMITTED
    if sent and before is not None and after is not None and loosens(before, after):
        raise LooseningNeedsAmendment
    if place.attribution != attribution:
        detail = {"before": place.attribution, "after": attribution}
        place.attribution = attribution
        auditing.record(session, actor, "chose_attribution", place, detail, at=now)
        session.flush()  # the next choice in this transaction reads what this one wrote


def _may_choose(actor: Actor, facts: ResponseFacts) -> bool:
    """Whoever answers for the whole organisation, or staff who enter what they were told."""
    return can(actor, Act.CHOOSE_ATTRIBUTION, facts) or can(actor, Act.ENTER_ANSWERS, facts)


def _place(
    session: Session,
    response: Response,
    blocks: dict[UUID, Block],
    instance_id: UUID | None,
    answer_id: UUID | None,
) -> tuple[Response | RepeatInstance | Answer, list[Attribution | None]]:
    """What the choice is for, and what is in force around it, from the inside outwards."""
    if answer_id is not None:
        answer = session.get(Answer, answer_id, populate_existing=True)
        if answer is None or answer.response_id != response.id:
            raise NotFound
        return answer, [*outwards(blocks, answer.instance_id), response.attribution]
    if instance_id is not None:
        if instance_id not in blocks:
            raise NotFound
        instance = session.get_one(RepeatInstance, instance_id, populate_existing=True)
        return instance, [*outwards(blocks, instance.parent_id), response.attribution]
    return response, []


def outwards(blocks: Mapping[UUID, Block], instance_id: UUID | None) -> list[Attribution | None]:
    """What was chosen for a block or record and for each that it stands in, from the inside outwards."""
    found: list[Attribution | None] = []
    while instance_id is not None:
        block = blocks[instance_id]
        found.append(block.attribution)
        instance_id = block.parent_id
    return found
