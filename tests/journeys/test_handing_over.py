"""Leaving in good order: on one's own, or by staff on a note verbale; and one person with several roles."""

from uuid import UUID

import pytest
from sqlalchemy import select

from app import clock
from app.database import Database
from app.models import Appointment, Nomination, Organisation, User
from app.policy import SYSTEM, AppointmentRole, StaffRole
from app.services import people
from tests import factories
from tests.journeys.conftest import SignIn
from tests.journeys.responding import response_of
from tests.storing import PDF, multipart


@pytest.fixture
def database(round_open: Database) -> Database:
    """Takes the place of the empty database."""
    return round_open


@pytest.fixture(autouse=True)
def staff(database: Database) -> None:
    with database.begin() as session:
        factories.person(session, "coordinator", staff_role=StaffRole.COORDINATOR)


def appointment_of(database: Database, name: str) -> UUID:
    with database.read() as session:
        return session.scalars(
            select(Appointment.id)
            .join(User, User.id == Appointment.user_id)
            .where(User.email == f"{name}@example.org")
        ).one()


def today() -> str:
    return clock.now().date().isoformat()


def test_a_focal_point_hands_over_and_is_out_at_once_everywhere(database: Database, sign_in: SignIn) -> None:
    home = f"/responses/{response_of(database, 'ARC')}"
    focal, elsewhere = sign_in("focal-arc@example.org"), sign_in("focal-arc@example.org")
    focal.open(home)
    page = focal.follow("Hand over to a successor")
    assert "you no longer see these answers" in page.text
    assert not page.all("input", name="number"), "a note verbale is asked of staff only"
    successor = {"name": "Nana Successor", "email": "nana@ministry.example", "on": today()}
    focal.press("Hand over to the successor", {**successor, "on": "2020-01-01"}, status=422)
    assert focal.page.by_id("email").get("value") == "nana@ministry.example"
    before = focal.page, focal.url
    page = focal.press("Hand over to the successor", successor)
    assert "Nana Successor answers for Arcadia" in page.text
    assert elsewhere.client.get(home).status_code == 404
    focal._page, focal.url = before
    assert "Nana Successor answers for Arcadia" in focal.press("Hand over to the successor", successor).text
    nana = sign_in("nana@ministry.example")
    assert "Hand over to a successor" in nana.open(home).text


def test_staff_hand_over_on_a_note_verbale_with_its_file(database: Database, sign_in: SignIn) -> None:
    coordinator = sign_in("coordinator@example.org")
    coordinator.open("/overview")
    coordinator.follow("Hand over an appointment")
    coordinator.press("Search", {"search": "borduria"})
    page = coordinator.follow("Hand over what focal-bor does for Borduria")
    page = coordinator.press("Hand over to the successor", status=422)
    assert "5 things to put right" in page.text
    token = coordinator.values(page.form_of(page.button("Hand over to the successor")))["csrf_token"]
    fields = {
        "name": "Ivo",
        "email": "ivo@ministry.example",
        "on": today(),
        "number": "NV 7",
        "dated": today(),
    }
    body, media_type = multipart({"csrf_token": token, **fields}, PDF, "note.pdf")
    answer = coordinator.client.post(coordinator.url, data=body, content_type=media_type)
    page = coordinator.open(answer.headers["Location"])
    assert "On the note verbale NV 7." in page.text
    with database.read() as session:
        note = session.scalars(select(Nomination)).one()
        assert (note.number, note.file_name) == ("NV 7", "note.pdf")


@pytest.mark.parametrize("person", ["focal-bor", "colleague", "reader", "analyst", "focal-arc"])
def test_another_s_appointment_does_not_exist(database: Database, sign_in: SignIn, person: str) -> None:
    other = "focal-iox" if person != "focal-bor" else "focal-arc"
    visitor = sign_in(f"{person}@example.org")
    for way in ("hand-over", "handed-over"):
        visitor.open(f"/appointments/{appointment_of(database, other)}/{way}", status=404)
        visitor.open(f"/appointments/{UUID(int=1)}/{way}", status=404)


def test_who_holds_two_roles_changes_between_them_without_signing_out(
    database: Database, sign_in: SignIn
) -> None:
    with database.begin() as session:
        user = session.scalars(select(User).where(User.email == "focal-arc@example.org")).one()
        second = session.get_one(Appointment, appointment_of(database, "focal-bor")).organisation_id
        organisation, day = session.get_one(Organisation, second), clock.now().date()
        people.appoint(session, user, organisation, AppointmentRole.FOCAL_POINT, SYSTEM, valid_from=day)
    visitor = sign_in("focal-arc@example.org")
    visitor.open("/")
    assert visitor.page.heading.startswith("Arcadia")
    visitor.open(visitor.page.link("change for whom you answer"))
    choice = next(label for label in visitor.page.all("label") if "Borduria" in "".join(label.itertext()))
    value = visitor.page.by_id(choice.get("for", "")).get("value", "")
    assert visitor.press("Go on", {"hat": value}).heading.startswith("Borduria")
