"""What walking through the questionnaires in the field brought to light, page by page."""

import pytest

from app.database import Database
from tests.browsing import Visitor
from tests.journeys import responding
from tests.journeys.conftest import SignIn
from tests.journeys.responding import entry, page_of, response_of, revisions, take_part

SHORT, LONG = "Meet twice a year", "word " * 1001


@pytest.fixture(autouse=True)
def round_open(database: Database) -> None:
    with database.begin() as session:
        responding.settle(session)


@pytest.fixture
def focal(database: Database, sign_in: SignIn) -> Visitor:
    """Arcadia's focal point, on the overview."""
    visitor = sign_in("focal-arc@example.org")
    visitor.open(f"/responses/{response_of(database, 'ARC')}")
    return visitor


def test_putting_right_what_was_wrong_is_no_conflict_with_oneself(database: Database, focal: Visitor) -> None:
    take_part(database, focal)
    page_of(database, focal, "value")
    focal.press("Save and continue", {"a.would_help": LONG}, status=422)
    focal.press("Save and continue", {"a.would_help": SHORT})
    assert focal.page.heading != "Two texts for one answer"
    assert revisions(database, "would_help")[1:] == [SHORT]


def test_putting_right_a_new_entry_is_no_conflict_with_oneself(database: Database, focal: Visitor) -> None:
    take_part(database, focal)
    name = entry(focal.page, "effects")
    focal.press("Save and continue", {f"{name}.example": "word " * 151, f"{name}.year": "abc"}, status=422)
    focal.press("Save and continue", {f"{name}.example": "a law", f"{name}.year": "2021"})
    assert focal.page.heading == "Why it is valued"
    assert revisions(database, "example")[-1] == "a law"


def test_what_a_colleague_saved_while_an_error_is_put_right_is_not_overwritten(
    database: Database, focal: Visitor, sign_in: SignIn
) -> None:
    take_part(database, focal)
    page_of(database, focal, "value")
    focal.press("Save and continue", {"a.would_help": LONG}, status=422)
    colleague = sign_in("colleague@example.org")
    page_of(database, colleague, "value")
    colleague.press("Save and leave", {"a.would_help": "More time"})
    focal.press("Save and continue", {"a.would_help": SHORT}, status=409)
    assert focal.page.heading == "Two texts for one answer"
