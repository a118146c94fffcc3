"""The round before: its answers stand beside the boxes of today, to be confirmed, changed or ended."""

import pytest
from sqlalchemy import select

from app.database import Database
from app.models import Answer, AnswerRevision, Attribution, Organisation, RepeatInstance, Response
from app.policy import AppointmentRole
from tests import factories
from tests.browsing import Visitor
from tests.journeys import responding
from tests.journeys.conftest import SignIn
from tests.journeys.responding import answer, block_of, choose, entry, response_of, submit


@pytest.fixture
def database(round_open: Database) -> Database:
    """Takes the place of the empty database."""
    return round_open


@pytest.fixture
def focal(database: Database, sign_in: SignIn) -> Visitor:
    """Borduria's focal point, who answered in 2026; one answer of it was for background only."""
    visitor = sign_in("focal-bor@example.org")
    home = f"/responses/{response_of(database, 'BOR')}"
    answer(database, visitor, **{"a.would_help": "More time", "a.would_help.quoting": "background"})
    block = block_of(database, "BOR", "alpha")
    page = visitor.open(f"{home}/mechanisms/{block}/changes?open=new:effects")
    visitor.press("Save and leave", {f"{entry(page, 'effects')}.example": "A law on transit"})
    choose(visitor, home)
    submit(visitor, home)
    assert visitor.page.heading == "The answers of Borduria are submitted"
    responding.open_next_round(database)
    return visitor


@pytest.fixture
def home(database: Database, focal: Visitor) -> str:
    return f"/responses/{response_of(database, 'BOR', '2027')}"


@pytest.fixture
def block(database: Database, home: str) -> str:
    return f"{home}/mechanisms/{block_of(database, 'BOR', 'alpha', '2027')}"


def stored(database: Database, key: str) -> tuple[Answer, AnswerRevision] | None:
    """The answer of 2027 to a question, with its last revision."""
    with database.read() as session:
        row = session.execute(
            select(Answer, AnswerRevision)
            .join(
                AnswerRevision,
                (AnswerRevision.answer_id == Answer.id) & (AnswerRevision.number == Answer.revision),
            )
            .where(Answer.response_id == response_of(database, "BOR", "2027"), Answer.question_key == key)
        ).one_or_none()
        return (row[0], row[1]) if row else None


def test_still_true_is_a_confirmation_that_points_to_what_was_said(
    database: Database, focal: Visitor, block: str
) -> None:
    focal.open(f"{block}/taking_part")
    focal.press("Still true: Takes part")
    assert "Still true, says focal-bor" in focal.page.text
    found = stored(database, "takes_part")
    assert found is not None
    now, revision = found
    assert now.value == "yes"
    with database.read() as session:
        before = session.scalars(
            select(AnswerRevision.id)
            .join(Answer, Answer.id == AnswerRevision.answer_id)
            .where(Answer.response_id == response_of(database, "BOR"), Answer.question_key == "takes_part")
        ).one()
    assert revision.confirms == f"still_true:{before}"


def test_what_was_for_background_stays_so_when_it_is_confirmed(
    database: Database, focal: Visitor, block: str
) -> None:
    focal.open(f"{block}/taking_part")
    focal.press("Still true: Takes part")
    focal.open(f"{block}/value")
    focal.press("Still true: What would help")
    found = stored(database, "would_help")
    assert found is not None
    assert (found[0].value, found[0].attribution) == ("More time", Attribution.BACKGROUND)


def test_changed_opens_with_the_old_text_and_stores_nothing_before_it_is_saved(
    database: Database, focal: Visitor, block: str
) -> None:
    focal.open(f"{block}/taking_part")
    focal.press("Still true: Takes part")
    focal.open(f"{block}/value")
    focal.press("Changed: What would help")
    box = focal.page.by_id("a-would_help")
    assert (box.text or "").strip() == "More time"
    assert stored(database, "would_help") is None
    focal.press("Save and leave", {"a.would_help": "More time and money"})
    found = stored(database, "would_help")
    assert found is not None
    now, revision = found
    assert now.value == "More time and money"
    assert now.attribution is Attribution.BACKGROUND
    assert (revision.confirms or "").startswith("changed:")


def test_no_longer_is_said_and_can_be_unsaid_by_writing(
    database: Database, focal: Visitor, block: str
) -> None:
    focal.open(f"{block}/taking_part")
    focal.press("Still true: Takes part")
    focal.open(f"{block}/value")
    focal.press("No longer: What would help")
    assert "No longer, says focal-bor" in focal.page.text
    found = stored(database, "would_help")
    assert found is not None
    assert found[0].value is None
    focal.press("Save and leave", {"a.would_help": "A roof"})
    found = stored(database, "would_help")
    assert found is not None
    assert (found[0].value, found[1].confirms) == ("A roof", None)


def test_what_must_be_answered_cannot_be_ended(focal: Visitor, block: str) -> None:
    page = focal.open(f"{block}/taking_part")
    assert "No longer: Takes part" not in page.text


def test_records_are_made_again_once(database: Database, focal: Visitor, block: str) -> None:
    focal.open(f"{block}/taking_part")
    focal.press("Still true: Takes part")
    focal.open(f"{block}/changes")
    before = focal.page
    focal.press("Still true: What changed at home")
    focal._page = before
    focal.press("Still true: What changed at home")
    assert "A law on transit" in focal.page.text
    with database.read() as session:
        records = session.scalars(
            select(RepeatInstance).where(
                RepeatInstance.group_key == "effects",
                RepeatInstance.response_id == response_of(database, "BOR", "2027"),
            )
        ).all()
    assert len(records) == 1


def test_all_of_it_is_gone_through_on_one_page(database: Database, focal: Visitor, home: str) -> None:
    page = focal.open(home)
    assert "3 answers of 2026 wait for a word" in page.text
    focal.follow("Go through them on one page")
    assert focal.page.heading == "What has changed since 2026?"
    focal.press("Confirm what is ticked", status=422)
    names = [box.get("value", "") for box in focal.page.all("input", name="still")]
    assert len(names) == 3
    focal.press("Confirm what is ticked", {"still": names[:2]})
    assert "1 answer of that time waits for a word." in focal.page.text
    assert "2 are done." in focal.page.text
    focal.press("No longer: What would help")
    assert "0 answers of that time wait for a word." in focal.page.text
    assert "wait for a word" not in focal.open(home).text


def test_a_whole_part_is_confirmed_at_once(focal: Visitor, home: str) -> None:
    focal.open(f"{home}/since-last")
    focal.press("All of this is still true: Alpha Process")
    assert "0 answers of that time wait for a word. 3 are done." in focal.page.text


def test_nothing_is_put_over_what_somebody_wrote_meanwhile(
    database: Database, focal: Visitor, home: str, block: str, sign_in: SignIn
) -> None:
    focal.open(f"{home}/since-last")
    names = [box.get("value", "") for box in focal.page.all("input", name="still")]
    before = focal.page
    other = sign_in("focal-bor@example.org")
    other.open(f"{block}/taking_part")
    other.press("Save and leave", {"a.takes_part": "no"})
    focal._page = before
    focal.press("Confirm what is ticked", {"still": names})
    assert "Somebody wrote an answer meanwhile" in focal.page.text
    found = stored(database, "takes_part")
    assert found is not None
    assert found[0].value == "no"


def test_who_did_not_answer_before_sees_nothing_of_it(
    database: Database, focal: Visitor, sign_in: SignIn
) -> None:
    arcadia = sign_in("focal-arc@example.org")
    home = f"/responses/{response_of(database, 'ARC', '2027')}"
    assert "wait for a word" not in arcadia.open(home).text
    arcadia.open(f"{home}/since-last")
    assert arcadia.page.url.endswith(home)


def test_a_withdrawn_submission_is_no_answer_of_the_round_before(database: Database, sign_in: SignIn) -> None:
    visitor = sign_in("focal-bor@example.org")
    home = f"/responses/{response_of(database, 'BOR')}"
    answer(database, visitor)
    choose(visitor, home)
    submit(visitor, home)
    visitor.open(f"{home}/withdraw")
    visitor.press("Withdraw the answers of Borduria", {"reason": "An error"})
    responding.open_next_round(database)
    page = visitor.open(f"/responses/{response_of(database, 'BOR', '2027')}")
    assert "wait for a word" not in page.text
    with database.read() as session:
        assert session.scalars(select(Response.id)).first() is not None


@pytest.fixture
def helper(database: Database, focal: Visitor, sign_in: SignIn) -> Visitor:
    """A colleague who writes Borduria's answers and does not choose how they may be used."""
    with database.begin() as session:
        state = session.scalars(select(Organisation).where(Organisation.code == "BOR")).one()
        factories.person(session, "helper", state, AppointmentRole.CONTRIBUTOR)
    return sign_in("helper@example.org")


def test_confirming_shows_nothing_more_widely_than_is_chosen_today(
    database: Database, focal: Visitor, home: str, block: str, helper: Visitor
) -> None:
    choose(focal, home, "not_for_publication")
    helper.open(f"{block}/taking_part")
    helper.press("Still true: Takes part")
    helper.open(f"{block}/value")
    helper.press("Still true: What would help")
    found = stored(database, "would_help")
    assert found is not None
    assert found[0].attribution is Attribution.NOT_FOR_PUBLICATION


def test_what_was_chosen_for_an_answer_is_not_loosened_by_going_back_to_the_round_before(
    database: Database, focal: Visitor, block: str, helper: Visitor
) -> None:
    focal.open(f"{block}/taking_part")
    focal.press("Still true: Takes part")
    focal.open(f"{block}/value")
    focal.press("Save and leave", {"a.would_help": "Ours", "a.would_help.quoting": "not_for_publication"})
    helper.open(f"{block}/value")
    token = helper.page.all("input", name="csrf_token")[0].get("value", "")
    fields = {"a.would_help": "Theirs", "a.would_help.seen": "1", "a.would_help.from": sent_before(database)}
    helper.client.post(f"{block}/value", data={"csrf_token": token, "action": "leave", **fields})
    found = stored(database, "would_help")
    assert found is not None
    assert (found[0].value, found[0].attribution) == ("Theirs", Attribution.NOT_FOR_PUBLICATION)


def sent_before(database: Database) -> str:
    """The revision of 2026 that says what would help."""
    with database.read() as session:
        return str(
            session.scalars(
                select(AnswerRevision.id)
                .join(Answer, Answer.id == AnswerRevision.answer_id)
                .where(
                    Answer.response_id == response_of(database, "BOR"), Answer.question_key == "would_help"
                )
            ).one()
        )
