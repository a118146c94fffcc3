"""Whom to ask at IOM stands on every page of a respondent; the terms are explained."""

import pytest
from flask import Flask
from sqlalchemy import select

from app.database import Database
from app.models import Round
from app.web import glossary
from tests.browsing import Visitor
from tests.counting import counted
from tests.journeys import asking
from tests.journeys.conftest import SignIn
from tests.journeys.responding import response_of

CONTACT = {
    "name": "Edda Holm",
    "email": "round@iom.example",
    "phone": "+000 555 01 40",
    "hours": "Monday to Friday, 9:00 to 17:00",
    "zone": "Europe/Zurich",
}
LINE = "Edda Holm · round@iom.example · +000 555 01 40 (Monday to Friday, 9:00 to 17:00, Geneva time)"


@pytest.fixture(autouse=True)
def settled(database: Database) -> None:
    asking.settle(database)
    with database.begin() as session:
        session.scalars(select(Round)).one().contact = dict(CONTACT)


@pytest.fixture
def focal(sign_in: SignIn) -> Visitor:
    return sign_in("focal-bor@example.org")


@pytest.fixture
def home(database: Database) -> str:
    return f"/responses/{response_of(database, 'BOR')}"


@pytest.mark.parametrize("page", ["", "/about/contact", "/check", "/print", "/threads", "/forms", "/team"])
def test_every_page_of_a_respondent_says_whom_to_ask(focal: Visitor, home: str, page: str) -> None:
    assert LINE in focal.open(home + page).text


def test_a_page_that_is_not_there_says_it_too(focal: Visitor, home: str) -> None:
    page = focal.open(f"{home}/no-such-section/page", status=404)
    assert LINE in page.text


def test_a_stranger_learns_nothing_by_it(sign_in: SignIn, home: str, database: Database) -> None:
    stranger = sign_in("focal-arc@example.org")
    theirs = stranger.open(home, status=404)
    nothing = stranger.open("/responses/00000000-0000-0000-0000-000000000000", status=404)
    assert theirs.text == nothing.text
    assert LINE not in theirs.text


def test_the_page_that_says_how_to_ask_names_the_round(focal: Visitor, sign_in: SignIn, app: Flask) -> None:
    page = focal.open("/ask-iom")
    assert f"Assessment of mechanisms, 2026 {LINE}" in page.text
    assert LINE not in Visitor(app).open("/ask-iom").text
    assert LINE not in sign_in("analyst@example.org").open("/ask-iom").text


def test_a_round_without_a_contact_has_no_empty_line(database: Database, focal: Visitor, home: str) -> None:
    with database.begin() as session:
        session.scalars(select(Round)).one().contact = None
    assert "Questions to IOM:" not in focal.open(home).text
    with database.begin() as session:
        session.scalars(select(Round)).one().contact = {"email": "round@iom.example"}
    assert "Questions to IOM: round@iom.example" in focal.open(home).text


def test_the_contact_costs_no_query(app: Flask, database: Database, focal: Visitor, home: str) -> None:
    focal.open(home)
    with_contact = queries(app, focal, home)
    with database.begin() as session:
        session.scalars(select(Round)).one().contact = None
    assert queries(app, focal, home) == with_contact


def queries(app: Flask, visitor: Visitor, address: str) -> int:
    """How many statements a page takes."""
    with counted(app.extensions["database"].engine) as seen:
        visitor.open(address)
    return len([each for each in seen if each.lstrip().upper().startswith(("SELECT", "UPDATE"))])


def test_the_glossary_is_open_to_all_and_each_term_has_an_anchor(app: Flask) -> None:
    page = Visitor(app).open("/glossary")
    assert page.heading == "Glossary"
    for group in glossary.terms():
        for term in group.terms:
            assert page.by_id(f"term-{term.key}") is not None
    assert page.link("Glossary").endswith("/glossary")


def test_a_question_page_leads_to_the_terms_that_it_uses(focal: Visitor, home: str) -> None:
    page = focal.open(f"{home}/about/contact")
    assert page.link("Clearance").endswith("/glossary#term-clearance")
    assert "In the glossary: Clearance" in page.text


def test_every_term_that_questions_lead_to_is_in_the_glossary() -> None:
    known = {term.key for group in glossary.terms() for term in group.terms}
    assert set(glossary.used_in(" ".join(WORDS))) <= known
    assert len(known) > 30


WORDS = [
    "Which chair and secretariat?",
    "thematic areas",
    "work plan",
    "Global Compact",
    "overlap",
    "cleared",
]
