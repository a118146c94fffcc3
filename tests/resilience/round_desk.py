"""A coordinator in front of the pages, a mail server, and a worker that is killed."""

import re
import signal
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID
from xml.etree.ElementTree import Element

from sqlalchemy import ColumnElement, or_, select, update

from app import clock
from app.database import Database
from app.models import OutboxMessage
from app.queries import outbox
from app.queries.outbox import CLAIM_HOLDS, State
from tests.browsing import Page, Visitor, words
from tests.mail_server import Post
from tests.resilience.worker import Worker
from tests.serving import flask
from tests.storing import multipart

ROUND = "first"
UNTIL_A_CLAIM_ENDS = CLAIM_HOLDS + timedelta(minutes=1)


@dataclass
class Desk:
    """Everything that the story is played with."""

    visitor: Visitor
    database: Database
    post: Post
    worker: Worker
    returned: Path
    """Where reports of returned letters lie."""
    kills: int = 0

    def bring(self, kind: str, content: bytes, name: str) -> Page:
        """Bring a file, and land on its preview."""
        self.visitor.open(f"/{kind}/import")
        form = self.visitor.page.form_of(self.visitor.page.button("Look at what it would change"))
        token = self.visitor.values(form)["csrf_token"]
        body, media_type = multipart({"csrf_token": token}, content, name)
        answer = self.visitor.client.post(f"/{kind}/import", data=body, content_type=media_type)
        assert answer.status_code == 302, answer.text
        return self.visitor.open(answer.headers["Location"])

    def kill(self) -> None:
        """Kill the worker; then ten minutes pass, after which its claims hold no more."""
        self.worker.kill()
        self.kills += 1
        assert set(self.post.ids.values()) <= {1}, "a letter arrived twice"
        missing = self.by_state(State.SENT) - self.arrived()
        assert missing == set(), "listed as sent, and did not arrive"
        self._note({"claimed_at": clock.now() - UNTIL_A_CLAIM_ENDS}, OutboxMessage.claimed_at.is_not(None))

    def minutes_pass(self) -> None:
        """As if so much time had passed that what was deferred is tried again."""
        waiting = (OutboxMessage.handed_at.is_(None), OutboxMessage.given_up_at.is_(None))
        self._note({"due_at": clock.now()}, *waiting)

    def _note(self, values: Mapping[str, object], *where: ColumnElement[bool]) -> None:
        with self.database.begin() as session:
            session.execute(update(OutboxMessage).where(*where).values(**values))

    def work_until(self, enough: Callable[[], bool]) -> bool:
        """Have the worker work until it is enough or it hangs on a letter; whether it was enough."""
        hung = self.post.hung
        self.worker.start()
        while not enough():
            assert self.worker.lives(), "the worker ended by itself"
            if self.post.hung > hung:
                return False
            time.sleep(0.02)
        return True

    def end_the_worker(self) -> None:
        """As an operator ends it."""
        assert self.worker.end(signal.SIGTERM) == 0

    def do_what_is_due(self) -> None:
        """`flask jobs once`, a process of its own."""
        flask(self.worker.environ, "jobs", "once")

    def nothing_is_due(self) -> bool:
        """Whether every letter has an end, or waits for a later day."""
        with self.database.read() as session:
            due = select(OutboxMessage.id).where(
                OutboxMessage.sent_at.is_(None),
                OutboxMessage.given_up_at.is_(None),
                OutboxMessage.dropped_at.is_(None),
                OutboxMessage.due_at <= clock.now(),
                or_(OutboxMessage.handed_at.is_(None), OutboxMessage.claimed_at > clock.now() - CLAIM_HOLDS),
            )
            return session.scalars(due.limit(1)).first() is None

    def by_state(self, state: State) -> set[UUID]:
        """The letters that are in this state once claims have ended."""
        with self.database.read() as session:
            found = outbox.state_at(clock.now() + UNTIL_A_CLAIM_ENDS)
            return set(session.scalars(select(OutboxMessage.id).where(found == state.value)))

    def arrived(self) -> set[UUID]:
        """The letters that came to the server, by their Message-ID."""
        return {UUID(each.strip("<>").partition("@")[0]) for each in self.post.ids}

    def listed(self, state: str) -> Counter[str]:
        """To which addresses the letters go that the mail page lists in this state."""
        found: list[str] = []
        page = self.visitor.open(f"/rounds/{ROUND}/mail?state={state}")
        while True:
            found += [words(each) for each in page.all("span") if "address" in (each.get("class") or "")]
            if not any(words(each) == "Older letters" for each in page.all("a")):
                return Counter(found)
            page = self.visitor.follow("Older letters")


def figures(row: Element) -> dict[str, str]:
    """The cells of a row of figures by the words of their heads, as who sees them reads them."""
    return {each.get("data-head", ""): seen(each) for each in row.iter("td") if each.get("data-head")}


def seen(element: Element) -> str:
    """What a sighted reader reads: without the words for those who listen."""
    parts = [element.text or ""]
    for child in element:
        if "hidden-text" not in (child.get("class") or "") and child.get("aria-hidden") != "true":
            parts.append(seen(child))
        parts.append(child.tail or "")
    return " ".join("".join(parts).split())


def link_in(text: str) -> str:
    """The path of the invitation in a letter."""
    found = re.search(r"/invitation/[\w-]+", text)
    assert found is not None
    return found.group()
