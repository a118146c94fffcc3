"""How far each round is, and what there is about each mechanism of a round."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, distinct, func, or_, select
from sqlalchemy.orm import Session

from app import clock
from app.models import (
    Answer,
    Audience,
    CompiledSummary,
    MembershipRole,
    Organisation,
    OrganisationKind,
    Outcome,
    RepeatInstance,
    Response,
    ResponseStatus,
    Round,
    RoundMembership,
    RoundParticipant,
    RoundProfile,
    RoundTally,
    Submission,
    SubmissionAnswer,
)
from app.queries import counting, trails
from app.standing import Rate, Standing, rate, standing

ASKED = (Audience.STATE, Audience.ISCM, Audience.IGO)


@dataclass(frozen=True)
class AudienceCount:
    """How many of one audience answered, of those who are eligible as of today; `invited` is None where
    nobody recorded the number. `not_submitted` are drafts that a closed round left.
    """

    audience: Audience
    invited: int | None
    submitted: int
    outside: int
    source: str
    in_progress: int
    not_submitted: int
    declined: int

    @property
    def answered(self) -> int:
        """Submitted here, and answers that came outside the service."""
        return self.submitted + self.outside

    @property
    def silent(self) -> int | None:
        """Invited and neither answered, declined nor at work; None where the base is not known."""
        if self.invited is None:
            return None
        begun = self.in_progress + self.not_submitted
        return max(0, self.invited - self.answered - begun - self.declined)


@dataclass(frozen=True)
class RoundProgress:
    """One round with its three counts."""

    round: Round
    counts: tuple[AudienceCount, ...]


def all_rounds(session: Session) -> list[Round]:
    """Every round that counts, the newest first: pilots are none."""
    return list(
        session.scalars(
            select(Round).where(Round.pilots_version_id.is_(None)).order_by(Round.opens_at.desc(), Round.code)
        )
    )


def progress(session: Session) -> list[RoundProgress]:
    """Every round with its counts, in eight statements however many rounds there are.

    Who is asked as of today is counted, by where each stands: the same numbers as on the tracking page out of
    that base.
    """
    rounds, now = all_rounds(session), clock.now()
    tallies = {(tally.round_id, tally.audience): tally for tally in session.scalars(select(RoundTally))}
    standings = _standings(session, rounds, now)
    return [
        RoundProgress(
            each,
            tuple(
                _count(audience, rate(standings[each.id, audience]), tallies.get((each.id, audience)))
                for audience in ASKED
            ),
        )
        for each in rounds
    ]


def _standings(
    session: Session, rounds: Sequence[Round], now: datetime
) -> Mapping[tuple[UUID, Audience], list[Standing]]:
    found = trails.without_contacts(session, rounds)
    rows = session.execute(
        select(Response.id, Response.round_id, RoundParticipant.audience)
        .join(
            RoundParticipant,
            and_(
                RoundParticipant.round_id == Response.round_id,
                RoundParticipant.organisation_id == Response.organisation_id,
            ),
        )
        .where(
            Response.round_id.in_([each.id for each in rounds]),
            RoundParticipant.added_at <= now,
            or_(RoundParticipant.withdrawn_at.is_(None), RoundParticipant.withdrawn_at > now),
        )
    )
    standings: defaultdict[tuple[UUID, Audience], list[Standing]] = defaultdict(list)
    for response_id, round_id, audience in rows:
        standings[round_id, audience].append(standing(found[response_id], now))
    return standings


def _count(audience: Audience, found: Rate, tally: RoundTally | None) -> AudienceCount:
    at_work = found.counts[Standing.IN_PROGRESS] + found.counts[Standing.IN_CLEARANCE]
    return AudienceCount(
        audience=audience,
        invited=tally.invited if tally else found.eligible,
        submitted=found.answered,
        outside=tally.answered if tally else 0,
        source=tally.source if tally else "",
        in_progress=at_work,
        not_submitted=found.counts[Standing.NOT_SUBMITTED],
        declined=found.counts[Standing.DECLINED],
    )


@dataclass(frozen=True)
class MechanismRow:
    """What there is about one mechanism of a round; `members` is None where the list is not known."""

    code: str
    name: str
    short_name: str
    own_status: ResponseStatus | None
    own_outcome: Outcome | None
    own_counts: bool
    members: int | None
    members_answered: int
    about_it: int
    compiled_at: datetime | None

    @property
    def has_answers(self) -> bool:
        """Whether anything was submitted from which a summary can be compiled."""
        return self.own_counts or self.about_it > 0


def round_by_code(session: Session, code: str) -> Round | None:
    """The round with this code."""
    return session.scalar(select(Round).where(Round.code == code))


def mechanism_of(session: Session, round_: Round, code: str) -> Organisation | None:
    """The mechanism with this code, if it belongs to the round."""
    return session.scalar(
        select(Organisation)
        .join(RoundProfile, RoundProfile.organisation_id == Organisation.id)
        .where(
            RoundProfile.round_id == round_.id,
            Organisation.code == code,
            Organisation.kind == OrganisationKind.ISCM,
        )
    )


def mechanisms(session: Session, round_: Round) -> list[MechanismRow]:
    """Every mechanism of the round by name, in four statements."""
    answered = _members_answered(session, round_)
    about = _answers_about(session, round_)
    compiled = _compiled(session, round_)
    rows = session.execute(
        select(Organisation, RoundProfile.facts, Response.status, Response.outcome, counting.answered())
        .join(RoundProfile, RoundProfile.organisation_id == Organisation.id)
        .outerjoin(
            Response,
            and_(Response.round_id == round_.id, Response.organisation_id == Organisation.id),
        )
        .where(RoundProfile.round_id == round_.id, Organisation.kind == OrganisationKind.ISCM)
        .order_by(Organisation.code)
    )
    found = [
        _row(
            organisation,
            facts,
            (status, outcome, counts),
            answered,
            about.get(organisation.id, 0),
            compiled.get(organisation.id),
        )
        for organisation, facts, status, outcome, counts in rows
    ]
    return sorted(found, key=lambda row: row.short_name.casefold())


def _row(
    organisation: Organisation,
    facts: Mapping[str, object],
    own: tuple[ResponseStatus | None, Outcome | None, bool],
    members: Mapping[UUID, tuple[int, int]],
    about: int,
    compiled_at: datetime | None,
) -> MechanismRow:
    in_all, answered = members.get(organisation.id, (0, 0))
    status, outcome, counts = own
    return MechanismRow(
        code=organisation.code,
        name=str(facts.get("name") or organisation.name),
        short_name=str(facts.get("short_name") or organisation.name),
        own_status=status,
        own_outcome=outcome,
        own_counts=counts,
        members=in_all if facts.get("members_known") else None,
        members_answered=answered,
        about_it=about,
        compiled_at=compiled_at,
    )


def _members_answered(session: Session, round_: Round) -> Mapping[UUID, tuple[int, int]]:
    """By mechanism: how many members, and how many of them have submitted something that counts."""
    rows = session.execute(
        select(
            RoundMembership.iscm_id,
            func.count(distinct(RoundMembership.member_id)),
            func.count(distinct(Response.organisation_id)),
        )
        .outerjoin(
            Response,
            and_(
                Response.round_id == RoundMembership.round_id,
                Response.organisation_id == RoundMembership.member_id,
                counting.answered(),
            ),
        )
        .where(RoundMembership.round_id == round_.id, RoundMembership.role == MembershipRole.MEMBER)
        .group_by(RoundMembership.iscm_id)
    )
    return {iscm_id: (members, answered) for iscm_id, members, answered in rows}


def _compiled(session: Session, round_: Round) -> Mapping[UUID, datetime]:
    rows = session.execute(
        select(CompiledSummary.iscm_id, func.max(CompiledSummary.compiled_at))
        .where(CompiledSummary.round_id == round_.id)
        .group_by(CompiledSummary.iscm_id)
    )
    return {row[0]: row[1] for row in rows}


def _answers_about(session: Session, round_: Round) -> Mapping[UUID, int]:
    """By mechanism: how many States and organizations have submitted a block about it."""
    sent = (
        select(Answer.instance_id)
        .join(SubmissionAnswer, SubmissionAnswer.answer_id == Answer.id)
        .join(Submission, Submission.id == SubmissionAnswer.submission_id)
        .where(counting.counts(), ~counting.replaced(), Answer.instance_id.is_not(None))
    )
    rows = session.execute(
        select(RepeatInstance.subject_id, func.count(distinct(RepeatInstance.response_id)))
        .join(Response, Response.id == RepeatInstance.response_id)
        .where(
            Response.round_id == round_.id,
            RepeatInstance.subject_id.is_not(None),
            RepeatInstance.id.in_(sent),
        )
        .group_by(RepeatInstance.subject_id)
    )
    return {subject_id: count for subject_id, count in rows if subject_id is not None}


def compiled_at(session: Session, round_: Round, iscm: Organisation) -> datetime | None:
    """When the summary was last compiled and kept."""
    return session.scalar(
        select(func.max(CompiledSummary.compiled_at)).where(
            CompiledSummary.round_id == round_.id, CompiledSummary.iscm_id == iscm.id
        )
    )
