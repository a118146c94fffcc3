"""What a page asks about its session: when it ends, whose it is, to stay; and what a device may let go of."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from app import clock
from app.database import Database
from app.models import LoginSession
from tests.browsing import Visitor
from tests.journeys.conftest import SignIn
from tests.journeys.responding import block_of, response_of

FOCAL = "focal-arc@example.org"
HALF_A_DAY = 12 * 3600


@pytest.fixture
def database(round_open: Database) -> Database:
    """Takes the place of the empty database."""
    return round_open


def last_seen(database: Database) -> datetime:
    with database.read() as session:
        return session.scalars(select(LoginSession.last_seen_at)).one()


def seen_ago(database: Database, ago: timedelta, begun: timedelta = timedelta(days=1)) -> None:
    now = clock.now()
    with database.begin() as session:
        session.execute(update(LoginSession).values(last_seen_at=now - ago, created_at=now - max(ago, begun)))


def test_to_ask_how_long_it_lasts_is_no_use_of_a_session(sign_in: SignIn, database: Database) -> None:
    visitor = sign_in(FOCAL)
    seen_ago(database, timedelta(hours=11))
    before = last_seen(database)
    told = visitor.client.get("/session").get_json()
    assert 3590 <= told["seconds"] <= 3600
    assert told["token"]
    assert last_seen(database) == before


def test_staying_begins_the_idle_time_anew(sign_in: SignIn, database: Database) -> None:
    visitor = sign_in(FOCAL)
    seen_ago(database, timedelta(hours=11, minutes=59))
    assert visitor.post_json("/session", {}).get_json()["seconds"] == HALF_A_DAY
    assert clock.now() - last_seen(database) < timedelta(minutes=1)


def test_saving_while_typing_is_use_of_the_session(sign_in: SignIn, database: Database) -> None:
    visitor = sign_in(FOCAL)
    response, block = response_of(database, "ARC"), block_of(database, "ARC", "alpha")
    visitor.open(f"/responses/{response}/mechanisms/{block}/taking_part")
    seen_ago(database, timedelta(hours=11, minutes=59))
    told = visitor.post_json(
        f"/responses/{response}/autosave", {"page": f"mechanisms/{block}/value", "changes": []}
    )
    assert told.get_json()["seconds"] >= HALF_A_DAY - 60
    assert clock.now() - last_seen(database) < timedelta(minutes=1)


def test_after_fourteen_days_nothing_puts_it_off(sign_in: SignIn, database: Database) -> None:
    visitor = sign_in(FOCAL)
    seen_ago(database, timedelta(hours=1), begun=timedelta(days=14) - timedelta(seconds=100))
    told = visitor.post_json("/session", {}).get_json()
    assert told["seconds"] <= 100
    assert told["button"] == ""
    assert "sign in again" in told["said"]


def test_whoever_is_signed_out_is_told_the_way_back_and_gets_no_token(visitor: Visitor) -> None:
    told = visitor.client.get("/session").get_json()
    assert told == {
        "person": None,
        "said": "You were signed out. What is saved stays saved.",
        "button": "Sign in again",
        "sign_in": "/sign-in",
    }


def test_an_installation_may_end_idle_sessions_earlier(
    app: Flask, sign_in: SignIn, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    object.__setattr__(app.extensions["settings"], "idle", timedelta(minutes=30))
    visitor = sign_in(FOCAL)
    seen_ago(database, timedelta(minutes=29))
    assert visitor.client.get("/session").get_json()["seconds"] <= 60
    seen_ago(database, timedelta(minutes=31))
    assert visitor.client.get("/session").get_json()["person"] is None


def test_signing_out_says_whose_edits_the_device_may_clear(sign_in: SignIn, database: Database) -> None:
    visitor = sign_in(FOCAL)
    person = visitor.client.get("/session").get_json()["person"]
    seen_ago(database, timedelta(days=2))
    visitor.press("Sign out")
    assert f'data-forget="{person}"' in visitor.page.html
    visitor.open("/sign-in")
    assert person not in visitor.page.html


def open_value_page(visitor: Visitor, database: Database) -> UUID:
    """On the page that asks why alpha is valued, which is asked of those who take part."""
    response, block = response_of(database, "ARC"), block_of(database, "ARC", "alpha")
    visitor.open(f"/responses/{response}/mechanisms/{block}/taking_part")
    visitor.press("Save and continue", {"a.takes_part": "yes"})
    visitor.open(f"/responses/{response}/mechanisms/{block}/value")
    return response


def received(visitor: Visitor) -> str:
    return str(visitor.page.all("section", id="unsent")[0].get("data-received"))


def test_the_page_after_a_save_says_once_that_everything_arrived(sign_in: SignIn, database: Database) -> None:
    visitor = sign_in(FOCAL)
    response = open_value_page(visitor, database)
    assert received(visitor) == ""
    visitor.press("Save and leave", {"a.would_help": "More", "tab": "m1x2y3z4k5"})
    assert received(visitor) == "m1x2y3z4k5"
    visitor.open(f"/responses/{response}")
    assert received(visitor) == ""


def test_a_conflict_is_not_said_to_have_arrived_until_it_is_decided(
    sign_in: SignIn, database: Database
) -> None:
    mine, theirs = sign_in(FOCAL), sign_in("colleague@example.org")
    open_value_page(mine, database)
    theirs.open(mine.url)
    theirs.press("Save and leave", {"a.would_help": "Theirs"})
    mine.press("Save and leave", {"a.would_help": "Mine", "tab": "m1x2y3z4k5"}, status=409)
    assert "dropped=m1x2y3z4k5" in mine.page.link("Go back without mine")
    mine.press("Keep mine")
    assert received(mine) == "m1x2y3z4k5"


@pytest.mark.parametrize("mark", ["", "short", "x" * 33, 'm1x2y3z4"><b>', "M1X2Y3Z4K5"])
def test_a_mark_that_no_page_of_ours_made_is_ignored(mark: str, sign_in: SignIn, database: Database) -> None:
    visitor = sign_in(FOCAL)
    open_value_page(visitor, database)
    visitor.press("Save and leave", {"a.would_help": "More", "tab": mark})
    assert received(visitor) == ""
