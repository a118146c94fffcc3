"""A published summary: made by staff, read by those who answered about the mechanism, never changed."""

import json

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import DatabaseError

from app import clock
from app.database import Database
from app.models import AuditEvent, Base, PublishedSummary
from app.policy import Attribution
from app.services import attributing
from tests.browsing import Visitor
from tests.journeys import asking
from tests.journeys.conftest import SignIn
from tests.journeys.responding import response_of

PUBLISH = "/findings/2026/alpha/publish"


@pytest.fixture
def database(staffed: Database) -> Database:
    """Takes the place of the empty database."""
    return staffed


@pytest.fixture(autouse=True)
def answered(database: Database) -> None:
    """Borduria and the Islands have submitted about alpha; Arcadia has not."""
    asking.submit(database, "BOR", "Shorter meetings")
    asking.submit(database, "SYL", "Longer breaks")


@pytest.fixture
def coordinator(sign_in: SignIn) -> Visitor:
    return sign_in("coordinator@example.org")


def editions(database: Database) -> list[PublishedSummary]:
    with database.read() as session:
        return list(session.scalars(select(PublishedSummary).order_by(PublishedSummary.edition)))


def publish(visitor: Visitor, number: int = 1) -> None:
    visitor.open(PUBLISH)
    visitor.press(f"Publish edition {number}")


def test_a_summary_is_published_on_a_page_that_asks(database: Database, coordinator: Visitor) -> None:
    coordinator.open("/findings/2026/alpha")
    coordinator.follow("Publish …")
    assert "cannot be changed or taken back" in coordinator.page.text
    coordinator.press("Publish edition 1")
    assert coordinator.page.heading.startswith("Summary of Findings: ")
    assert "Borduria" in coordinator.page.text
    (edition,) = editions(database)
    assert edition.digest in coordinator.page.text
    with database.read() as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.act == "published_summary")).one()
    assert event.detail["edition"] == 1


def test_those_who_answered_about_it_read_it_and_others_do_not(
    database: Database, coordinator: Visitor, sign_in: SignIn
) -> None:
    focal = sign_in("focal-bor@example.org")
    home = f"/responses/{response_of(database, 'BOR')}"
    assert "Published summaries" not in focal.open(home).text
    publish(coordinator)
    page = focal.open(home)
    assert "Published summaries" in page.text
    focal.follow("Alpha Process")
    address = page.link("Alpha Process")
    published = [link.get("href", "") for link in page.all("a") if "/summaries/" in link.get("href", "")]
    focal.open(published[0])
    assert focal.page.heading == "Summary of Findings: Alpha Process on Mobility"
    assert address

    edition = published[0].rpartition("/")[2]
    silent = sign_in("focal-arc@example.org")
    there = f"/responses/{response_of(database, 'ARC')}"
    assert "Published summaries" not in silent.open(there).text, "Arcadia has not submitted"
    silent.open(f"{there}/summaries/{edition}", status=404)
    silent.open(published[0], status=404)


def test_the_mechanism_itself_reads_it(database: Database, coordinator: Visitor, sign_in: SignIn) -> None:
    publish(coordinator)
    mechanism = sign_in("focal-alpha@example.org")
    home = f"/responses/{response_of(database, 'alpha')}"
    assert "Published summaries" not in mechanism.open(home).text, "it has not submitted"
    asking.submit_itself(database)
    assert "Published summaries" in mechanism.open(home).text


def test_files_are_made_of_what_was_published(
    database: Database, coordinator: Visitor, sign_in: SignIn
) -> None:
    publish(coordinator)
    focal = sign_in("focal-bor@example.org")
    page = focal.open(f"/responses/{response_of(database, 'BOR')}")
    address = next(a.get("href", "") for a in page.all("a") if "/summaries/" in a.get("href", ""))
    (edition,) = editions(database)

    def files() -> dict[str, bytes]:
        focal.open(address)
        found = {}
        for button in focal.page.all("button"):
            if button.get("formaction"):
                values = focal.values(focal.page.form_of(button))
                found[button.get("formaction", "").rpartition(".")[2]] = focal.client.post(
                    button.get("formaction", ""), data=values
                ).data
        return found

    before = files()
    assert set(before) == {"docx", "pdf", "html", "json"}
    assert before["pdf"].startswith(b"%PDF")
    assert edition.digest in before["html"].decode()
    data = json.loads(before["json"])
    assert (data["edition"], data["digest"]) == (1, edition.digest)
    now = clock.now()
    for code in ("BOR", "SYL"):
        focal_point = asking.actor_of(database, f"focal-{code.lower()}")
        with database.begin() as session:
            attributing.choose(
                session, response_of(database, code), Attribution.NOT_FOR_PUBLICATION, focal_point, now
            )
    assert files() == before, "an edition stays what was published"


def test_nothing_that_only_staff_may_see_gets_into_an_edition(
    database: Database, coordinator: Visitor
) -> None:
    focal, now = asking.actor_of(database, "focal-syl"), clock.now()
    with database.begin() as session:
        attributing.choose(session, response_of(database, "SYL"), Attribution.BACKGROUND, focal, now)
    publish(coordinator)
    (edition,) = editions(database)
    content = json.dumps(edition.content, ensure_ascii=False)
    assert "Borduria" in content
    assert "Longer breaks" not in content
    assert "SYL" not in content
    assert {"unused", "differ", "awaiting_translation", "behind"}.isdisjoint(_keys(edition.content))


def _keys(data: object) -> set[str]:
    if isinstance(data, dict):
        return set(data) | {key for value in data.values() for key in _keys(value)}
    return {key for each in data for key in _keys(each)} if isinstance(data, list) else set()


def test_what_reads_the_same_is_published_once_and_a_change_makes_the_next_edition(
    database: Database, coordinator: Visitor
) -> None:
    publish(coordinator)
    publish(coordinator, 2)
    assert [edition.edition for edition in editions(database)] == [1]
    focal, now = asking.actor_of(database, "focal-syl"), clock.now()
    with database.begin() as session:
        attributing.choose(session, response_of(database, "SYL"), Attribution.BACKGROUND, focal, now)
    publish(coordinator, 2)
    assert [edition.edition for edition in editions(database)] == [1, 2]
    assert "Other editions" in coordinator.page.text


def test_an_edition_cannot_be_changed_in_the_database(database: Database, coordinator: Visitor) -> None:
    publish(coordinator)
    table = Base.metadata.tables["published_summary"]
    with pytest.raises(DatabaseError), database.begin() as session:
        session.execute(update(table).values(edition=2))


def test_a_summary_without_a_sentence_is_not_published(database: Database, coordinator: Visitor) -> None:
    coordinator.open("/findings/2026/gamma/publish")
    coordinator.press("Publish edition 1", status=422)
    assert "there is nothing to publish" in coordinator.page.text
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(PublishedSummary)) == 0


def test_analysts_do_not_publish(sign_in: SignIn) -> None:
    analyst = sign_in("analyst@example.org")
    assert "Publish" not in analyst.open("/findings/2026/alpha").text
    analyst.open(PUBLISH, status=404)


def test_the_command_publishes(app: Flask, database: Database) -> None:
    words = ["findings", "publish", "alpha", "--round", "2026", "--by"]
    with app.app_context():
        run = app.test_cli_runner().invoke
        said = run(args=[*words, "coordinator@example.org"])
        refused = run(args=[*words, "analyst@example.org"])
    assert said.exit_code == 0, said.output
    assert said.output.startswith("alpha, round 2026: edition 1, ")
    assert refused.exit_code != 0
    assert len(editions(database)) == 1
