"""The history of an answer: what changed, any two states side by side, and a state brought back."""

import pytest
from sqlalchemy import event, select

from app.database import Database
from app.models import AnswerRevision
from tests.browsing import Visitor
from tests.journeys.conftest import SignIn
from tests.journeys.responding import entry, page_of, response_of, revisions, take_part

BASE = "First.\n\nSecond.\n\nThird."


@pytest.fixture
def database(round_open: Database) -> Database:
    """Takes the place of the empty database."""
    return round_open


@pytest.fixture
def focal(database: Database, sign_in: SignIn) -> Visitor:
    """Arcadia's focal point, who takes part in the first mechanism."""
    visitor = sign_in("focal-arc@example.org")
    visitor.open(f"/responses/{response_of(database, 'ARC')}")
    take_part(database, visitor)
    return visitor


def write(database: Database, visitor: Visitor, *texts: str) -> None:
    for text in texts:
        page_of(database, visitor, "value")
        visitor.press("Save and leave", {"a.would_help": text})


def post(visitor: Visitor, address: str, fields: dict[str, str]) -> int:
    """Send a form that the page does not show, with the page's own token."""
    token = next(field.get("value", "") for field in visitor.page.all("input", name="csrf_token"))
    return visitor.client.post(address, data={"csrf_token": token, **fields}).status_code


def to_history(database: Database, visitor: Visitor) -> None:
    page_of(database, visitor, "value")
    visitor.follow("history of question 5")


def test_a_state_is_brought_back_as_one_more_and_says_so(database: Database, focal: Visitor) -> None:
    write(database, focal, "First thought", "Second thought")
    to_history(database, focal)
    focal.press("Restore: Revision 1")
    assert revisions(database, "would_help") == ["First thought", "Second thought", "First thought"]
    assert "Revision 3, the answer now · focal-arc" in focal.page.text
    assert "restored revision 1 of" in focal.page.text


def test_an_emptied_answer_comes_back_and_can_be_emptied_again(database: Database, focal: Visitor) -> None:
    write(database, focal, "A thought", "")
    to_history(database, focal)
    focal.press("Restore: Revision 1")
    focal.press("Restore: Revision 2")
    assert revisions(database, "would_help") == ["A thought", None, "A thought", None]


def test_a_choice_comes_back(database: Database, focal: Visitor) -> None:
    for chosen in ("exchange", "networking"):
        page_of(database, focal, "value")
        focal.press("Save and leave", {"a.reasons": [chosen]})
    page_of(database, focal, "value")
    focal.follow("history of question 3")
    focal.press("Restore: Revision 1")
    assert revisions(database, "reasons")[-1] == {"options": ["exchange"]}


def test_a_field_of_an_entry_comes_back(database: Database, focal: Visitor) -> None:
    page = page_of(database, focal, "changes")
    name = entry(page, "effects")
    focal.press("Save and leave", {f"{name}.example": "A law"})
    page_of(database, focal, "changes")
    focal.press("Change effect 1")
    name = entry(focal.page, "effects")
    focal.press("Save and leave", {f"{name}.example": "Another law"})
    with database.read() as session:
        answer = session.scalars(select(AnswerRevision.answer_id).where(AnswerRevision.number == 2)).one()
    focal.open(f"/responses/{response_of(database, 'ARC')}/history/{answer}")
    focal.press("Restore: Revision 1")
    assert revisions(database, "example")[-1] == "A law"


def test_what_a_colleague_saved_meanwhile_is_not_overwritten(
    database: Database, focal: Visitor, sign_in: SignIn
) -> None:
    write(database, focal, "One", "Two")
    to_history(database, focal)
    write(database, sign_in("colleague@example.org"), "Three")
    page = focal.press("Restore: Revision 1", status=409)
    assert "colleague saved another answer meanwhile" in page.text
    assert "Three" in page.text
    assert revisions(database, "would_help") == ["One", "Two", "Three"]
    focal.press("Restore: Revision 1")
    assert revisions(database, "would_help")[-1] == "One"


def test_a_restored_text_is_never_merged(database: Database, focal: Visitor, sign_in: SignIn) -> None:
    write(database, focal, BASE, BASE.replace("First", "Changed"))
    to_history(database, focal)
    write(database, sign_in("colleague@example.org"), BASE.replace("First", "Changed") + "\n\nMore.")
    focal.press("Restore: Revision 1", status=409)


@pytest.mark.parametrize("who", ["reader", "focal-bor", "analyst", "beta-only"])
def test_only_who_may_write_there_restores(
    database: Database, focal: Visitor, sign_in: SignIn, who: str
) -> None:
    write(database, focal, "One", "Two")
    to_history(database, focal)
    address = focal.url
    other = sign_in(f"{who}@example.org")
    if who in ("reader", "beta-only"):
        other.open(address)
        assert not [each for each in other.page.all("button") if "Restore" in (each.text or "")]
    assert post(other, f"{address}/restore", {"number": "1", "seen": "2"}) == 404
    assert revisions(database, "would_help") == ["One", "Two"]


def test_a_revision_that_is_not_there_is_not_found(database: Database, focal: Visitor) -> None:
    write(database, focal, "One")
    to_history(database, focal)
    for number in ("7", "x", "-1"):
        assert post(focal, f"{focal.url}/restore", {"number": number, "seen": "1"}) == 404


def test_any_two_states_are_compared(database: Database, focal: Visitor) -> None:
    write(
        database, focal, "The first thought of all", "The second thought of all", "The third thought of all"
    )
    to_history(database, focal)
    focal.press("Compare", {"from": "1", "to": "3"})
    assert "Revision 3 against revision 1" in focal.page.text
    assert "[removed: first" in focal.page.text
    assert "[added: third" in focal.page.text
    focal.open(f"{focal.url.partition('?')[0]}?from=1&to=99")
    assert "against revision" not in focal.page.text


def test_a_long_history_is_read_page_by_page_at_the_same_cost(database: Database, focal: Visitor) -> None:
    write(database, focal, *(f"Text {number}" for number in range(3)))
    to_history(database, focal)
    address = focal.url
    statements: list[str] = []
    engine = focal.app.extensions["database"].engine
    event.listen(engine, "before_cursor_execute", lambda *each: statements.append(each[2]))
    focal.open(address)
    few = len(statements)
    write(database, focal, *(f"Text {number}" for number in range(3, 30)))
    del statements[:]
    focal.open(address)
    assert len(statements) == few
    assert "Revision 30, the answer now" in focal.page.text
    assert "Revision 5 " not in focal.page.text
    focal.follow("Earlier revisions")
    assert "Revision 5 " in focal.page.text
    assert "Revision 1 " in focal.page.text


def test_both_texts_of_a_merge_are_shown_as_what_they_are(
    database: Database, focal: Visitor, sign_in: SignIn
) -> None:
    write(database, focal, BASE)
    colleague = sign_in("colleague@example.org")
    page_of(database, colleague, "value")
    page_of(database, focal, "value")
    colleague.press("Save and leave", {"a.would_help": BASE.replace("Third.", "Theirs.")})
    focal.press("Save and leave", {"a.would_help": BASE.replace("First.", "Mine.")})
    to_history(database, focal)
    text = focal.page.text
    assert "revisions 2 and 3 in one text" in text
    assert "as it was typed, going on from revision 1" in text
    assert "[removed: Theirs" not in text
