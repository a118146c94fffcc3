"""Whoever loses a place while typing in it is told so, with what they typed, instead of “not found”."""

from uuid import UUID

from app.policy import Act, ResponseFacts, can
from app.queries import responses, teams
from app.services.errors import EntryRemoved, TakenBack
from app.web import access, transactions
from app.web.respond.sheet import facts, sheet


def facts_to_write(
    response_id: UUID, instance_id: UUID | None = None, section: str | None = None, **_others: object
) -> ResponseFacts | None:
    """What the policy must know of the place where a page saves; None if there is no such response.

    Raises EntryRemoved for a block or record that the person could write in while it was there, TakenBack for
    what they had been given and have no more.
    """
    found = facts(response_id, instance_id, section)
    if found is None:
        return None
    actor, session = access.actor(), transactions.session()
    if instance_id is not None and instance_id not in sheet(response_id).blocks:
        there = responses.facts(session, response_id, instance_id)
        if there is not None and can(actor, Act.EDIT_RESPONSE, there):
            raise EntryRemoved
    if not can(actor, Act.EDIT_RESPONSE, found):
        by = teams.taken_back_by(session, response_id, actor.user_id)
        if by is not None:
            raise TakenBack(by)
    return found
