"""The worker is killed while letters go out: none arrives twice, and what did not arrive is listed so."""

import signal
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, update

from app import clock
from app.database import Database
from app.models import OutboxMessage, User
from app.policy import SYSTEM
from app.queries import outbox
from app.queries.outbox import State
from app.services import people, signing_in
from tests.databases import type_of_copy
from tests.mail_server import Post, serving
from tests.resilience.worker import Worker
from tests.serving import environment

LETTERS = 60
KILLS = 5
BETWEEN, AT_MOST = 5, 8
"""So many letters arrive at least, and at most, before the next kill."""
SECONDS = 240
A_LETTER = 0.03
UNTIL_A_CLAIM_ENDS = timedelta(minutes=11)
REFUSED = ("refuse-rcpt", "refuse-data")


@dataclass
class Place:
    """A database with letters that wait, a mail server, and a worker that was not started."""

    database: Database
    post: Post
    worker: Worker

    def wait_for(self, letters: int) -> None:
        """Until so many letters have arrived, or nothing is left to send."""
        while self.post.arrived_in_all() < letters and self.states()[State.QUEUED]:
            assert self.worker.lives(), "the worker ended by itself"
            time.sleep(0.01)

    def states(self) -> Counter[State]:
        """How many letters there are in each state."""
        return Counter(self.by_letter().values())

    def by_letter(self) -> dict[UUID, State]:
        """The state of each letter as staff see it once claims have ended."""
        with self.database.read() as session:
            state = outbox.state_at(clock.now() + UNTIL_A_CLAIM_ENDS)
            rows = session.execute(select(OutboxMessage.id, state))
            return {id_: State(name) for id_, name in rows}

    def let_claims_end(self) -> None:
        """As if ten minutes had passed since the worker was killed."""
        with self.database.begin() as session:
            session.execute(
                update(OutboxMessage)
                .where(OutboxMessage.claimed_at.is_not(None))
                .values(claimed_at=clock.now() - UNTIL_A_CLAIM_ENDS)
            )

    def addresses(self) -> dict[UUID, str]:
        """To whom each letter goes."""
        with self.database.read() as session:
            rows = session.execute(
                select(OutboxMessage.id, User.email).join(User, User.id == OutboxMessage.user_id)
            )
            return dict(iter(rows))


@pytest.fixture
def place(copy_of_template: type_of_copy, tmp_path: Path) -> Iterator[Place]:
    url = copy_of_template()
    database = Database(url)
    now = clock.now()
    with database.begin() as session:
        names = [f"person{number}" for number in range(LETTERS - len(REFUSED))]
        names[10:10] = REFUSED
        for name in names:
            email = f"{name}@ministry.example"
            people.add_user(session, email, name, SYSTEM, now=now)
            session.flush()
            signing_in.request_link(session, email, now, "a browser")
    post = Post(seconds_a_letter=A_LETTER)
    with serving(post) as port:
        environ = environment(tmp_path, url.render_as_string(hide_password=False), 0)
        worker = Worker(environ | {"MAIL_URL": f"smtp://127.0.0.1:{port}"})
        yield Place(database, post, worker)
        if worker.process is not None:
            worker.end(signal.SIGKILL)
    database.dispose()


@pytest.mark.timeout(SECONDS)
def test_a_killed_worker_sends_no_letter_twice_and_loses_none(place: Place) -> None:
    for _kill in range(KILLS):
        before = place.post.arrived_in_all()
        place.post.allowed = before + AT_MOST
        place.worker.start()
        place.wait_for(before + BETWEEN)
        place.worker.kill()
        listed = place.by_letter()
        arrived = place.post.ids
        assert set(arrived.values()) <= {1}
        missing = {id_ for id_, state in listed.items() if state is State.SENT} - arrived_ids(arrived)
        assert missing == set(), "listed as sent, and did not arrive"
        place.let_claims_end()
    assert place.states()[State.QUEUED], "nothing was left to send: the kills came too late to show anything"

    place.post.allowed = None
    place.worker.start()
    place.wait_for(LETTERS)
    while place.states()[State.QUEUED]:
        time.sleep(0.05)
    assert place.worker.end(signal.SIGTERM) == 0

    arrived, listed, addresses = place.post.ids, place.by_letter(), place.addresses()
    assert set(arrived.values()) == {1}
    states = Counter(listed.values())
    assert set(states) <= {State.SENT, State.UNKNOWN, State.FAILED}
    assert states[State.UNKNOWN] <= 2 * KILLS
    failed = {addresses[id_].partition("@")[0] for id_, state in listed.items() if state is State.FAILED}
    assert failed <= set(REFUSED)
    sent = {id_ for id_, state in listed.items() if state is State.SENT}
    unknown = {id_ for id_, state in listed.items() if state is State.UNKNOWN}
    assert sent <= arrived_ids(arrived) <= sent | unknown


def arrived_ids(arrived: Counter[str]) -> set[UUID]:
    """The rows of the letters that arrived, by their Message-ID."""
    return {UUID(each.strip("<>").partition("@")[0]) for each in arrived}


@pytest.mark.timeout(SECONDS)
def test_a_worker_that_is_told_to_end_ends_the_letter_under_way_and_leaves_none_unknown(place: Place) -> None:
    place.post.seconds_a_letter = 10 * A_LETTER
    place.worker.start()
    place.wait_for(BETWEEN)
    assert place.worker.end(signal.SIGTERM) == 0
    states = place.states()
    assert states[State.UNKNOWN] == 0
    assert states[State.QUEUED] > 0
    assert states[State.SENT] == place.post.arrived_in_all()
