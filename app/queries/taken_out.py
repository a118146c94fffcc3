"""What was taken out of a response: records of lists and blocks about mechanisms, kept to be brought back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.models import InstanceEvent, Organisation, RepeatInstance, Response, RoundMembership, User


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


def added_blocks(session: Session, response_id: UUID) -> frozenset[UUID]:
    """Return the blocks that were added to the response: by the respondent, or about a mechanism to which the
    round's register does not count it.
    """
    given = exists().where(
        RoundMembership.round_id == Response.round_id,
        RoundMembership.member_id == Response.organisation_id,
        RoundMembership.iscm_id == RepeatInstance.subject_id,
    )
    return frozenset(
        session.scalars(
            select(RepeatInstance.id)
            .join(Response, Response.id == RepeatInstance.response_id)
            .join(
                InstanceEvent, (InstanceEvent.instance_id == RepeatInstance.id) & (InstanceEvent.number == 1)
            )
            .where(
                RepeatInstance.response_id == response_id,
                RepeatInstance.subject_id.is_not(None),
                or_(InstanceEvent.appointment_id.is_not(None), ~given),
            )
        )
    )
