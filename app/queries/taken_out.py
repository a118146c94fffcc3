"""What was taken out of a response: records of lists and blocks about mechanisms, kept to be brought back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from app.models import InstanceEvent, Organisation, RepeatInstance, RoundMembership, User


@dataclass(frozen=True)
class TakenOut:
    """A record (``parent_id`` is its block, if any) or a block (``mechanism`` is its name), and who took it
    out.
    """

    id: UUID
    group_key: str
    parent_id: UUID | None
    mechanism: str | None
    at: datetime
    by: str


_LATER = aliased(InstanceEvent)


def taken_out(session: Session, response_id: UUID) -> tuple[TakenOut, ...]:
    """Return what is taken out of the response now, the latest first, in one statement."""
    last = (
        select(func.max(_LATER.number))
        .where(_LATER.instance_id == RepeatInstance.id)
        .correlate(RepeatInstance)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            RepeatInstance.id,
            RepeatInstance.group_key,
            RepeatInstance.parent_id,
            Organisation.name,
            InstanceEvent.at,
            User.name,
        )
        .select_from(RepeatInstance)
        .join(
            InstanceEvent, (InstanceEvent.instance_id == RepeatInstance.id) & (InstanceEvent.number == last)
        )
        .outerjoin(Organisation, Organisation.id == RepeatInstance.subject_id)
        .outerjoin(User, User.id == InstanceEvent.by_id)
        .where(RepeatInstance.response_id == response_id, RepeatInstance.removed_at.is_not(None))
        .order_by(InstanceEvent.at.desc(), RepeatInstance.position, RepeatInstance.id)
    )
    return tuple(TakenOut(id_, key, parent, name, at, by or "") for id_, key, parent, name, at, by in rows)


def mechanisms_of_register(session: Session, round_id: UUID, organisation_id: UUID) -> frozenset[UUID]:
    """Return the mechanisms that the round's register gives the organisation; the others were added."""
    return frozenset(
        session.scalars(
            select(RoundMembership.iscm_id).where(
                RoundMembership.round_id == round_id, RoundMembership.member_id == organisation_id
            )
        )
    )
