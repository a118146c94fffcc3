"""`flask people`: who may sign in, and for whom they answer. And as whom any command acts."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import groupby

import click
from email_validator import EmailNotValidError, validate_email
from flask import current_app
from sqlalchemy.orm import Session

from app import clock
from app.database import Database
from app.models import Audience, Organisation, User
from app.policy import SYSTEM, Act, Actor, AppointmentRole, StaffRole, can
from app.queries import people as people_of
from app.queries import register
from app.services import digesting
from app.services import people as service
from app.services.errors import DomainError

DAY = click.DateTime(["%Y-%m-%d"])

STAFF_ROLES = click.Choice([role.value for role in StaffRole])
APPOINTED_AS = click.Choice([role.value for role in AppointmentRole])
AUDIENCES = click.Choice([each.value for each in Audience if each is not Audience.NONE])

audience_option = click.option("--audience", type=AUDIENCES, help="Where a code has two meanings.")
by = click.option("--by", metavar="EMAIL", help="Act as this person; without it, as the service itself.")
"""The option that says who acts."""


def actor(session: Session, email: str | None) -> Actor:
    """The person with this address as an actor, or the service itself. Raises click.UsageError."""
    if email is None:
        return SYSTEM
    user = people_of.by_email(session, email)
    if user is None or user.deactivated_at is not None:
        raise click.UsageError(f"Nobody signs in as {email}.")
    return people_of.actor(session, user, clock.now())


@contextmanager
def work(email: str | None, act: Act) -> Iterator[tuple[Session, Actor]]:
    """One unit of work by somebody who may do this; what the domain refuses ends the command."""
    database: Database = current_app.extensions["database"]
    try:
        with database.begin() as session:
            who = actor(session, email)
            if not can(who, act):
                raise click.UsageError(f"{who.name} may not do this.")
            yield session, who
    except DomainError as refused:
        raise click.ClickException(refused.message) from refused


@click.group()
def people() -> None:
    """Who may sign in, and for whom they answer."""


@people.command("list")
def list_() -> None:
    """Say who there is, what they are to the staff, and for whom they answer today."""
    database: Database = current_app.extensions["database"]
    with database.read() as session:
        rows = people_of.everybody(session, clock.now())
        for user, hats in groupby(rows, key=lambda row: row[0]):
            roles = [user.staff_role.value] if user.staff_role else []
            roles += [_hat(code, role, iscm) for _user, code, role, iscm in hats if code and role]
            said = "deactivated" if user.deactivated_at else ", ".join(roles) or "no role"
            click.echo(f"{user.email}\t{user.name}\t{said}")


def _hat(code: str, role: AppointmentRole, iscm: str | None) -> str:
    return f"{code} {role.value}" + (f" about {iscm}" if iscm else "")


@people.command()
@click.argument("email")
@click.option("--name", required=True, help="What they are called.")
@click.option("--locale", default="en", show_default=True, help="The language of their pages.")
@click.option("--role", type=STAFF_ROLES, help="What they are to the staff; respondents have none.")
@by
def add(email: str, name: str, locale: str, role: str | None, by: str | None) -> None:
    """Let somebody sign in with the address EMAIL."""
    try:
        address = validate_email(email, check_deliverability=False).normalized
    except EmailNotValidError as fault:
        raise click.UsageError(f"{email} is no address: {fault}") from fault
    with work(by, Act.MANAGE_PEOPLE) as (session, who):
        staff_role = StaffRole(role) if role else None
        service.add_user(session, address, name, who, staff_role=staff_role, locale=locale)
    click.echo(f"{name} can sign in with {address.lower()}.")


@people.command()
@click.argument("email")
@click.argument("organisation")
@click.option("--role", type=APPOINTED_AS, required=True, help="What they do there.")
@audience_option
@click.option("--mechanism", metavar="CODE", help="For this mechanism only; without it, for all.")
@click.option("--from", "start", type=DAY, help="From this day on; today if not given.")
@by
def appoint(
    email: str,
    organisation: str,
    role: str,
    audience: str | None,
    mechanism: str | None,
    start: datetime | None,
    by: str | None,
) -> None:
    """Let EMAIL answer, or read, for ORGANISATION (its code in the register)."""
    with work(by, Act.MANAGE_PEOPLE) as (session, who):
        service.appoint(
            session,
            person_called(session, email),
            organisation_called(session, organisation, audience),
            AppointmentRole(role),
            who,
            iscm=organisation_called(session, mechanism, Audience.ISCM.value) if mechanism else None,
            valid_from=start.date() if start else None,
        )
    click.echo(f"{email} is appointed for {organisation}.")


@people.command()
@click.argument("email")
@click.argument("organisation")
@audience_option
@click.option(
    "--on", "day", type=DAY, help="The last day; today if not given. To bar somebody at once: deactivate."
)
@by
def end(email: str, organisation: str, audience: str | None, day: datetime | None, by: str | None) -> None:
    """End every appointment of EMAIL for ORGANISATION; what they wrote stays."""
    with work(by, Act.MANAGE_PEOPLE) as (session, who):
        person, for_whom = person_called(session, email), organisation_called(session, organisation, audience)
        found = people_of.open_appointments(session, person, for_whom)
        if not found:
            raise click.UsageError(f"{email} is not appointed for {organisation}.")
        last = day.date() if day else clock.now().date()
        for appointment in found:
            service.end_appointment(session, appointment, last, who)
    click.echo(f"{email} answers for {organisation} until the end of {last.isoformat()}.")


@people.command()
@click.argument("email")
@by
def deactivate(email: str, by: str | None) -> None:
    """Bar EMAIL: their sessions end at once; what they wrote stays under their name."""
    with work(by, Act.MANAGE_PEOPLE) as (session, who):
        service.deactivate(session, person_called(session, email), who)
    click.echo(f"{email} cannot sign in any more.")


def person_called(session: Session, email: str) -> User:
    """The person with this address. Raises click.UsageError."""
    found = people_of.by_email(session, email)
    if found is None:
        raise click.UsageError(f"Nobody has the address {email}.")
    return found


def organisation_called(session: Session, code: str, audience: str | None) -> Organisation:
    """The organisation with this code. Raises click.UsageError if there is none or several."""
    found = register.with_code(session, code, Audience(audience) if audience else None)
    if not found:
        raise click.UsageError(f"The register has nobody under {code}.")
    if len(found) > 1:
        raise click.UsageError(f"Several are called {code}; say which with --audience.")
    return found[0]


@people.command()
def digest() -> None:
    """Put today's digest into the outbox of everybody of staff who wants it."""
    database: Database = current_app.extensions["database"]
    with database.begin() as session:
        number = digesting.write_due(session, clock.now())
    click.echo(f"{number} put into the outbox.")
