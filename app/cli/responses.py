"""`flask responses`: one respondent's answers from a file and into one."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import click
from flask import current_app
from sqlalchemy.orm import Session

from app import clock
from app.cli import files
from app.cli.people import actor, by
from app.database import Database
from app.i18n import ngettext
from app.models import Audience, Response
from app.policy import Act, Actor, can, hat_for
from app.queries import response_files, submissions
from app.queries import responses as responses_of
from app.queries.responses import of_organisation
from app.services import auditing, declining, importing, submitting
from app.services.answer_files import MAX_BYTES, parse
from app.services.errors import DomainError, ImportRefused, Incomplete
from app.services.importing import Report

REFUSED = 2


@click.group()
def responses() -> None:
    """Answers from files and into files; submitting, reopening and declining for a respondent."""


@responses.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be stored, and store nothing.")
@click.option("--replace", is_flag=True, help="Also where the respondent has answered differently.")
@click.option("--from", "what", help="From what the answers were taken, if the file does not say.")
@click.option("--dated", help="When they were given (a date), if the file does not say.")
@by
def import_(
    file: Path, dry_run: bool, replace: bool, what: str | None, dated: str | None, by: str | None
) -> None:
    """Enter the answers of one respondent from FILE (.json, .yaml): all of them, or none and every fault.

    The form of the file is described in docs/formats.md.
    """
    if (what is None) != (dated is None):
        raise click.UsageError("Give --from and --dated together.")
    try:
        data = read(file)
        if what is not None and isinstance(data, dict):
            data.setdefault("entered", {"from": what, "dated": dated})
        database: Database = current_app.extensions["database"]
        with database.begin() as session:
            who = actor(session, by)
            report = importing.import_response(session, data, who, clock.now(), dry_run, replace=replace)
    except ImportRefused as refused:
        for fault in refused.errors:
            click.echo(fault, err=True)
        many = ngettext("%(num)s fault", "%(num)s faults", len(refused.errors))
        click.echo(f"{file.name}: {many}; nothing was stored.", err=True)
        raise SystemExit(REFUSED) from None
    except DomainError as refused:
        raise click.ClickException(refused.message) from refused
    _say(file.name, report, dry_run)


def _say(name: str, report: Report, dry_run: bool) -> None:
    verb = "would be stored" if dry_run else "stored"
    click.echo(f"{name}: {report.stored} answers {verb}, {report.unchanged} as they were.")
    if report.records_added or report.records_removed:
        click.echo(f"  records: {report.records_added} added, {report.records_removed} taken out")
    for code in report.mechanisms_added:
        click.echo(f"  a block about {code} added")


def read(file: Path) -> Any:
    """The data of a JSON or YAML file (YAML 1.2; no aliases). Raises ImportRefused."""
    with file.open("rb") as opened:
        return parse(opened.read(MAX_BYTES + 1), file.name)


def _addressed(command: Callable[..., None]) -> Callable[..., None]:
    """The arguments that name a response, and the option that says who acts."""
    audience = click.option(
        "--audience", type=click.Choice(["state", "iscm", "igo"]), help="Where a code has two meanings."
    )
    return click.argument("round_code", metavar="ROUND")(
        click.argument("organisation")(audience(by(command)))
    )


def _found(session: Session, round_code: str, organisation: str, audience: str | None) -> Response:
    response = of_organisation(session, round_code, organisation, Audience(audience) if audience else None)
    if response is None:
        raise click.UsageError(f"“{organisation}” is not asked in the round “{round_code}”.")
    return response


@responses.command("export")
@_addressed
@click.option("--output", type=files.NEW_FILE, help="The file to write (JSON).")
def export(
    round_code: str, organisation: str, audience: str | None, by: str | None, output: Path | None
) -> None:
    """Write the answers of ORGANISATION (a code) in ROUND in the form that import reads.

    Staff get what stands submitted, never what is being amended. That somebody took them is written down.
    """
    database: Database = current_app.extensions["database"]
    with database.begin() as session:
        response, who = _found(session, round_code, organisation, audience), actor(session, by)
        if not can(who, Act.EXPORT_RESPONSE, responses_of.facts(session, response.id)):
            raise click.ClickException(f"{by} may not read these answers.")
        data = _as_far_as_seen(session, response, who)
        auditing.record(session, who, "exported_answers", response, {"status": response.status})
    text = json.dumps(data, ensure_ascii=False, indent=2)
    if output is None:
        click.echo(text)
    else:
        files.write(output, text + "\n")


def _as_far_as_seen(session: Session, response: Response, who: Actor) -> dict[str, Any]:
    """The present answers for the respondent's own people and the operator; for staff what was submitted."""
    if who.system or hat_for(who, response.organisation_id, response.audience.value) is not None:
        return response_files.as_file(session, response)
    standing = responses_of.standing_submission(session, response.id)
    if standing is None:
        raise click.ClickException(f"{who.name} may not read these answers: nothing stands submitted.")
    return response_files.as_sent(session, response, standing, submissions.frozen(session, standing.id))


def _act(
    address: tuple[str, str, str | None], by: str | None, act: Callable[[Session, UUID, Actor], str]
) -> None:
    """Do one thing to one response in a transaction of its own, and say what was done."""
    database: Database = current_app.extensions["database"]
    try:
        with database.begin() as session:
            said = act(session, _found(session, *address).id, actor(session, by))
    except Incomplete as refused:
        lacking = "".join(
            f"\n  {each.section}/{each.question_key}: {each.sentence}" for each in refused.lacks
        )
        raise click.ClickException(refused.message + lacking) from refused
    except DomainError as refused:
        raise click.ClickException(refused.message) from refused
    click.echo(said)


@responses.command("submit")
@_addressed
@click.option("--statement", required=True, help="Who cleared the answers, and how that is known.")
def submit(round_code: str, organisation: str, audience: str | None, by: str | None, statement: str) -> None:
    """Submit what was entered for ORGANISATION from paper or a call; never a draft of its own."""

    def act(session: Session, response_id: UUID, who: Actor) -> str:
        made = submitting.submit(session, response_id, statement, who, clock.now())
        return f"Submitted: {made.reference}"

    _act((round_code, organisation, audience), by, act)


@responses.command("reopen")
@_addressed
@click.option("--reason", required=True, help="Why; the respondent sees it.")
def reopen(round_code: str, organisation: str, audience: str | None, by: str | None, reason: str) -> None:
    """Open the submitted answers of ORGANISATION for an amendment; what was submitted counts until then."""

    def act(session: Session, response_id: UUID, who: Actor) -> str:
        submitting.reopen(session, response_id, reason, who, clock.now())
        return "Reopened. What was submitted counts until it is submitted again."

    _act((round_code, organisation, audience), by, act)


@responses.command("decline")
@_addressed
@click.option("--reason", required=True, help="The reason given.")
def decline(round_code: str, organisation: str, audience: str | None, by: str | None, reason: str) -> None:
    """Record that ORGANISATION declined to answer in ROUND."""

    def act(session: Session, response_id: UUID, who: Actor) -> str:
        declining.decline(session, response_id, reason, who, clock.now())
        return "Recorded as declined."

    _act((round_code, organisation, audience), by, act)
