"""Writing the texts of a round: checked before they are kept, kept for ever, previewed for anybody."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.database import Database
from app.models import AuditEvent, MessageTemplate, OutboxMessage, Round, User
from tests.browsing import Visitor
from tests.journeys import asking
from tests.journeys.conftest import SignIn
from tests.journeys.responding import response_of

LIST = "/rounds/2026/texts"
INVITATION = f"{LIST}/invitation/en"
GOOD = "Dear {name},\n\nplease answer by {deadline}: {link}\n\n{{not a place}}"


@pytest.fixture(autouse=True)
def round_open(database: Database) -> None:
    asking.settle(database)


@pytest.fixture
def staff(sign_in: SignIn) -> Visitor:
    return sign_in("coordinator@example.org")


def save(staff: Visitor, body: str = GOOD, subject: str = "To {organisation}", status: int = 200) -> None:
    staff.press("Save this text", {"subject": subject, "body": body}, status=status)


def test_a_text_of_the_rounds_own_takes_the_place_of_the_standard_words(
    app: Flask, database: Database, staff: Visitor, tmp_path: Path
) -> None:
    staff.open(LIST)
    staff.follow("Standard words: Invitation")
    assert "The standard words are in force." in staff.page.text
    save(staff)
    assert "Number 1 is in force." in staff.page.text
    assert "English, number 1" in staff.open(LIST).text
    staff.open("/rounds/2026/invitations")
    staff.press("Invite Borduria")
    (letter,) = asking.deliver(app, tmp_path / "mail")
    assert letter["Subject"] == "To Borduria"
    text = letter.get_content()
    assert "{not a place}" in text
    assert "Geneva time: http://127.0.0.1:8000/invitation/" in text
    assert "Whom to ask at IOM:" in text, "the contact is there though the text leaves it out"


def test_everything_wrong_is_said_at_once_and_the_words_are_kept(staff: Visitor, database: Database) -> None:
    staff.open(INVITATION)
    body = "Dear {nmae},\n\nsee { link } and {0.__class__}\n{"
    save(staff, body, "Two\nlines {", status=422)
    said = staff.page.by_id("errors")
    words = " ".join("".join(said.itertext()).split())
    for part in (
        "7 things to put right",
        "Line 2, column 7: this brace is not closed",
        "A subject is one line",
        "Line 1, column 6: there is no placeholder {nmae}",
        "Line 3, column 5: there is no placeholder { link }",
        "Line 3, column 18: there is no placeholder {0.__class__}",
        "Line 4, column 1: this brace is not closed",
        "{link} is missing",
    ):
        assert part in words
    assert "see { link } and {0.__class__}" in staff.page.html
    save(staff, "x" * 10_001 + "{link}", status=422)
    assert "Shorten it by 7" in staff.page.text or "Shorten it by 8" in staff.page.text
    with database.read() as session:
        assert session.scalars(select(MessageTemplate)).all() == []


def test_history_is_kept_and_an_earlier_text_comes_back_under_a_new_number(
    staff: Visitor, database: Database
) -> None:
    staff.open(INVITATION)
    save(staff)
    save(staff)
    assert "Number 1 is in force." in staff.page.text, "the same text once more is no new one"
    save(staff, "Second: {link}")
    staff.press("Put number 1 in force again")
    assert "Number 3 is in force." in staff.page.text
    assert "not a place" in staff.page.control("Text").text  # type: ignore[operator]  # it has words
    staff.press("Put the standard words in force again")
    assert "Number 4 is in force." in staff.page.text
    with database.read() as session:
        kept = session.scalars(select(MessageTemplate).order_by(MessageTemplate.number)).all()
        assert [each.number for each in kept] == [1, 2, 3, 4]
        assert kept[0].body == kept[2].body
        acts = session.scalars(select(AuditEvent.act).where(AuditEvent.act == "wrote_text")).all()
    assert len(acts) == 4


def test_two_who_write_at_once_lose_nothing(sign_in: SignIn, staff: Visitor) -> None:
    other = sign_in("administrator@example.org")
    for each in (staff, other):
        each.open(INVITATION)
    save(staff, "First: {link}")
    save(other, "Other: {link}", status=422)
    assert "Somebody saved another text while you wrote." in other.page.text
    assert "Other: {link}" in other.page.html
    assert "First: {link}" in other.page.text, "in the history"
    save(other, "Other: {link}")
    assert "Number 2 is in force." in other.page.text


def test_a_preview_is_what_one_recipient_reads_and_saves_nothing(staff: Visitor, database: Database) -> None:
    with database.begin() as session:
        user = session.scalars(select(User).where(User.email == "focal-syl@example.org")).one()
        user.name = '{link} O\'Neil "%s"\r\nBcc: all@mfa.example {0.__class__}'
    staff.open(f"{INVITATION}?response={response_of(database, 'SYL')}")
    assert "the Islands of Syldavia" in staff.page.text
    assert '{link} O\'Neil "%s" Bcc: all@mfa.example {0.__class__},' in staff.page.text
    assert "http://127.0.0.1:8000/invitation/…" in staff.page.text
    chosen = {"response": str(response_of(database, "ARC"))}
    staff.press("Preview", {"subject": "For {organisation}", "body": "Only {link}", **chosen})
    assert "For Arcadia" in staff.page.text
    assert "Only http://127.0.0.1:8000/invitation/…" in staff.page.text
    staff.press("Preview", {"subject": "", "body": "{oh}", **chosen}, status=422)
    assert "Write a subject" in staff.page.text
    with database.read() as session:
        assert session.scalars(select(MessageTemplate)).all() == []
        assert session.scalars(select(OutboxMessage)).all() == []


def test_hostile_names_reach_neither_header_nor_template(
    app: Flask, staff: Visitor, database: Database, tmp_path: Path
) -> None:
    with database.begin() as session:
        round_ = session.scalars(select(Round)).one()
        round_.title = "R\r\nBcc: all@mfa.example\n\n{link} %(x)s"
        user = session.scalars(select(User).where(User.email == "focal-bor@example.org")).one()
        user.name = "{name}\r\nX-Evil: 1"
    staff.open("/rounds/2026/invitations")
    staff.press("Invite Borduria")
    (letter,) = asking.deliver(app, tmp_path / "mail")
    assert letter["Bcc"] is None
    assert letter["X-Evil"] is None
    assert letter["Subject"] == "Invitation: R Bcc: all@mfa.example {link} %(x)s"
    assert "Dear {name} X-Evil: 1," in letter.get_content()


def test_a_reader_of_another_language_gets_its_text_and_else_the_english_one(
    app: Flask, staff: Visitor, database: Database, tmp_path: Path
) -> None:
    with database.begin() as session:
        for name, locale in (("focal-bor", "fr-CH"), ("focal-arc", "es")):
            user = session.scalars(select(User).where(User.email == f"{name}@example.org")).one()
            user.locale = locale
    staff.open(f"{LIST}/invitation/fr")
    assert "There is no text in this language yet" in staff.page.text
    save(staff, "Cher {name}, {link}, avant {deadline}", "Invitation à {organisation}")
    staff.open("/rounds/2026/invitations")
    for name in ("Borduria", "Arcadia"):
        staff.press(f"Invite {name}")
    letters = {str(each["To"]): each for each in asking.deliver(app, tmp_path / "mail")}
    assert letters["focal-bor@example.org"]["Subject"] == "Invitation à Borduria"
    assert "novembre 2027" in letters["focal-bor@example.org"].get_content()
    assert str(letters["focal-arc@example.org"]["Subject"]).startswith("Invitation: ")


def test_every_purpose_has_a_page_and_a_preview(staff: Visitor, database: Database) -> None:
    page = staff.open(LIST)
    links = [each.get("href", "") for each in page.all("a") if (each.get("href") or "").endswith("/en")]
    assert len(links) == 11
    for link in links:
        staff.open(f"{link}?response={response_of(database, 'alpha')}")
        assert "As it will be read" in staff.page.text
    staff.open(f"{LIST}/invitation/xx", status=404)
    staff.open(f"{LIST}/nothing/en", status=404)
    staff.open("/rounds/1999/texts", status=404)


def test_analysts_read_and_preview_but_do_not_write(sign_in: SignIn, database: Database) -> None:
    analyst = sign_in("analyst@example.org")
    analyst.open(f"{INVITATION}?response={response_of(database, 'ARC')}")
    assert "As it will be read" in analyst.page.text
    assert "Save this text" not in analyst.page.text
    sign_in("viewer@example.org").open(LIST, status=404)
