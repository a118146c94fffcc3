"""What staff see of the rounds and of the register, and who does not."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from app import clock
from app.database import Database
from app.models import (
    Audience,
    IscmProfile,
    Organisation,
    OrganisationKind,
    QuestionnaireVersion,
    Response,
    ResponseStatus,
    Round,
    RoundParticipant,
    RoundTally,
    StatusChange,
    Submission,
    User,
)
from app.policy import Attribution, StaffRole
from tests.journeys.conftest import SignIn

ANALYST, COORDINATOR, NOBODY = "analyst@iom.example", "coordinator@iom.example", "nobody@mfa.example"


@pytest.fixture(autouse=True)
def people(database: Database) -> None:
    with database.begin() as session:
        for email, role in (
            (ANALYST, StaffRole.ANALYST),
            (COORDINATOR, StaffRole.COORDINATOR),
            (NOBODY, None),
        ):
            session.add(User(email=email, name=email.title(), staff_role=role, created_at=clock.now()))


@pytest.fixture
def round_id(database: Database) -> UUID:
    """A closed round: one State submitted here, 42 answered elsewhere; 31 mechanisms were invited."""
    with database.begin() as session:
        past = datetime(2019, 1, 1, tzinfo=UTC)
        round_ = Round(
            code="2019",
            title="2019 assessment",
            opens_at=past,
            closes_at=datetime(2019, 9, 1, tzinfo=UTC),
            zone="Europe/Zurich",
            opened_at=past,
            closed_at=datetime(2019, 9, 1, tzinfo=UTC),
        )
        session.add(round_)
        session.flush()
        for audience, answered, invited in ((Audience.STATE, 42, None), (Audience.ISCM, 22, 31)):
            session.add(
                RoundTally(
                    round_id=round_.id,
                    audience=audience,
                    answered=answered,
                    invited=invited,
                    source="IOM, 2019",
                    recorded_at=past,
                )
            )
        return round_.id


def standing(response: Response) -> Submission:
    """A submission of the response that counts."""
    return Submission(
        response_id=response.id,
        number=1,
        reference=str(response.reference),
        statement="Said.",
        digest="0" * 64,
        attribution=Attribution.BY_NAME,
        at=clock.now(),
    )


def add_response(database: Database, round_id: UUID, code: str, status: ResponseStatus) -> UUID:
    with database.begin() as session:
        version = session.query(QuestionnaireVersion).first() or QuestionnaireVersion(
            questionnaire_key="state",
            number=1,
            audience=Audience.STATE,
            definition={},
            digest="0" * 64,
            published_at=clock.now(),
        )
        state = Organisation(
            kind=OrganisationKind.STATE, asked_as=Audience.STATE, code=code, name=code.title()
        )
        session.add_all([version, state])
        session.flush()
        session.add(
            RoundParticipant(
                round_id=round_id, organisation_id=state.id, audience=Audience.STATE, added_at=clock.now()
            )
        )
        sent = status in {ResponseStatus.SUBMITTED, ResponseStatus.REOPENED}
        response = Response(
            round_id=round_id,
            organisation_id=state.id,
            audience=Audience.STATE,
            questionnaire_version_id=version.id,
            questionnaire_key="state",
            status=status,
            attribution=Attribution.BY_NAME if sent else None,
            reference=f"{code}-1" if sent else None,
            created_at=clock.now(),
        )
        session.add(response)
        session.flush()
        if sent:
            session.add(standing(response))
        if status is ResponseStatus.IN_PROGRESS:
            session.add(StatusChange(response_id=response.id, after=status, at=clock.now()))
        return response.id


def test_counts_carry_their_base(sign_in: SignIn, database: Database, round_id: UUID) -> None:
    add_response(database, round_id, "GEO", ResponseStatus.SUBMITTED)
    add_response(database, round_id, "UKR", ResponseStatus.IN_PROGRESS)
    text = sign_in(ANALYST).open("/overview").text
    assert "43 answered Number invited not recorded." in text
    assert "42 of the answers came outside the service: IOM, 2019." in text
    assert "22 of 31 71 %" in text
    assert "Nobody is asked in this round." in text


def test_a_round_of_the_service_counts_its_own(sign_in: SignIn, database: Database, round_id: UUID) -> None:
    with database.begin() as session:
        session.query(RoundTally).delete()
    for code, status in (
        ("GEO", ResponseStatus.SUBMITTED),
        ("UKR", ResponseStatus.REOPENED),
        ("POL", ResponseStatus.IN_PROGRESS),
        ("LTU", ResponseStatus.INVITED),
    ):
        add_response(database, round_id, code, status)
    text = sign_in(ANALYST).open("/overview").text
    assert "2 of 4 50 % 0 in progress · 1 not begun · 0 declined · 1 draft not submitted" in text


def test_the_findings_of_a_round_without_answers_say_so(sign_in: SignIn, round_id: UUID) -> None:
    visitor = sign_in(ANALYST)
    visitor.open("/findings")
    page = visitor.follow("2019 assessment")
    assert page.heading == "Findings, 2019 assessment"
    assert "Nothing has been submitted yet" in page.text


@pytest.mark.parametrize(
    "address", ["/overview", "/findings", "/findings/2019", "/register", "/findings/2019/eap-panel"]
)
def test_respondents_find_none_of_it(sign_in: SignIn, round_id: UUID, address: str) -> None:
    mine, nothing = sign_in(NOBODY).open(address, status=404), sign_in(NOBODY).open("/no-such", status=404)
    assert mine.text == nothing.text


@pytest.mark.parametrize("address", ["/findings/2031", "/findings/2019/no-such-mechanism"])
def test_what_is_not_there_is_not_found(sign_in: SignIn, round_id: UUID, address: str) -> None:
    sign_in(ANALYST).open(address, status=404)


@pytest.fixture
def mechanism(database: Database) -> UUID:
    with database.begin() as session:
        panel = Organisation(
            kind=OrganisationKind.ISCM, asked_as=Audience.ISCM, code="eap-panel", name="EaP Panel"
        )
        session.add(panel)
        session.flush()
        session.add(
            IscmProfile(
                organisation_id=panel.id,
                name="Eastern Partnership Panel",
                short_name="EaP Panel",
                established=2011,
                uncertain_fields=["established", "secretariat_model"],
                members_stated_count=34,
            )
        )
        return panel.id


def test_what_is_uncertain_is_flagged(sign_in: SignIn, mechanism: UUID) -> None:
    page = sign_in(ANALYST).open("/register")
    flags = ["".join(tag.itertext()) for tag in page.all("span", class_="tag look")]
    assert flags == ["!year established", "!model of secretariat"]
    assert "list not known" in page.text
    assert "No correction waits for a decision" in page.text
