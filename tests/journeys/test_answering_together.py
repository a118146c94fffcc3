"""Several people and one response: colleagues, conflicts, history, and who may do what."""

import pytest

from app.database import Database
from tests.browsing import Visitor
from tests.journeys.conftest import SignIn
from tests.journeys.responding import page_of, response_of, revisions, take_part


@pytest.fixture
def database(round_open: Database) -> Database:
    """Takes the place of the empty database."""
    return round_open


@pytest.fixture
def focal(database: Database, sign_in: SignIn) -> Visitor:
    """Arcadia's focal point, on the overview."""
    visitor = sign_in("focal-arc@example.org")
    visitor.open(f"/responses/{response_of(database, 'ARC')}")
    return visitor


def test_a_colleague_s_answer_that_i_did_not_touch_is_left_alone(
    database: Database, focal: Visitor, sign_in: SignIn
) -> None:
    take_part(database, focal)
    page_of(database, focal, "value")
    colleague = sign_in("colleague@example.org")
    page_of(database, colleague, "value")
    colleague.press("Save and leave", {"a.would_help": "More time"})
    focal.press("Save and leave", {"a.reasons": ["exchange"]})
    assert focal.page.heading.startswith("Arcadia")
    assert revisions(database, "would_help") == ["More time"]


def test_two_texts_for_one_answer_are_both_shown_and_one_is_chosen(
    database: Database, focal: Visitor, sign_in: SignIn
) -> None:
    take_part(database, focal)
    page_of(database, focal, "value")
    colleague = sign_in("colleague@example.org")
    page_of(database, colleague, "value")
    colleague.press("Save and leave", {"a.would_help": "More time for questions"})
    page = focal.press(
        "Save and continue", {"a.would_help": "More time for debate", "a.reasons": ["exchange"]}, status=409
    )
    assert page.heading == "Two texts for one answer"
    assert "colleague saved another text. Both are kept." in page.text
    assert len(revisions(database, "reasons")) == 1
    focal.press("Keep mine")
    assert focal.page.heading == "Taking part"
    assert revisions(database, "would_help") == ["More time for questions", "More time for debate"]


def test_keeping_theirs_leaves_mine_in_the_history(
    database: Database, focal: Visitor, sign_in: SignIn
) -> None:
    take_part(database, focal)
    page_of(database, focal, "value")
    colleague = sign_in("colleague@example.org")
    page_of(database, colleague, "value")
    colleague.press("Save and leave", {"a.would_help": "Theirs"})
    focal.press("Save and leave", {"a.would_help": "Mine"}, status=409)
    focal.press("Keep theirs")
    assert revisions(database, "would_help") == ["Theirs", "Mine", "Theirs"]


def test_two_conflicts_are_decided_one_after_the_other(
    database: Database, focal: Visitor, sign_in: SignIn
) -> None:
    take_part(database, focal)
    page_of(database, focal, "value")
    colleague = sign_in("colleague@example.org")
    page_of(database, colleague, "value")
    colleague.press("Save and leave", {"a.would_help": "Theirs", "a.reasons": ["exchange"]})
    page = focal.press("Save and leave", {"a.would_help": "Mine", "a.reasons": ["networking"]}, status=409)
    assert page.heading == "Two texts for 2 answers"
    page = focal.press("Keep mine: What would", status=409)
    assert page.heading == "Two texts for one answer"
    focal.press("Keep theirs")
    assert revisions(database, "would_help") == ["Theirs", "Mine"]
    assert revisions(database, "reasons")[-1] == {"options": ["exchange"]}


def test_the_history_says_who_and_when(database: Database, focal: Visitor) -> None:
    take_part(database, focal)
    for text in ("First thought", "Second thought"):
        page_of(database, focal, "value")
        focal.press("Save and leave", {"a.would_help": text})
    page_of(database, focal, "value")
    focal.follow("history of question 5")
    assert focal.page.heading == "History: What would help"
    assert "Revision 2, the answer now · focal-arc" in focal.page.text
    assert "First" in focal.page.text


def test_hidden_answers_are_kept_and_come_back(database: Database, focal: Visitor) -> None:
    take_part(database, focal)
    page_of(database, focal, "value")
    focal.press("Save and leave", {"a.would_help": "More time"})
    page_of(database, focal, "taking_part")
    focal.press("Save and leave", {"a.takes_part": "no"})
    assert "More time" not in focal.open(f"{focal.url}/check").text
    page_of(database, focal, "taking_part")
    focal.press("Save and leave", {"a.takes_part": "yes"})
    assert "More time" in focal.open(f"{focal.url}/check").text


def test_whoever_writes_about_one_mechanism_writes_about_no_other(
    database: Database, sign_in: SignIn
) -> None:
    visitor = sign_in("beta-only@example.org")
    assert page_of(database, visitor, "taking_part", "beta").heading == "Taking part"
    assert page_of(database, visitor, "taking_part", "alpha").heading == "Answers of Arcadia"


def test_an_observer_reads_and_does_not_write(database: Database, sign_in: SignIn) -> None:
    visitor = sign_in("reader@example.org")
    assert page_of(database, visitor, "taking_part").heading == "Answers of Arcadia"


@pytest.mark.parametrize("path", ["", "/check", "/print", "/quoting", "/mechanisms/add", "/about/contact"])
def test_what_is_not_yours_is_not_there(database: Database, sign_in: SignIn, path: str) -> None:
    visitor = sign_in("focal-bor@example.org")
    visitor.open(f"/responses/{response_of(database, 'ARC')}{path}", status=404)
