"""Where a response stands on any day, and what a rate is made of."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.standing import (
    ANSWERED,
    FINISHED,
    Contact,
    Sent,
    Span,
    Standing,
    Trail,
    rate,
    standing,
)

START = datetime(2027, 1, 4, 9, tzinfo=UTC)


def day(number: int) -> datetime:
    return START + timedelta(days=number)


REACHABLE = (Contact(Span(day(0))),)
STORY = Trail(
    opened_at=day(3),
    begun_at=day(5),
    clearances=(Span(day(8), day(9)), Span(day(10), day(12))),
    sent=(Sent(day(12), due_at=day(11), withdrawn_at=day(14)), Sent(day(20), due_at=day(25))),
    outcomes=((day(30), "declined"), (day(31), None), (day(40), "duplicate")),
    contacts=(Contact(Span(day(1)), failed=(Span(day(1), day(2)),)),),
)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (0, Standing.NO_CONTACT),
        (1, Standing.BOUNCED),
        (2, Standing.INVITED),
        (3, Standing.OPENED),
        (5, Standing.IN_PROGRESS),
        (8, Standing.IN_CLEARANCE),
        (9, Standing.IN_PROGRESS),
        (11, Standing.IN_CLEARANCE),
        (13, Standing.SUBMITTED_LATE),
        (14, Standing.IN_PROGRESS),
        (20, Standing.SUBMITTED),
        (30, Standing.DECLINED),
        (31, Standing.SUBMITTED),
        (40, Standing.DUPLICATE),
    ],
)
def test_a_story_is_told_day_by_day(at: int, expected: Standing) -> None:
    assert standing(STORY, day(at)) is expected


def test_a_draft_of_a_closed_round_is_not_submitted_and_may_still_come_late() -> None:
    trail = Trail(begun_at=day(1), contacts=REACHABLE, closed_at=day(10), cut_off_at=day(20))
    assert standing(trail, day(10)) is Standing.NOT_SUBMITTED
    late = Trail(
        begun_at=day(1), sent=(Sent(day(15), due_at=day(10)),), closed_at=day(10), cut_off_at=day(20)
    )
    assert standing(late, day(15)) is Standing.SUBMITTED_LATE


def test_what_comes_after_the_cut_off_is_no_answer_and_an_amendment_after_it_takes_none_away() -> None:
    too_late = Trail(sent=(Sent(day(21), due_at=day(10)),), cut_off_at=day(20))
    assert standing(too_late, day(22)) is Standing.AFTER_CUT_OFF
    amended = Trail(sent=(Sent(day(9), due_at=day(10)), Sent(day(21), due_at=day(10))), cut_off_at=day(20))
    assert standing(amended, day(22)) is Standing.SUBMITTED


def test_paper_and_interviews_are_answers_of_their_own_kind() -> None:
    paper = Trail(sent=(Sent(day(2), due_at=day(1), received_by="paper"),))
    interview = Trail(sent=(Sent(day(2), received_by="interview"),))
    assert (standing(paper, day(2)), standing(interview, day(2))) == (
        Standing.ON_PAPER,
        Standing.BY_INTERVIEW,
    )


def test_mail_counts_as_returned_only_if_nobody_can_be_reached() -> None:
    failed, fine = Contact(Span(day(0)), (Span(day(1)),)), Contact(Span(day(0), day(5)))
    both = Trail(contacts=(failed, fine))
    assert standing(both, day(4)) is Standing.INVITED
    assert standing(both, day(5)) is Standing.BOUNCED


def test_who_declined_stays_in_the_base_and_who_is_not_eligible_leaves_it() -> None:
    answered = [Standing.SUBMITTED, Standing.SUBMITTED_LATE, Standing.ON_PAPER, Standing.BY_INTERVIEW]
    silent = [Standing.DECLINED, Standing.INVITED, Standing.NOT_SUBMITTED, Standing.AFTER_CUT_OFF]
    outside = [Standing.NOT_ELIGIBLE, Standing.DUPLICATE, Standing.DUPLICATE]
    found = rate([*answered, *silent, *outside])
    assert (found.answered, found.eligible, found.invited) == (4, 8, 11)
    assert found.per_cent == 50
    assert rate([Standing.DUPLICATE]).per_cent is None


@given(st.lists(st.sampled_from(Standing)))
def test_no_more_answer_than_are_asked(standings: list[Standing]) -> None:
    found = rate(standings)
    assert 0 <= found.answered <= found.eligible <= found.invited == len(standings)
    assert sum(found.counts.values()) == found.invited


def test_nobody_who_has_answered_is_unfinished() -> None:
    assert ANSWERED < FINISHED
