"""Sessions in a real browser: ended, announced, taken up again in the page, or by somebody else."""

import re
from datetime import timedelta

from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from app import clock
from app.database import Database
from app.models import LoginSession
from tests.browser.conftest import Server
from tests.browser.writing import (
    BOX,
    ON_DEVICE,
    SAVED,
    Axe,
    SignIn,
    agreeing,
    close,
    cut_the_line,
    kept,
    mend_the_line,
    open_value_page,
    state,
    stored,
    type_on_a_device_of_mine,
    wait_until,
)


def end_the_session(database: Database) -> None:
    with database.begin() as session:
        session.execute(update(LoginSession).values(last_seen_at=clock.now() - timedelta(days=1)))


def link_in_the_newest_letter(server: Server, before: set[str]) -> str:
    folder = server.folder / "mail"
    server.deliver()
    letters = [path.read_text() for path in folder.glob("*.eml") if path.name not in before]
    (link,) = [
        found.group()
        for letter in letters
        if (found := re.search(r"http://127\.0\.0\.1:\d+/sign-in/\S+", letter))
    ]
    return link


def test_signing_in_again_happens_in_the_page(
    writing: Page, server: Server, beside: Database, axe: Axe
) -> None:
    type_on_a_device_of_mine(writing, "Before the session ended")
    state(writing, SAVED)
    end_the_session(beside)
    writing.locator(BOX).fill("After the session ended")
    expect(writing.locator("#save-state")).to_have_text(f"You were signed out. {ON_DEVICE}")
    before = {path.name for path in (server.folder / "mail").glob("*.eml")}
    writing.get_by_role("button", name="Sign in again").click()
    expect(writing.get_by_label("Official e-mail address")).to_have_value("ilsa.vareno@hesteria.example")
    expect(writing.get_by_label("Official e-mail address")).to_be_focused()
    axe(writing)
    writing.keyboard.press("Enter")
    expect(writing.locator(".session-end")).to_contain_text("a link is on its way")
    second = writing.context.new_page()
    second.goto(link_in_the_newest_letter(server, before))
    second.get_by_role("button", name="Sign in").click()
    second.close()
    state(writing, SAVED)
    expect(writing.locator(".session-end")).to_have_count(0)
    assert stored(writing, writing.url) == "After the session ended"


def test_somebody_else_who_signs_in_sends_and_sees_nothing_of_mine(
    writing: Page, beside: Database, sign_in: SignIn
) -> None:
    address = writing.url
    cut_the_line(writing.context)
    type_on_a_device_of_mine(writing, "Hesteria's own thoughts")
    end_the_session(beside)
    mend_the_line(writing.context)
    writing.evaluate("dispatchEvent(new Event('online'))")
    expect(writing.get_by_role("button", name="Sign in again")).to_be_visible()
    sent: list[str] = []
    writing.context.on(
        "request", lambda request: sent.append(request.post_data or "") if "autosave" in request.url else None
    )
    other = sign_in(writing.context.new_page(), "georgia")
    writing.evaluate("dispatchEvent(new Event('focus'))")
    expect(writing.locator(".session-end")).to_contain_text(
        "is signed in now. What you typed stays on this page, unsaved."
    )
    expect(writing.locator(BOX)).to_have_value("Hesteria's own thoughts")
    other.reload()
    expect(other.locator("#unsent")).to_be_hidden()
    assert "own thoughts" not in other.content()
    assert not any("own thoughts" in body for body in sent)
    close(writing)
    back = sign_in(other, "training")
    wait_until(back, lambda: kept(back) == 0)
    assert stored(back, address) == "Hesteria's own thoughts"


def test_signing_out_clears_what_was_kept_for_that_person_only(writing: Page) -> None:
    writing.evaluate("localStorage.setItem('unsaved somebody-else /x/autosave t p n', '{\"order\": 1}')")
    cut_the_line(writing.context)
    type_on_a_device_of_mine(writing, "Gone with me")
    state(writing, ON_DEVICE)
    assert kept(writing) == 2
    asked = agreeing(writing)
    writing.get_by_role("button", name="Sign out").click()
    expect(writing.locator("h1")).to_have_text("You are signed out")
    assert asked == ["beforeunload"]
    wait_until(writing, lambda: kept(writing) == 1)
    assert "somebody-else" in writing.evaluate("Object.keys(localStorage).join()")


def test_a_server_that_was_replaced_is_gone_on_with(writing: Page, server: Server) -> None:
    type_on_a_device_of_mine(writing, "Before the update")
    state(writing, SAVED)
    server.stop()
    writing.locator(BOX).fill("Typed during the update")
    state(writing, ON_DEVICE)
    server.start()
    writing.evaluate("dispatchEvent(new Event('online'))")
    state(writing, SAVED)
    assert stored(writing, writing.url) == "Typed during the update"


def test_a_server_with_another_key_wants_one_to_sign_in_and_then_takes_everything(
    writing: Page, server: Server, sign_in: SignIn
) -> None:
    type_on_a_device_of_mine(writing, "Under the old key")
    state(writing, SAVED)
    server.stop()
    (server.folder / "secret-key").unlink()
    server.start()
    writing.locator(BOX).fill("Under the new key")
    expect(writing.get_by_role("button", name="Sign in again")).to_be_visible()
    sign_in(writing.context.new_page(), "training").close()
    writing.evaluate("dispatchEvent(new Event('focus'))")
    state(writing, SAVED)
    assert stored(writing, writing.url) == "Under the new key"


def test_a_page_from_before_a_new_sign_in_gets_its_token_by_itself(writing: Page, sign_in: SignIn) -> None:
    second = writing.context.new_page()
    second.goto(writing.url)
    second.get_by_role("button", name="Sign out").click()
    sign_in(second, "training")
    writing.locator(BOX).fill("With a token of the session before")
    state(writing, SAVED)
    expect(writing.locator(".session-end")).to_have_count(0)


def test_the_end_of_a_session_is_announced_and_put_off_with_one_button(
    page: Page, sign_in: SignIn, beside: Database, axe: Axe
) -> None:
    page.clock.install()
    writing = open_value_page(sign_in(page, "training"))
    nearly = clock.now() - timedelta(hours=12) + timedelta(seconds=100)
    with beside.begin() as session:
        session.execute(update(LoginSession).values(last_seen_at=nearly))
    writing.clock.fast_forward("11:58:30")
    alert = writing.get_by_role("alert")
    expect(alert).to_have_text(
        "You will be signed out in two minutes, because nothing has happened here for long."
    )
    axe(writing)
    writing.get_by_role("button", name="Stay signed in").click()
    expect(alert).to_have_count(0)
    with beside.read() as session:
        newest = session.scalars(
            select(LoginSession.last_seen_at).order_by(LoginSession.last_seen_at.desc())
        ).first()
    assert newest is not None
    assert newest > nearly + timedelta(hours=11)


def test_an_end_that_another_window_put_off_is_not_announced(page: Page, sign_in: SignIn) -> None:
    page.clock.install()
    writing = open_value_page(sign_in(page, "training"))
    with writing.expect_response("**/session") as asked:
        writing.clock.fast_forward("11:58:30")
    assert asked.value.json()["seconds"] > 11 * 3600
    expect(writing.locator(".session-end")).to_have_count(0)
