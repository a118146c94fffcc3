"""The server is killed while people type: whatever was acknowledged is there, once, and nothing else is."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from app.database import Database
from app.models import RepeatInstance
from tests.resilience.clients import Client, sign_in_as, sign_in_by_letter
from tests.resilience.conftest import response_of
from tests.resilience.histories import block_of, stored
from tests.resilience.killing import killed_again_and_again
from tests.resilience.ledger import Ledger, Spot
from tests.resilience.writers import Writer
from tests.serving import Server

KILLS = 3
SAVES_BETWEEN = 20
SECONDS = 120
FOCAL_POINT = "ilsa.vareno@hesteria.example"
CONTRIBUTOR = "pell.andros@hesteria.example"
SHARED = (("value", "would_help"), ("uses", "home_example"), ("uses", "synergies"))


@pytest.fixture
def response(beside: Database) -> UUID:
    return response_of(beside, "XAH")


@pytest.fixture
def writers(server: Server, beside: Database, response: UUID) -> Iterator[list[Writer]]:
    """The focal point in two browsers and a contributor in two; each has an entry of their own in a list."""
    block = block_of(beside, response, "upland-forum")
    first = sign_in_as(server, "training")
    takes_part = {"name": "a.takes_part", "values": {"a.takes_part": ["yes"]}, "seen": 0}
    body = {"page": f"mechanisms/{block}/taking_part", "changes": [takes_part]}
    assert first.post_json(f"/responses/{response}/autosave", body).status == 200
    clients: list[tuple[str, Client]] = [
        (FOCAL_POINT, first),
        (FOCAL_POINT, sign_in_as(server, "training")),
        (CONTRIBUTOR, sign_in_by_letter(server, CONTRIBUTOR)),
        (CONTRIBUTOR, sign_in_by_letter(server, CONTRIBUTOR)),
    ]
    ledger = Ledger()
    made = []
    for number, (by, client) in enumerate(clients, 1):
        spots = [Spot(f"mechanisms/{block}/{page}", f"a.{key}") for page, key in SHARED]
        spots.append(Spot(f"mechanisms/{block}/value", f"a.values.{uuid4()}.value"))
        if by == FOCAL_POINT and client is first:
            spots.append(Spot("outlook//relevance", "a.sustainability"))
        made.append(Writer(f"writer {number}", by, client, str(response), spots, ledger))
    yield made
    for one in made:
        one.ending.set()


@pytest.mark.timeout(SECONDS)
def test_whatever_was_acknowledged_survives_being_killed_again_and_again(
    server: Server, beside: Database, response: UUID, writers: list[Writer]
) -> None:
    ledger = writers[0].ledger
    killed_again_and_again(server, writers, KILLS, SAVES_BETWEEN)
    for one in writers:
        one.finish(SECONDS)
    assert [one.trouble for one in writers if one.trouble] == []

    assert len(ledger.saved()) >= (KILLS - 1) * SAVES_BETWEEN
    assert {one.told for one in ledger.attempts} <= {"saved", "conflict", ""}
    spots = {spot for one in writers for spot in one.known}
    histories = stored(beside, response, spots)
    assert ledger.faults(histories) == []
    begun = [spot for spot, history in histories.items() if history and spot.name.startswith("a.values.")]
    assert entries(beside, response) == len(begun)
    assert "The database is sound." in server.flask("verify")


def entries(database: Database, response: UUID) -> int:
    """How many entries the list has: a request sent twice makes one."""
    with database.read() as session:
        return len(
            session.scalars(
                select(RepeatInstance.id).where(
                    RepeatInstance.response_id == response, RepeatInstance.group_key == "values"
                )
            ).all()
        )
