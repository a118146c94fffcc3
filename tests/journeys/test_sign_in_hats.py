"""One person, several hats."""

from datetime import timedelta
from uuid import uuid4

import pytest

from app import clock
from app.database import Database
from app.models import Appointment, Audience, Organisation, OrganisationKind, User
from app.policy import AppointmentRole, StaffRole
from tests.journeys.conftest import SignIn

EMAIL = "nino@mfa.example"


@pytest.fixture(autouse=True)
def hats(database: Database) -> None:
    """Two appointments in force and one that ended yesterday."""
    today = clock.now().date()
    with database.begin() as session:
        user = User(email=EMAIL, name="Nino Beridze", created_at=clock.now())
        session.add(user)
        for code, name, role, until in (
            ("GEO", "Georgia", AppointmentRole.FOCAL_POINT, None),
            ("ARM", "Armenia", AppointmentRole.CONTRIBUTOR, None),
            ("UKR", "Ukraine", AppointmentRole.FOCAL_POINT, today - timedelta(days=1)),
        ):
            state = Organisation(kind=OrganisationKind.STATE, asked_as=Audience.STATE, code=code, name=name)
            session.add(state)
            session.flush()
            session.add(
                Appointment(
                    user_id=user.id,
                    organisation_id=state.id,
                    role=role,
                    valid_from=today - timedelta(days=9),
                    valid_until=until,
                )
            )


def test_the_hat_is_changed_and_stays(sign_in: SignIn) -> None:
    visitor = sign_in(EMAIL)
    assert "Nino Beridze · Armenia" in visitor.page.text
    page = visitor.follow("Armenia, change for whom you answer")
    assert "Ukraine" not in page.text
    georgia = page.control("Georgia").get("value")
    visitor.press("Go on", {"hat": georgia})
    assert visitor.page.heading == "No questionnaire is waiting for you"
    assert "Nino Beridze · Georgia" in visitor.open("/accessibility").text


def test_a_hat_that_is_not_hers_does_not_exist(sign_in: SignIn) -> None:
    visitor = sign_in(EMAIL)
    visitor.open("/hats")
    assert visitor.press("Go on", {"hat": str(uuid4())}, status=404).heading == "We cannot find this page"


def test_staff_who_answer_too_can_wear_either(sign_in: SignIn, database: Database) -> None:
    with database.begin() as session:
        session.query(User).update({"staff_role": StaffRole.ANALYST})
    visitor = sign_in(EMAIL)
    assert "Nino Beridze · Analyst, IOM" in visitor.page.text
    page = visitor.open("/hats")
    visitor.press("Go on", {"hat": page.control("Georgia").get("value")})
    assert "Nino Beridze · Georgia" in visitor.page.text
    visitor.open("/hats")
    assert visitor.press("Go on", {"hat": "staff"}).heading == "Overview"


def test_without_any_hat_there_is_nothing_to_answer(sign_in: SignIn, database: Database) -> None:
    with database.begin() as session:
        session.query(Appointment).update({"valid_until": clock.now().date() - timedelta(days=1)})
    assert sign_in(EMAIL).open("/").heading == "There is nothing for you to answer now"
