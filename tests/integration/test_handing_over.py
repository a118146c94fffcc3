"""A focal point leaves: the successor finds everything, the past keeps its names, once is enough."""

import io
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from app.models import (
    Answer,
    Appointment,
    AuditEvent,
    HandOver,
    Nomination,
    OutboxMessage,
    User,
)
from app.policy import Actor, AppointmentRole, StaffRole
from app.queries import hand_overs, people
from app.services import filing, handing_over
from app.services.answering import Change, Saved
from app.services.errors import AlreadyThere, NotAllowed, NotPossible
from app.services.handing_over import HandOverRefused, Note, Wanted
from app.services.people import end_appointment
from app.storage import Store
from tests import factories, posting
from tests.factories import NOW, World
from tests.storing import PDF

LATER = NOW + timedelta(days=3)
TODAY = LATER.date()
NOTE = Note("NV 12/2026", TODAY)


@pytest.fixture
def made(session: Session) -> World:
    world = factories.world(session)
    world.say("AAA", None, contact_name="A. Person")
    return world


def wanted(**changed: object) -> Wanted:
    return Wanted(**{"email": "new@ministry.example", "name": "New Person", "on": TODAY, **changed})  # type: ignore[arg-type]  # fields by name


def appointment_of(made: World, actor: Actor) -> UUID:
    return made.session.scalars(select(Appointment.id).where(Appointment.user_id == actor.user_id)).one()


def hand_over(made: World, by: str = "AAA", now: object = LATER, **changed: object) -> HandOver:
    appointment = appointment_of(made, made.actors["AAA"])
    return handing_over.hand_over(made.session, appointment, wanted(**changed), made.actors[by], now)  # type: ignore[arg-type]  # a moment


def actor_called(made: World, email: str) -> Actor:
    user = made.session.scalars(select(User).where(User.email == email)).one()
    return people.actor(made.session, user, LATER)


def test_the_successor_can_go_on_at_once_and_the_leaver_no_more(made: World) -> None:
    hand_over(made)
    made.actors["new"] = actor_called(made, "new@ministry.example")
    made.actors["gone"] = actor_called(made, "aaa-fp@example.org")
    assert made.actors["gone"].appointments == ()
    change = Change(None, "contact_name", "", "New Person", 1)
    assert isinstance(made.save("AAA", change, by="new", now=LATER)[0], Saved)
    with pytest.raises(NotAllowed):
        made.save("AAA", Change(None, "contact_name", "", "Gone", 2), by="gone", now=LATER)
    written = made.history(made.answer("AAA", "contact_name"))
    assert [revision.saved_by_id for revision in written] == [
        made.actors["AAA"].user_id,
        made.actors["new"].user_id,
    ]


def test_it_is_written_down_and_both_are_told(made: World) -> None:
    made_over = hand_over(made)
    session = made.session
    assert session.scalars(select(AuditEvent.act).where(AuditEvent.subject_kind == "hand_over")).all() == [
        "handed_over"
    ]
    kinds = session.scalars(select(OutboxMessage.kind).order_by(OutboxMessage.kind)).all()
    assert kinds == ["handed_over_from", "handed_over_to"]
    passed = hand_overs.passed(session, made_over)
    assert (passed.before.name, passed.after.name, passed.nomination) == ("AAA-fp", "New Person", None)
    session.delete(made_over)
    with pytest.raises(DatabaseError, match="append-only"):
        session.flush()


def test_the_letters_name_day_place_and_people(made: World) -> None:
    hand_over(made)
    letters = {each["To"]: each.get_content() for each in posting.sent(made.session, LATER)}
    assert "from 19 November 2026 on you answer for Arcadia" in letters["new@ministry.example"]
    assert "You take over from AAA-fp" in letters["new@ministry.example"]
    assert "New Person (new@ministry.example) answers for Arcadia" in letters["aaa-fp@example.org"]


def test_a_later_day_leaves_everything_as_it_is_until_then(made: World) -> None:
    hand_over(made, on=TODAY + timedelta(days=10))
    assert len(actor_called(made, "aaa-fp@example.org").appointments) == 1
    assert actor_called(made, "new@ministry.example").appointments == ()


def test_somebody_known_keeps_their_name_and_other_roles(made: World) -> None:
    hand_over(made, email="BBB-fp@example.org", name="Somebody Else")
    assert made.session.scalars(select(User.name).where(User.email == "bbb-fp@example.org")).one() == "BBB-fp"
    hats = actor_called(made, "bbb-fp@example.org").appointments
    assert {hat.organisation_id for hat in hats} == {
        made.organisations["AAA"].id,
        made.organisations["BBB"].id,
    }


@pytest.mark.parametrize("email", ["bbb-fp@example.org", "nobody@ministry.example"])
def test_what_is_refused_does_not_tell_whether_somebody_has_an_address(made: World, email: str) -> None:
    with pytest.raises(HandOverRefused) as refused:
        hand_over(made, email=email, name="", on=None)
    assert [field for field, _words in refused.value.problems] == ["name", "on"]


@pytest.mark.parametrize("days", [0, 5])
def test_who_is_to_leave_passes_on_nothing_beyond_the_end(made: World, days: int) -> None:
    appointment = made.session.get_one(Appointment, appointment_of(made, made.actors["AAA"]))
    ends = TODAY + timedelta(days=5)
    end_appointment(made.session, appointment, ends, made.actors["coordinator"])
    with pytest.raises(HandOverRefused, match="ends already"):
        hand_over(made, on=TODAY + timedelta(days=days + 1))
    assert hand_over(made, by="coordinator", on=ends + timedelta(days=1), note=NOTE)


def test_staff_do_it_from_a_note_verbale(made: World, store: Store) -> None:
    file = filing.receive(store, io.BytesIO(PDF), "note.pdf")
    done = hand_over(made, by="coordinator", note=Note(" NV  12/2026 ", TODAY, file), reason="Moved on")
    note = made.session.scalars(select(Nomination)).one()
    assert (done.nomination_id, done.reason, note.number, note.file_name) == (
        *(note.id, "Moved on"),
        *("NV 12/2026", "note.pdf"),
    )


def test_everything_that_is_wrong_is_said_at_once(made: World) -> None:
    with pytest.raises(HandOverRefused) as refused:
        hand_over(made, by="coordinator", email="no address", name="", on=None)
    fields = [field for field, _words in refused.value.problems]
    assert fields == ["name", "email", "on", "number", "dated"]
    assert made.session.scalars(select(HandOver)).all() == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"email": "aaa-fp@example.org"}, "this one holds the appointment now"),
        ({"email": "analyst@example.org"}, "cannot be used here"),
        ({"on": TODAY - timedelta(days=1)}, "today or a later one"),
        ({"on": TODAY + timedelta(days=400)}, "within a year"),
        ({"name": "x" * 201}, "Shorten the name"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(made: World, changed: dict[str, Any], words: str) -> None:
    with pytest.raises(HandOverRefused, match=words):
        hand_over(made, **changed)


def test_an_appointment_that_began_today_waits_a_day(made: World) -> None:
    with pytest.raises(HandOverRefused, match="began only then"):
        hand_over(made, now=NOW, on=NOW.date())


def test_who_is_appointed_already_is_no_successor(made: World) -> None:
    factories.person(made.session, "second", made.organisations["AAA"])
    with pytest.raises(HandOverRefused, match="second is appointed as that already"):
        hand_over(made, email="second@example.org")


def test_it_is_handed_over_once(made: World) -> None:
    hand_over(made, on=TODAY + timedelta(days=1))
    with pytest.raises(AlreadyThere):
        hand_over(made, on=TODAY + timedelta(days=1), email="another@ministry.example")


@pytest.mark.parametrize("by", ["BBB", "analyst", "viewer"])
def test_nobody_else_hands_it_over(made: World, by: str) -> None:
    with pytest.raises(NotAllowed):
        hand_over(made, by=by, note=NOTE)


def test_a_second_focal_point_cannot_hand_over_the_first_one_s(made: World) -> None:
    made.actors["second"] = factories.person(made.session, "second", made.organisations["AAA"])
    with pytest.raises(NotAllowed):
        hand_over(made, by="second")


def test_a_contributor_is_invited_anew_and_hands_nothing_over(made: World) -> None:
    role = AppointmentRole.CONTRIBUTOR
    helper = factories.person(made.session, "helper", made.organisations["AAA"], role)
    appointment = appointment_of(made, helper)
    with pytest.raises(NotAllowed):
        handing_over.hand_over(made.session, appointment, wanted(), helper, LATER)
    with pytest.raises(NotPossible, match="invited anew"):
        handing_over.hand_over(
            made.session, appointment, wanted(note=NOTE), made.actors[StaffRole.COORDINATOR.value], LATER
        )


def test_the_team_stays(made: World) -> None:
    role = AppointmentRole.CONTRIBUTOR
    factories.person(made.session, "helper", made.organisations["AAA"], role)
    hand_over(made)
    assert len(actor_called(made, "helper@example.org").appointments) == 1
    assert made.session.scalars(select(Answer)).all() != []
