"""Quoting, checking, submitting, and what stays possible afterwards."""

import pytest
from sqlalchemy import select

from app import clock
from app.database import Database
from app.models import Answer, RepeatInstance, Response, ResponseStatus, User
from app.policy import SYSTEM, Attribution
from app.services import submitting
from tests.browsing import Visitor, words
from tests.journeys import responding
from tests.journeys.conftest import SignIn
from tests.journeys.responding import answer, block_of, choose, response_of, submit


@pytest.fixture
def database(round_open: Database) -> Database:
    """Takes the place of the empty database."""
    return round_open


@pytest.fixture
def focal(database: Database, sign_in: SignIn) -> Visitor:
    """Borduria's focal point, who has one mechanism to write about."""
    visitor = sign_in("focal-bor@example.org")
    visitor.open(f"/responses/{response_of(database, 'BOR')}")
    return visitor


@pytest.fixture
def home(database: Database) -> str:
    return f"/responses/{response_of(database, 'BOR')}"


def response(database: Database) -> Response:
    with database.read() as session:
        return session.get_one(Response, response_of(database, "BOR"))


def test_quoting_is_chosen_with_nothing_preselected_and_its_effect_shown(focal: Visitor, home: str) -> None:
    focal.follow("How you may be quoted")
    assert not [box for box in focal.page.all("input", name="quoting") if "checked" in box.attrib]
    assert "“Borduria reported that the exchange of information had led to two new" in focal.page.text
    assert "“A Member State reported that" in focal.page.text
    focal.press("Save this choice", status=422)
    assert focal.page.one("title").text == "Error: How you may be quoted – Rapporteur"
    focal.press("Save this choice", {"quoting": "unnamed"})
    assert "Unless you say otherwise for an answer: “a Member State”" in focal.page.text


def test_a_mechanism_is_not_offered_to_be_unnamed(database: Database, sign_in: SignIn) -> None:
    visitor = sign_in("focal-alpha@example.org")
    visitor.open(f"/responses/{response_of(database, 'alpha')}/quoting")
    values = [box.get("value") for box in visitor.page.all("input", name="quoting")]
    assert values == ["by_name", "background", "not_for_publication"]


def test_a_draft_that_lacks_something_is_not_submitted_and_says_what(focal: Visitor, home: str) -> None:
    choose(focal, home)
    focal.open(f"{home}/check")
    page = focal.press("Submit the answers of Borduria", {"statement": "yes"}, status=422)
    assert page.one("title").text == "Error: Check the answers of Borduria, and submit them – Rapporteur"
    focal.follow("Alpha Process, Takes part: choose yes or no")
    assert focal.page.heading == "Taking part"


def test_submitting_needs_the_statement(database: Database, focal: Visitor, home: str) -> None:
    answer(database, focal)
    choose(focal, home)
    focal.open(f"{home}/check")
    page = focal.press("Submit the answers of Borduria", status=422)
    assert page.link("Confirm that you submit these answers") == "#statement"


def test_submitting_needs_a_choice_of_quoting(database: Database, focal: Visitor, home: str) -> None:
    answer(database, focal)
    focal.open(f"{home}/check")
    page = focal.press("Submit the answers of Borduria", {"statement": "yes"}, status=422)
    assert page.link("Choose how you may be quoted").endswith("/quoting?from=check")


def test_everything_that_is_in_the_way_is_told_at_once(focal: Visitor, home: str) -> None:
    focal.open(f"{home}/check")
    page = focal.press("Submit the answers of Borduria", status=422)
    (summary,) = page.all("div", class_="error-summary")
    assert [words(each) for each in summary.iter("li")] == [
        "Choose how you may be quoted",
        "Put right what is listed below",
        "Confirm that you submit these answers on behalf of Borduria",
    ]


def test_change_on_the_check_page_leads_there_and_back(database: Database, focal: Visitor, home: str) -> None:
    answer(database, focal)
    focal.open(f"{home}/check")
    focal.follow("Change What would help")
    assert focal.page.heading == "Why it is valued"
    focal.press("Save and go back to checking", {"a.would_help": "Much more time"})
    assert focal.page.heading == "Check the answers of Borduria, and submit them"
    assert "Much more time" in focal.page.text


def test_a_submission_is_confirmed_and_locks_the_answers(
    database: Database, focal: Visitor, home: str
) -> None:
    answer(database, focal)
    choose(focal, home)
    submit(focal, home)
    assert focal.page.heading == "The answers of Borduria are submitted"
    reference = response(database).reference
    assert reference
    assert reference.startswith("BOR-")
    assert f"Reference {reference}, " in focal.page.text
    assert "Geneva time." in focal.page.text
    block = block_of(database, "BOR", "alpha")
    page = focal.open(f"{home}/mechanisms/{block}/value")
    assert page.heading == "Answers of Borduria"
    assert not [
        link
        for link in page.all("a")
        if (link.text or "") == "Change" and "quoting" not in link.get("href", "")
    ]
    refused = focal.client.post(
        f"{home}/mechanisms/{block}/value",
        data={"csrf_token": token(focal, home), "a.would_help": "Late text", "a.would_help.seen": "1"},
    )
    assert refused.status_code == 409
    assert "Late text" in refused.text


def token(focal: Visitor, home: str) -> str:
    page = focal.open(f"{home}/quoting")
    return page.all("input", name="csrf_token")[0].get("value", "")


def test_submitting_twice_is_submitting_once(database: Database, focal: Visitor, home: str) -> None:
    answer(database, focal)
    choose(focal, home)
    focal.open(f"{home}/check")
    before = focal.page
    focal.press("Submit the answers of Borduria", {"statement": "yes"})
    reference = response(database).reference
    focal._page = before
    focal.press("Submit the answers of Borduria", {"statement": "yes"})
    assert focal.page.heading == "The answers of Borduria are submitted"
    assert response(database).reference == reference


def test_a_colleague_cannot_submit(database: Database, sign_in: SignIn) -> None:
    visitor = sign_in("colleague@example.org")
    page = visitor.open(f"/responses/{response_of(database, 'ARC')}/check")
    assert "Only the focal point can submit these answers." in page.text


def test_only_who_may_choose_the_quoting_is_led_there_after_the_submission(
    database: Database, focal: Visitor, home: str, sign_in: SignIn
) -> None:
    answer(database, focal)
    choose(focal, home)
    submit(focal, home)
    assert focal.page.link("Change how you may be quoted") == f"{home}/quoting"
    analyst = sign_in("analyst@example.org").open(f"{home}/submitted")
    assert "How you may be quoted can be tightened at any time." in analyst.text
    assert "Change how you may be quoted" not in analyst.text


def test_after_submitting_it_can_be_tightened_and_not_loosened(
    database: Database, focal: Visitor, home: str
) -> None:
    answer(database, focal)
    choose(focal, home, "unnamed")
    submit(focal, home)
    choose(focal, home, "background")
    assert response(database).attribution is Attribution.BACKGROUND
    assert response(database).status is ResponseStatus.SUBMITTED
    focal.open(f"{home}/quoting")
    page = focal.press("Save this choice", {"quoting": "by_name"}, status=422)
    assert "ask IOM to reopen the answers for an amendment" in page.text
    assert response(database).attribution is Attribution.BACKGROUND


def test_one_answer_is_quoted_otherwise_from_its_page(database: Database, focal: Visitor, home: str) -> None:
    choose(focal, home)
    answer(database, focal, **{"a.would_help.quoting": "background"})
    with database.read() as session:
        found = session.scalars(select(Answer.attribution).where(Answer.question_key == "would_help")).one()
    assert found is Attribution.BACKGROUND
    assert "background only 1" in focal.open(f"{home}/check").text


def test_a_whole_record_is_quoted_otherwise_from_its_page(
    database: Database, focal: Visitor, home: str
) -> None:
    choose(focal, home)
    answer(database, focal)
    block = block_of(database, "BOR", "alpha")
    page = focal.open(f"{home}/mechanisms/{block}/value")
    name = next(
        box.get("name", "") for box in page.all("textarea") if ".values." not in box.get("name", "") or True
    )
    base = name.rsplit(".", 1)[0]
    assert base.startswith("a.values.")
    focal.press("Save and leave", {name: "its frankness", f"{base}.quoting": "unnamed"})
    with database.read() as session:
        record = session.scalars(select(RepeatInstance).where(RepeatInstance.group_key == "values")).one()
    assert record.attribution is Attribution.UNNAMED


def test_all_answers_about_a_mechanism_are_quoted_otherwise(
    database: Database, focal: Visitor, home: str
) -> None:
    choose(focal, home)
    answer(database, focal)
    focal.open(f"{home}/check")
    focal.follow("change how all answers about Alpha Process may be quoted")
    focal.press("Save this choice", {"quoting": "unnamed"})
    assert "“a Member State” 2" in focal.page.text
    focal.follow("change how all answers about Alpha Process may be quoted")
    focal.press("Save this choice", {"quoting": "as_around"})
    assert "by name 2" in focal.page.text


def test_a_reopened_response_says_that_the_first_submission_counts(
    database: Database, focal: Visitor, home: str
) -> None:
    answer(database, focal)
    choose(focal, home)
    submit(focal, home)
    with database.begin() as session:
        session.scalars(select(User).where(User.email == "analyst@example.org")).one()
        submitting.reopen(session, response_of(database, "BOR"), "A slip", SYSTEM, clock.now())
    page = focal.open(home)
    assert "Reopened for an amendment" in page.text
    answer(database, focal, **{"a.would_help": "Much more time"})
    submit(focal, home)
    assert focal.page.heading == "The answers of Borduria are submitted"


def test_answers_are_printed_on_one_page(database: Database, focal: Visitor, home: str) -> None:
    answer(database, focal)
    page = focal.open(f"{home}/print")
    assert page.heading == "Answers of Borduria, 2026"
    assert "A draft, not submitted" in page.text
    assert "More time" in page.text


def test_staff_see_nothing_before_and_everything_after(
    database: Database, focal: Visitor, home: str, sign_in: SignIn
) -> None:
    analyst = sign_in("analyst@example.org")
    analyst.open(home, status=404)
    answer(database, focal)
    choose(focal, home)
    submit(focal, home)
    assert "More time" in analyst.open(f"{home}/check").text
    assert analyst.open(f"{home}/quoting", status=404)


def test_what_was_answered_in_the_round_before_stands_beside_the_question(
    database: Database, focal: Visitor, home: str
) -> None:
    answer(database, focal)
    choose(focal, home)
    submit(focal, home)
    responding.open_next_round(database)
    response, block = response_of(database, "BOR", "2027"), block_of(database, "BOR", "alpha", "2027")
    focal.open(f"/responses/{response}/mechanisms/{block}/taking_part")
    assert "What Borduria answered in 2026Yes focal-bor, " in focal.page.text
    focal.press("Save and leave", {"a.takes_part": "yes"})
    page = focal.open(f"/responses/{response}/mechanisms/{block}/value")
    assert "What Borduria answered in 2026More time" in page.text
    assert "More time" not in (page.by_id("a-would_help").text or "")
