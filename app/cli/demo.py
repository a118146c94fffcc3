"""`flask demo`: the demonstration, on this machine only and never in production."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import click
from flask import current_app

from app import migrating
from app.cli import demo_content
from app.database import Database, assert_durable
from app.services import demonstration
from app.services.errors import DomainError, Incomplete
from config import Settings

ROOT = Path(__file__).parents[2]
ADDRESS = "127.0.0.1"

WHO = {
    "secretariat": "The EaP Panel's secretariat (2019, submitted)",
    "georgia": "Georgia's focal point (2019, submitted)",
    "training": "A focal point of the Training round who has not started",
    "analyst": "An IOM analyst",
    "coordinator": "An IOM coordinator",
    "viewer": "A viewer",
    "administrator": "An administrator",
}


@click.group()
def demo() -> None:
    """The demonstration: rounds with their people, and sign-in links that need no mail."""
    if not _settings().demo:
        raise click.ClickException("The demonstration runs with RAPPORTEUR_ENV=demo only.")


SMALL = click.option("--small", is_flag=True, help="Ask 13 in the Training round, not 78: for tests.")


@demo.command()
@SMALL
def load(small: bool) -> None:
    """Load the register, the people and the rounds; what is there already is kept."""
    _load(small=small)


@demo.command()
@SMALL
def prepare(small: bool) -> None:
    """Make everything ready and print the links, without starting the server."""
    _prepare(small=small)
    _print_links()


@demo.command()
def serve() -> NoReturn:
    """Make everything ready, print the links, and serve until Ctrl-C, with a worker that sends letters."""
    _need_free_port("Stop it, or choose another port: make demo PORT=8001")
    _prepare()
    _print_links()
    click.echo("Ctrl-C stops the server, and with it the links.")
    sys.stdout.flush()
    _database().dispose()
    os.chdir(ROOT)
    _start_worker()
    settings = str(ROOT / "deploy" / "gunicorn.conf.py")
    arguments = ["-m", "gunicorn", "--config", settings, "--bind", f"{ADDRESS}:{_port()}", "wsgi:app"]
    os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606 - our own interpreter, no shell


def _start_worker() -> None:
    """The worker that sends letters; it ends when this process does, which becomes the server's."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "jobs", "work", "--beside", str(os.getpid())]
    subprocess.Popen(command)  # noqa: S603 - our own interpreter, no shell


@demo.command()
@click.option("--json", "as_json", is_flag=True, help="Print a mapping of personas to links.")
def links(as_json: bool) -> None:
    """Print the sign-in links again."""
    if as_json:
        click.echo(json.dumps(_links(), indent=1))
    else:
        _print_links()
        if _port_is_free():
            click.echo(
                f"Nothing runs on port {_port()} now: start the demonstration with make demo.", err=True
            )


@demo.command()
@SMALL
@click.option("--force", is_flag=True, help="Even if there are rounds that are not the demonstration's.")
def reset(small: bool, force: bool) -> None:
    """Throw the demonstration's database away and load it anew."""
    _need_free_port("Stop it first if it is the demonstration; otherwise say another port: PORT=8001")
    database = _database()
    if migrating.present(database.engine) is not None:
        others = demo_content.codes(database) - demo_content.ALL
        if others and not force:
            names = ", ".join(sorted(others))
            raise click.ClickException(f"There are other rounds here ({names}); say --force to lose them.")
    _empty(database)
    _load(small=small)


def _empty(database: Database) -> None:
    if database.engine.dialect.name != "sqlite":
        migrating.downgrade(database.engine)
        return
    database.dispose()
    file = Path(str(database.engine.url.database))
    for ending in ("", "-wal", "-shm"):
        file.with_name(file.name + ending).unlink(missing_ok=True)


def _load(*, small: bool = False) -> None:
    database = _database()
    _settings().instance.mkdir(parents=True, exist_ok=True)
    migrating.upgrade(database.engine)
    assert_durable(database.engine)
    try:
        done = demo_content.load(database, None if small else current_app.extensions["store"])
    except Incomplete as refused:
        for lack in refused.lacks:
            click.echo(
                f"{lack.section}/{lack.page}: {lack.question_key} {lack.item}: {lack.sentence}", err=True
            )
        raise click.ClickException(refused.message) from refused
    except DomainError as refused:
        advice = "If questionnaires were changed since it was loaded: make demo-reset"
        raise click.ClickException(f"{refused.message}\n{advice}") from refused
    for words in done:
        click.echo(f"Loaded {words}.")


def _prepare(*, small: bool = False) -> None:
    _load(small=small)
    demonstration.draw_secret(_settings().instance)


def _links() -> dict[str, str]:
    found = demonstration.links(_settings().instance, f"http://{ADDRESS}:{_port()}")
    if not found:
        raise click.ClickException("There are no links yet; start the demonstration with: make demo")
    return found


def _print_links() -> None:
    click.echo("Sign in as")
    for persona, link in _links().items():
        click.echo(f"  {WHO[persona]}\n    {link}")


def _need_free_port(advice: str) -> None:
    if not _port_is_free():
        raise click.ClickException(f"Something runs on port {_port()}. {advice}")


def _port_is_free() -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, int(_port())))
        except OSError:
            return False
    return True


def _port() -> str:
    return os.environ.get("PORT", "8000")


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def _database() -> Database:
    database: Database = current_app.extensions["database"]
    return database
