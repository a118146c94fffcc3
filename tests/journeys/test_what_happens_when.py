"""What happens when: two windows, the back button, a double click, forty pages from a word processor.

Each has an outcome that `docs/what-happens-when.md` states, and loses nothing.
"""

from typing import Any

import pytest
from sqlalchemy import select

from app.database import Database
from app.models import RepeatInstance
from tests.browsing import Visitor
from tests.journeys.conftest import SignIn
from tests.journeys.responding import block_of, entry, page_of, response_of, revisions, take_part

BASE = "First paragraph.\n\nSecond paragraph.\n\nThird paragraph."
MINE, THEIRS = BASE.replace("First", "My first"), BASE.replace("Third", "Their third")
BOTH = MINE.replace("Third", "Their third")
LINES = "\n".join(f"Line {number}" for number in range(10_000))


@pytest.fixture
def database(round_open: Database) -> Database:
    """Takes the place of the empty database."""
    return round_open


@pytest.fixture
def focal(database: Database, sign_in: SignIn) -> Visitor:
    """Arcadia's focal point, who takes part in the first mechanism."""
    visitor = sign_in("focal-arc@example.org")
    take_part(database, visitor)
    return visitor


@pytest.fixture
def colleague(database: Database, sign_in: SignIn) -> Visitor:
    return sign_in("colleague@example.org")


def write(database: Database, visitor: Visitor, text: str) -> None:
    page_of(database, visitor, "value")
    visitor.press("Save and leave", {"a.would_help": text})


def autosave(database: Database, visitor: Visitor, text: str, seen: int) -> dict[str, Any]:
    """Save as the page's script would; what it is told about the one answer."""
    page_of(database, visitor, "value")
    body = {
        "page": f"mechanisms/{block_of(database, 'ARC', 'alpha')}/value",
        "changes": [{"name": "a.would_help", "values": {"a.would_help": [text]}, "seen": seen}],
    }
    answer = visitor.post_json(f"/responses/{response_of(database, 'ARC')}/autosave", body)
    assert answer.status_code == 200
    [outcome] = answer.get_json()["outcomes"]
    return dict(outcome)


def test_texts_changed_in_different_paragraphs_become_one_and_the_page_says_so(
    database: Database, focal: Visitor, colleague: Visitor
) -> None:
    write(database, focal, BASE)
    page_of(database, focal, "value")
    write(database, colleague, THEIRS)
    page = focal.press("Save and continue", {"a.would_help": MINE})
    assert page.heading == "Why it is valued"
    assert "colleague changed another paragraph; both are in the text now." in page.text
    assert revisions(database, "would_help") == [BASE, THEIRS, MINE, BOTH]
    assert focal.page.one("textarea", name="a.would_help").text == BOTH
    focal.press("Save and continue")
    assert focal.page.heading == "Taking part"
    assert len(revisions(database, "would_help")) == 4


def test_a_merge_over_the_limit_of_words_is_kept_and_both_are_said(
    database: Database, focal: Visitor, colleague: Visitor
) -> None:
    for who, text in ((focal, BASE), (colleague, f"{THEIRS} {'word ' * 80}")):
        page_of(database, who, "uses")
        if who is colleague:
            page_of(database, focal, "uses")
        who.press("Save and leave", {"a.home_example": text})
    page = focal.press("Save and continue", {"a.home_example": f"{'word ' * 80} {MINE}"}, status=422)
    assert "colleague changed another paragraph; both are in the text now." in page.text
    assert "Shorten it by" in page.text
    assert "Their third" in (page.one("textarea", name="a.home_example").text or "")


def test_an_address_that_speaks_of_a_merge_says_nothing_that_is_not_so(
    database: Database, focal: Visitor
) -> None:
    write(database, focal, BASE)
    page = page_of(database, focal, "value")
    for words in ("x", "00000000-0000-0000-0000-000000000001", page.link("history of question 5")[-36:]):
        assert "both are in the text" not in focal.open(f"{focal.url}?merged={words}").text


def test_the_script_is_told_both_texts_and_which_revision_it_has_seen(
    database: Database, focal: Visitor, colleague: Visitor
) -> None:
    write(database, focal, BASE)
    write(database, colleague, THEIRS)
    assert autosave(database, focal, MINE, 1) == {
        "name": "a.would_help",
        "state": "merged",
        "revision": 4,
        "typed": 3,
        "value": BOTH,
        "message": "colleague changed another paragraph; both are in the text now.",
    }


def test_a_conflict_shows_what_stood_before_and_offers_both_paragraph_by_paragraph(
    database: Database, focal: Visitor, colleague: Visitor
) -> None:
    write(database, focal, BASE)
    page_of(database, focal, "value")
    write(database, colleague, THEIRS.replace("Second", "Entirely different words, theirs, not the"))
    mine = MINE.replace("Second paragraph.", "What I wrote.")
    page = focal.press("Save and leave", {"a.would_help": mine}, status=409)
    assert "it read: First paragraph. Second paragraph. Third paragraph." in page.text
    offered = page.one("textarea", name="a.would_help.combined").text or ""
    assert offered.split("\n\n") == [
        "My first paragraph.",
        "Entirely different words, theirs, not the paragraph.",
        "What I wrote.",
        "Their third paragraph.",
    ]
    focal.press("Save the combined text")
    assert revisions(database, "would_help")[-1] == offered


def test_two_windows_of_one_person_in_different_paragraphs_become_one(
    database: Database, focal: Visitor, sign_in: SignIn
) -> None:
    write(database, focal, BASE)
    page_of(database, focal, "value")
    write(database, sign_in("focal-arc@example.org"), THEIRS)
    page = focal.press("Save and leave", {"a.would_help": MINE})
    assert "You changed another paragraph in another window; both are in the text now." in page.text


def test_going_back_and_saving_another_text_is_explained(database: Database, focal: Visitor) -> None:
    before = page_of(database, focal, "value")
    focal.press("Save and continue", {"a.would_help": "The first text"})
    focal._page, focal.url = before, before.url
    page = focal.press("Save and continue", {"a.would_help": "Quite another text"}, status=409)
    assert "You saved another text yourself, in another window or before you came back" in page.text
    focal.press("Keep mine")
    assert revisions(database, "would_help") == ["The first text", "Quite another text"]


def test_going_back_and_saving_the_same_text_changes_nothing(database: Database, focal: Visitor) -> None:
    before = page_of(database, focal, "value")
    for _twice in range(2):
        focal._page, focal.url = before, before.url
        focal.press("Save and continue", {"a.would_help": "The text"})
    assert revisions(database, "would_help") == ["The text"]


def test_a_double_click_on_add_another_makes_one_entry(database: Database, focal: Visitor) -> None:
    page = page_of(database, focal, "changes")
    name = entry(page, "effects")
    for _twice in range(2):
        focal._page, focal.url = page, page.url
        focal.press("Add another effect", {f"{name}.example": "A law"})
    assert revisions(database, "example") == ["A law"]
    with database.read() as session:
        made = session.scalars(select(RepeatInstance).where(RepeatInstance.group_key == "effects")).all()
    assert len(made) == 1


def test_what_a_word_processor_leaves_in_a_paste_is_taken_out_and_nothing_else(
    database: Database, focal: Visitor
) -> None:
    page = "A break\x0binside, a \x00 and a \x07.\r\n“Quotes” – dashes\u00a0and\u200bmore\ufffe\r\n"
    kept = "A breakinside, a  and a .\n“Quotes” – dashes\u00a0and\u200bmore\n"
    write(database, focal, page * 400)
    assert revisions(database, "would_help") == [kept * 400]
    told = autosave(database, focal, "\ud800half a sign\udfff" + page, 1)
    assert told == {"name": "a.would_help", "state": "saved", "revision": 2}
    assert revisions(database, "would_help")[-1] == "half a sign" + kept


def test_ten_thousand_lines_are_an_answer_like_any_other(database: Database, focal: Visitor) -> None:
    told = autosave(database, focal, LINES, 0)
    assert told["state"] == "saved"
    assert revisions(database, "would_help") == [LINES]
    page = page_of(database, focal, "value")
    assert len(page.html) < len(LINES) + 60_000
    assert "Line 9999" in (page.one("textarea", name="a.would_help").text or "")


def test_ten_thousand_lines_that_two_people_changed_become_one(
    database: Database, focal: Visitor, colleague: Visitor
) -> None:
    autosave(database, focal, LINES, 0)
    autosave(database, colleague, LINES.replace("Line 7\n", "Theirs\n"), 1)
    told = autosave(database, focal, LINES.replace("Line 2000\n", "Mine\n"), 1)
    assert told["state"] == "merged"
    assert told["value"] == LINES.replace("Line 7\n", "Theirs\n").replace("Line 2000\n", "Mine\n")
    page = page_of(database, focal, "value")
    page = focal.follow("history of question 5")
    assert "as before" in page.text
    assert len(page.html) < 2 * len(LINES)


def test_every_script_comes_back_sign_by_sign(database: Database, focal: Visitor, colleague: Visitor) -> None:
    arabic, emoji = "مُلاحَظة عن اللّجوء", "👩🏽\u200d⚖\ufe0f🇬🇪 re\u0301sume\u0301"
    write(database, focal, f"{arabic}\n\n{emoji}")
    page_of(database, focal, "value")
    write(database, colleague, f"{arabic} ؟\n\n{emoji}")
    focal.press("Save and leave", {"a.would_help": f"{arabic}\n\n{emoji} 𝄞"})
    assert revisions(database, "would_help")[-1] == f"{arabic} ؟\n\n{emoji} 𝄞"
