"""Whether a letter about a round is still wanted, asked when it is sent."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app import window
from app.models import AppointmentRole, OutboxMessage, Round
from app.queries import round_people, trails
from app.queries.round_people import Person, Respondent
from app.services import round_letters
from app.services.letter_writing import Unwanted
from app.services.round_letters import About
from app.standing import Standing, standing
from app.window import Window

_FOCAL_POINTS = frozenset({AppointmentRole.FOCAL_POINT})
_WITH_OFFICERS = frozenset({AppointmentRole.FOCAL_POINT, AppointmentRole.CLEARING_OFFICER})


@dataclass(frozen=True)
class Asked:
    """A respondent who is being asked, with the person a letter is for and where the answers stand."""

    about: About
    person: Person
    standing: Standing


def roles_at(standing: Standing) -> Collection[AppointmentRole]:
    """Who is written to: whoever answers, and whoever clears the answers while they wait for that."""
    return _WITH_OFFICERS if standing is Standing.IN_CLEARANCE else _FOCAL_POINTS


def takes_answers(round_: Round, due_at: datetime, now: datetime) -> bool:
    """Whether answers are still taken in a round that was opened (``app.window``)."""
    asked = Window(round_.closes_at, round_.closed_at, round_.cutoff_at, round_.cut_off_at, due_at)
    return round_.opened_at is not None and window.takes_answers(asked, now)


def now_for(session: Session, message: OutboxMessage, now: datetime) -> Asked | Unwanted:
    """Who is asked and stands where; or that it is no respondent any more, that the person is not appointed
    there any more, or that the round only tries a questionnaire.
    """
    if message.response_id is None:
        return Unwanted.NOT_WANTED
    about = round_letters.about(session, message.response_id)
    respondent = round_people.one(session, about.round, message.response_id, now)
    if respondent is None or about.round.pilots_version_id is not None:
        return Unwanted.NOT_WANTED
    if respondent.withdrawn:
        return Unwanted.WITHDRAWN
    at = standing(trails.of_response(session, about.round, about.response), now)
    person = _person(respondent, message, roles_at(at))
    return Asked(about, person, at) if person else Unwanted.NOT_APPOINTED


def _person(
    respondent: Respondent, message: OutboxMessage, roles: Collection[AppointmentRole]
) -> Person | None:
    return next(
        (each for each in respondent.people if each.user_id == message.user_id and each.role in roles), None
    )
