"""Asking for more time and for an amendment: decided by staff, told by mail, and effective."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.database import Database
from app.models import AuditEvent, Response, ResponseStatus, Round
from app.policy import SYSTEM
from app.services import rounds
from tests.browsing import Visitor
from tests.journeys import asking
from tests.journeys.conftest import SignIn
from tests.journeys.responding import block_of, response_of

ZONE = ZoneInfo("Europe/Zurich")
LATER = clock.now() + timedelta(days=30)


@pytest.fixture
def database(staffed: Database) -> Database:
    """Takes the place of the empty database."""
    return staffed


@pytest.fixture(autouse=True)
def closing(database: Database) -> None:
    """The round was to close yesterday, is not closed yet, and answers are analysed for sixty days more."""
    with database.begin() as session:
        round_ = session.scalars(select(Round)).one()
        closes = clock.now() - timedelta(days=1)
        round_.closes_at, round_.cutoff_at = closes, closes + timedelta(days=60)
        for response in session.scalars(select(Response)):
            response.due_at = closes


@pytest.fixture
def mail(tmp_path: Path) -> Path:
    return tmp_path / "mail"


@pytest.fixture
def focal(sign_in: SignIn) -> Visitor:
    return sign_in("focal-bor@example.org")


@pytest.fixture
def home(database: Database) -> str:
    return f"/responses/{response_of(database, 'BOR')}"


def close_round(database: Database) -> None:
    """The round is closed and has no cut-off, so that only granted time takes answers."""
    with database.begin() as session:
        round_ = session.scalars(select(Round)).one()
        round_.cutoff_at = None
        rounds.close(session, round_, SYSTEM)


def response(database: Database) -> Response:
    with database.read() as session:
        return session.get_one(Response, response_of(database, "BOR"))


def day(moment: datetime) -> str:
    return moment.astimezone(ZONE).date().isoformat()


def ask(focal: Visitor, home: str, status: int = 200, **fields: str) -> None:
    focal.open(f"{home}/more-time")
    given = {"day": day(LATER), "time": "23:59", "text": "The minister travels", **fields}
    focal.press("Ask IOM for more time", given, status=status)


def decide(sign_in: SignIn, focal: Visitor, how: str, status: int = 200, **fields: str) -> Visitor:
    staff = sign_in("coordinator@example.org")
    staff.open(f"/threads/{focal.url.rpartition('/')[2]}")
    staff.press(how, fields, status=status)
    return staff


def save(database: Database, focal: Visitor, home: str) -> int:
    """Save an answer as a browser whose page stood open; the status."""
    focal.open(f"{home}/threads")
    token = focal.page.all("input", name="csrf_token")[0].get("value", "")
    address = f"{home}/mechanisms/{block_of(database, 'BOR', 'alpha')}/taking_part"
    data = {"csrf_token": token, "a.takes_part": "yes", "a.takes_part.seen": "0", "action": "leave"}
    return focal.client.post(address, data=data).status_code


def test_granted_time_outlasts_the_closing_of_the_round(
    app: Flask, database: Database, focal: Visitor, home: str, sign_in: SignIn, mail: Path
) -> None:
    ask(focal, home)
    assert "Waits for IOM" in focal.page.text
    close_round(database)
    assert save(database, focal, home) == 409, "the request alone opens nothing"
    focal.open(home)
    focal.follow("Request for more time")
    asking.deliver(app, mail)
    decide(sign_in, focal, "Grant")
    (letter,) = asking.deliver(app, mail)
    assert letter["Subject"] == "You have more time"
    assert "23:59, Geneva time." in letter.get_content()
    assert response(database).due_at == datetime.fromisoformat(f"{day(LATER)}T23:59").replace(tzinfo=ZONE)
    page = focal.open(home)
    assert "23:59, Geneva time." in page.text
    assert save(database, focal, home) == 302
    asking.submit_as_it_is(database)
    assert response(database).status is ResponseStatus.SUBMITTED
    with database.read() as session:
        acts = session.scalars(select(AuditEvent.act).order_by(AuditEvent.number)).all()
    assert {"began_thread", "extended", "decided_request"} <= set(acts)


def test_other_respondents_stay_locked(
    database: Database, focal: Visitor, home: str, sign_in: SignIn
) -> None:
    ask(focal, home)
    close_round(database)
    decide(sign_in, focal, "Grant")
    other = sign_in("focal-syl@example.org")
    there = f"/responses/{response_of(database, 'SYL')}"
    assert "Answer by" not in other.open(there).text
    other.open(f"{there}/mechanisms/{block_of(database, 'SYL', 'alpha')}/taking_part")
    assert other.url == f"{there}/check"


def test_granted_time_ends(database: Database, focal: Visitor, home: str, sign_in: SignIn) -> None:
    ask(focal, home)
    close_round(database)
    decide(sign_in, focal, "Grant")
    with database.begin() as session:
        row = session.get_one(Response, response_of(database, "BOR"))
        row.due_at = clock.now() - timedelta(minutes=1)
    assert save(database, focal, home) == 409
    assert "Answer by" not in focal.open(home).text


def test_a_refusal_needs_words_and_changes_nothing(
    app: Flask, database: Database, focal: Visitor, home: str, sign_in: SignIn, mail: Path
) -> None:
    before = response(database).due_at
    ask(focal, home)
    asking.deliver(app, mail)
    staff = decide(sign_in, focal, "Refuse", status=422)
    assert "Say why it is refused" in staff.page.text
    assert asking.deliver(app, mail) == []
    staff.press("Refuse", {"words": "The report goes to print"})
    (letter,) = asking.deliver(app, mail)
    assert "> The report goes to print" in letter.get_content()
    assert "Refused" in focal.open(focal.url).text
    assert response(database).due_at == before


def test_nobody_gets_time_beyond_the_cut_off(
    database: Database, focal: Visitor, home: str, sign_in: SignIn
) -> None:
    beyond = day(clock.now() + timedelta(days=90))
    ask(focal, home, status=422, day=beyond)
    assert "cannot be analysed any more" in focal.page.text
    assert focal.page.control("Why?").text == "\nThe minister travels" or "travels" in focal.page.html
    ask(focal, home)
    staff = decide(sign_in, focal, "Grant", status=422, day=beyond)
    assert "cannot be analysed any more" in staff.page.text
    assert response(database).due_at < LATER - timedelta(days=20)  # type: ignore[operator]  # there is one


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"day": "soon"}, "Give the day as year, month and day, such as 2027-02-05"),
        ({"day": "0001-01-01"}, "Give the day as year, month and day, such as 2027-02-05"),
        ({"time": "late"}, "Give the time as hours and minutes, such as 23:59"),
        ({"day": "2026-01-01"}, "anyway. Choose a later time"),
        ({"text": " "}, "Say why you need more time"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    focal: Visitor, home: str, fields: dict[str, str], says: str
) -> None:
    ask(focal, home, status=422, **fields)
    assert says in focal.page.text
    assert "text" in fields or "The minister travels" in focal.page.html


def test_everything_wrong_is_said_at_once(focal: Visitor, home: str) -> None:
    for wrong in ("", day(clock.now() + timedelta(days=90))):
        ask(focal, home, status=422, day=wrong, text="")
        assert len(list(focal.page.by_id("errors").iter("li"))) == 2


def test_one_request_at_a_time_and_it_can_be_taken_back(focal: Visitor, home: str) -> None:
    ask(focal, home)
    page = focal.open(f"{home}/more-time")
    assert not page.all("textarea")
    focal.follow("Read it or take it back")
    focal.press("Take the request back")
    assert "Closed" in focal.page.text
    ask(focal, home)
    assert "Waits for IOM" in focal.page.text


def test_a_request_is_decided_once_and_only_by_coordinators(
    focal: Visitor, home: str, sign_in: SignIn
) -> None:
    ask(focal, home)
    thread = focal.url.rpartition("/")[2]
    analyst = sign_in("analyst@example.org")
    analyst.open(f"/threads/{thread}")
    assert "A coordinator decides on this." in analyst.page.text
    first, second = sign_in("coordinator@example.org"), sign_in("administrator@example.org")
    for staff in (first, second):
        staff.open(f"/threads/{thread}")
    first.press("Grant")
    second.press("Refuse", {"words": "No"}, status=422)
    assert "has been decided or taken back already" in second.page.text
    assert "Granted" in focal.open(focal.url).text


def test_a_colleague_asks_for_nothing_of_the_kind(sign_in: SignIn, database: Database) -> None:
    colleague = sign_in("colleague@example.org")
    home = f"/responses/{response_of(database, 'ARC')}"
    assert "Ask for more time" not in colleague.open(home).text
    colleague.open(f"{home}/more-time", status=404)
    colleague.open(f"{home}/amend", status=404)


def test_the_focal_point_amends_himself_while_the_round_is_open(
    database: Database, focal: Visitor, home: str
) -> None:
    asking.submit(database)
    focal.open(f"{home}/submitted")
    focal.follow("Amend what was submitted")
    focal.press("Open the answers for an amendment", status=422)
    assert "Say what has to be amended, and why" in focal.page.text
    focal.press("Open the answers for an amendment", {"text": "A slip"})
    assert "Reopened for an amendment" in focal.page.text
    assert response(database).status is ResponseStatus.REOPENED


def test_after_the_closing_iom_opens_the_answers_until_a_moment(
    app: Flask, database: Database, focal: Visitor, home: str, sign_in: SignIn, mail: Path
) -> None:
    asking.submit(database)
    close_round(database)
    focal.open(f"{home}/amend")
    focal.press("Ask IOM to open the answers", {"text": "A slip"})
    assert response(database).status is ResponseStatus.SUBMITTED
    asking.deliver(app, mail)
    staff = decide(sign_in, focal, "Grant", status=422)
    assert "Say until when the amendment is taken" in staff.page.text
    assert response(database).status is ResponseStatus.SUBMITTED, "nothing half done"
    staff.press("Grant", {"day": day(LATER), "time": "12:00"})
    (letter,) = asking.deliver(app, mail)
    assert letter["Subject"] == "Your answers are open for an amendment"
    assert response(database).status is ResponseStatus.REOPENED
    assert "12:00, Geneva time" in focal.open(home).text
    assert save_again(database, focal, home) == 302


def save_again(database: Database, focal: Visitor, home: str) -> int:
    focal.open(f"{home}/mechanisms/{block_of(database, 'BOR', 'alpha')}/value")
    return focal.send("Save and leave", {"a.would_help": "Much more time"}).history[0].status_code
