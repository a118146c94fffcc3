"""Clearance: asked for, sent back with reasons beside the questions, given for a text and no other."""

from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import clock
from app.database import Database
from app.models import AuditEvent, Clearance, Response, ResponseStatus, Round, Submission, Via
from app.policy import SYSTEM
from app.services import answering, freezing, submitting
from app.services.answering import Change
from app.web.letters import Letters
from config import Settings
from tests import factories
from tests.browsing import Visitor
from tests.contract.conftest import actor_of
from tests.journeys.conftest import SignIn
from tests.journeys.responding import answer, block_of, choose, response_of, submit


@pytest.fixture
def database(round_open: Database) -> Database:
    """Takes the place of the empty database."""
    return round_open


@pytest.fixture
def home(database: Database) -> str:
    return f"/responses/{response_of(database, 'BOR')}"


@pytest.fixture
def focal(database: Database, sign_in: SignIn, home: str) -> Visitor:
    """Borduria's focal point, with everything answered that must be."""
    visitor = sign_in("focal-bor@example.org")
    answer(database, visitor)
    choose(visitor, home)
    return visitor


def ask_for_more(focal: Visitor, home: str, *rules: str) -> None:
    focal.open(f"{home}/clearance")
    focal.press("Save this rule", {"clearance": list(rules)})


@pytest.fixture
def officer(focal: Visitor, home: str, sign_in: SignIn) -> Visitor:
    """Borduria's clearing officer, whom the focal point has named."""
    ask_for_more(focal, home, "wanted")
    focal.press("Name this clearing officer", {"name": "Olga Clear", "email": "olga@bor.example"})
    return sign_in("olga@bor.example")


def ask(focal: Visitor, home: str, button: str = "Ask for clearance") -> None:
    focal.open(f"{home}/clearance")
    focal.press(button, {"note": "Mind the second answer"})


def clear(officer: Visitor, home: str) -> None:
    officer.open(f"{home}/clearance")
    officer.press("Clear 2 answers", {"decision": "clear"})


def test_answers_that_are_to_be_cleared_cannot_be_submitted_before(
    database: Database, focal: Visitor, home: str, officer: Visitor
) -> None:
    page = focal.open(f"{home}/check")
    assert "Clearance comes first" in page.text
    assert "Submit the answers of Borduria" not in page.text
    token = page.all("input", name="csrf_token")[0].get("value", "")
    forced = focal.client.post(f"{home}/submit", data={"csrf_token": token, "statement": "yes"})
    assert forced.status_code == 422
    assert "These answers are to be cleared before they are submitted." in forced.text
    ask(focal, home)
    assert "In clearance" in focal.page.text
    clear(officer, home)
    assert "Cleared by Olga Clear" in officer.page.text
    submit(focal, home)
    assert focal.page.heading == "The answers of Borduria are submitted"


def test_the_clearing_officer_reads_and_sends_back_and_cannot_write(
    database: Database, focal: Visitor, home: str, officer: Visitor
) -> None:
    ask(focal, home)
    page = officer.open(f"{home}/clearance")
    assert page.heading == "Clear the answers of Borduria"
    assert "Mind the second answer" in page.text
    assert "More time" in page.text
    block = block_of(database, "BOR", "alpha")
    token = page.all("input", name="csrf_token")[0].get("value", "")
    value = f"{home}/mechanisms/{block}/value"
    written = officer.client.post(
        value, data={"csrf_token": token, "a.would_help": "Mine", "a.would_help.seen": "1"}
    )
    assert written.status_code == 404
    officer.press("Send back what is marked", {"decision": "back"}, status=422)
    assert "Say why the answers go back." in officer.page.text
    remark = f"remark.answer-{block}-would_help"
    officer.press("Clear 2 answers", {"decision": "clear", remark: "Which time?"}, status=422)
    assert "You wrote why something goes back." in officer.page.text
    assert "Which time?" in officer.page.text
    officer.press("Send back what is marked", {"decision": "back", remark: "How much time?"})
    beside = focal.open(value).text
    assert "Sent back at clearance" in beside
    assert "How much time?" in beside
    assert "How much time?" not in focal.open(f"{home}/mechanisms/{block}/taking_part").text
    assert "1 remark to see to." in focal.open(home).text
    focal.open(f"{home}/clearance")
    seen = focal.page
    focal.press("Seen to")
    focal._page = seen
    focal.press("Seen to")
    assert "How much time?" not in focal.open(value).text


def test_a_clearance_covers_the_text_as_it_was_and_no_other(
    database: Database, focal: Visitor, home: str, officer: Visitor
) -> None:
    ask(focal, home)
    officer.open(f"{home}/clearance")
    answer(database, focal, **{"a.would_help": "Much more time"})
    page = officer.press("Clear 2 answers", {"decision": "clear"}, status=422)
    assert "An answer was changed while you were reading." in page.text
    assert "Changed after you were asked" in page.text
    officer.press("Clear 2 answers", {"decision": "clear"})
    assert "Go to clearance" not in focal.open(f"{home}/check").text
    answer(database, focal, **{"a.would_help": "Quite another thing"})
    assert "An answer was changed after the clearance" in focal.open(f"{home}/check").text
    choose(focal, home, "unnamed")
    ask(focal, home, "Ask for clearance again")
    clear(officer, home)
    choose(focal, home, "by_name")
    assert "An answer was changed after the clearance" in focal.open(f"{home}/check").text


def test_with_four_eyes_nobody_clears_or_submits_their_own(
    database: Database, focal: Visitor, home: str
) -> None:
    ask_for_more(focal, home, "four_eyes")
    focal.press("Name this clearing officer", {"name": "focal-bor", "email": "focal-bor@example.org"})
    ask(focal, home)
    focal.open(f"{home}/clearance")
    page = focal.press("Clear 2 answers", {"decision": "clear"}, status=422)
    assert "You asked for this clearance yourself; somebody else has to give it." in page.text


def test_only_the_clearing_officer_can_ask_for_less(focal: Visitor, home: str, officer: Visitor) -> None:
    focal.open(f"{home}/clearance")
    page = focal.press("Save this rule", {"clearance": []}, status=422)
    assert "Only the clearing officer can ask for less clearance." in page.text
    officer.open(f"{home}/clearance")
    officer.press("Save this rule", {"clearance": []})
    assert "can be submitted without clearance" in officer.page.text


def test_clearance_is_asked_for_once_and_can_be_taken_back(
    database: Database, focal: Visitor, home: str, officer: Visitor
) -> None:
    focal.open(f"{home}/clearance")
    before = focal.page
    focal.press("Ask for clearance")
    focal._page = before
    focal.press("Ask for clearance", status=422)
    assert "Clearance has been asked for already." in focal.page.text
    officer.open(f"{home}/clearance")
    focal.press("Take it back")
    officer.press("Clear 2 answers", {"decision": "clear"}, status=422)
    assert "it was taken back or decided" in officer.page.text
    with database.read() as session:
        assert len(session.scalars(select(Clearance)).all()) == 1


def test_nothing_can_be_asked_for_while_something_is_missing(
    database: Database, sign_in: SignIn, home: str
) -> None:
    focal = sign_in("focal-bor@example.org")
    ask_for_more(focal, home, "wanted")
    focal.press("Name this clearing officer", {"name": "Olga Clear", "email": "olga"}, status=422)
    assert "Give an address such as" in focal.page.text
    focal.press("Name this clearing officer", {"name": "Olga Clear", "email": "olga@bor.example"})
    page = focal.press("Ask for clearance", status=422)
    assert "missing or need" in page.text


def test_letters_say_what_waits_and_what_came_of_it(
    app: object, settings: Settings, database: Database, focal: Visitor, home: str, officer: Visitor
) -> None:
    ask(focal, home)
    officer.open(f"{home}/clearance")
    officer.press("Send back what is marked", {"decision": "back", "reason": "Too long"})
    assert Letters(database, settings).deliver() == 3
    letters = [
        message_from_bytes(file.read_bytes(), policy=default) for file in settings.mail_folder.glob("*.eml")
    ]
    subjects = {(str(letter["To"]), str(letter["Subject"])) for letter in letters}
    assert subjects == {
        ("olga@bor.example", "You clear the answers of Borduria"),
        ("olga@bor.example", "For clearance: the answers of Borduria"),
        ("focal-bor@example.org", "Sent back: the answers of Borduria"),
    }
    bodies = "".join(letter.get_content() for letter in letters)
    assert "Too long" in bodies
    assert "More time" not in bodies


def test_every_step_leaves_its_event(database: Database, focal: Visitor, home: str, officer: Visitor) -> None:
    ask(focal, home)
    officer.open(f"{home}/clearance")
    officer.press("Send back what is marked", {"decision": "back", "reason": "Too long"})
    ask(focal, home, "Ask for clearance again")
    clear(officer, home)
    with database.read() as session:
        acts = list(session.scalars(select(AuditEvent.act).order_by(AuditEvent.number)))
    found = [act for act in acts if "clear" in act or act == "sent_back"]
    assert found == ["set_clearance_rule", "asked_clearance", "sent_back", "asked_clearance", "cleared"]


def test_iom_sees_nothing_of_a_clearance(
    database: Database, focal: Visitor, home: str, officer: Visitor, sign_in: SignIn
) -> None:
    ask(focal, home)
    officer.open(f"{home}/clearance")
    block = block_of(database, "BOR", "alpha")
    remark = f"remark.answer-{block}-would_help"
    officer.press("Send back what is marked", {"decision": "back", remark: "A secret of ours"})
    ask(focal, home, "Ask for clearance again")
    clear(officer, home)
    submit(focal, home)
    analyst = sign_in("analyst@example.org")
    page = analyst.open(f"{home}/clearance")
    assert page.heading == "Answers of Borduria"
    for address in ("", "/check", "/print"):
        assert "A secret of ours" not in analyst.open(f"{home}{address}").text


def test_what_was_submitted_can_be_withdrawn_until_the_cut_off(
    database: Database, focal: Visitor, home: str, sign_in: SignIn
) -> None:
    submit(focal, home)
    focal.follow("Withdraw the answers")
    focal.press("Withdraw the answers of Borduria", {"reason": " "}, status=422)
    assert "Say why the answers are withdrawn." in focal.page.text
    focal.press("Withdraw the answers of Borduria", {"reason": "The minister changed his mind"})
    with database.read() as session:
        response = session.get_one(Response, response_of(database, "BOR"))
        assert response.status is ResponseStatus.IN_PROGRESS
        assert session.scalars(select(Submission.withdrawn_at)).one() is not None
    sign_in("analyst@example.org").open(f"{home}/check", status=404)
    submit(focal, home)
    assert focal.page.heading == "The answers of Borduria are submitted"


def test_after_the_cut_off_nothing_can_be_withdrawn(database: Database, focal: Visitor, home: str) -> None:
    submit(focal, home)
    with database.begin() as session:
        past = clock.now() - timedelta(hours=1)
        earlier = past - timedelta(days=300)
        session.execute(update(Round).values(opens_at=earlier, closes_at=past, cutoff_at=past))
    page = focal.open(f"{home}/withdraw")
    assert "Answers can no longer be withdrawn" in page.text
    token = focal.open(f"{home}/quoting").all("input", name="csrf_token")[0].get("value", "")
    forced = focal.client.post(f"{home}/withdraw", data={"csrf_token": token, "reason": "Late"})
    assert forced.status_code == 409
    assert "The cut-off has passed." in forced.text


def test_a_reopened_response_keeps_what_was_submitted_beside_it(
    database: Database, focal: Visitor, home: str
) -> None:
    submit(focal, home)
    with database.begin() as session:
        submitting.reopen(session, response_of(database, "BOR"), "A slip", SYSTEM, clock.now())
    assert "Changed since it was submitted" not in focal.open(f"{home}/check").text
    answer(database, focal, **{"a.would_help": "More money"})
    page = focal.open(f"{home}/check").text
    assert "Changed since it was submitted" in page
    assert "As submittedMore time" in page
    assert "NowMore" in page


def test_somebody_of_another_state_finds_no_clearance(
    database: Database, home: str, focal: Visitor, sign_in: SignIn
) -> None:
    with database.begin() as session:
        factories.person(session, "nobody")
    for email in ("focal-arc@example.org", "nobody@example.org"):
        sign_in(email).open(f"{home}/clearance", status=404)


def test_a_member_of_staff_cannot_be_named_and_so_drawn_to_one_side(
    database: Database, focal: Visitor, home: str, sign_in: SignIn
) -> None:
    ask_for_more(focal, home, "wanted")
    named = {"name": "An Analyst", "email": "analyst@example.org"}
    focal.press("Name this clearing officer", named, status=422)
    assert "member of IOM’s staff" in focal.page.text
    assert sign_in("analyst@example.org").client.get(home).status_code == 404


def test_who_handed_over_meanwhile_is_told_nothing_of_the_decision_and_the_successor_is(
    database: Database, settings: Settings, focal: Visitor, home: str, officer: Visitor
) -> None:
    ask(focal, home)
    Letters(database, settings).deliver()
    focal.open(home)
    focal.follow("Hand over to a successor")
    successor = {"name": "Nana Next", "email": "nana@bor.example", "on": clock.now().date().isoformat()}
    focal.press("Hand over to the successor", successor)
    officer.open(f"{home}/clearance")
    officer.press("Send back what is marked", {"decision": "back", "reason": "Strike what the king said"})
    Letters(database, settings).deliver()
    letters = [
        message_from_bytes(each.read_bytes(), policy=default) for each in settings.mail_folder.glob("*.eml")
    ]
    told = [letter["To"] for letter in letters if "what the king said" in letter.get_content()]
    assert told == ["nana@bor.example"]


def test_a_decision_that_waits_to_be_sent_goes_to_nobody_who_has_left(
    database: Database, settings: Settings, focal: Visitor, home: str, officer: Visitor
) -> None:
    ask(focal, home)
    officer.open(f"{home}/clearance")
    officer.press("Send back what is marked", {"decision": "back", "reason": "Strike what the king said"})
    focal.open(home)
    focal.follow("Hand over to a successor")
    successor = {"name": "Nana Next", "email": "nana@bor.example", "on": clock.now().date().isoformat()}
    focal.press("Hand over to the successor", successor)
    Letters(database, settings).deliver()
    letters = b"".join(each.read_bytes() for each in settings.mail_folder.glob("*.eml"))
    assert b"what the king said" not in letters


def test_what_is_saved_while_the_page_is_drawn_is_not_cleared_unread(
    database: Database, focal: Visitor, home: str, officer: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(focal, home)
    digest_now = freezing.digest_now
    saved: list[bool] = []

    def overtaken(session: Session, response: Response) -> str:
        if not saved:
            saved.append(True)
            write(database, "Unread")
        return digest_now(session, response)

    monkeypatch.setattr(freezing, "digest_now", overtaken)
    read = officer.open(f"{home}/clearance").text
    answer = officer.send("Clear 2 answers", {"decision": "clear"})
    assert answer.status_code == (200 if "Unread" in read else 422)


def write(database: Database, text: str) -> None:
    """Save Borduria's second answer from elsewhere."""
    focal = actor_of(database, "BOR")
    with database.begin() as session:
        change = Change(block_of(database, "BOR", "alpha"), "would_help", "", text, 1)
        response = response_of(database, "BOR")
        answering.save_answers(session, response, [change], focal, Via.PAGE, clock.now())


@pytest.mark.parametrize("step", ["ask", "back", "remark", "withdraw"])
def test_what_no_database_takes_is_dropped_from_a_reason(
    database: Database, focal: Visitor, home: str, officer: Visitor, step: str
) -> None:
    text = "Too\0 long\x0b"
    if step == "withdraw":
        ask(focal, home)
        clear(officer, home)
        submit(focal, home)
        focal.open(f"{home}/withdraw")
        focal.press("Withdraw the answers of Borduria", {"reason": text})
        return
    focal.open(f"{home}/clearance")
    focal.press("Ask for clearance", {"note": text if step == "ask" else ""})
    officer.open(f"{home}/clearance")
    remark = f"remark.answer-{block_of(database, 'BOR', 'alpha')}-would_help"
    fields = {remark: text} if step == "remark" else {"reason": text}
    officer.press("Send back what is marked", {"decision": "back", **fields})
    assert "Too long" in focal.open(f"{home}/clearance").text or step == "ask"
