"""`flask responses`: one respondent's answers from a file and into one."""

import json
from pathlib import Path
from typing import Any

import click
from flask import current_app
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import AliasEvent

from app import clock
from app.cli.people import actor, by
from app.database import Database
from app.models import Audience
from app.queries import response_files
from app.queries.responses import of_organisation
from app.services import importing
from app.services.errors import DomainError, ImportRefused
from app.services.importing import Report

MAX_BYTES = 20_000_000
REFUSED = 2


@click.group()
def responses() -> None:
    """Answers from files and into files."""


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

    The form of the file is described in docs/response-files.md.
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
        click.echo(f"{file.name}: {len(refused.errors)} faults; nothing was stored.", err=True)
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
        content = opened.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ImportRefused([f"{file.name}: the file is larger than {MAX_BYTES:,} bytes"])
    try:
        text = content.decode("utf-8-sig")
        return json.loads(text, parse_constant=_no_constant) if file.suffix == ".json" else _yaml(text)
    except UnicodeDecodeError:
        raise ImportRefused([f"{file.name}: the file is not UTF-8 text"]) from None
    except (ValueError, RecursionError) as problem:
        raise ImportRefused([f"{file.name}: {problem}"]) from None
    except YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        line = f"{mark.line + 1}: " if mark is not None else ""
        raise ImportRefused([f"{file.name}:{line} {getattr(problem, 'problem', problem)}"]) from None


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number that a file can give")


def _yaml(text: str) -> Any:
    yaml = YAML(typ="safe", pure=True)
    if any(isinstance(event, AliasEvent) for event in yaml.parse(text)):
        raise ValueError("the file uses aliases (*name); write the value out")
    return _plain(YAML(typ="safe", pure=True).load(text))


def _plain(data: Any) -> Any:
    """The same data in JSON's types: dates as text, keys as text."""
    if isinstance(data, dict):
        return {str(key): _plain(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_plain(value) for value in data]
    return data if data is None or isinstance(data, str | int | float | bool) else str(data)


@responses.command("export")
@click.argument("round_code", metavar="ROUND")
@click.argument("organisation")
@click.option(
    "--audience", type=click.Choice(["state", "iscm", "igo"]), help="Where a code has two meanings."
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="The file to write (JSON).")
def export(round_code: str, organisation: str, audience: str | None, output: Path | None) -> None:
    """Write the answers of ORGANISATION (a code) in ROUND in the form that import reads."""
    database: Database = current_app.extensions["database"]
    with database.read() as session:
        response = of_organisation(
            session, round_code, organisation, Audience(audience) if audience else None
        )
        if response is None:
            raise click.UsageError(f"“{organisation}” is not asked in the round “{round_code}”.")
        data = response_files.as_file(session, response)
    text = json.dumps(data, ensure_ascii=False, indent=2)
    if output is None:
        click.echo(text)
    else:
        output.write_text(text + "\n", encoding="utf-8")
