"""Sending a file from a real browser: progress, a dropped line, a lost reply, and no script at all."""

from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Page, Route, expect

from tests.storing import PDF

SignIn = Callable[[Page, str], Page]
Axe = Callable[[Page], None]
LAW = FilePayload(name="Migration Act.pdf", mimeType="application/pdf", buffer=PDF + b" " * 300_000)
WHERE = "**/attachments/to/**"


def to_attaching(page: Page, mechanism: int) -> Page:
    """Write an example about a mechanism, and go to where its evidence is attached."""
    link = page.locator("main a[href*='/mechanisms/'][href$='/taking_part']").nth(mechanism)
    page.goto(str(link.evaluate("link => link.href")))
    page.locator("[name='a.takes_part'][value=yes]").check()
    page.locator(".actions").get_by_role("button", name="Save and continue").click()
    expect(page.locator("h1")).to_have_text("What changed at home")
    if page.locator(".record.open").count():
        page.locator("textarea[name$='.example']").fill("a law on asylum")
        page.get_by_role("button", name="Keep this entry").click()
    page.get_by_role("button", name="Attach a file or a link").click()
    expect(page.locator("h1")).to_have_text("Attach a file or a link: Evidence")
    return page


@pytest.fixture
def attaching(sign_in: SignIn, page: Page) -> Page:
    return to_attaching(sign_in(page, "training"), 0)


def test_a_dropped_line_and_a_lost_reply_attach_the_file_once(attaching: Page, axe: Axe) -> None:
    page, sent = attaching, []

    def drop_then_lose(route: Route) -> None:
        sent.append(route.request.method)
        if len(sent) == 2:
            route.fetch(max_redirects=0)
        route.abort()

    axe(page)
    page.route(WHERE, drop_then_lose)
    page.set_input_files("#file", LAW)
    page.get_by_role("button", name="Attach this file").click()
    expect(page.locator("#send [role=status]")).to_contain_text("The connection was lost")
    page.get_by_role("button", name="Send it again").click()
    expect(page.get_by_role("button", name="Send it again")).to_be_visible()
    page.unroute(WHERE)
    page.get_by_role("button", name="Send it again").click()
    expect(page.locator(".attached li")).to_have_count(1)
    expect(page.locator(".attached li")).to_contain_text("Migration Act.pdf")
    assert sent == ["POST", "POST"]
    axe(page)


def test_what_is_too_large_or_of_another_kind_is_said_beside_the_field(sign_in: SignIn, page: Page) -> None:
    to_attaching(sign_in(page, "training"), 1)
    page.evaluate("document.getElementById('send').dataset.largest = '1000'")
    page.set_input_files("#file", LAW)
    page.get_by_role("button", name="Attach this file").click()
    expect(page.locator("#send [role=status]")).to_contain_text("at most 20 MB")
    page.set_input_files("#file", FilePayload(name="a.png", mimeType="image/png", buffer=b"<html>"))
    page.get_by_role("button", name="Attach this file").click()
    expect(page.locator("#send [role=status]")).to_contain_text("Choose a PDF, DOCX")


def test_it_works_without_a_script(sign_in: SignIn, plain_page: Page) -> None:
    to_attaching(sign_in(plain_page, "training"), 1)
    plain_page.set_input_files("#file", LAW)
    plain_page.get_by_role("button", name="Attach this file").click()
    expect(plain_page.locator(".attached li")).to_contain_text("Migration Act.pdf")
