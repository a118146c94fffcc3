"""The curve: at the end of each day it says what the page of that day says."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from app.standing import Sent, Trail, rate, standing
from app.tracking.by_day import by_day, moved
from app.tracking.model import Base, Respondent, Tracking
from tests.unit.exports.trackings import CLOSES, OPENED, day, respondent, tracking

ZONE = ZoneInfo("Europe/Zurich")


def _at_end_of(on: date, found: Tracking) -> datetime:
    end = datetime(on.year, on.month, on.day, tzinfo=ZONE) + timedelta(days=1, microseconds=-1)
    return min(end, found.at)


moments = st.floats(-2, 70).map(day)
outcomes = st.lists(
    st.tuples(moments, st.sampled_from(["declined", "not_eligible", "duplicate", None])), max_size=3
).map(lambda found: tuple(sorted(found, key=lambda each: each[0])))
sents = st.lists(
    st.builds(
        lambda at, stood: Sent(at, CLOSES, at + timedelta(days=stood) if stood else None),
        moments,
        st.integers(0, 9),
    ),
    max_size=3,
).map(tuple)
trails = st.builds(Trail, opened_at=moments, begun_at=moments, sent=sents, outcomes=outcomes)


@st.composite
def rounds(draw: st.DrawFn) -> Tracking:
    everybody = []
    for number in range(draw(st.integers(1, 8))):
        each = respondent(number, f"X{number}", f"Country {number}")
        withdrawn = draw(st.none() | moments)
        late = draw(st.booleans())
        everybody.append(
            replace(
                each,
                trail=draw(trails),
                basis="added" if late else "opening",
                added_at=draw(moments) if late else OPENED,
                withdrawn_at=withdrawn,
            )
        )
    found = tracking(everybody, fictional=True, at=day(draw(st.floats(0, 70))))
    return found.out_of(draw(st.sampled_from(Base)))


@given(rounds())
def test_each_day_says_what_the_page_of_that_day_says(found: Tracking) -> None:
    for each in by_day(found, "state"):
        at = _at_end_of(each.on, found)
        base: list[Respondent] = [one for one in found.everybody if one.asked(found.base, at)]
        expected = rate(standing(one.trail, at) for one in base)
        assert (each.answered, each.eligible) == (expected.answered, expected.eligible)


def test_a_round_that_was_not_open_has_no_days() -> None:
    found = tracking([respondent(0, "X", "Country")], fictional=True, at=OPENED - timedelta(days=1))
    assert by_day(found, "state") == ()
    assert by_day(tracking([], fictional=True), "state") == ()


def test_an_earlier_round_is_laid_over_a_later_one() -> None:
    found = by_day(tracking([respondent(0, "X", "Country")], fictional=True), "state")
    assert moved(found, timedelta(days=365))[0].on == found[0].on + timedelta(days=365)
