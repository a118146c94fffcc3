"""`flask register`: import and export of the register, whole files at a time."""

from pathlib import Path
from typing import get_args

import click
from flask import current_app

from app.cli import files
from app.database import Database
from app.i18n import ngettext
from app.policy import SYSTEM
from app.services.register_book import Change
from app.services.register_export import TABLES, Table, as_csv, as_yaml
from app.services.register_import import Outcome, RegisterRefused, free_text, import_register

COMMITTED = Path(__file__).parents[2] / "questionnaires" / "register"
FILES = ("states.csv", "igos.yaml", "iscms.yaml")
"""What a new installation starts from, in the order in which it is imported."""

SHOWN = 20


@click.group()
def register() -> None:
    """The register of mechanisms, States and organisations, and who belongs to what."""


@register.command("import")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--committed", is_flag=True, help="Import the register that this version comes with.")
def import_(files: tuple[Path, ...], dry_run: bool, committed: bool) -> None:
    """Import FILES (.yaml or .csv): all of them or, if one has a fault, none."""
    wanted = [COMMITTED / name for name in FILES] if committed else list(files)
    if not wanted:
        raise click.UsageError("Give a file, or --committed.")
    database: Database = current_app.extensions["database"]
    words = free_text(COMMITTED / "igos.yaml")
    with database.session(write=True) as session, session.begin() as transaction:
        for path in wanted:
            try:
                outcome = import_register(session, path.read_bytes(), path.name, SYSTEM, words=words)
            except RegisterRefused as refused:
                for fault in refused.faults:
                    click.echo(str(fault), err=True)
                many = ngettext("%(num)s fault", "%(num)s faults", len(refused.faults))
                click.echo(f"{path.name}: {many}; nothing was imported.", err=True)
                raise SystemExit(2) from None
            _report(path.name, outcome, dry_run)
        if dry_run:
            transaction.rollback()


def _report(name: str, outcome: Outcome, dry_run: bool) -> None:
    added = [each for each in outcome.changes if each.new]
    changed = [each for each in outcome.changes if not each.new]
    verb = "would be " if dry_run else ""
    many = ngettext("%(num)s entry", "%(num)s entries", len(added))
    click.echo(f"{name}: {many} {verb}added, {len(changed)} {verb}changed.")
    for change in outcome.changes[:SHOWN] if len(outcome.changes) > SHOWN else outcome.changes:
        click.echo(f"  {_said(change)}")
    if len(outcome.changes) > SHOWN:
        click.echo(f"  … and {len(outcome.changes) - SHOWN} more.")
    for remark in outcome.remarks:
        click.echo(f"  Note: {remark}")


def _said(change: Change) -> str:
    if change.new:
        return f"+ {change.what} {change.name}"
    columns = "; ".join(f"{column}: {old} → {new}" for column, (old, new) in change.columns.items())
    return f"~ {change.what} {change.name}: {columns}"


@register.command()
@click.option("--format", "form", type=click.Choice(["yaml", "csv"]), default="yaml", show_default=True)
@click.option("--table", type=click.Choice(get_args(Table)), help="Which table; needed for csv.")
@click.option("--output", type=files.NEW_FILE, help="A file instead of the screen.")
def export(form: str, table: Table | None, output: Path | None) -> None:
    """Write the register in the form in which it is imported."""
    if form == "csv" and table is None:
        raise click.UsageError(f"Say which table: --table {'|'.join(TABLES)}.")
    database: Database = current_app.extensions["database"]
    with database.read() as session:
        text = as_csv(session, table) if form == "csv" and table else as_yaml(session)
    if output is None:
        click.echo(text, nl=False)
    else:
        files.write(output, text)
        click.echo(f"{output}: written.", err=True)
