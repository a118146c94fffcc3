"""`flask mail`: what concerns letters and has no page."""

import click
from flask import current_app

from app import clock
from app.database import Database
from app.jobs import bouncing
from app.jobs.work import Work
from app.services.returned_mail import MailboxTrouble
from config import Settings


@click.group()
def mail() -> None:
    """Letters, and those that came back."""


@mail.command("bounces")
def read_bounces() -> None:
    """Read the reports of returned letters now (the worker does every five minutes)."""
    database: Database = current_app.extensions["database"]
    settings: Settings = current_app.extensions["settings"]
    if not settings.mail_bounces:
        raise click.ClickException(
            "MAIL_BOUNCES is not set: give a folder, or imaps://user:password@host/folder"
        )
    try:
        new = bouncing.run(Work(database, settings), clock.now())
    except MailboxTrouble as trouble:
        raise click.ClickException(str(trouble)) from None
    click.echo(f"{new} new reports of returned letters.")
