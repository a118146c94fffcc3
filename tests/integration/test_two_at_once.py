"""Several people in one response: no acknowledged save is lost, none is overwritten unseen."""

import random
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier
from typing import TypeVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.database import Database
from app.models import Answer, AnswerRevision, Submission, SubmissionAnswer, Via
from app.policy import Actor
from app.services import answering, mailing, repeating, signing_in, submitting
from app.services.answering import Change, Conflict, Outcome, Saved
from app.services.errors import LinkSpent, ResponseLocked
from tests import posting
from tests.factories import NOW, World, world

Done = TypeVar("Done")

WRITERS = 8
ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Place:
    """One response that several threads write to."""

    database: Database
    response_id: UUID
    block: UUID
    actor: Actor

    def save(self, *changes: Change) -> list[Outcome]:
        """One save in a transaction of its own: acknowledged when this returns."""
        with self.database.begin() as session:
            return answering.save_answers(
                session, self.response_id, changes, self.actor, Via.AUTOSAVE, clock.now()
            )

    def history(self) -> dict[tuple[str, int], object]:
        """Every value that was ever stored, by question and revision."""
        with self.database.read() as session:
            rows = session.execute(
                select(Answer.question_key, AnswerRevision.number, AnswerRevision.value)
                .join(AnswerRevision, AnswerRevision.answer_id == Answer.id)
                .where(Answer.response_id == self.response_id)
            )
            return {(key, number): value for key, number, value in rows}


@pytest.fixture
def place(database: Database) -> Place:
    with database.begin() as session:
        made = world(session)
        made.complete("AAA")
        return Place(database, made.response("AAA"), made.block("AAA", "alpha"), made.actors["AAA"])


def at_once(work: Callable[[int], Done], writers: int = WRITERS) -> list[Done]:
    """Run the work in so many threads that start together."""
    barrier = Barrier(writers)

    def started(number: int) -> Done:
        barrier.wait()
        return work(number)

    with ThreadPoolExecutor(writers) as threads:
        return list(threads.map(started, range(writers)))


def test_of_eight_first_answers_exactly_one_is_saved_and_seven_are_shown_the_conflict(place: Place) -> None:
    def first(number: int) -> Outcome:
        return place.save(Change(None, "outlook", "", f"text of {number}", 0))[0]

    outcomes = at_once(first)
    saved = [each for each in outcomes if isinstance(each, Saved)]
    conflicts = [each for each in outcomes if isinstance(each, Conflict)]
    assert (len(saved), len(conflicts)) == (1, WRITERS - 1)
    assert {each.theirs for each in conflicts} == {saved[0].change.value}
    assert {key: value for key, value in place.history().items() if key[0] == "outlook"} == {
        ("outlook", 1): saved[0].change.value
    }


def test_no_acknowledged_save_is_lost_and_none_is_overwritten_unseen(place: Place) -> None:
    keys: list[tuple[UUID | None, str]] = [
        (None, "outlook"),
        (place.block, "words"),
        (place.block, "private"),
    ]
    acknowledged: dict[int, list[Saved]] = defaultdict(list)

    def write(number: int) -> None:
        choose = random.Random(number)
        seen: dict[str, int] = defaultdict(int)
        for turn in range(12):
            instance, key = choose.choice(keys)
            outcome = place.save(Change(instance, key, "", f"{number}/{turn}", seen[key]))[0]
            if isinstance(outcome, Conflict):
                seen[key] = outcome.revision
            else:
                assert isinstance(outcome, Saved)
                seen[key] = outcome.revision
                acknowledged[number].append(outcome)

    at_once(write)
    history = place.history()
    saves = [saved for each in acknowledged.values() for saved in each]
    assert len(saves) >= WRITERS
    for saved in saves:
        assert history[saved.change.question_key, saved.revision] == saved.change.value
        assert saved.revision == saved.change.seen + 1
    assert len({(saved.change.question_key, saved.revision) for saved in saves}) == len(saves)
    for _, key in keys:
        numbers = sorted(number for question, number in history if question == key)
        assert numbers == list(range(1, len(numbers) + 1))
    written = sum(question in {key for _, key in keys} for question, _ in history)
    assert written == len(saves)


def test_colleagues_who_add_a_record_each_never_conflict(place: Place) -> None:
    def add(number: int) -> Outcome:
        with place.database.begin() as session:
            made = repeating.add_record(
                session, place.response_id, "effects", place.block, place.actor, clock.now(), key=f"k{number}"
            )
            record = made.id
        return place.save(Change(record, "example", "", f"example {number}", 0))[0]

    outcomes = at_once(add, 3)
    assert all(isinstance(each, Saved) for each in outcomes)


def test_a_save_lands_before_the_submission_or_is_refused(place: Place) -> None:
    def work(number: int) -> object:
        if number == 0:
            with place.database.begin() as session:
                return submitting.submit(session, place.response_id, "Yes", place.actor, clock.now()).id
        try:
            return place.save(Change(None, "outlook", "", f"text of {number}", 0))[0]
        except ResponseLocked as late:
            return late

    outcomes = at_once(work)
    with place.database.read() as session:
        submission = session.scalars(select(Submission)).one()
        frozen = session.execute(
            select(SubmissionAnswer.answer_id, AnswerRevision.number)
            .join(AnswerRevision, AnswerRevision.id == SubmissionAnswer.answer_revision_id)
            .where(SubmissionAnswer.submission_id == submission.id)
        )
        sent = {row.answer_id: row.number for row in frozen}
        stored = {
            row.id: row.revision
            for row in session.scalars(select(Answer).where(Answer.response_id == place.response_id))
        }
    assert sent == stored
    saved = [each for each in outcomes if isinstance(each, Saved)]
    assert len(saved) <= 1
    assert len(saved) == sum(question == "outlook" for question, _ in place.history())


def test_two_clicks_on_submit_make_one_submission(place: Place) -> None:
    def submit(_number: int) -> object:
        with place.database.begin() as session:
            return submitting.submit(session, place.response_id, "Yes", place.actor, clock.now()).id

    assert len(set(at_once(submit))) == 1
    with place.database.read() as session:
        assert len(session.scalars(select(Submission)).all()) == 1


def test_a_link_that_is_clicked_twice_at_once_signs_in_once(place: Place) -> None:
    assert place.actor.user_id is not None
    with place.database.begin() as session:
        token = signing_in.make_link(session, place.actor.user_id, signing_in.digest("browser"), NOW)

    def redeem(_number: int) -> UUID | None:
        try:
            with place.database.begin() as session:
                return signing_in.redeem(session, token, "browser", NOW).id
        except LinkSpent:
            return None

    assert len([each for each in at_once(redeem) if each is not None]) == 1


def test_a_letter_is_claimed_by_one_worker(place: Place) -> None:
    with place.database.begin() as session:
        signing_in.request_link(session, "aaa-fp@example.org", NOW, "browser")

    with place.database.read() as session:
        [letter] = mailing.due(session, NOW)

    def claim(_number: int) -> bool:
        with place.database.begin() as session:
            office = posting.office(session, posting.Kept(), NOW)
            return mailing.claim(session, letter, office) is not None

    assert sum(at_once(claim, 4)) == 1


KILLED = """
import sys, uuid
from app import clock
from app.database import Database
from app.models import Via
from app.policy import SYSTEM
from app.services import answering
from app.services.answering import Change
database = Database(sys.argv[1])
for number in range(100_000):
    with database.begin() as session:
        change = Change(None, "outlook", "", f"text {number}", number)
        response = uuid.UUID(sys.argv[2])
        [saved] = answering.save_answers(session, response, [change], SYSTEM, Via.AUTOSAVE, clock.now())
    print(saved.revision, flush=True)
"""


def test_what_was_acknowledged_survives_a_killed_process(place: Place) -> None:
    url = place.database.engine.url.render_as_string(hide_password=False)
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, url, str(place.response_id)], stdout=subprocess.PIPE, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        acknowledged = [int(process.stdout.readline()) for _ in range(25)]
        process.kill()
        acknowledged += [int(line) for line in process.stdout.read().split()]
    history = {key: value for key, value in place.history().items() if key[0] == "outlook"}
    for revision in acknowledged:
        assert history["outlook", revision] == f"text {revision - 1}"
    assert len(history) - len(acknowledged) in {0, 1}
    assert place.save(Change(None, "outlook", "", "afterwards", len(history)))[0].change.value == "afterwards"


SAVES = st.lists(
    st.tuples(
        st.integers(0, 2), st.sampled_from(["outlook", "contact_name"]), st.sampled_from(["a", "b", "c", ""])
    ),
    max_size=25,
)


@given(saves=SAVES)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_however_saves_interleave_a_writer_overwrites_only_what_they_saw(
    session: Session, saves: list[tuple[int, str, str]]
) -> None:
    savepoint = session.begin_nested()
    made = world(session)
    stored: dict[str, list[str | None]] = {"outlook": [], "contact_name": []}
    seen: dict[tuple[int, str], int] = defaultdict(int)
    for writer, key, text in saves:
        value = text or None
        outcome = _save(made, Change(None, key, "", text, seen[writer, key]))
        current = stored[key]
        if (current[-1] if current else None) == value:
            assert isinstance(outcome, Saved)
        elif seen[writer, key] == len(current):
            assert isinstance(outcome, Saved)
            current.append(value)
        else:
            assert isinstance(outcome, Conflict)
            assert (outcome.theirs, outcome.revision) == (current[-1], len(current))
        assert outcome.revision == len(current)
        seen[writer, key] = outcome.revision
    for key, values in stored.items():
        if values:
            assert [each.value for each in made.history(made.answer("AAA", key))] == values
    savepoint.rollback()


def _save(made: World, change: Change) -> Saved | Conflict:
    [outcome] = made.save("AAA", change, now=NOW)
    assert isinstance(outcome, Saved | Conflict)
    return outcome
