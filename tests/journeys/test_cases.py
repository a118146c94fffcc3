"""Staff follow one respondent: contacts, outcomes, more time, and an answer that came on paper."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import clock
from app.database import Database
from app.models import (
    AnswerRevision,
    ContactEntry,
    Outcome,
    OutcomeChange,
    ReceivedAnswers,
    Response,
    ResponseStatus,
    Round,
    Submission,
    Via,
)
from app.policy import SYSTEM
from app.queries import evidence, trails
from app.services import attaching, declining, filing, repeating, rounds
from app.services.attaching import Where
from app.services.errors import ResponseLocked
from app.standing import Standing, standing
from tests.browsing import Visitor
from tests.journeys import asking
from tests.journeys.conftest import SignIn
from tests.journeys.responding import block_of, response_of, take_part
from tests.storing import PDF, multipart

BOR = "/rounds/2026/respondents/BOR"
TODAY = clock.now().date().isoformat()


@pytest.fixture(autouse=True)
def settled(database: Database) -> None:
    asking.settle(database)


@pytest.fixture
def coordinator(sign_in: SignIn) -> Visitor:
    return sign_in("coordinator@example.org")


@pytest.fixture
def mail(tmp_path: Path) -> Path:
    return tmp_path / "mail"


def stands(database: Database, code: str = "BOR") -> Standing:
    with database.read() as session:
        response = session.get_one(Response, response_of(database, code))
        round_ = session.get_one(Round, response.round_id)
        return standing(trails.of_response(session, round_, response), clock.now())


def cited(database: Database) -> int:
    """How many answers of Borduria a summary about alpha could cite."""
    with database.read() as session:
        round_ = session.scalars(select(Round)).one()
        iscm = asking.organisation_of(session, "alpha")
        found = evidence.about(session, round_, iscm)
        return sum(item.respondent == "BOR" for item in found.items)


def answered(database: Database) -> int:
    with database.read() as session:
        round_ = session.scalars(select(Round)).one()
        setting = evidence.setting_of(session, round_, asking.organisation_of(session, "alpha"))
        return setting.counts["state"].answered


def test_a_contact_is_written_down_once_with_its_next_step(coordinator: Visitor, database: Database) -> None:
    coordinator.open(BOR)
    page = coordinator.press("Write it down", {"next_on": "2030-01-01"}, status=422)
    for words in ("Choose how you were in touch", "Write what was said", "Say what is to be done next"):
        assert words in page.text
    told = {
        "kind": "call",
        "with_whom": "Ms Alpha",
        "text": "She has no time before May.",
        "happened-day": TODAY,
        "happened-time": "",
        "next_step": "Call again",
        "next_on": "2030-01-01",
    }
    told["key"] = next(each.get("value", "") for each in coordinator.open(BOR).all("input", name="key"))
    for _click in range(2):
        coordinator.open(BOR)
        coordinator.press("Write it down", told)
    assert "She has no time before May." in coordinator.page.text
    assert "Call again, until 1 January 2030" in coordinator.page.text
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(ContactEntry)) == 1


def test_a_submitted_answer_that_is_a_duplicate_leaves_counts_and_evidence(
    coordinator: Visitor, database: Database
) -> None:
    asking.submit(database)
    assert (answered(database), cited(database) > 0) == (1, True)
    coordinator.open(BOR)
    page = coordinator.press("Keep the outcome", {"outcome": "duplicate"}, status=422)
    assert "Say why" in page.text
    coordinator.press("Keep the outcome", {"outcome": "duplicate", "reason": "Sent under two codes"})
    assert "Set to: Duplicate" in coordinator.page.text
    assert (answered(database), cited(database), stands(database)) == (0, 0, Standing.DUPLICATE)
    coordinator.press("Keep the outcome", {"outcome": "none", "reason": "It was not"})
    assert (answered(database), cited(database) > 0) == (1, True)
    with database.read() as session:
        changes = session.scalars(select(OutcomeChange).order_by(OutcomeChange.at)).all()
        assert [(each.before, each.after) for each in changes] == [
            (None, Outcome.DUPLICATE),
            (Outcome.DUPLICATE, None),
        ]


def test_who_is_withdrawn_neither_answers_nor_counts(
    coordinator: Visitor, database: Database, sign_in: SignIn
) -> None:
    asking.submit(database)
    coordinator.open(BOR)
    coordinator.press("Withdraw Borduria", {"withdraw-reason": "Asked by mistake"})
    assert (answered(database), cited(database)) == (0, 0)
    coordinator.open("/rounds/2026/respondents/ARC")
    coordinator.press("Withdraw Arcadia", {"withdraw-reason": "Asked by mistake"})
    focal = sign_in("focal-arc@example.org")
    page = focal.open(f"/responses/{response_of(database, 'ARC')}")
    assert "Begin answering" not in page.text


def test_one_respondent_gets_more_time_with_a_reason(coordinator: Visitor, database: Database) -> None:
    coordinator.open(BOR)
    page = coordinator.press("Give Borduria more time", {"until-day": "2020-01-01"}, status=422)
    assert "Say why there is more time" in page.text
    coordinator.press("Give Borduria more time", {"until-day": "2999-01-01", "until-reason": "Elections"})
    assert "Given time until 1 January 2999" in coordinator.page.text
    assert "Elections" in coordinator.page.text


def test_nothing_of_a_draft_is_on_the_page_but_how_many_answers(
    coordinator: Visitor, database: Database, sign_in: SignIn
) -> None:
    asking.submit(database, words="What only Borduria knows")
    focal = sign_in("focal-bor@example.org")
    focal.open(f"/responses/{response_of(database, 'BOR')}/withdraw")
    focal.press("Withdraw the answers", {"reason": "An error"})
    page = coordinator.open(BOR)
    assert "What only Borduria knows" not in page.text
    assert "A draft: its number is all that staff see of it." in page.text


def received(coordinator: Visitor, status: int = 200, **changed: object) -> Visitor:
    coordinator.open(BOR)
    coordinator.follow("Enter an answer received on paper or by telephone")
    told: dict[str, object] = {
        "way": "interview",
        "from_whom": "Ms Alpha, Ministry",
        "dated": TODAY,
        **changed,
    }
    coordinator.press("Write it down and go on", told, status=status)
    return coordinator


def test_an_interview_is_entered_on_the_respondent_s_pages_and_submitted(
    app: Flask, coordinator: Visitor, database: Database, mail: Path, sign_in: SignIn
) -> None:
    received(coordinator)
    here = coordinator.url
    coordinator.follow("Enter them page by page")
    coordinator.follow("Alpha Process on Mobility")
    coordinator.press("Save and continue", {"a.takes_part": "yes"})
    coordinator.open(here)
    coordinator.follow("How the answers may be quoted")
    coordinator.press("Save", {"quoting": "by_name"})
    coordinator.open(here)
    page = coordinator.press("Submit the answers of Borduria", status=422)
    assert "Say who answers for this" in page.text
    coordinator.press("Submit the answers of Borduria", {"statement": "Said by Ms Alpha on the telephone"})
    assert coordinator.page.heading == "Borduria"
    assert stands(database) is Standing.BY_INTERVIEW
    with database.read() as session:
        revisions = session.scalars(select(AnswerRevision)).all()
        assert {each.via for each in revisions} == {Via.STAFF}
        submission = session.scalars(select(Submission)).one()
        assert submission.received_id == session.scalars(select(ReceivedAnswers.id)).one()
    (letter,) = asking.deliver(app, mail)
    assert letter["To"].startswith("focal-bor@")
    assert "by word of mouth from Ms Alpha, Ministry" in letter.get_content()
    focal = sign_in("focal-bor@example.org")
    page = focal.open(f"/responses/{response_of(database, 'BOR')}/check")
    assert f"entered by IOM from a conversation of Ms Alpha, Ministry, {TODAY}" in page.text


def test_what_a_code_is_asked_as_is_kept_on_the_way(coordinator: Visitor) -> None:
    coordinator.open("/rounds/2026/respondents/BOR?as=state")
    coordinator.follow("Enter an answer received on paper or by telephone")
    told = {"way": "interview", "from_whom": "Ms Alpha, Ministry", "dated": TODAY}
    page = coordinator.press("Write it down and go on", told)
    assert coordinator.url.endswith("?as=state")
    for address in (page.link("Later"), page.form_of(page.button("Submit the answers")).get("action")):
        assert str(address).endswith("?as=state")
    coordinator.open("/rounds/2026/respondents/BOR?as=igo", status=404)


def test_paper_needs_its_scan_and_a_draft_of_the_respondent_s_own_is_left_alone(
    coordinator: Visitor, database: Database, sign_in: SignIn
) -> None:
    received(coordinator, status=422, way="paper", from_whom="", dated="2999-01-01")
    for words in ("Choose the scan of the paper", "Say who gave the answers", "not later than today"):
        assert words in coordinator.page.text
    asking.submit(database)
    focal = sign_in("focal-bor@example.org")
    focal.open(f"/responses/{response_of(database, 'BOR')}/withdraw")
    focal.press("Withdraw the answers", {"reason": "An error"})
    page = coordinator.open(f"{BOR}/received")
    assert "writes a draft of its own" in page.text


def test_the_focal_point_s_first_words_end_entering_for_it(coordinator: Visitor, database: Database) -> None:
    received(coordinator)
    here = coordinator.url
    coordinator.follow("Enter them page by page")
    asking.submit(database)
    with database.begin() as session:
        response = session.get_one(Response, response_of(database, "BOR"))
        assert response.status is ResponseStatus.SUBMITTED
    assert "Read what was submitted" in coordinator.open(here).text


def close_with_a_cut_off(database: Database, days: int) -> None:
    """The deadline was a week ago, the round is closed, and the cut-off is so many days from now."""
    with database.begin() as session:
        round_ = session.scalars(select(Round)).one()
        round_.closes_at = clock.now() - timedelta(days=7)
        round_.opens_at = round_.closes_at - timedelta(days=7)
        round_.cutoff_at = max(clock.now() + timedelta(days=days), round_.closes_at)
        for response in session.scalars(select(Response)):
            response.due_at = round_.closes_at
        if round_.closed_at is None:
            rounds.close(session, round_, SYSTEM)


def test_a_draft_of_a_closed_round_is_not_submitted_and_can_be_until_the_cut_off(
    database: Database, sign_in: SignIn
) -> None:
    focal = sign_in("focal-bor@example.org")
    home = f"/responses/{response_of(database, 'BOR')}"
    take_part(database, focal, code="BOR")
    close_with_a_cut_off(database, days=7)
    assert stands(database) is Standing.NOT_SUBMITTED
    assert (answered(database), cited(database)) == (0, 0)
    page = focal.open(home)
    assert "Not submitted yet" in page.text
    assert "it is then marked as late, and counts" in page.text
    asking.submit_as_it_is(database)
    assert stands(database) is Standing.SUBMITTED_LATE
    assert (answered(database), cited(database) > 0) == (1, True)
    with database.read() as session:
        due = session.scalars(select(Submission.due_at)).one()
        assert due == session.scalars(select(Round.closes_at)).one()


def test_after_the_cut_off_a_draft_stays_and_says_so(database: Database, sign_in: SignIn) -> None:
    focal = sign_in("focal-bor@example.org")
    take_part(database, focal, code="BOR")
    close_with_a_cut_off(database, days=-2)
    page = focal.open(f"/responses/{response_of(database, 'BOR')}")
    assert "no more answers are taken" in page.text
    with pytest.raises(ResponseLocked):
        asking.submit_as_it_is(database)
    assert stands(database) is Standing.NOT_SUBMITTED


ANSWERS = b"""
round: "2026"
organisation: BOR
attribution: by name
mechanisms:
  alpha:
    answers: {takes_part: "yes", would_help: "What the letter says"}
"""


def send(coordinator: Visitor, address: str, content: bytes, name: str, **fields: str) -> str:
    """Post a form that brings a file; the address that it leads to, or the words of the page."""
    token = next(each.get("value", "") for each in coordinator.page.all("input", name="csrf_token"))
    body, media_type = multipart({"csrf_token": token, **fields}, content, name)
    answer = coordinator.client.post(address, data=body, content_type=media_type)
    return str(answer.headers.get("Location") or answer.text)


def test_a_paper_is_kept_with_its_scan_and_entered_from_a_file(
    coordinator: Visitor, database: Database
) -> None:
    coordinator.open(f"{BOR}/received")
    told = {"way": "paper", "from_whom": "The Ministry", "dated": TODAY}
    here = send(coordinator, f"{BOR}/received", PDF, "letter.pdf", **told)
    page = coordinator.open(here)
    assert "letter.pdf" in page.text
    scan = coordinator.client.get(page.link("letter.pdf"))
    assert scan.data == PDF
    assert scan.headers["Content-Disposition"].startswith("attachment")
    wrong = send(coordinator, f"{here}/file", ANSWERS.replace(b"BOR", b"ARC"), "a.yaml")
    assert "The file is about another respondent" in wrong
    faulty = send(coordinator, f"{here}/file", ANSWERS.replace(b"would_help", b"nowhere"), "a.yaml")
    assert "there is no such question here" in faulty
    assert send(coordinator, f"{here}/file", ANSWERS, "a.yaml") == here
    coordinator.open(here)
    coordinator.press("Submit the answers of Borduria", {"statement": "Signed by the Minister"})
    assert stands(database) is Standing.ON_PAPER
    with database.read() as session:
        said = session.scalars(select(AnswerRevision.source)).all()
    assert {each["what"] for each in said} == {f"a paper of The Ministry, {TODAY}"}


def test_a_file_of_the_respondent_s_own_is_a_draft_that_staff_do_not_read(
    app: Flask, coordinator: Visitor, database: Database
) -> None:
    """A mechanism attaches its rules before it types a word; then IOM hears its answers on the telephone."""
    page = f"{BOR.removesuffix('BOR')}alpha"
    coordinator.open(f"{page}/received")
    told = {"way": "interview", "from_whom": "The secretariat", "dated": TODAY}
    coordinator.press("Write it down and go on", told)
    here = coordinator.url
    focal, now = asking.actor_of(database, "focal-alpha"), clock.now()
    where = Where(response_of(database, "alpha"), None, "governing_document_title")
    file = filing.receive(app.extensions["store"], io.BytesIO(PDF), "internal draft.pdf")
    with database.begin() as session:
        attached = attaching.attach(session, where, file, focal, now).id
    address = f"/responses/{where.response_id}"
    assert coordinator.client.get(f"{address}/attachments/{attached}").status_code == 404
    assert coordinator.client.get(f"{address}/check").status_code == 404
    assert "internal draft.pdf" not in coordinator.open(here).text
    assert "has begun a draft of its own" in coordinator.page.text
    assert "writes a draft of its own" in coordinator.open(f"{page}/received").text


def test_a_record_that_the_respondent_removes_ends_entering_for_it(
    coordinator: Visitor, database: Database
) -> None:
    received(coordinator)
    here, response, now = coordinator.url, response_of(database, "BOR"), clock.now()
    staff, focal = asking.actor_of(database, "coordinator"), asking.actor_of(database, "focal-bor")
    with database.begin() as session:
        block = block_of(database, "BOR", "alpha")
        record = repeating.add_record(session, response, "effects", block, staff, now).id
    assert coordinator.client.get(f"/responses/{response}/check").status_code == 200
    with database.begin() as session:
        repeating.remove_instance(session, response, record, focal, now)
    assert coordinator.client.get(f"/responses/{response}/check").status_code == 404
    assert "has begun a draft of its own" in coordinator.open(here).text


def test_a_viewer_sees_neither_people_nor_what_was_said_with_them(
    coordinator: Visitor, database: Database, sign_in: SignIn
) -> None:
    coordinator.open(BOR)
    told = {"kind": "call", "with_whom": "Ms Alpha", "text": "Ms Alpha is ill.", "happened-day": TODAY}
    coordinator.press("Write it down", told)
    received(coordinator)
    focal, now = asking.actor_of(database, "focal-bor"), clock.now()
    response = response_of(database, "BOR")
    with database.begin() as session:
        declining.decline(session, response, "The minister objects", focal, now)
    page = sign_in("viewer@example.org").open(BOR)
    for words in ("Ms Alpha", "focal-bor@", "The minister objects"):
        assert words not in page.text
    assert "Declined" in page.text
    for words in ("Ms Alpha is ill.", "Ms Alpha, Ministry", "The minister objects", "focal-bor@"):
        assert words in coordinator.open(BOR).text
