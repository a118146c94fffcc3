"""Who has answered, as everybody may see it where a round allows it: yes or not yet, nothing else."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.database import Database
from app.models import Outcome, Round
from app.policy import SYSTEM
from app.services import outcomes, submitting
from tests.browsing import Visitor
from tests.factories import NOW, world


@pytest.fixture
def answered(database: Database) -> None:
    """Arcadia has submitted, Borduria has declined, Costaguana is a duplicate."""
    with database.begin() as session:
        made = world(session)
        made.complete("AAA")
        submitting.submit(
            session, made.response("AAA"), "So it is.", made.actors["AAA"], NOW + timedelta(days=1)
        )
        for code, outcome in (("BBB", Outcome.DECLINED), ("CCC", Outcome.DUPLICATE)):
            outcomes.decide(session, made.response(code), outcome, "A private reason.", SYSTEM, NOW)


def _publish(database: Database) -> None:
    with database.begin() as session:
        session.scalars(select(Round)).one().public_since = NOW


@pytest.mark.usefixtures("answered")
def test_a_round_shows_itself_only_if_it_is_allowed_to(database: Database, visitor: Visitor) -> None:
    visitor.open("/answered/r1", status=404)
    visitor.open("/answered/nothing", status=404)
    _publish(database)
    page = visitor.open("/answered/r1")
    assert page.heading == "Who has answered: Round one"


@pytest.mark.usefixtures("answered")
def test_it_says_who_has_answered_and_nothing_of_how_the_others_stand(
    database: Database, visitor: Visitor
) -> None:
    _publish(database)
    page = visitor.open("/answered/r1")
    said = ["".join(item.itertext()).split() for item in page.one("main").iter("li")]
    assert ["✓Submitted", "Arcadia"] in said
    words = " ".join(" ".join(each) for each in said)
    assert "Borduria" in words
    assert "Costaguana" not in words
    for kept in ("Declined", "A private reason", "In progress", "Opened", "Duplicate"):
        assert kept not in "".join(page.one("main").itertext())
