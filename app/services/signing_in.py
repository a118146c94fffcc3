"""Signing in by a link: asked for in one browser, sent by mail, used once in that browser, by a POST.

Only digests of secrets are stored. The link itself is made when its letter is sent (``mailing``), so that no
token ever lies in the database.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from app.models import (
    Appointment,
    Delegation,
    LinkPurpose,
    LoginSession,
    OutboxMessage,
    Response,
    SignInLink,
    User,
)
from app.policy import Actor
from app.services import address_failures, auditing, taking_part
from app.services.errors import LinkSpent, NotAllowed, NotFound

LIFETIME = timedelta(minutes=15)
LETTER = "sign_in"


def digest(secret: str) -> str:
    """What is stored of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def request_link(session: Session, email: str, now: datetime, browser_secret: str) -> None:
    """Ask for a letter with a link that works in the browser that holds the secret.

    The same is written for a known and an unknown address, so that nobody learns which is which.
    """
    user_id = session.scalar(
        select(User.id).where(User.email == email.strip().lower(), User.deactivated_at.is_(None))
    )
    session.add(
        OutboxMessage(
            kind=LETTER,
            dedupe_key=f"{LETTER}:{uuid4()}",
            user_id=user_id,
            payload={"browser_digest": digest(browser_secret)},
            created_at=now,
            due_at=now,
        )
    )


def make_link(session: Session, user_id: UUID, browser_digest: str, now: datetime) -> str:
    """Make a link that signs the person in once, in one browser, within 15 minutes; return its token."""
    token = secrets.token_urlsafe(32)
    session.add(
        SignInLink(
            user_id=user_id,
            token_digest=digest(token),
            browser_digest=browser_digest,
            purpose=LinkPurpose.SIGN_IN,
            created_at=now,
            expires_at=now + LIFETIME,
        )
    )
    return token


def look_at(session: Session, token: str, browser_secret: str, now: datetime) -> SignInLink:
    """The link behind a token, without using it up. Raises NotFound, or LinkSpent if it works no more or not
    here.
    """
    found = session.execute(
        select(SignInLink, User.deactivated_at)
        .join(User, User.id == SignInLink.user_id)
        .where(SignInLink.token_digest == digest(token), SignInLink.purpose == LinkPurpose.SIGN_IN)
    ).one_or_none()
    if found is None:
        raise NotFound
    link, deactivated_at = found
    same_browser = secrets.compare_digest(link.browser_digest or "", digest(browser_secret))
    if not same_browser or link.used_at is not None or link.expires_at <= now or deactivated_at is not None:
        raise LinkSpent
    return link


def redeem(session: Session, token: str, browser_secret: str, now: datetime) -> LoginSession:
    """Use the link up and sign its person in. Raises NotFound or LinkSpent; of two at once, one succeeds."""
    link = look_at(session, token, browser_secret, now)
    used = session.scalar(
        update(SignInLink)
        .where(SignInLink.id == link.id, SignInLink.used_at.is_(None))
        .values(used_at=now)
        .returning(SignInLink.id)
    )
    if used is None:
        raise LinkSpent
    user = session.get_one(User, link.user_id)
    address_failures.prove(session, user, now)
    return start(session, user, LinkPurpose.SIGN_IN, now)


def start(session: Session, user: User, purpose: LinkPurpose, now: datetime) -> LoginSession:
    """Sign the person in; what they are asked, or were given a part of, counts as opened.

    Raises NotAllowed if deactivated.
    """
    if user.deactivated_at is not None:
        raise NotAllowed
    in_force = or_(Appointment.valid_until.is_(None), Appointment.valid_until >= now.date())
    limited = select(Delegation.appointment_id)
    organisations = select(Appointment.organisation_id).where(
        Appointment.user_id == user.id, in_force, Appointment.id.not_in(limited)
    )
    session.execute(
        update(Response)
        .where(Response.organisation_id.in_(organisations), Response.opened_at.is_(None))
        .values(opened_at=now)
        .execution_options(synchronize_session=False)
    )
    taking_part.note_opened(session, user.id, now)
    started = LoginSession(id=uuid4(), user_id=user.id, purpose=purpose, created_at=now, last_seen_at=now)
    session.add(started)
    _record(session, user, "signed_in", started, now)
    return started


def wear(session: Session, login_session_id: UUID, appointment_id: UUID | None, now: datetime) -> None:
    """Change the hat worn in this session. Raises NotFound if the appointment is not this person's or not in
    force.
    """
    login_session = session.get(LoginSession, login_session_id)
    if login_session is None:
        raise NotFound
    if appointment_id is not None:
        found = session.scalar(
            select(Appointment.id).where(
                Appointment.id == appointment_id,
                Appointment.user_id == login_session.user_id,
                Appointment.valid_from <= now.date(),
                or_(Appointment.valid_until.is_(None), Appointment.valid_until >= now.date()),
            )
        )
        if found is None:
            raise NotFound
    login_session.appointment_id = appointment_id
    taking_part.note_opened(session, login_session.user_id, now)
    _record(session, session.get_one(User, login_session.user_id), "changed_hat", login_session, now)


def stay(session: Session, login_session_id: UUID, now: datetime) -> None:
    """Count the session as used now, so that it lasts its idle time from here."""
    session.execute(
        update(LoginSession)
        .where(LoginSession.id == login_session_id, LoginSession.ended_at.is_(None))
        .values(last_seen_at=now)
    )


def end(session: Session, login_session_id: UUID, now: datetime) -> None:
    """Sign out: the session is dead on the server, whoever still holds its cookie."""
    login_session = session.get(LoginSession, login_session_id)
    if login_session is not None and login_session.ended_at is None:
        login_session.ended_at = now
        user = session.get_one(User, login_session.user_id)
        _record(session, user, "signed_out", login_session, now)


def end_all(session: Session, user: User, now: datetime) -> None:
    """End every session of a person and spend every link."""
    session.execute(
        update(LoginSession)
        .where(LoginSession.user_id == user.id, LoginSession.ended_at.is_(None))
        .values(ended_at=now)
    )
    session.execute(
        update(SignInLink)
        .where(SignInLink.user_id == user.id, SignInLink.used_at.is_(None))
        .values(used_at=now)
    )


def _record(session: Session, user: User, act: str, subject: LoginSession, now: datetime) -> None:
    auditing.record(session, Actor(user.id, user.name), act, subject, at=now)
