"""A mechanism that a respondent missed in the register: staff find it there under another name or add it.

Where it is found or added, the response gets its block about it: the respondent said that it takes part, and
is asked about it when its answers are opened again. What a round keeps of the others does not change.
"""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.i18n import _
from app.models import (
    Organisation,
    OrganisationKind,
    ProposalDecision,
    RegisterProposal,
    RepeatInstance,
    Response,
    RoundProfile,
)
from app.policy import Act, Actor, can
from app.queries import definitions, register, register_inbox, responses
from app.services import assigning, auditing, register_editing, rounds
from app.services.errors import AlreadyThere, NotAllowed, NotFound, NotPossible, Refused
from app.services.proposing_mechanisms import MECHANISM
from app.services.register_editing import Given


def match(
    session: Session, proposal_id: UUID, iscm_id: UUID | None, note: str, actor: Actor, now: datetime
) -> RegisterProposal:
    """Say that it is this mechanism of the register. Raises NotAllowed, NotFound, Refused, AlreadyThere."""
    proposal, response = _waiting(session, proposal_id, actor)
    iscm = session.get(Organisation, iscm_id) if iscm_id else None
    if iscm is None or iscm.kind is not OrganisationKind.ISCM or iscm.withdrawn_at is not None:
        raise Refused([("mechanism", _("Choose a mechanism of the register, by its code or its name"))])
    if iscm.fictional is not _fictional(session, response):
        words = _("A mechanism made up for training belongs to training only. Choose another")
        raise Refused([("mechanism", words)])
    _decide(session, proposal, iscm, note, "matched_mechanism", actor, now)
    _give_block(session, response, iscm, actor, now)
    return proposal


def create(
    session: Session, proposal_id: UUID, code: str, given: Given, note: str, actor: Actor, now: datetime
) -> RegisterProposal:
    """Add it to the register. Raises NotAllowed, NotFound, Refused, AlreadyThere."""
    proposal, response = _waiting(session, proposal_id, actor)
    iscm = register_editing.add_mechanism(session, code, given, _fictional(session, response), actor, now)
    _decide(session, proposal, iscm, note, "created_mechanism", actor, now)
    _give_block(session, response, iscm, actor, now)
    return proposal


def _waiting(session: Session, proposal_id: UUID, actor: Actor) -> tuple[RegisterProposal, Response]:
    """The proposal of a mechanism that waits for a decision, and its response, both taken."""
    if not can(actor, Act.DECIDE_PROPOSALS):
        raise NotAllowed
    proposal = session.get(RegisterProposal, proposal_id, populate_existing=True, with_for_update=True)
    if proposal is None or proposal.fact != MECHANISM or not register_inbox.is_sent(session, proposal):
        raise NotFound
    if proposal.decision is not None:
        raise AlreadyThere(_("This was decided already."))
    response = session.get_one(Response, proposal.response_id, populate_existing=True, with_for_update=True)
    return proposal, response


def _fictional(session: Session, response: Response) -> bool:
    return session.get_one(Organisation, response.organisation_id).fictional


def _decide(
    session: Session,
    proposal: RegisterProposal,
    iscm: Organisation,
    note: str,
    act: str,
    actor: Actor,
    now: datetime,
) -> None:
    taken = session.execute(
        update(RegisterProposal)
        .where(RegisterProposal.id == proposal.id, RegisterProposal.decision.is_(None))
        .values(
            decision=ProposalDecision.ACCEPTED,
            decided_at=now,
            decided_by_id=actor.user_id,
            note=note.strip() or None,
            known={"iscm": iscm.code},
        )
        .returning(RegisterProposal.id)
    ).first()
    if taken is None:
        raise AlreadyThere(_("This was decided already."))
    session.expire(proposal)
    detail = {"name": proposal.proposed["name"], "iscm": iscm.code, "note": iscm.name}
    auditing.record(session, actor, act, proposal, detail, at=now)


def _give_block(
    session: Session, response: Response, iscm: Organisation, actor: Actor, now: datetime
) -> None:
    """The block of the response about the mechanism: the one there is, brought back if it was removed."""
    section = assigning.repeated_section(definitions.of(session, response.questionnaire_version_id))
    if section is None:
        raise NotPossible(_("This questionnaire is not about several mechanisms."))
    _keep_in_round(session, response, iscm, now)
    there = session.scalars(
        select(RepeatInstance).where(
            RepeatInstance.response_id == response.id,
            RepeatInstance.group_key == section,
            RepeatInstance.subject_id == iscm.id,
        )
    ).first()
    if there is not None:
        return
    position = responses.last_position(session, response.id, section, None) + 1
    block = assigning.add_block(session, response.id, section, iscm.id, position, actor, now)
    auditing.record(session, actor, "added_mechanism", block, {"iscm": iscm.code}, at=now)


def _keep_in_round(session: Session, response: Response, iscm: Organisation, now: datetime) -> None:
    """What the round says of a mechanism that it did not know: as the register has it now."""
    known = session.scalar(
        select(RoundProfile.id).where(
            RoundProfile.round_id == response.round_id, RoundProfile.organisation_id == iscm.id
        )
    )
    if known is None:
        session.flush()  # the mechanism may be new itself
        facts = rounds.facts_of(register.snapshot(session, now.date()), iscm)
        session.add(
            RoundProfile(id=uuid4(), round_id=response.round_id, organisation_id=iscm.id, facts=facts)
        )
