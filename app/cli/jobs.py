"""`flask jobs`: the worker that sends letters, reads returned ones, reminds, and does what else is due."""

import os
import threading
import time

import click
from flask import current_app

from app import migrating
from app.database import Database, UnsafeDatabaseError, assert_durable
from app.jobs import sending, worker
from app.jobs.work import Work
from config import Settings, SettingsError

SECONDS_BETWEEN_LOOKS_AT_THE_PARENT = 1


@click.group()
def jobs() -> None:
    """What is done outside the pages: letters, returned letters, reminders."""


@jobs.command()
@click.option("--beside", type=int, help="End when the process with this id, which started this one, ends.")
def work(beside: int | None) -> None:
    """Work until SIGTERM or Ctrl-C: the letter under way is ended properly, a second signal ends at once."""
    ready = _ready()
    try:
        made = worker.Worker(ready)
    except SettingsError as wrong:
        raise click.ClickException(str(wrong)) from None
    if beside is not None:
        threading.Thread(target=_end_with, args=(beside,), daemon=True).start()
    made.run()


@jobs.command()
def once() -> None:
    """Do everything that is due now, and end: for a timer such as cron, in place of a worker."""
    failed = worker.do_everything(_ready())
    if failed:
        raise click.ClickException(f"These failed, and the log says why: {', '.join(failed)}.")


def _ready() -> Work:
    database: Database = current_app.extensions["database"]
    settings: Settings = current_app.extensions["settings"]
    if migrating.present(database.engine) != migrating.newest(database.engine):
        raise click.ClickException(
            "The database is not at the schema of this version: flask database upgrade"
        )
    try:
        assert_durable(database.engine)
    except UnsafeDatabaseError as unsafe:
        raise click.ClickException(str(unsafe)) from None
    work_ = Work(database, settings)
    try:
        sending.mailer(work_)
    except ValueError as wrong:
        raise click.ClickException(f"MAIL_URL: {wrong}") from None
    return work_


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(SECONDS_BETWEEN_LOOKS_AT_THE_PARENT)
    worker.stop_this_process()
