"""The pages of tracking take the same number of statements for one respondent, for ten and for a hundred."""

import pytest

from app import clock
from app.database import Database
from app.models import User
from app.policy import StaffRole
from tests import tracked_round, tracked_rows
from tests.counting import statements_of
from tests.journeys.conftest import SignIn

ANALYST = "analyst@iom.example"
PAGE = "/rounds/made/tracking"


@pytest.mark.parametrize(
    "address",
    [
        PAGE,
        f"{PAGE}?as_of=2027-02-10&out_of=today",
        f"{PAGE}/list",
        f"{PAGE}/questions",
        "/rounds/made/chase",
    ],
)
def test_a_page_takes_as_many_statements_for_one_as_for_a_hundred(
    sign_in: SignIn, database: Database, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr(clock, "now", lambda: tracked_rows.NOW)
    with database.begin() as session:
        made = tracked_round.make(session, states=1, mechanisms=1, igos=0)
        role, since = StaffRole.ANALYST, tracked_rows.OPENED
        session.add(User(email=ANALYST, name="Ana Lyst", staff_role=role, created_at=since))
    counts = {}
    for size in (1, 10, 100):
        with database.begin() as session:
            made = tracked_rows.found(session)
            tracked_round.grow(made, size)
        counts[size] = statements_of(sign_in(ANALYST), address)
    assert len(set(counts.values())) == 1, counts
