"""A round with the real questionnaires, for the stories of respondents."""

import re
from functools import cache
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import Database
from app.definitions import loader
from app.definitions.schema import Questionnaire
from app.models import Answer, AnswerRevision, Audience, Organisation, RepeatInstance, Response, Round
from app.policy import SYSTEM, AppointmentRole, StaffRole
from app.services import publishing, rounds
from tests import factories
from tests.browsing import Page, Visitor
from tests.factories import NOW

ROOT = Path(__file__).parents[2] / "questionnaires"
STATES = {"ARC": ("Arcadia", False), "BOR": ("Borduria", False), "SYL": ("Islands of Syldavia", True)}
FIRST_SECTION = "about"
"""The key of the first section of every questionnaire."""
MECHANISMS = {
    "alpha": ("Alpha Process on Mobility", "Alpha Process", True),
    "beta": ("Beta Dialogue on Asylum", "Beta Dialogue", True),
    "gamma": ("Gamma Forum", "Gamma Forum", True),
}


@cache
def questionnaires() -> tuple[Questionnaire, ...]:
    """What States, mechanisms and organisations are asked; read once, as nothing changes it."""
    shared = loader.library(ROOT)
    return tuple(loader.load(ROOT / name / "v1.yaml", ROOT, shared) for name in ("state", "iscm", "igo"))


def settle(session: Session) -> None:
    """Three mechanisms, three States (Arcadia in alpha and beta), an organization; everybody asked today."""
    made = {}
    for code, (name, short, article) in MECHANISMS.items():
        made[code] = factories.organisation(session, "iscm", code, name)
        factories.profile(
            session, made[code], short, short_name_article=article, established=2001, acronym=code.upper()[:2]
        )
    for code, (name, article) in STATES.items():
        made[code] = factories.organisation(session, "state", code, name, name_article=article)
    made["IOX"] = factories.organisation(session, "igo", "IOX", "Organisation of Everything")
    for iscm, member in [("alpha", "ARC"), ("beta", "ARC"), ("alpha", "BOR"), ("alpha", "SYL")]:
        factories.membership(session, made[iscm], made[member])
    factories.membership(session, made["alpha"], made["IOX"], role="observer")
    for questionnaire in questionnaires():
        publishing.publish_version(session, questionnaire, SYSTEM, now=NOW)
    people(session, made)
    now = NOW
    opened = rounds.create(
        session,
        "2026",
        "Assessment of mechanisms, 2026",
        now,
        now.replace(year=2027),
        None,
        "Europe/Zurich",
        SYSTEM,
    )
    asked = {Audience.STATE: list(STATES), Audience.ISCM: ["alpha"], Audience.IGO: ["IOX"]}
    rounds.open_round(session, opened, asked, SYSTEM, now.date(), now=now)


def open_first_round(database: Database) -> None:
    """The same, committed."""
    with database.begin() as session:
        settle(session)


def open_next_round(database: Database) -> None:
    """Ask the States once more, a year later."""
    with database.begin() as session:
        later = NOW.replace(year=NOW.year + 1)
        opened = rounds.create(
            session, "2027", "The year after", later, later.replace(month=12), None, "Europe/Zurich", SYSTEM
        )
        rounds.open_round(session, opened, {Audience.STATE: list(STATES)}, SYSTEM, NOW.date(), now=later)


def people(session: Session, made: dict[str, Organisation]) -> None:
    """A focal point each; in Arcadia a colleague for everything, one for beta only, and one who reads."""
    for code in ("ARC", "BOR", "SYL", "IOX", "alpha"):
        factories.person(session, f"focal-{code.lower()}", made[code])
    role = AppointmentRole
    factories.person(session, "colleague", made["ARC"], role.CONTRIBUTOR)
    factories.person(session, "beta-only", made["ARC"], role.CONTRIBUTOR, iscm=made["beta"])
    factories.person(session, "reader", made["ARC"], role.OBSERVER)
    factories.person(session, "analyst", staff_role=StaffRole.ANALYST)


def response_of(database: Database, code: str, round_code: str = "2026") -> UUID:
    """The response of the organisation with this code."""
    with database.read() as session:
        return session.scalars(
            select(Response.id)
            .join(Organisation, Organisation.id == Response.organisation_id)
            .join(Round, Round.id == Response.round_id)
            .where(Organisation.code == code, Round.code == round_code)
        ).one()


def block_of(database: Database, code: str, iscm: str, round_code: str = "2026") -> UUID:
    """The block about a mechanism in that organisation's response."""
    response = response_of(database, code, round_code)
    with database.read() as session:
        return session.scalars(
            select(RepeatInstance.id)
            .join(Organisation, Organisation.id == RepeatInstance.subject_id)
            .where(RepeatInstance.response_id == response, Organisation.code == iscm)
        ).one()


def page_of(database: Database, visitor: Visitor, page: str, iscm: str = "alpha", code: str = "ARC") -> Page:
    response, block = response_of(database, code), block_of(database, code, iscm)
    return visitor.open(f"/responses/{response}/mechanisms/{block}/{page}")


def take_part(database: Database, visitor: Visitor, iscm: str = "alpha", code: str = "ARC") -> None:
    page_of(database, visitor, "taking_part", iscm, code)
    visitor.press("Save and continue", {"a.takes_part": "yes"})


def entry(page: Page, list_key: str) -> str:
    """The name before the fields of the entry that stands open."""
    names = [field.get("name", "") for field in page.all("input")]
    found = [name for name in names if re.fullmatch(rf"a\.{list_key}\.[0-9a-f-]{{36}}\.\w+\.seen", name)]
    return found[0].rsplit(".", 2)[0]


def revisions(database: Database, key: str) -> list[object]:
    with database.read() as session:
        return list(
            session.scalars(
                select(AnswerRevision.value)
                .join(Answer, Answer.id == AnswerRevision.answer_id)
                .where(Answer.question_key == key)
                .order_by(AnswerRevision.number)
            )
        )


def answer(database: Database, focal: Visitor, **more: object) -> None:
    """Say that Borduria takes part, and why it values the mechanism."""
    block = block_of(database, "BOR", "alpha")
    base = f"/responses/{response_of(database, 'BOR')}/mechanisms/{block}"
    focal.open(f"{base}/taking_part")
    focal.press("Save and leave", {"a.takes_part": "yes"})
    focal.open(f"{base}/value")
    focal.press("Save and leave", {"a.would_help": "More time", **more})


def choose(focal: Visitor, home: str, how: str = "by_name") -> None:
    """Say how Borduria may be quoted."""
    focal.open(f"{home}/quoting")
    focal.press("Save this choice", {"quoting": how})


def submit(focal: Visitor, home: str) -> None:
    """Submit what Borduria answered."""
    focal.open(f"{home}/check")
    focal.press("Submit the answers of Borduria", {"statement": "yes"})
