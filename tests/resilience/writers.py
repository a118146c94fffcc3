"""People who type: each saves again and again, resends what got no reply, and reads what overtook them."""

import random
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from tests.filling import Filling
from tests.resilience.clients import Client, NoReply, Reply
from tests.resilience.ledger import MERGED, SAVED, Attempt, Known, Ledger, Spot

MOST_SAVES = 2000
SECONDS_BEFORE_GIVING_UP = 90


class Writer(threading.Thread):
    """One person in one browser, who types into answers of their own and into shared ones."""

    least = 0
    """How many edits are acknowledged before they stop."""

    def __init__(
        self, name: str, by: str, client: Client, response: str, spots: Sequence[Spot], ledger: Ledger
    ) -> None:
        super().__init__(name=name, daemon=True)
        self.by, self.client, self.ledger = by, client, ledger
        self.address = f"/responses/{response}"
        self.known = {spot: Known() for spot in spots}
        self.ending = threading.Event()
        self.trouble = ""
        self.acknowledged = 0
        self._choose = random.Random(name)

    def run(self) -> None:
        """Types until told to end; what is under way then is brought to its end."""
        try:
            for turn in range(MOST_SAVES):
                if self.ending.is_set() and self.acknowledged >= self.least:
                    return
                self.type(turn)
        except Exception as trouble:  # the test reads it; a thread has nobody to raise it to
            self.trouble = repr(trouble)

    def finish(self, seconds: float) -> None:
        """Have it end, and wait for that."""
        self.ending.set()
        self.join(seconds)

    def type(self, turn: int) -> None:
        """One edit: somewhere, some new text."""
        spot = self._choose.choice(list(self.known))
        self.write(spot, self.text(spot, f"{self.name} writes “{turn}” – é & <b>"))

    def text(self, spot: Spot, words: str) -> str:
        """What the answer shall be, with these new words."""
        return words

    def write(self, spot: Spot, text: str) -> None:
        """Saves until there is a reply, word for word the same each time."""
        attempt = self._settled(spot, text)
        if attempt.told in (SAVED, MERGED):
            self.known[spot] = attempt.left
            self.acknowledged += 1
        elif attempt.told == "conflict":
            self.known[spot] = self._read(spot)
        else:
            raise AssertionError(f"{text!r} was answered with {attempt.told}")

    def _settled(self, spot: Spot, text: str) -> Attempt:
        over = self.known[spot]
        change = {"name": spot.name, "values": {spot.name: [text]}, "seen": over.revision}
        body = {"page": spot.page, "changes": [change]}
        attempts: list[Attempt] = []

        def ask() -> Reply:
            attempts.append(self.ledger.begin(self.by, spot, text, over))
            return self.client.post_json(f"{self.address}/autosave", body, attempts[-1].mark_sent)

        reply = self.persist(ask, lambda: unanswered(self.client, attempts[-1:]))
        if reply.status == 200:
            [told] = reply.json()["outcomes"]
            attempts[-1].end(
                told["state"], told.get("revision", 0), told.get("typed", 0), told.get("value", "")
            )
        else:
            attempts[-1].end(f"{reply.status} {reply.text[:200]}")
        return attempts[-1]

    def persist(self, ask: Callable[[], Reply], failed: Callable[[], None] = lambda: None) -> Reply:
        """Asks until there is a reply."""
        last = time.monotonic() + SECONDS_BEFORE_GIVING_UP
        while time.monotonic() < last:
            try:
                return ask()
            except NoReply:
                failed()
                time.sleep(0.05)
        raise AssertionError(f"no reply for {SECONDS_BEFORE_GIVING_UP} seconds")

    def _read(self, spot: Spot) -> Known:
        """Opens the page, as somebody does who is told that a colleague saved another text."""
        section, block, page = spot.page.split("/")
        address = "/".join(part for part in (self.address, section, block, page) if part)
        reply = self.persist(lambda: self.client.get(address))
        assert reply.status == 200, f"{address}: {reply.status}"
        return Known(int(reply.fields[f"{spot.name}.seen"]), reply.fields[spot.name])


def unanswered(client: Client, attempts: Sequence[Attempt]) -> None:
    """Write down that there was no reply, and where the line broke."""
    for attempt in attempts:
        attempt.dropped = client.dropped
        attempt.end("")


class Colleague(Writer):
    """Somebody who has one paragraph of each long text that is shared, and leaves the others as they are."""

    def __init__(
        self,
        name: str,
        by: str,
        client: Client,
        response: str,
        spots: Sequence[Spot],
        ledger: Ledger,
        paragraphs: Mapping[Spot, tuple[int, Known]],
    ) -> None:
        super().__init__(name, by, client, response, [*spots, *paragraphs], ledger)
        self.known.update({spot: known for spot, (_place, known) in paragraphs.items()})
        self.paragraphs = {spot: place for spot, (place, _known) in paragraphs.items()}

    def text(self, spot: Spot, words: str) -> str:
        """The text as it was seen, with the own paragraph written anew; elsewhere the words alone."""
        if spot not in self.paragraphs:
            return words
        lines = self.known[spot].text.split("\n\n")
        lines[self.paragraphs[spot]] = words
        return "\n\n".join(lines)


class WordUser(Colleague):
    """A colleague who, after some edits online, hands in the answers about one mechanism as a Word form."""

    block: UUID
    form_spots: Sequence[Spot] = ()
    secret = ""
    at = 25
    handed_in: Sequence[Attempt] = ()

    def type(self, turn: int) -> None:
        """One edit, or the form with several."""
        if turn == self.at:
            self._answer_in_word()
        else:
            super().type(turn)

    def _answer_in_word(self) -> None:
        asked = {"format": "docx", "scope": str(self.block), "contents": "answers"}
        forms = f"{self.address}/forms"
        form = self.persist(lambda: self.client.post(f"{forms}/download", asked))
        assert form.status == 200, form.text[:200]
        filling = Filling(form.body, self.secret)
        texts = {spot: f"{self.name} in Word: {spot.name} – é\nand a second line" for spot in self.form_spots}
        for spot, text in texts.items():
            filling.answer(spot.name.removeprefix("a."), text, instance=self.block)
        data = filling.saved()
        page = self.persist(lambda: self.client.upload(forms, "form", data))
        proposals = page.every("proposal")
        assert len(proposals) == len(texts), page.text
        self._accept(f"{forms}/accept", proposals, texts)

    def _accept(self, address: str, proposals: list[str], texts: Mapping[Spot, str]) -> None:
        attempts: list[Attempt] = []

        def mark_sent() -> None:
            for attempt in attempts:
                attempt.mark_sent()

        def ask() -> Reply:
            attempts[:] = [self.ledger.begin(self.by, spot, text, Known()) for spot, text in texts.items()]
            return self.client.post(address, {"proposal": proposals, "action": "all"}, mark_sent)

        reply = self.persist(ask, lambda: unanswered(self.client, attempts))
        assert reply.status == 302, reply.text[:2000]
        for attempt in attempts:
            attempt.end(SAVED, 1)
            self.known[attempt.spot] = attempt.left
        self.handed_in = attempts
        self.acknowledged += len(attempts)
