"""What wants attention: counted, with the first few, and only what the person may see."""

from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.database import Database
from app.models import (
    AddressFailure,
    ContactEntry,
    ContactKind,
    Organisation,
    OutboxMessage,
    Response,
    Round,
    User,
    WorkerBeat,
)
from app.services import digesting, discussing, proposing_mechanisms, requesting
from app.services.conversing import About
from tests.browsing import Page, Visitor, words
from tests.counting import counted
from tests.journeys import asking
from tests.journeys.conftest import SignIn
from tests.journeys.responding import response_of

ZONE = ZoneInfo("Europe/Zurich")


@pytest.fixture(autouse=True)
def settled(database: Database) -> None:
    asking.settle(database)


@pytest.fixture
def coordinator(sign_in: SignIn) -> Visitor:
    return sign_in("coordinator@example.org")


def headings(page: Page) -> list[str]:
    """What the desk counts, in its order."""
    return [words(heading) for heading in page.all("h3")]


def ask_for_more(database: Database, code: str) -> None:
    """A focal point asks for more time, and something besides."""
    focal, now = asking.actor_of(database, f"focal-{code.lower()}"), clock.now()
    response_id = response_of(database, code)
    with database.begin() as session:
        round_ = session.scalars(select(Round)).one()
        until = round_.closes_at + timedelta(days=9)
        requesting.request_more_time(session, response_id, until, "Two ministries.", focal, now, str(uuid4()))
        discussing.ask(session, response_id, About(), "In which language?", focal, now, str(uuid4()))


def note_step(database: Database, code: str, by: str, step: str, days: int = 0) -> None:
    """A call after which something is to be done on a day."""
    with database.begin() as session:
        user = session.scalars(select(User).where(User.email == f"{by}@example.org")).one()
        organisation = session.scalars(select(Organisation).where(Organisation.code == code)).one()
        session.add(
            ContactEntry(
                round_id=session.scalars(select(Round.id)).one(),
                organisation_id=organisation.id,
                kind=ContactKind.CALL,
                text="Spoke to the desk.",
                happened_at=clock.now(),
                recorded_at=clock.now(),
                by_id=user.id,
                next_step=step,
                next_on=clock.now().date() + timedelta(days=days),
                next_by_id=user.id,
            )
        )


def fail(database: Database, code: str) -> None:
    """A letter to a focal point that was given up, an address that fails, and one that nobody knows of."""
    now = clock.now()
    with database.begin() as session:
        email = f"focal-{code.lower()}@example.org"
        user = session.scalars(select(User).where(User.email == email)).one()
        session.add(AddressFailure(user_id=user.id, address=user.email, words="550 unknown", failed_at=now))
        for number in range(2):
            session.add(
                OutboxMessage(
                    kind="invitation",
                    dedupe_key=f"invitation:{code}:{number}",
                    user_id=user.id,
                    created_at=now,
                    due_at=now,
                    given_up_at=now if number else None,
                    last_error="552 full" if number else None,
                    handed_at=None if number else now - timedelta(hours=1),
                )
            )


def test_nothing_waits_where_nothing_does(coordinator: Visitor) -> None:
    page = coordinator.open("/overview")
    assert page.heading == "Overview"
    assert "Nothing waits." in page.text
    assert "Assessment of mechanisms, 2026" in page.text


def test_whatever_waits_stands_there_with_its_count_and_a_link(
    database: Database, coordinator: Visitor
) -> None:
    asking.submit(database, "BOR")
    ask_for_more(database, "ARC")
    note_step(database, "SYL", "coordinator", "Call the mission")
    note_step(database, "IOX", "analyst", "Write again")
    note_step(database, "ARC", "analyst", "Not yet", days=4)
    fail(database, "SYL")
    page = coordinator.open("/overview")
    assert headings(page) == [
        "1 submitted",
        "1 request to decide",
        "1 question to IOM",
        "1 address fails",
        "2 messages were not sent",
        "2 next steps are due",
    ]
    assert "nobody knows whether it arrived" in page.text
    assert "Not yet" not in page.text
    failing = page.link("To the page: 1 address fails")
    assert failing == "/people?shown=failing"
    assert coordinator.open(failing).heading == "People"
    assert coordinator.open(page.link("Borduria")).heading == "The answers of Borduria are submitted"


def test_it_says_when_nothing_sends_letters(database: Database, coordinator: Visitor) -> None:
    now = clock.now()
    with database.begin() as session:
        session.add(WorkerBeat(name="worker", at=now - timedelta(hours=2)))
        session.add(
            OutboxMessage(
                kind="invitation",
                dedupe_key="invitation:x",
                created_at=now,
                due_at=now - timedelta(hours=1),
            )
        )
    page = coordinator.open("/overview")
    assert headings(page) == ["Letters are not sent at present"]
    assert "The worker that sends letters was last at work on" in page.text
    assert "The oldest letter waits since" in page.text
    with database.begin() as session:
        session.scalars(select(WorkerBeat)).one().at = now
        session.scalars(select(OutboxMessage)).one().sent_at = now
    assert "Nothing waits." in coordinator.open("/overview").text


def test_one_sees_only_one_s_own_steps_if_one_wants(database: Database, coordinator: Visitor) -> None:
    note_step(database, "SYL", "coordinator", "Call the mission")
    note_step(database, "IOX", "analyst", "Write again")
    page = coordinator.open(coordinator.open("/overview").link("only my steps"))
    assert headings(page) == ["1 next step is due"]
    assert "Write again" not in page.text


def test_a_later_contact_takes_the_place_of_a_step(database: Database, coordinator: Visitor) -> None:
    note_step(database, "SYL", "coordinator", "Call the mission")
    note_step(database, "SYL", "coordinator", "Wait for the letter", days=9)
    assert "Nothing waits." in coordinator.open("/overview").text


def test_mechanisms_that_are_named_wait_once_they_are_submitted(
    database: Database, coordinator: Visitor
) -> None:
    focal = asking.actor_of(database, "focal-bor")
    with database.begin() as session:
        proposing_mechanisms.propose_mechanism(
            session, response_of(database, "BOR"), "Delta Talks", "", focal, clock.now()
        )
    assert "Delta Talks" not in coordinator.open("/overview").text
    asking.submit(database, "BOR")
    page = coordinator.open("/overview")
    assert "1 mechanism to match" in headings(page)
    assert "“Delta Talks”" in page.text


def test_a_viewer_sees_what_viewers_may(database: Database, sign_in: SignIn) -> None:
    asking.submit(database, "BOR")
    ask_for_more(database, "ARC")
    note_step(database, "SYL", "coordinator", "Call the mission")
    fail(database, "SYL")
    page = sign_in("viewer@example.org").open("/overview")
    assert headings(page) == ["1 submitted"]
    assert not [link for link in page.all("a") if "/responses/" in link.get("href", "")]


def test_a_round_that_closes_within_a_week_is_named(database: Database, coordinator: Visitor) -> None:
    with database.begin() as session:
        round_ = session.scalars(select(Round)).one()
        round_.closes_at = clock.now() + timedelta(days=3)
        for response in session.scalars(select(Response)):
            response.due_at = round_.closes_at
    page = coordinator.open("/overview")
    assert headings(page) == ["1 round turns"]
    assert "closes on" in page.text


def test_new_answers_are_counted_since_the_last_look(
    database: Database, sign_in: SignIn, coordinator: Visitor
) -> None:
    coordinator.open("/overview")
    asking.submit(database, "BOR")
    again = sign_in("coordinator@example.org")
    page = again.open(again.open("/overview").link("since I last looked"))
    assert headings(page) == ["1 submitted"]
    assert "New answers since you last looked" in page.text


def queries(app: Flask, visitor: Visitor) -> int:
    """How many statements the overview takes."""
    with counted(app.extensions["database"].engine) as seen:
        visitor.open("/overview")
    return len([each for each in seen if each.lstrip().upper().startswith(("SELECT", "UPDATE", "WITH"))])


def test_the_overview_takes_as_many_queries_for_much_as_for_little(
    app: Flask, database: Database, coordinator: Visitor
) -> None:
    coordinator.open("/overview")
    little = queries(app, coordinator)
    for code in ("ARC", "BOR", "SYL"):
        ask_for_more(database, code)
        note_step(database, code, "analyst", "Call")
        fail(database, code)
    asking.submit(database, "SYL")
    assert queries(app, coordinator) == little
    assert little <= 20


def at(day: int, hour: int) -> datetime:
    """A moment of November 2026, whose 23rd is a Monday."""
    return datetime(2026, 11, day, hour, 0, tzinfo=ZONE)


def want(database: Database, name: str, since: datetime) -> None:
    """Let somebody of staff want the digest."""
    actor = asking.actor_of(database, name)
    with database.begin() as session:
        digesting.choose(session, actor, wanted=True, now=since)


def due(database: Database, now: datetime) -> list[str]:
    """The keys of what is put into the outbox then."""
    with database.begin() as session:
        digesting.write_due(session, now)
    with database.read() as session:
        kind = OutboxMessage.kind == digesting.LETTER
        return list(session.scalars(select(OutboxMessage.dedupe_key).where(kind)))


def test_the_digest_is_chosen_on_a_page_and_stopped_there(coordinator: Visitor) -> None:
    coordinator.open("/overview/digest")
    coordinator.press("Send me the overview every business day")
    assert "You get it since" in coordinator.page.text
    coordinator.press("Send it no more")
    assert "You do not get it now." in coordinator.page.text


def test_the_digest_is_due_once_at_seven_on_business_days(database: Database) -> None:
    want(database, "coordinator", at(20, 9))
    assert due(database, at(21, 9)) == []
    assert due(database, at(22, 9)) == []
    assert due(database, at(23, 6)) == []
    assert len(due(database, at(23, 7))) == 1
    assert len(due(database, at(23, 15))) == 1
    assert len(due(database, at(24, 8))) == 2


def test_who_asks_after_seven_gets_the_first_one_on_the_next_day(database: Database) -> None:
    want(database, "coordinator", at(23, 9))
    assert due(database, at(23, 10)) == []
    assert len(due(database, at(24, 7))) == 1


def test_the_digest_says_what_waits_without_anybody_s_words(
    app: Flask, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    focal = asking.actor_of(database, "focal-bor")
    with database.begin() as session:
        proposing_mechanisms.propose_mechanism(
            session, response_of(database, "BOR"), "Delta Talks", "", focal, clock.now()
        )
    asking.submit(database, "BOR")
    ask_for_more(database, "ARC")
    asking.deliver(app, tmp_path / "mail")
    seven = business_morning()
    want(database, "coordinator", seven - timedelta(days=5))
    due(database, seven)
    monkeypatch.setattr(clock, "now", lambda: seven)
    (letter,) = asking.deliver(app, tmp_path / "mail")
    text = letter.get_content()
    assert str(letter["To"]) == "coordinator@example.org"
    assert "1 request to decide" in text
    assert "1 mechanism to match" in text
    assert "/threads/" in text
    for theirs in ("Delta Talks", "Two ministries.", "In which language?", "More time\n"):
        assert theirs not in text


def test_with_nothing_to_say_nothing_goes(
    app: Flask, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking.deliver(app, tmp_path / "mail")
    seven = business_morning()
    want(database, "coordinator", seven - timedelta(days=5))
    assert len(due(database, seven)) == 1
    monkeypatch.setattr(clock, "now", lambda: seven)
    assert asking.deliver(app, tmp_path / "mail") == []


def business_morning() -> datetime:
    """Seven o'clock and a little of the next business day."""
    there = clock.now().astimezone(ZONE) + timedelta(days=1)
    while there.weekday() > 4:
        there += timedelta(days=1)
    return there.replace(hour=7, minute=1)


def test_the_command_puts_today_s_digests_into_the_outbox(app: Flask) -> None:
    with app.app_context():
        result = app.test_cli_runner().invoke(args=["people", "digest"])
    assert result.exit_code == 0
    assert result.output == "0 put into the outbox.\n"
