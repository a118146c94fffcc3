"""Submitting freezes, a second click changes nothing, reopening leaves what was sent standing."""

import hashlib
import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from app.models import (
    AnswerRevision,
    Attribution,
    AuditEvent,
    Base,
    RegisterProposal,
    Response,
    ResponseStatus,
    StatusChange,
    Submission,
    SubmissionAnswer,
    Via,
)
from app.policy import SYSTEM
from app.queries import responses
from app.services import answering, attributing, declining, repeating, rounds, running, submitting
from app.services.answering import Change, Saved
from app.services.errors import (
    AttributionMissing,
    Incomplete,
    NotAllowed,
    NotPossible,
    ResponseLocked,
)
from tests.factories import NOW, World, rows_of, world

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def made(session: Session) -> World:
    return world(session)


def submit(made: World, code: str = "AAA", by: str | None = None) -> Submission:
    actor = made.actors[by or code]
    return submitting.submit(made.session, made.response(code), "I confirm.", actor, LATER)


def frozen(made: World, submission: Submission) -> dict[str, object]:
    rows = made.session.execute(
        select(AnswerRevision)
        .join(SubmissionAnswer, SubmissionAnswer.answer_revision_id == AnswerRevision.id)
        .where(SubmissionAnswer.submission_id == submission.id)
    ).scalars()
    return {f"{row.answer_id}": row.value for row in rows}


def status(made: World, code: str = "AAA") -> ResponseStatus:
    return made.session.get_one(Response, made.response(code), populate_existing=True).status


def test_a_submission_freezes_the_revisions_under_a_digest_and_a_reference(made: World) -> None:
    made.complete("AAA")
    submission = submit(made)
    assert status(made) is ResponseStatus.SUBMITTED
    assert submission.number == 1
    assert submission.reference.startswith("AAA-2026-")
    assert len(submission.reference) == len("AAA-2026-7F3A")
    assert submission.reference == f"AAA-2026-{submission.digest[:4].upper()}"
    assert sorted(map(str, frozen(made, submission).values())) == ["A. Person", "yes", "yes"]
    change = made.session.scalars(
        select(StatusChange).where(StatusChange.after == ResponseStatus.SUBMITTED)
    ).one()
    assert change.before is ResponseStatus.IN_PROGRESS


def test_the_digest_can_be_computed_from_what_is_stored(made: World) -> None:
    made.complete("AAA")
    submission = submit(made)
    response = made.session.get_one(Response, made.response("AAA"))
    rows = made.session.execute(
        select(SubmissionAnswer, AnswerRevision)
        .join(AnswerRevision, AnswerRevision.id == SubmissionAnswer.answer_revision_id)
        .where(SubmissionAnswer.submission_id == submission.id)
    ).all()
    answers = {answer.id: answer for answer in responses.present(made.session, response.id)}
    sent = {
        "response": str(response.id),
        "questionnaire_version": str(response.questionnaire_version_id),
        "number": 1,
        "statement": "I confirm.",
        "answers": sorted(
            [
                str(answers[link.answer_id].instance_id or ""),
                answers[link.answer_id].question_key,
                "",
                revision.number,
                "en",
                "by_name",
                json.dumps(revision.value),
            ]
            for link, revision in rows
        ),
    }
    canonical = json.dumps(sent, sort_keys=True, separators=(",", ":"))
    assert submission.digest == hashlib.sha256(canonical.encode()).hexdigest()


def test_a_second_click_gives_the_same_submission(made: World) -> None:
    made.complete("AAA")
    first, second = submit(made), submit(made)
    assert first.id == second.id
    assert made.session.scalar(select(func.count()).select_from(Submission)) == 1
    assert made.session.scalar(select(func.count()).where(AuditEvent.act == "submitted")) == 1


def test_nothing_is_submitted_before_it_was_said_how_it_may_be_used(made: World) -> None:
    made.say("AAA", None, contact_name="Ann")
    with pytest.raises(AttributionMissing):
        submit(made)


def test_what_is_missing_is_said_all_at_once(made: World) -> None:
    made.complete("AAA")
    made.save("AAA", Change(None, "contact_name", "", None, 1))
    made.say("AAA", made.block("AAA", "alpha"), words="word " * 30)
    with pytest.raises(Incomplete) as refused:
        submit(made)
    assert [lack.question_key for lack in refused.value.lacks] == ["contact_name", "words"]
    assert status(made) is ResponseStatus.IN_PROGRESS


def test_a_submitted_response_takes_no_change_and_a_late_autosave_is_refused(made: World) -> None:
    made.complete("AAA")
    submit(made)
    with pytest.raises(ResponseLocked):
        made.say("AAA", None, outlook="too late")
    with pytest.raises(ResponseLocked):
        repeating.add_record(
            made.session, made.response("AAA"), "effects", made.block("AAA", "alpha"), made.actors["AAA"], NOW
        )


def test_hidden_answers_are_kept_and_not_sent_and_come_back(made: World) -> None:
    made.complete("AAA")
    block = made.block("AAA", "alpha")
    made.say("AAA", block, words="a fair")
    made.save("AAA", Change(block, "takes_part", "", "no", 1))
    submission = submit(made)
    assert "a fair" not in frozen(made, submission).values()
    assert made.answer("AAA", "words", block).value == "a fair"
    submitting.reopen(made.session, made.response("AAA"), "We do take part", made.actors["AAA"], LATER)
    made.save("AAA", Change(block, "takes_part", "", "yes", 2))
    assert "a fair" in frozen(made, submit(made)).values()


def test_removed_records_are_not_sent(made: World) -> None:
    made.complete("AAA")
    actor, response, block = made.actors["AAA"], made.response("AAA"), made.block("AAA", "alpha")
    kept = repeating.add_record(made.session, response, "effects", block, actor, NOW)
    gone = repeating.add_record(made.session, response, "effects", block, actor, NOW)
    made.say("AAA", kept.id, example="a law")
    made.say("AAA", gone.id, example="a mistake")
    repeating.remove_instance(made.session, response, gone.id, actor, NOW)
    values = frozen(made, submit(made)).values()
    assert "a law" in values
    assert "a mistake" not in values


def test_a_reopened_response_keeps_counting_as_submitted(made: World) -> None:
    made.complete("AAA")
    first = submit(made)
    submitting.reopen(made.session, made.response("AAA"), "A slip", made.actors["AAA"], LATER)
    made.save("AAA", Change(None, "contact_name", "", "B. Person", 1))
    standing = responses.standing_submission(made.session, made.response("AAA"))
    assert standing is not None
    assert standing.id == first.id
    assert "A. Person" in frozen(made, standing).values()
    second = submit(made)
    assert (second.number, second.reference) == (2, f"{first.reference}-2")
    standing = responses.standing_submission(made.session, made.response("AAA"))
    assert standing is not None
    assert standing.id == second.id
    assert "B. Person" in frozen(made, second).values()
    assert "A. Person" in frozen(made, first).values()


def test_reopening_needs_a_reason_and_something_submitted(made: World) -> None:
    with pytest.raises(ResponseLocked):
        submitting.reopen(made.session, made.response("AAA"), "Why not", SYSTEM, NOW)
    made.complete("AAA")
    submit(made)
    with pytest.raises(NotPossible):
        submitting.reopen(made.session, made.response("AAA"), "  ", made.actors["AAA"], NOW)
    with pytest.raises(NotAllowed):
        submitting.reopen(made.session, made.response("AAA"), "Why not", made.actors["BBB"], NOW)
    submitting.reopen(made.session, made.response("AAA"), "Asked to", made.actors["coordinator"], NOW)
    assert status(made) is ResponseStatus.REOPENED


def test_answers_of_a_round_that_is_cut_off_are_reopened_by_staff_only(made: World) -> None:
    made.complete("AAA")
    submit(made)
    rounds.close(made.session, made.round, SYSTEM, now=LATER)
    running.cut_off(made.session, made.round, SYSTEM, now=LATER)
    made.session.flush()
    with pytest.raises(ResponseLocked):
        submitting.reopen(made.session, made.response("AAA"), "A slip", made.actors["AAA"], LATER)
    submitting.reopen(made.session, made.response("AAA"), "A slip", made.actors["coordinator"], LATER)


def test_only_the_focal_point_submits_and_staff_never_a_draft(made: World) -> None:
    made.complete("AAA")
    for who in ("BBB", "analyst", "coordinator", "administrator"):
        with pytest.raises(NotAllowed):
            submit(made, by=who)


def test_staff_submit_what_they_entered_themselves(made: World) -> None:
    coordinator, response = made.actors["coordinator"], made.response("CCC")
    block = made.block("CCC", "alpha")
    outcomes = answering.save_answers(
        made.session,
        response,
        [Change(None, "contact_name", "", "C", 0), Change(block, "takes_part", "", "yes", 0)],
        coordinator,
        Via.STAFF,
        NOW,
        source={"what": "a letter", "dated": "2026-11-01"},
    )
    assert all(isinstance(outcome, Saved) for outcome in outcomes)
    attributing.choose(made.session, response, Attribution.UNNAMED, coordinator, NOW)
    assert submit(made, "CCC", by="coordinator").submitted_by_id == coordinator.user_id


def test_declining_is_an_answer_that_can_be_taken_back(made: World) -> None:
    made.say("AAA", None, outlook="kept")
    actor, response = made.actors["AAA"], made.response("AAA")
    with pytest.raises(NotPossible):
        declining.decline(made.session, response, " ", actor, NOW)
    declining.decline(made.session, response, "No capacity", actor, NOW)
    made.session.flush()
    with pytest.raises(ResponseLocked):
        made.say("AAA", None, contact_name="Ann")
    declining.take_up(made.session, response, actor, NOW)
    made.session.flush()
    made.say("AAA", None, contact_name="Ann")
    assert made.answer("AAA", "outlook").value == "kept"


def test_corrections_of_the_register_become_proposals_once(made: World) -> None:
    made.say("alpha", None, contact_name="Ann", launched=2002)
    made.save("alpha", Change(None, "themes", "", {"options": ["borders"]}, 0, confirms="thematic_areas"))
    attributing.choose(made.session, made.response("alpha"), Attribution.BY_NAME, made.actors["alpha"], NOW)
    submit(made, "alpha")
    proposal = made.session.scalars(select(RegisterProposal)).one()
    assert (proposal.fact, proposal.known, proposal.proposed) == ("established", 2001, 2002)
    assert proposal.organisation_id == made.organisations["alpha"].id
    submitting.reopen(made.session, made.response("alpha"), "A slip", made.actors["alpha"], NOW)
    submit(made, "alpha")
    assert made.session.scalar(select(func.count()).select_from(RegisterProposal)) == 1


@pytest.mark.parametrize("table", [AnswerRevision, SubmissionAnswer, StatusChange, AuditEvent])
def test_what_was_written_stays(made: World, table: type[Base]) -> None:
    made.complete("AAA")
    submit(made)
    made.session.flush()
    rows = rows_of(table)
    column = next(iter(rows.columns))
    with pytest.raises(DatabaseError, match="append-only"), made.session.begin_nested():
        made.session.execute(update(rows).values({column.name: column}))
    with pytest.raises(DatabaseError, match="append-only"), made.session.begin_nested():
        made.session.execute(rows.delete())
