"""What walking through a mechanism's own questionnaire in the field brought to light."""

from typing import Any

import pytest

from app import clock
from app.database import Database
from app.models import Via
from app.policy import SYSTEM
from app.services import answering
from app.services.answering import Change
from tests.browsing import Visitor
from tests.journeys.conftest import SignIn
from tests.journeys.responding import response_of, revisions


@pytest.fixture
def database(round_open: Database) -> Database:
    """Takes the place of the empty database."""
    return round_open


@pytest.fixture
def secretariat(database: Database, sign_in: SignIn) -> Visitor:
    """The focal point of the Alpha Process, on the overview."""
    visitor = sign_in("focal-alpha@example.org")
    visitor.open(f"/responses/{response_of(database, 'alpha')}")
    return visitor


def entered_by_staff(database: Database, key: str, value: Any) -> None:
    with database.begin() as session:
        change = Change(None, key, "", value, 0)
        answering.save_answers(
            session,
            response_of(database, "alpha"),
            [change],
            SYSTEM,
            Via.STAFF,
            clock.now(),
            source={"from": "a call"},
        )


def test_paging_on_confirms_nothing_in_somebody_s_name(database: Database, secretariat: Visitor) -> None:
    entered_by_staff(database, "launched", 2001)
    secretariat.follow("Where the mechanism comes from")
    secretariat.press("Save and continue")
    assert revisions(database, "launched") == [2001]


def test_a_table_of_texts_counts_as_answered_with_one_row(database: Database, secretariat: Visitor) -> None:
    home = secretariat.url
    secretariat.follow("Thematic areas")
    secretariat.press("Save and continue", {"a.themes": ["labour", "health"]})
    secretariat.press("Save and leave", {"a.theme_how~labour": "yearly fairs"})
    assert "1 of 4 answered" in secretariat.page.text
    assert secretariat.url == home


def test_the_limit_of_a_correction_stands_with_the_correction(
    database: Database, secretariat: Visitor
) -> None:
    secretariat.follow("Who answers")
    page = secretariat.page
    box = page.inside(page.by_id("a-contact_name-count"), "div")
    assert box is not None
    assert box.get("data-specify") == "no"
