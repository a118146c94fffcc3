"""As whom a command acts."""

import click
from sqlalchemy.orm import Session

from app import clock
from app.policy import SYSTEM, Actor
from app.queries import people

by = click.option("--by", metavar="EMAIL", help="Act as this person; without it, as the service itself.")
"""The option that says who acts."""


def actor(session: Session, email: str | None) -> Actor:
    """The person with this address as an actor, or the service itself. Raises click.UsageError."""
    if email is None:
        return SYSTEM
    user = people.by_email(session, email)
    if user is None or user.deactivated_at is not None:
        raise click.UsageError(f"Nobody signs in as {email}.")
    return people.actor(session, user, clock.now())
