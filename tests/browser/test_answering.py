"""Answering in a real browser, with and without JavaScript:
nothing lost, everything reachable, light on the line.
"""

import random
import re
from collections.abc import Callable

import pytest
from playwright._impl._api_structures import SetCookieParam
from playwright.sync_api import Dialog, Page, Route, expect

from app.definitions import values
from tests.browser.conftest import Server

SignIn = Callable[[Page, str], Page]
Axe = Callable[[Page], None]
FIRST_PAGE_BYTES = 60_000
FIRST_PAGE_REQUESTS = 4
SAVE_BESIDE_THE_TEXT = 2_000
SLOWLY = """() => {
    const quick = window.fetch;
    window.fetch = (...all) => new Promise((go) => setTimeout(go, 700)).then(() => quick(...all));
}"""


@pytest.fixture
def overview(sign_in: SignIn, page: Page) -> Page:
    """The overview of a focal point who has not started."""
    return sign_in(page, "training")


def first_mechanism(page: Page) -> str:
    """The address of the first page about the first mechanism."""
    link = page.locator("main a[href*='/mechanisms/'][href$='/taking_part']").first
    return str(link.evaluate("link => link.href"))


def to_value_page(page: Page) -> None:
    """Say that the State takes part, and go on to why it values the mechanism."""
    page.goto(first_mechanism(page))
    page.get_by_label("Yes", exact=True).check()
    save_and_continue(page)
    save_and_continue(page)
    expect(page.locator("h1")).to_have_text("Why it is valued")


def save_and_continue(page: Page) -> None:
    page.locator(".actions").get_by_role("button", name="Save and continue").click()


def test_what_is_typed_is_saved_by_itself(overview: Page) -> None:
    to_value_page(overview)
    address = overview.url
    overview.locator("textarea[name='a.would_help']").fill("More time for questions")
    expect(overview.locator("#save-state")).to_have_text(re.compile(r"^Saved \d\d:\d\d$"))
    counted = overview.locator(".under").filter(has_text="4 of 1000 words")
    expect(counted).to_contain_text(re.compile(r"Saved \d\d:\d\d"))
    overview.goto(address)
    expect(overview.locator("textarea[name='a.would_help']")).to_have_value("More time for questions")


def test_typing_on_while_it_saves_never_conflicts_with_oneself(overview: Page) -> None:
    to_value_page(overview)
    field = overview.locator("textarea[name='a.would_help']")
    text = "One sentence after the other, with pauses as long as the script's own. "
    field.fill("")
    overview.evaluate(SLOWLY)
    for part in range(3):
        field.press_sequentially(text[part * 20 : part * 20 + 20], delay=15)
        overview.wait_for_timeout(1300)
    expect(overview.locator("#save-state")).to_have_text(re.compile(r"^Saved"), timeout=15_000)
    assert field.input_value() == text[:60]


def test_a_lost_line_keeps_the_text_says_so_and_tries_again(overview: Page) -> None:
    to_value_page(overview)
    overview.route("**/autosave", lambda route: route.abort())
    overview.locator("textarea[name='a.would_help']").fill("Kept while the line is down")
    expect(overview.locator("#save-state")).to_have_text("Not saved yet: 1 change kept in this page only")
    expect(overview.locator("textarea[name='a.would_help']")).to_have_value("Kept while the line is down")
    overview.unroute("**/autosave")
    overview.evaluate("dispatchEvent(new Event('online'))")
    expect(overview.locator("#save-state")).to_have_text(re.compile(r"^Saved"))


def test_leaving_with_something_unsaved_asks_first(overview: Page) -> None:
    to_value_page(overview)
    overview.route("**/autosave", lambda route: route.abort())
    overview.locator("textarea[name='a.would_help']").press_sequentially("Unsaved")
    expect(overview.locator("#save-state")).to_have_text(re.compile("^Not saved yet"))
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    overview.on("dialog", leave)
    overview.get_by_role("link", name="Rapporteur").click()
    overview.wait_for_load_state()
    assert asked == ["beforeunload"]


def test_a_reply_that_was_lost_is_no_conflict(overview: Page) -> None:
    to_value_page(overview)
    field = overview.locator("textarea[name='a.would_help']")

    def lose_the_reply(route: Route) -> None:
        route.fetch()
        route.abort()

    overview.route("**/autosave", lose_the_reply, times=1)
    field.fill("First")
    expect(overview.locator("#save-state")).to_have_text(re.compile("^Not saved yet"))
    field.press_sequentially(" and then some more")
    expect(overview.locator("#save-state")).to_have_text(re.compile("^Saved"), timeout=15_000)
    overview.reload()
    expect(field).to_have_value("First and then some more")


def test_two_windows_show_both_texts(overview: Page, context_of: Callable[[Page], Page]) -> None:
    to_value_page(overview)
    other = context_of(overview)
    other.locator("textarea[name='a.would_help']").fill("From the other window")
    expect(other.locator("#save-state")).to_have_text(re.compile("^Saved"))
    overview.locator("textarea[name='a.would_help']").fill("From this window")
    expect(overview.locator("#save-state")).to_contain_text("saved another text.")
    overview.get_by_role("button", name="See both").click()
    expect(overview.locator("h1")).to_have_text("Two texts for one answer")
    overview.get_by_role("button", name="Keep mine").click()
    expect(overview.locator("textarea[name='a.would_help']")).to_have_value("From this window")


@pytest.fixture
def context_of() -> Callable[[Page], Page]:
    """A second window of the same person on the same page."""

    def second(page: Page) -> Page:
        window = page.context.new_page()
        window.goto(page.url)
        return window

    return second


def test_an_ended_session_keeps_the_text_until_one_is_back(
    overview: Page,
) -> None:
    to_value_page(overview)
    signed_in = overview.context.cookies()
    overview.context.clear_cookies()
    overview.locator("textarea[name='a.would_help']").fill("Typed after the session ended")
    expect(overview.locator("#save-state")).to_contain_text("You were signed out.")
    expect(overview.locator("textarea[name='a.would_help']")).to_have_value("Typed after the session ended")
    overview.context.add_cookies([SetCookieParam(**cookie) for cookie in signed_in])  # type: ignore[typeddict-item]  # what the browser itself gave
    overview.evaluate("dispatchEvent(new Event('focus'))")
    expect(overview.locator("#save-state")).to_have_text(re.compile("^Saved"))


def test_questions_show_and_hide_at_once(overview: Page) -> None:
    overview.goto(first_mechanism(overview))
    reason = overview.locator("[data-question='inactive_reason']")
    expect(reason).to_be_hidden()
    overview.get_by_label("No", exact=True).check()
    expect(reason).to_be_visible()
    expect(reason.locator(".number")).to_have_text("2")
    overview.get_by_label("Yes", exact=True).check()
    expect(reason).to_be_hidden()


def test_own_words_are_asked_for_only_when_other_is_chosen(overview: Page) -> None:
    to_value_page(overview)
    words = overview.locator("input[name='a.reasons.other']")
    expect(words).to_be_hidden()
    overview.get_by_label("Other (specify)").check()
    expect(words).to_be_visible()
    words.fill("A friendly tone")
    overview.get_by_label("Other (specify)").uncheck()
    overview.get_by_label("Exchange of best practices").check()
    overview.locator(".actions").get_by_role("button", name="Save and leave").click()
    overview.go_back()
    expect(overview.get_by_label("Other (specify)")).not_to_be_checked()


def test_words_and_characters_are_counted_as_the_server_counts_them(overview: Page, server: Server) -> None:
    script = re.search(r'src="([^"]+)answering\.js"', overview.goto(first_mechanism(overview)).text() or "")  # type: ignore[union-attr]  # a page that was loaded
    assert script
    source = random.Random(7)
    alphabet = "ab \t\n\r\x0b\x1c\x85\u00a0\u2003\u2028\u3000\ufeff\u200b'-é𝄞\U0001f600\u0301\x00"
    texts = ["".join(source.choices(alphabet, k=source.randrange(40))) for _ in range(2000)]
    counted = overview.evaluate(
        """async ([address, texts]) => {
            const {words, characters} = await import(address);
            return texts.map((text) => [words(text), characters(text)]);
        }""",
        [script.group(1) + "conditions.js", texts],
    )
    for text, count in zip(texts, counted, strict=True):
        stored = values.normalise(text)
        assert count == [values.words(stored), len(stored)], repr(text)


def test_a_block_is_answered_without_javascript(plain_page: Page, sign_in: SignIn) -> None:
    sign_in(plain_page, "training")
    to_value_page(plain_page)
    plain_page.get_by_label("Exchange of best practices").check()
    plain_page.locator("textarea[name$='.value']").first.fill("its frankness")
    plain_page.get_by_role("button", name="Add another reason").click()
    plain_page.locator("textarea[name$='.value']").first.fill("its experts")
    plain_page.locator(".actions").get_by_role("button", name="Save and leave").click()
    plain_page.get_by_role("link", name="read or print what is there").click()
    expect(plain_page.locator("main")).to_contain_text("its frankness")
    expect(plain_page.locator("main")).to_contain_text("its experts")


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize(
    "path",
    [
        "",
        "/about/contact",
        "/quoting",
        "/check",
        "/print",
        "/forms",
        "/mechanisms/add",
        "BLOCK",
        "CHANGES",
        "ERRORS",
    ],
)
def test_axe_finds_nothing_and_nothing_is_cut_off(overview: Page, axe: Axe, path: str, width: int) -> None:
    overview.set_viewport_size({"width": width, "height": 800})
    home, block = overview.url, first_mechanism(overview)
    if path in ("CHANGES", "ERRORS"):
        overview.goto(block)
        overview.get_by_label("Yes", exact=True).check()
        save_and_continue(overview)
    elif path == "BLOCK":
        overview.goto(block)
    else:
        overview.goto(home + path)
    if path == "ERRORS":
        if not overview.locator("input[name$='.year']").count():
            overview.get_by_role("button", name="Add another effect").click()
        overview.locator("input[name$='.year']").fill("abc")
        save_and_continue(overview)
        expect(overview.locator(".error-summary")).to_be_focused()
    for summary in overview.locator("summary:visible").all()[:12]:
        summary.click()
    axe(overview)
    assert overview.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_first_question_page_is_light(overview: Page) -> None:
    """Cold cache, over the wire, as a focal point's first page."""
    address = first_mechanism(overview)
    overview.goto(address)
    overview.get_by_label("Yes", exact=True).check()
    save_and_continue(overview)
    overview.wait_for_url(lambda url: url.split("?")[0] != address)
    overview.wait_for_load_state("networkidle")
    address = overview.url
    client = overview.context.new_cdp_session(overview)
    client.send("Network.enable")
    client.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sizes: list[int] = []
    client.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    overview.goto(address, wait_until="networkidle")
    assert sum(sizes) <= FIRST_PAGE_BYTES
    assert len(sizes) <= FIRST_PAGE_REQUESTS


def test_saving_by_itself_costs_little_more_than_the_text(overview: Page) -> None:
    """Request and reply, with their heads, as they cross the wire."""
    to_value_page(overview)
    text = "More time for questions – and for the answers. " * 40
    with overview.expect_request_finished(lambda one: one.url.endswith("/autosave")) as finished:
        overview.locator("textarea[name='a.would_help']").fill(text)
    sizes = finished.value.sizes()
    assert sizes["requestBodySize"] > len(text.encode())
    sent = sizes["requestHeadersSize"] + sizes["requestBodySize"]
    received = sizes["responseHeadersSize"] + sizes["responseBodySize"]
    assert sent + received <= len(text.encode()) + SAVE_BESIDE_THE_TEXT, sizes


def test_the_keyboard_reaches_everything_in_the_order_of_the_page(overview: Page) -> None:
    overview.goto(first_mechanism(overview))
    overview.get_by_label("Yes", exact=True).focus()
    overview.keyboard.press("Space")
    order: list[str] = []
    for _press in range(6):
        overview.keyboard.press("Tab")
        order.append(
            str(overview.evaluate("document.activeElement.innerText || document.activeElement.name"))
        )
    assert order.index("Save and continue") < order.index("Save and leave") < order.index("Back one page")


def test_enter_in_a_field_saves_and_goes_on(overview: Page) -> None:
    overview.goto(f"{overview.url}/about/contact")
    field = overview.locator("input[name='a.contact_role']")
    field.fill("Head of unit")
    field.press("Enter")
    expect(overview.locator("h1")).to_have_text("Taking part")
