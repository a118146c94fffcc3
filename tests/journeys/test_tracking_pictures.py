"""Map, curve and situation report of a round: as of the day asked for, for staff, noted when taken."""

import io
from datetime import timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from app.database import Database
from app.models import AuditEvent
from app.services import submitting
from tests.browsing import Visitor
from tests.factories import NOW, world
from tests.journeys.conftest import SignIn


@pytest.fixture
def analyst(database: Database, sign_in: SignIn) -> Visitor:
    """An analyst; Arcadia has submitted on the second day."""
    with database.begin() as session:
        made = world(session)
        made.complete("AAA")
        later = NOW + timedelta(days=1)
        submitting.submit(session, made.response("AAA"), "So it is.", made.actors["AAA"], later)
    return sign_in("analyst@example.org")


def test_the_page_shows_a_map_and_a_curve_each_with_its_table(analyst: Visitor) -> None:
    page = analyst.open("/rounds/r1/tracking")
    drawings = [image.get("src") for image in page.all("img", class_="drawing")]
    assert [str(each).rpartition("/")[2] for each in drawings] == ["map.svg", "curve.svg"]
    for address in drawings:
        answer = analyst.client.get(str(address))
        assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    rows = [" ".join("".join(row.itertext()).split()) for row in page.all("tr")]
    assert [
        row for row in rows if row.startswith("17 November 2026") and row.endswith("1 of 30 of 20 of 1")
    ], rows


def test_every_pattern_that_fills_a_square_stands_on_the_page(analyst: Visitor) -> None:
    page = analyst.client.get("/rounds/r1/tracking").get_data(as_text=True)
    for name in ("hatched", "dotted", "crossed"):
        assert f'<pattern id="{name}"' in page


def test_the_drawings_are_of_the_day_that_is_asked_for(analyst: Visitor) -> None:
    first = NOW.date().isoformat()
    before = analyst.client.get(f"/rounds/r1/tracking/map.svg?as_of={first}").get_data(as_text=True)
    after = analyst.client.get("/rounds/r1/tracking/map.svg").get_data(as_text=True)
    assert "Submitted: 1" not in before
    assert "Submitted: 1" in after


def test_the_report_is_one_page_and_taking_it_is_written_down(analyst: Visitor, database: Database) -> None:
    analyst.open("/rounds/r1/tracking")
    answer = analyst.send("PDF, situation report")
    assert len(PdfReader(io.BytesIO(answer.get_data())).pages) == 1
    with database.read() as session:
        taken = session.scalars(select(AuditEvent).where(AuditEvent.act == "exported_tracking")).one()
    assert taken.detail["report"] == "pdf"


def test_nobody_else_sees_them(analyst: Visitor, sign_in: SignIn, visitor: Visitor) -> None:
    focal = sign_in("aaa-fp@example.org")
    for path in ("map.svg", "curve.svg"):
        assert focal.client.get(f"/rounds/r1/tracking/{path}").status_code == 404
        assert visitor.client.get(f"/rounds/r1/tracking/{path}").status_code == 302
