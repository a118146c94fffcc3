"""`flask translations`: answers in another language, out to a translator and back."""

import io
from pathlib import Path

import click
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from app import clock
from app.cli import files
from app.cli.people import by, work
from app.cli.responses import REFUSED, read
from app.i18n import ngettext
from app.policy import Act
from app.queries import round_overview
from app.services import auditing
from app.services import translations as service
from app.services.errors import ImportRefused


@click.group()
def translations() -> None:
    """Answers in another language: they enter a summary once a person has approved a translation."""


@translations.command("list")
@click.argument("round_code", metavar="ROUND")
@click.option(
    "--output",
    type=files.NEW_FILE,
    help="Write them to a file (YAML) to be filled in.",
)
@by
def list_(round_code: str, output: Path | None, by: str | None) -> None:
    """Say which submitted answers of ROUND await a translation."""
    with work(by, Act.TRANSLATE_ANSWERS) as (session, who):
        round_ = round_overview.round_by_code(session, round_code)
        if round_ is None:
            raise click.UsageError(f"There is no round “{round_code}”.")
        found = service.awaiting(session, round_, who)
        form = service.as_file(round_, found)
        if output is not None:
            auditing.record(session, who, "exported_untranslated", round_, {"answers": len(found)})
    if output is not None:
        files.write(output, _yaml(form))
    else:
        for each in found:
            click.echo(f"{each.about}\t{each.respondent}\t{each.language}\t{each.question}\n  {each.text}")
    number = ngettext("%(num)s answer awaits", "%(num)s answers await", len(found))
    click.echo(f"{number} a translation." if output is None else f"{output}: {number} a translation.")


@translations.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@by
def approve(file: Path, by: str | None) -> None:
    """Take in the translations of FILE, as `list --output` wrote it and somebody filled it in.

    Whoever runs this (--by) approves them. All of them, or none and every fault; empty ones wait on.
    """
    try:
        with work(by, Act.TRANSLATE_ANSWERS) as (session, who):
            number = service.approve_file(session, read(file), who, clock.now())
    except click.ClickException as refused:
        cause = refused.__cause__
        if not isinstance(cause, ImportRefused):
            raise
        for fault in cause.errors:
            click.echo(f"{file.name}: {fault}", err=True)
        click.echo("Nothing was approved.", err=True)
        raise SystemExit(REFUSED) from None
    click.echo(ngettext("%(num)s translation approved.", "%(num)s translations approved.", number))


def _yaml(form: dict[str, object]) -> str:
    """The form as YAML, texts of several lines as they stand."""
    yaml = YAML()
    yaml.width = 100_000
    written = io.StringIO()
    yaml.dump(_literal(form), written)
    return written.getvalue()


def _literal(value: object) -> object:
    if isinstance(value, dict):
        return {key: _literal(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_literal(each) for each in value]
    return LiteralScalarString(value) if isinstance(value, str) and "\n" in value else value
