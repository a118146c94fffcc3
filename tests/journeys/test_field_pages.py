"""What walking through the questionnaires in the field brought to light, page by page."""

import pytest

from app.database import Database
from tests.browsing import Visitor
from tests.journeys.conftest import SignIn
from tests.journeys.responding import entry, page_of, response_of, revisions, take_part

SHORT, LONG = "Meet twice a year", "word " * 1001


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


def test_two_windows_of_one_person_are_not_called_somebody_else(database: Database, focal: Visitor) -> None:
    take_part(database, focal)
    address = f"{page_of(database, focal, 'value').url}?from=check"
    focal.open(address)
    drawn_before = focal.page
    focal.press("Save and leave", {"a.would_help": "First"})
    focal._page, focal.url = drawn_before, address
    page = focal.press("Save and go back", {"a.would_help": "Second"}, status=409)
    assert "You saved another text yourself, in another window" in page.text
    assert "focal-arc’s" not in page.text
    assert "from=check" in page.link("Go back without mine")
    assert "Second" not in str(revisions(database, "would_help"))


def test_changing_an_answer_leads_back_to_it_on_the_page_that_checks(
    database: Database, focal: Visitor
) -> None:
    take_part(database, focal)
    page_of(database, focal, "value")
    focal.press("Save and leave", {"a.would_help": SHORT})
    focal.follow("Check all answers")
    focal.follow("Change What would help")
    answer = focal.client.post(focal.url, data=focal.values(focal.page.by_id("page")))
    anchor = answer.headers["Location"].partition("#")[2]
    assert answer.headers["Location"].partition("#")[0].endswith("/check")
    focal.open(answer.headers["Location"])
    assert focal.page.by_id(anchor)


def test_keeping_an_entry_leads_to_its_list_and_not_to_the_top(database: Database, focal: Visitor) -> None:
    take_part(database, focal)
    page_of(database, focal, "value")
    name, form = entry(focal.page, "values"), focal.page.form_of(focal.page.button("Keep this entry"))
    data = focal.values(form)
    data.setlist(f"{name}.value", ["frank talk"])
    data.add("action", focal.page.button("Keep this entry").get("value", ""))
    anchor = focal.client.post(focal.url, data=data).headers["Location"].partition("#")[2]
    assert focal.page.by_id(anchor)
    assert "values" in anchor


def test_the_page_that_asks_before_removing_names_where_it_belongs(
    database: Database, focal: Visitor
) -> None:
    take_part(database, focal)
    page_of(database, focal, "value")
    focal.press("Keep this entry", {f"{entry(focal.page, 'values')}.value": "frank talk"})
    page = focal.press("Remove reason 1")
    assert page.link("Why it is valued")
    assert len(page.all("span", aria_current="page")) == 1


def test_a_search_for_a_mechanism_survives_an_error(database: Database, focal: Visitor) -> None:
    focal.open(f"{focal.url}/mechanisms/add?search=gamma")
    page = focal.press("Add this mechanism", status=422)
    assert [choice.get("value") for choice in page.all("input", name="mechanism")] == ["gamma"]
    assert page.by_id("search").get("value") == "gamma"


def test_what_is_told_of_a_mechanism_survives_an_error(database: Database, focal: Visitor) -> None:
    focal.open(f"{focal.url}/mechanisms/add")
    page = focal.press("Tell IOM", {"about": "Since 2020"}, status=422)
    assert page.by_id("about").get("value") == "Since 2020"
    assert "takes part in, and that is not in your list" in page.text


def test_an_organization_works_with_mechanisms(database: Database, sign_in: SignIn) -> None:
    visitor = sign_in("focal-iox@example.org")
    page = visitor.open(f"/responses/{response_of(database, 'IOX')}/mechanisms/add")
    assert "Organisation of Everything works with" in page.text
