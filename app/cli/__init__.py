"""The commands behind `flask`: each calls services, one transaction for each unit of work."""

from flask import Flask

from app.cli.database import database
from app.cli.demo import demo
from app.cli.findings import findings
from app.cli.handing_over import hand_over
from app.cli.jobs import jobs
from app.cli.mail import mail
from app.cli.operations import backup, restore, verify
from app.cli.people import people
from app.cli.people_files import import_people
from app.cli.questionnaires import questionnaires
from app.cli.register import register
from app.cli.responses import responses
from app.cli.round_running import COMMANDS as RUNNING
from app.cli.rounds import rounds
from app.cli.translations import translations

COMMANDS = (
    *(database, backup, restore, verify, demo, jobs, mail),
    *(people, questionnaires, register, rounds, responses, translations, findings),
)


def init_cli(app: Flask) -> None:
    """Gives the `flask` command its groups."""
    people.add_command(hand_over)
    people.add_command(import_people)
    for each in RUNNING:
        rounds.add_command(each)
    for command in COMMANDS:
        app.cli.add_command(command)
