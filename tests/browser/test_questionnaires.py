"""Previewing and moving in a real browser: questions show at once, an open page learns that it is old."""

import copy
import re
from collections.abc import Callable

from playwright.sync_api import Page, expect
from sqlalchemy import select

from app import clock
from app.database import Database
from app.definitions.schema import from_stored
from app.models import QuestionnaireVersion, Round
from app.policy import SYSTEM
from app.services import publishing, upgrading
from tests.browser.conftest import Server

SignIn = Callable[[Page, str], Page]
Axe = Callable[[Page], None]


def test_a_preview_shows_and_hides_at_once_and_sends_nothing_by_itself(
    server: Server, sign_in: SignIn, page: Page, axe: Axe
) -> None:
    staff = sign_in(page, "analyst")
    staff.goto(f"{server.url}/questionnaires")
    axe(staff)
    staff.get_by_role("link", name="Preview").first.click()
    axe(staff)
    sent: list[str] = []
    staff.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    staff.locator("summary", has_text="pages").click()
    staff.get_by_role("button", name="Taking part").first.click()
    hidden = staff.locator(".question[data-question='not_active_why'], .question[data-when]").first
    expect(hidden).to_be_hidden()
    before = len(sent)
    staff.get_by_label("No", exact=True).check()
    expect(hidden).to_be_visible()
    assert len(sent) == before, "nothing is sent until a button is pressed"


def test_an_open_page_saves_what_is_typed_after_the_round_moved_and_is_told(
    writing: Page, beside: Database
) -> None:
    with beside.begin() as session:
        round_ = session.scalars(select(Round).where(Round.closed_at.is_(None))).first()
        old = session.scalars(
            select(QuestionnaireVersion).where(QuestionnaireVersion.questionnaire_key == "state")
        ).one()
        data = copy.deepcopy(old.definition)
        data["version"] = old.number + 1
        for section in data["sections"]:
            for each in section["pages"]:
                kept = [question for question in each["questions"] if question["key"] != "would_help"]
                each["questions"] = kept or each["questions"]
        row = publishing.publish_version(session, from_stored(data), SYSTEM)
        assert round_ is not None
        session.flush()
        upgrading.move(session, round_, row, None, SYSTEM, clock.now())
    writing.locator("textarea[name='a.would_help']").fill("Typed on the older page")
    expect(writing.locator("#moved")).to_contain_text("The questionnaire has changed", timeout=15_000)
    expect(writing.locator("#save-state")).to_have_text(re.compile(r"^Saved \d\d:\d\d"))
    writing.goto(re.sub(r"/mechanisms/.*", "", writing.url))
    writing.locator("#left-behind summary").click()
    writing.locator("#left-behind a").first.click()
    expect(writing.locator("main")).to_contain_text("Typed on the older page")
