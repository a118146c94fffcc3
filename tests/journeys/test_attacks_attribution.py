"""What was not given by name stays so: through copies, counts and combined texts."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.engine import URL

from app import clock
from app.cli import demo_content
from app.database import Database
from app.models import Answer, User
from app.policy import Attribution, StaffRole
from tests.browsing import Visitor
from tests.databases import type_of_copy
from tests.journeys import responding
from tests.journeys.conftest import SignIn
from tests.journeys.responding import block_of, page_of, response_of, revisions, take_part

SECRET = "Fewer speeches by the host"


@pytest.fixture
def settled(database: Database) -> None:
    with database.begin() as session:
        responding.settle(session)


@pytest.fixture
def focal(database: Database, settled: None, sign_in: SignIn) -> Visitor:
    """Arcadia's focal point: by name, but for one answer about alpha; nothing about beta yet."""
    assert settled is None
    visitor = sign_in("focal-arc@example.org")
    visitor.open(f"/responses/{response_of(database, 'ARC')}/quoting")
    visitor.press("Save this choice", {"quoting": "by_name"})
    take_part(database, visitor)
    page_of(database, visitor, "value")
    visitor.press("Save and leave", {"a.would_help": SECRET, "a.would_help.quoting": "background"})
    take_part(database, visitor, "beta")
    return visitor


def copy_alpha_into_beta(database: Database, visitor: Visitor) -> None:
    page_of(database, visitor, "value", "beta")
    visitor.press("Copy into the empty answers", {"same_as": str(block_of(database, "ARC", "alpha"))})


def copies(database: Database) -> list[tuple[str, Attribution | None]]:
    beta = block_of(database, "ARC", "beta")
    with database.read() as session:
        rows = session.execute(
            select(Answer.value, Answer.attribution).where(
                Answer.instance_id == beta, Answer.question_key == "would_help"
            )
        )
        return [(value, attribution) for value, attribution in rows if value is not None]


def test_a_copy_is_quoted_no_more_openly_than_what_it_is_a_copy_of(
    database: Database, focal: Visitor
) -> None:
    copy_alpha_into_beta(database, focal)
    assert copies(database) == [(SECRET, Attribution.BACKGROUND)]


def test_a_colleague_does_not_loosen_an_answer_by_copying_it(
    database: Database, focal: Visitor, sign_in: SignIn
) -> None:
    assert focal.status == 200
    copy_alpha_into_beta(database, sign_in("colleague@example.org"))
    assert copies(database) == []


def test_a_combined_text_that_is_too_long_is_not_lost(
    database: Database, focal: Visitor, sign_in: SignIn
) -> None:
    page_of(database, focal, "value")
    colleague = sign_in("colleague@example.org")
    page_of(database, colleague, "value")
    colleague.press("Save and leave", {"a.would_help": "theirs " * 10_000})
    focal.press("Save and continue", {"a.would_help": "mine " * 9_000}, status=409)
    combined = "theirs " * 10_000 + "mine " * 9_000
    page = focal.press("Save the combined text", {"a.would_help.combined": combined}, status=409)
    assert "longer than 100000 characters" in page.text
    assert combined in "".join(page.one("textarea").itertext())
    focal.press("Keep mine")
    assert revisions(database, "would_help")[-1] == "mine " * 9_000


@pytest.fixture(scope="module")
def loaded(copy_of_template: type_of_copy) -> URL:
    """Both demonstration rounds."""
    url = copy_of_template(demo_content.load)
    made = Database(url)
    with made.begin() as session:
        session.add(
            User(email="v@iom.example", name="Vera Lund", staff_role=StaffRole.VIEWER, created_at=clock.now())
        )
    made.dispose()
    return url


class TestOfTheDemonstration:
    """On the fictional round, which has answers of every attribution."""

    @pytest.fixture
    def database(self, loaded: URL) -> Iterator[Database]:
        """Takes the place of the empty database for the fixtures of the journeys."""
        made = Database(loaded)
        yield made
        made.dispose()

    def test_viewers_learn_no_number_of_answers_that_are_not_by_name(self, sign_in: SignIn) -> None:
        page = sign_in("v@iom.example").open("/findings/training/sable-dialogue")
        assert "There may be others that are not given by name." in page.text
        assert "One or more answers, not by name" in page.text
        assert not re.search(r"\d+ (answers?, not by name|more that)", page.text)
