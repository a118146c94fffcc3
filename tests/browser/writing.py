"""Somebody writes on one page in a real browser: what the tests of devices and of sessions share."""

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Dialog, Page, expect

SignIn = Callable[[Page, str], Page]
Axe = Callable[[Page], None]
SAVED = re.compile(r"^Saved \d\d:\d\d$")
ON_DEVICE = "Not saved yet: 1 change kept on this device"
IN_PAGE = "Not saved yet: 1 change kept in this page only"
BOX = "textarea[name='a.would_help']"


def open_value_page(overview: Page) -> Page:
    link = overview.locator("main a[href*='/mechanisms/'][href$='/taking_part']").first
    overview.goto(str(link.evaluate("link => link.href")))
    overview.get_by_label("Yes", exact=True).check()
    overview.locator(".actions").get_by_role("button", name="Save and continue").click()
    expect(overview.locator("h1")).not_to_have_text("Taking part")
    overview.goto(re.sub(r"/[a-z_]+$", "/value", overview.url.split("?")[0]))
    expect(overview.locator("h1")).to_have_text("Why it is valued")
    return overview


def state(page: Page, text: str | re.Pattern[str]) -> None:
    expect(page.locator("#save-state")).to_have_text(text, timeout=15_000)


def kept(page: Page) -> int:
    """How many edits lie on the device, whoever wrote them."""
    return int(page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('unsaved ')).length"))


def type_on_a_device_of_mine(page: Page, text: str) -> None:
    page.locator(BOX).fill(text)
    page.get_by_role("button", name="This device is mine").click()


def wait_until(page: Page, holds: Callable[[], bool]) -> None:
    """Let the page go on until something holds that no locator can wait for."""
    for _look in range(400):
        if holds():
            return
        page.wait_for_timeout(25)
    raise AssertionError("it did not come to hold")


def cut_the_line(context: BrowserContext) -> None:
    context.route("**/autosave", lambda route: route.abort())


def mend_the_line(context: BrowserContext) -> None:
    context.unroute("**/autosave")


def close(page: Page) -> BrowserContext:
    """Close the tab as a person does, who is asked nothing."""
    context = page.context
    assert closing(page) == []
    return context


def closing(page: Page) -> list[str]:
    """Close the tab, whatever the browser asks, and say what it asked."""
    asked = agreeing(page)
    page.close(run_before_unload=True)
    if not page.is_closed():
        page.wait_for_event("close")
    return asked


def agreeing(page: Page) -> list[str]:
    """Agree to whatever the browser asks from now on; it stands in the list."""
    asked: list[str] = []

    def agree(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", agree)
    return asked


def stored(page: Page, address: str) -> str:
    """What the server holds, read where nothing is kept."""
    html = page.context.request.get(address).text()
    return str(
        page.evaluate(
            "html => new DOMParser().parseFromString(html, 'text/html').getElementById('a-would_help').value",
            html,
        )
    )
