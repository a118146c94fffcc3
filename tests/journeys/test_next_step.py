"""The overview offers one step: where whoever opens it goes on."""

import pytest

from app.database import Database
from tests.browsing import Visitor, words
from tests.journeys.conftest import SignIn
from tests.journeys.responding import answer, choose, response_of, submit


@pytest.fixture
def database(round_open: Database) -> Database:
    """Takes the place of the empty database."""
    return round_open


@pytest.fixture
def home(database: Database) -> str:
    return f"/responses/{response_of(database, 'BOR')}"


@pytest.fixture
def focal(sign_in: SignIn) -> Visitor:
    """Borduria's focal point."""
    return sign_in("focal-bor@example.org")


def main_buttons(visitor: Visitor, home: str) -> list[str]:
    """Every filled button of the overview."""
    found = visitor.open(home).all("a", class_="button")
    return [words(each) for each in found]


def test_the_overview_leads_on_and_when_all_is_sent_leads_nowhere(
    database: Database, focal: Visitor, home: str
) -> None:
    assert main_buttons(focal, home) == ["Begin answering"]
    answer(database, focal)
    assert main_buttons(focal, home) == ["Go on answering"]
    focal.follow("Go on answering")
    assert focal.page.heading == "Who answers"
    choose(focal, home)
    submit(focal, home)
    assert main_buttons(focal, home) == []


def test_once_clearance_is_asked_for_it_leads_through_that(
    database: Database, focal: Visitor, home: str, sign_in: SignIn
) -> None:
    answer(database, focal)
    choose(focal, home)
    focal.open(f"{home}/clearance")
    focal.press("Save this rule", {"clearance": ["wanted"]})
    focal.press("Name this clearing officer", {"name": "An officer", "email": "officer-bor@example.org"})
    focal.press("Ask for clearance")
    assert main_buttons(focal, home) == []
    officer = sign_in("officer-bor@example.org")
    assert main_buttons(officer, home) == ["Read and clear the answers"]
    officer.follow("Read and clear the answers")
    officer.press("Send back what is marked", {"decision": "back", "reason": "Too short"})
    assert main_buttons(focal, home) == ["Go to clearance"]
    focal.follow("Go to clearance")
    focal.press("Ask for clearance again")
    officer.open(f"{home}/clearance")
    officer.press("Clear 2 answers", {"decision": "clear"})
    assert main_buttons(focal, home) == ["Check and submit"]


def test_more_time_is_asked_for_once(focal: Visitor, home: str) -> None:
    page = focal.open(home)
    assert page.text.count("Ask for more time") == 1
    focal.follow("Ask for more time")
    focal.press("Ask IOM for more time", {"day": "2027-12-01", "time": "12:00", "text": "Elections"})
    assert "Ask for more time" not in focal.open(home).text
    focal.follow("You asked for more time")
    assert focal.page.heading == "Request for more time"
