"""The deadline passes or the round is closed while somebody types: they are told, and keep their text."""

from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select, update

from app import clock
from app.database import Database
from app.models import Round
from app.policy import SYSTEM
from app.services import rounds, running
from tests.resilience.clients import Client, Reply, sign_in_as
from tests.resilience.conftest import response_of
from tests.resilience.test_at_once import texts
from tests.serving import Server

LONG_THOUGHT = "They need money for interpreters – “and <patience>” – for years to come."


@pytest.fixture
def ilsa(server: Server) -> Client:
    """The focal point of Hesteria, who has the page open."""
    return sign_in_as(server, "training")


def training(database: Database) -> Round:
    with database.read() as session:
        return session.scalars(select(Round).where(Round.code == "training")).one()


@pytest.fixture
def deadline_passed(beside: Database) -> Iterator[None]:
    """The plan's last moment was an hour ago; nobody has closed the round."""
    planned = training(beside)
    with beside.begin() as session:
        past = clock.now() - timedelta(hours=1)
        session.execute(update(Round).where(Round.id == planned.id).values(closes_at=past))
    yield
    with beside.begin() as session:
        session.execute(update(Round).where(Round.id == planned.id).values(closes_at=planned.closes_at))


@pytest.fixture
def closed(beside: Database) -> Iterator[None]:
    """Staff have closed the round and cut it off."""
    with beside.begin() as session:
        round_ = session.get_one(Round, training(beside).id)
        rounds.close(session, round_, SYSTEM)
        running.cut_off(session, round_, SYSTEM, now=clock.now())
    yield
    with beside.begin() as session:
        session.execute(update(Round).where(Round.code == "training").values(closed_at=None, cut_off_at=None))


def autosave(client: Client, database: Database, text: str) -> Reply:
    response = response_of(database, "XAH")
    seen = len(texts(database, response, "sustainability"))
    change = {"name": "a.sustainability", "values": {"a.sustainability": [text]}, "seen": seen}
    body = {"page": "outlook//relevance", "changes": [change]}
    return client.post_json(f"/responses/{response}/autosave", body)


@pytest.mark.usefixtures("deadline_passed")
def test_after_the_deadline_what_is_typed_is_still_saved(beside: Database, ilsa: Client) -> None:
    reply = autosave(ilsa, beside, "a minute late")
    assert (reply.status, reply.json()["outcomes"][0]["state"]) == (200, "saved")


@pytest.mark.usefixtures("closed")
def test_a_closed_round_refuses_the_script_and_says_why(beside: Database, ilsa: Client) -> None:
    before = texts(beside, response_of(beside, "XAH"), "sustainability")
    reply = autosave(ilsa, beside, LONG_THOUGHT)
    assert reply.status == 409
    assert "takes no more answers" in reply.json()["text"]
    assert texts(beside, response_of(beside, "XAH"), "sustainability") == before


@pytest.mark.usefixtures("closed")
def test_a_closed_round_refuses_the_page_and_hands_the_text_back(beside: Database, ilsa: Client) -> None:
    response = response_of(beside, "XAH")
    before = texts(beside, response, "sustainability")
    fields = {
        "a.sustainability": LONG_THOUGHT,
        "a.sustainability.seen": str(len(before)),
        "action": "continue",
    }
    reply = ilsa.post(f"/responses/{response}/outlook/relevance", fields)
    assert reply.status == 409
    assert LONG_THOUGHT in unescape(reply.text)
    assert LONG_THOUGHT not in reply.text
    assert "takes no more answers" in reply.text
    assert texts(beside, response, "sustainability") == before
