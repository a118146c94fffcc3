"""Everybody who is asked in a round, with where each stands: the list behind its pages, in a constant number
of statements.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Audience, Organisation, Response, Round
from app.queries import trails
from app.queries.trails import Asked
from app.standing import Rate, Standing, rate, standing


@dataclass(frozen=True)
class Respondent:
    """One organisation that is asked: as what, on which basis, where it stands, until when it has time."""

    response_id: UUID
    organisation: Organisation
    asked: Asked
    standing: Standing
    due_at: datetime

    @property
    def audience(self) -> Audience:
        """As what it is asked."""
        return self.asked.audience


@dataclass(frozen=True)
class Counts:
    """Both bases of a round: as invited, and as of a moment; each with its rate by audience."""

    as_invited: Mapping[Audience, Rate]
    as_of_now: Mapping[Audience, Rate]


def respondents(session: Session, round_: Round, at: datetime) -> Sequence[Respondent]:
    """Everybody, withdrawn ones included, in the order of audience and name."""
    asked = trails.asked_in(session, round_)
    found = trails.of_round(session, round_)
    rows = session.execute(
        select(Response.id, Response.due_at, Organisation)
        .join(Organisation, Organisation.id == Response.organisation_id)
        .where(Response.round_id == round_.id)
        .order_by(Organisation.name, Organisation.code, Response.id)
    )
    every = [
        Respondent(id_, organisation, asked[id_], standing(found[id_], at), due_at or round_.closes_at)
        for id_, due_at, organisation in rows
        if id_ in asked
    ]
    order = list(Audience)
    return sorted(every, key=lambda each: order.index(each.audience))


def counts(found: Sequence[Respondent], at: datetime) -> Counts:
    """The rates of both bases."""
    audiences = dict.fromkeys(each.audience for each in found)
    return Counts(
        {
            one: rate(each.standing for each in found if each.audience is one and each.asked.as_invited)
            for one in audiences
        },
        {
            one: rate(each.standing for each in found if each.audience is one and each.asked.on(at))
            for one in audiences
        },
    )


def standings_now(found: Sequence[Respondent], at: datetime) -> Counter[Standing]:
    """How many of those who are asked at that moment stand where."""
    return Counter(each.standing for each in found if each.asked.on(at))
