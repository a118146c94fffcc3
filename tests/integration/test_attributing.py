"""Attribution: nothing preselected, tightened at once, loosened only by an amendment."""

from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Answer, AuditEvent, RepeatInstance, Response, SubmissionAnswer
from app.policy import Attribution, in_force
from app.queries import responses
from app.services import attributing, repeating, rounds, submitting
from app.services.attributing import outwards
from app.services.errors import LooseningNeedsAmendment, NotAllowed, NotFound, NotPossible
from tests.factories import NOW, World, world

BY_NAME, UNNAMED = Attribution.BY_NAME, Attribution.UNNAMED
BACKGROUND, NEVER = Attribution.BACKGROUND, Attribution.NOT_FOR_PUBLICATION


@pytest.fixture
def made(session: Session) -> World:
    found = world(session)
    found.complete("AAA")
    return found


def choose(
    made: World,
    attribution: Attribution | None,
    instance: UUID | None = None,
    answer: UUID | None = None,
    code: str = "AAA",
    by: str | None = None,
) -> None:
    actor = made.actors[by or code]
    attributing.choose(made.session, made.response(code), attribution, actor, NOW, instance, answer)


def submit(made: World) -> None:
    submitting.submit(made.session, made.response("AAA"), "Yes", made.actors["AAA"], NOW)


def counts(made: World, answer: Answer) -> Attribution | None:
    """What is in force for a submitted answer, as the compiler reads it."""
    response = made.session.get_one(Response, made.response("AAA"), populate_existing=True)
    standing = responses.standing_submission(made.session, response.id)
    assert standing is not None
    sent = made.session.scalars(
        select(SubmissionAnswer.attribution).where(
            SubmissionAnswer.submission_id == standing.id, SubmissionAnswer.answer_id == answer.id
        )
    ).one()
    blocks = {block.id: block for block in responses.blocks(made.session, response.id)}
    now = made.session.get_one(Answer, answer.id, populate_existing=True)
    return in_force([now.attribution, *outwards(blocks, now.instance_id), response.attribution], sent)


def test_nothing_is_preselected(made: World) -> None:
    assert made.session.get_one(Response, made.response("BBB")).attribution is None


def test_the_nearest_choice_counts(made: World) -> None:
    block = made.block("AAA", "alpha")
    record = repeating.add_record(
        made.session, made.response("AAA"), "effects", block, made.actors["AAA"], NOW
    )
    made.say("AAA", record.id, example="a law")
    answer = made.answer("AAA", "example", record.id)

    def now() -> Attribution | None:
        response = made.session.get_one(Response, made.response("AAA"), populate_existing=True)
        blocks = {each.id: each for each in responses.blocks(made.session, response.id)}
        fresh = made.session.get_one(Answer, answer.id, populate_existing=True)
        return in_force([fresh.attribution, *outwards(blocks, fresh.instance_id), response.attribution])

    assert now() is BY_NAME
    choose(made, UNNAMED, block)
    assert now() is UNNAMED
    choose(made, BY_NAME, record.id)
    assert now() is BY_NAME
    choose(made, NEVER, answer=answer.id)
    assert now() is NEVER
    choose(made, None, answer=answer.id)
    choose(made, None, record.id)
    assert now() is UNNAMED


def test_after_submission_it_is_tightened_at_once_and_never_loosened(made: World) -> None:
    submit(made)
    answer = made.answer("AAA", "takes_part", made.block("AAA", "alpha"))
    assert counts(made, answer) is BY_NAME
    choose(made, BACKGROUND, made.block("AAA", "alpha"))
    assert counts(made, answer) is BACKGROUND
    for attribution in (BY_NAME, UNNAMED, None):
        with pytest.raises(LooseningNeedsAmendment):
            choose(made, attribution, made.block("AAA", "alpha"))
    choose(made, NEVER, made.block("AAA", "alpha"))
    assert counts(made, answer) is NEVER


def test_it_is_tightened_even_when_the_round_is_closed(made: World) -> None:
    submit(made)
    rounds.close(made.session, made.round, made.actors["coordinator"], now=NOW)
    made.session.flush()
    choose(made, UNNAMED)
    assert counts(made, made.answer("AAA", "contact_name")) is UNNAMED


def test_loosening_takes_effect_when_the_amendment_is_submitted(made: World) -> None:
    choose(made, BACKGROUND)
    submit(made)
    answer = made.answer("AAA", "contact_name")
    submitting.reopen(made.session, made.response("AAA"), "May be named", made.actors["AAA"], NOW)
    choose(made, BY_NAME)
    assert counts(made, answer) is BACKGROUND
    submit(made)
    assert counts(made, answer) is BY_NAME


def test_an_answer_looser_than_its_response_cannot_be_made_so_after_submission(made: World) -> None:
    choose(made, UNNAMED)
    submit(made)
    with pytest.raises(LooseningNeedsAmendment):
        choose(made, BY_NAME, answer=made.answer("AAA", "contact_name").id)


def test_a_mechanism_cannot_be_a_member_state(made: World) -> None:
    with pytest.raises(NotPossible):
        choose(made, UNNAMED, code="alpha")
    choose(made, BACKGROUND, code="alpha")
    choose(made, UNNAMED, code="IGO")


def test_a_submitted_response_keeps_a_choice(made: World) -> None:
    submit(made)
    with pytest.raises(NotPossible):
        choose(made, None)


def test_only_the_focal_point_chooses_and_only_for_their_own(made: World) -> None:
    for who in ("BBB", "analyst", "viewer"):
        with pytest.raises(NotAllowed):
            choose(made, UNNAMED, by=who)
    made.complete("BBB")
    with pytest.raises(NotFound):
        choose(made, UNNAMED, made.block("BBB", "alpha"))
    with pytest.raises(NotFound):
        choose(made, UNNAMED, answer=made.answer("BBB", "contact_name").id)


def test_each_choice_leaves_an_event(made: World) -> None:
    choose(made, UNNAMED, made.block("AAA", "alpha"))
    made.session.flush()
    event = made.session.scalars(
        select(AuditEvent).where(AuditEvent.subject_kind == RepeatInstance.__tablename__)
    ).one()
    assert (event.act, event.detail) == ("chose_attribution", {"before": None, "after": "unnamed"})
