"""The server is killed while people type: whatever was acknowledged is there, once, and nothing else is."""

import random
import time
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from sqlalchemy import or_, select

from app.database import Database
from app.models import Answer, AnswerRevision, Organisation, RepeatInstance, User
from tests.resilience.clients import Client, sign_in_as, sign_in_by_letter
from tests.resilience.conftest import response_of
from tests.resilience.ledger import Attempt, Kept, Ledger, Spot
from tests.resilience.writers import Writer
from tests.serving import Server

KILLS = 3
MOST_KILLS = 8
SAVES_BETWEEN = 20
SECONDS = 120
FOCAL_POINT = "ilsa.vareno@hesteria.example"
CONTRIBUTOR = "pell.andros@hesteria.example"
SHARED = (("value", "would_help"), ("uses", "home_example"), ("uses", "synergies"))


def block_of(database: Database, response: UUID, iscm: str) -> UUID:
    """The block about a mechanism."""
    with database.read() as session:
        return session.scalars(
            select(RepeatInstance.id)
            .join(Organisation, Organisation.id == RepeatInstance.subject_id)
            .where(RepeatInstance.response_id == response, Organisation.code == iscm)
        ).one()


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


def stored(database: Database, response: UUID, spots: set[Spot]) -> dict[Spot, list[Kept]]:
    """The whole history of each answer, oldest first."""
    return {spot: _history(database, response, spot) for spot in spots}


def _history(database: Database, response: UUID, spot: Spot) -> list[Kept]:
    parts = spot.name.split(".")
    statement = (
        select(AnswerRevision.number, AnswerRevision.value, User.email)
        .join(Answer, Answer.id == AnswerRevision.answer_id)
        .join(User, User.id == AnswerRevision.saved_by_id)
        .where(Answer.response_id == response, Answer.question_key == parts[-1])
        .order_by(AnswerRevision.number)
    )
    if len(parts) == 4:
        record = UUID(parts[2])
        same = or_(RepeatInstance.id == record, RepeatInstance.idempotency_key == str(record))
        statement = statement.join(RepeatInstance, RepeatInstance.id == Answer.instance_id).where(same)
    elif block := spot.page.split("/")[1]:
        statement = statement.where(Answer.instance_id == UUID(block))
    with database.read() as session:
        return [Kept(number, value, by) for number, value, by in session.execute(statement)]


def kill_while_a_save_is_on_its_way(server: Server, ledger: Ledger, chance: random.Random) -> list[Attempt]:
    """Kills every process at a moment when saves lie between request and reply, and returns those that never
    got one.

    The processes are stopped first where they stand: so the ledger can be read before they die there.
    """
    while True:
        time.sleep(chance.uniform(0.005, 0.06))
        server.freeze()
        moment = time.monotonic()
        time.sleep(0.05)  # replies that had left are read
        waiting = ledger.waiting(before=moment)
        if waiting:
            break
        server.thaw()
    server.kill()
    while any(one.ended is None for one in waiting):
        time.sleep(0.01)
    return [one for one in waiting if not one.told]


@pytest.mark.timeout(SECONDS)
def test_whatever_was_acknowledged_survives_being_killed_again_and_again(
    server: Server, beside: Database, response: UUID, writers: list[Writer]
) -> None:
    ledger = writers[0].ledger
    chance = random.Random(1)
    for one in writers:
        one.start()
    cut_off: list[list[Attempt]] = []
    for _ in range(MOST_KILLS):
        enough = len(ledger.saved()) + SAVES_BETWEEN
        while len(ledger.saved()) < enough and not any(one.trouble for one in writers):
            time.sleep(0.01)
        if lost := kill_while_a_save_is_on_its_way(server, ledger, chance):
            cut_off.append(lost)
        server.start()
        if len(cut_off) == KILLS:
            break
    assert len(cut_off) == KILLS, "the server was never killed between request and reply"
    for one in writers:
        one.ending.set()
    for one in writers:
        one.join(SECONDS)
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
