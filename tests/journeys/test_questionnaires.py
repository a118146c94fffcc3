"""Survey staff see, compare, preview and publish questionnaires in the browser."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.database import Database
from app.models import AuditEvent, Base
from config import Settings
from tests.browsing import Page, Visitor
from tests.journeys import questionnaires
from tests.journeys.conftest import SignIn
from tests.journeys.questionnaires import ANALYST, COORDINATOR, VIEWER, asked, changed, lay


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The folder in which the questionnaires lie."""
    return tmp_path / "questionnaires"


@pytest.fixture
def settings(settings: Settings, root: Path) -> Settings:
    """The same service with that folder."""
    return replace(settings, questionnaires=root)


@pytest.fixture(autouse=True)
def _settled(database: Database, root: Path) -> None:
    questionnaires.settled(database, root)


def _second(root: Path) -> Path:
    """A second version: other words, one question more, one option less."""

    def change(data: dict[str, object]) -> None:
        asked(data, "outlook")["text"] = "What comes next for {organisation}?"
        asked(data, "reasons")["options"].pop(1)
        data["sections"][0]["pages"][0]["questions"].append(  # type: ignore[index]  # plain data
            {"key": "remarks", "kind": "long_text", "text": "Anything else?", "hint": "If you like."}
        )

    return lay(root, changed(2, change))


def test_staff_see_what_is_published_what_is_not_and_every_fault_at_once(sign_in: SignIn, root: Path) -> None:
    _second(root)
    (root / "igo" / "v2.yaml").write_text("key: igo\nversion: 2\naudience: nobody\nsections: []\n")
    (root / "iscm" / "v1.yaml").write_text(
        (root / "iscm" / "v1.yaml").read_text().replace("Launched in", "Launched when")
    )
    staff = sign_in(VIEWER)
    page = staff.open("/questionnaires")
    assert page.heading == "Questionnaires"
    assert "Round one: 3 responses" in page.text
    assert "Not published yet" in page.text
    assert len(re.findall(r"igo/v2\.yaml:\d+:", page.text)) >= 3, "every fault with its file and line"
    assert "The file iscm/v1.yaml differs from what was published as version 1" in page.text
    assert "Publish" not in [link.text for link in page.all("a")], "a viewer publishes nothing"


def test_one_version_is_read_in_full(sign_in: SignIn) -> None:
    staff = sign_in(VIEWER)
    page = staff.open("/questionnaires/state/1")
    for words in (
        "Does {organisation} take part?",
        "Only if the answer to question 3 is “No”",
        "once for each mechanism",
        "opens a field for own words",
        "Not translated.",
    ):
        assert words in page.text, words
    for fmt in ("pdf", "docx"):
        answer = staff.client.get(f"/questionnaires/state/1/paper.{fmt}")
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"] == f'attachment; filename="state-v1.{fmt}"'
    staff.open("/questionnaires/state/7", status=404)
    staff.open("/questionnaires/nobody/v1.yaml", status=404)
    staff.open("/questionnaires/state/..%2fv1.yaml", status=404)


def test_a_file_is_compared_with_what_is_published(sign_in: SignIn, root: Path) -> None:
    _second(root)
    page = sign_in(VIEWER).open("/questionnaires/state/v2.yaml/compare")
    assert "From Version 1 to Version 2, not published" in page.text
    assert [each.text for each in page.all("h3")] or page.all("h3")
    headings = ["".join(each.itertext()) for each in page.all("h3")]
    assert [words.strip("!◐– ") for words in headings] == ["Narrowing", "Widening", "Wording"]
    assert "Option removed" in page.text
    assert "Question added" in page.text
    assert page.all("del")
    assert page.all("ins")
    assert "If you like." not in page.text, "what a new question says is not told a second time"


def test_publishing_asks_first_and_then_is_for_ever(sign_in: SignIn, root: Path, database: Database) -> None:
    path = _second(root)
    staff = sign_in(COORDINATOR)
    staff.open("/questionnaires/state/v2.yaml/publish")
    assert "3 responses go on answering version 1" in staff.page.text
    page = staff.press("Publish version 2")
    assert page.heading == "To state"
    assert "Version 2" in page.text
    with database.read() as session:
        [event] = session.scalars(
            select(AuditEvent).where(
                AuditEvent.act == "published_questionnaire", AuditEvent.actor_name == "coordinator"
            )
        )
        assert event.subject_kind == "questionnaire_version"
    path.write_text(path.read_text().replace("Anything else?", "Something else?"))
    staff.open("/questionnaires/state/v2.yaml/publish")
    page = staff.press("Publish version 2", status=409)
    assert "was published with other content" in page.text


@pytest.mark.parametrize("person", [VIEWER, ANALYST])
def test_who_may_not_publish_finds_no_page_for_it(sign_in: SignIn, root: Path, person: str) -> None:
    _second(root)
    sign_in(person).open("/questionnaires/state/v2.yaml/publish", status=404)


def _rows(database: Database) -> dict[str, int]:
    with database.read() as session:
        return {
            table.name: session.execute(select(func.count()).select_from(table)).scalar_one()
            for table in Base.metadata.sorted_tables
            if table.name != "login_session"
        }


def _here(page: Page) -> str:
    return page.one("input", name="here").get("value", "")


def _continue(visitor: Visitor, fields: dict[str, object] | None = None, status: int = 200) -> Page:
    return visitor.press("Continue", fields, status)


def test_a_preview_draws_the_real_questions_and_stores_nothing(
    sign_in: SignIn, root: Path, database: Database
) -> None:
    _second(root)
    staff = sign_in(VIEWER)
    before = _rows(database)
    page = staff.open("/questionnaires/state/v2.yaml/preview")
    assert "Nothing here is stored." in page.text
    assert "What comes next for the Sample State?" in page.text
    _continue(staff, {"a.contact_name": "Somebody", "a.outlook": "More of it"})
    assert _here(staff.page).startswith("mechanisms/")
    why = next(each for each in staff.page.all("div") if each.get("data-question") == "why_not")
    assert why.get("hidden") is not None
    page = _continue(staff, {"a.takes_part": "no"})
    assert "Your answer brought one more question" in page.text
    page = _continue(staff, {"a.why_not": "No time"})
    assert "Sample Dialogue" in page.text
    page = staff.press("Back one page")
    assert page.one("input", id="a-why_not").get("value") == "No time"
    page = staff.press("Back one page")
    assert page.one("input", id="a-contact_name").get("value") == "Somebody"
    assert _rows(database) == before


def test_a_preview_shows_errors_entries_and_what_is_missing(sign_in: SignIn) -> None:
    staff = sign_in(VIEWER)
    staff.open("/questionnaires/state/1/preview")
    page = staff.press("What is missing")
    assert "Your name" in page.text
    page = staff.press("Sample Process: The Sample Process")
    page = staff.press("Continue", {"a.takes_part": "yes"})
    entry = next(
        name
        for field in page.all("input")
        if re.fullmatch(r"a\.effects\..{36}\.year", name := field.get("name", ""))
    )
    page = _continue(
        staff,
        {"a.words": "word " * 30, entry: "soon", entry.replace("year", "example"): "A law"},
        status=422,
    )
    assert "Give the year as four digits" in page.text
    page = _continue(staff, {"a.words": "few words", entry: "2020"})
    page = staff.press("Back one page")
    assert "A law" in page.text
    page = staff.press("Remove")
    assert "A law" not in page.text
    assert page.one("textarea", id="a-words").text == "few words"


def test_what_a_page_carries_is_read_with_care(sign_in: SignIn) -> None:
    staff = sign_in(VIEWER)
    for kept in (
        "[" * 5000,
        "no json",
        '{"about//contact": {"a.contact_name": 7, "x": ["y"]}}',
        '{"x/y/z": {}}',
    ):
        staff.open("/questionnaires/state/1/preview")
        page = staff.press("Continue", {"kept": kept, "here": "nowhere"})
        assert page.heading == "What is missing before it could be submitted"


def test_each_role_has_its_preview(sign_in: SignIn) -> None:
    staff = sign_in(VIEWER)
    for key, name in (("state", "Sample State"), ("iscm", "Sample Process"), ("igo", "Sample Organization")):
        assert f"Preview as {name}" in staff.open(f"/questionnaires/{key}/1/preview").text
    staff.open("/questionnaires/iscm/1/preview?page=itself//facts")
    assert "Is this right?" in staff.page.text or "2001" in staff.page.text


def test_no_answer_of_anybody_is_reached_from_a_preview(sign_in: SignIn) -> None:
    page = sign_in(VIEWER).open("/questionnaires/state/1/preview")
    assert [link.get("href") for link in page.all("a") if "/responses" in link.get("href", "")] == []


def test_questionnaires_are_staff_s(sign_in: SignIn) -> None:
    respondent = sign_in("aaa-fp@example.org")
    for address in ("/questionnaires", "/questionnaires/state/1", "/questionnaires/state/1/preview"):
        respondent.open(address, status=404)
