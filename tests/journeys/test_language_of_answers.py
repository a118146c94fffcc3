"""A respondent who writes in French says so once; what is written says it too."""

import pytest
from sqlalchemy import select

from app.database import Database
from app.models import Answer, AnswerRevision, Response
from tests.browsing import Visitor
from tests.journeys.conftest import SignIn
from tests.journeys.responding import response_of


@pytest.fixture
def home(database: Database, focal: Visitor) -> str:
    return f"/responses/{response_of(database, 'BOR')}"


@pytest.fixture
def database(round_open: Database) -> Database:
    """Takes the place of the empty database."""
    return round_open


@pytest.fixture
def focal(sign_in: SignIn) -> Visitor:
    return sign_in("focal-bor@example.org")


def languages(database: Database) -> dict[str, list[str]]:
    """The languages of an answer's revisions, by question."""
    with database.read() as session:
        rows = session.execute(
            select(Answer.question_key, AnswerRevision.language)
            .join(AnswerRevision, AnswerRevision.answer_id == Answer.id)
            .order_by(Answer.question_key, AnswerRevision.number)
        )
        found: dict[str, list[str]] = {}
        for key, language in rows:
            found.setdefault(key, []).append(language)
        return found


def test_the_language_holds_for_what_is_written_and_for_what_will_be(
    database: Database, focal: Visitor, home: str
) -> None:
    focal.open(f"{home}/outlook/relevance")
    focal.press("Save and continue", {"a.relevance_why": "les échanges"})
    focal.open(f"{home}/language")
    focal.press("Save this choice", {"language": "fr"})
    assert "Français" in focal.page.text
    focal.open(f"{home}/outlook/relevance")
    focal.press("Save and continue", {"a.sustainability": "un secrétariat"})
    assert languages(database) == {"relevance_why": ["en", "fr"], "sustainability": ["fr"]}
    with database.read() as session:
        assert "fr" in session.scalars(select(Response.language)).all()


def test_a_choice_that_is_not_offered_is_refused_with_a_word(focal: Visitor, home: str) -> None:
    focal.open(f"{home}/language")
    focal.press("Save this choice", {"language": "xx"}, status=422)
    assert "Choose the language in which you write" in focal.page.text
