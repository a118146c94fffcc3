"""What of tracking the person may see beyond the counts: the same on every page of it."""

from typing import Any
from uuid import UUID

from app.policy import Act, AnswerFacts, can, visible
from app.web.access import actor


def sees_single_answers() -> bool:
    """Whether the person may read answers of any attribution: who may not sees no counts of single ones."""
    return visible(AnswerFacts(UUID(int=0), "", submitted=True, attribution=None), actor())


def allowed() -> dict[str, Any]:
    """What the ways between the pages of tracking depend on."""
    return {"sees_answers": sees_single_answers(), "may_chase": can(actor(), Act.RECORD_CONTACT)}
