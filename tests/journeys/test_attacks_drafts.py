"""What is not submitted stays with those who write it, also while a response is open for an amendment."""

import pytest
from sqlalchemy import select

from app import clock
from app.database import Database
from app.models import Answer, User
from app.policy import SYSTEM, StaffRole
from app.services import signing_in, submitting
from tests import factories
from tests.browsing import Visitor
from tests.journeys.conftest import SignIn
from tests.journeys.responding import block_of, response_of

SENT, UNSENT, ABANDONED = "More time for it", "Between us, no time at all", "A first thought, thrown away"


@pytest.fixture
def database(round_open: Database) -> Database:
    """Takes the place of the empty database."""
    return round_open


@pytest.fixture(autouse=True)
def staff(database: Database) -> None:
    with database.begin() as session:
        factories.person(session, "viewer", staff_role=StaffRole.VIEWER)
        factories.person(session, "coordinator", staff_role=StaffRole.COORDINATOR)


@pytest.fixture
def home(database: Database) -> str:
    return f"/responses/{response_of(database, 'BOR')}"


@pytest.fixture
def focal(database: Database, sign_in: SignIn, home: str) -> Visitor:
    """Borduria's focal point, who submitted one text after having thrown another away."""
    visitor = sign_in("focal-bor@example.org")
    visitor.open(home)
    write(database, visitor, ABANDONED)
    write(database, visitor, SENT)
    visitor.open(f"{home}/quoting")
    visitor.press("Save this choice", {"quoting": "unnamed"})
    submit(visitor, home)
    return visitor


def write(database: Database, focal: Visitor, text: str) -> None:
    base = f"/responses/{response_of(database, 'BOR')}/mechanisms/{block_of(database, 'BOR', 'alpha')}"
    focal.open(f"{base}/taking_part")
    focal.press("Save and leave", {"a.takes_part": "yes"})
    focal.open(f"{base}/value")
    focal.press("Save and leave", {"a.would_help": text})


def submit(focal: Visitor, home: str) -> None:
    focal.open(f"{home}/check")
    focal.press("Submit the answers of Borduria", {"statement": "yes"})


def reopen(database: Database) -> None:
    with database.begin() as session:
        submitting.reopen(session, response_of(database, "BOR"), "A slip", SYSTEM, clock.now())


def answer_id(database: Database) -> object:
    with database.read() as session:
        return session.scalars(select(Answer.id).where(Answer.question_key == "would_help")).one()


def pages(database: Database, home: str) -> list[str]:
    """Every page of the response that staff may open."""
    return [home, f"{home}/check", f"{home}/print", f"{home}/history/{answer_id(database)}"]


def test_staff_read_the_submission_and_not_its_amendment(
    database: Database, focal: Visitor, home: str, sign_in: SignIn
) -> None:
    reopen(database)
    write(database, focal, UNSENT)
    assert UNSENT in focal.open(f"{home}/check").text
    analyst = sign_in("analyst@example.org")
    for address in pages(database, home):
        assert UNSENT not in analyst.open(address).text, address
    assert SENT in analyst.open(f"{home}/check").text
    submit(focal, home)
    assert UNSENT in analyst.open(f"{home}/check").text
    assert SENT in analyst.open(f"{home}/history/{answer_id(database)}").text


def test_a_mechanism_added_in_an_amendment_is_unknown_to_staff(
    database: Database, focal: Visitor, home: str, sign_in: SignIn
) -> None:
    reopen(database)
    focal.open(f"{home}/mechanisms/add")
    focal.press("Add this mechanism", {"mechanism": "beta"})
    analyst = sign_in("analyst@example.org")
    for address in pages(database, home):
        assert "Beta Dialogue" not in analyst.open(address).text, address
    counted = analyst.open("/findings/2026").one("table")
    assert "Beta Dialogue" not in "".join(counted.itertext())
    assert "Alpha Process" in "".join(counted.itertext())


def test_staff_do_not_read_what_was_thrown_away_before_the_submission(
    database: Database, focal: Visitor, home: str, sign_in: SignIn
) -> None:
    history = f"{home}/history/{answer_id(database)}"
    assert ABANDONED in focal.open(history).text
    page = sign_in("analyst@example.org").open(history)
    assert SENT in page.text
    assert ABANDONED not in page.text


def test_staff_see_the_attribution_in_force_not_the_one_that_waits_for_the_amendment(
    database: Database, focal: Visitor, home: str, sign_in: SignIn
) -> None:
    reopen(database)
    focal.open(f"{home}/quoting")
    focal.press("Save this choice", {"quoting": "by_name"})
    analyst = sign_in("analyst@example.org")
    assert "by name" not in analyst.open(f"{home}/check").text
    assert "“a Member State” 2" in analyst.page.text


def test_a_mechanism_proposed_in_an_amendment_comes_with_its_submission(
    database: Database, focal: Visitor, home: str, sign_in: SignIn
) -> None:
    reopen(database)
    focal.open(f"{home}/mechanisms/add")
    focal.press("Tell IOM", {"name": "The Unheard-of Forum", "about": "It meets in secret."})
    staff = sign_in("coordinator@example.org")
    assert "Unheard-of" not in staff.open("/register").text
    submit(focal, home)
    inbox = " ".join(staff.open("/register").text.split())
    assert "a mechanism that the register lacks" in inbox
    assert "The Unheard-of Forum It meets in secret." in inbox


def test_viewers_do_not_read_single_answers_in_the_inbox(
    database: Database, focal: Visitor, sign_in: SignIn
) -> None:
    reopen(database)
    home = f"/responses/{response_of(database, 'BOR')}"
    focal.open(f"{home}/mechanisms/add")
    focal.press("Tell IOM", {"name": "The Unheard-of Forum", "about": "It meets in secret."})
    submit(focal, home)
    assert "Unheard-of" in sign_in("analyst@example.org").open("/register").text
    assert "Unheard-of" not in sign_in("viewer@example.org").open("/register").text


def test_a_session_ends_with_the_person_s_deactivation(database: Database, focal: Visitor, home: str) -> None:
    with database.begin() as session:
        user = session.scalars(select(User).where(User.email == "focal-bor@example.org")).one()
        user.deactivated_at = clock.now()
        signing_in.end_all(session, user, clock.now())
    assert focal.client.get(home).status_code == 302


def test_staff_do_not_read_what_was_withdrawn_when_something_else_is_submitted(
    database: Database, focal: Visitor, home: str, sign_in: SignIn
) -> None:
    focal.open(f"{home}/withdraw")
    focal.press("Withdraw the answers of Borduria", {"reason": "It was not ours to say"})
    write(database, focal, "What we may say")
    submit(focal, home)
    history = f"{home}/history/{answer_id(database)}"
    assert SENT in focal.open(history).text
    analyst = sign_in("analyst@example.org")
    assert "What we may say" in analyst.open(history).text
    for address in (history, f"{history}?from=2&to=3"):
        assert SENT not in analyst.open(address).text, address
