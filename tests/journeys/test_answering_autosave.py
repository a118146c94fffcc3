"""Autosave: JSON through the same service, told answer by answer."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from app.database import Database
from app.models import Answer, AnswerRevision, RepeatInstance, Via
from tests.browsing import Visitor
from tests.journeys.conftest import SignIn
from tests.journeys.responding import block_of, response_of


@pytest.fixture
def database(round_open: Database) -> Database:
    """Takes the place of the empty database."""
    return round_open


class Typist:
    """Arcadia's focal point on a page about one mechanism, and the script that saves for them."""

    def __init__(self, database: Database, visitor: Visitor, page: str, iscm: str = "alpha") -> None:
        self.response, self.block = response_of(database, "ARC"), block_of(database, "ARC", iscm)
        self.visitor, self.page = visitor, page
        visitor.open(f"/responses/{self.response}/mechanisms/{self.block}/taking_part")

    def save(self, *changes: dict[str, Any], block: UUID | None = None) -> dict[str, Any]:
        body = {"page": f"mechanisms/{block or self.block}/{self.page}", "changes": list(changes)}
        answer = self.visitor.post_json(f"/responses/{self.response}/autosave", body)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.get_json()
        return found

    def state(self, name: str, text: str | list[str], seen: int = 0) -> dict[str, Any]:
        texts = [text] if isinstance(text, str) else text
        outcome: dict[str, Any] = self.save({"name": name, "values": {name: texts}, "seen": seen})[
            "outcomes"
        ][0]
        return outcome


@pytest.fixture
def typist(database: Database, sign_in: SignIn) -> Typist:
    return Typist(database, sign_in("focal-arc@example.org"), "value")


def stored(database: Database, key: str) -> list[tuple[object, Via]]:
    with database.read() as session:
        rows = session.execute(
            select(AnswerRevision.value, AnswerRevision.via)
            .join(Answer, Answer.id == AnswerRevision.answer_id)
            .where(Answer.question_key == key)
            .order_by(AnswerRevision.number)
        )
        return [(value, via) for value, via in rows]


def test_a_change_is_saved_with_its_time_and_revision(database: Database, typist: Typist) -> None:
    found = typist.save({"name": "a.would_help", "values": {"a.would_help": ["More"]}, "seen": 0})
    assert found["outcomes"] == [{"name": "a.would_help", "state": "saved", "revision": 1}]
    assert len(found["time"]) == 5
    assert stored(database, "would_help") == [("More", Via.AUTOSAVE)]


def test_the_same_change_again_is_the_same_revision(database: Database, typist: Typist) -> None:
    for _again in range(3):
        assert typist.state("a.would_help", "More") == {
            "name": "a.would_help",
            "state": "saved",
            "revision": 1,
        }
    assert len(stored(database, "would_help")) == 1


def test_a_stale_change_is_a_conflict_and_nothing_is_overwritten(
    database: Database, typist: Typist, sign_in: SignIn
) -> None:
    colleague = Typist(database, sign_in("colleague@example.org"), "value")
    assert colleague.state("a.would_help", "Theirs")["revision"] == 1
    assert typist.state("a.would_help", "Mine") == {
        "name": "a.would_help",
        "state": "conflict",
        "by": "colleague",
    }
    assert stored(database, "would_help") == [("Theirs", Via.AUTOSAVE)]


def test_typing_back_to_what_was_hides_no_colleague_s_text(
    database: Database, typist: Typist, sign_in: SignIn
) -> None:
    assert typist.state("a.would_help", "First")["revision"] == 1
    colleague = Typist(database, sign_in("colleague@example.org"), "value")
    assert colleague.state("a.would_help", "Theirs", seen=1)["revision"] == 2
    back = typist.state("a.would_help", "First", seen=1)
    assert typist.state("a.would_help", "First, and more", seen=back["revision"])["state"] == "conflict"
    assert stored(database, "would_help")[-1] == ("Theirs", Via.AUTOSAVE)


def test_one_conflict_holds_back_no_other_answer(database: Database, typist: Typist, sign_in: SignIn) -> None:
    Typist(database, sign_in("colleague@example.org"), "value").state("a.would_help", "Theirs")
    found = typist.save(
        {"name": "a.would_help", "values": {"a.would_help": ["Mine"]}, "seen": 0},
        {"name": "a.reasons", "values": {"a.reasons": ["exchange", "networking"]}, "seen": 0},
    )
    assert [outcome["state"] for outcome in found["outcomes"]] == ["conflict", "saved"]


def test_a_new_entry_is_made_once_under_the_key_of_its_page(database: Database, typist: Typist) -> None:
    typist.page = "changes"
    name = f"a.effects.{uuid4()}"
    assert typist.state(f"{name}.example", "a law")["revision"] == 1
    assert typist.state(f"{name}.example", "a law on asylum", seen=1)["revision"] == 2
    assert typist.state(f"{name}.year", "2020")["revision"] == 1
    with database.read() as session:
        records = session.scalars(
            select(RepeatInstance.id).where(RepeatInstance.group_key == "effects")
        ).all()
    assert len(records) == 1


def test_what_cannot_be_read_is_not_saved_and_says_why(database: Database, typist: Typist) -> None:
    typist.page = "changes"
    name = f"a.effects.{uuid4()}.year"
    assert typist.state(name, "abc") == {
        "name": name,
        "state": "unreadable",
        "message": "Give the year as four digits, such as 2021",
    }
    assert stored(database, "year") == []


def test_quoting_is_saved_with_the_answer(database: Database, typist: Typist) -> None:
    values = {"a.would_help": ["More"], "a.would_help.quoting": ["background"], "a.would_help.quoted": [""]}
    typist.save({"name": "a.would_help", "values": values, "seen": 0})
    with database.read() as session:
        assert str(session.scalars(select(Answer.attribution)).one()) == "background"


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"page": "x"},
        {"page": "mechanisms//value", "changes": "no"},
        {"page": "mechanisms/zzz/value", "changes": []},
        {"page": "nowhere//value", "changes": []},
        {"page": "about//contact", "changes": [1]},
        {"page": "about//contact", "changes": [{}]},
    ],
)
def test_what_no_page_sends_is_refused(typist: Typist, body: object) -> None:
    answer = typist.visitor.post_json(f"/responses/{typist.response}/autosave", body)
    assert answer.status_code in {400, 404}


def test_a_name_that_is_not_on_the_page_is_refused(typist: Typist) -> None:
    assert typist.state("a.takes_part", "yes")["state"] == "refused"


def test_after_signing_out_nothing_is_saved(database: Database, typist: Typist) -> None:
    address = f"/responses/{typist.response}/autosave"
    page = typist.visitor.page
    typist.visitor.press("Sign out")
    typist.visitor._page = page
    answer = typist.visitor.post_json(address, {"page": f"mechanisms/{typist.block}/value", "changes": []})
    assert answer.status_code in {400, 401}


def test_another_organisation_s_answers_are_not_there(database: Database, sign_in: SignIn) -> None:
    visitor = sign_in("focal-bor@example.org")
    visitor.open(f"/responses/{response_of(database, 'BOR')}/about/contact")
    body = {"page": "about//contact", "changes": []}
    answer = visitor.post_json(f"/responses/{response_of(database, 'ARC')}/autosave", body)
    assert answer.status_code == 404


def test_a_colleague_for_one_mechanism_saves_there_only(database: Database, sign_in: SignIn) -> None:
    theirs = Typist(database, sign_in("beta-only@example.org"), "value", "beta")
    visitor = theirs.visitor
    assert theirs.state("a.would_help", "More")["state"] == "saved"
    alpha = block_of(database, "ARC", "alpha")
    body = {"page": f"mechanisms/{alpha}/value", "changes": []}
    assert visitor.post_json(f"/responses/{theirs.response}/autosave", body).status_code == 404
