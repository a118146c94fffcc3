"""The focal point's team: a part is given, changed and taken back, and the letter that says so."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Appointment, AuditEvent, Delegation, LinkPurpose, OutboxMessage, User
from app.policy import SYSTEM, Act, Actor, AppointmentRole, DelegatedRight, can
from app.queries import people as people_of
from app.queries import presence as present
from app.queries import responses, teams
from app.services import delegating, letters_team, people, repeating, signing_in, taking_part
from app.services.answering import Change, Refused, Saved
from app.services.delegating import Gift
from app.services.errors import AlreadyThere, NotAllowed, NotFound, NotPossible, Overtaken, ResponseLocked
from app.services.presence import note_presence
from tests.factories import NOW, World, person, world

ADDRESS = "colleague@ministry.example"
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def made(session: Session) -> World:
    return world(session)


def alpha(made: World, right: DelegatedRight = DelegatedRight.WRITE) -> Gift:
    return Gift(instance_id=made.block("AAA", "alpha"), right=right)


def invite(made: World, *gifts: Gift, email: str = ADDRESS, by: str = "AAA") -> Appointment:
    return delegating.invite(
        made.session, made.response("AAA"), email, "A. Colleague", gifts, made.actors[by], NOW
    )


def colleague(made: World, email: str = ADDRESS) -> Actor:
    user = made.session.scalars(select(User).where(User.email == email)).one()
    return people_of.actor(made.session, user, NOW)


def write(made: World, iscm: str, by: Actor) -> object:
    made.actors["them"] = by
    change = Change(made.block("AAA", iscm), "takes_part", "", "yes", 0)
    return made.save("AAA", change, by="them")[0]


def role_of(appointment: Appointment) -> str:
    return appointment.role.value


def take_back(made: World, appointment: Appointment) -> None:
    delegating.take_back(made.session, made.response("AAA"), appointment.id, made.actors["AAA"], LATER)


def test_somebody_unknown_becomes_a_person_with_a_limited_appointment_and_a_letter(made: World) -> None:
    appointment = invite(made, alpha(made), email=" Colleague@Ministry.example ")
    them = colleague(made)
    assert them.name == "A. Colleague"
    assert them.hat is not None
    assert them.hat.shares is not None
    assert appointment.role is AppointmentRole.CONTRIBUTOR
    assert isinstance(write(made, "alpha", them), Saved)
    refused = write(made, "beta", them)
    assert isinstance(refused, Refused)
    assert refused.why == "You may not write here."
    letter = made.session.scalars(select(OutboxMessage)).one()
    assert (letter.kind, letter.user_id) == (delegating.LETTER, them.user_id)


class Links:
    def sign_in(self, token: str) -> str:
        raise AssertionError("the letter of the team carries no secret")

    def page(self, path: str) -> str:
        return f"https://rapporteur.example{path}"


def test_the_letter_says_who_invites_for_what_and_where_to_sign_in(made: World) -> None:
    appointment = invite(made, alpha(made), Gift(section_key="about"))
    letter = made.session.scalars(select(OutboxMessage)).one()
    user = made.session.get_one(User, appointment.user_id)
    subject, text = letters_team.invitation(made.session, letter, user, Links(), NOW)
    assert subject == "Answers of Arcadia: your part"
    assert "AAA-fp invites you to take part in the answers of Arcadia to “Round one”" in text
    assert "  - Alpha Process on Mobility, to write\n" in text
    assert "  - About, to write\n" in text
    assert "https://rapporteur.example/sign-in" in text


def test_without_a_name_the_address_stands_beside_the_answers(made: World) -> None:
    focal = made.actors["AAA"]
    delegating.invite(made.session, made.response("AAA"), ADDRESS, "  ", [alpha(made)], focal, NOW)
    assert colleague(made).name == ADDRESS


def test_a_focal_point_elsewhere_gets_one_more_hat(made: World) -> None:
    user = made.session.scalars(select(User).where(User.name == "BBB-fp")).one()
    invite(made, alpha(made), email=user.email)
    them = people_of.actor(made.session, user, NOW)
    assert {hat.shares is None for hat in them.appointments} == {True, False}
    assert can(them, Act.SUBMIT_RESPONSE, responses.facts(made.session, made.response("BBB")))
    assert not can(them, Act.SUBMIT_RESPONSE, responses.facts(made.session, made.response("AAA")))
    assert user.name == "BBB-fp"


def test_the_same_address_twice_is_told_to_change_instead(made: World) -> None:
    invite(made, alpha(made))
    with pytest.raises(AlreadyThere, match=r"A\. Colleague is in the team already\. Change"):
        invite(made, Gift(section_key="about"))


@pytest.mark.parametrize("role", [AppointmentRole.FOCAL_POINT, AppointmentRole.OBSERVER])
def test_whoever_sees_all_answers_needs_no_part(made: World, role: AppointmentRole) -> None:
    person(made.session, "already", made.organisations["AAA"], role)
    with pytest.raises(AlreadyThere, match="already takes part already, and sees all answers of Arcadia"):
        invite(made, alpha(made), email="already@example.org")


def test_staff_and_barred_people_cannot_be_invited(made: World) -> None:
    with pytest.raises(NotPossible, match="a member of IOM’s staff"):
        invite(made, alpha(made), email="analyst@example.org")
    barred = people.add_user(made.session, "barred@ministry.example", "Barred", SYSTEM, now=NOW)
    people.deactivate(made.session, barred, SYSTEM, now=NOW)
    with pytest.raises(NotPossible, match="Nobody can sign in with this address"):
        invite(made, alpha(made), email="barred@ministry.example")


@pytest.mark.parametrize("gift", [Gift(section_key="no_such"), Gift(instance_id=UUID(int=9))])
def test_what_is_not_in_the_response_cannot_be_given(made: World, gift: Gift) -> None:
    with pytest.raises(NotFound):
        invite(made, gift)
    with pytest.raises(NotFound):
        invite(made, Gift(instance_id=made.block("BBB", "alpha")))
    with pytest.raises(NotPossible, match="Choose what you give"):
        invite(made)


@pytest.mark.parametrize("who", ["BBB", "analyst", "administrator"])
def test_nobody_else_gives_parts(made: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        invite(made, alpha(made), by=who)


def test_a_colleague_who_was_given_everything_gives_nothing_on(made: World) -> None:
    invite(made, Gift())
    made.actors["them"] = colleague(made)
    with pytest.raises(NotAllowed):
        invite(made, alpha(made), email="third@ministry.example", by="them")


def test_all_answers_contain_every_part(made: World) -> None:
    appointment = invite(made, alpha(made), Gift(), Gift(section_key="about"))
    standing = teams.standing(made.session, made.response("AAA"), appointment.id)
    assert [(row.section_key, row.instance_id) for row in standing] == [(None, None)]


def test_a_change_ends_what_is_not_given_and_makes_a_reader_of_who_only_reads(made: World) -> None:
    appointment = invite(made, alpha(made), Gift(section_key="about"))
    response, focal = made.response("AAA"), made.actors["AAA"]
    reads = [alpha(made, DelegatedRight.READ)]
    delegating.change(made.session, response, appointment.id, reads, focal, LATER)
    assert role_of(appointment) == "observer"
    with pytest.raises(NotAllowed):
        write(made, "alpha", colleague(made))
    delegating.change(made.session, response, appointment.id, [alpha(made)], focal, LATER)
    assert role_of(appointment) == "contributor"
    assert isinstance(write(made, "alpha", colleague(made)), Saved)
    rows = made.session.scalars(select(Delegation)).all()
    assert sorted(row.ended_at is None for row in rows) == [False, False, False, True]


def test_taking_back_ends_the_appointment_and_keeps_what_was_written(made: World) -> None:
    appointment = invite(made, alpha(made))
    them = colleague(made)
    write(made, "alpha", them)
    take_back(made, appointment)
    assert appointment.valid_until == LATER.date()
    assert colleague(made).appointments == ()
    assert made.answer("AAA", "takes_part", made.block("AAA", "alpha")).value == "yes"
    acts = made.session.scalars(select(AuditEvent.act).where(AuditEvent.subject_kind == "appointment"))
    assert {"appointed", "gave_part", "took_part_back", "ended_appointment"} <= set(acts)
    with pytest.raises(NotFound):
        take_back(made, appointment)


def test_a_save_that_began_before_the_part_was_taken_back_is_sent_once_more(made: World) -> None:
    appointment = invite(made, alpha(made), Gift(section_key="about"))
    began = colleague(made)
    delegating.change(
        made.session, made.response("AAA"), appointment.id, [alpha(made)], made.actors["AAA"], LATER
    )
    with pytest.raises(Overtaken):
        write(made, "alpha", began)
    assert isinstance(write(made, "alpha", colleague(made)), Saved)


def test_whoever_left_can_be_invited_again_on_the_same_day(made: World) -> None:
    take_back(made, invite(made, alpha(made)))
    invite(made, Gift(section_key="about"))
    (hat,) = colleague(made).appointments
    assert [share.section_key for share in hat.shares or ()] == ["about"]


def test_same_as_copies_nothing_from_a_block_that_was_not_given(made: World) -> None:
    invite(made, alpha(made))
    source, target = made.block("AAA", "beta"), made.block("AAA", "alpha")
    made.say("AAA", source, takes_part="yes")
    with pytest.raises(NotFound):
        repeating.same_as(made.session, made.response("AAA"), source, target, colleague(made), NOW)


def test_a_mechanism_is_added_only_by_who_has_them_all(made: World) -> None:
    gamma = made.organisations["gamma"].id
    invite(made, alpha(made))
    invite(made, Gift(section_key="mechanisms"), email="all@ministry.example")
    with pytest.raises(NotAllowed):
        repeating.add_mechanism(made.session, made.response("AAA"), gamma, colleague(made), NOW)
    them = colleague(made, "all@ministry.example")
    assert repeating.add_mechanism(made.session, made.response("AAA"), gamma, them, NOW).subject_id == gamma


def test_records_are_added_and_removed_only_in_what_was_given(made: World) -> None:
    invite(made, alpha(made))
    them, response = colleague(made), made.response("AAA")
    record = repeating.add_record(made.session, response, "effects", made.block("AAA", "alpha"), them, NOW)
    repeating.remove_instance(made.session, response, record.id, them, NOW)
    foreign = made.block("AAA", "beta")
    with pytest.raises(NotAllowed):
        repeating.add_record(made.session, response, "effects", foreign, them, NOW)
    theirs = repeating.add_record(made.session, response, "effects", foreign, made.actors["AAA"], NOW)
    with pytest.raises(NotAllowed):
        repeating.remove_instance(made.session, response, theirs.id, them, NOW)


def test_the_team_says_who_was_invited_has_opened_is_working_and_is_ready(made: World) -> None:
    invite(made, alpha(made), Gift(section_key="about"))
    response, user_id = made.response("AAA"), colleague(made).user_id
    assert user_id is not None

    def member() -> teams.Member:
        made.session.flush()
        made.session.expire_all()
        (found,) = teams.team(made.session, response)
        return found

    assert (member().opened_at, member().saved_at, member().ready_at) == (None, None, None)
    signing_in.start(made.session, made.session.get_one(User, user_id), LinkPurpose.SIGN_IN, LATER)
    assert member().opened_at == LATER
    write(made, "alpha", colleague(made))
    assert member().saved_at == NOW
    first, second = member().parts
    for part in (first, second):
        assert member().ready_at is None
        taking_part.mark_ready(made.session, response, part.id, colleague(made), LATER, ready=True)
    assert member().ready_at == LATER
    taking_part.mark_ready(made.session, response, first.id, colleague(made), LATER, ready=False)
    assert member().ready_at is None


def test_only_who_was_given_a_part_says_that_it_is_ready(made: World) -> None:
    invite(made, alpha(made))
    invite(made, Gift(section_key="about"), email="second@ministry.example")
    invite(made, alpha(made, DelegatedRight.READ), email="reader@ministry.example")
    response = made.response("AAA")
    (part,) = teams.given_to(made.session, response, colleague(made).user_id)
    second = colleague(made, "second@ministry.example")
    with pytest.raises(NotFound):
        taking_part.mark_ready(made.session, response, part.id, second, NOW, ready=True)
    for actor in (made.actors["AAA"], colleague(made, "reader@ministry.example"), made.actors["BBB"]):
        with pytest.raises(NotAllowed):
            taking_part.mark_ready(made.session, response, part.id, actor, NOW, ready=True)


def test_what_is_submitted_is_neither_ready_nor_not(made: World) -> None:
    invite(made, alpha(made))
    response = made.response("AAA")
    (part,) = teams.given_to(made.session, response, colleague(made).user_id)
    made.round.closed_at = made.round.cut_off_at = NOW
    made.session.flush()
    with pytest.raises(ResponseLocked):
        taking_part.mark_ready(made.session, response, part.id, colleague(made), NOW, ready=True)


def test_signing_in_to_a_part_opens_no_other_response_of_the_organisation(made: World) -> None:
    invite(made, alpha(made))
    user = made.session.get_one(User, colleague(made).user_id)
    signing_in.start(made.session, user, LinkPurpose.SIGN_IN, NOW)
    assert {row.opened_at for row in made.session.scalars(select(Delegation))} == {NOW}


def test_presence_is_one_note_for_each_person_and_lasts_75_seconds(made: World) -> None:
    invite(made, alpha(made))
    response, here = made.response("AAA"), "mechanisms/1/per"
    us, them = made.actors["AAA"].user_id, colleague(made).user_id
    assert us is not None
    assert them is not None

    def also_there(place: str, seconds: int) -> list[str]:
        at = NOW + timedelta(seconds=seconds)
        return list(present.also_there(made.session, response, us, place, at))

    note_presence(made.session, response, us, here, NOW)
    note_presence(made.session, response, them, here, NOW)
    assert also_there(here, 74) == ["A. Colleague"]
    assert also_there(here, 75) == []
    note_presence(made.session, response, them, "about//contact", NOW + timedelta(seconds=10))
    assert also_there(here, 20) == []
    assert also_there("about//contact", 20) == ["A. Colleague"]
