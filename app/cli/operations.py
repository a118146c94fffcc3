"""`flask backup`, `flask restore`, `flask verify`: while the service runs."""

from pathlib import Path

import click
from flask import current_app

from app.cli import files
from app.database import Database
from app.services import backups, verifying
from app.services.backup_format import BackupError
from app.services.backups import Report
from app.storage import Store

A_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=files.NEW_FILE)
@click.option("--overwrite", is_flag=True, help="Replace FILE if it is there.")
def backup(file: Path, overwrite: bool) -> None:
    """Write database and files, as they stand now, to FILE; the service may go on meanwhile."""
    if file.exists() and not overwrite:
        raise click.ClickException(f"{file} is there already; give another name or --overwrite.")
    try:
        report = backups.back_up(_database().engine, _store(), file)
    except BackupError as fault:
        raise click.ClickException(_sentence(fault)) from None
    _tell(f"{file}: written", report)
    if report.lost:
        raise click.ClickException(
            "These files were missing or damaged before, and are not in the backup: " + ", ".join(report.lost)
        )


@click.command()
@click.argument("file", type=A_FILE)
def restore(file: Path) -> None:
    """Bring the backup FILE back, its files too, into an empty database: into all tables or none."""
    engine = _database().engine
    try:
        report = backups.restore(engine, _store(), file)
    except BackupError as fault:
        raise click.ClickException(f"{_sentence(fault)} Nothing was restored.") from None
    _tell(f"{file}: restored", report)
    _verify_database()


@click.command()
@click.argument("file", type=A_FILE, required=False)
def verify(file: Path | None) -> None:
    """Check the database and its files, or the backup FILE: references, histories, digests, the manifest."""
    if file is None:
        _verify_database()
        return
    try:
        report = backups.check(file)
    except BackupError as fault:
        raise click.ClickException(_sentence(fault)) from None
    _tell(f"{file}: whole", report)


def _verify_database() -> None:
    found = verifying.problems(_database().engine, _store())
    for problem in found:
        click.echo(problem, err=True)
    if found:
        raise click.ClickException(f"The database has {len(found)} problems.")
    click.echo("The database is sound.")


def _database() -> Database:
    database: Database = current_app.extensions["database"]
    return database


def _store() -> Store:
    store: Store = current_app.extensions["store"]
    return store


def _tell(what: str, report: Report) -> None:
    manifest = report.manifest
    click.echo(
        f"{what}; {report.rows} rows of {len(manifest.tables)} tables, {len(manifest.files)} files, "
        f"made {manifest.made_at} from {manifest.engine} at schema {manifest.revision}."
    )
    click.echo(f"sha256 {report.sha256}")


def _sentence(fault: BackupError) -> str:
    words = str(fault)
    return f"{words[:1].upper()}{words[1:]}."
