"""What happened to the responses of a round is read in a constant number of statements, and tells where each
stands on any day.
"""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.models import AddressFailure, Appointment, Clearance, Outcome, Response
from app.queries import trails
from app.services import declining, outcomes, people, submitting, withdrawing
from app.services.errors import NotAllowed, NotPossible, ResponseLocked
from app.standing import Standing, standing
from tests.counting import counted
from tests.factories import NOW, World, user_of, world

LATER = NOW + timedelta(days=3)


@pytest.fixture
def made(session: Session) -> World:
    return world(session)


def stands(made: World, code: str, days: float = 3) -> Standing:
    made.session.flush()
    trail = trails.of_round(made.session, made.round)[made.response(code)]
    return standing(trail, NOW + timedelta(days=days))


def send(made: World, code: str, days: float = 1) -> None:
    made.complete(code)
    submitting.submit(
        made.session, made.response(code), "Said.", made.actors[code], NOW + timedelta(days=days)
    )


def test_each_response_stands_where_its_rows_say(made: World) -> None:
    assert stands(made, "AAA") is Standing.INVITED
    made.say("AAA", None, outlook="More")
    assert stands(made, "AAA") is Standing.IN_PROGRESS
    asked = made.session.get_one(Response, made.response("AAA"))
    made.session.add(
        Clearance(
            response_id=asked.id,
            asked_by_id=user_of(made.session, made.actors["AAA"]).id,
            asked_at=NOW,
            withdrawn_at=NOW + timedelta(hours=6),
            digest="0" * 64,
        )
    )
    assert stands(made, "AAA", days=0.1) is Standing.IN_CLEARANCE
    send(made, "AAA")
    assert stands(made, "AAA") is Standing.SUBMITTED
    assert stands(made, "AAA", days=0.5) is Standing.IN_PROGRESS
    withdrawing.withdraw(made.session, made.response("AAA"), "An error", made.actors["AAA"], LATER)
    assert stands(made, "AAA", days=4) is Standing.IN_PROGRESS
    assert stands(made, "AAA", days=2) is Standing.SUBMITTED


def test_who_declines_and_takes_it_back_stands_so_meanwhile(made: World) -> None:
    focal, response = made.actors["BBB"], made.response("BBB")
    declining.decline(made.session, response, "No capacity", focal, NOW)
    declining.take_up(made.session, response, focal, LATER)
    assert stands(made, "BBB", days=1) is Standing.DECLINED
    assert stands(made, "BBB", days=4) is Standing.INVITED


def test_two_changes_at_the_same_instant_keep_their_order(made: World) -> None:
    focal, response = made.actors["BBB"], made.response("BBB")
    for _again in range(4):
        declining.decline(made.session, response, "No capacity", focal, NOW)
        declining.take_up(made.session, response, focal, NOW)
    declining.decline(made.session, response, "No capacity", focal, NOW)
    assert stands(made, "BBB") is Standing.DECLINED


def test_staff_set_an_outcome_with_a_reason_and_take_it_back(made: World) -> None:
    coordinator, response = made.actors["coordinator"], made.response("CCC")
    with pytest.raises(NotPossible):
        outcomes.decide(made.session, response, Outcome.NOT_ELIGIBLE, "  ", coordinator, NOW)
    with pytest.raises(NotAllowed):
        outcomes.decide(made.session, response, Outcome.NOT_ELIGIBLE, "So", made.actors["analyst"], NOW)
    outcomes.decide(made.session, response, Outcome.NOT_ELIGIBLE, "Left the process", coordinator, NOW)
    with pytest.raises(ResponseLocked):
        declining.take_up(made.session, response, made.actors["CCC"], NOW)
    assert stands(made, "CCC") is Standing.NOT_ELIGIBLE
    outcomes.decide(made.session, response, None, "A mistake", coordinator, LATER)
    assert stands(made, "CCC", days=4) is Standing.INVITED


def test_submitted_answers_can_be_set_aside_but_not_called_declined(made: World) -> None:
    coordinator, response = made.actors["coordinator"], made.response("CCC")
    send(made, "CCC")
    with pytest.raises(ResponseLocked):
        outcomes.decide(made.session, response, Outcome.DECLINED, "So", coordinator, LATER)
    outcomes.decide(made.session, response, Outcome.DUPLICATE, "Sent twice", coordinator, LATER)
    assert stands(made, "CCC", days=4) is Standing.DUPLICATE
    assert stands(made, "CCC", days=2) is Standing.SUBMITTED


def test_letters_that_do_not_arrive_and_nobody_to_write_to_are_told_apart(made: World) -> None:
    focal = user_of(made.session, made.actors["AAA"])
    made.session.add(
        AddressFailure(user_id=focal.id, address=focal.email, words="550 unknown", failed_at=NOW)
    )
    assert stands(made, "AAA") is Standing.BOUNCED
    appointment = made.session.get_one(Appointment, made.actors["AAA"].appointments[0].appointment_id)
    people.end_appointment(made.session, appointment, NOW.date(), made.actors["administrator"])
    assert stands(made, "AAA") is Standing.NO_CONTACT


def test_a_round_is_read_in_the_same_statements_however_many_are_asked(made: World) -> None:
    made.session.flush()
    with counted(made.session.connection()) as few:
        assert len(trails.of_round(made.session, made.round)) == 6
        assert len(trails.asked_in(made.session, made.round)) == 6
    send(made, "AAA")
    send(made, "BBB")
    made.session.flush()
    with counted(made.session.connection()) as more:
        trails.of_round(made.session, made.round)
        trails.asked_in(made.session, made.round)
    assert len(more) == len(few) == 8


def test_a_draft_is_not_submitted_once_the_round_is_closed_unless_it_has_more_time(made: World) -> None:
    end = made.round.closes_at
    assert trails.collects_until(made.round, end) is None
    made.round.closed_at = end + timedelta(days=1)
    assert trails.collects_until(made.round, end) == end + timedelta(days=1)
    assert trails.collects_until(made.round, end + timedelta(days=5)) == end + timedelta(days=5)
