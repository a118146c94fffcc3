"""A long text that two people changed in different paragraphs: both changes are the answer, and both texts
stand in the history as they were typed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.models import AnswerRevision, Via
from app.policy import AppointmentRole, Attribution
from app.services import answering
from app.services.answering import Change, Conflict, Merged, Outcome, Saved
from tests.factories import NOW, World, person, world

BASE = "First.\n\nSecond.\n\nThird."
MINE, THEIRS = BASE.replace("First.", "Mine."), BASE.replace("Third.", "Theirs.")
BOTH = "Mine.\n\nSecond.\n\nTheirs."


@dataclass
class Desk:
    """Two colleagues and one long text, which both opened when it read `BASE`."""

    made: World

    def save(self, who: str, text: object, seen: int, **more: object) -> Outcome:
        change = Change(None, "outlook", "", text, seen, **more)  # type: ignore[arg-type]  # what Change takes
        [outcome] = answering.save_answers(
            self.made.session,
            self.made.response("AAA"),
            [change],
            self.made.actors[who],
            Via.AUTOSAVE,
            NOW,
            merge=True,
        )
        return outcome

    @property
    def history(self) -> Sequence[AnswerRevision]:
        return self.made.history(self.made.answer("AAA", "outlook"))

    @property
    def texts(self) -> list[object]:
        return [each.value for each in self.history]


@pytest.fixture
def desk(session: Session) -> Desk:
    made = world(session)
    for name in ("Giorgi", "Nino"):
        made.actors[name] = person(session, name, made.organisations["AAA"], AppointmentRole.CONTRIBUTOR)
    found = Desk(made)
    assert isinstance(found.save("Giorgi", BASE, 0), Saved)
    return found


def test_both_changes_are_the_answer_and_the_second_writer_is_told(desk: Desk) -> None:
    desk.save("Giorgi", THEIRS, 1)
    merged = desk.save("Nino", MINE, 1)
    assert isinstance(merged, Merged)
    assert (merged.value, merged.revision, merged.typed, merged.by) == (BOTH, 4, 3, "Giorgi")


def test_both_texts_stand_in_the_history_as_they_were_typed(desk: Desk) -> None:
    desk.save("Giorgi", THEIRS, 1)
    desk.save("Nino", MINE, 1)
    assert desk.texts == [BASE, THEIRS, MINE, BOTH]
    _base, theirs, typed, both = desk.history
    assert (typed.saved_by_id, both.saved_by_id) == (desk.made.actors["Nino"].user_id,) * 2
    assert (theirs.source, typed.source) == (None, {"kind": "typed", "seen": 1})
    assert both.source == {"kind": "merged", "typed": 3, "with": 2}


def test_a_change_of_the_same_paragraph_is_a_conflict(desk: Desk) -> None:
    desk.save("Giorgi", BASE.replace("First.", "Theirs."), 1)
    assert isinstance(desk.save("Nino", MINE, 1), Conflict)
    assert len(desk.history) == 2


def test_what_was_typed_on_meanwhile_goes_on_from_the_text_as_it_was_typed(desk: Desk) -> None:
    desk.save("Giorgi", THEIRS, 1)
    merged = desk.save("Nino", MINE, 1)
    assert isinstance(merged, Merged)
    again = desk.save("Nino", MINE.replace("Mine.", "Mine, and more."), merged.typed)
    assert isinstance(again, Merged)
    assert again.value == BOTH.replace("Mine.", "Mine, and more.")
    assert again.by == "Nino"


def test_the_same_save_once_more_is_answered_the_same_and_stored_once(desk: Desk) -> None:
    desk.save("Giorgi", THEIRS, 1)
    first = desk.save("Nino", MINE, 1)
    assert isinstance(first, Merged)
    assert desk.save("Nino", MINE, 1) == first
    assert len(desk.history) == 4


def test_a_save_whose_reply_was_lost_is_no_conflict_when_a_colleague_has_gone_on_from_it(desk: Desk) -> None:
    desk.save("Nino", MINE, 1)
    desk.save("Giorgi", BOTH, 2)
    again = desk.save("Nino", MINE, 1)
    assert isinstance(again, Merged)
    assert (again.value, again.revision, again.typed, again.by) == (BOTH, 3, 2, "Giorgi")
    assert desk.texts == [BASE, MINE, BOTH]


def test_a_text_that_a_colleague_took_back_on_purpose_does_not_come_back_by_itself(desk: Desk) -> None:
    desk.save("Nino", MINE, 1)
    desk.save("Giorgi", BASE, 2)
    assert isinstance(desk.save("Nino", MINE, 1), Conflict)


def test_two_windows_of_one_person_merge_too(desk: Desk) -> None:
    desk.save("Nino", THEIRS, 1)
    merged = desk.save("Nino", MINE, 1)
    assert isinstance(merged, Merged)
    assert (merged.value, merged.by) == (BOTH, "Nino")


def test_three_people_in_one_text(desk: Desk) -> None:
    desk.save("Giorgi", THEIRS, 1)
    desk.save("Nino", MINE, 1)
    third = desk.save("AAA", BASE.replace("Second.", "Second, by a third."), 1)
    assert isinstance(third, Merged)
    assert third.value == BOTH.replace("Second.", "Second, by a third.")


def test_an_emptied_text_and_a_changed_one_are_a_conflict(desk: Desk) -> None:
    desk.save("Giorgi", None, 1)
    assert isinstance(desk.save("Nino", MINE, 1), Conflict)
    desk.save("AAA", BASE, 2)
    assert isinstance(desk.save("Nino", None, 1), Conflict)


def test_two_first_answers_are_a_conflict(desk: Desk) -> None:
    assert isinstance(desk.save("Nino", MINE, 0), Conflict)


def test_short_texts_and_callers_that_did_not_ask_are_never_merged(desk: Desk) -> None:
    desk.save("Giorgi", THEIRS, 1)
    [outcome] = desk.made.save("AAA", Change(None, "outlook", "", MINE, 1))
    assert isinstance(outcome, Conflict)


def test_a_merge_may_be_over_the_limit_of_words(desk: Desk) -> None:
    block = desk.made.block("AAA", "alpha")
    long = "word " * 15

    def save(text: str, seen: int) -> Outcome:
        change = Change(block, "words", "", text, seen)
        return answering.save_answers(
            desk.made.session,
            desk.made.response("AAA"),
            [change],
            desk.made.actors["AAA"],
            Via.PAGE,
            NOW,
            merge=True,
        )[0]

    save("a\nb", 0)
    save(f"a {long}\nb", 1)
    assert isinstance(save(f"a\nb {long}", 1), Merged)


def test_how_the_answer_may_be_quoted_travels_with_a_merge(desk: Desk) -> None:
    desk.save("Giorgi", THEIRS, 1)
    desk.save("AAA", MINE, 1, attribution=Attribution.BACKGROUND)
    assert desk.made.answer("AAA", "outlook").attribution is Attribution.BACKGROUND


def test_a_page_of_merges_costs_two_statements_more(desk: Desk) -> None:
    keys = [(None, "outlook"), (desk.made.block("AAA", "alpha"), "words")]
    session, response, actor = desk.made.session, desk.made.response("AAA"), desk.made.actors["AAA"]

    def save(text: str, seen: int) -> list[Outcome]:
        changes = [Change(block, key, "", text, seen) for block, key in keys]
        return answering.save_answers(session, response, changes, actor, Via.PAGE, NOW, merge=True)

    desk.made.save("AAA", Change(keys[1][0], "words", "", BASE, 0))
    save(THEIRS, 1)
    session.flush()
    statements: list[str] = []
    event.listen(session.get_bind(), "before_cursor_execute", lambda *each: statements.append(each[2]))
    assert all(isinstance(each, Merged) for each in save(MINE, 1))
    assert len(statements) <= 7, statements
