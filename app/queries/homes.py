"""Where somebody belongs after signing in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Response, Round


@dataclass(frozen=True)
class Waiting:
    """A response of an organisation, and the round it belongs to."""

    response_id: UUID
    round_title: str
    status: str
    closes_at: datetime
    zone: str
    contact: Mapping[str, str] | None


def responses_of(session: Session, organisation_id: UUID, audience: str) -> Sequence[Waiting]:
    """The responses of an organisation in the role it is asked in, the newest round first."""
    rows = session.execute(
        select(Response.id, Round.title, Response.status, Round.closes_at, Round.zone, Round.contact)
        .join(Round, Round.id == Response.round_id)
        .where(Response.organisation_id == organisation_id, Response.audience == audience)
        .order_by(Round.opens_at.desc(), Response.id)
    )
    return [Waiting(*row) for row in rows]
