"""Records and blocks: added once, removed restorably, filled from another block."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import InstanceEvent, MembershipRole, RepeatInstance, Response, RoundMembership
from app.policy import AppointmentRole
from app.queries import responses
from app.services import repeating
from app.services.answering import Change, Saved
from app.services.errors import NotAllowed, NotFound, NotPossible
from tests.factories import NOW, World, person, world


@pytest.fixture
def made(session: Session) -> World:
    return world(session)


def add(made: World, parent: UUID | None, key: str | None = None, group: str = "effects") -> RepeatInstance:
    return repeating.add_record(
        made.session, made.response("AAA"), group, parent, made.actors["AAA"], NOW, key=key
    )


def events(made: World, instance: UUID) -> list[str]:
    found = made.session.scalars(
        select(InstanceEvent).where(InstanceEvent.instance_id == instance).order_by(InstanceEvent.number)
    )
    return [event.act.value for event in found]


def test_records_stand_in_the_order_in_which_they_were_added(made: World) -> None:
    block = made.block("AAA", "alpha")
    added = [add(made, block).id for _ in range(3)]
    found = [each.id for each in responses.blocks(made.session, made.response("AAA")) if each.parent_id]
    assert found == added


def test_the_same_key_adds_one_record(made: World) -> None:
    block = made.block("AAA", "alpha")
    assert add(made, block, "k1").id == add(made, block, "k1").id
    assert add(made, block, "k2").id != add(made, block, "k1").id


def test_a_full_list_takes_no_more(made: World) -> None:
    block = made.block("AAA", "alpha")
    last = [add(made, block) for _ in range(3)][-1]
    with pytest.raises(NotPossible):
        add(made, block)
    repeating.remove_instance(made.session, made.response("AAA"), last.id, made.actors["AAA"], NOW)
    add(made, block)


def test_a_record_belongs_where_its_list_stands(made: World) -> None:
    made.complete("BBB")
    for parent, group in (
        (None, "effects"),
        (made.block("BBB", "alpha"), "effects"),
        (made.block("AAA", "alpha"), "words"),
        (made.block("AAA", "alpha"), "nothing"),
        (add(made, made.block("AAA", "alpha")).id, "effects"),
    ):
        with pytest.raises(NotFound):
            add(made, parent, group=group)


def test_adding_a_record_takes_nothing_so_far_back(made: World) -> None:
    block = made.block("AAA", "alpha")
    made.say("AAA", block, effects="none")
    add(made, block)
    answer = made.answer("AAA", "effects", block)
    assert answer.value is None
    assert [each.value for each in made.history(answer)] == ["none", None]


def test_removing_and_restoring_are_events_and_keep_the_answers(made: World) -> None:
    actor, response = made.actors["AAA"], made.response("AAA")
    record = add(made, made.block("AAA", "alpha"))
    made.say("AAA", record.id, example="a law")
    for _ in range(2):
        repeating.remove_instance(made.session, response, record.id, actor, NOW)
    assert made.answer("AAA", "example", record.id).value == "a law"
    for _ in range(2):
        repeating.restore_instance(made.session, response, record.id, actor, NOW)
    made.session.flush()
    assert events(made, record.id) == ["added", "removed", "restored"]


def test_a_mechanism_of_the_register_is_not_removed_but_an_added_one_is(made: World) -> None:
    actor, response = made.actors["AAA"], made.response("AAA")
    with pytest.raises(NotPossible):
        repeating.remove_instance(made.session, response, made.block("AAA", "alpha"), actor, NOW)
    gamma = made.organisations["gamma"].id
    added = repeating.add_mechanism(made.session, response, gamma, actor, NOW)
    record = add(made, added.id)
    repeating.remove_instance(made.session, response, added.id, actor, NOW)
    active = {block.id: block.active for block in responses.blocks(made.session, response)}
    assert (active[added.id], active[record.id]) == (False, False)
    assert repeating.add_mechanism(made.session, response, gamma, actor, NOW).id == added.id
    made.session.flush()
    assert events(made, added.id) == ["added", "removed", "restored"]


def test_what_the_respondent_added_is_taken_out_though_the_register_gives_it(made: World) -> None:
    actor, response, gamma = made.actors["AAA"], made.response("AAA"), made.organisations["gamma"]
    added = repeating.add_mechanism(made.session, response, gamma.id, actor, NOW)
    round_id = made.session.get_one(Response, response).round_id
    made.session.add(
        RoundMembership(
            id=uuid4(),
            round_id=round_id,
            iscm_id=gamma.id,
            member_id=made.organisations["AAA"].id,
            role=MembershipRole.MEMBER,
        )
    )
    made.session.flush()
    repeating.remove_instance(made.session, response, added.id, actor, NOW)
    assert not {block.id: block.active for block in responses.blocks(made.session, response)}[added.id]


def test_only_a_mechanism_can_be_added_and_only_to_a_questionnaire_about_several(made: World) -> None:
    with pytest.raises(NotFound):
        repeating.add_mechanism(
            made.session, made.response("AAA"), made.organisations["BBB"].id, made.actors["AAA"], NOW
        )
    with pytest.raises(NotPossible):
        repeating.add_mechanism(
            made.session, made.response("alpha"), made.organisations["beta"].id, made.actors["alpha"], NOW
        )


def test_somebody_elses_block_does_not_exist(made: World) -> None:
    actor = made.actors["AAA"]
    with pytest.raises(NotFound):
        repeating.remove_instance(made.session, made.response("AAA"), made.block("BBB", "alpha"), actor, NOW)
    with pytest.raises(NotAllowed):
        repeating.remove_instance(made.session, made.response("BBB"), made.block("BBB", "alpha"), actor, NOW)


def test_an_expert_for_one_mechanism_adds_records_there_only(made: World) -> None:
    alpha = made.organisations["alpha"]
    expert = person(
        made.session, "expert", made.organisations["AAA"], AppointmentRole.CONTRIBUTOR, iscm=alpha
    )
    response = made.response("AAA")
    repeating.add_record(made.session, response, "effects", made.block("AAA", "alpha"), expert, NOW)
    with pytest.raises(NotAllowed):
        repeating.add_record(made.session, response, "effects", made.block("AAA", "beta"), expert, NOW)


def test_same_as_fills_what_is_empty_and_each_copy_is_a_revision(made: World) -> None:
    alpha, beta = made.block("AAA", "alpha"), made.block("AAA", "beta")
    made.say(
        "AAA", alpha, takes_part="yes", words="theirs", private="secret", reasons={"options": ["exchange"]}
    )
    made.save("AAA", Change(alpha, "degree", "states", {"option": "often"}, 0))
    record = add(made, alpha)
    made.say("AAA", record.id, example="a law")
    made.say("AAA", beta, words="mine")
    outcomes = repeating.same_as(made.session, made.response("AAA"), alpha, beta, made.actors["AAA"], NOW)
    assert all(isinstance(outcome, Saved) for outcome in outcomes)
    values = responses.values(made.session, made.response("AAA"))
    assert values[beta, "takes_part", ""] == "yes"
    assert values[beta, "words", ""] == "mine"
    assert values[beta, "degree", "states"] == {"option": "often"}
    assert (beta, "private", "") not in values
    [copied] = [
        block for block in responses.blocks(made.session, made.response("AAA")) if block.parent_id == beta
    ]
    assert values[copied.id, "example", ""] == "a law"
    assert len(made.history(made.answer("AAA", "reasons", beta))) == 1
    again = repeating.same_as(made.session, made.response("AAA"), alpha, beta, made.actors["AAA"], NOW)
    assert again == []


def test_same_as_is_between_blocks_of_one_response(made: World) -> None:
    for source, target in (
        (made.block("AAA", "alpha"), made.block("AAA", "alpha")),
        (made.block("BBB", "alpha"), made.block("AAA", "beta")),
        (made.block("AAA", "alpha"), made.block("BBB", "beta")),
    ):
        with pytest.raises(NotFound):
            repeating.same_as(made.session, made.response("AAA"), source, target, made.actors["AAA"], NOW)
