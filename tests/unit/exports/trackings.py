"""Made-up trackings: of every Member State on the real map (standings only), and of a fictional register."""

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from app.definitions import regions
from app.standing import Contact, Sent, Span, Trail
from app.tracking.model import Base, Respondent, RoundFacts, Tracking

STATES = Path(__file__).parents[3] / "questionnaires" / "register" / "states.csv"
OPENED = datetime(2027, 1, 4, 9, tzinfo=UTC)
CLOSES = OPENED + timedelta(days=60)


def day(number: float) -> datetime:
    return OPENED + timedelta(days=number)


def trail(number: int) -> Trail:
    """One of ten stories, so that every shade occurs."""
    contacts = (Contact(Span(OPENED)),)
    due, at = CLOSES, day(3 + number % 37)
    kind = number % 10
    if kind < 4:
        return Trail(OPENED, at, sent=(Sent(at, due),), contacts=contacts)
    if kind == 4:
        return Trail(OPENED, at, sent=(Sent(day(61), due),), contacts=contacts)
    if kind == 5:
        return Trail(OPENED, at, contacts=contacts)
    if kind == 6:
        return Trail(at, contacts=contacts)
    if kind == 7:
        return Trail(contacts=contacts)
    if kind == 8 and number % 3 == 0:
        return Trail(at, outcomes=((at, "declined"),), contacts=contacts)
    return Trail()


def respondent(
    number: int, code: str, name: str, audience: str = "state", region_m49: str | None = None
) -> Respondent:
    return Respondent(
        response_id=UUID(int=number + 1),
        organisation_id=UUID(int=10_000 + number),
        code=code,
        name=name,
        audience=audience,
        kind=audience,
        language="en",
        basis="opening",
        added_at=OPENED,
        due_at=CLOSES,
        trail=trail(number),
        iso3=code if audience == "state" else None,
        region_m49=region_m49,
    )


def tracking(everybody: list[Respondent], *, fictional: bool, at: datetime | None = None) -> Tracking:
    facts = RoundFacts(
        id=UUID(int=1),
        code="2027",
        title="2027 assessment",
        zone="Europe/Zurich",
        opened_at=OPENED,
        closes_at=CLOSES,
        closed_at=None,
        cut_off_at=day(90),
        fictional=fictional,
    )
    return Tracking(
        round=facts,
        at=at or day(65),
        live=True,
        base=Base.INVITED,
        division=regions.committed().of("m49"),
        everybody=tuple(everybody),
        mechanisms=(),
        about={},
    )


def of_states(at: datetime | None = None) -> Tracking:
    """The 193 Member States and the two observers, 39 mechanisms and 12 organizations."""
    with STATES.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] == "state"]
    found = [
        respondent(number, row["code"], row["name"], region_m49=row["region_m49"])
        for number, row in enumerate(rows)
    ]
    found += [respondent(300 + number, f"m{number}", f"Process {number}", "iscm") for number in range(39)]
    found += [respondent(400 + number, f"O{number}", f"Body {number}", "igo") for number in range(12)]
    return tracking(found, fictional=False, at=at)


def of_fictional() -> Tracking:
    """Forty made-up countries in two regions."""
    found = [
        respondent(number, f"X{number:02}", f"Country {number}", region_m49=["002", "142"][number % 2])
        for number in range(40)
    ]
    return tracking(found, fictional=True)
