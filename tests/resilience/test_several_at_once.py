"""A focal point and two colleagues fill in everything at once, over a line that breaks and a server that is
killed; it is cleared, sent back, cleared and submitted: what was frozen is what they were told is saved.
"""

import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from app.database import Database
from tests.resilience.clients import Client, sign_in_as, sign_in_by_letter
from tests.resilience.conftest import response_of
from tests.resilience.histories import block_of, frozen, frozen_answers, stored
from tests.resilience.killing import killed_again_and_again
from tests.resilience.ledger import SAVED, Known, Ledger, Spot
from tests.resilience.slow_line import REPLY, REQUEST, Line, SlowClient
from tests.resilience.writers import Colleague, WordUser, Writer
from tests.serving import Server

KILLS = int(os.environ.get("TEST_KILLS", "4"))
"""As often as every run can afford; TEST_KILLS asks for more, with as many more edits."""
SAVES_BETWEEN = 40
EDITS_OF_EACH = 17 * KILLS
SECONDS = max(300, 60 * KILLS)
FOCAL_POINT = "ilsa.vareno@hesteria.example"
NINO, SAVA = "nino.ardel@hesteria.example", "sava.lorn@hesteria.example"
OFFICER = "olga.brandt@hesteria.example"
UPLAND, MERIDIAN, SABLE, LANTERN = "upland-forum", "meridian-process", "sable-dialogue", "lantern-talks"
NOTHING = Known()
REGISTER = f"""
compiled: 2026-11-23
iscms:
  - id: {LANTERN}
    fictional: true
    name: Lantern Talks on Return
    short_name: Lantern Talks
    type: regional
    status: active
    members: [XAB]
"""


@dataclass
class Desk:
    """The answers of Hesteria, and its focal point in front of them."""

    server: Server
    database: Database
    response: UUID
    focal: Client
    ledger: Ledger

    @property
    def home(self) -> str:
        return f"/responses/{self.response}"

    def block(self, iscm: str) -> UUID:
        return block_of(self.database, self.response, iscm)

    def spot(self, iscm: str, page: str, name: str) -> Spot:
        return Spot(f"mechanisms/{self.block(iscm)}/{page}", f"a.{name}")

    def press(self, client: Client, address: str, **fields: str | list[str]) -> None:
        """Send a form as a page does, and expect to be led on."""
        reply = client.post(f"{self.home}/{address}", fields)
        assert reply.status == 302, f"{address}: {reply.status} {reply.text[:3000]}"

    def save(self, spot: Spot, text: str, over: Known = NOTHING) -> Known:
        """Have the page of the focal point save a text."""
        attempt = self.ledger.begin(FOCAL_POINT, spot, text, over)
        attempt.end(SAVED, self.tell(spot, text, over.revision))
        return attempt.left

    def tell(self, spot: Spot, text: str, seen: int = 0) -> int:
        """The same for what is no text of anybody's own: outside the ledger. Returns the revision."""
        change = {"name": spot.name, "values": {spot.name: [text]}, "seen": seen}
        body = {"page": spot.page, "changes": [change]}
        [told] = self.focal.post_json(f"{self.home}/autosave", body).json()["outcomes"]
        assert told["state"] == SAVED, told
        return int(told["revision"])

    def shared(self, spot: Spot, about: str) -> Known:
        """A long text with a paragraph for each of two."""
        return self.save(spot, f"{about}: first.\n\nBetween the two of {about}.\n\n{about}: last.")


@pytest.fixture
def desk(server: Server, beside: Database, tmp_path: Path) -> Desk:
    """Hesteria takes part in four mechanisms: two that the register gives it, two that it adds."""
    register = tmp_path / "register.yaml"
    register.write_text(REGISTER)
    server.flask("register", "import", str(register))
    focal = sign_in_as(server, "training")
    made = Desk(server, beside, response_of(beside, "XAH"), focal, Ledger())
    for iscm in (SABLE, LANTERN):
        made.press(focal, "mechanisms/add", mechanism=iscm)
    for iscm in (UPLAND, MERIDIAN, SABLE, LANTERN):
        made.tell(made.spot(iscm, "taking_part", "takes_part"), "yes")
    made.save(Spot("about//contact", "a.contact_name"), "Ilsa Vareno, or her deputy")
    return made


def invite(desk: Desk, email: str, name: str, *iscms: str) -> Client:
    """Give somebody a part, and let them sign in by letter."""
    parts = [f"block:{desk.block(iscm)}" for iscm in iscms]
    desk.press(desk.focal, "team/invite", email=email, name=name, parts=parts, right="write")
    return sign_in_by_letter(desk.server, email)


@pytest.fixture
def writers(desk: Desk) -> Iterator[list[Writer]]:
    """The focal point everywhere, Nino for one mechanism, Sava for three, one of them in Word."""
    line, response = Line(), str(desk.response)
    nino = SlowClient(invite(desk, NINO, "Nino Ardel", UPLAND), line, 5)
    sava = SlowClient(invite(desk, SAVA, "Sava Lorn", MERIDIAN, SABLE, LANTERN), line, 9)
    texts = [(UPLAND, "value", "would_help"), (UPLAND, "uses", "synergies")]
    with_nino = {spot: desk.shared(spot, str(spot.name)) for spot in (desk.spot(*each) for each in texts)}
    with_sava = {
        spot: desk.shared(spot, iscm)
        for iscm in (MERIDIAN, SABLE)
        for spot in [desk.spot(iscm, "value", "would_help")]
    }
    entries = [desk.spot(iscm, "value", f"values.{uuid4()}.value") for iscm in (LANTERN, UPLAND, MERIDIAN)]
    clash = [desk.spot(iscm, "uses", "home_example") for iscm in (UPLAND, MERIDIAN)]
    focal = Colleague(
        "Ilsa",
        FOCAL_POINT,
        SlowClient(desk.focal, line, 1),
        response,
        [Spot("outlook//relevance", "a.sustainability"), entries[0], *clash],
        desk.ledger,
        {spot: (0, known) for spot, known in {**with_nino, **with_sava}.items()},
    )
    own = [clash[0], entries[1]]
    first = Colleague("Nino", NINO, nino, response, own, desk.ledger, last_paragraphs(with_nino))
    own = [clash[1], entries[2], desk.spot(SABLE, "uses", "synergies")]
    second = WordUser("Sava", SAVA, sava, response, own, desk.ledger, last_paragraphs(with_sava))
    second.block, second.secret = desk.block(LANTERN), (desk.server.folder / "secret-key").read_text()
    pages = [("value", "would_help"), ("uses", "home_example"), ("uses", "synergies")]
    second.form_spots = [desk.spot(LANTERN, *each) for each in pages]
    made = [focal, first, second]
    for one in made:
        one.least = EDITS_OF_EACH
    yield list(made)
    for one in made:
        one.ending.set()


def last_paragraphs(texts: dict[Spot, Known]) -> dict[Spot, tuple[int, Known]]:
    return {spot: (2, known) for spot, known in texts.items()}


def cleared_and_submitted(desk: Desk, spot: Spot) -> None:
    """The officer whom the focal point names sends back, and approves what was changed for it."""
    desk.press(desk.focal, "clearance/rule", clearance=["wanted"])
    desk.press(desk.focal, "clearance/officer", name="Olga Brandt", email=OFFICER)
    desk.press(desk.focal, "quoting", quoting="by_name")
    desk.press(desk.focal, "clearance/ask", note="Mind the Upland Forum")
    officer = sign_in_by_letter(desk.server, OFFICER)
    page = officer.get(f"{desk.home}/clearance")
    assert "Clear the answers of Hesteria" in page.text
    block = spot.page.split("/")[1]
    remark = {f"remark.answer-{block}-{spot.name.removeprefix('a.')}": "Which debates?"}
    desk.press(officer, "clearance/decide", decision="back", seen=page.fields["seen"], **remark)
    assert desk.focal.post(f"{desk.home}/submit", {"statement": "yes"}).status == 422
    beside = desk.focal.get(f"{desk.home}/{spot.page}")
    assert "Which debates?" in beside.text
    seen = Known(int(beside.fields[f"{spot.name}.seen"]), beside.fields[spot.name])
    desk.save(spot, f"{seen.text}\n\nThe debates on seasonal work.", seen)
    page = desk.focal.get(f"{desk.home}/clearance")
    settled = re.search(r"clearance/remarks/[0-9a-f-]{36}", page.text)
    assert settled
    desk.press(desk.focal, settled.group())
    desk.press(desk.focal, "clearance/ask", note="")
    page = officer.get(f"{desk.home}/clearance")
    desk.press(officer, "clearance/decide", decision="clear", seen=page.fields["seen"])
    desk.press(desk.focal, "submit", statement="yes")


@pytest.mark.timeout(SECONDS)
def test_what_is_submitted_holds_every_acknowledged_word_of_three_who_wrote_at_once(
    server: Server, beside: Database, desk: Desk, writers: list[Writer]
) -> None:
    ledger, response = desk.ledger, desk.response
    cut_off = killed_again_and_again(server, writers, KILLS, SAVES_BETWEEN)
    for one in writers:
        one.finish(SECONDS)
    assert [one.trouble for one in writers if one.trouble] == []

    assert ledger.faults(stored(beside, response, ledger.last())) == []
    assert all(one.acknowledged >= EDITS_OF_EACH for one in writers)
    assert len(cut_off) == KILLS
    assert all(one.sent and not one.told and not one.dropped for lost in cut_off for one in lost)
    told = Counter(one.told for one in ledger.attempts)
    assert set(told) == {"saved", "merged", "conflict", ""}
    assert min(told.values()) >= KILLS, told
    assert set(Counter(one.dropped for one in ledger.attempts)) == {"", REQUEST, REPLY}

    cleared_and_submitted(desk, desk.spot(UPLAND, "value", "would_help"))
    last = ledger.last()
    assert ledger.faults(stored(beside, response, last)) == []
    assert frozen(beside, response, 1, last) == last
    assert frozen_answers(beside, response, 1) == len(last) + 4
    desk.press(desk.focal, "withdraw", reason="A sentence is missing")
    spot = desk.spot(LANTERN, "uses", "synergies")
    desk.save(spot, "Written after the submission", last[spot])
    assert frozen(beside, response, 1, last) == last
    assert "The database is sound." in server.flask("verify")
