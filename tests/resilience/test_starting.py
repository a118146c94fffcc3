"""A server that must not start says why, once, and ends."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from tests.serving import ROOT, SECONDS_TO_START, database_file, environment, free_port

STRONG = "J7nQ3vX9kL2mR8tY5wZ1aB4cD6eF0gHs"
PUBLIC = "https://rapporteur.example.org"


def started(folder: Path, **settings: str) -> tuple[int, str]:
    """How a server with these settings ended, and what it said; it is killed if it does not end."""
    port = free_port()
    given = environment(folder, database_file(folder), port) | {"RAPPORTEUR_ENV": "production"} | settings
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
    done = subprocess.run(
        [*command, "--bind", f"127.0.0.1:{port}", "wsgi:app"],
        cwd=ROOT,
        env=given,
        capture_output=True,
        text=True,
        timeout=SECONDS_TO_START,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"PUBLIC_URL": ""}, "Production needs a secret key, and none is set."),
        ({"PUBLIC_URL": PUBLIC, "RAPPORTEUR_SECRET_KEY": "secret"}, "The secret key is too weak"),
        ({"PUBLIC_URL": "", "RAPPORTEUR_SECRET_KEY": STRONG}, "PUBLIC_URL is not set."),
    ],
)
def test_production_ends_at_once_and_says_what_is_missing(
    tmp_path: Path, settings: dict[str, str], sentence: str
) -> None:
    status, said = started(tmp_path, **settings)
    assert status != 0
    assert said.count(sentence) == 1
    assert "Traceback" not in said


@pytest.mark.postgresql
def test_a_database_that_could_lose_a_save_is_refused(postgresql_server: URL, tmp_path: Path) -> None:
    url = postgresql_server.update_query_dict({"options": "-c synchronous_commit=off"})
    status, said = started(
        tmp_path,
        PUBLIC_URL=PUBLIC,
        RAPPORTEUR_SECRET_KEY=STRONG,
        DATABASE_URL=url.render_as_string(hide_password=False),
    )
    assert status != 0
    assert "synchronous_commit" in said
    assert "Traceback" not in said
