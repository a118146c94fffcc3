"""The committed rounds and answer files go in through the services, and come out again as they were."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.database import Database
from app.definitions import loader
from app.definitions.source import read
from app.models import Audience, Round
from app.policy import SYSTEM
from app.queries import responses
from app.queries.response_files import as_file
from app.services import importing, publishing, rounds, submitting
from app.services.register_import import free_text, import_register
from tests.databases import type_of_copy

REPOSITORY = Path(__file__).parents[2]
ROOT = REPOSITORY / "questionnaires"
WHEN = datetime.fromisoformat("2026-11-23T12:00:00+01:00")
ANSWERS = {
    "2019": REPOSITORY / "tests/cases/eap-2019/responses",
    "training": ROOT / "demo/training/responses",
}


def load_register(session: Session) -> None:
    words = free_text(ROOT / "register/igos.yaml")
    files = [ROOT / "register" / name for name in ("states.csv", "igos.yaml", "iscms.yaml")]
    for file in [*files, ROOT / "demo/training/register.yaml"]:
        import_register(session, file.read_bytes(), file.name, SYSTEM, words=words)


def open_round(session: Session, data: Mapping[str, Any]) -> Round:
    when = {key: datetime.fromisoformat(data[key]) for key in ("opens_at", "closes_at")}
    made = rounds.create(
        session, data["code"], data["title"], when["opens_at"], when["closes_at"], None, data["zone"], SYSTEM
    )
    asked = {Audience(audience): codes for audience, codes in data["asked"].items()}
    as_of = date.fromisoformat(str(data["as_of"]))
    rounds.open_round(session, made, asked, SYSTEM, as_of, about=data.get("about"), now=when["opens_at"])
    return made


def files(code: str) -> Iterator[dict[str, Any]]:
    for file in sorted(ANSWERS[code].glob("*.yaml")):
        yield read(file, REPOSITORY).data


def load(database: Database) -> None:
    with database.begin() as session:
        load_register(session)
        for questionnaire in loader.load_all(ROOT).values():
            publishing.publish_version(session, questionnaire, SYSTEM)
        for code in ANSWERS:
            open_round(session, read(ROOT / f"demo/{code}/round.yaml", REPOSITORY).data)
            for data in files(code):
                importing.import_response(session, data, SYSTEM, WHEN)


@pytest.fixture(scope="module")
def committed(copy_of_template: type_of_copy) -> Iterator[Database]:
    made = Database(copy_of_template(load))
    yield made
    made.dispose()


@pytest.fixture
def loaded(committed: Database) -> Iterator[Session]:
    """A writing session that is rolled back after the test."""
    with committed.session(write=True) as opened:
        yield opened
        opened.rollback()


def said(answers: Any) -> Any:
    """What a file says, without what the stored form adds: a bare key and its mapping are the same choice."""
    if isinstance(answers, dict):
        kept = {key: said(value) for key, value in answers.items()}
        if set(kept) <= {"option", "other"} and "option" in kept:
            return kept["option"] if "other" not in kept else kept
        for several in ("options", "codes"):
            if several in kept:
                kept[several] = sorted(kept[several])
                return kept if "other" in kept else kept[several]
        return kept
    if isinstance(answers, list):
        listed = [said(each) for each in answers]
        return sorted(listed) if listed and all(isinstance(each, str) for each in listed) else listed
    return answers


@pytest.mark.parametrize("code", sorted(ANSWERS))
def test_files_come_out_as_they_went_in(loaded: Session, code: str) -> None:
    for data in files(code):
        response = responses.of_organisation(loaded, code, data["organisation"], Audience(data["audience"]))
        assert response is not None
        written = as_file(loaded, response)
        for key in ("questionnaire", "language", "attribution", "marks"):
            assert written.get(key) == data.get(key), (data["organisation"], key)
        assert said(written["answers"]) == said(data.get("answers", {}))
        for iscm, block in data.get("mechanisms", {}).items():
            assert said(written["mechanisms"][iscm]["answers"]) == said(block["answers"])


@pytest.mark.parametrize("code", sorted(ANSWERS))
def test_progress_is_possible(loaded: Session, code: str) -> None:
    """Whoever is to have submitted has nothing missing; nobody else has a file but those under way."""
    data = read(ROOT / f"demo/{code}/round.yaml", REPOSITORY).data
    for step in data["progress"]:
        assert {"invited", "submitted", "declined", "reopened"} & set(step)
        audience = next(a for a, codes in data["asked"].items() if step["respondent"] in codes)
        response = responses.of_organisation(loaded, code, step["respondent"], Audience(audience))
        assert response is not None
        at = datetime.fromisoformat(step["at"])
        if "submitted" in step:
            sent = submitting.submit(loaded, response.id, step["submitted"], SYSTEM, at)
            assert sent.statement == step["submitted"]
        if "reopened" in step:
            submitting.reopen(loaded, response.id, step["reopened"], SYSTEM, at)


def test_people_exist_and_personas_are_seven() -> None:
    people = read(ROOT / "demo/training/people.yaml", REPOSITORY).data["people"]
    addresses = {person["email"] for person in people}
    assert len(addresses) == len(people)
    assert all(address.endswith(".example") for address in addresses)
    assert sum("persona" in person for person in people) == 7
    for code in ANSWERS:
        steps = read(ROOT / f"demo/{code}/round.yaml", REPOSITORY).data["progress"]
        assert {step["by"] for step in steps if "by" in step} <= addresses
