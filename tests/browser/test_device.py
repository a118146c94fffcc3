"""Nothing typed is lost in Chromium: closed tabs, dropped lines, closed rounds, shared or full devices."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import select, update

from app import clock
from app.database import Database
from app.models import Round
from app.policy import SYSTEM
from app.services import rounds, running
from tests.browser.writing import (
    BOX,
    IN_PAGE,
    ON_DEVICE,
    SAVED,
    Axe,
    SignIn,
    close,
    closing,
    cut_the_line,
    kept,
    mend_the_line,
    open_value_page,
    state,
    stored,
    type_on_a_device_of_mine,
    wait_until,
)


def test_whose_device_it_is_is_asked_once_at_the_first_edit(writing: Page, axe: Axe) -> None:
    box = writing.get_by_role("group", name="Whose device is this?")
    expect(box).to_have_count(0)
    writing.locator(BOX).press_sequentially("A")
    expect(box).to_have_attribute("aria-live", "polite")
    expect(writing.locator(BOX)).to_be_focused()
    axe(writing)
    for _press in range(12):
        writing.keyboard.press("Tab")
        if writing.evaluate("document.activeElement.value") == "mine":
            break
    writing.keyboard.press("Enter")
    expect(box).to_have_count(0)
    expect(writing.locator(BOX)).to_be_focused()
    expect(writing.locator("#device-said")).to_contain_text("What is not saved yet is kept on this device.")
    state(writing, SAVED)
    assert kept(writing) == 0
    writing.reload()
    writing.locator(BOX).press_sequentially("B")
    state(writing, SAVED)
    expect(box).to_have_count(0)


def test_saved_is_not_said_of_a_letter_that_is_on_its_way(writing: Page) -> None:
    type_on_a_device_of_mine(writing, "One")
    state(writing, SAVED)
    writing.locator(BOX).press_sequentially("!")
    assert writing.locator("#save-state").inner_text() == "Saving…"
    state(writing, SAVED)


def test_a_closed_tab_loses_nothing_on_a_device_of_one_s_own(writing: Page) -> None:
    address = writing.url
    cut_the_line(writing.context)
    type_on_a_device_of_mine(writing, "Typed before the tab was closed")
    state(writing, ON_DEVICE)
    context = close(writing)
    mend_the_line(context)
    again = context.new_page()
    again.goto(address)
    expect(again.locator(BOX)).to_have_value("Typed before the tab was closed")
    state(again, SAVED)
    assert kept(again) == 0
    assert stored(again, address) == "Typed before the tab was closed"


def test_the_overview_sends_what_was_left_on_a_page(writing: Page) -> None:
    address, home = writing.url, writing.url.split("/mechanisms/")[0]
    cut_the_line(writing.context)
    type_on_a_device_of_mine(writing, "Sent by the overview")
    context = close(writing)
    again = context.new_page()
    again.goto(home)
    state(again, ON_DEVICE)
    mend_the_line(context)
    again.evaluate("dispatchEvent(new Event('online'))")
    state(again, SAVED)
    expect(again.get_by_role("link", name="Show this page anew")).to_be_visible()
    assert kept(again) == 0
    assert stored(again, address) == "Sent by the overview"


def test_a_new_entry_of_a_list_is_sent_once_though_its_page_knows_it_no_more(writing: Page) -> None:
    writing.goto(writing.url.replace("/value", "/changes"))
    if not writing.locator("textarea[name$='.example']").count():
        writing.get_by_role("button", name=re.compile("^Add another")).first.click()
    address = writing.url
    cut_the_line(writing.context)
    writing.locator("textarea[name$='.example']").last.fill("a law on seasonal work")
    writing.get_by_role("button", name="This device is mine").click()
    context = close(writing)
    mend_the_line(context)
    again = context.new_page()
    again.goto(address.split("?")[0])
    again.get_by_role("link", name="Show this page anew").click()
    expect(again.locator(".record", has_text="a law on seasonal work")).to_have_count(1)
    assert kept(again) == 0


def test_a_shared_device_keeps_nothing(writing: Page) -> None:
    address = writing.url
    before = stored(writing, address)
    cut_the_line(writing.context)
    writing.locator(BOX).fill("Not for the next at this desk")
    writing.get_by_role("button", name="It is shared").click()
    state(writing, IN_PAGE)
    assert kept(writing) == 0
    assert closing(writing) == ["beforeunload"]
    again = writing.context.new_page()
    mend_the_line(again.context)
    again.goto(address)
    expect(again.locator(BOX)).to_have_value(before)
    again.locator(BOX).fill("The same session is not asked again")
    state(again, SAVED)
    expect(again.locator("#device-box")).to_have_count(0)


def test_a_dropped_line_is_said_and_mended_by_itself(writing: Page) -> None:
    writing.context.set_offline(True)
    type_on_a_device_of_mine(writing, "Typed in a train")
    state(writing, ON_DEVICE)
    with writing.expect_event("requestfailed"):
        writing.locator(".actions").get_by_role("button", name="Save and continue").click()
    state(writing, ON_DEVICE)
    expect(writing.locator("h1")).to_have_text("Why it is valued")
    writing.context.set_offline(False)
    state(writing, SAVED)
    assert kept(writing) == 0


def test_a_lost_reply_a_closed_tab_and_newer_words_are_no_conflict(writing: Page) -> None:
    address = writing.url

    def lose_the_reply(route: Route) -> None:
        route.fetch()
        route.abort()

    writing.route("**/autosave", lose_the_reply)
    type_on_a_device_of_mine(writing, "First")
    state(writing, ON_DEVICE)
    writing.locator(BOX).press_sequentially(" and then some more")
    context = close(writing)
    again = context.new_page()
    again.goto(address)
    state(again, SAVED)
    expect(again.locator(BOX)).to_have_value("First and then some more")
    assert stored(again, address) == "First and then some more"


def test_a_hundred_thousand_characters_wait_on_the_device(writing: Page) -> None:
    address, text = writing.url, "Words of a long night. " * 4347
    cut_the_line(writing.context)
    type_on_a_device_of_mine(writing, text[:99_999])
    context = close(writing)
    mend_the_line(context)
    again = context.new_page()
    again.goto(address)
    state(again, SAVED)
    assert stored(again, address) == text[:99_999]


def test_what_a_closed_window_left_is_sent_by_the_one_that_stays(writing: Page) -> None:
    address = writing.url
    other = writing.context.new_page()
    writing.route("**/autosave", lambda route: route.abort())
    type_on_a_device_of_mine(writing, "From the window that was closed")
    other.goto(address.split("/mechanisms/")[0])
    assert kept(other) == 1
    close(writing)
    state(other, SAVED)
    assert stored(other, address) == "From the window that was closed"


def test_a_conflict_found_after_replay_is_shown_and_both_texts_are_kept(
    writing: Page, browser: Browser, sign_in: SignIn
) -> None:
    address = writing.url
    cut_the_line(writing.context)
    type_on_a_device_of_mine(writing, "Mine, from the device")
    context = close(writing)
    elsewhere = sign_in(browser.new_context().new_page(), "training")
    elsewhere.goto(address)
    elsewhere.locator(BOX).fill("Theirs, saved meanwhile")
    state(elsewhere, SAVED)
    elsewhere.context.close()
    mend_the_line(context)
    again = context.new_page()
    again.goto(address.split("/mechanisms/")[0])
    expect(again.locator("#unsent")).to_contain_text("saved another text.")
    expect(again.locator("#unsent")).to_contain_text("Mine, from the device")
    again.get_by_role("link", name="Go to the question").click()
    expect(again.locator(BOX)).to_have_value("Mine, from the device")
    expect(again.locator("#save-state")).to_contain_text("saved another text.")
    assert kept(again) == 1
    again.get_by_role("button", name="See both").click()
    expect(again.locator("main")).to_contain_text("Theirs, saved meanwhile")
    assert kept(again) == 1
    again.get_by_role("button", name="Keep the other").click()
    expect(again.locator(BOX)).to_have_value("Theirs, saved meanwhile")
    again.reload()
    expect(again.locator(BOX)).to_have_value("Theirs, saved meanwhile")
    assert kept(again) == 0


def test_going_back_without_mine_lets_go_of_it(writing: Page, browser: Browser, sign_in: SignIn) -> None:
    elsewhere = sign_in(browser.new_context().new_page(), "training")
    elsewhere.goto(writing.url)
    elsewhere.locator(BOX).fill("The other text stays")
    state(elsewhere, SAVED)
    elsewhere.context.close()
    type_on_a_device_of_mine(writing, "Mine is dropped")
    writing.get_by_role("button", name="See both").click()
    writing.get_by_role("link", name="Go back without mine").click()
    expect(writing.locator(BOX)).to_have_value("The other text stays")
    assert kept(writing) == 0


def test_submission_clears_what_was_kept_for_that_response(page: Page, sign_in: SignIn) -> None:
    overview = sign_in(page, "georgia")
    expect(overview.locator("#unsent")).to_be_attached()
    person, home = overview.evaluate("document.body.dataset.person"), overview.url
    path = "/responses/" + home.rsplit("/", 1)[1]
    for response in (path, "/responses/another"):
        overview.evaluate(
            'key => localStorage.setItem(key, \'{"order": 1, "values": {}}\')',
            f"unsaved {person} {response}/autosave t p n",
        )
    overview.goto(f"{home}/submitted")
    expect(overview.locator("h1")).to_contain_text("submitted")
    wait_until(overview, lambda: kept(overview) == 1)


def training(database: Database) -> Round:
    with database.read() as session:
        return session.scalars(select(Round).where(Round.code == "training")).one()


@pytest.fixture
def round_restored(beside: Database) -> Iterator[None]:
    """Whatever the test does to the round, it is open afterwards."""
    planned = training(beside)
    yield
    with beside.begin() as session:
        session.execute(
            update(Round)
            .where(Round.id == planned.id)
            .values(closes_at=planned.closes_at, closed_at=planned.closed_at, cut_off_at=None)
        )


@pytest.mark.usefixtures("round_restored")
def test_the_deadline_passes_while_somebody_types(writing: Page, beside: Database) -> None:
    type_on_a_device_of_mine(writing, "Begun before")
    with beside.begin() as session:
        session.execute(
            update(Round).where(Round.code == "training").values(closes_at=clock.now() - timedelta(hours=1))
        )
    writing.locator(BOX).press_sequentially(" and ended after the deadline")
    state(writing, SAVED)
    assert stored(writing, writing.url) == "Begun before and ended after the deadline"


@pytest.mark.usefixtures("round_restored")
def test_the_round_is_closed_while_somebody_types(writing: Page, beside: Database, axe: Axe) -> None:
    type_on_a_device_of_mine(writing, "In time")
    state(writing, SAVED)
    with beside.begin() as session:
        round_ = session.get_one(Round, training(beside).id)
        rounds.close(session, round_, SYSTEM)
        running.cut_off(session, round_, SYSTEM, now=clock.now())
    writing.locator(BOX).fill("A moment too late")
    why = "Not sent: The round takes no more answers, so these cannot be changed now."
    state(writing, f"{why} {ON_DEVICE}")
    expect(writing.locator(BOX)).to_have_value("A moment too late")
    writing.reload()
    expect(writing.locator("h1")).to_contain_text("Answers of")
    left = writing.locator("#unsent")
    expect(left).to_contain_text("A moment too late")
    expect(left).to_contain_text(why)
    axe(writing)
    writing.get_by_role("button", name="Remove it from this device").click()
    expect(left).to_be_hidden()
    assert kept(writing) == 0


def test_a_full_device_says_so(writing: Page) -> None:
    writing.evaluate(
        """() => {
            const put = Storage.prototype.setItem;
            Storage.prototype.setItem = function (key, value) {
                if (key.startsWith("unsaved ")) throw new DOMException("full", "QuotaExceededError");
                put.call(this, key, value);
            };
        }"""
    )
    cut_the_line(writing.context)
    type_on_a_device_of_mine(writing, "There is no room for this")
    state(writing, "Not saved yet: 1 change that this device could not keep. Leave the page open")
    mend_the_line(writing.context)
    writing.evaluate("dispatchEvent(new Event('online'))")
    state(writing, SAVED)


def test_a_browser_without_storage_asks_nothing_and_says_so(page: Page, sign_in: SignIn) -> None:
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('off'); } })"
    )
    writing = open_value_page(sign_in(page, "training"))
    cut_the_line(writing.context)
    writing.locator(BOX).fill("Kept by nobody else")
    state(writing, "Not saved yet: 1 change that this device could not keep. Leave the page open")
    expect(writing.locator("#device-box")).to_have_count(0)
    mend_the_line(writing.context)
    writing.evaluate("dispatchEvent(new Event('online'))")
    state(writing, SAVED)
