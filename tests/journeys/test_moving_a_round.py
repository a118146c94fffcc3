"""A running round moves to another version: staff see first who is affected, and nobody loses a word."""

import csv
import io
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app import clock
from app.database import Database
from app.definitions.schema import Questionnaire
from app.models import (
    Answer,
    AnswerRevision,
    AuditEvent,
    QuestionnaireVersion,
    RepeatInstance,
    Response,
    Submission,
)
from app.policy import SYSTEM
from app.queries import people
from app.services import attributing, discussing, publishing, submitting, upgrading, verifying
from app.services.answering import Change, save_answers
from app.services.conversing import About
from app.storage import Store
from config import Settings
from tests import factories
from tests.browsing import Visitor
from tests.factories import NOW, World
from tests.journeys import questionnaires
from tests.journeys.conftest import SignIn
from tests.journeys.questionnaires import COORDINATOR, asked, changed, drop

MOVE = "/rounds/r1/questionnaires/state/2"


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    return replace(settings, questionnaires=tmp_path / "questionnaires")


@pytest.fixture
def world(database: Database, settings: Settings) -> World:
    return questionnaires.settled(database, settings.questionnaires)


def publish(database: Database, questionnaire: Questionnaire) -> None:
    with database.begin() as session:
        publishing.publish_version(session, questionnaire, SYSTEM)


def response(database: Database, world: World, code: str) -> UUID:
    with database.read() as session:
        return session.scalars(
            select(Response.id).where(Response.organisation_id == world.organisations[code].id)
        ).one()


def number(database: Database, world: World, code: str) -> int:
    """The version that the response answers now."""
    with database.read() as session:
        return session.scalars(
            select(QuestionnaireVersion.number)
            .join(Response, Response.questionnaire_version_id == QuestionnaireVersion.id)
            .where(Response.organisation_id == world.organisations[code].id)
        ).one()


def write(database: Database, world: World, code: str, instance: UUID | None, **values: Any) -> None:
    with database.begin() as session:
        changes = [Change(instance, key, "", value, 0) for key, value in values.items()]
        save_answers(session, response(database, world, code), changes, world.actors[code], "page", NOW)  # type: ignore[arg-type]  # by value


def block(database: Database, world: World, code: str, iscm: str) -> UUID:
    with database.read() as session:
        return session.scalars(
            select(RepeatInstance.id).where(
                RepeatInstance.response_id == response(database, world, code),
                RepeatInstance.subject_id == world.organisations[iscm].id,
            )
        ).one()


def submit(database: Database, world: World, code: str) -> None:
    for iscm in ("alpha", "beta"):
        write(database, world, code, block(database, world, code, iscm), takes_part="yes", words="Much")
    write(database, world, code, None, contact_name="A. Person")
    with database.begin() as session:
        of = response(database, world, code)
        attributing.choose(session, of, "by_name", world.actors[code], NOW)  # type: ignore[arg-type]  # by value
        submitting.submit(session, of, "So it is.", world.actors[code], NOW)


def reworded(data: dict[str, Any]) -> None:
    asked(data, "words")["text"] = "In the words of your ministry"


def narrowed(data: dict[str, Any]) -> None:
    drop(data, "outlook")
    asked(data, "reasons")["options"].pop(0)


def forbidden(data: dict[str, Any]) -> None:
    asked(data, "outlook")["kind"] = "short_text"


def test_wording_moves_everybody_at_once_and_each_answer_keeps_the_wording_seen(
    sign_in: SignIn, database: Database, world: World, tmp_path: Path
) -> None:
    submit(database, world, "AAA")
    publish(database, changed(2, reworded))
    staff = sign_in(COORDINATOR)
    page = staff.open(MOVE)
    assert "3 responses move in one act." in page.text
    staff.press("Move 3 responses to version 2")
    assert [number(database, world, code) for code in ("AAA", "BBB", "CCC")] == [2, 2, 2]
    with database.read() as session:
        under = session.scalars(
            select(QuestionnaireVersion.number)
            .join(AnswerRevision, AnswerRevision.questionnaire_version_id == QuestionnaireVersion.id)
            .where(AnswerRevision.value.is_not(None))
        )
        assert set(under) == {1}, "each answer keeps the version under which it was given"
        moved = session.scalars(select(AuditEvent).where(AuditEvent.act == "moved_to_version")).all()
        assert [each.detail["to"] for each in moved] == [2, 2, 2]
    page = staff.open(f"/responses/{response(database, world, 'AAA')}/check")
    assert "In your words" in page.text, "what was submitted is read as it was asked"
    assert "In the words of your ministry" not in page.text
    assert verifying.problems(database.engine, Store(tmp_path)) == []


def test_narrowing_moves_only_what_is_not_submitted_and_says_first_who_is_affected(
    sign_in: SignIn, database: Database, world: World
) -> None:
    submit(database, world, "AAA")
    write(database, world, "BBB", None, outlook="A secret plan")
    write(
        database,
        world,
        "BBB",
        block(database, world, "BBB", "alpha"),
        takes_part="yes",
        reasons={"options": ["exchange"]},
    )
    publish(database, changed(2, narrowed))
    staff = sign_in(COORDINATOR)
    page = staff.open(MOVE)
    assert "2 responses move in one act. 1 stays" in page.text
    assert "A secret plan" not in page.text
    rows = list(csv.reader(io.StringIO(staff.client.get(f"{MOVE}/affected.csv").data.decode("utf-8-sig"))))
    affected = {row[0]: row[2:] for row in rows if row and row[0] in ("AAA", "BBB", "CCC")}
    assert affected["AAA"] == ["Submitted", "1", "Narrowing", "stays", "0", "0", "0"]
    assert affected["BBB"] == ["Under way", "1", "Narrowing", "moves", "1", "1", "0"]
    assert b"A secret plan" not in staff.client.get(f"{MOVE}/affected.xlsx").data
    staff.open(MOVE)
    staff.press("Move 2 responses to version 2")
    assert [number(database, world, code) for code in ("AAA", "BBB", "CCC")] == [1, 2, 2]


def test_what_gives_a_key_another_meaning_is_refused(
    sign_in: SignIn, database: Database, world: World
) -> None:
    publish(database, changed(2, forbidden))
    staff = sign_in(COORDINATOR)
    page = staff.open(MOVE)
    assert "This version cannot be applied while the round is open" in page.text
    assert [each for each in page.all("button") if "Move" in "".join(each.itertext())] == []
    assert [number(database, world, code) for code in ("AAA", "BBB", "CCC")] == [1, 1, 1]


def test_who_submits_between_looking_and_moving_is_not_moved_unseen(
    sign_in: SignIn, database: Database, world: World
) -> None:
    publish(database, changed(2, narrowed))
    staff = sign_in(COORDINATOR)
    staff.open(MOVE)
    submit(database, world, "AAA")
    page = staff.press("Move 3 responses to version 2", status=409)
    assert "Something has changed since you looked" in page.text
    assert number(database, world, "AAA") == 1


def test_an_answer_whose_question_is_gone_is_kept_and_stands_again_when_moved_back(
    sign_in: SignIn, database: Database, world: World
) -> None:
    write(database, world, "BBB", None, outlook="Long thoughts")
    with database.begin() as session:
        about = About("outlook")
        of, by = response(database, world, "BBB"), world.actors["BBB"]
        thread = discussing.ask(session, of, about, "How far ahead?", by, clock.now(), "").id
    publish(database, changed(2, narrowed))
    staff, respondent = sign_in(COORDINATOR), sign_in("bbb-fp@example.org")
    staff.open(MOVE)
    staff.press("Move 3 responses to version 2")
    page = respondent.open(f"/responses/{of}")
    assert "1 answer kept whose question is no longer asked" in page.text
    page = respondent.follow("What next?")
    assert "Long thoughts" in page.text
    shared = ("threads", f"threads/{thread}", "clearance", "team", "quoting", "language")
    for address in ("check", "print", "copies", "forms", *shared):
        respondent.open(f"/responses/{of}/{address}")
    assert "How far ahead?" in staff.open(f"/threads/{thread}").text
    staff.open("/threads")
    staff.open("/rounds/r1/questionnaires/state/1")
    staff.press("Move 3 responses to version 1")
    page = respondent.open(f"/responses/{of}/about/contact")
    assert "Long thoughts" in page.text
    assert "kept whose question" not in respondent.open(f"/responses/{of}").text


def _answer(database: Database, of: UUID, key: str) -> tuple[str, int]:
    """The answer to a question, and the number of the version it was given under."""
    with database.read() as session:
        value, under = session.execute(
            select(Answer.value, QuestionnaireVersion.number)
            .join(QuestionnaireVersion, QuestionnaireVersion.id == Answer.questionnaire_version_id)
            .where(Answer.response_id == of, Answer.question_key == key)
        ).one()
        return value, under


def _moves(database: Database, world: World, to: int = 2) -> None:
    with database.begin() as session:
        round_ = session.merge(world.round, load=True)
        version = session.scalars(
            select(QuestionnaireVersion).where(
                QuestionnaireVersion.questionnaire_key == "state", QuestionnaireVersion.number == to
            )
        ).one()
        upgrading.move(session, round_, version, None, SYSTEM, clock.now())


def test_a_page_that_is_open_while_the_round_moves_saves_every_word(
    sign_in: SignIn, database: Database, world: World
) -> None:
    respondent, of = sign_in("bbb-fp@example.org"), response(database, world, "BBB")
    respondent.open(f"/responses/{of}/about/contact")
    publish(database, changed(2, narrowed))
    _moves(database, world)
    page = respondent.press(
        "Save and continue", {"a.contact_name": "B. Person", "a.outlook": "Typed in the old page"}
    )
    assert "The questionnaire has changed" in page.text
    assert page.heading == "C"
    assert "What next?" not in page.text
    assert _answer(database, of, "contact_name") == ("B. Person", 1)
    assert _answer(database, of, "outlook") == ("Typed in the old page", 1)
    page = respondent.open(f"/responses/{of}")
    assert "Typed in the old page" in respondent.follow("What next?").text
    respondent.open(f"/responses/{of}/about/contact")
    respondent.press("Save and continue", {"a.contact_name": "B. Other"})
    assert _answer(database, of, "contact_name") == ("B. Other", 2)


def test_autosave_of_an_open_page_keeps_what_is_no_longer_asked_and_says_so(
    sign_in: SignIn, database: Database, world: World
) -> None:
    respondent, of = sign_in("bbb-fp@example.org"), response(database, world, "BBB")
    page = respondent.open(f"/responses/{of}/about/contact")
    version = page.one("input", name="version").get("value")
    publish(database, changed(2, narrowed))
    _moves(database, world)
    said = _autosave(
        respondent, of, version, {"name": "a.outlook", "values": {"a.outlook": ["Half a sent"]}, "seen": 0}
    )
    assert said["outcomes"] == [{"name": "a.outlook", "state": "saved", "revision": 1}]
    assert "The questionnaire has changed" in said["moved"]
    said = _autosave(
        respondent,
        of,
        version,
        {"name": "a.outlook", "values": {"a.outlook": ["Half a sentence"]}, "seen": 1},
    )
    assert said["outcomes"][0]["revision"] == 2
    assert _answer(database, of, "outlook") == ("Half a sentence", 1)


def _autosave(respondent: Visitor, of: UUID, version: str | None, change: dict[str, Any]) -> Any:
    body = {"page": "about//contact", "version": version, "changes": [change]}
    answer = respondent.post_json(f"/responses/{of}/autosave", body)
    assert answer.status_code == 200
    return answer.json


def test_two_versions_in_two_windows_clash_as_two_texts_do(
    sign_in: SignIn, database: Database, world: World
) -> None:
    write(database, world, "BBB", None, contact_name="First")
    old, of = sign_in("bbb-fp@example.org"), response(database, world, "BBB")
    old.open(f"/responses/{of}/about/contact")
    publish(database, changed(2, narrowed))
    _moves(database, world)
    new = sign_in("bbb-fp@example.org")
    new.open(f"/responses/{of}/about/contact")
    new.press("Save and continue", {"a.contact_name": "Second"})
    page = old.press("Save and continue", {"a.contact_name": "Third", "a.outlook": "Kept"}, status=409)
    assert "Two texts for one answer" in page.text
    old.press("Keep mine")
    assert _answer(database, of, "contact_name")[0] == "Third"
    assert _answer(database, of, "outlook") == ("Kept", 1)


def test_another_questionnaire_s_version_is_not_taken_for_an_older_one(
    sign_in: SignIn, database: Database, world: World
) -> None:
    respondent, of = sign_in("bbb-fp@example.org"), response(database, world, "BBB")
    with database.read() as session:
        foreign = session.scalars(
            select(QuestionnaireVersion.id).where(QuestionnaireVersion.questionnaire_key == "igo")
        ).one()
    respondent.open(f"/responses/{of}/about/contact")
    respondent.press("Save and continue", {"version": str(foreign), "a.contact_name": "B."})
    assert _answer(database, of, "contact_name") == ("B.", 1)
    with database.read() as session:
        assert foreign not in session.scalars(select(AnswerRevision.questionnaire_version_id)).all()


def test_an_entry_added_on_an_older_page_is_kept(sign_in: SignIn, database: Database, world: World) -> None:
    where = block(database, world, "BBB", "alpha")
    write(database, world, "BBB", where, takes_part="yes")
    respondent, of = sign_in("bbb-fp@example.org"), response(database, world, "BBB")
    page = respondent.open(f"/responses/{of}/mechanisms/{where}/per")
    name = next(name for each in page.all("input") if (name := each.get("name", "")).endswith(".example"))
    publish(database, changed(2, lambda data: drop(data, "effects")))
    _moves(database, world)
    page = respondent.press("Save and continue", {name: "A law"})
    assert "The questionnaire has changed" in page.text
    assert _answer(database, of, "example") == ("A law", 1)
    respondent.open(f"/responses/{of}")
    assert "A law" in respondent.follow("What?").text


def test_only_who_manages_rounds_moves_one(sign_in: SignIn, database: Database, world: World) -> None:
    publish(database, changed(2, reworded))
    analyst = sign_in("analyst@example.org")
    analyst.open(MOVE, status=404)
    page = analyst.open("/rounds/r1/questionnaires")
    assert "Move the others to it" not in page.text
    with database.read() as session:
        user = factories.user_of(session, world.actors["analyst"])
        assert people.actor(session, user, NOW).staff_role == "analyst"


def test_a_copy_of_what_was_sent_keeps_what_was_asked_then(
    sign_in: SignIn, database: Database, world: World
) -> None:
    write(database, world, "AAA", None, outlook="Sent with the first version")
    submit(database, world, "AAA")
    of = response(database, world, "AAA")
    with database.begin() as session:
        submitting.reopen(session, of, "To amend.", world.actors["AAA"], NOW)
    publish(database, changed(2, narrowed))
    _moves(database, world)
    respondent = sign_in("aaa-fp@example.org")
    respondent.open(f"/responses/{of}/copies")
    copies = [respondent.send(words).data for words in _copies(respondent)]
    said = [_words_in(copy) for copy in copies]
    assert sum("Sent with the first version" in text for text in said) >= 2, "as Word and as JSON"
    assert "No longer asked" in respondent.open(f"/responses/{of}/check").text
    assert "What next?" in respondent.open(f"/responses/{of}").text
    staff = sign_in("analyst@example.org")
    assert "Sent with the first version" in staff.open(f"/responses/{of}/check").text
    submit_again(database, world, "AAA")
    with database.read() as session:
        sent = session.scalars(
            select(QuestionnaireVersion.number)
            .join(Submission, Submission.questionnaire_version_id == QuestionnaireVersion.id)
            .order_by(Submission.number)
        ).all()
    assert sent == [1, 2]


def _copies(respondent: Visitor) -> list[str]:
    """The buttons that save a copy as Word or as JSON."""
    every = (" ".join("".join(each.itertext()).split()) for each in respondent.page.all("button"))
    return [words for words in every if words.startswith(("Word", "JSON"))]


def _words_in(copy: bytes) -> str:
    if not copy.startswith(b"PK"):
        return copy.decode()
    with zipfile.ZipFile(io.BytesIO(copy)) as archive:
        return archive.read("word/document.xml").decode()


def submit_again(database: Database, world: World, code: str) -> None:
    with database.begin() as session:
        of = response(database, world, code)
        submitting.submit(session, of, "Once more.", world.actors[code], NOW)
