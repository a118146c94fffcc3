"""Answers that are counted question by question, as of a day."""

from datetime import timedelta

from sqlalchemy import select

from app import clock
from app.database import Database
from app.models import Round
from app.queries import given_answers
from app.services import withdrawing
from tests.journeys import asking
from tests.journeys.responding import response_of


def test_what_was_withdrawn_is_not_looked_into_as_of_a_day_before(database: Database) -> None:
    asking.settle(database)
    asking.submit(database)
    response, now = response_of(database, "BOR"), clock.now()

    def counted() -> int:
        with database.read() as session:
            round_ = session.scalars(select(Round)).one()
            return len(given_answers.submitted(session, round_, {response}, now, None))

    assert counted() == 1
    with database.begin() as session:
        focal = asking.actor_of(database, "focal-bor")
        withdrawing.withdraw(session, response, "An error", focal, now + timedelta(hours=1))
    assert counted() == 0
