"""What was accepted from a form is stored once, by the people whose form it was."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import AnswerRevision, AuditEvent, RepeatInstance, Response, Via
from app.policy import Attribution
from app.services import attributing, form_intake, importing, repeating, submitting
from app.services.answering import Change, Conflict, Outcome, Refused, Saved
from app.services.errors import ImportRefused, NotAllowed, ResponseLocked
from app.services.form_intake import Slot, Taken
from tests.factories import NOW, World, world


@pytest.fixture
def made(session: Session) -> World:
    return world(session)


def accept(made: World, *taken: Taken, by: str = "AAA") -> list[Outcome]:
    return form_intake.accept(made.session, made.response("AAA"), taken, made.actors[by], NOW)


def said(key: str, value: object, seen: int = 0, block: UUID | None = None) -> Taken:
    return Taken(Change(block, key, "", value, seen))


def in_slot(slot: Slot, key: str, value: object) -> Taken:
    return Taken(Change(None, key, "", value, 0), slot)


def test_an_answer_from_a_form_is_the_respondent_s_own(made: World) -> None:
    outcome = accept(made, said("contact_name", "Ann"))
    assert isinstance(outcome[0], Saved)
    revision = made.session.scalars(select(AnswerRevision)).one()
    assert (revision.via, revision.source) == (Via.IMPORT, form_intake.SOURCE)
    assert revision.appointment_id is not None
    assert revision.saved_by_id == made.actors["AAA"].user_id
    assert "accepted_form" in made.session.scalars(select(AuditEvent.act)).all()


def test_a_form_accepted_twice_makes_its_record_once(made: World) -> None:
    block = made.block("AAA", "alpha")
    slot = Slot(uuid4(), "effects", block)
    taken = (in_slot(slot, "example", "a law"), in_slot(slot, "year", 2021))
    first, second = accept(made, *taken), accept(made, *taken)
    assert [type(each) for each in first + second] == [Saved] * 4
    records = made.session.scalars(select(RepeatInstance).where(RepeatInstance.group_key == "effects")).all()
    assert [(record.parent_id, record.idempotency_key) for record in records] == [(block, str(slot.key))]
    assert len(made.session.scalars(select(AnswerRevision)).all()) == 2


def test_a_full_list_refuses_its_own_answers_only(made: World) -> None:
    block = made.block("AAA", "alpha")
    slots = [Slot(uuid4(), "effects", block) for _number in range(4)]
    outcomes = accept(made, said("contact_name", "Ann"), *(in_slot(slot, "example", "x") for slot in slots))
    assert [type(each) for each in outcomes] == [Saved, Saved, Saved, Saved, Refused]
    assert isinstance(outcomes[4], Refused)
    assert "at most 3" in outcomes[4].why


def test_a_record_comes_in_place_of_none(made: World) -> None:
    block = made.block("AAA", "alpha")
    made.say("AAA", block, effects="none")
    accept(made, in_slot(Slot(uuid4(), "effects", block), "example", "a law"))
    assert made.answer("AAA", "effects", block).value is None


def test_what_was_overtaken_is_a_conflict_and_holds_back_nothing_else(made: World) -> None:
    made.say("AAA", None, contact_name="Ann")
    outcomes = accept(made, said("contact_name", "Bob"), said("outlook", "Good"))
    assert [type(each) for each in outcomes] == [Conflict, Saved]


def test_nobody_hands_in_for_another(made: World) -> None:
    with pytest.raises(NotAllowed):
        accept(made, said("contact_name", "Eve"), by="BBB")


def test_nothing_is_taken_once_it_was_submitted(made: World) -> None:
    made.complete("AAA")
    submitting.submit(made.session, made.response("AAA"), "Sent.", made.actors["AAA"], NOW)
    with pytest.raises(ResponseLocked):
        accept(made, said("contact_name", "Bob", 1))


def test_a_removed_record_takes_nothing_back(made: World) -> None:
    slot = Slot(uuid4(), "effects", made.block("AAA", "alpha"))
    accept(made, in_slot(slot, "example", "a law"))
    record = made.session.scalars(select(RepeatInstance).where(RepeatInstance.group_key == "effects")).one()
    repeating.remove_instance(made.session, made.response("AAA"), record.id, made.actors["AAA"], NOW)
    outcome = accept(made, in_slot(slot, "example", "another law"))[0]
    assert isinstance(outcome, Refused)
    assert outcome.why == "This entry has been removed."


def test_staff_do_not_import_over_what_came_by_a_form(made: World) -> None:
    accept(made, said("contact_name", "Ann"))
    data = {"round": "r1", "organisation": "AAA", "audience": "state", "answers": {"contact_name": "Bob"}}
    with pytest.raises(ImportRefused, match="has answered differently"):
        importing.import_response(made.session, data, made.actors["coordinator"], NOW)


def test_staff_do_not_submit_a_draft_that_came_by_a_form(made: World) -> None:
    accept(made, said("contact_name", "Ann"))
    attributing.choose(made.session, made.response("AAA"), Attribution.BY_NAME, made.actors["AAA"], NOW)
    with pytest.raises(NotAllowed):
        submitting.submit(made.session, made.response("AAA"), "Sent.", made.actors["coordinator"], NOW)
    assert made.session.get_one(Response, made.response("AAA")).reference is None
