"""The data that the benchmark asks for: a page of forty answers, and somebody who may write there."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from app.database import Database
from app.definitions.schema import Questionnaire, from_stored
from app.migrating import upgrade
from app.models import Audience, Organisation, OrganisationKind, Response, Via
from app.policy import SYSTEM, AppointmentRole
from app.queries import people as people_queries
from app.services import answering, people, publishing, rounds
from app.services.answering import Change

QUESTIONS = 40
CODE = "XBN"
SECTION, PAGE = "all", "forty"


@dataclass(frozen=True)
class World:
    """What a visitor needs to know."""

    user_email: str
    page: str
    autosave: str


def questionnaire() -> Questionnaire:
    """Forty questions on one page: half of them text, the rest choices and yes or no."""
    return from_stored(
        {
            "key": "bench",
            "version": 1,
            "audience": "state",
            "title": "Benchmark",
            "sections": [
                {
                    "key": SECTION,
                    "title": "All questions",
                    "pages": [
                        {
                            "key": PAGE,
                            "title": "Forty questions",
                            "questions": [_question(n) for n in range(QUESTIONS)],
                        }
                    ],
                }
            ],
        }
    )


def prepare(database: Database) -> World:
    """Migrate, and put in a round of one State with forty answers saved."""
    upgrade(database.engine)
    now = datetime.now(UTC)
    with database.begin() as session:
        publishing.publish_version(session, questionnaire(), SYSTEM)
        state = Organisation(
            id=uuid4(),
            kind=OrganisationKind.STATE,
            asked_as=Audience.STATE,
            code=CODE,
            name="Benchland",
            fictional=True,
        )
        session.add(state)
        session.flush()
        user = people.add_user(session, "bench@example.org", "Bench Mark", SYSTEM)
        people.appoint(session, user, state, AppointmentRole.FOCAL_POINT, SYSTEM)
        opens, closes = now - timedelta(days=1), now + timedelta(days=30)
        round_ = rounds.create(session, "bench", "Benchmark", opens, closes, closes, "UTC", SYSTEM)
        rounds.open_round(session, round_, {Audience.STATE: [CODE]}, SYSTEM, now.date())
        response_id = session.scalars(select(Response.id).where(Response.organisation_id == state.id)).one()
        actor = people_queries.actor(session, user, now)
        changes = [Change(None, f"question_{n}", "", _answer(n, 0), 0) for n in range(QUESTIONS)]
        answering.save_answers(session, response_id, changes, actor, Via.PAGE, now)
    base = f"/responses/{response_id}"
    return World("bench@example.org", f"{base}/{SECTION}/{PAGE}", f"{base}/autosave")


def typed(number: int, turn: int) -> list[str]:
    """What the browser sends for a question, different in each turn."""
    plain = _answer(number, turn)
    return [plain["option"] if isinstance(plain, dict) else str(plain)]


def open_database(instance: Path) -> Database:
    """The benchmark's database."""
    return Database(database_url(instance))


def database_url(instance: Path) -> str:
    """The benchmark's own SQLite database."""
    return f"sqlite:///{instance / 'bench.sqlite'}"


def _question(number: int) -> dict[str, Any]:
    common = {
        "key": f"question_{number}",
        "text": f"Question {number}: what does {{organisation}} think of it?",
    }
    kind = number % 4
    if kind == 0:
        return {**common, "kind": "long_text", "hint": "In a few sentences.", "max_words": 150}
    if kind == 1:
        return {**common, "kind": "yes_no"}
    if kind == 2:
        options = [{"key": f"option_{n}", "text": f"Option {n}"} for n in range(5)]
        return {**common, "kind": "choice", "options": options}
    return {**common, "kind": "short_text"}


def _answer(number: int, turn: int) -> Any:
    kind = number % 4
    if kind == 1:
        return "yes" if turn % 2 else "no"
    if kind == 2:
        return {"option": f"option_{turn % 5}"}
    return f"Turn {turn}: the mechanism brought officials of neighbouring States together. " * (
        4 if kind == 0 else 1
    )
