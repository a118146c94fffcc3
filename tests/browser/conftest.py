"""A live server on a demonstration database, and a real Chromium to look at it."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from app.database import Database
from tests.browser.writing import open_value_page
from tests.serving import Server, database_file

__all__ = ["Server"]

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
# No network beyond this machine, and no sandbox for root: what a container allows.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]
FLAGS += ["--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what stands here; without a Chromium it skips with its reason, and under CI=true it fails."""
    for item in items:
        if Path(__file__).parent not in item.path.parents:
            continue
        item.add_marker(pytest.mark.browser)
        if CHROMIUM is None and os.environ.get("CI") != "true":
            # A machine of one's own may have no Chromium; CI has it, and fails without it.
            item.add_marker(pytest.mark.skip(reason="no Chromium: install the package 'chromium'"))


@pytest.fixture(scope="module")
def server(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of its own for each module, on a copy of the demonstration."""
    folder = tmp_path_factory.mktemp("served")
    shutil.copytree(prepared, folder, dirs_exist_ok=True)
    served = Server(folder, database_file(folder))
    served.start()
    yield served
    served.stop()


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
def writing(sign_in: Callable[[Page, str], Page], page: Page) -> Page:
    """A focal point on the page that asks why a mechanism is valued."""
    return open_value_page(sign_in(page, "training"))


@pytest.fixture
def beside(server: Server) -> Iterator[Database]:
    """The server's database, opened beside it."""
    opened = Database(server.database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """Fails with axe's own words when it finds anything on the page as it stands."""

    def inspect(page: Page) -> None:
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()

    return inspect
