"""The analyst's page: every sentence leads to its sources, and nobody sees more than they may."""

import io
import json
import zipfile
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.engine import URL

from app import clock
from app.cli import demo_content
from app.database import Database
from app.models import AuditEvent, CompiledSummary, User
from app.policy import StaffRole
from tests.browsing import Page, Visitor, words
from tests.counting import counted
from tests.databases import type_of_copy
from tests.journeys.conftest import SignIn

ANALYST = "mara.quill@iom.example"
VIEWER = "viewer@iom.example"
GEORGIA = "georgia@states.example"
EAP = "/findings/2019/eap-panel"
SABLE = "/findings/training/sable-dialogue"


@pytest.fixture(scope="module")
def loaded(copy_of_template: type_of_copy) -> URL:
    """Both demonstration rounds, loaded once for each engine."""
    url = copy_of_template(demo_content.load)
    made = Database(url)
    with made.begin() as session:
        session.add(User(email=VIEWER, name="Vera Lund", staff_role=StaffRole.VIEWER, created_at=clock.now()))
    made.dispose()
    return url


@pytest.fixture
def database(loaded: URL) -> Iterator[Database]:
    """Takes the place of the empty database for the fixtures of the journeys."""
    made = Database(loaded)
    yield made
    made.dispose()


def notes_of(page: Page) -> dict[str, str]:
    """Every source note of the page by its id, with its words."""
    return {item.get("id", ""): words(item) for item in page.all("li", class_="note-line")}


def test_every_statement_cites_and_every_numeral_leads_to_a_note_and_back(sign_in: SignIn) -> None:
    page = sign_in(ANALYST).open(EAP)
    assert page.heading == "EaP Panel: summary of findings"
    statements = page.all("div", class_="statement")
    assert len(statements) > 30
    notes = notes_of(page)
    for statement in statements:
        numerals = [link for link in statement.iter("a") if link.get("class") == "cite"]
        assert numerals, words(statement)
        for numeral in numerals:
            note = numeral.get("href", "").removeprefix("#")
            assert note in notes
            back = [link.get("href") for link in page.by_id(note).iter("a")]
            assert f"#{numeral.get('id')}" in back


def test_a_note_has_respondent_question_answer_time_and_revision(sign_in: SignIn) -> None:
    page = sign_in(ANALYST).open(EAP)
    [note] = [text for text in notes_of(page).values() if "In which year was the EaP Panel launched" in text]
    for piece in (
        "EaP Panel, Year of launch · revision 1",
        "Answer 2017",
        "Given 2019",
    ):
        assert piece in note


def test_the_fields_of_one_record_share_one_note(sign_in: SignIn) -> None:
    page = sign_in(ANALYST).open(EAP)
    sentence = next(
        each for each in page.all("div", class_="statement") if "was launched in 2017" in words(each)
    )
    assert len([link for link in sentence.iter("a") if link.get("class") == "cite"]) == 2


def test_what_is_missing_stands_beside_it(sign_in: SignIn) -> None:
    visitor = sign_in(ANALYST)
    text = visitor.open(EAP).text
    for piece in ("Gaps 5", "Chair: no answer to publish", "4 of 34 members answered about it."):
        assert piece in text
    text = visitor.open(SABLE).text
    for piece in (
        "Views that differ 2",
        "Awaiting translation 4",
        "Named by another",
        "Background (",
        "Quoted only in part",
    ):
        assert piece in text


def test_who_is_named_by_another_is_said_once_for_each_speaker(sign_in: SignIn) -> None:
    page = sign_in(ANALYST).open(SABLE)
    (part,) = (
        section
        for section in page.all("section")
        if any(words(title).startswith("Named by another") for title in section.iter("h2"))
    )
    named = [words(each) for each in part.iter("li")]
    assert "Brenmark, by Sable Dialogue" in named
    assert len(named) == len(set(named))


def test_viewers_see_only_what_is_given_by_name(sign_in: SignIn) -> None:
    analyst, viewer = sign_in(ANALYST).open(SABLE), sign_in(VIEWER).open(SABLE)
    assert "staff only" in analyst.text
    assert "Background" in analyst.text
    assert "staff only" not in viewer.text
    assert "Background" not in viewer.text
    assert "that are not given by name" in viewer.text
    assert not [each for each in viewer.all("button") if words(each) != "Sign out"]


def test_compiling_keeps_the_summary_and_says_when(sign_in: SignIn, database: Database) -> None:
    visitor = sign_in(ANALYST)
    visitor.open(EAP)
    page = visitor.press("Compile")
    assert "Compiled today" in page.text
    page = visitor.press("Compile again")
    assert "today" in words(visitor.open("/findings/2019").one("table"))
    with database.read() as session:
        assert len(session.scalars(select(CompiledSummary)).all()) == 1


def test_the_four_files_come_by_post_and_are_noted(sign_in: SignIn, database: Database) -> None:
    visitor = sign_in(ANALYST)
    visitor.open(EAP)
    word, pdf = visitor.send("Word"), visitor.send("PDF")
    html, data = visitor.send("HTML"), visitor.send("JSON")
    assert "word/document.xml" in zipfile.ZipFile(io.BytesIO(word.data)).namelist()
    assert pdf.data.startswith(b"%PDF")
    assert b"<h1" in html.data
    assert json.loads(data.data)["iscm"] == "eap-panel"
    assert word.headers["Content-Disposition"] == 'attachment; filename="eap-panel-2019-summary.docx"'
    with database.read() as session:
        acts = [
            each.detail["format"]
            for each in session.scalars(select(AuditEvent))
            if each.act == "exported_findings"
        ]
    assert sorted(acts) == ["docx", "html", "json", "pdf"]


@pytest.mark.parametrize("act", ["compile", "export"])
def test_viewers_can_neither_compile_nor_export(sign_in: SignIn, act: str) -> None:
    visitor = sign_in(VIEWER)
    page = visitor.open(EAP)
    token = page.one("input", name="csrf_token").get("value")
    answer = visitor.client.post(f"{EAP}/{act}", data={"csrf_token": token, "format": "json"})
    assert answer.status_code == 404


def test_a_format_that_does_not_exist_is_not_found(sign_in: SignIn) -> None:
    visitor = sign_in(ANALYST)
    visitor.open(EAP)
    token = visitor.page.all("input", name="csrf_token")[0].get("value")
    assert (
        visitor.client.post(f"{EAP}/export", data={"csrf_token": token, "format": "exe"}).status_code == 404
    )


def test_respondents_do_not_find_it(sign_in: SignIn) -> None:
    sign_in(GEORGIA).open(EAP, status=404)


def test_the_lists_ask_the_same_number_of_queries_for_a_small_and_a_large_round(
    sign_in: SignIn, app: Flask
) -> None:
    visitor = sign_in(ANALYST)
    small, large = (count_queries(app, visitor, f"/findings/{code}") for code in ("training", "2019"))
    assert small == large <= 8


def count_queries(app: Flask, visitor: Visitor, address: str) -> int:
    with counted(app.extensions["database"].engine) as seen:
        visitor.open(address)
    return len(
        [statement for statement in seen if statement.lstrip().upper().startswith(("SELECT", "UPDATE"))]
    )


def test_the_corrections_of_submitted_answers_wait_for_a_decision(
    sign_in: SignIn,
) -> None:
    page = sign_in(ANALYST).open("/register")
    table = page.one("table", aria_labelledby="inbox")
    assert "year established 2001 2017" in words(table)
    assert not [each for each in page.all("button") if "Taken over" in words(each)]
    administrator = sign_in("tomas.reed@iom.example")
    administrator.open("/register")
    administrator.press("Taken over: Eastern Partnership Panel")
    assert "year established 2001 2017" not in administrator.page.text
    assert administrator.page.heading == "Register of mechanisms"
