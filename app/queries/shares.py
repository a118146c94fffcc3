"""What those were given who see a part of a response only."""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.models import Delegation
from app.policy import AppointmentRole, Hat, Share

LIMITED = frozenset({AppointmentRole.CONTRIBUTOR, AppointmentRole.OBSERVER})
"""The roles whose appointments can be limited to what was given."""

_GIVEN = (
    select(
        Delegation.appointment_id,
        Delegation.response_id,
        Delegation.section_key,
        Delegation.instance_id,
        Delegation.right,
        Delegation.ended_at,
    )
    .where(Delegation.appointment_id.in_(bindparam("appointments", expanding=True)))
    .order_by(Delegation.given_at, Delegation.id)
)


def with_shares(session: Session, hats: Iterable[Hat]) -> dict[UUID, Hat]:
    """The hats by appointment, the limited ones with what was given; one that has nothing left is no hat.

    One statement, and none for who wears no hat that could be limited.
    """
    found = {hat.appointment_id: hat for hat in hats}
    asked = [key for key, hat in found.items() if hat.role in LIMITED]
    if not asked:
        return found
    given: dict[UUID, list[Share]] = {}
    for appointment, response, section, instance, right, ended in session.execute(
        _GIVEN, {"appointments": asked}
    ):
        shares = given.setdefault(appointment, [])
        if ended is None:
            shares.append(Share(response, section, instance, right))
    limited = {key: replace(found[key], shares=tuple(shares)) for key, shares in given.items()}
    return {key: hat for key, hat in (found | limited).items() if hat.shares != ()}
