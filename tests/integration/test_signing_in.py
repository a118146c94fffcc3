"""Signing in: one use, one browser, fifteen minutes, and a session that ends on the server."""

from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import AuditEvent, LinkPurpose, LoginSession, OutboxMessage, Response, SignInLink
from app.policy import SYSTEM
from app.services import mailing, people, signing_in
from app.services.errors import LinkSpent, NotAllowed, NotFound
from app.services.posting import Deferred, FolderMailer, Mailer
from tests import posting
from tests.factories import NOW, World, rows_of, user_of, world
from tests.posting import Kept

BROWSER, OTHER = "one browser", "another"
LATER = "451 Try again later"


@pytest.fixture
def made(session: Session) -> World:
    return world(session)


def send(made: World, mailer: Mailer, minutes: float = 0) -> int:
    return mailing.send_due(posting.office(made.session, mailer, NOW + timedelta(minutes=minutes)))


def token(made: World, email: str = "aaa-fp@example.org") -> str:
    signing_in.request_link(made.session, email, NOW, BROWSER)
    mailer = Kept()
    send(made, mailer)
    [letter] = mailer.letters
    assert letter["To"] == email.lower()
    return str(letter.get_content()).split("/sign-in/")[1].split()[0]


def test_a_link_signs_in_once_in_the_browser_that_asked(made: World) -> None:
    secret = token(made)
    link = signing_in.look_at(made.session, secret, BROWSER, NOW)
    assert link.used_at is None
    signed_in = signing_in.redeem(made.session, secret, BROWSER, NOW)
    assert signed_in.user_id == made.actors["AAA"].user_id
    for _ in range(2):
        with pytest.raises(LinkSpent):
            signing_in.redeem(made.session, secret, BROWSER, NOW)
        with pytest.raises(LinkSpent):
            signing_in.look_at(made.session, secret, BROWSER, NOW)


def test_another_browser_cannot_use_it_and_does_not_use_it_up(made: World) -> None:
    secret = token(made)
    with pytest.raises(LinkSpent):
        signing_in.redeem(made.session, secret, OTHER, NOW)
    signing_in.redeem(made.session, secret, BROWSER, NOW)


def test_a_link_lives_fifteen_minutes_at_most(made: World) -> None:
    secret = token(made)
    link = made.session.scalars(select(SignInLink)).one()
    assert link.expires_at - link.created_at <= timedelta(minutes=15)
    with pytest.raises(LinkSpent):
        signing_in.redeem(made.session, secret, BROWSER, NOW + timedelta(minutes=15))


def test_neither_token_nor_secret_is_stored(made: World) -> None:
    secret = token(made)
    made.session.flush()
    for table in (SignInLink, OutboxMessage, AuditEvent):
        for row in made.session.scalars(select(table)):
            stored = " ".join(str(getattr(row, column.name)) for column in rows_of(table).columns)
            assert secret not in stored
            assert BROWSER not in stored


def test_an_unknown_address_leaves_the_same_trace_and_gets_nothing(made: World) -> None:
    signing_in.request_link(made.session, "nobody@example.org", NOW, BROWSER)
    mailer = Kept()
    assert send(made, mailer) == 0
    [message] = made.session.scalars(select(OutboxMessage))
    assert message.user_id is None
    assert "nobody" not in str(message.payload)
    assert (message.sent_at, message.dropped_why) == (None, "nobody")


def test_a_link_is_for_its_purpose_only(made: World) -> None:
    user = user_of(made.session, made.actors["AAA"])
    made.session.add(
        SignInLink(
            user_id=user.id,
            token_digest=signing_in.digest("t"),
            browser_digest=signing_in.digest(BROWSER),
            purpose=LinkPurpose.INVITATION,
            created_at=NOW,
            expires_at=NOW + timedelta(minutes=5),
        )
    )
    made.session.flush()
    with pytest.raises(NotFound):
        signing_in.redeem(made.session, "t", BROWSER, NOW)
    with pytest.raises(NotFound):
        signing_in.look_at(made.session, "unknown", BROWSER, NOW)


def test_signing_in_opens_what_the_person_is_asked(made: World) -> None:
    signing_in.start(made.session, user_of(made.session, made.actors["AAA"]), LinkPurpose.DEMO, NOW)
    opened = made.session.scalars(select(Response.id).where(Response.opened_at == NOW)).all()
    assert opened == [made.response("AAA")]


def test_signing_out_and_deactivation_end_sessions_and_links(made: World) -> None:
    user = user_of(made.session, made.actors["AAA"])
    one = signing_in.start(made.session, user, LinkPurpose.SIGN_IN, NOW)
    made.session.flush()
    signing_in.end(made.session, one.id, NOW)
    assert one.ended_at == NOW
    secret = token(made)
    two = signing_in.start(made.session, user, LinkPurpose.SIGN_IN, NOW)
    made.session.flush()
    people.deactivate(made.session, user, SYSTEM, now=NOW)
    made.session.flush()
    assert made.session.get_one(LoginSession, two.id, populate_existing=True).ended_at == NOW
    with pytest.raises(LinkSpent):
        signing_in.redeem(made.session, secret, BROWSER, NOW)
    with pytest.raises(NotAllowed):
        signing_in.start(made.session, user, LinkPurpose.DEMO, NOW)


def test_a_hat_is_changed_only_for_one_of_ones_own(made: World) -> None:
    user = user_of(made.session, made.actors["AAA"])
    started = signing_in.start(made.session, user, LinkPurpose.SIGN_IN, NOW)
    made.session.flush()
    own = made.actors["AAA"].appointments[0].appointment_id
    signing_in.wear(made.session, started.id, own, NOW)
    assert started.appointment_id == own
    with pytest.raises(NotFound):
        signing_in.wear(made.session, started.id, made.actors["BBB"].appointments[0].appointment_id, NOW)
    signing_in.wear(made.session, started.id, None, NOW)
    assert started.appointment_id is None


def test_a_letter_goes_out_once(made: World) -> None:
    signing_in.request_link(made.session, "aaa-fp@example.org", NOW, BROWSER)
    mailer = Kept()
    assert [send(made, mailer), send(made, mailer)] == [1, 0]
    assert len(mailer.letters) == 1


def test_a_retried_letter_carries_a_fresh_link(made: World) -> None:
    signing_in.request_link(made.session, "aaa-fp@example.org", NOW, BROWSER)
    send(made, Kept(Deferred(LATER)))
    mailer = Kept()
    assert send(made, mailer, 5) == 1
    secret = str(mailer.letters[0].get_content()).split("/sign-in/")[1].split()[0]
    signing_in.redeem(made.session, secret, BROWSER, NOW + timedelta(minutes=6))


def test_without_a_mail_server_letters_are_files(made: World, tmp_path: Path) -> None:
    signing_in.request_link(made.session, "aaa-fp@example.org", NOW, BROWSER)
    send(made, FolderMailer(tmp_path / "mail"))
    [file] = (tmp_path / "mail").iterdir()
    assert file.suffix == ".eml"
    assert file.stat().st_mode & 0o077 == 0
    letter = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert letter["To"] == "aaa-fp@example.org"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert "https://survey.example/sign-in/" in letter.get_content()
