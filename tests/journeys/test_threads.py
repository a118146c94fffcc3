"""A respondent asks IOM, IOM asks back; who is told, who reads what, and what staff never learn."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, select

from app import clock
from app.database import Database
from app.models import AppointmentRole, Comment, OutboxMessage, Thread
from app.services import delegating
from app.services.delegating import Gift
from tests.browsing import Visitor
from tests.journeys import asking, responding
from tests.journeys.conftest import SignIn
from tests.journeys.responding import block_of, page_of, response_of

SECRET = "A draft that nobody at IOM may see"


@pytest.fixture
def database(staffed: Database) -> Database:
    """Takes the place of the empty database."""
    return staffed


@pytest.fixture
def mail(tmp_path: Path) -> Path:
    return tmp_path / "mail"


@pytest.fixture
def focal(database: Database, sign_in: SignIn) -> Visitor:
    """Arcadia's focal point on the page about why alpha is valued, with something written there."""
    visitor = sign_in("focal-arc@example.org")
    responding.take_part(database, visitor)
    page_of(database, visitor, "value")
    visitor.press("Save and leave", {"a.would_help": SECRET})
    page_of(database, visitor, "value")
    return visitor


def ask(visitor: Visitor, text: str, status: int = 200) -> None:
    visitor.press("Send the question to IOM", {"text": text}, status=status)


def asked_about_a_question(database: Database, focal: Visitor, text: str = "What counts as help?") -> str:
    """Ask about the question *What would help*; the address of the conversation."""
    focal.open(
        f"/responses/{response_of(database, 'ARC')}/threads/about"
        f"/{block_of(database, 'ARC', 'alpha')}/would_help"
    )
    ask(focal, text)
    return focal.url


def test_a_question_is_asked_beside_it_and_answered_by_iom(
    app: Flask, database: Database, focal: Visitor, sign_in: SignIn, mail: Path
) -> None:
    links = [each.get("href", "") for each in focal.page.all("a")]
    address = next(link for link in links if link.endswith("/would_help") and "/threads/about/" in link)
    page = focal.open(address)
    assert page.one("blockquote").text is not None
    assert "Alpha Process" in page.one("blockquote").text  # type: ignore[operator]  # it is text
    ask(focal, "What counts as help?")
    assert "Waits for IOM" in focal.page.text
    assert asking.to(asking.deliver(app, mail)) == ["coordinator"]

    staff = sign_in("analyst@example.org")
    staff.open("/threads")
    staff.follow("Arcadia, Question to IOM")
    assert "What counts as help?" in staff.page.text
    staff.press("Send to Arcadia", {"text": "Whatever made it easier."})
    letters = asking.deliver(app, mail)
    assert asking.to(letters) == ["focal-arc"]
    assert "> Whatever made it easier." in letters[0].get_content()

    page = focal.open(f"/responses/{response_of(database, 'ARC')}")
    assert "IOM answered" in page.text
    focal.follow("Alpha Process: ")
    assert "Whatever made it easier." in focal.page.text
    page_of(database, focal, "value")
    assert "1 conversation with IOM" in focal.page.text


def test_staff_learn_nothing_of_a_draft_from_a_question_about_it(
    database: Database, focal: Visitor, sign_in: SignIn
) -> None:
    thread = asked_about_a_question(database, focal).rpartition("/")[2]
    for person in ("analyst", "coordinator", "administrator"):
        staff = sign_in(f"{person}@example.org")
        for address in ("/threads", f"/threads/{thread}"):
            assert SECRET not in staff.open(address).html
    viewer = sign_in("viewer@example.org")
    viewer.open("/threads", status=404)
    viewer.open(f"/threads/{thread}", status=404)


def test_the_letter_to_staff_holds_no_word_of_what_was_written(
    app: Flask, database: Database, focal: Visitor, mail: Path
) -> None:
    asked_about_a_question(database, focal, "Ours is a delicate case")
    (letter,) = asking.deliver(app, mail)
    assert "delicate" not in letter.get_content()
    assert "http://127.0.0.1:8000/threads/" in letter.get_content()


def test_what_staff_write_among_themselves_stays_there(
    app: Flask, database: Database, focal: Visitor, sign_in: SignIn, mail: Path
) -> None:
    address = asked_about_a_question(database, focal)
    asking.deliver(app, mail)
    staff = sign_in("coordinator@example.org")
    staff.open(f"/threads/{address.rpartition('/')[2]}")
    staff.press("Keep for staff only", {"text": "Ask the lawyers first"})
    assert "Ask the lawyers first" in staff.page.text
    assert asking.deliver(app, mail) == []
    assert "lawyers" not in focal.open(address).html
    assert "lawyers" not in focal.open(f"/responses/{response_of(database, 'ARC')}/threads").html
    assert "Waits for IOM" in focal.open(address).text


def test_either_side_closes_and_a_new_comment_opens_again(
    database: Database, focal: Visitor, sign_in: SignIn
) -> None:
    address = asked_about_a_question(database, focal)
    focal.press("Close this conversation")
    assert "Closed" in focal.page.text
    assert "What counts as help?" not in sign_in("coordinator@example.org").open("/threads").text
    focal.press("Send it to IOM", {"text": "One thing more"})
    assert "Waits for IOM" in focal.page.text
    staff = sign_in("coordinator@example.org")
    staff.open(f"/threads/{address.rpartition('/')[2]}")
    staff.press("Close this conversation")
    assert "Closed" in focal.open(address).text


def test_iom_asks_about_a_submitted_answer_and_is_answered(
    app: Flask, database: Database, sign_in: SignIn, mail: Path
) -> None:
    asking.submit(database)
    asking.deliver(app, mail)
    staff = sign_in("analyst@example.org")
    staff.open(f"/responses/{response_of(database, 'BOR')}/check")
    staff.follow("Ask for clarification of What would help")
    assert "More time" in staff.page.text
    staff.press("Send to Borduria", {"text": "Time for whom?"})
    (letter,) = asking.deliver(app, mail)
    assert (asking.to([letter]), "> Time for whom?" in letter.get_content()) == (["focal-bor"], True)

    focal = sign_in("focal-bor@example.org")
    page = focal.open(f"/responses/{response_of(database, 'BOR')}")
    assert "IOM waits for you" in page.text
    focal.follow("Alpha Process: What would help")
    focal.press("Send it to IOM", {"text": "For the secretariat"})
    assert "You answered" in focal.page.text
    assert asking.to(asking.deliver(app, mail)) == ["analyst"], "whoever asked is told, and nobody else"
    assert "For the secretariat" in staff.open(staff.url).text


def test_nothing_is_asked_about_an_answer_that_was_not_submitted(
    database: Database, focal: Visitor, sign_in: SignIn
) -> None:
    asking.submit(database)
    staff = sign_in("analyst@example.org")
    block = block_of(database, "BOR", "alpha")
    staff.open(f"/threads/about/{response_of(database, 'BOR')}/{block}/would_help")
    for address in (
        f"/threads/about/{response_of(database, 'BOR')}/{block}/effects",
        f"/threads/about/{response_of(database, 'BOR')}/would_help",
        f"/threads/about/{response_of(database, 'ARC')}/{block_of(database, 'ARC', 'alpha')}/would_help",
    ):
        staff.open(address, status=404)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Write what you want to ask"),
        (" \r\n\t\x0b\x00 ", "Write what you want to ask"),
        ("x" * 100_001, "The text has 100001 characters. Shorten it by 90001."),
    ],
)
def test_a_text_that_cannot_be_taken_is_kept_and_nothing_is_sent(
    database: Database, focal: Visitor, text: str, says: str
) -> None:
    focal.open(f"/responses/{response_of(database, 'ARC')}/threads")
    ask(focal, text, status=422)
    assert says in focal.page.text
    assert focal.page.html.count("xxxxx") == (0 if len(text) < 99 else focal.page.html.count("xxxxx"))
    with database.read() as session:
        assert session.scalars(select(Thread)).all() == []
        assert session.scalars(select(OutboxMessage)).all() == []


def test_control_characters_are_dropped_and_the_rest_is_kept(database: Database, focal: Visitor) -> None:
    focal.open(f"/responses/{response_of(database, 'ARC')}/threads")
    ask(focal, "Which \x0byear?\r\nمتى؟ 🙂\x00")
    with database.read() as session:
        assert session.scalars(select(Comment.body)).all() == ["Which year?\nمتى؟ 🙂"]
    assert "متى؟ 🙂" in focal.page.text


def test_the_same_page_sent_twice_asks_once(
    app: Flask, database: Database, focal: Visitor, mail: Path
) -> None:
    focal.open(f"/responses/{response_of(database, 'ARC')}/threads")
    before = focal.page
    ask(focal, "Which year?")
    first, answering = focal.url, focal.page
    focal._page = before
    ask(focal, "Which year?")
    assert focal.url == first
    for _again in range(2):
        focal._page = answering
        focal.press("Send it to IOM", {"text": "The last one?"})
    with database.read() as session:
        assert session.scalars(select(Comment.body).order_by(Comment.at)).all() == [
            "Which year?",
            "The last one?",
        ]
    assert len(asking.deliver(app, mail)) == 2
    assert asking.deliver(app, mail) == []


def test_a_thread_of_another_response_does_not_exist(
    database: Database, focal: Visitor, sign_in: SignIn
) -> None:
    address = asked_about_a_question(database, focal)
    thread = address.rpartition("/")[2]
    stranger = sign_in("focal-bor@example.org")
    own = f"/responses/{response_of(database, 'BOR')}"
    stranger.open(address, status=404)
    stranger.open(f"{own}/threads/{thread}", status=404)
    stranger.open(f"{own}/threads/about/{block_of(database, 'ARC', 'alpha')}/would_help", status=404)
    stranger.open(f"{own}/threads/about/no_such_question", status=404)
    stranger.open(f"{own}/threads")
    token = stranger.page.all("input", name="csrf_token")[0].get("value", "")
    for path in (f"{own}/threads/{thread}", f"{own}/threads/{thread}/close"):
        refused = stranger.client.post(path, data={"csrf_token": token, "text": "Mine now"})
        assert refused.status_code == 404


def test_who_reads_along_reads_and_does_not_write(
    database: Database, focal: Visitor, sign_in: SignIn
) -> None:
    address = asked_about_a_question(database, focal)
    reader = sign_in("reader@example.org")
    assert "What counts as help?" in reader.open(address).text
    assert not reader.page.all("textarea")
    assert "You read along." in reader.open(f"/responses/{response_of(database, 'ARC')}/threads").text


def test_whoever_may_not_see_it_any_more_gets_no_letter(
    app: Flask, database: Database, focal: Visitor, sign_in: SignIn, mail: Path
) -> None:
    colleague = sign_in("colleague@example.org")
    colleague.open(f"/responses/{response_of(database, 'ARC')}/threads")
    ask(colleague, "Which year?")
    address = colleague.url.rpartition("/")[2]
    asking.deliver(app, mail)
    staff = sign_in("coordinator@example.org")
    staff.open(f"/threads/{address}")
    staff.press("Send to Arcadia", {"text": "The last one"})
    with database.begin() as session:
        gone = asking.appointment_of(session, "colleague", AppointmentRole.CONTRIBUTOR)
        gone.valid_until = gone.valid_from = asking.yesterday()
    assert asking.to(asking.deliver(app, mail)) == ["focal-arc"]
    with database.read() as session:
        waiting = OutboxMessage.sent_at.is_(None) & OutboxMessage.dropped_at.is_(None)
        assert session.scalars(select(OutboxMessage.id).where(waiting)).all() == []
        (why,) = session.scalars(
            select(OutboxMessage.dropped_why).where(OutboxMessage.dropped_at.is_not(None))
        )
    assert why == "not_wanted"


def test_lists_cost_the_same_however_many_conversations_there_are(
    app: Flask, database: Database, focal: Visitor, sign_in: SignIn
) -> None:
    staff = sign_in("coordinator@example.org")
    home = f"/responses/{response_of(database, 'ARC')}"

    def statements(visitor: Visitor, address: str) -> int:
        seen: list[str] = []
        engine = app.extensions["database"].engine
        listener = lambda *each: seen.append(each[2])  # noqa: E731 - it is removed by name below
        event.listen(engine, "before_cursor_execute", listener)
        visitor.open(address)
        event.remove(engine, "before_cursor_execute", listener)
        return len(seen)

    def costs() -> list[int]:
        return [statements(staff, "/threads"), statements(focal, home), statements(focal, f"{home}/threads")]

    asked_about_a_question(database, focal)
    costs()
    before = costs()
    for number in range(4):
        asked_about_a_question(database, focal, f"Question {number}")
    assert costs() == before


def test_who_was_given_one_mechanism_asks_about_it_and_sees_nothing_else(
    database: Database, focal: Visitor, sign_in: SignIn
) -> None:
    home, block = f"/responses/{response_of(database, 'ARC')}", block_of(database, "ARC", "beta")
    other = asked_about_a_question(database, focal, "Only alpha's people read this")
    focal.open(f"{home}/threads")
    ask(focal, "Only who sees all of it reads this")
    in_general = focal.url
    with database.begin() as session:
        delegating.invite(
            session,
            response_of(database, "ARC"),
            "nino@mfa.example",
            "Nino",
            [Gift(instance_id=block)],
            asking.actor_of(database, "focal-arc"),
            clock.now(),
        )
    nino = sign_in("nino@mfa.example")
    page = nino.open(home)
    assert "reads this" not in page.text
    for link in page.all("a"):
        address = link.get("href", "")
        if address.startswith(home):
            assert nino.client.get(address).status_code < 400, address
    for address in (
        other,
        in_general,
        f"{home}/threads",
        f"{home}/copies",
        f"{home}/threads/about/{block_of(database, 'ARC', 'alpha')}/takes_part",
    ):
        nino.open(address, status=404)
    nino.open(f"{home}/threads/about/{block}/takes_part")
    ask(nino, "What counts as taking part?")
    assert "Waits for IOM" in nino.page.text
    text = nino.open(home).text
    assert "Beta Dialogue: Takes part" in text, text[600:]


def test_a_key_that_no_page_of_ours_made_is_no_fault_of_ours(database: Database, sign_in: SignIn) -> None:
    focal = sign_in("focal-arc@example.org")
    focal.open(f"/responses/{response_of(database, 'ARC')}/threads")
    focal.press("Send the question to IOM", {"text": "A question", "key": "k\0" * 90})
    focal.press("Send it to IOM", {"text": "More of it", "key": "l\0" * 90})
    assert "More of it" in focal.page.text
