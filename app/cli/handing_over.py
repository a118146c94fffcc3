"""`flask people hand-over`: an appointment passes to a successor, on the note verbale that names them."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

import click
from flask import current_app
from sqlalchemy.orm import Session

from app import clock
from app.cli.people import DAY, audience_option, by, organisation_called, person_called, work
from app.policy import Act, AppointmentRole
from app.queries import hand_overs
from app.queries import people as people_of
from app.services import filing
from app.services import handing_over as service
from app.services.filing import Received
from app.services.handing_over import Note, Wanted

A_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
ROLES = click.Choice([role.value for role in hand_overs.PASSED_ON])


@click.command("hand-over")
@click.argument("email")
@click.argument("organisation")
@click.argument("successor")
@click.option("--name", default="", help="The successor's name, if nobody has that address yet.")
@click.option("--on", "first_day", type=DAY, help="The successor's first day; today if not given.")
@click.option("--note", "number", required=True, help="The number of the note verbale.")
@click.option("--dated", type=DAY, required=True, help="The date of the note verbale.")
@click.option("--file", "file", type=A_FILE, help="The note itself.")
@click.option("--reason", default="", help="Why, if it is worth saying.")
@click.option("--role", type=ROLES, default=AppointmentRole.FOCAL_POINT.value, show_default=True)
@audience_option
@by
def hand_over(
    email: str,
    organisation: str,
    successor: str,
    name: str,
    first_day: datetime | None,
    number: str,
    dated: datetime,
    file: Path | None,
    reason: str,
    role: str,
    audience: str | None,
    by: str | None,
) -> None:
    """Let SUCCESSOR (an address) take over from EMAIL what they do for ORGANISATION (its code)."""
    day = (first_day or clock.now()).date()
    with work(by, Act.HAND_OVER) as (session, who):
        appointment = _appointment(session, email, organisation, audience, AppointmentRole(role))
        note = Note(number, dated.date(), _received(file) if file else None)
        service.hand_over(session, appointment, Wanted(successor, name, day, note, reason), who, clock.now())
    click.echo(f"From {day.isoformat()} on {successor} answers for {organisation}; both get a letter.")


def _received(file: Path) -> Received:
    with file.open("rb") as content:
        return filing.receive(current_app.extensions["store"], content, file.name)


def _appointment(
    session: Session, email: str, organisation: str, audience: str | None, role: AppointmentRole
) -> UUID:
    person = person_called(session, email)
    for_whom = organisation_called(session, organisation, audience)
    found = [each for each in people_of.open_appointments(session, person, for_whom) if each.role is role]
    if len(found) != 1:
        raise click.UsageError(
            f"{email} has {len(found)} open appointments as {role.value} for {organisation}; it takes one."
        )
    return found[0].id
