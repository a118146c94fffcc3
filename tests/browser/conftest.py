"""A live server on a demonstration database, and a real Chromium to look at it."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

ROOT = Path(__file__).parents[2]
CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
# No network beyond this machine, and no sandbox for root: what a container allows.
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what stands here; without a Chromium it skips with its reason, and under CI=true it fails."""
    for item in items:
        if Path(__file__).parent not in item.path.parents:
            continue
        item.add_marker(pytest.mark.browser)
        if CHROMIUM is None and os.environ.get("CI") != "true":
            item.add_marker(pytest.mark.skip(reason="no Chromium: install the package 'chromium'"))


@dataclass(frozen=True)
class Server:
    """A running service: its address, and a sign-in link for each persona."""

    url: str
    links: dict[str, str]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _flask(environment: dict[str, str], *words: str) -> str:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _environment(folder: Path, port: int) -> dict[str, str]:
    return os.environ | {
        "RAPPORTEUR_ENV": "demo",
        "RAPPORTEUR_INSTANCE": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'rapporteur.sqlite'}",
        "PORT": str(port),
    }


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a loaded demonstration database, made once and copied by each server."""
    folder = tmp_path_factory.mktemp("demonstration")
    _flask(_environment(folder, 0), "demo", "prepare")
    return folder


def _wait_until_up(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        assert process.poll() is None, "the server ended before it was up"
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    pytest.fail("the server did not come up within 20 seconds")


@pytest.fixture(scope="module")
def server(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of its own for each module, on a copy of the demonstration."""
    folder = tmp_path_factory.mktemp("served")
    shutil.copytree(prepared, folder, dirs_exist_ok=True)
    port = _free_port()
    environment = _environment(folder, port)
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py"]
    process = subprocess.Popen(
        [*command, "--bind", f"127.0.0.1:{port}", "wsgi:app"], cwd=ROOT, env=environment
    )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_until_up(f"{url}/sign-in", process)
        yield Server(url, json.loads(_flask(environment, "demo", "links", "--json")))
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    assert CHROMIUM, "CI must bring a Chromium: install the package 'chromium'"
    opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield opened
    opened.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.fixture
def plain_page(browser: Browser) -> Iterator[Page]:
    """A page without JavaScript."""
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture
def sign_in(server: Server) -> Callable[[Page, str], Page]:
    """Signs a persona in by its link and its button, and hands the page back."""

    def as_persona(page: Page, persona: str) -> Page:
        page.goto(server.links[persona])
        page.get_by_role("button", name="Sign in").click()
        return page

    return as_persona


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """Fails with axe's own words when it finds anything on the page as it stands."""

    def inspect(page: Page) -> None:
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()

    return inspect
