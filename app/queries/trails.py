"""What happened to each response of a round, as far as it decides where the response stands on a day.

Reading a round takes a constant number of statements, however many are asked in it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from app.models import (
    Audience,
    Clearance,
    OutcomeChange,
    ReceivedAnswers,
    Response,
    ResponseStatus,
    Round,
    RoundParticipant,
    StatusChange,
    Submission,
)
from app.queries import reachability
from app.standing import Contact, Sent, Span, Trail

OPENING = "opening"
"""The basis of who was asked when the round was opened."""
ADDED = "added"
"""The basis of who was asked later."""


@dataclass(frozen=True)
class Asked:
    """That an organisation is asked in the round: as what, on which basis, from when, until when and why not
    any more.
    """

    organisation_id: UUID
    audience: Audience
    basis: str
    added_at: datetime
    withdrawn_at: datetime | None
    why: str | None

    @property
    def as_invited(self) -> bool:
        """Whether it was asked when the round was opened."""
        return self.basis == OPENING

    def on(self, at: datetime) -> bool:
        """Whether it was asked at that moment: added by then, and not withdrawn by then."""
        return self.added_at <= at and (self.withdrawn_at is None or self.withdrawn_at > at)


def asked_in(session: Session, round_: Round) -> Mapping[UUID, Asked]:
    """By response: on which basis its organisation is asked, withdrawn ones included, in one statement."""
    return _asked(session, Response.round_id == round_.id)


def asked_of(session: Session, response_id: UUID) -> Asked | None:
    """On which basis the organisation of one response is asked."""
    return _asked(session, Response.id == response_id).get(response_id)


def of_round(session: Session, round_: Round) -> Mapping[UUID, Trail]:
    """The trail of every response of the round, withdrawn ones included, by response."""
    return _trails(session, round_, Response.round_id == round_.id, RoundParticipant.round_id == round_.id)


def without_contacts(session: Session, rounds: Sequence[Round]) -> Mapping[UUID, Trail]:
    """The trails of every response of these rounds in five statements, as if nobody could be reached: for
    counts in which that makes no difference.
    """
    of = {each.id: each for each in rounds}
    return _built(session, of, Response.round_id.in_(list(of)), {})


def of_response(session: Session, round_: Round, response: Response) -> Trail:
    """The trail of one response of the round."""
    of = and_(
        RoundParticipant.round_id == round_.id, RoundParticipant.organisation_id == response.organisation_id
    )
    return _trails(session, round_, Response.id == response.id, of)[response.id]


def _asked(session: Session, wanted: ColumnElement[bool]) -> Mapping[UUID, Asked]:
    rows = session.execute(
        select(
            Response.id,
            RoundParticipant.organisation_id,
            RoundParticipant.audience,
            RoundParticipant.basis,
            RoundParticipant.added_at,
            RoundParticipant.withdrawn_at,
            RoundParticipant.why,
        )
        .join(
            RoundParticipant,
            and_(
                RoundParticipant.round_id == Response.round_id,
                RoundParticipant.organisation_id == Response.organisation_id,
            ),
        )
        .where(wanted)
        .order_by(Response.id)
    )
    return {row[0]: Asked(row[1], row[2], row[3], row[4], row[5], row[6]) for row in rows}


def _trails(
    session: Session, round_: Round, wanted: ColumnElement[bool], asked: ColumnElement[bool]
) -> Mapping[UUID, Trail]:
    contacts = reachability.contacts(session, asked, round_.zone)
    return _built(session, {round_.id: round_}, wanted, contacts)


def _built(
    session: Session,
    rounds: Mapping[UUID, Round],
    wanted: ColumnElement[bool],
    contacts: Mapping[UUID, tuple[Contact, ...]],
) -> Mapping[UUID, Trail]:
    rows = session.execute(
        select(Response.id, Response.round_id, Response.organisation_id, Response.opened_at, Response.due_at)
        .where(wanted)
        .order_by(Response.id)
    ).all()
    begun = _begun(session, wanted)
    clearances = _clearances(session, wanted)
    sent = _sent(session, wanted)
    outcomes = _outcomes(session, wanted)
    return {
        response_id: Trail(
            opened_at=opened_at,
            begun_at=begun.get(response_id),
            clearances=tuple(clearances[response_id]),
            sent=tuple(sent[response_id]),
            outcomes=tuple(outcomes[response_id]),
            contacts=contacts.get(organisation_id, ()),
            closed_at=collects_until(rounds[round_id], due_at),
            cut_off_at=rounds[round_id].cut_off_at or rounds[round_id].cutoff_at,
        )
        for response_id, round_id, organisation_id, opened_at, due_at in rows
    }


def collects_until(round_: Round, due_at: datetime | None) -> datetime | None:
    """When a draft became *not submitted*: at the closing, or at a personal deadline that outlasts it."""
    if round_.closed_at is None or due_at is None or due_at <= round_.closes_at:
        return round_.closed_at
    return max(round_.closed_at, due_at)


def _begun(session: Session, wanted: ColumnElement[bool]) -> Mapping[UUID, datetime]:
    rows = session.execute(
        select(StatusChange.response_id, func.min(StatusChange.at))
        .join(Response, Response.id == StatusChange.response_id)
        .where(wanted, StatusChange.after == ResponseStatus.IN_PROGRESS)
        .group_by(StatusChange.response_id)
    )
    return {row[0]: row[1] for row in rows}


def _clearances(session: Session, wanted: ColumnElement[bool]) -> Mapping[UUID, list[Span]]:
    rows = session.execute(
        select(
            Clearance.response_id,
            Clearance.asked_at,
            func.coalesce(Clearance.decided_at, Clearance.withdrawn_at, type_=Clearance.asked_at.type),
        )
        .join(Response, Response.id == Clearance.response_id)
        .where(wanted)
        .order_by(Clearance.asked_at, Clearance.id)
    )
    found: defaultdict[UUID, list[Span]] = defaultdict(list)
    for response_id, asked_at, until in rows:
        found[response_id].append(Span(asked_at, until))
    return found


def _sent(session: Session, wanted: ColumnElement[bool]) -> Mapping[UUID, list[Sent]]:
    """Submissions of before their deadline was kept are held against the deadline as it is now."""
    rows = session.execute(
        select(
            Submission.response_id,
            Submission.at,
            Submission.due_at,
            Response.due_at,
            Round.closes_at,
            Submission.withdrawn_at,
            ReceivedAnswers.received_by,
        )
        .join(Response, Response.id == Submission.response_id)
        .join(Round, Round.id == Response.round_id)
        .outerjoin(ReceivedAnswers, ReceivedAnswers.id == Submission.received_id)
        .where(wanted)
        .order_by(Submission.at, Submission.number)
    )
    found: defaultdict[UUID, list[Sent]] = defaultdict(list)
    for response_id, at, kept, due_at, closes_at, withdrawn_at, received_by in rows:
        found[response_id].append(
            Sent(
                at=at,
                due_at=kept or due_at or closes_at,
                withdrawn_at=withdrawn_at,
                received_by=received_by.value if received_by else None,
            )
        )
    return found


def _outcomes(
    session: Session, wanted: ColumnElement[bool]
) -> Mapping[UUID, list[tuple[datetime, str | None]]]:
    rows = session.execute(
        select(OutcomeChange.response_id, OutcomeChange.at, OutcomeChange.after)
        .join(Response, Response.id == OutcomeChange.response_id)
        .where(wanted)
        .order_by(OutcomeChange.at, OutcomeChange.id)
    )
    found: defaultdict[UUID, list[tuple[datetime, str | None]]] = defaultdict(list)
    for response_id, at, after in rows:
        found[response_id].append((at, after.value if after else None))
    return found
