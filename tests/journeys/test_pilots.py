"""A version is tried on the real pages by colleagues, and nothing of it ever counts."""

import email
import io
import zipfile
from dataclasses import replace
from datetime import timedelta
from email import policy
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from app import clock
from app.database import Database
from app.models import Appointment, Organisation, QuestionnaireVersion, Response, Round, User
from app.policy import SYSTEM
from app.queries import definitions, people
from app.services import delegating, naming_officers, publishing
from app.services.delegating import Gift
from app.services.errors import NotPossible
from config import Settings
from tests.browsing import Visitor
from tests.factories import World
from tests.journeys import questionnaires
from tests.journeys.conftest import SignIn
from tests.journeys.questionnaires import ANALYST, COORDINATOR, changed, drop, lay

MARK = "Pilot: this never counts"


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    return replace(settings, questionnaires=tmp_path / "questionnaires")


@pytest.fixture
def world(database: Database, settings: Settings) -> World:
    made = questionnaires.settled(database, settings.questionnaires)
    lay(settings.questionnaires, changed(2, lambda data: drop(data, "outlook")))
    return made


def _tomorrow(days: int = 1) -> str:
    return (clock.now() + timedelta(days=days)).date().isoformat()


def _user(database: Database, address: str) -> str:
    with database.read() as session:
        return str(session.scalars(select(User.id).where(User.email == address)).one())


def start(sign_in: SignIn, database: Database, key: str = "state", which: str = "v2.yaml") -> Visitor:
    staff = sign_in(ANALYST)
    staff.open(f"/questionnaires/{key}/{which}/pilot")
    testers = {"answers": [_user(database, ANALYST)], "clears": [_user(database, COORDINATOR)]}
    staff.press(f"Pilot version {2 if which == 'v2.yaml' else 1}", {"until": _tomorrow(7), **testers})
    return staff


def pilot_response(database: Database) -> UUID:
    with database.read() as session:
        return session.scalars(
            select(Response.id)
            .join(Round, Round.id == Response.round_id)
            .where(Round.pilots_version_id.is_not(None))
        ).one()


def test_a_file_that_is_not_published_is_tried_from_answering_to_the_summary(
    sign_in: SignIn, database: Database, world: World, settings: Settings
) -> None:
    staff = start(sign_in, database)
    assert staff.page.heading == "Pilot of “To state”, version 2"
    page = staff.follow("Pilot State")
    assert MARK in page.text
    _answer_all(staff, database)
    home = f"/responses/{pilot_response(database)}"
    staff.open(f"{home}/clearance")
    staff.press("Ask for clearance", {"note": "Try to clear it"})
    officer = sign_in(COORDINATOR)
    assert MARK in officer.open(f"{home}/clearance").text
    officer.press("Clear 3 answers", {"decision": "clear"})
    _submit(staff, home)
    assert staff.page.heading == "The answers of the Pilot State are submitted"
    with database.read() as session:
        round_ = session.scalars(select(Round).where(Round.pilots_version_id.is_not(None))).one()
    staff.open(f"/pilots/{round_.code}")
    page = staff.follow("Pilot Dialogue")
    assert MARK in page.text
    page = staff.press("Compile")
    code = page.url.rpartition("/")[2]
    coordinator = sign_in(COORDINATOR)
    coordinator.open(f"/findings/{round_.code}/{code}/publish")
    answer = coordinator.send("Publish edition 1")
    assert answer.status_code >= 400
    assert "A pilot never counts" in answer.text or "nothing to publish" in answer.text


def _submit(staff: Visitor, home: str) -> None:
    staff.open(f"{home}/check")
    staff.press("Submit the answers of the Pilot State", {"statement": "yes"})


def _answer_all(staff: Visitor, database: Database) -> None:
    of = pilot_response(database)
    staff.open(f"/responses/{of}/about/contact")
    staff.press("Save and continue", {"a.contact_name": "Somebody"})
    for _mechanism in range(2):
        staff.press("Save and continue", {"a.takes_part": "yes"})
        staff.press("Save and continue")
    staff.open(f"/responses/{of}/quoting")
    staff.press("Save", {"quoting": "by_name"})


def test_everything_of_a_pilot_says_so(sign_in: SignIn, database: Database, world: World) -> None:
    staff = start(sign_in, database)
    of = pilot_response(database)
    for address in ("", "/about/contact", "/check", "/copies", "/forms", "/clearance", "/threads", "/team"):
        page = staff.open(f"/responses/{of}{address}")
        assert MARK in page.text, address
    printed = staff.open(f"/responses/{of}/print")
    assert MARK in printed.text


def test_letters_of_a_pilot_are_marked(
    app: Flask, sign_in: SignIn, database: Database, world: World, settings: Settings
) -> None:
    staff = start(sign_in, database)
    _answer_all(staff, database)
    staff.open(f"/responses/{pilot_response(database)}/clearance")
    staff.press("Ask for clearance", {"note": ""})
    officer = sign_in(COORDINATOR)
    officer.open(f"/responses/{pilot_response(database)}/clearance")
    officer.press("Clear 3 answers", {"decision": "clear"})
    _submit(staff, f"/responses/{pilot_response(database)}")
    app.extensions["letters"].deliver()
    letters = _letters(settings)
    assert letters
    for letter in letters:
        assert str(letter["Subject"]).startswith("[Pilot]")
        body = letter.get_body(("plain",))
        assert body is not None
        assert body.get_content().startswith(f"{MARK}.")


def _letters(settings: Settings) -> list[email.message.EmailMessage]:
    found = []
    for path in settings.mail_folder.glob("*.eml"):
        message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
        assert isinstance(message, email.message.EmailMessage)
        found.append(message)
    return found


def test_publishing_the_same_file_later_knows_nothing_of_the_pilot(
    sign_in: SignIn, database: Database, world: World, settings: Settings
) -> None:
    start(sign_in, database)
    start(sign_in, database)
    with database.begin() as session:
        kept = session.scalars(
            select(QuestionnaireVersion).where(QuestionnaireVersion.questionnaire_key == "state-pilot")
        ).all()
        assert [each.number for each in kept] == [1], "the same content is kept once"
        latest = definitions.latest(session, kept[0].audience)
        assert latest is not None
        assert (latest.questionnaire_key, latest.number) == ("state", 1)
        tried = definitions.of(session, kept[0].id)
        row = publishing.publish_version(session, tried, SYSTEM)
        assert (row.questionnaire_key, row.number) == ("state", 2)


def test_a_pilot_asks_for_a_day_and_for_somebody_who_answers(
    sign_in: SignIn, database: Database, world: World
) -> None:
    staff = sign_in(ANALYST)
    staff.open("/questionnaires/state/1/pilot")
    page = staff.press("Pilot version 1", {"until": "yesterday"}, status=422)
    assert "Give the last day: a day after today" in page.text
    assert "Choose at least one colleague who answers" in page.text
    respondent = _user(database, "aaa-fp@example.org")
    page = staff.press("Pilot version 1", {"until": _tomorrow(), "answers": [respondent]}, status=422)
    assert "Choose colleagues of the list" in page.text
    page = staff.press("Pilot version 1", {"until": _tomorrow(400)}, status=422)
    assert "within 90 days" in page.text
    with database.read() as session:
        assert session.scalars(select(Round.code)).all() == ["r1"], "nothing half done"


def test_one_act_ends_a_pilot(sign_in: SignIn, database: Database, world: World) -> None:
    staff = start(sign_in, database)
    page = staff.press("End this pilot")
    assert "ended on" in page.text
    with database.read() as session:
        made = session.scalars(
            select(Appointment.valid_until)
            .join(Organisation, Organisation.id == Appointment.organisation_id)
            .where(Organisation.code.like("pilot-%"))
        ).all()
        assert made == [clock.now().date()] * 2
    page = staff.open(f"/responses/{pilot_response(database)}")
    assert "Answer by" not in page.text
    staff.client.post(f"/responses/{pilot_response(database)}/about/contact")


def test_what_colleagues_remark_stands_on_the_pilot_s_page_and_in_no_inbox(
    sign_in: SignIn, database: Database, world: World
) -> None:
    staff = start(sign_in, database)
    pilot = staff.url
    of = pilot_response(database)
    staff.open(f"/responses/{of}/threads/about/contact_name")
    staff.press("Send", {"text": "Whose name is meant?"})
    page = staff.open(pilot if pilot.startswith("/pilots") else "/questionnaires")
    if page.heading == "Questionnaires":
        page = staff.follow("pilot-state-v2-1")
    assert "Whose name is meant?" in page.text
    assert "Your name" in page.text
    assert "Whose name is meant?" not in staff.open("/threads").text


def test_the_other_audiences_are_tried_too(sign_in: SignIn, database: Database, world: World) -> None:
    for key, name in (("iscm", "Pilot Process"), ("igo", "Pilot Organization")):
        staff = start(sign_in, database, key, "1")
        page = staff.follow(name)
        assert MARK in page.text


def test_documents_of_a_pilot_say_so(sign_in: SignIn, database: Database, world: World) -> None:
    staff = start(sign_in, database)
    home = f"/responses/{pilot_response(database)}"
    staff.open(f"{home}/copies")
    word = staff.send("Word", {"format": "docx"}).data
    assert MARK in _inside(word, "word/document.xml")
    assert MARK in _inside(word, "word/footer1.xml")
    pdf = PdfReader(io.BytesIO(staff.send("PDF", {"format": "pdf"}).data))
    for page in pdf.pages:
        assert MARK in page.extract_text()


def _inside(document: bytes, part: str) -> str:
    with zipfile.ZipFile(io.BytesIO(document)) as archive:
        return archive.read(part).decode()


def test_nobody_from_outside_is_let_in_by_a_pilot(world: World, database: Database, sign_in: SignIn) -> None:
    """An analyst, who keeps no people, answers in a pilot and would invite a stranger as focal points do."""
    start(sign_in, database)
    response, now = pilot_response(database), clock.now()
    section = "about"
    with database.begin() as session:
        analyst = people.actor(session, session.scalars(select(User).where(User.email == ANALYST)).one(), now)
        gift = Gift(section_key=section)
        with pytest.raises(NotPossible, match="tried by those who were chosen"):
            delegating.invite(session, response, "stranger@other.example", "S", [gift], analyst, now)
        with pytest.raises(NotPossible, match="tried by those who were chosen"):
            naming_officers.name_officer(session, response, "stranger@other.example", "S", analyst, now)
    with database.read() as session:
        assert session.scalar(select(User.id).where(User.email == "stranger@other.example")) is None
