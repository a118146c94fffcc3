"""A coordinator plans a round, opens it on a rule, gives more time, closes it, and cuts it off."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app import clock
from app.database import Database
from app.models import Organisation, Response, Round, RoundParticipant
from tests.browsing import Page, Visitor
from tests.journeys import asking
from tests.journeys.conftest import SignIn
from tests.journeys.responding import response_of

YEAR = clock.now().year + 1
PLAN = {
    "code": "next",
    "title": "The round after",
    "zone": "Europe/Zurich",
    "opens-day": f"{YEAR}-01-11",
    "opens-time": "09:00",
    "closes-day": f"{YEAR}-03-31",
    "closes-time": "23:59",
    "cutoff-day": f"{YEAR}-04-30",
    "cutoff-time": "23:59",
    "contact-name": "Survey desk",
    "contact-email": "survey@iom.example",
}


@pytest.fixture(autouse=True)
def settled(database: Database) -> None:
    asking.settle(database)


@pytest.fixture
def coordinator(sign_in: SignIn) -> Visitor:
    return sign_in("coordinator@example.org")


def stored(database: Database, code: str = "next") -> Round:
    with database.read() as session:
        return session.scalars(select(Round).where(Round.code == code)).one()


def asked(database: Database, code: str = "next") -> set[str]:
    with database.read() as session:
        return {
            f"{each.audience}:{each.basis}"
            for each in session.scalars(
                select(RoundParticipant)
                .join(Round, Round.id == RoundParticipant.round_id)
                .where(Round.code == code)
            )
        }


def plan(coordinator: Visitor, status: int = 200, **changed: str) -> Page:
    coordinator.open("/rounds/new")
    return coordinator.press("Make the round", {**PLAN, **changed}, status=status)


def test_a_round_is_planned_previewed_and_opened(coordinator: Visitor, database: Database) -> None:
    page = plan(coordinator, copy="2026")
    assert page.heading == "Who is asked: The round after"
    assert "Asked in all 3 2 1" not in page.text
    page = coordinator.press("Keep the rule and show whom it means", {"state": "members", "iscm": "active"})
    assert "Islands of Syldavia" in page.text
    coordinator.open("/rounds/next")
    page = coordinator.follow("Open the round")
    assert page.heading == "Open the round The round after?"
    page = coordinator.press("Open the round The round after")
    assert page.heading == "The round after"
    assert asked(database) == {"state:opening", "iscm:opening", "igo:opening"}
    assert stored(database).contact == {"name": "Survey desk", "email": "survey@iom.example"}
    coordinator.open("/rounds/next/respondents")
    page = coordinator.follow("Arcadia")
    assert page.heading == "Arcadia"
    assert "Asked at the opening" in page.text


def test_a_copy_of_a_round_of_made_up_organisations_asks_none_that_exist(
    coordinator: Visitor, database: Database
) -> None:
    plan(coordinator, copy="2026")
    assert stored(database).asked is None
    with database.begin() as session:
        session.execute(update(Organisation).values(fictional=True))
    plan(coordinator, copy="2026", code="made-up")
    assert stored(database, "made-up").asked["fictional"] is True


def test_everything_wrong_with_a_plan_is_said_at_once_and_stays_typed(coordinator: Visitor) -> None:
    page = plan(
        coordinator,
        status=422,
        code="a code/with a slash",
        title="",
        zone="Genève",
        **{"closes-day": "soon", "contact-email": "not an address"},
    )
    for words in (
        "Give a code of letters",
        "Give the round a title",
        "Give a time zone by its name",
        "Give the day as year, month and day",
        "Give an e-mail address",
    ):
        assert words in page.text
    assert page.control("Time zone").get("value") == "Genève"


def test_a_deadline_that_the_clocks_leave_out_or_repeat_is_refused(coordinator: Visitor) -> None:
    page = plan(coordinator, status=422, **{"closes-day": "2027-03-28", "closes-time": "02:30"})
    assert "the clocks go forward and leave out 02:30" in page.text
    page = plan(coordinator, status=422, **{"cutoff-day": "2027-10-31", "cutoff-time": "02:30"})
    assert "the clocks go back and 02:30 comes twice" in page.text


def test_more_time_for_all_moves_those_at_the_old_end_only(coordinator: Visitor, database: Database) -> None:
    before = stored(database, "2026").closes_at
    later = before + timedelta(days=90)
    with database.begin() as session:
        borduria = session.get_one(Response, response_of(database, "BOR"))
        borduria.due_at = later
    day = (before + timedelta(days=30)).date().isoformat()
    coordinator.open("/rounds/2026/extend")
    assert "1 has more time of their own already" in coordinator.page.text
    coordinator.press(
        "Give everybody more time", {"closes-day": day, "closes-time": "23:59", "cutoff-day": ""}
    )
    with database.read() as session:
        dues = {each.id: each.due_at for each in session.scalars(select(Response))}
    assert dues.pop(response_of(database, "BOR")) == later
    assert set(dues.values()) == {stored(database, "2026").closes_at}
    coordinator.open("/rounds/2026/extend")
    page = coordinator.press("Give everybody more time", {"closes-day": "2020-01-01"}, status=422)
    assert "The round runs until" in page.text


def test_a_round_is_closed_cut_off_and_opened_again(coordinator: Visitor, database: Database) -> None:
    coordinator.open("/rounds/2026")
    page = coordinator.follow("Close the round")
    assert "0 drafts are kept and labelled not submitted" in page.text
    coordinator.press("Close the round Assessment of mechanisms, 2026")
    assert stored(database, "2026").closed_at is not None
    coordinator.follow("Cut off for analysis")
    coordinator.press("Cut off the round")
    assert stored(database, "2026").cut_off_at is not None
    coordinator.follow("Open the round again")
    page = coordinator.press("Open the round Assessment", {"closes-day": "2020-01-01"}, status=422)
    assert "Say why the round is opened again" in page.text
    day = (clock.now() + timedelta(days=30)).date().isoformat()
    coordinator.press(
        "Open the round Assessment", {"closes-day": day, "cutoff-day": "", "reason": "Asked by many"}
    )
    now = stored(database, "2026")
    assert (now.closed_at, now.cut_off_at) == (None, None)


def test_one_more_is_asked_and_one_withdrawn_both_bases_stay(
    coordinator: Visitor, database: Database
) -> None:
    coordinator.open("/rounds/2026/respondents")
    coordinator.press("Ask it from today", {"organisation": "beta"}, status=422)
    coordinator.press("Ask it from today", {"organisation": "beta", "reason": "Joined the survey"})
    assert coordinator.page.heading == "Beta Dialogue on Asylum"
    coordinator.open("/rounds/2026/respondents/SYL")
    coordinator.press("Withdraw Islands of Syldavia", status=422)
    coordinator.press("Withdraw Islands of Syldavia", {"withdraw-reason": "Not a member any more"})
    assert "Withdrawn from the round" in coordinator.page.text
    page = coordinator.open("/rounds/2026")
    assert "States 0 of 3 answered 0 of 2 answered" in page.text
    assert "Mechanisms 0 of 1 answered 0 of 2 answered" in page.text


def test_a_viewer_reads_and_changes_nothing_and_respondents_see_nothing(sign_in: SignIn) -> None:
    viewer = sign_in("viewer@example.org")
    viewer.open("/rounds/2026")
    page = viewer.open("/rounds/2026/respondents/BOR")
    assert "focal-bor@example.org" not in page.text
    for address in ("new", "2026/close", "2026/asked", "2026/respondents/BOR/received"):
        viewer.open(f"/rounds/{address}", status=404)
    respondent = sign_in("focal-bor@example.org")
    for address in ("", "/2026", "/2026/respondents", "/2026/respondents/BOR"):
        respondent.open(f"/rounds{address}", status=404)
