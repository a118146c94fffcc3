"""The link of an invitation: signs its person in once, in any browser, until it expires.

Like every link it is used up by a POST only, and only the digest of its token is kept. It opens nothing for
staff, who sign in from the browser in which they ask.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.models import LinkPurpose, LoginSession, SignInLink, User
from app.services import signing_in
from app.services.errors import LinkSpent, NotFound

LIFETIME = timedelta(days=30)


@dataclass(frozen=True)
class Found:
    """A link with its person."""

    link: SignInLink
    user: User

    def works(self, now: datetime) -> bool:
        """Whether it can still be used."""
        return self.link.used_at is None and now < self.link.expires_at


def make_link(session: Session, user_id: UUID, until: datetime, now: datetime) -> str:
    """Make a link that works once, for 30 days or until the moment given if that is sooner; return its
    token.
    """
    token = secrets.token_urlsafe(32)
    ends = min(until, now + LIFETIME)
    session.add(
        SignInLink(
            user_id=user_id,
            token_digest=signing_in.digest(token),
            purpose=LinkPurpose.INVITATION,
            created_at=now,
            expires_at=ends if ends > now else now + signing_in.LIFETIME,
        )
    )
    return token


def look_at(session: Session, token: str) -> Found:
    """The link behind a token, whether it still works or not. Raises NotFound, for somebody deactivated and
    for staff too.
    """
    row = session.execute(
        select(SignInLink, User)
        .join(User, User.id == SignInLink.user_id)
        .where(
            SignInLink.token_digest == signing_in.digest(token),
            SignInLink.purpose == LinkPurpose.INVITATION,
            User.deactivated_at.is_(None),
            User.staff_role.is_(None),
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return Found(*row)


def redeem(session: Session, token: str, now: datetime) -> LoginSession:
    """Use the link up and sign its person in. Raises NotFound or LinkSpent; of two at once, one succeeds."""
    found = look_at(session, token)
    used = session.scalar(
        update(SignInLink)
        .where(SignInLink.id == found.link.id, SignInLink.used_at.is_(None), SignInLink.expires_at > now)
        .values(used_at=now)
        .returning(SignInLink.id)
    )
    if used is None:
        raise LinkSpent
    return signing_in.start(session, found.user, LinkPurpose.INVITATION, now)


def ask_anew(session: Session, token: str, browser_secret: str, now: datetime) -> None:
    """Have a link for this browser mailed to whom a spent one was for. Raises NotFound."""
    signing_in.request_link(session, look_at(session, token).user.email, now, browser_secret)
