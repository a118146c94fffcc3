"""The demonstration's links: reusable, on this machine only, and nowhere else."""

from collections.abc import Iterator

import pytest
from flask import Flask

from app import clock, create_app
from app.database import Database
from app.models import User
from app.policy import StaffRole
from app.services import demonstration
from config import Settings
from tests.browsing import Visitor


@pytest.fixture
def demo(settings: Settings, database: Database) -> Iterator[Flask]:
    demonstration.draw_secret(settings.instance)
    with database.begin() as session:
        session.add(
            User(
                email=demonstration.PERSONAS["analyst"],
                name="Mara Quill",
                staff_role=StaffRole.ANALYST,
                created_at=clock.now(),
            )
        )
    app = create_app(Settings(**{**settings.__dict__, "environment": "demo"}))
    app.testing = True
    yield app
    app.extensions["database"].dispose()


def link(settings: Settings) -> str:
    return demonstration.links(settings.instance, "")["analyst"]


def test_a_demonstration_link_works_again_and_again(demo: Flask, settings: Settings) -> None:
    for _ in range(2):
        visitor = Visitor(demo)
        page = visitor.open(link(settings))
        assert page.heading == "Sign in as Mara Quill"
        assert "This is the demonstration" in page.text
        assert visitor.press("Sign in").heading == "Overview"


def test_a_link_of_an_earlier_start_is_dead(demo: Flask, settings: Settings) -> None:
    old = link(settings)
    demonstration.draw_secret(settings.instance)
    Visitor(demo).open(old, status=404)
    Visitor(demo).open("/demo/analyst/guessed", status=404)
    Visitor(demo).open("/demo/nobody/guessed", status=404)


@pytest.mark.parametrize("environ", [{"REMOTE_ADDR": "192.0.2.7"}, {"HTTP_HOST": "evil.example:8000"}])
def test_another_machine_finds_nothing(demo: Flask, settings: Settings, environ: dict[str, str]) -> None:
    answer = demo.test_client().get(link(settings), environ_overrides=environ)
    assert answer.status_code == 404
