"""The first and the third journey of the README in Chromium, once with and once without JavaScript."""

import io
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.serving import Server, database_file

SignIn = Callable[[Page, str], Page]
REFERENCE = re.compile(r"Reference XAH-\d{4}-[0-9A-F]{4}, \d{1,2} \w+ \d{4}, \d\d:\d\d, Geneva time\.")
MECHANISMS = ("Meridian Process on Migration Data", "Upland Forum on Seasonal Work")


@pytest.fixture
def server(prepared: Path, tmp_path: Path) -> Iterator[Server]:
    """A server for each test: what is submitted stays submitted."""
    shutil.copytree(prepared, tmp_path, dirs_exist_ok=True)
    served = Server(tmp_path, database_file(tmp_path))
    served.start()
    yield served
    served.stop()


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def visitor(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page, once with and once without JavaScript."""
    context = browser.new_context(java_script_enabled=request.param, accept_downloads=True)
    yield context.new_page()
    context.close()


def test_a_focal_point_answers_for_two_mechanisms_and_an_analyst_reads(
    visitor: Page, sign_in: SignIn
) -> None:
    overview = sign_in(visitor, "training").url
    tell_who_answers(visitor)
    for number, name in enumerate(MECHANISMS):
        visitor.goto(overview)
        answer_for(visitor, name, f"a common calendar of work, part {number}")
    say_what_holds_for_all(visitor)
    submit(visitor, overview)
    sign_out(visitor)
    sign_in(visitor, "analyst")
    read_the_summary(visitor)
    follow_three_citations(visitor)
    take_the_documents(visitor)


def go_on(page: Page) -> None:
    page.locator(".actions").get_by_role("button", name="Save and continue").click()


def heading(page: Page, text: str | re.Pattern[str]) -> None:
    expect(page.locator("h1")).to_have_text(text)


def tell_who_answers(page: Page) -> None:
    page.get_by_role("link", name="Who answers").click()
    page.get_by_label("Yes, this is right").first.check()
    page.get_by_label("What is this person’s function?").or_(
        page.get_by_label("What is this person's function?")
    ).first.fill("Head of unit, Ministry of Labour")
    page.locator("[name='a.clearance']").first.check()
    go_on(page)
    heading(page, "Taking part")


def answer_for(page: Page, mechanism: str, effect: str) -> None:
    page.get_by_role("link", name=mechanism).click()
    page.get_by_label("Yes", exact=True).check()
    go_on(page)
    heading(page, "What changed at home")
    entry = page.locator(".record.open")
    entry.get_by_label("Legislation").check()
    entry.locator("textarea[name$='.example']").fill(effect)
    entry.locator("input[name$='.year']").fill("2021")
    go_on(page)
    heading(page, "Why it is valued")
    page.locator("[name='a.reasons']").first.check()
    page.locator("[data-question='values'] textarea").fill("its frankness")
    page.locator("[name='a.would_help']").fill("More time for questions.")
    go_on(page)


def say_what_holds_for_all(page: Page) -> None:
    heading(page, "Continued relevance and recommendations")
    page.get_by_label("Very relevant").check()
    go_on(page)
    heading(page, "Check the answers of Hesteria, and submit them")


def submit(page: Page, overview: str) -> None:
    for number in range(len(MECHANISMS)):
        expect(page.locator("main")).to_contain_text(f"a common calendar of work, part {number}")
    page.get_by_role("link", name="Change how you may be quoted").click()
    page.get_by_label("By name").check()
    page.get_by_role("button", name="Save this choice").click()
    heading(page, "Check the answers of Hesteria, and submit them")
    page.get_by_label("I submit these answers on behalf of Hesteria").check()
    page.get_by_role("button", name="Submit the answers of Hesteria").click()
    heading(page, "The answers of Hesteria are submitted")
    expect(page.locator("main")).to_contain_text(REFERENCE)
    page.reload()
    heading(page, "The answers of Hesteria are submitted")
    page.goto(f"{overview}/about/contact")
    heading(page, "Answers of Hesteria")


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    heading(page, "You are signed out")


def read_the_summary(page: Page) -> None:
    page.get_by_role("link", name="Findings", exact=True).first.click()
    page.get_by_role("link", name=re.compile("^2019")).click()
    page.get_by_role("link", name="EaP Panel").first.click()
    heading(page, "EaP Panel: summary of findings")
    for number, title in enumerate(("Evolution", "Contribution", "Salient", "Partnership", "Added"), 1):
        expect(page.locator(".sheet h2").nth(number)).to_have_text(re.compile(f"^{number} {title}"))
    for word in ("Eastern Partnership Panel", "legal personality", "Ukraine", "Poland values"):
        expect(page.locator(".sheet")).to_contain_text(word)


def follow_three_citations(page: Page) -> None:
    """Each numeral leads to its note, which shows what was asked and answered, and leads back."""
    citations = page.locator(".sheet a.cite")
    for place in (0, citations.count() // 2, citations.count() - 1):
        citation = citations.nth(place)
        note = page.locator(citation.get_attribute("href") or "")
        citation.click()
        expect(note.locator(".note-full")).to_be_visible()
        expect(note).to_contain_text(re.compile(r"\w{3}"))
        note.get_by_role("link", name="Back to the sentence").click()
        assert page.url.endswith(f"#{citation.get_attribute('id')}")


def take_the_documents(page: Page) -> None:
    word = download(page, "Word", "docx")
    with zipfile.ZipFile(io.BytesIO(word)) as package:
        assert "Eastern Partnership" in package.read("word/document.xml").decode()
    portable = download(page, "PDF", "pdf")
    assert portable.startswith(b"%PDF-")
    assert len(portable) > 10_000


def download(page: Page, button: str, ending: str) -> bytes:
    with page.expect_download() as begun:
        page.get_by_role("button", name=button, exact=True).click()
    assert begun.value.suggested_filename.endswith(f".{ending}")
    return begun.value.path().read_bytes()
