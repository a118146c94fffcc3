"""`flask rounds …` for a round that runs: more time, the cut-off, opening again, who is asked as of today."""

from datetime import datetime
from zoneinfo import ZoneInfo

import click
from sqlalchemy.orm import Session

from app import clock
from app.cli.people import AUDIENCES, by, work
from app.cli.rounds import MINUTE
from app.cli.rounds import round_of as _round
from app.definitions import asking
from app.definitions.asking import Part, Rule, Who
from app.models import Audience, Organisation, Round
from app.policy import Act
from app.queries import invitees, register
from app.services import opening, participating, planning, running
from app.services import rounds as service


def _moment(round_: Round, typed: datetime | None) -> datetime | None:
    return typed.replace(tzinfo=ZoneInfo(round_.zone)) if typed else None


def _wanted(round_: Round, typed: datetime) -> datetime:
    return typed.replace(tzinfo=ZoneInfo(round_.zone))


def _part(text: str, name: str) -> Part:
    who, _colon, codes = text.partition(":")
    known = [each.value for each in asking.CHOICES[name]]
    if who not in known:
        raise click.UsageError(f"“{who}” is none of {', '.join(known)}.")
    return Part(Who(who), asking.codes_of(codes))


@click.command()
@click.argument("code")
@click.option("--states", default="members", show_default=True, help="Such as all, or chosen:AAA,BBB.")
@click.option("--mechanisms", default="active", show_default=True, help="Such as chosen:alpha, or none.")
@click.option("--igos", default="taking_part", show_default=True, help="Such as all, or none.")
@click.option("--about", default="active", show_default=True, help="Of which mechanisms blocks are made.")
@click.option("--fictional", is_flag=True, help="Ask fictional organisations, for training.")
@by
def ask(
    code: str, states: str, mechanisms: str, igos: str, about: str, fictional: bool, by: str | None
) -> None:
    """Say by which rule it is decided who is asked in the round CODE, and whom that means today.

    A rule is a word, or one with codes behind a colon: members_of:alpha,beta.
    """
    given = {asking.STATE: states, asking.ISCM: mechanisms, asking.IGO: igos, asking.ABOUT: about}
    rule = Rule({name: _part(text, name) for name, text in given.items()}, fictional=fictional)
    with work(by, Act.MANAGE_ROUNDS) as (session, who):
        round_ = _round(session, code)
        planning.set_asked(session, round_, rule.plain(), who, clock.now())
        found = invitees.by_rule(session, rule, opening.day_of_opening(round_, clock.now()))
        for codes in found.faults.values():
            click.echo(f"Not in the register of that day: {', '.join(codes)}", err=True)
        for audience, asked in found.by_audience.items():
            click.echo(f"{audience.value}: {len(asked)} would be asked on {found.on}")


@click.command("open-by-rule")
@click.argument("code")
@by
def open_by_rule(code: str, by: str | None) -> None:
    """Open the round CODE on those whom its rule means by the register of today."""
    with work(by, Act.MANAGE_ROUNDS) as (session, who):
        found = opening.open_by_rule(session, _round(session, code), who, clock.now())
        many = len(found.everybody)
    click.echo(f"The round “{code}” is open; {many} are asked.")


@click.command()
@click.argument("code")
@click.option("--until", type=MINUTE, required=True, help="The new deadline, in the round's zone.")
@click.option("--cutoff", type=MINUTE, help="The new cut-off; none without it.")
@by
def extend(code: str, until: datetime, cutoff: datetime | None, by: str | None) -> None:
    """Give everybody in the round CODE more time."""
    with work(by, Act.MANAGE_ROUNDS) as (session, who):
        round_ = _round(session, code)
        moved = running.extend(
            session, round_, _wanted(round_, until), _moment(round_, cutoff), who, clock.now()
        )
    click.echo(f"The round “{code}” runs until then; {moved} deadlines moved.")


@click.command("cut-off")
@click.argument("code")
@by
def cut_off(code: str, by: str | None) -> None:
    """Cut the closed round CODE off: what comes from now on counts no more."""
    with work(by, Act.MANAGE_ROUNDS) as (session, who):
        running.cut_off(session, _round(session, code), who, now=clock.now())
    click.echo(f"The round “{code}” is cut off.")


@click.command()
@click.argument("code")
@click.option("--until", type=MINUTE, required=True, help="The new deadline, in the round's zone.")
@click.option("--cutoff", type=MINUTE, help="The new cut-off; none without it.")
@click.option("--reason", required=True, help="Why it is opened again.")
@by
def reopen(code: str, until: datetime, cutoff: datetime | None, reason: str, by: str | None) -> None:
    """Open the closed round CODE again."""
    with work(by, Act.MANAGE_ROUNDS) as (session, who):
        round_ = _round(session, code)
        running.reopen(
            session, round_, _wanted(round_, until), _moment(round_, cutoff), reason, who, clock.now()
        )
    click.echo(f"The round “{code}” is open again.")


def _organisation(session: Session, code: str, audience: str | None) -> Organisation:
    found = register.with_code(session, code, Audience(audience) if audience else None)
    if len(found) != 1:
        many = "Several have" if found else "Nobody has"
        raise click.UsageError(f"{many} the code “{code}”.")
    return found[0]


@click.command()
@click.argument("code")
@click.argument("organisation")
@click.option("--audience", type=AUDIENCES, help="Where a code has two meanings.")
@click.option("--reason", required=True, help="Why it is asked now.")
@by
def add(code: str, organisation: str, audience: str | None, reason: str, by: str | None) -> None:
    """Ask ORGANISATION (a code) in the open round CODE from today."""
    with work(by, Act.MANAGE_ROUNDS) as (session, who):
        asked = _organisation(session, organisation, audience)
        service.add_participant(session, _round(session, code), asked, who, reason=reason, now=clock.now())
    click.echo(f"“{organisation}” is asked from today.")


@click.command()
@click.argument("code")
@click.argument("organisation")
@click.option("--audience", type=AUDIENCES, help="Where a code has two meanings.")
@click.option("--reason", required=True, help="Why it is asked no more.")
@by
def withdraw(code: str, organisation: str, audience: str | None, reason: str, by: str | None) -> None:
    """Ask ORGANISATION (a code) in the round CODE no more from today."""
    with work(by, Act.MANAGE_ROUNDS) as (session, who):
        asked = _organisation(session, organisation, audience)
        participating.withdraw(session, _round(session, code), asked.id, reason, who, clock.now())
    click.echo(f"“{organisation}” is asked no more.")


COMMANDS = (ask, open_by_rule, extend, cut_off, reopen, add, withdraw)
"""What stands beside the commands of ``app.cli.rounds``."""
