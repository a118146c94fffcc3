"""A round with the real questionnaires, for the stories of respondents."""

from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import Database
from app.definitions import loader
from app.models import Audience, Organisation, RepeatInstance, Response
from app.policy import SYSTEM, AppointmentRole, StaffRole
from app.services import publishing, rounds
from tests import factories
from tests.factories import NOW

ROOT = Path(__file__).parents[2] / "questionnaires"
STATES = {"ARC": ("Arcadia", False), "BOR": ("Borduria", False), "SYL": ("Islands of Syldavia", True)}
MECHANISMS = {
    "alpha": ("Alpha Process on Mobility", "Alpha Process", True),
    "beta": ("Beta Dialogue on Asylum", "Beta Dialogue", True),
    "gamma": ("Gamma Forum", "Gamma Forum", True),
}


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
    for audience in ("state", "iscm", "igo"):
        publishing.publish_version(session, loader.load(ROOT / audience / "v1.yaml", ROOT), SYSTEM, now=NOW)
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


def people(session: Session, made: dict[str, Organisation]) -> None:
    """A focal point each; in Arcadia a colleague for everything, one for beta only, and one who reads."""
    for code in ("ARC", "BOR", "SYL", "IOX", "alpha"):
        factories.person(session, f"focal-{code.lower()}", made[code])
    role = AppointmentRole
    factories.person(session, "colleague", made["ARC"], role.CONTRIBUTOR)
    factories.person(session, "beta-only", made["ARC"], role.CONTRIBUTOR, iscm=made["beta"])
    factories.person(session, "reader", made["ARC"], role.OBSERVER)
    factories.person(session, "analyst", staff_role=StaffRole.ANALYST)


def response_of(database: Database, code: str) -> UUID:
    """The response of the organisation with this code."""
    with database.read() as session:
        return session.scalars(
            select(Response.id)
            .join(Organisation, Organisation.id == Response.organisation_id)
            .where(Organisation.code == code)
        ).one()


def block_of(database: Database, code: str, iscm: str) -> UUID:
    """The block about a mechanism in that organisation's response."""
    response = response_of(database, code)
    with database.read() as session:
        return session.scalars(
            select(RepeatInstance.id)
            .join(Organisation, Organisation.id == RepeatInstance.subject_id)
            .where(RepeatInstance.response_id == response, Organisation.code == iscm)
        ).one()
