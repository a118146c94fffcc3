"""`flask rounds`: make a round, open it on the register, record counts from elsewhere, close it."""

from collections import defaultdict
from datetime import date, datetime
from zoneinfo import ZoneInfo

import click
from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.cli.people import AUDIENCES, by, work
from app.database import Database
from app.models import Audience, Response, Round
from app.policy import Act
from app.queries import lost_matches, questionnaires, round_overview
from app.services import rounds as service
from app.services import upgrading
from app.services.errors import NothingPublished

DAY = click.DateTime(["%Y-%m-%d"])
MINUTE = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"])


def round_of(session: Session, code: str) -> Round:
    found = round_overview.round_by_code(session, code)
    if found is None:
        raise click.UsageError(f"There is no round “{code}”.")
    return found


@click.group()
def rounds() -> None:
    """Rounds: who is asked what, and when."""


@rounds.command("list")
def list_() -> None:
    """Say which rounds there are, and how many are asked in each."""
    database: Database = current_app.extensions["database"]
    with database.read() as session:
        asked = select(Response.round_id, func.count().label("number")).group_by(Response.round_id).subquery()
        rows = session.execute(
            select(Round, asked.c.number)
            .outerjoin(asked, asked.c.round_id == Round.id)
            .order_by(Round.opens_at)
        )
        for each, number in rows:
            state = "closed" if each.closed_at else "open" if each.opened_at else "not open yet"
            state += ", a pilot" if each.pilots_version_id else ""
            click.echo(f"{each.code}\t{each.title}\t{state}\t{number or 0} asked")


@rounds.command()
@click.argument("code")
@click.argument("title")
@click.option("--opens", type=MINUTE, required=True, help="When it opens, in the round's zone.")
@click.option("--closes", type=MINUTE, required=True, help="When it closes, in the round's zone.")
@click.option("--cutoff", type=MINUTE, help="Until when late answers are analysed.")
@click.option("--zone", default="Europe/Zurich", show_default=True, help="The zone of its dates.")
@by
def create(
    code: str,
    title: str,
    opens: datetime,
    closes: datetime,
    cutoff: datetime | None,
    zone: str,
    by: str | None,
) -> None:
    """Make the round CODE called TITLE."""
    there = ZoneInfo(zone)
    with work(by, Act.MANAGE_ROUNDS) as (session, who):
        service.create(
            session,
            code,
            title,
            opens.replace(tzinfo=there),
            closes.replace(tzinfo=there),
            cutoff.replace(tzinfo=there) if cutoff else None,
            zone,
            who,
        )
    click.echo(f"The round “{code}” is made; nobody is asked yet.")


@rounds.command("open")
@click.argument("code")
@click.option(
    "--ask", "asked", type=(AUDIENCES, str), multiple=True, required=True, help="Whom: audience and code."
)
@click.option("--about", multiple=True, help="Limit the blocks to these mechanisms (codes).")
@click.option("--as-of", type=DAY, help="The day of which the register is kept; today if not given.")
@by
def open_(
    code: str,
    asked: tuple[tuple[str, str], ...],
    about: tuple[str, ...],
    as_of: datetime | None,
    by: str | None,
) -> None:
    """Open the round CODE: keep the register as it stands and give everybody their questionnaire."""
    wanted: dict[Audience, list[str]] = defaultdict(list)
    for audience, organisation in asked:
        wanted[Audience(audience)].append(organisation)
    day = as_of.date() if as_of else date.today()
    with work(by, Act.MANAGE_ROUNDS) as (session, who):
        try:
            service.open_round(session, round_of(session, code), wanted, who, day, about=about or None)
        except NothingPublished as refused:
            advice = f"Publish one first: flask questionnaires publish {refused.audience}"
            raise click.ClickException(f"{refused.message} {advice}") from refused
    click.echo(f"The round “{code}” is open; {len(asked)} are asked.")


@rounds.command()
@click.argument("code")
@by
def close(code: str, by: str | None) -> None:
    """Close the round CODE: drafts are not submitted, and what comes until the cut-off is late."""
    with work(by, Act.MANAGE_ROUNDS) as (session, who):
        service.close(session, round_of(session, code), who)
    click.echo(f"The round “{code}” is closed.")


@rounds.command()
@click.argument("code")
@click.argument("audience", type=AUDIENCES)
@click.argument("answered", type=click.IntRange(min=0))
@click.option("--invited", type=click.IntRange(min=0), help="How many were invited; not recorded without it.")
@click.option("--source", required=True, help="Who says so, where.")
@by
def tally(code: str, audience: str, answered: int, invited: int | None, source: str, by: str | None) -> None:
    """Record that ANSWERED of AUDIENCE answered outside the service in the round CODE."""
    with work(by, Act.MANAGE_ROUNDS) as (session, who):
        found = round_of(session, code)
        service.record_tally(session, found, Audience(audience), answered, invited, source, who)
    click.echo("Recorded.")


@rounds.command()
@click.argument("code")
def matches(code: str) -> None:
    """Say which questions of the round before find no counterpart in this one."""
    database: Database = current_app.extensions["database"]
    with database.read() as session:
        found = lost_matches.of_round(session, round_of(session, code))
        for one in found:
            click.echo(f"{one.questionnaire}: version {one.before} to version {one.now}")
            for lost in one.lost:
                now = f"asked as {lost.now} now" if lost.now else "not asked now"
                click.echo(f"  {lost.address}\t{lost.concept or '-'}\t{lost.was}, {now}\t{lost.label}")
        if not found:
            click.echo("Every question of the round before has its counterpart.")


@rounds.command()
@click.argument("code")
@click.argument("key", metavar="QUESTIONNAIRE")
@click.argument("number", type=click.IntRange(min=1), metavar="VERSION")
@click.option("--look", is_flag=True, help="Say what would happen, and change nothing.")
@by
def move(code: str, key: str, number: int, look: bool, by: str | None) -> None:
    """Move the running round CODE to another version of a questionnaire, as far as its differences allow.

    Wording and widening move every response, narrowing only what is not submitted; the rest is refused. No
    answer is deleted.
    """
    with work(by, Act.MANAGE_ROUNDS) as (session, who):
        version = questionnaires.version(session, key, number)
        if version is None:
            raise click.UsageError(f"Version {number} of “{key}” is not published.")
        round_ = round_of(session, code)
        wanted = upgrading.plan(session, round_, version)
        for each in wanted.affected:
            told = f"{each.off} no longer asked, {each.unfit} no longer fit, {each.needed} newly needed"
            verb = "moves" if each.moves else "stays"
            click.echo(f"{each.respondent.code}\t{each.respondent.number}\t{each.kind}\t{verb}\t{told}")
        if not look:
            upgrading.move(session, round_, version, wanted.mark, who, clock.now())
    done = f"{len(wanted.moving)} would move" if look else f"{len(wanted.moving)} moved"
    click.echo(f"{done}, {len(wanted.staying)} stay.")
