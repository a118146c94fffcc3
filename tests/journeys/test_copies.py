"""Receipts: the letter that confirms, copies in every form, and a fingerprint that anybody can compute."""

import hashlib
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from app import clock
from app.database import Database
from app.models import AppointmentRole, AuditEvent, Submission, Via
from app.services import submitting, withdrawing
from app.services.answering import Change, save_answers
from tests import factories
from tests.browsing import Visitor
from tests.journeys import asking
from tests.journeys.conftest import SignIn
from tests.journeys.responding import block_of, response_of


@pytest.fixture
def database(staffed: Database) -> Database:
    """Takes the place of the empty database."""
    return staffed


@pytest.fixture
def focal(sign_in: SignIn) -> Visitor:
    return sign_in("focal-bor@example.org")


@pytest.fixture
def home(database: Database) -> str:
    return f"/responses/{response_of(database, 'BOR')}"


def amend(database: Database, words: str) -> None:
    """Reopen, write something else, and submit again."""
    person, now, response = asking.actor_of(database, "focal-bor"), clock.now(), response_of(database, "BOR")
    with database.begin() as session:
        submitting.reopen(session, response, "A slip", person, now)
        change = Change(block_of(database, "BOR", "alpha"), "would_help", "", words, 1)
        save_answers(session, response, [change], person, Via.PAGE, now)
        submitting.submit(session, response, "Cleared again.", person, now)


def copy(visitor: Visitor, home: str, form: str, which: str = "") -> bytes:
    """The file that a button of the page gives; ``which`` is the beginning of its section's heading."""
    visitor.open(f"{home}/copies")
    sections = [each for each in visitor.page.all("section") if each.get("class") == "record"]
    section = next(each for each in sections if which in "".join(each.itertext()))
    button = next(each for each in section.iter("button") if (each.text or "").strip() == form)
    values = visitor.values(next(iter(section.iter("form"))))
    answer = visitor.client.post(button.get("formaction", ""), data=values)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return bytes(answer.data)


def words_of_pdf(content: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


def words_of_word(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_the_focal_point_and_the_clearing_officer_get_one_confirmation_each(
    app: Flask, database: Database, focal: Visitor, home: str, sign_in: SignIn, tmp_path: Path
) -> None:
    with database.begin() as session:
        borduria = asking.organisation_of(session, "BOR")
        factories.person(session, "clearing", borduria, AppointmentRole.CLEARING_OFFICER)
        factories.person(session, "writes", borduria, AppointmentRole.CONTRIBUTOR)
    asking.submit(database)
    focal.open(f"{home}/check")
    letters = asking.deliver(app, tmp_path / "mail")
    assert asking.to(letters) == ["clearing", "focal-bor"]
    with database.read() as session:
        sent = session.scalars(select(Submission)).one()
    text = letters[0].get_content()
    assert sent.reference in text
    assert sent.digest in text
    assert re.search(r"Submitted: \d+ \w+ \d{4}, \d\d:\d\d, Geneva time", text)
    assert f"{home}/copies" in text
    assert f"{home}/amend" in text
    assert asking.deliver(app, tmp_path / "mail") == []


def test_a_draft_is_marked_as_one_in_every_form(database: Database, sign_in: SignIn) -> None:
    focal = sign_in("focal-arc@example.org")
    home = f"/responses/{response_of(database, 'ARC')}"
    focal.open(f"{home}/mechanisms/{block_of(database, 'ARC', 'alpha')}/taking_part")
    focal.press("Save and leave", {"a.takes_part": "yes"})
    assert "Draft, not submitted" in words_of_pdf(copy(focal, home, "PDF"))
    assert "Draft, not submitted" in words_of_word(copy(focal, home, "Word"))
    data = json.loads(copy(focal, home, "JSON"))
    assert data["receipt"]["state"] == "draft, not submitted"
    assert data["mechanisms"]["alpha"]["answers"] == {"takes_part": "yes"}


def test_the_submitted_one_carries_its_receipt(database: Database, focal: Visitor, home: str) -> None:
    asking.submit(database)
    with database.read() as session:
        sent = session.scalars(select(Submission)).one()
    for words in (words_of_pdf(copy(focal, home, "PDF")), words_of_word(copy(focal, home, "Word"))):
        assert sent.reference in words
        assert sent.digest in words
        assert "Geneva time" in words
        assert "More time" in words
        assert "Draft" not in words
    receipt = json.loads(copy(focal, home, "JSON"))["receipt"]
    assert (receipt["reference"], receipt["digest"]) == (sent.reference, sent.digest)
    assert (receipt["zone"], receipt["attribution"]) == ("Europe/Zurich", "by_name")
    assert receipt["submitted_at"][-6:] in {"+01:00", "+02:00"}


def fingerprint(receipt: dict[str, Any]) -> str:
    """As docs/formats.md says it, without a line of the service's code."""
    text = json.dumps(receipt["sent"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


@pytest.mark.parametrize("words", ["More time", 'Žluťoučký “kůň” متى؟ 🙂\n\ttab and\nlines, \\ "quotes"'])
def test_anybody_can_compute_the_fingerprint_from_the_file(
    database: Database, focal: Visitor, home: str, words: str
) -> None:
    asking.submit(database, words=words)
    data = json.loads(copy(focal, home, "JSON"))
    assert fingerprint(data["receipt"]) == data["receipt"]["digest"]
    said = [each for each in data["receipt"]["sent"]["answers"] if each[1] == "would_help"]
    assert json.loads(said[0][-1]) == data["mechanisms"]["alpha"]["answers"]["would_help"] == words
    said[0][-1] = json.dumps(words + ".", ensure_ascii=False)
    assert fingerprint(data["receipt"]) != data["receipt"]["digest"]


def test_each_submission_stays_beside_the_one_that_is_written(
    database: Database, focal: Visitor, home: str
) -> None:
    asking.submit(database)
    amend(database, "Much more time")
    person, now, response = asking.actor_of(database, "focal-bor"), clock.now(), response_of(database, "BOR")
    with database.begin() as session:
        submitting.reopen(session, response, "Another slip", person, now)
        change = Change(block_of(database, "BOR", "alpha"), "would_help", "", "No time at all", 2)
        save_answers(session, response, [change], person, Via.PAGE, now)
    with database.read() as session:
        first, second = session.scalars(select(Submission).order_by(Submission.number)).all()
    expected = {"As they stand now": "No time at all", second.reference: "Much more time"}
    page = focal.open(f"{home}/copies")
    assert "Earlier submission" in page.text
    for which, words in {**expected, f"{first.reference}Earlier": "More time"}.items():
        data = json.loads(copy(focal, home, "JSON", which.removesuffix("Earlier")))
        if which.endswith("Earlier"):
            data = json.loads(copy_of(focal, home, 1))
        assert data["mechanisms"]["alpha"]["answers"]["would_help"] == words
    assert fingerprint(json.loads(copy_of(focal, home, 1))["receipt"]) == first.digest
    assert fingerprint(json.loads(copy_of(focal, home, 2))["receipt"]) == second.digest


def copy_of(focal: Visitor, home: str, number: int) -> bytes:
    """The JSON of the submission with this number."""
    focal.open(f"{home}/copies")
    token = focal.page.all("input", name="csrf_token")[0].get("value", "")
    data = {"csrf_token": token, "submission": str(number)}
    answer = focal.client.post(f"{home}/answers.json", data=data)
    assert answer.status_code == 200
    return bytes(answer.data)


def test_staff_get_what_was_submitted_and_never_the_draft(
    database: Database, focal: Visitor, home: str, sign_in: SignIn
) -> None:
    asking.submit(database)
    person, now, response = asking.actor_of(database, "focal-bor"), clock.now(), response_of(database, "BOR")
    with database.begin() as session:
        submitting.reopen(session, response, "A slip", person, now)
        change = Change(block_of(database, "BOR", "alpha"), "would_help", "", "SECRET", 1)
        save_answers(session, response, [change], person, Via.PAGE, now)
    staff = sign_in("analyst@example.org")
    assert "As they stand now" not in staff.open(f"{home}/copies").text
    for form in ("json", "pdf", "docx"):
        token = staff.page.all("input", name="csrf_token")[0].get("value", "")
        answer = staff.client.post(f"{home}/answers.{form}", data={"csrf_token": token})
        assert answer.status_code == 200
        reading: dict[str, Callable[[bytes], str]] = {
            "json": bytes.decode,
            "pdf": words_of_pdf,
            "docx": words_of_word,
        }
        read = reading[form]
        assert "More time" in read(answer.data)
        assert "SECRET" not in read(answer.data)


def test_a_copy_is_written_down_and_what_does_not_exist_is_not_found(
    database: Database, focal: Visitor, home: str
) -> None:
    asking.submit(database)
    copy(focal, home, "JSON")
    with database.read() as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.act == "exported_answers")).one()
    assert event.detail == {"format": "json", "submission": 1}
    token = focal.page.all("input", name="csrf_token")[0].get("value", "")
    for path, number in (
        (f"{home}/answers.exe", ""),
        (f"{home}/answers.json", "7"),
        (f"{home}/answers.json", "x"),
    ):
        data = {"csrf_token": token, "submission": number}
        assert focal.client.post(path, data=data).status_code == 404


def test_the_page_that_confirms_explains_the_fingerprint(
    database: Database, focal: Visitor, home: str
) -> None:
    asking.submit(database)
    page = focal.open(f"{home}/submitted")
    assert "if one letter differed, it would be another" in page.text
    focal.follow("Copies as PDF, Word or JSON")
    assert focal.page.heading == "Copies of the answers of Borduria"


def test_a_withdrawn_submission_is_kept_for_its_own_people_only(
    app: Flask, database: Database, focal: Visitor, home: str, sign_in: SignIn, tmp_path: Path
) -> None:
    asking.submit(database)
    person, now, response = asking.actor_of(database, "focal-bor"), clock.now(), response_of(database, "BOR")
    with database.begin() as session:
        withdrawing.withdraw(session, response, "Sent by mistake", person, now)
    assert asking.deliver(app, tmp_path / "mail") == [], "nobody is told of what counts no longer"
    page = focal.open(f"{home}/copies")
    assert "Withdrawn" in page.text
    assert "Counts now" not in page.text
    amended = Change(block_of(database, "BOR", "alpha"), "would_help", "", "Much more time", 1)
    with database.begin() as session:
        save_answers(session, response, [amended], person, Via.PAGE, now)
        submitting.submit(session, response, "Cleared again.", person, now)
    staff = sign_in("analyst@example.org")
    token = staff.open(f"{home}/copies").all("input", name="csrf_token")[0].get("value", "")
    for number, status in (("1", 404), ("2", 200)):
        data = {"csrf_token": token, "submission": number}
        assert staff.client.post(f"{home}/answers.json", data=data).status_code == status
    assert json.loads(copy_of(focal, home, 1))["receipt"]["state"] == "submitted"
