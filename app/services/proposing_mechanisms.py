"""A respondent names a mechanism that the register lacks: staff find it in their inbox once the answers have
been submitted, the register stays.
"""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.definitions import values
from app.i18n import _
from app.models import RegisterProposal
from app.policy import Actor
from app.queries import definitions
from app.services import assigning, auditing
from app.services.errors import NotAllowed, NotPossible
from app.services.locking import lock_for_edit, may_write

MECHANISM = "mechanism"
LONGEST_NAME = 300
LONGEST_TEXT = 2_000


def propose_mechanism(
    session: Session, response_id: UUID, name: str, about: str, actor: Actor, now: datetime
) -> RegisterProposal:
    """Put a mechanism that is in no list into the staff's inbox; the same name twice is one proposal.

    Raises NotAllowed for who was given a part without the mechanisms, NotPossible without a name or with too
    long a text, and what locking raises.
    """
    locked = lock_for_edit(session, response_id, actor, now)
    section = assigning.repeated_section(definitions.of(session, locked.version_id))
    if not may_write(actor, locked.facts(section=section)):
        raise NotAllowed
    named, said = values.normalise(name).strip(), values.normalise(about).strip()
    if not named or len(named) > LONGEST_NAME or len(said) > LONGEST_TEXT:
        raise NotPossible(
            _("Give the name of the mechanism, in at most %(most)s characters", most=LONGEST_NAME)
        )
    for waiting in session.scalars(
        select(RegisterProposal).where(
            RegisterProposal.response_id == response_id, RegisterProposal.fact == MECHANISM
        )
    ):
        if waiting.proposed["name"].casefold() == named.casefold():
            return waiting
    proposal = RegisterProposal(
        id=uuid4(),
        response_id=response_id,
        organisation_id=locked.organisation_id,
        fact=MECHANISM,
        proposed={"name": named, "about": said},
        created_at=now,
    )
    session.add(proposal)
    session.flush()  # the note below points to it
    auditing.record(session, actor, "proposed_mechanism", proposal, at=now)
    return proposal
