"""A coordinator keeps the register: finds, corrects, dates, confirms; all staff see what was changed."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from app.database import Database
from app.models import (
    AuditEvent,
    IscmProfile,
    Membership,
    Organisation,
    RepeatInstance,
    RoundProfile,
)
from app.policy import StaffRole
from tests import factories
from tests.browsing import Visitor
from tests.journeys import responding
from tests.journeys.conftest import SignIn
from tests.journeys.responding import response_of


@pytest.fixture(autouse=True)
def round_open(database: Database) -> None:
    with database.begin() as session:
        responding.settle(session)
        for role in (StaffRole.COORDINATOR, StaffRole.VIEWER):
            factories.person(session, role.value, staff_role=role)
        alpha = session.scalars(select(Organisation).where(Organisation.code == "alpha")).one()
        profile = session.scalars(select(IscmProfile).where(IscmProfile.organisation_id == alpha.id)).one()
        profile.uncertain_fields = ["chair", "members"]
        profile.other_names = ["Café Consultations"]
        session.add(
            Organisation(
                kind="state", asked_as="state", code="NEW", name="Nouvelle-Zembla", also=["Old Zembla"]
            )
        )


@pytest.fixture
def coordinator(sign_in: SignIn) -> Visitor:
    return sign_in("coordinator@example.org")


def alpha_page(visitor: Visitor) -> None:
    visitor.open("/register")
    visitor.follow("Alpha Process")


def frozen(database: Database) -> object:
    with database.read() as session:
        return session.scalars(
            select(RoundProfile.facts)
            .join(Organisation, Organisation.id == RoundProfile.organisation_id)
            .where(Organisation.code == "alpha")
        ).one()


@pytest.mark.parametrize(
    "typed", ["cafe consultations", "CAFÉ", "the alpha process", "AL", "alpha", "Mobility Alpha"]
)
def test_a_mechanism_is_found_by_any_of_its_names(coordinator: Visitor, typed: str) -> None:
    coordinator.open("/register")
    page = coordinator.press("Show these mechanisms", {"search": typed})
    assert "Alpha Process" in page.text
    assert "Gamma Forum" not in page.text


def test_a_slip_finds_what_is_spelt_nearly_so_and_says_so(coordinator: Visitor) -> None:
    page = coordinator.open("/register/organisations?search=nouvele+zemblla")
    assert "These are spelt nearly so" in page.text
    assert "Nouvelle-Zembla" in page.text
    page = coordinator.open("/register/organisations?search=old+zembla")
    assert "spelt nearly so" not in page.text
    assert "Nouvelle-Zembla" in page.text
    assert "Nobody is found" in coordinator.open("/register/organisations?search=qqqqqq").text


def test_a_new_period_ends_the_one_before_and_the_round_keeps_what_it_knew(
    database: Database, coordinator: Visitor
) -> None:
    before = frozen(database)
    alpha_page(coordinator)
    assert "These rounds keep what the register said" in coordinator.page.text
    coordinator.follow("New period from a day on")
    page = coordinator.press("Begin the new period", {"valid_from": ""}, status=422)
    assert "Give the first day" in page.text
    page = coordinator.press(
        "Begin the new period",
        {"valid_from": "2026-06-01", "chair": "Syldavia", "chair_term": "Presidency", "established": "soon"},
        status=422,
    )
    assert "“soon” is not a whole number" in page.text
    assert page.by_id("chair").get("value") == "Syldavia"
    page = coordinator.press("Begin the new period", {"established": "2001"})
    assert "until 31 May 2026" in page.text
    assert "since 1 June 2026" in page.text
    assert "Presidency" in page.text
    assert frozen(database) == before
    with database.read() as session:
        profiles = session.scalars(select(IscmProfile).order_by(IscmProfile.valid_from)).all()
        changed = [each for each in profiles if each.chair == "Syldavia"]
        assert [each.valid_from for each in changed] == [date(2026, 6, 1)]
        assert changed[0].uncertain_fields == ["chair", "members"], "what was not known goes on"
    coordinator.follow("New period from a day on")
    page = coordinator.press("Begin the new period", {"valid_from": "2020-01-01"}, status=422)
    assert "the period overlaps another one of this mechanism" in page.text
    page = coordinator.press("Begin the new period", {"valid_from": "2026-06-01"}, status=422)
    assert "A period begins on that day already" in page.text


def test_a_correction_and_a_confirmation_stand_in_the_change_log(
    database: Database, coordinator: Visitor, sign_in: SignIn
) -> None:
    alpha_page(coordinator)
    coordinator.press("It is right: chair")
    assert "It is right: chair" not in coordinator.page.text
    coordinator.follow("Correct this period")
    page = coordinator.press("Save the correction", {"secretariat": "IOX", "structures": "Forum\r\nNetwork"})
    assert "Forum; Network" in page.text
    page = sign_in("viewer@example.org").open("/register/log")
    text = re.sub(r"\s+", " ", page.text)
    assert "Confirmed" in text
    assert "coordinator" in text
    assert "is Forum; Network" in text
    assert "Correct this period" not in page.text
    with database.read() as session:
        acts = session.scalars(select(AuditEvent.act).where(AuditEvent.subject_kind == "iscm_profile")).all()
        assert set(acts) == {"changed_profile", "confirmed_field"}


def test_a_membership_is_added_corrected_and_ended(database: Database, coordinator: Visitor) -> None:
    alpha_page(coordinator)
    coordinator.follow("Add a member")
    page = coordinator.press("Add the member", {"member": "old zembla!", "role": "xx"}, status=422)
    assert "Choose as what it takes part" in page.text
    coordinator.press("Add the member", {"member": "Zembl", "role": "member"}, status=422)
    page = coordinator.press("Add the member", {"member": "NEW", "role": "observer", "from": "2020-01-01"})
    assert "Nouvelle-Zembla" in page.text
    coordinator.follow("Add a member")
    overlapping = {"member": "NEW", "role": "observer", "from": "2021-01-01"}
    page = coordinator.press("Add the member", overlapping, status=422)
    assert "It shares days with another period" in page.text
    alpha_page(coordinator)
    coordinator.follow("Correct or end: Nouvelle-Zembla")
    page = coordinator.press("Save", {"until": "2019-01-01"}, status=422)
    assert "It ends before it begins" in page.text
    page = coordinator.press("Save", {"until": "2025-12-31", "note": "By letter"})
    assert "1 January 2020 – 31 December 2025" in page.text
    with database.read() as session:
        ended = session.scalars(select(Membership).where(Membership.note == "By letter")).one()
        events = session.scalars(select(AuditEvent).where(AuditEvent.subject_id == str(ended.id))).all()
        assert [each.act for each in events] == ["added_membership", "changed_membership"]
        assert events[1].detail["columns"]["until"] == [None, "2025-12-31"]


def test_organisations_are_added_changed_withdrawn_and_brought_back(coordinator: Visitor) -> None:
    coordinator.open("/register/organisations")
    coordinator.follow("Add an organization")
    page = coordinator.press("Add the organization", {"code": "geo", "name": "", "m49": "1"}, status=422)
    assert "2 things to put right" in page.text
    page = coordinator.press("Add the organization", {"code": "QAA", "name": "Quaint", "m49": ""})
    assert page.heading == "Quaint"
    coordinator.follow("Change this entry")
    page = coordinator.press(
        "Save the changes", {"name": "Quainter", "also": "Quaintland\r\nOld Quaint", "name_fr": "Quainte"}
    )
    assert "Quaintland; Old Quaint" in page.text
    assert "Quainte" in page.text
    assert page.heading == "Quainter"
    coordinator.follow("Withdraw")
    coordinator.press("Withdraw Quainter", status=422)
    page = coordinator.press("Withdraw Quainter", {"reason": "Dissolved"})
    assert "Withdrawn on" in page.text
    coordinator.open("/register/organisations?search=QAA")
    assert "Quainter" not in coordinator.page.text
    coordinator.open("/register/organisations?search=QAA&withdrawn=yes")
    coordinator.follow("Quainter")
    assert "Withdrawn on" not in coordinator.press("Bring back").text


def test_who_only_reads_changes_nothing(sign_in: SignIn, database: Database) -> None:
    viewer = sign_in("viewer@example.org")
    alpha_page(viewer)
    assert "New period" not in viewer.page.text
    assert "coordinator@example.org" not in viewer.page.text
    here = viewer.url
    for address in ("/periods/add", "/members/add", "/withdraw"):
        viewer.open(here + address, status=404)
    viewer.open("/register/mechanisms/add", status=404)
    viewer.open("/people", status=404)


def propose(database: Database, sign_in: SignIn, name: str) -> Visitor:
    """Borduria names a mechanism that nobody knows, and submits."""
    focal = sign_in("focal-bor@example.org")
    home = f"/responses/{response_of(database, 'BOR')}"
    responding.answer(database, focal)
    focal.open(f"{home}/mechanisms/add")
    focal.press("Tell IOM", {"name": name, "about": "Since 2020"})
    responding.choose(focal, home)
    responding.submit(focal, home)
    return focal


def block_about(database: Database, code: str) -> RepeatInstance | None:
    with database.read() as session:
        return session.scalars(
            select(RepeatInstance)
            .join(Organisation, Organisation.id == RepeatInstance.subject_id)
            .where(RepeatInstance.response_id == response_of(database, "BOR"), Organisation.code == code)
        ).one_or_none()


def test_a_mechanism_that_a_respondent_added_is_matched(
    database: Database, coordinator: Visitor, sign_in: SignIn
) -> None:
    propose(database, sign_in, "Gama Forum")
    coordinator.open("/register")
    page = coordinator.follow("Match, add or decline")
    assert "Called so, or nearly so" in page.text
    assert page.by_id("mechanism").get("value") == "gamma"
    coordinator.press("It is this one", {"mechanism": "nothing of the sort"}, status=422)
    deciding = coordinator.url, coordinator.page
    page = coordinator.press("It is this one", {"mechanism": "Gamma Forum"})
    assert "No correction waits for a decision" in page.text
    assert block_about(database, "gamma") is not None
    coordinator.url, coordinator._page = deciding
    coordinator.press("It is this one", {"mechanism": "Gamma Forum"})
    assert coordinator.url == "/register", "pressing twice decides once"


def test_a_mechanism_that_a_respondent_added_is_created_and_named_in_its_answers(
    database: Database, coordinator: Visitor, sign_in: SignIn
) -> None:
    focal = propose(database, sign_in, "Delta Talks on Mobility")
    coordinator.open("/register")
    coordinator.follow("Match, add or decline")
    page = coordinator.press("Add it to the register", {"code": "Delta"}, status=422)
    assert "Give a code of small letters" in page.text
    coordinator.press("Add it to the register", {"code": "delta-talks", "short_name": "Delta Talks"})
    assert block_about(database, "delta-talks") is not None
    page = focal.open(f"/responses/{response_of(database, 'BOR')}/check")
    assert "Delta Talks" in page.text


def test_a_mechanism_that_a_respondent_added_is_declined(
    database: Database, coordinator: Visitor, sign_in: SignIn
) -> None:
    propose(database, sign_in, "Epsilon")
    coordinator.open("/register")
    coordinator.follow("Match, add or decline")
    coordinator.press("Decline the proposal", {"note": "Not a mechanism"})
    assert "No correction waits for a decision" in coordinator.page.text
