"""A focal point answers page by page, without JavaScript."""

import pytest
from sqlalchemy import event, func, select

from app.database import Database
from app.models import Answer, AnswerRevision, RepeatInstance, Response
from tests.browsing import Visitor, words
from tests.journeys.conftest import SignIn
from tests.journeys.responding import block_of, entry, page_of, response_of, revisions, take_part


@pytest.fixture
def database(round_open: Database) -> Database:
    """Takes the place of the empty database."""
    return round_open


@pytest.fixture
def focal(database: Database, sign_in: SignIn) -> Visitor:
    """Arcadia's focal point, on the overview."""
    visitor = sign_in("focal-arc@example.org")
    visitor.open(f"/responses/{response_of(database, 'ARC')}")
    return visitor


def test_the_overview_is_a_task_list(focal: Visitor) -> None:
    assert focal.page.heading == "Arcadia: Assessment of mechanisms, 2026"
    assert "0 of 9 questions answered" in focal.page.text
    for task in ("Who answers", "Alpha Process on Mobility", "Beta Dialogue on Asylum"):
        focal.page.link(task)
    assert "Gamma Forum" not in focal.page.text
    assert focal.page.text.count("Not started") == 4


def test_looking_changes_no_row(database: Database, focal: Visitor) -> None:
    for page in ("taking_part", "changes", "value"):
        page_of(database, focal, page)
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(Answer)) == 0
        assert session.scalars(select(Response.last_saved_at)).all() == [None] * 5


def test_save_and_continue_leads_from_page_to_page(database: Database, focal: Visitor) -> None:
    focal.follow("Who answers")
    focal.press("Save and continue", {"a.contact_name.is_right": "yes", "a.contact_role": "Head of unit"})
    assert focal.page.heading == "Taking part"
    focal.press("Save and continue", {"a.takes_part": "yes"})
    assert focal.page.heading == "What changed at home"
    focal.press("Save and continue")
    assert focal.page.heading == "Why it is valued"
    focal.press("Back one page")
    assert focal.page.heading == "What changed at home"
    focal.press("Save and leave")
    assert "3 of 13 questions answered" in focal.page.text
    assert "1 of 5 answered" in focal.page.text


def test_each_page_says_how_many_questions_it_has(database: Database, focal: Visitor) -> None:
    take_part(database, focal)
    assert "1 question about the Alpha Process on Mobility (the Alpha Process)" in focal.page.text
    page = page_of(database, focal, "value")
    assert "3 questions about the Alpha Process" in page.text


def test_no_active_part_needs_a_reason_and_nothing_more(database: Database, focal: Visitor) -> None:
    page_of(database, focal, "taking_part", "beta")
    focal.press("Save and continue", {"a.takes_part": "no"})
    assert focal.page.heading == "Taking part"
    assert "Your answer brought one more question" in focal.page.text
    field = focal.page.all("input", name="a.inactive_reason")[0]
    focal.press("Save and leave", {"a.inactive_reason": field.get("value", "")})
    assert "No active part" in focal.page.text
    assert focal.open(f"{focal.url}/check").text.count("Beta Dialogue on Asylum") == 1


def test_say_more_stands_behind_the_last_page_of_a_mechanism(database: Database, focal: Visitor) -> None:
    take_part(database, focal)
    page_of(database, focal, "value")
    focal.press("Taking part in meetings")
    assert focal.page.heading == "Taking part in meetings"
    focal.press("Save and continue")
    assert focal.page.heading == "Use at home, and other mechanisms"
    focal.press("Save and continue")
    assert focal.page.heading == "Taking part"
    assert "Beta Dialogue" in focal.page.text


def test_records_are_added_changed_and_removed(database: Database, focal: Visitor) -> None:
    take_part(database, focal)
    base = entry(focal.page, "effects")
    focal.press("Keep this entry", {f"{base}.example": "a law on asylum", f"{base}.kinds": ["law"]})
    assert "a law on asylum" in focal.page.text
    focal.press("Add another effect")
    base = entry(focal.page, "effects")
    focal.press("Keep this entry", {f"{base}.example": "a data exchange", f"{base}.year": "2021"})
    assert [words(title) for title in focal.page.all("h3", class_="record-title")] == [
        "1. Legislation",
        "2. a data exchange",
    ]
    focal.press("Change effect 2")
    base = entry(focal.page, "effects")
    focal.press("Keep this entry", {f"{base}.year": "2022"})
    assert "2022" in focal.page.text
    focal.press("Remove effect 1")
    assert focal.page.heading == "Remove this effect?"
    focal.press("Remove this effect")
    assert "a law on asylum" not in focal.page.text
    assert revisions(database, "year") == [2021, 2022]
    with database.read() as session:
        removed = session.scalars(
            select(RepeatInstance.removed_at).where(RepeatInstance.group_key == "effects")
        )
        assert sum(at is not None for at in removed) == 1


def test_a_removed_record_can_be_brought_back(database: Database, focal: Visitor) -> None:
    take_part(database, focal)
    base = entry(focal.page, "effects")
    focal.press("Keep this entry", {f"{base}.example": "a law on asylum"})
    focal.press("Remove effect 1")
    focal.press("Remove this effect")
    focal.press("Bring it back")
    assert "a law on asylum" in focal.page.text


def test_a_removed_record_can_be_brought_back_later_too(database: Database, focal: Visitor) -> None:
    take_part(database, focal)
    base = entry(focal.page, "effects")
    focal.press("Keep this entry", {f"{base}.example": "a law on asylum"})
    focal.press("Remove effect 1")
    focal.press("Remove this effect")
    page_of(database, focal, "changes")
    assert "1 removed entry" in focal.page.text
    assert "Removed by focal-arc" in focal.page.text
    base = entry(focal.page, "effects")
    focal.press("Bring it back: a law on asylum", {f"{base}.example": "a data exchange"})
    titles = [words(title) for title in focal.page.all("h3", class_="record-title")]
    assert titles == ["1. a law on asylum", "2. a data exchange"], "what was typed meanwhile is kept too"
    page_of(database, focal, "changes")
    assert "removed entry" not in focal.page.text


def test_bringing_an_entry_back_takes_nothing_so_far_back(database: Database, focal: Visitor) -> None:
    take_part(database, focal)
    base = entry(focal.page, "effects")
    focal.press("Keep this entry", {f"{base}.example": "a law on asylum"})
    focal.press("Remove effect 1")
    focal.press("Remove this effect")
    page_of(database, focal, "changes")
    focal.press("Save and leave", {"a.effects.none": "yes"})
    page_of(database, focal, "changes")
    focal.press("Bring it back: a law on asylum")
    assert revisions(database, "effects") == ["none", None]


def test_an_entry_left_empty_makes_no_record(database: Database, focal: Visitor) -> None:
    take_part(database, focal)
    focal.press("Save and continue")
    with database.read() as session:
        records = (
            select(func.count()).select_from(RepeatInstance).where(RepeatInstance.group_key == "effects")
        )
        assert session.scalar(records) == 0


def test_nothing_so_far_is_an_answer(database: Database, focal: Visitor) -> None:
    take_part(database, focal)
    focal.press("Save and leave", {"a.effects.none": "yes"})
    assert revisions(database, "effects") == ["none"]
    page_of(database, focal, "changes")
    focal.press("Add an entry: effect")
    base = entry(focal.page, "effects")
    focal.press("Save and leave", {f"{base}.example": "something after all"})
    assert revisions(database, "effects") == ["none", None]


def test_the_same_post_twice_changes_nothing_the_second_time(database: Database, focal: Visitor) -> None:
    take_part(database, focal)
    base = entry(focal.page, "effects")
    again = focal.page
    focal.press("Keep this entry", {f"{base}.example": "a law on asylum"})
    focal._page, focal.url = again, again.url
    focal.press("Keep this entry", {f"{base}.example": "a law on asylum"})
    assert revisions(database, "example") == ["a law on asylum"]


def test_what_is_wrong_is_shown_and_saved_all_the_same(database: Database, focal: Visitor) -> None:
    take_part(database, focal)
    page_of(database, focal, "uses")
    long = " ".join(["word"] * 162)
    page = focal.press("Save and continue", {"a.home_example": long}, status=422)
    assert page.one("title").text == "Error: Use at home, and other mechanisms – Rapporteur"
    assert "One thing to put right" in page.text
    assert page.link("Question 11: the text has 162 words. Shorten it by 12") == "#a-home_example"
    assert "What you typed is kept and saved as a draft." in page.text
    assert "162 of 150 words" in page.text
    assert revisions(database, "home_example") == [long]
    focal.press("Save and leave")
    assert "1 to look at" in focal.page.text


def test_an_unreadable_year_stays_on_the_page_and_is_said_not_to_be_saved(
    database: Database, focal: Visitor
) -> None:
    take_part(database, focal)
    base = entry(focal.page, "effects")
    fields = {f"{base}.year": "abc", f"{base}.example": "a law"}
    page = focal.press("Save and leave", fields, status=422)
    assert page.by_id(f"{base}.year".replace(".", "-")).get("value") == "abc"
    assert "is not saved yet" in page.text
    assert "Not saved yet: 1 change kept on this page" in page.text
    assert revisions(database, "year") == []
    assert revisions(database, "example") == ["a law"]
    focal.press("Save and leave", {f"{base}.year": "2019"})
    assert revisions(database, "year") == [2019]


def test_states_are_given_by_name_or_code_and_shown_by_name(database: Database, focal: Visitor) -> None:
    take_part(database, focal)
    base = entry(focal.page, "effects")
    focal.press("Keep this entry", {f"{base}.with": ["borduria", "SYL"]})
    assert revisions(database, "with") == [{"codes": ["BOR", "SYL"]}]
    focal.press("Change effect 1")
    shown = [
        field.get("value") for field in focal.page.all("input", name=f"{entry(focal.page, 'effects')}.with")
    ]
    assert shown[:2] == ["Borduria", "Islands of Syldavia"]


def test_a_name_that_nobody_knows_is_kept_and_said(database: Database, focal: Visitor) -> None:
    take_part(database, focal)
    base = entry(focal.page, "effects")
    page = focal.press("Save and continue", {f"{base}.with": ["Atlantis"]}, status=422)
    assert "“Atlantis” is not in the list. Choose a name from the list" in page.text


def test_what_is_known_is_confirmed_or_corrected(database: Database, focal: Visitor) -> None:
    focal.follow("Who answers")
    assert "Is this right?" in focal.page.text
    focal.press("Save and leave", {"a.contact_name.is_right": "yes"})
    with database.read() as session:
        known = session.execute(select(AnswerRevision.value, AnswerRevision.confirms)).one()
    assert tuple(known) == ("focal-arc", "register:focal_point_name")
    focal.follow("Who answers")
    focal.press("Save and leave", {"a.contact_name.is_right": "no", "a.contact_name": "Someone Else"})
    assert revisions(database, "contact_name") == ["focal-arc", "Someone Else"]


def test_same_as_for_another_mechanism_fills_what_is_empty(database: Database, focal: Visitor) -> None:
    take_part(database, focal)
    page_of(database, focal, "value")
    focal.press("Save and continue", {"a.reasons": ["exchange"], "a.would_help": "More time"})
    take_part(database, focal, "beta")
    page_of(database, focal, "value", "beta")
    focal.press("Save and leave", {"a.would_help": "Shorter meetings"})
    page_of(database, focal, "value", "beta")
    focal.press("Copy into the empty answers")
    assert focal.page.heading == "Why it is valued"
    checked = [
        box.get("value")
        for box in focal.page.all("input", name="a.reasons")
        if box.get("checked") is not None
    ]
    assert checked == ["exchange"]
    assert "Shorter meetings" in focal.page.text


def test_a_mechanism_is_added_from_the_list(database: Database, focal: Visitor) -> None:
    focal.follow("Add a mechanism")
    focal.press("Search", {"search": "gamma"})
    assert "Gamma Forum" in focal.page.text
    focal.press("Add this mechanism", {"mechanism": "gamma"})
    assert focal.page.heading == "Taking part"
    assert "Gamma Forum" in focal.page.text
    focal.press("Save and leave")
    focal.page.link("Gamma Forum")


def add_gamma(focal: Visitor) -> None:
    focal.follow("Add a mechanism")
    focal.press("Add this mechanism", {"mechanism": "gamma"})
    focal.press("Save and leave", {"a.takes_part": "yes"})


def test_a_mechanism_added_by_mistake_is_taken_out_and_brought_back(
    database: Database, focal: Visitor
) -> None:
    home = f"/responses/{response_of(database, 'ARC')}"
    add_gamma(focal)
    focal.follow("take out Gamma Forum")
    assert focal.page.heading == "Take the Gamma Forum out?"
    assert "1 answer" in focal.page.text
    focal.press("Take the Gamma Forum out")
    assert "1 mechanism taken out" in focal.page.text
    assert "Taken out by focal-arc" in focal.page.text
    assert "Gamma Forum" not in focal.open(f"{home}/check").text
    focal.open(home)
    focal.press("Bring it back: Gamma Forum")
    assert "taken out" not in focal.page.text
    focal.follow("Gamma Forum")
    assert focal.page.control("Yes").get("checked") is not None


def test_a_mechanism_of_the_register_is_not_taken_out(database: Database, focal: Visitor) -> None:
    assert "take out" not in focal.page.text
    block = block_of(database, "ARC", "alpha")
    page = focal.open(f"{focal.url}/mechanisms/{block}/take-out")
    assert "Say in it that you take no active part" in page.text
    assert page.all("button", class_="button remove") == []


def test_a_mechanism_that_nobody_knows_is_proposed_to_staff(database: Database, focal: Visitor) -> None:
    focal.follow("Add a mechanism")
    focal.press("Tell IOM", {"name": "Zeta Talks", "about": "Since 2024, five States"})
    assert "“Zeta Talks” goes to IOM with your answers" in focal.page.text


def test_a_page_makes_the_same_number_of_statements_for_one_mechanism_or_many(
    database: Database, focal: Visitor
) -> None:
    """Costs do not grow with mechanisms or answers."""

    def statements() -> int:
        found: list[str] = []
        engine = focal.app.extensions["database"].engine

        def note(*arguments: object) -> None:
            found.append(str(arguments[2]))

        event.listen(engine, "before_cursor_execute", note)
        try:
            page_of(database, focal, "value")
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return sum(not statement.startswith(("BEGIN", "UPDATE login_session")) for statement in found)

    take_part(database, focal)
    before = statements()
    page_of(database, focal, "value")
    focal.press("Save and leave", {"a.reasons": ["exchange"], "a.would_help": "More time"})
    take_part(database, focal, "beta")
    focal.press("Save and leave")
    focal.follow("Add a mechanism")
    focal.press("Add this mechanism", {"mechanism": "gamma"})
    focal.press("Save and leave", {"a.takes_part": "yes"})
    assert statements() == before


def test_a_text_of_a_hundred_thousand_characters_is_kept(database: Database, focal: Visitor) -> None:
    take_part(database, focal)
    page_of(database, focal, "uses")
    text = "é" * 99_990 + " 𝄞 end"
    focal.press("Save and leave", {"a.synergies": text})
    assert revisions(database, "synergies") == [text]
