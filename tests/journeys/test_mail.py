"""Staff see what became of each letter of a round, in the servers' own words, and send one again."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select, update

from app import clock
from app.database import Database
from app.models import (
    AddressFailure,
    AuditEvent,
    BounceReport,
    OutboxMessage,
    Round,
    User,
    WorkerBeat,
)
from app.queries import outbox
from app.queries.workers import WORKER
from app.services import beats, signing_in
from tests.browsing import Visitor
from tests.counting import counted
from tests.journeys import asking
from tests.journeys.conftest import SignIn
from tests.journeys.responding import response_of

UNKNOWN_PERSON = "550 5.1.1 No such person here"
PAGE = "/rounds/2026/mail"
FROZEN: dict[str, Any] = {"purpose": "reminder"}


@pytest.fixture
def database(staffed: Database) -> Database:
    """Takes the place of the empty database."""
    return staffed


@pytest.fixture
def staff(database: Database, sign_in: SignIn) -> Visitor:
    return sign_in("coordinator@example.org")


def written(database: Database, to: str = "focal-arc", about: str = "ARC", **facts: Any) -> UUID:
    """A letter of the round that is not due for a week."""
    response, now = response_of(database, about), clock.now()
    with database.begin() as session:
        user = session.scalars(select(User).where(User.email == f"{to}@example.org")).one()
        round_id = session.scalars(select(Round.id).where(Round.code == "2026")).one()
        letter = OutboxMessage(
            id=uuid4(),
            kind=facts.pop("kind", "reminder"),
            dedupe_key=f"test:{uuid4()}",
            user_id=user.id,
            payload=facts.pop("payload", FROZEN),
            created_at=now,
            due_at=now + timedelta(days=7),
            round_id=round_id,
            response_id=response,
            address=user.email,
            **facts,
        )
        session.add(letter)
        return letter.id


def refused(database: Database) -> UUID:
    """A letter that was refused, with what follows from it."""
    now = clock.now()
    letter = written(database, given_up_at=now, last_error=UNKNOWN_PERSON, attempts=1)
    with database.begin() as session:
        user = session.scalars(select(User).where(User.email == "focal-arc@example.org")).one()
        session.add(
            AddressFailure(
                user_id=user.id, address=user.email, message_id=letter, words=UNKNOWN_PERSON, failed_at=now
            )
        )
    return letter


def again(database: Database, letter: UUID) -> Sequence[OutboxMessage]:
    with database.read() as session:
        return outbox.sent_again(session, letter)


def test_every_letter_stands_under_what_became_of_it(database: Database, staff: Visitor) -> None:
    now = clock.now()
    written(database, sent_at=now, handed_at=now)
    refused(database)
    written(database, "focal-bor", "BOR", handed_at=now, last_error="Connection unexpectedly closed")
    written(database, "focal-syl", "SYL", sent_at=now, handed_at=now, bounced_at=now)
    written(database, dropped_at=now, dropped_why="finished")
    written(database, attempts=2, last_error="451 4.7.1 Come back later")
    page = staff.open(PAGE)
    for words in ("1 Sent", "1 Failed", "1 Not known", "1 Returned", "1 Not sent", "1 Waiting", "6 All"):
        assert words in page.text
    assert UNKNOWN_PERSON in page.text
    assert "the respondent has finished" in page.text
    assert "tried 2 times; next" in page.text
    page = staff.open(f"{PAGE}?state=unknown")
    assert "Connection unexpectedly closed" in page.text
    assert "1 letter" in page.text
    assert UNKNOWN_PERSON not in page.text


def test_letters_are_found_by_name_address_respondent_and_purpose(database: Database, staff: Visitor) -> None:
    written(database)
    written(database, "focal-bor", "BOR", kind="notice", payload={"purpose": "closing", "note": ""})
    for search in ("FOCAL-BOR@", "bord", "BOR"):
        page = staff.open(f"{PAGE}?search={search}")
        assert "focal-bor@example.org" in page.text
        assert "focal-arc@example.org" not in page.text
    assert "focal-arc@example.org" not in staff.open(f"{PAGE}?purpose=notice").text
    assert "No letter is like that" in staff.open(f"{PAGE}?search=%25").text
    assert "No letter is like that" in staff.open(f"{PAGE}?search=%3Cscript%3E&state=nonsense&page=x").text


def test_many_letters_come_page_by_page_and_cost_the_same(
    app: Flask, database: Database, staff: Visitor
) -> None:
    def statements(address: str) -> int:
        with counted(app.extensions["database"].engine) as seen:
            staff.open(address)
        return len(seen)

    written(database)
    few = statements(PAGE)
    for _number in range(outbox.A_PAGE + 9):
        written(database, sent_at=clock.now())
    assert statements(PAGE) == few
    assert "60 letters · page 1 of 2" in staff.page.text
    staff.follow("Older letters")
    assert "page 2 of 2" in staff.page.text
    assert staff.page.html.count('data-head="About"') == 10


def test_a_failed_letter_goes_out_again_once_the_address_is_right(
    app: Flask, database: Database, staff: Visitor
) -> None:
    letter = refused(database)
    staff.open(f"{PAGE}/{letter}")
    assert UNKNOWN_PERSON in staff.page.text
    assert "Put the address right first" in staff.page.text
    assert "Leave it" not in staff.open(f"{PAGE}/{letter}/again").text
    staff.open(f"{PAGE}/{letter}")
    staff.press("The address is right again")
    staff.follow("Send it again")
    staff.press("Send the letter again")
    [fresh] = again(database, letter)
    assert staff.url.endswith(str(fresh.id))
    assert fresh.sent_at is None
    staff.open(f"{PAGE}/{letter}")
    assert "Sent again, as a new letter" in staff.page.text
    assert "It waits to be sent already" in staff.page.text
    with database.read() as session:
        acts = set(session.scalars(select(AuditEvent.act)))
    assert {"sent_again", "cleared_address_failure"} <= acts
    assert asking.to(asking.deliver(app, app.extensions["settings"].mail_folder)) == ["focal-arc"]


def test_it_is_not_sent_twice_by_two_clicks(database: Database, staff: Visitor, sign_in: SignIn) -> None:
    letter = written(database, given_up_at=clock.now(), last_error="554 Not today")
    other = sign_in("administrator@example.org")
    for visitor in (staff, other):
        visitor.open(f"{PAGE}/{letter}/again")
    staff.press("Send the letter again")
    other.press("Send the letter again", status=422)
    assert "It waits to be sent already" in other.page.text
    assert len(again(database, letter)) == 1


def test_who_has_finished_is_not_written_to_again_about_answering(database: Database, staff: Visitor) -> None:
    letter = written(database, "focal-bor", "BOR", given_up_at=clock.now(), last_error="554 Not today")
    asking.submit(database, "BOR")
    assert "This respondent has finished" in staff.open(f"{PAGE}/{letter}").text
    staff.open(f"{PAGE}/{letter}/again")
    assert "This respondent has finished" in staff.page.text
    with database.read() as session:
        [receipt] = session.scalars(select(OutboxMessage.id).where(OutboxMessage.kind == "submitted"))
    with database.begin() as session:
        session.execute(
            update(OutboxMessage).where(OutboxMessage.id == receipt).values(given_up_at=clock.now())
        )
    staff.open(f"{PAGE}/{receipt}")
    assert "Fingerprint" in staff.page.text
    staff.follow("Send it again")
    staff.press("Send the letter again")
    assert len(again(database, receipt)) == 1


def test_a_letter_that_may_have_arrived_is_sent_again_only_after_a_word_about_it(
    database: Database, staff: Visitor
) -> None:
    letter = written(database, handed_at=clock.now(), last_error="The server did not answer in time.")
    staff.open(f"{PAGE}/{letter}/again")
    assert "It may have arrived already" in staff.page.text


def test_no_secret_and_nothing_between_respondents_is_shown(
    app: Flask, database: Database, staff: Visitor, sign_in: SignIn
) -> None:
    invitation = written(database, kind="invitation", payload={})
    page = staff.open(f"{PAGE}/{invitation}")
    assert "Its words are not shown" in page.text
    assert "/invitation/" not in page.html
    reminder = written(database)
    page = staff.open(f"{PAGE}/{reminder}")
    assert "/no-reminders/…" in page.text
    with database.begin() as session:
        signing_in.request_link(session, "focal-arc@example.org", clock.now(), "a browser")
    page = staff.open(PAGE)
    assert "1 letter belongs to no round" in page.text
    with database.read() as session:
        link = session.scalars(select(OutboxMessage.id).where(OutboxMessage.kind == "sign_in")).one()
    assert staff.open(f"{PAGE}/{link}", status=404).text


def test_returned_mail_of_none_of_our_letters_is_listed(database: Database, staff: Visitor) -> None:
    with database.begin() as session:
        session.add(
            BounceReport(
                digest="1" * 64,
                recipient="eve@elsewhere.example",
                permanent=True,
                status="5.7.1",
                words="550 <b>content</b> rejected",
                read_at=clock.now(),
            )
        )
    staff.open(PAGE)
    staff.follow("1 returned mail is of none of our letters")
    assert "550 <b>content</b> rejected" in staff.page.text
    assert "<b>content" not in staff.page.html


def test_staff_are_told_when_no_worker_lives(database: Database, staff: Visitor) -> None:
    assert "No worker that sends letters has been started yet" in staff.open(PAGE).text
    with database.begin() as session:
        beats.note(session, WORKER, clock.now())
    assert "Nothing is sent now" not in staff.open(PAGE).text
    with database.begin() as session:
        session.execute(update(WorkerBeat).values(at=clock.now() - timedelta(minutes=6)))
    assert "Nothing is sent now" in staff.open(PAGE).text


def test_the_tab_leads_to_the_newest_open_round_and_is_for_those_who_may_read_letters(
    database: Database, staff: Visitor, sign_in: SignIn
) -> None:
    staff.open("/overview")
    staff.follow("Mail")
    assert staff.url == PAGE
    viewer = sign_in("viewer@example.org")
    assert "/mail" not in viewer.open("/overview").html
    viewer.open(PAGE, status=404)
    letter = written(database, given_up_at=clock.now(), last_error="554 Not today")
    analyst = sign_in("analyst@example.org")
    assert "Send it again" not in analyst.open(f"{PAGE}/{letter}").text
    analyst.open(f"{PAGE}/{letter}/again", status=404)
    sign_in("focal-arc@example.org").open(PAGE, status=404)
