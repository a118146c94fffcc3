"""A form in a real browser: downloaded, handed in without a script, and its differences read by anybody."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import Server
from tests.filling import Filling


@pytest.mark.parametrize("width", [320, 1280])
def test_a_form_is_handed_in_without_a_script_and_axe_finds_nothing(
    server: Server,
    sign_in: Callable[[Page, str], Page],
    plain_page: Page,
    page: Page,
    axe: Callable[[Page], None],
    width: int,
) -> None:
    overview = sign_in(page, "training")
    overview.set_viewport_size({"width": width, "height": 800})
    overview.get_by_role("link", name="Answer offline").click()
    with overview.expect_download() as download:
        overview.get_by_role("button", name="Download the form").click()
    secret = (server.folder / "secret-key").read_text(encoding="ascii")
    filling = Filling(Path(download.value.path()).read_bytes(), secret)
    block = next(each.spot.instance for each in filling.manifest.shipped if each.key == "takes_part")
    filling.answer("contact_role", "Adviser").answer("takes_part", "perhaps", instance=block)
    mime = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    sent = FilePayload(name="form.docx", mimeType=mime, buffer=filling.saved())
    overview.get_by_label("The form, filled in").set_input_files(sent)
    overview.get_by_role("button", name="Show the differences").click()
    expect(overview.locator("h1")).to_have_text("The form differs in 1 answer")
    axe(overview)
    assert overview.evaluate("document.documentElement.scrollWidth <= innerWidth")
    other = sign_in(plain_page, "training")
    other.get_by_role("link", name="Answer offline").click()
    other.get_by_label("The form, filled in").set_input_files(sent)
    other.get_by_role("button", name="Show the differences").click()
    expect(other.locator(".answer-text").last).to_have_text("Adviser")
