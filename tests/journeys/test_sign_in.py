"""Signing in by a mailed link, and what ends a session."""

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default as default_policy

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import clock
from app.database import Database
from app.models import LoginSession, OutboxMessage, SignInLink, User
from app.policy import StaffRole
from tests.browsing import Visitor
from tests.journeys.conftest import SignIn

ANALYST = "analyst@iom.example"


@pytest.fixture(autouse=True)
def analyst(database: Database) -> None:
    with database.begin() as session:
        session.add(
            User(email=ANALYST, name="Mara Quill", staff_role=StaffRole.ANALYST, created_at=clock.now())
        )


def ask_for_link(visitor: Visitor, email: str = ANALYST) -> None:
    visitor.open("/sign-in")
    visitor.press("Send me a link", visitor.fill("Official e-mail address", email))


def link_for(visitor: Visitor) -> str:
    """The link in the letter that this asking caused."""
    letters = visitor.app.extensions["letters"]
    assert letters.deliver() == 1
    folder = visitor.app.extensions["settings"].mail_folder
    newest = max(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    letter = message_from_bytes(newest.read_bytes(), policy=default_policy)
    found = re.search(r"http://127\.0\.0\.1:8000(/sign-in/\S+)", letter.get_content())
    assert found, letter.get_content()
    return found.group(1)


def test_the_link_shows_a_button_and_only_the_button_signs_in(visitor: Visitor) -> None:
    ask_for_link(visitor)
    assert visitor.page.heading == "Look in your mail"
    link = link_for(visitor)
    for _ in range(3):
        assert visitor.open(link).heading == "Sign in as Mara Quill"
    page = visitor.press("Sign in")
    assert page.heading == "Overview"
    assert "Mara Quill · Analyst, IOM" in page.text


def test_a_link_works_once(visitor: Visitor) -> None:
    ask_for_link(visitor)
    link = link_for(visitor)
    visitor.open(link)
    visitor.press("Sign in")
    visitor.press("Sign out")
    assert visitor.open(link, status=410).heading == "This link no longer works"


def test_a_link_opened_again_leaves_one_signed_in_and_says_so(visitor: Visitor) -> None:
    ask_for_link(visitor)
    link = link_for(visitor)
    visitor.open(link)
    visitor.press("Sign in")
    page = visitor.open(link, status=410)
    assert "You are signed in as Mara Quill." in page.text
    assert visitor.follow("Go on").heading == "Overview"


def test_a_link_works_in_no_other_browser(app: Flask, visitor: Visitor) -> None:
    ask_for_link(visitor)
    stranger = Visitor(app)
    assert stranger.open(link_for(visitor), status=410).heading == "This link no longer works"


def test_unknown_addresses_see_the_same_page(app: Flask, database: Database) -> None:
    known, unknown = Visitor(app), Visitor(app)
    ask_for_link(known, ANALYST)
    ask_for_link(unknown, "nobody@iom.example")
    assert known.page.text.replace(ANALYST, "…") == unknown.page.text.replace("nobody@iom.example", "…")
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(OutboxMessage)) == 2


def test_an_address_that_is_none_is_told_so(visitor: Visitor) -> None:
    visitor.open("/sign-in")
    page = visitor.press("Send me a link", {"email": "nino beridze"}, status=422)
    assert page.text.count("Give an address such as n.beridze@mfa.example") == 2
    assert page.control("Official e-mail address").get("value") == "nino beridze"
    assert "Error:" in page.html


def test_asking_too_often_is_refused(visitor: Visitor) -> None:
    visitor.open("/sign-in")
    for _ in range(5):
        visitor.press("Send me a link", {"email": ANALYST})
        visitor.open("/sign-in")
    assert visitor.press("Send me a link", {"email": ANALYST}, status=429).heading == "Wait a moment"


def at(network: str, app: Flask) -> Visitor:
    """Somebody who comes from that network address."""
    somebody = Visitor(app)
    somebody.client.environ_base["REMOTE_ADDR"] = network
    return somebody


def ask_until_refused(visitor: Visitor, email: str = ANALYST) -> int:
    """How many letters an impatient or hostile browser is sent."""
    visitor.open("/sign-in")
    token = visitor.page.all("input", name="csrf_token")[0].get("value", "")
    for sent in range(100):
        asked = visitor.client.post("/sign-in", data={"email": email, "csrf_token": token})
        if asked.status_code == 429:
            return sent
    raise AssertionError("never refused")


def test_whoever_asks_in_an_owners_name_does_not_shut_the_owner_out(app: Flask, database: Database) -> None:
    for number in range(1, 8):
        assert ask_until_refused(at(f"198.51.100.{number}", app)) >= 1
    owner = at("192.0.2.7", app)
    ask_for_link(owner)
    assert owner.page.heading == "Look in your mail"
    with database.read() as session:
        letters = session.scalar(select(func.count()).select_from(OutboxMessage)) or 0
    assert letters == 7 + 20 + 1, (
        "each network has its first letter, and twenty more an hour go to an address"
    )


def test_a_network_is_the_half_of_an_address_that_a_household_is_given(app: Flask) -> None:
    assert ask_until_refused(at("2001:db8:0:1::1", app)) == 5
    assert ask_until_refused(at("2001:db8:0:1::2", app)) == 0
    assert ask_until_refused(at("2001:db8:0:2::1", app)) == 5


def test_a_building_behind_one_network_address_can_sign_in(app: Flask) -> None:
    for number in range(40):
        somebody = at("203.0.113.9", app)
        ask_for_link(somebody, f"official.{number}@mfa.example")
        assert somebody.page.heading == "Look in your mail"


def test_signing_out_kills_a_copied_cookie(app: Flask, sign_in: SignIn) -> None:
    visitor = sign_in(ANALYST)
    visitor.open("/overview")
    with visitor.client.session_transaction() as cookie:
        copied = dict(cookie)
    visitor.press("Sign out")
    assert visitor.page.heading == "You are signed out"
    thief = Visitor(app)
    with thief.client.session_transaction() as cookie:
        cookie.update(copied)
    assert thief.open("/overview").heading == "Sign in"


def test_deactivation_ends_the_session_at_once(sign_in: SignIn, database: Database) -> None:
    visitor = sign_in(ANALYST)
    with database.begin() as session:
        session.scalars(select(User)).one().deactivated_at = clock.now()
    assert visitor.open("/overview").heading == "Sign in"


def test_a_session_left_alone_ends(sign_in: SignIn, database: Database) -> None:
    visitor = sign_in(ANALYST)
    with database.begin() as session:
        session.scalars(select(LoginSession)).one().last_seen_at = clock.now() - timedelta(hours=13)
    assert visitor.open("/overview").heading == "Sign in"


def test_use_of_a_session_is_noted_once_a_minute(sign_in: SignIn, database: Database) -> None:
    visitor = sign_in(ANALYST)
    long_ago = datetime.now(UTC) - timedelta(minutes=5)
    with database.begin() as session:
        session.scalars(select(LoginSession)).one().last_seen_at = long_ago
    visitor.open("/overview")
    with database.read() as session:
        seen = session.scalars(select(LoginSession)).one().last_seen_at
    assert seen > long_ago
    visitor.open("/overview")
    with database.read() as session:
        assert session.scalars(select(LoginSession)).one().last_seen_at == seen


def test_after_signing_in_one_is_where_one_wanted_to_go(visitor: Visitor) -> None:
    assert visitor.open("/register").heading == "Sign in"
    ask_for_link(visitor)
    visitor.open(link_for(visitor))
    assert visitor.press("Sign in").heading == "Register of mechanisms"


def test_signing_in_drops_what_the_cookie_held(visitor: Visitor) -> None:
    with visitor.client.session_transaction() as cookie:
        cookie["csrf_token"] = "prepared by somebody else"
        cookie["onward"] = "//evil.example"
    ask_for_link(visitor)
    visitor.open(link_for(visitor))
    assert visitor.press("Sign in").heading == "Overview"
    with visitor.client.session_transaction() as cookie:
        assert cookie.get("csrf_token") != "prepared by somebody else"


def test_no_token_is_stored(visitor: Visitor, database: Database) -> None:
    ask_for_link(visitor)
    token = link_for(visitor).rpartition("/")[2]
    with database.read() as session:
        link = session.scalars(select(SignInLink)).one()
        message = session.scalars(select(OutboxMessage)).one()
    assert token not in str(link.token_digest) + str(message.payload)


def test_a_form_without_its_token_is_refused(app: Flask, sign_in: SignIn) -> None:
    visitor = sign_in(ANALYST)
    answer = visitor.client.post("/sign-out")
    assert answer.status_code == 400
    assert "This page is out of date" in answer.text
    assert visitor.open("/overview").heading == "Overview"
