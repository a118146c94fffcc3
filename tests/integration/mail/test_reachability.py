"""Who can be written to: while appointed, while not deactivated, and while letters to them arrive."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.models import AddressFailure, Appointment, AppointmentRole, AuditEvent, RoundParticipant, User
from app.policy import SYSTEM
from app.queries import reachability
from app.services import address_failures, people, signing_in
from app.services.address_failures import Refused
from app.services.errors import NotAllowed, NotFound
from app.standing import Standing, Trail, standing
from tests.factories import NOW, World, person, user_of, world

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
UNKNOWN = "550 5.1.1 No such person here"


@pytest.fixture
def made(session: Session) -> World:
    return world(session)


def standing_of(made: World, code: str, at: timedelta = HOUR) -> Standing:
    asked = RoundParticipant.round_id == made.round.id
    contacts = reachability.contacts(made.session, asked, made.round.zone)
    return standing(Trail(contacts=contacts.get(made.organisations[code].id, ())), NOW + at)


def fails(made: World, code: str, at: timedelta = timedelta()) -> User:
    user = user_of(made.session, made.actors[code])
    refused = Refused(user.email.upper(), UNKNOWN)
    address_failures.note_failure(made.session, user.id, refused, NOW + at)
    made.session.flush()
    return user


def test_a_focal_point_in_force_can_be_written_to(made: World) -> None:
    assert standing_of(made, "AAA") is Standing.INVITED


def test_whoever_has_left_cannot_from_the_day_after_on(made: World) -> None:
    made.session.execute(
        update(Appointment)
        .where(Appointment.user_id == made.actors["AAA"].user_id)
        .values(valid_until=NOW.date() + DAY)
    )
    assert standing_of(made, "AAA", DAY) is Standing.INVITED
    assert standing_of(made, "AAA", 2 * DAY) is Standing.NO_CONTACT
    assert standing_of(made, "AAA", -DAY) is Standing.NO_CONTACT


def test_a_successor_to_come_is_no_contact_yet(made: World) -> None:
    mine = Appointment.user_id == made.actors["AAA"].user_id
    made.session.execute(update(Appointment).where(mine).values(valid_from=date(2027, 1, 1)))
    assert standing_of(made, "AAA") is Standing.NO_CONTACT


def test_whoever_was_deactivated_cannot(made: World) -> None:
    people.deactivate(made.session, user_of(made.session, made.actors["AAA"]), SYSTEM, now=NOW + DAY)
    made.session.flush()
    assert standing_of(made, "AAA") is Standing.INVITED
    assert standing_of(made, "AAA", 2 * DAY) is Standing.NO_CONTACT


def test_only_the_focal_point_of_the_whole_counts(made: World) -> None:
    mine = Appointment.user_id == made.actors["AAA"].user_id
    made.session.execute(update(Appointment).where(mine).values(role=AppointmentRole.CONTRIBUTOR))
    assert standing_of(made, "AAA") is Standing.NO_CONTACT
    person(made.session, "aaa-alpha", made.organisations["AAA"], iscm=made.organisations["alpha"])
    assert standing_of(made, "AAA") is Standing.NO_CONTACT


def test_whose_letters_come_back_stands_as_bounced_until_it_is_put_right(made: World) -> None:
    user = fails(made, "AAA", HOUR)
    assert standing_of(made, "AAA", timedelta()) is Standing.INVITED
    assert standing_of(made, "AAA", 2 * HOUR) is Standing.BOUNCED
    address_failures.clear_failure(made.session, user.id, made.actors["coordinator"], NOW + DAY, "a call")
    assert standing_of(made, "AAA", 2 * HOUR) is Standing.BOUNCED
    assert standing_of(made, "AAA", 2 * DAY) is Standing.INVITED
    [event_] = made.session.scalars(
        select(AuditEvent).where(AuditEvent.act == "cleared_address_failure")
    ).all()
    assert (event_.actor_name, event_.detail) == ("coordinator", {"why": "a call"})


def test_a_colleague_whose_letters_arrive_is_enough(made: World) -> None:
    fails(made, "AAA")
    person(made.session, "aaa-second", made.organisations["AAA"])
    assert standing_of(made, "AAA") is Standing.INVITED


def test_a_failure_is_noted_once_and_only_of_the_present_address(made: World) -> None:
    user = fails(made, "AAA")
    fails(made, "AAA", DAY)
    other = Refused("former@example.org", UNKNOWN)
    address_failures.note_failure(made.session, made.actors["BBB"].user_id or user.id, other, NOW)
    made.session.flush()
    [failure] = made.session.scalars(select(AddressFailure))
    assert (failure.user_id, failure.failed_at, failure.words) == (user.id, NOW, UNKNOWN)
    assert reachability.address_fails(made.session, user)


def test_signing_in_by_a_link_sent_there_proves_the_address(made: World) -> None:
    user = fails(made, "AAA")
    token = signing_in.make_link(made.session, user.id, signing_in.digest("browser"), NOW)
    made.session.flush()
    signing_in.redeem(made.session, token, "browser", NOW + HOUR / 6)
    assert not reachability.address_fails(made.session, user)


def test_an_address_is_declared_right_by_coordinators_only(made: World) -> None:
    user = fails(made, "AAA")
    for actor in ("analyst", "viewer", "AAA"):
        with pytest.raises(NotAllowed):
            address_failures.clear_failure(made.session, user.id, made.actors[actor], NOW, "")
    with pytest.raises(NotFound):
        address_failures.clear_failure(made.session, made.round.id, SYSTEM, NOW, "")
