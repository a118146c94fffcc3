"""The larger Training round on stage: who plays in it, when what happens, and what each then writes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.cli.demo_answers import Draw, Respondent, written
from app.definitions.questions import Question
from app.models import (
    Appointment,
    AppointmentRole,
    Organisation,
    OrganisationKind,
    RepeatInstance,
    Response,
    Round,
    RoundProfile,
    User,
)
from app.policy import SYSTEM, Actor
from app.queries import definitions
from app.queries import people as people_queries
from app.services import importing, known_facts
from app.storage import Store

SATURDAY = 5

Entry = Mapping[str, Any]


class Event(NamedTuple):
    """Something that somebody does at a moment."""

    at: datetime
    do: Callable[[datetime], None]


def instant(text: str) -> datetime:
    """The moment that a file of the demonstration writes, in UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)


@dataclass
class Stage:
    """One round with everybody who is asked in it, by code."""

    session: Session
    round: Round
    words: Entry
    store: Store
    brief: bool = False
    organisations: dict[str, Organisation] = field(default_factory=dict)
    responses: dict[str, UUID] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read who is asked."""
        rows = self.session.execute(
            select(Organisation, Response.id)
            .join(Response, Response.organisation_id == Organisation.id)
            .where(Response.round_id == self.round.id)
        )
        for organisation, response_id in rows:
            self.take(organisation, response_id)

    def take(self, organisation: Organisation, response_id: UUID) -> None:
        """Note that the organisation is asked."""
        self.organisations[organisation.code] = organisation
        self.responses[organisation.code] = response_id

    @property
    def opened_at(self) -> datetime:
        """When the round was opened."""
        return self.round.opened_at or self.round.opens_at

    def person(self, code: str) -> User:
        """The focal point of an organisation: the first of those who have ever been one."""
        return self.session.scalars(
            select(User)
            .join(Appointment, Appointment.user_id == User.id)
            .where(
                Appointment.organisation_id == self.organisations[code].id,
                Appointment.role == AppointmentRole.FOCAL_POINT,
            )
            .order_by(User.email)
            .limit(1)
        ).one()

    def contacts(self, code: str, on: date) -> Sequence[User]:
        """The focal points of an organisation on a day."""
        return self.session.scalars(
            select(User)
            .join(Appointment, Appointment.user_id == User.id)
            .where(
                Appointment.organisation_id == self.organisations[code].id,
                Appointment.role == AppointmentRole.FOCAL_POINT,
                Appointment.valid_from <= on,
                or_(Appointment.valid_until.is_(None), Appointment.valid_until >= on),
            )
            .order_by(User.email)
        ).all()

    def speaker(self, code: str, at: datetime) -> Actor:
        """The focal point as who acts."""
        return people_queries.actor(self.session, self.person(code), at)

    def staff(self, email: str, at: datetime) -> Actor:
        """One of staff as who acts."""
        user = people_queries.by_email(self.session, email)
        if user is None:
            raise ValueError(f"nobody has the address {email}")
        return people_queries.actor(self.session, user, at)

    def moment(self, code: str, what: str, since: datetime, until: datetime) -> datetime:
        """A moment of a working day between the two; the later ones are drawn a little more often."""
        draw = Draw(f"{self.round.code}/{code}")
        part = (draw.below(what, 10_000) / 10_000) ** 0.7
        there = (since + (until - since) * part).astimezone(ZoneInfo(self.round.zone))
        friday = there.date() - timedelta(days=max(0, there.weekday() - SATURDAY + 1))
        weekend = there.weekday() >= SATURDAY
        day = there.date() if not weekend else friday if friday > since.date() else friday + timedelta(days=3)
        clock = time(8 + draw.below(f"{what}/hour", 10), draw.below(f"{what}/minute", 60))
        found = datetime.combine(day, clock, ZoneInfo(self.round.zone)).astimezone(UTC)
        return min(max(found, since), until)

    def write(self, code: str, at: datetime, *, whole: bool, entered: Entry | None = None) -> None:
        """Let the respondent write answers; with ``entered`` staff enter them from that source."""
        data = written(self._respondent(code), self.words, whole=whole, round_code=self.round.code)
        actor = SYSTEM if entered is not None else self.speaker(code, at)
        importing.import_response(self.session, data | ({"entered": entered} if entered else {}), actor, at)
        self.session.flush()

    def correct(self, code: str, question: str, value: object, at: datetime) -> None:
        """Let the respondent answer one question otherwise."""
        organisation = self.organisations[code]
        data = {
            "round": self.round.code,
            "organisation": code,
            "audience": organisation.asked_as.value,
            "answers": {question: value},
        }
        importing.import_response(self.session, data, self.speaker(code, at), at, replace=True)

    def _respondent(self, code: str) -> Respondent:
        organisation = self.organisations[code]
        person = self.session.scalars(
            select(User).join(Appointment).where(Appointment.organisation_id == organisation.id).limit(1)
        ).first()
        return Respondent(
            code=code,
            audience=organisation.asked_as.value,
            contact=person.name if person else "The focal point",
            function=(person.function if person else None) or "Focal point",
            mechanisms=self._mechanisms(code),
            name=organisation.name,
            known=self._known(organisation),
            brief=self.brief,
            states=[each for each, one in self.organisations.items() if one.kind is OrganisationKind.STATE],
        )

    def _mechanisms(self, code: str) -> Sequence[str]:
        """The mechanisms that the respondent is asked about, in the order of its questionnaire."""
        return self.session.scalars(
            select(Organisation.code)
            .join(RepeatInstance, RepeatInstance.subject_id == Organisation.id)
            .where(RepeatInstance.response_id == self.responses[code], RepeatInstance.removed_at.is_(None))
            .order_by(RepeatInstance.position)
        ).all()

    def _known(self, organisation: Organisation) -> dict[str, Any]:
        """What the register says of a mechanism, as answers to the questions that ask it to confirm it."""
        if organisation.kind is not OrganisationKind.ISCM:
            return {}
        response = self.session.get_one(Response, self.responses[organisation.code])
        questionnaire = definitions.of(self.session, response.questionnaire_version_id)
        facts = self.session.scalars(
            select(RoundProfile.facts).where(
                RoundProfile.round_id == self.round.id, RoundProfile.organisation_id == organisation.id
            )
        ).one()
        asked: Iterator[Question] = (place.question for place in questionnaire.places.values())
        known = {each.key: known_facts.known(each, facts) for each in asked}
        return {key: value for key, value in known.items() if value is not None}


def play(session: Session, events: Sequence[Event]) -> None:
    """Let everything happen in the order of time."""
    for event in sorted(events, key=lambda each: each.at):
        event.do(event.at)
        session.flush()


def noon(day: date, zone: str) -> datetime:
    """Noon of the day in the zone."""
    return datetime.combine(day, time(12), ZoneInfo(zone)).astimezone(UTC)
