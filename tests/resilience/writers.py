"""People who type: each saves again and again, resends what got no reply, and reads what overtook them."""

import random
import threading
import time
from collections.abc import Sequence

from tests.resilience.clients import Client, NoReply
from tests.resilience.ledger import Attempt, Known, Ledger, Spot

MOST_SAVES = 250
SECONDS_BEFORE_GIVING_UP = 90


class Writer(threading.Thread):
    """One person in one browser, who types into answers of their own and into shared ones."""

    def __init__(
        self, name: str, by: str, client: Client, response: str, spots: Sequence[Spot], ledger: Ledger
    ) -> None:
        super().__init__(name=name, daemon=True)
        self.by, self.client, self.ledger = by, client, ledger
        self.address = f"/responses/{response}"
        self.known = {spot: Known() for spot in spots}
        self.ending = threading.Event()
        self.trouble = ""
        self._choose = random.Random(name)

    def run(self) -> None:
        """Types until told to end; what is under way then is brought to its end."""
        try:
            for turn in range(MOST_SAVES):
                if self.ending.is_set():
                    return
                self._write(self._choose.choice(list(self.known)), f"{self.name} writes “{turn}” – é & <b>")
        except Exception as trouble:  # the test reads it; a thread has nobody to raise it to
            self.trouble = repr(trouble)

    def _write(self, spot: Spot, text: str) -> None:
        """Saves until there is a reply, word for word the same each time."""
        attempt = self._settled(spot, text)
        if attempt.told == "saved":
            self.known[spot] = Known(attempt.revision, text)
        elif attempt.told == "conflict":
            self.known[spot] = self._read(spot)
        else:
            raise AssertionError(f"{text!r} was answered with {attempt.told}")

    def _settled(self, spot: Spot, text: str) -> Attempt:
        over = self.known[spot]
        change = {"name": spot.name, "values": {spot.name: [text]}, "seen": over.revision}
        body = {"page": spot.page, "changes": [change]}
        last = time.monotonic() + SECONDS_BEFORE_GIVING_UP
        while time.monotonic() < last:
            attempt = self.ledger.begin(self.by, spot, text, over)
            try:
                reply = self.client.post_json(f"{self.address}/autosave", body, attempt.mark_sent)
            except NoReply:
                attempt.end("")
                time.sleep(0.05)
                continue
            if reply.status == 200:
                [outcome] = reply.json()["outcomes"]
                attempt.end(outcome["state"], outcome.get("revision", 0))
            else:
                attempt.end(f"{reply.status} {reply.text[:200]}")
            return attempt
        raise AssertionError(f"no reply for {SECONDS_BEFORE_GIVING_UP} seconds")

    def _read(self, spot: Spot) -> Known:
        """Opens the page, as somebody does who is told that a colleague saved another text."""
        section, block, page = spot.page.split("/")
        address = "/".join(part for part in (self.address, section, block, page) if part)
        last = time.monotonic() + SECONDS_BEFORE_GIVING_UP
        while time.monotonic() < last:
            try:
                reply = self.client.get(address)
            except NoReply:
                time.sleep(0.05)
                continue
            assert reply.status == 200, f"{address}: {reply.status}"
            return Known(int(reply.fields[f"{spot.name}.seen"]), reply.fields[spot.name])
        raise AssertionError(f"no page for {SECONDS_BEFORE_GIVING_UP} seconds")
