"""A respondent's correction of what the register knows becomes a proposal to staff; the register stays as it
is.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Answer, AnswerRevision, ProposalDecision, RegisterProposal, Response, RoundProfile
from app.policy import Act, Actor, can
from app.queries import definitions, register_inbox, responses
from app.queries.responses import Block
from app.services import auditing, known_facts
from app.services.errors import NotAllowed, NotFound, NotPossible

PERSONAL = frozenset({"focal_point_name", "focal_point_email", "role"})
"""Facts about the person who answers, which are no business of the register of organisations."""


def propose(
    session: Session,
    response: Response,
    blocks: Mapping[UUID, Block],
    sent: Sequence[tuple[Answer, AnswerRevision]],
    now: datetime,
) -> list[RegisterProposal]:
    """Put what differs from the register into the inbox, once for each revision that says so."""
    questionnaire = definitions.of(session, response.questionnaire_version_id)
    asked = []
    for answer, revision in sent:
        block = blocks.get(answer.instance_id) if answer.instance_id else None
        question = questionnaire.find(block.group_key if block else None, answer.question_key)
        if question.known is not None and question.known not in PERSONAL:
            subject = responses.about(dict(blocks), answer.instance_id) or response.organisation_id
            asked.append((question, revision, subject))
    facts = _facts(session, response, {subject for _, _, subject in asked})
    noted = _noted(session, [revision.id for _, revision, _ in asked])
    proposals = []
    for question, revision, subject in asked:
        known = known_facts.known(question, facts.get(subject, {}))
        if known == revision.value or revision.id in noted:
            continue
        proposals.append(
            RegisterProposal(
                id=uuid4(),
                response_id=response.id,
                organisation_id=subject,
                answer_revision_id=revision.id,
                fact=question.known,
                known=known,
                proposed=revision.value,
                created_at=now,
            )
        )
    session.add_all(proposals)
    return proposals


def _facts(session: Session, response: Response, about: set[UUID]) -> dict[UUID, Mapping[str, Any]]:
    rows = session.execute(
        select(RoundProfile.organisation_id, RoundProfile.facts).where(
            RoundProfile.round_id == response.round_id, RoundProfile.organisation_id.in_(about)
        )
    )
    return {row.organisation_id: row.facts for row in rows}


def _noted(session: Session, revisions: list[UUID]) -> set[UUID]:
    return set(
        session.scalars(
            select(RegisterProposal.answer_revision_id).where(
                RegisterProposal.answer_revision_id.in_(revisions)
            )
        )
    )


def decide(
    session: Session,
    proposal_id: UUID,
    decision: ProposalDecision,
    note: str,
    actor: Actor,
    now: datetime,
) -> RegisterProposal:
    """Note what staff decided; the register itself is changed by hand. Raises NotFound, NotAllowed,
    NotPossible.
    """
    if not can(actor, Act.DECIDE_PROPOSALS):
        raise NotAllowed
    proposal = session.get(RegisterProposal, proposal_id, populate_existing=True)
    if proposal is None or not register_inbox.is_sent(session, proposal):
        raise NotFound
    if proposal.decision is not None and proposal.decision is not decision:
        raise NotPossible
    proposal.decision, proposal.note = decision, note.strip() or None
    proposal.decided_at, proposal.decided_by_id = now, actor.user_id
    auditing.record(session, actor, "decided_proposal", proposal, {"decision": decision}, at=now)
    return proposal
