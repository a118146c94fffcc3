"""Inviting everybody in one act, the link that signs in once, and what a spent link offers."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.database import Database
from app.models import (
    AddressFailure,
    AuditEvent,
    LinkPurpose,
    LoginSession,
    OutboxMessage,
    Round,
    SignInLink,
    StaffRole,
    User,
)
from tests.browsing import Visitor
from tests.journeys import asking
from tests.journeys.conftest import SignIn

PAGE = "/rounds/2026/invitations"


@pytest.fixture(autouse=True)
def round_open(database: Database) -> None:
    """Arcadia, Borduria, Syldavia, alpha and an organisation are asked; each has a focal point."""
    asking.settle(database)
    with database.begin() as session:
        round_ = session.scalars(select(Round)).one()
        round_.closes_at = clock.now() + timedelta(days=60)
        round_.contact = {"name": "Edda Holm", "email": "edda.holm@iom.example", "hours": "9 to 17"}


@pytest.fixture
def mail(tmp_path: Path) -> Path:
    return tmp_path / "mail"


@pytest.fixture
def staff(sign_in: SignIn) -> Visitor:
    return sign_in("coordinator@example.org")


def invite(app: Flask, staff: Visitor, mail: Path) -> str:
    """Invite everybody, and hand back the path of Borduria's link."""
    staff.open(PAGE)
    staff.press("Send 5 invitations")
    letters = asking.deliver(app, mail)
    (letter,) = [each for each in letters if str(each["To"]).startswith("focal-bor@")]
    found = re.search(r"/invitation/[\w-]+", letter.get_content())
    assert found is not None
    return found.group()


def test_everybody_who_can_be_written_to_is_invited_once(
    app: Flask, database: Database, staff: Visitor, mail: Path
) -> None:
    with database.begin() as session:
        user = session.scalars(select(User).where(User.email == "focal-syl@example.org")).one()
        session.add(
            AddressFailure(
                user_id=user.id, address=user.email, words="550 no such user", failed_at=clock.now()
            )
        )
    page = staff.open(PAGE)
    assert "4 letters go to as many focal points, of 4 of 5 respondents." in page.text
    assert "No valid contact" in page.text
    assert "550 no such user" in page.text
    staff.press("Send 4 invitations")
    letters = asking.deliver(app, mail)
    assert asking.to(letters) == ["focal-alpha", "focal-arc", "focal-bor", "focal-iox"]
    assert "Everybody who can be written to has been invited." in staff.page.text
    staff.client.post(PAGE, data={"csrf_token": staff.page.all("input", name="csrf_token")[0].get("value")})
    assert asking.deliver(app, mail) == []
    text = "\n".join(letters[0].get_content().splitlines())
    assert "Edda Holm\nedda.holm@iom.example\n9 to 17" in text
    assert "Geneva time" in text


def test_the_link_signs_in_once_and_in_any_browser(
    app: Flask, database: Database, staff: Visitor, mail: Path, visitor: Visitor
) -> None:
    link = invite(app, staff, mail)
    for _scanner in range(2):
        assert visitor.open(link).heading == "Sign in as focal-bor"
    visitor.press("Sign in")
    assert "Borduria" in visitor.page.text
    with database.read() as session:
        login = session.scalars(
            select(LoginSession).where(LoginSession.purpose == LinkPurpose.INVITATION)
        ).one()
        assert session.get_one(User, login.user_id).email == "focal-bor@example.org"
        stored = session.scalars(
            select(SignInLink.token_digest).where(SignInLink.purpose == LinkPurpose.INVITATION)
        ).all()
    assert link.rpartition("/")[2] not in "".join(stored)
    other = Visitor(app)
    page = other.open(link, status=410)
    assert "It was used on" in page.text
    other.press("Send me a new link")
    assert "focal-bor@example.org" not in other.page.text
    (letter,) = asking.deliver(app, mail)
    assert letter["To"] == "focal-bor@example.org"
    fresh = re.search(r"/sign-in/[\w-]+", letter.get_content())
    assert fresh is not None
    other.open(fresh.group())
    other.press("Sign in")
    assert "Borduria" in other.page.text


def test_an_expired_link_says_so_and_a_made_up_one_says_nothing(
    app: Flask, database: Database, staff: Visitor, mail: Path, visitor: Visitor
) -> None:
    link = invite(app, staff, mail)
    with database.begin() as session:
        for kept in session.scalars(select(SignInLink)):
            assert kept.expires_at - kept.created_at <= timedelta(days=30)
            kept.created_at -= timedelta(days=40)
            kept.expires_at -= timedelta(days=40)
    visitor.open(link, status=410)
    assert "It was good until" in visitor.page.text
    visitor.open(link, status=410)
    visitor.open("/invitation/no-such-token", status=410)
    assert not visitor.page.all("form")
    visitor.open(f"/sign-in/{link.rpartition('/')[2]}", status=410)


def test_a_link_for_one_purpose_does_nothing_for_another_nor_for_staff(
    app: Flask, database: Database, staff: Visitor, mail: Path, visitor: Visitor
) -> None:
    link = invite(app, staff, mail)
    with database.begin() as session:
        user = session.scalars(select(User).where(User.email == "focal-bor@example.org")).one()
        user.staff_role = StaffRole.VIEWER
    visitor.open(link, status=410)


def test_one_is_invited_later_and_gets_a_fresh_link_on_request(
    app: Flask, database: Database, staff: Visitor, mail: Path
) -> None:
    staff.open(PAGE)
    staff.press("Invite Borduria")
    assert asking.to(asking.deliver(app, mail)) == ["focal-bor"]
    assert "Send 4 invitations" in staff.page.text
    staff.press("Send a fresh link Borduria")
    staff.open(PAGE)
    (letter,) = asking.deliver(app, mail)
    assert letter["Subject"] == "A new link to sign in: Assessment of mechanisms, 2026"
    with database.read() as session:
        acts = session.scalars(select(AuditEvent.act)).all()
    assert {"invited", "sent_fresh_link"} <= set(acts)


def test_the_letter_is_seen_before_and_no_live_link_with_it(database: Database, staff: Visitor) -> None:
    page = staff.open(PAGE)
    assert "http://127.0.0.1:8000/invitation/…" in page.text
    with database.read() as session:
        assert session.scalars(select(SignInLink)).all() == []
        assert session.scalars(select(OutboxMessage)).all() == []


def test_who_has_submitted_meanwhile_is_not_invited_any_more(
    app: Flask, database: Database, staff: Visitor, mail: Path
) -> None:
    staff.open(PAGE)
    staff.press("Send 5 invitations")
    asking.submit(database)
    to = asking.to(asking.deliver(app, mail))
    assert to.count("focal-bor") == 1, "the receipt, and no invitation"


def test_analysts_look_and_send_nothing_viewers_see_nothing(sign_in: SignIn) -> None:
    analyst = sign_in("analyst@example.org")
    assert not [
        each
        for each in analyst.open(PAGE).all("form")
        if each.get("method") == "post" and "invit" in (each.get("action") or "")
    ]
    sign_in("viewer@example.org").open(PAGE, status=404)
    sign_in("focal-bor@example.org").open(PAGE, status=404)
