"""The plan of reminders as staff see and change it, reminders by hand, and wanting none."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock, signing
from app.database import Database
from app.models import AuditEvent, ReminderOptOut, ReminderRule, Round
from app.policy import SYSTEM
from app.services import rounds
from tests.browsing import Page, Visitor
from tests.journeys import asking
from tests.journeys.conftest import SignIn
from tests.journeys.responding import response_of

PLAN = "/rounds/2026/reminders"


@pytest.fixture(autouse=True)
def round_open(database: Database) -> None:
    """Three States, a mechanism and an organisation have thirty days left."""
    asking.settle(database)
    with database.begin() as session:
        session.scalars(select(Round)).one().closes_at = clock.now() + timedelta(days=30)


@pytest.fixture
def mail(tmp_path: Path) -> Path:
    return tmp_path / "mail"


@pytest.fixture
def staff(sign_in: SignIn) -> Visitor:
    return sign_in("coordinator@example.org")


def add_rule(staff: Visitor, status: int = 200, **fields: str) -> None:
    staff.open(f"{PLAN}/rule")
    given = {"days": "7", "anchor": "deadline before", "hour": "9", "purpose": "reminder", **fields}
    staff.press("Add this rule", given, status=status)


def test_a_plan_is_made_changed_and_ended(staff: Visitor, database: Database) -> None:
    assert "The round has no plan" in staff.open(PLAN).text
    add_rule(staff)
    assert "7 business days before the deadline" in staff.page.text
    assert "Would get it" in staff.page.text
    staff.follow("Change: 7 business days before the deadline")
    staff.press("Change this rule", {"days": "3", "standing": ["invited", "opened"], "audience": "state"})
    assert "3 business days before the deadline" in staff.page.text
    assert "not opened, opened" in staff.page.text
    staff.press("End: 3 business days before the deadline")
    assert "The round has no plan" in staff.page.text
    with database.read() as session:
        kept = session.scalars(select(ReminderRule)).all()
        assert len(kept) == 2
        assert all(each.ended_at for each in kept)


def test_everything_wrong_with_a_rule_is_said_at_once(staff: Visitor) -> None:
    add_rule(staff, 422, days="soon", hour="25")
    assert "Give a number of days of at most 365" in staff.page.text
    assert "Give an hour from 0 to 23" in staff.page.text
    assert 'value="soon"' in staff.page.html
    add_rule(staff, 422, days="-4")
    staff.open(f"{PLAN}/rules/{'0' * 8}-0000-0000-0000-000000000000", status=404)


def test_the_plan_pauses_with_a_name_and_is_taken_up_again(staff: Visitor) -> None:
    add_rule(staff)
    staff.press("Pause the plan")
    assert "by coordinator. What falls into the pause is left out." in staff.page.text
    staff.press("Take the plan up again")
    assert "The plan is paused" not in staff.page.text
    assert "Paused by coordinator" in staff.page.text
    assert "taken up by coordinator" in staff.page.text


def test_reminders_by_hand_go_to_those_chosen_with_a_note_and_once(
    app: Flask, staff: Visitor, database: Database, mail: Path
) -> None:
    asking.submit(database)
    asking.deliver(app, mail)
    chosen = [str(response_of(database, code)) for code in ("ARC", "SYL", "BOR")]
    staff.open(f"{PLAN}/by-hand?" + "&".join(f"response={each}" for each in chosen))
    assert "Borduria: has finished" in staff.page.text
    assert "than the rule says" not in staff.page.text, "no rule is asked here"
    assert (
        len([each for each in staff.page.all("input", name="response") if each.get("checked") is not None])
        == 2
    )
    note = "We spoke on the telephone: {link} %s"
    first = staff.values(staff.page.form_of(staff.page.button("Send the reminder")))
    staff.press("Send the reminder", {"note": note})
    staff.client.post(f"{PLAN}/by-hand", data={**first.to_dict(flat=False), "note": note})
    letters = asking.deliver(app, mail)
    assert asking.to(letters) == ["focal-arc", "focal-syl"]
    assert note in letters[0].get_content()
    assert "coordinator" in staff.open(PLAN).text


def test_a_list_that_sends_only_whom_it_chose_gets_the_page_that_asks(
    app: Flask, staff: Visitor, database: Database, mail: Path
) -> None:
    staff.open(PLAN)
    token = staff.page.all("input", name="csrf_token")[0].get("value")
    chosen = str(response_of(database, "SYL"))
    answer = staff.client.post(f"{PLAN}/by-hand", data={"csrf_token": token, "response": chosen})
    page = Page(answer.text)
    checked = [
        each.get("value") for each in page.all("input", name="response") if each.get("checked") is not None
    ]
    assert checked == [chosen]
    assert asking.deliver(app, mail) == []


def test_nobody_chosen_is_said_and_the_note_is_kept(staff: Visitor) -> None:
    staff.open(f"{PLAN}/by-hand")
    staff.press("Send the reminder", {"note": "Kept words"}, status=422)
    assert "None of those chosen can be reminded" in staff.page.text
    assert "Kept words" in staff.page.html


def test_who_wants_no_reminders_says_so_by_a_button_and_still_gets_the_rest(
    app: Flask, staff: Visitor, database: Database, mail: Path, visitor: Visitor
) -> None:
    link = reminded(app, staff, database, mail)
    visitor.open(link)
    assert opted(database) == 0, "a look changes nothing"
    visitor.press("Send me no more reminders")
    assert "You get no more reminders" in visitor.page.text
    visitor.client.post(link, data={"List-Unsubscribe": "One-Click"})
    assert opted(database) == 1
    staff.open(f"{PLAN}/by-hand")
    assert "Arcadia: wants no reminders" in staff.page.text
    assert "focal-arc" in staff.open(PLAN).text
    assert "Wants no reminders" in staff.open("/rounds/2026/invitations").text
    staff.press("Invite Arcadia")
    assert asking.to(asking.deliver(app, mail)) == ["focal-arc"]
    visitor.open(link)
    visitor.press("Send me reminders again")
    assert opted(database) == 0
    with database.read() as session:
        acts = set(session.scalars(select(AuditEvent.act)))
    assert {"opted_out_of_reminders", "wants_reminders_again"} <= acts


def reminded(app: Flask, staff: Visitor, database: Database, mail: Path) -> str:
    """Remind Arcadia, and hand back the path of the page on which it can want no more."""
    staff.open(f"{PLAN}/by-hand?response={response_of(database, 'ARC')}")
    staff.press("Send the reminder")
    (letter,) = asking.deliver(app, mail)
    found = re.search(r"/no-reminders/\S+", letter.get_content())
    assert found is not None
    assert letter["List-Unsubscribe"] == f"<http://127.0.0.1:8000{found.group()}>"
    return found.group()


def opted(database: Database) -> int:
    with database.read() as session:
        return len(session.scalars(select(ReminderOptOut).where(ReminderOptOut.ended_at.is_(None))).all())


def test_one_click_of_a_mail_programme_needs_no_cookie(
    app: Flask, staff: Visitor, database: Database, mail: Path
) -> None:
    link = reminded(app, staff, database, mail)
    answer = app.test_client().post(link, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 303
    assert opted(database) == 1


@pytest.mark.parametrize("purpose", ["another purpose", signing.NO_REMINDERS])
def test_a_token_made_for_something_else_opens_nothing(visitor: Visitor, purpose: str) -> None:
    made = signing.sign(purpose, ("00000000-0000-0000-0000-000000000000",) * 2)
    visitor.open(f"/no-reminders/{made}", status=404)
    visitor.open(f"/no-reminders/{made[:-2]}", status=404)


def test_a_closed_round_is_told_of_once(app: Flask, staff: Visitor, database: Database, mail: Path) -> None:
    asking.submit(database)
    asking.deliver(app, mail)
    with database.begin() as session:
        rounds.close(session, session.scalars(select(Round)).one(), SYSTEM)
    staff.open(PLAN)
    for _twice in range(2):
        staff.press("Tell them that it is closed")
    letters = asking.deliver(app, mail)
    assert asking.to(letters) == ["focal-alpha", "focal-arc", "focal-iox", "focal-syl"]
    assert letters[0]["Subject"] == "Closed: Assessment of mechanisms, 2026"


def test_respondents_and_viewers_see_nothing_of_it(sign_in: SignIn) -> None:
    for person in ("viewer", "focal-bor"):
        sign_in(f"{person}@example.org").open(PLAN, status=404)
    analyst = sign_in("analyst@example.org")
    assert "Add a rule" not in analyst.open(PLAN).text
    analyst.open(f"{PLAN}/by-hand", status=404)
