"""Two windows in different paragraphs of one text: both changes are in, and nobody's typing is taken away."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_answering import SLOWLY, to_value_page

SignIn = Callable[[Page, str], Page]
Axe = Callable[[Page], None]
BOX = "textarea[name='a.would_help']"
BASE = "First paragraph.\n\nSecond paragraph.\n\nThird paragraph."
THEIRS = BASE.replace("Third", "Their third")
TOGETHER = re.compile("changed another paragraph in another window; both are in the text now")


@pytest.fixture
def windows(sign_in: SignIn, page: Page) -> tuple[Page, Page]:
    """Two windows on the same page, in whose box stands the same text."""
    to_value_page(sign_in(page, "training"))
    page.locator(BOX).fill("")
    page.locator(BOX).fill(BASE)
    expect(page.locator("#save-state")).to_have_text(re.compile("^Saved"))
    page.reload()
    other = page.context.new_page()
    other.goto(page.url)
    return page, other


def test_the_box_takes_both_changes_and_the_caret_stays_where_one_writes(
    windows: tuple[Page, Page], axe: Axe
) -> None:
    mine, other = windows
    other.locator(BOX).fill(THEIRS)
    expect(other.locator("#save-state")).to_have_text(re.compile("^Saved"))
    mine.locator(BOX).evaluate("box => { box.focus(); box.setSelectionRange(5, 5); }")
    mine.keyboard.type(", mine,")
    expect(mine.locator("#save-state")).to_contain_text(TOGETHER)
    expect(mine.locator(BOX)).to_have_value(THEIRS.replace("First", "First, mine,"))
    assert mine.locator(BOX).evaluate("box => box.selectionStart") == len("First, mine,")
    expect(mine.locator("[data-line=saved]").last).to_contain_text(TOGETHER)
    axe(mine)
    mine.keyboard.type(" again")
    expect(mine.locator("#save-state")).to_have_text(re.compile(r"^Saved \d\d:\d\d$"))
    mine.reload()
    expect(mine.locator(BOX)).to_have_value(THEIRS.replace("First", "First, mine, again"))


def test_what_is_typed_while_the_merge_is_under_way_stays_and_is_merged_in_its_turn(
    windows: tuple[Page, Page],
) -> None:
    mine, other = windows
    other.locator(BOX).fill(THEIRS)
    expect(other.locator("#save-state")).to_have_text(re.compile("^Saved"))
    mine.evaluate(SLOWLY)
    box = mine.locator(BOX)
    box.evaluate("box => { box.focus(); box.setSelectionRange(5, 5); }")
    mine.keyboard.type(", mine")
    expect(mine.locator("#save-state")).to_have_text("Saving…")
    mine.keyboard.type(", and on")
    expect(box).to_have_value(THEIRS.replace("First", "First, mine, and on"), timeout=15_000)
    expect(mine.locator("#save-state")).to_have_text(re.compile("^Saved"), timeout=15_000)
    mine.reload()
    expect(box).to_have_value(THEIRS.replace("First", "First, mine, and on"))
