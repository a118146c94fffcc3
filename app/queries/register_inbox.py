"""The register as staff look at it: the mechanisms, what is uncertain, and the corrections proposed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from app.models import (
    IscmProfile,
    Membership,
    MembershipRole,
    Organisation,
    RegisterProposal,
    Response,
    Round,
    Submission,
)
from app.queries.register import in_force


@dataclass(frozen=True)
class Entry:
    """One mechanism as the register has it today."""

    code: str
    profile: IscmProfile
    members: int | None


@dataclass(frozen=True)
class Proposal:
    """A correction by a respondent, with what the register says."""

    id: UUID
    about: str
    fact: str
    known: Any
    proposed: Any
    by: str
    round_title: str
    created_at: datetime
    zone: str


def entries(session: Session, on: date) -> Sequence[Entry]:
    """Every mechanism by its short name, in two statements; `members` is None where the list is not known."""
    counted = session.execute(
        select(Membership.iscm_id, func.count())
        .where(Membership.role == MembershipRole.MEMBER, in_force(Membership.from_, Membership.until, on))
        .group_by(Membership.iscm_id)
    )
    counts = {row[0]: row[1] for row in counted}
    rows = session.execute(
        select(Organisation.code, IscmProfile)
        .join(Organisation, Organisation.id == IscmProfile.organisation_id)
        .where(
            in_force(IscmProfile.valid_from, IscmProfile.valid_until, on), Organisation.withdrawn_at.is_(None)
        )
        .order_by(IscmProfile.short_name, Organisation.code)
    )
    return [
        Entry(code, profile, counts.get(profile.organisation_id, 0) if _list_known(profile, on) else None)
        for code, profile in rows
    ]


def _list_known(profile: IscmProfile, on: date) -> bool:
    return profile.members_known_from is not None and profile.members_known_from <= on


def open_proposals(session: Session) -> Sequence[Proposal]:
    """What waits for a decision, the oldest first; a draft's corrections stay with the draft."""
    about, by = aliased(Organisation), aliased(Organisation)
    sent = exists().where(
        Submission.response_id == RegisterProposal.response_id,
        Submission.withdrawn_at.is_(None),
        Submission.at >= RegisterProposal.created_at,
    )
    rows = session.execute(
        select(RegisterProposal, about.name, by.name, Round.title, Round.zone)
        .join(Response, Response.id == RegisterProposal.response_id)
        .join(Round, Round.id == Response.round_id)
        .join(about, about.id == RegisterProposal.organisation_id)
        .join(by, by.id == Response.organisation_id)
        .where(RegisterProposal.decision.is_(None), sent)
        .order_by(RegisterProposal.created_at, RegisterProposal.id)
    )
    return [
        Proposal(
            id=proposal.id,
            about=about_name,
            fact=proposal.fact,
            known=proposal.known,
            proposed=proposal.proposed,
            by=by_name,
            round_title=title,
            created_at=proposal.created_at,
            zone=zone,
        )
        for proposal, about_name, by_name, title, zone in rows
    ]
