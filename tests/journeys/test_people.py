"""People in the browser: found, added, changed, appointed, ended, barred; and nothing of what they answer."""

from uuid import UUID

import pytest
from sqlalchemy import select

from app import clock
from app.database import Database
from app.models import AddressFailure, Appointment, AuditEvent, LoginSession, Nomination, Organisation, User
from app.policy import SYSTEM, AppointmentRole, StaffRole
from app.services import people
from tests import factories
from tests.browsing import Visitor
from tests.counting import statements_of
from tests.journeys import responding
from tests.journeys.conftest import SignIn
from tests.storing import PDF, multipart


@pytest.fixture(autouse=True)
def round_open(database: Database) -> None:
    with database.begin() as session:
        responding.settle(session)
        for role in (StaffRole.COORDINATOR, StaffRole.VIEWER, StaffRole.ADMINISTRATOR):
            factories.person(session, role.value, staff_role=role)


@pytest.fixture
def coordinator(sign_in: SignIn) -> Visitor:
    return sign_in("coordinator@example.org")


def user_called(database: Database, email: str) -> User:
    with database.read() as session:
        return session.scalars(select(User).where(User.email == email)).one()


def page_of(database: Database, visitor: Visitor, name: str) -> None:
    visitor.open(f"/people/{user_called(database, f'{name}@example.org').id}")


@pytest.mark.parametrize("typed", ["arcadia", "ARC", "FOCAL-ARC@example.org", "focal arc"])
def test_somebody_is_found_by_organization_code_address_or_name(coordinator: Visitor, typed: str) -> None:
    coordinator.open("/overview")
    coordinator.follow("People")
    page = coordinator.press("Show these people", {"search": typed})
    assert "focal-arc@example.org" in page.text
    assert "focal-bor@example.org" not in page.text


def test_a_person_is_added_with_an_appointment_on_a_note(database: Database, coordinator: Visitor) -> None:
    coordinator.open("/people/add")
    page = coordinator.press(
        "Add the person",
        {"name": "", "email": "nobody", "organisation": "Nowhere", "number": "", "dated": "2026-01-01"},
        status=422,
    )
    for words in ("Give the person’s name", "Give an address", "The register has nobody called that"):
        assert words in page.text
    assert page.by_id("email").get("value") == "nobody"
    token = coordinator.values(page.form_of(page.button("Add the person")))["csrf_token"]
    fields = {
        "csrf_token": token,
        "name": 'Ana "{evil}"\r\nBcc: x',
        "email": "Ana@Ministry.example",
        "function": "Head of unit",
        "phone": "+1 200",
        "locale": "es",
        "organisation": "islands of syldavia",
        "role": "clearing_officer",
        "mechanism": "alpha",
        "start": "2026-03-01",
        "number": "NV 7",
        "dated": "2026-02-20",
    }
    body, media_type = multipart(fields, PDF, "note.pdf")
    answer = coordinator.client.post("/people/add", data=body, content_type=media_type)
    page = coordinator.open(answer.headers["Location"])
    assert page.heading == "Ana evil Bcc: x", "a name is one line without signs that mean something"
    for words in ("Head of unit", "Clears the answers", "only about Alpha", "NV 7", "Spanish", "note.pdf"):
        assert words in page.text, words
    file = coordinator.client.get(page.link("note.pdf"))
    assert file.data == PDF
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in file.headers["Content-Security-Policy"]
    with database.read() as session:
        assert session.scalars(select(Nomination)).one().number == "NV 7"


def test_another_address_ends_sessions_and_what_failed(
    database: Database, coordinator: Visitor, sign_in: SignIn
) -> None:
    focal = sign_in("focal-bor@example.org")
    user = user_called(database, "focal-bor@example.org")
    with database.begin() as session:
        session.add(
            AddressFailure(
                user_id=user.id, address=user.email, words="550 no such user", failed_at=clock.now()
            )
        )
    assert "letters fail" in coordinator.open("/people?shown=failing").text
    page_of(database, coordinator, "focal-bor")
    assert "550 no such user" in coordinator.page.text
    coordinator.follow("Change name, address …")
    page = coordinator.press("Save the changes", {"email": "focal-arc@example.org"}, status=422)
    assert "focal-arc has this address already" in page.text
    page = coordinator.press("Save the changes", {"email": "Bor@ministry.example", "phone": "+2"})
    assert "do not arrive" not in page.text
    said = " ".join(page.text.split())
    assert "was focal-bor@example.org → is bor@ministry.example" in said
    assert focal.client.get("/").status_code == 302, "who had the old address is signed out"
    with database.read() as session:
        ended = session.scalars(select(LoginSession.ended_at).where(LoginSession.user_id == user.id)).one()
        assert ended is not None


def test_an_appointment_is_added_once_and_ended(
    database: Database, coordinator: Visitor, sign_in: SignIn
) -> None:
    page_of(database, coordinator, "colleague")
    coordinator.follow("Add an appointment")
    page = coordinator.press("Appoint", {"organisation": "ARC", "role": "contributor"}, status=422)
    assert "colleague has this role already" in page.text
    page = coordinator.press("Appoint", {"organisation": "BOR", "role": "observer", "start": "2026-01-01"})
    assert "Borduria" in page.text
    coordinator.follow("End the appointment for Borduria")
    page = coordinator.press("End the appointment", {"last": "2025-01-01"}, status=422)
    assert "Give the last day, not before the first one" in page.text
    page = coordinator.press("End the appointment", {"last": "2026-02-01"})
    assert "1 February 2026" in page.text
    with database.read() as session:
        user = user_called(database, "colleague@example.org")
        until = session.scalars(
            select(Appointment.valid_until)
            .join(Organisation, Organisation.id == Appointment.organisation_id)
            .where(Appointment.user_id == user.id, Organisation.code == "BOR")
        ).one()
        assert str(until) == "2026-02-01"


def test_a_person_is_barred_and_let_in_again(
    database: Database, coordinator: Visitor, sign_in: SignIn
) -> None:
    reader = sign_in("reader@example.org")
    page_of(database, coordinator, "reader")
    coordinator.follow("Bar reader from signing in")
    page = coordinator.press("Bar reader")
    assert "Barred since" in page.text
    assert reader.client.get("/").status_code == 302
    assert "reader@example.org" not in coordinator.open("/people").text
    assert "reader@example.org" in coordinator.open("/people?shown=barred").text
    page_of(database, coordinator, "reader")
    assert "Barred since" not in coordinator.press("Let in again").text


def test_staff_are_kept_by_administrators_only(
    database: Database, coordinator: Visitor, sign_in: SignIn
) -> None:
    viewer = user_called(database, "viewer@example.org").id
    page = coordinator.open(f"/people/{viewer}")
    assert "Change name" not in page.text
    for way in ("change", "appoint", "bar"):
        coordinator.open(f"/people/{viewer}/{way}", status=404)
    admin = sign_in("administrator@example.org")
    admin.open(f"/people/{viewer}")
    assert "Analyst, IOM" in admin.press("Set the role", {"staff_role": "analyst"}).text
    own = user_called(database, "administrator@example.org").id
    assert "Set the role" not in admin.open(f"/people/{own}").text
    token = admin.page.all("input", name="csrf_token")[0].get("value")
    answer = admin.client.post(f"/people/{own}/bar", data={"csrf_token": token})
    assert answer.status_code == 422
    with database.read() as session:
        events = session.scalars(select(AuditEvent).where(AuditEvent.subject_id == str(viewer))).all()
        assert events[-1].detail["columns"] == {"staff_role": ["viewer", "analyst"]}


@pytest.mark.parametrize("person", ["viewer", "focal-arc", "colleague"])
def test_people_do_not_exist_for_others(database: Database, sign_in: SignIn, person: str) -> None:
    visitor = sign_in(f"{person}@example.org")
    user = user_called(database, "focal-bor@example.org").id
    for address in ("/people", "/people/add", f"/people/{user}", f"/people/{user}/change"):
        visitor.open(address, status=404)
    visitor.open(f"/people/{UUID(int=1)}", status=404)


def test_the_lists_cost_the_same_at_1_10_and_100(database: Database, coordinator: Visitor) -> None:
    costs = []
    total = 0
    for size in (1, 10, 100):
        with database.begin() as session:
            arcadia = session.scalars(select(Organisation).where(Organisation.code == "ARC")).one()
            for number in range(total, size):
                user = people.add_user(session, f"p{number}@ministry.example", f"Person {number}", SYSTEM)
                people.appoint(session, user, arcadia, AppointmentRole.OBSERVER, SYSTEM)
                factories.organisation(session, "state", f"Q{number:03}", f"Quaint {number}")
        total = size
        pages = ("/people", "/people?search=person", "/register", "/register/organisations", "/register/log")
        of = f"/register/organisations/{arcadia.id}"
        one = f"/people/{user.id}"
        costs.append([statements_of(coordinator, address) for address in (*pages, of, one)])
    assert costs[0] == costs[1] == costs[2]
