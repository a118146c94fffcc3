"""The register as staff look at it: the mechanisms, what is uncertain, and the corrections proposed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, exists, func, select
from sqlalchemy.orm import Session, aliased

from app.definitions import values
from app.definitions.questions import Question
from app.models import (
    Answer,
    AnswerRevision,
    IscmProfile,
    Membership,
    MembershipRole,
    Organisation,
    RegisterProposal,
    RepeatInstance,
    Response,
    Round,
    Submission,
)
from app.queries import definitions
from app.queries.names import RoundNames
from app.queries.register import in_force

SENT = exists().where(
    Submission.response_id == RegisterProposal.response_id,
    Submission.withdrawn_at.is_(None),
    Submission.at >= RegisterProposal.created_at,
)
"""That a proposal has been submitted; one made in an amendment waits for it."""


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
    known: str | None
    proposed: str | None
    note: str | None
    """What was said of a mechanism that the register lacks."""
    by: str
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
    names: dict[UUID, RoundNames] = {}
    found = []
    for proposal, about_name, by_name, round_, version_id, group_key, question_key in _open(session):
        question = definitions.of(session, version_id).find(group_key, question_key) if version_id else None
        said = names.setdefault(round_.id, RoundNames(session, round_.id))
        known, proposed, note = _in_words(proposal, question, said)
        found.append(
            Proposal(
                id=proposal.id,
                about=about_name,
                fact=proposal.fact,
                known=known,
                proposed=proposed,
                note=note,
                by=by_name,
                created_at=proposal.created_at,
                zone=round_.zone,
            )
        )
    return found


def _open(session: Session) -> Sequence[Row[*tuple[Any, ...]]]:
    """The proposals with whom they are about and from, the round, and which question was asked."""
    about, by = aliased(Organisation), aliased(Organisation)
    return session.execute(
        select(
            RegisterProposal,
            about.name,
            by.name,
            Round,
            AnswerRevision.questionnaire_version_id,
            RepeatInstance.group_key,
            Answer.question_key,
        )
        .join(Response, Response.id == RegisterProposal.response_id)
        .join(Round, Round.id == Response.round_id)
        .join(about, about.id == RegisterProposal.organisation_id)
        .join(by, by.id == Response.organisation_id)
        .outerjoin(AnswerRevision, AnswerRevision.id == RegisterProposal.answer_revision_id)
        .outerjoin(Answer, Answer.id == AnswerRevision.answer_id)
        .outerjoin(RepeatInstance, RepeatInstance.id == Answer.instance_id)
        .where(RegisterProposal.decision.is_(None), SENT, Round.pilots_version_id.is_(None))
        .order_by(RegisterProposal.created_at, RegisterProposal.id)
    ).all()


def is_sent(session: Session, proposal: RegisterProposal) -> bool:
    """Whether the proposal has been submitted: until then nobody but its respondent knows of it."""
    return (
        session.scalar(select(RegisterProposal.id).where(RegisterProposal.id == proposal.id, SENT))
        is not None
    )


def _in_words(
    proposal: RegisterProposal, question: Question | None, names: RoundNames
) -> tuple[str | None, str | None, str | None]:
    """What the register says, what is proposed, and what was said about it: a correction in the words of the
    question that was asked, a mechanism by its name.
    """
    if question is None:
        return None, proposal.proposed["name"], proposal.proposed.get("about") or None
    known, proposed = (
        None if plain is None else values.say(question, plain, names)
        for plain in (proposal.known, proposal.proposed)
    )
    return known, proposed, None
