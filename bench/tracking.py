"""The round that the tracking page is measured on: 193 States, 39 mechanisms and 12 organizations."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from app.models import User
from app.policy import StaffRole
from tests import tracked_round

STATES, MECHANISMS, IGOS = 193, 39, 12
BELONG = 0.15
"""About as many memberships as in the register that this version comes with."""
EMAIL = "tracking@iom.example"
PAGE = "/rounds/made/tracking"


def prepare(session: Session) -> None:
    """The round, in which everything happened, and somebody of staff."""
    tracked_round.make(session, states=STATES, mechanisms=MECHANISMS, igos=IGOS, belong=BELONG)
    role = StaffRole.ANALYST
    session.add(User(email=EMAIL, name="Ana Lyst", staff_role=role, created_at=datetime.now(UTC)))
