"""A focal point and colleagues who were given parts: invited, writing, ready, and what was taken back."""

import re
from email import message_from_bytes
from email.policy import default

import pytest
from flask import Flask

from app import clock
from app.database import Database
from app.models import User
from app.services import repeating
from app.web.letters import letters
from config import Settings
from tests.browsing import Visitor
from tests.contract.conftest import actor_of
from tests.journeys.conftest import SignIn
from tests.journeys.responding import block_of, page_of, response_of, revisions, take_part

NINO = "nino@ministry.example"


@pytest.fixture
def database(round_open: Database) -> Database:
    """Takes the place of the empty database."""
    return round_open


@pytest.fixture
def focal(database: Database, sign_in: SignIn) -> Visitor:
    """Arcadia's focal point, on the overview, having said that Arcadia takes part in both mechanisms."""
    visitor = sign_in("focal-arc@example.org")
    for iscm in ("alpha", "beta"):
        take_part(database, visitor, iscm)
    visitor.open(f"/responses/{response_of(database, 'ARC')}")
    return visitor


def invite(focal: Visitor, *parts: str, right: str = "Write answers", email: str = NINO) -> None:
    """Invite a colleague on the pages that the focal point has for it."""
    focal.open(f"{base(focal)}/team/invite")
    boxes = [focal.page.control(part).get("value") for part in parts]
    focal.press(
        "Send the invitation",
        {
            "email": email,
            "name": "Nino Beridze",
            "parts": boxes,
            "right": focal.page.control(right).get("value"),
        },
    )


def base(visitor: Visitor) -> str:
    found = re.match(r"/responses/[^/?]+", visitor.url)
    assert found, visitor.url
    return found[0]


def test_a_colleague_is_invited_by_letter_and_finds_only_their_part(
    app: Flask, settings: Settings, database: Database, focal: Visitor, sign_in: SignIn
) -> None:
    focal.follow("Invite a colleague")
    invite(focal, "Alpha Process on Mobility")
    assert "Invited. The letter is on its way" in focal.page.text
    assert "Nino Beridze" in focal.page.text
    with app.app_context():
        assert letters().deliver() == 1
    letter = next(settings.mail_folder.glob("*.eml")).read_text()
    assert f"To: {NINO}" in letter
    assert "focal-arc invites you" in letter
    nino = sign_in(NINO)
    page = nino.open("/")
    assert "Alpha Process on Mobility" in page.text
    assert "by focal-arc" in page.text
    for other in (
        "Beta Dialogue",
        "Submit",
        "Invite a colleague",
        "How you may be quoted",
        "Add a mechanism",
    ):
        assert other not in page.text
    nino.follow("Alpha Process on Mobility")
    assert nino.page.heading == "Taking part"


def test_the_focal_point_sees_who_opened_works_and_is_ready(
    database: Database, focal: Visitor, sign_in: SignIn
) -> None:
    invite(focal, "Alpha Process on Mobility")
    assert "Invited" in focal.page.text
    nino = sign_in(NINO)
    assert "Has opened it" in focal.open(focal.url).text
    page_of(database, nino, "value")
    nino.press("Save and leave", {"a.would_help": "More time for debate"})
    assert "Working" in focal.open(focal.url).text
    nino.press("Mark as ready")
    assert "Ready, today" in nino.page.text
    assert "Ready, today" in focal.open(focal.url).text
    assert "Ready, says Nino Beridze, today" in focal.open(base(focal)).text
    assert "Nino Beridze" in focal.open(f"{base(focal)}/check").text
    nino.press("It is not ready after all")
    assert "With Nino Beridze" in focal.open(base(focal)).text


def test_who_wrote_an_answer_stands_beside_it_whoever_it_was(
    database: Database, focal: Visitor, sign_in: SignIn
) -> None:
    invite(focal, "Alpha Process on Mobility")
    nino = sign_in(NINO)
    page_of(database, nino, "value")
    nino.press("Save and leave", {"a.would_help": "More time"})
    assert "Nino Beridze, today" in page_of(database, focal, "value").text
    assert "Nino Beridze, today" in focal.open(f"{base(focal)}/check").text
    assert "focal-arc, today" in focal.page.text


def test_a_mission_reads_along(database: Database, focal: Visitor, sign_in: SignIn) -> None:
    invite(focal, "All answers", right="Read only")
    mission = sign_in(NINO)
    mission.open("/")
    assert "Beta Dialogue on Asylum" in mission.page.text
    assert "Mark as ready" not in mission.page.text
    assert page_of(database, mission, "value").heading == "Answers of Arcadia"


def test_what_was_given_is_changed_and_taken_back_on_a_page_that_asks(
    database: Database, focal: Visitor, sign_in: SignIn
) -> None:
    invite(focal, "Alpha Process on Mobility")
    focal.follow("Change what Nino Beridze was given")
    focal.press("Save this change", {"parts": [focal.page.control("Beta Dialogue on Asylum").get("value")]})
    nino = sign_in(NINO)
    assert page_of(database, nino, "value", "beta").heading.startswith("Why")
    nino.open(
        f"/responses/{response_of(database, 'ARC')}/mechanisms/{block_of(database, 'ARC', 'alpha')}/value",
        404,
    )
    focal.follow("Take back what Nino Beridze was given")
    assert focal.page.heading == "Take back what Nino Beridze was given?"
    focal.press("Take everything back from Nino Beridze")
    assert "Nobody yet" in focal.page.text
    assert "Nino Beridze" not in focal.page.text
    assert "Nino Beridze" not in focal.open(base(focal)).text
    nino.open(base(focal), status=404)
    assert nino.open("/").heading == "There is nothing for you to answer now"


def test_everything_wrong_with_an_invitation_is_said_at_once_and_kept(focal: Visitor) -> None:
    focal.open(f"{base(focal)}/team/invite")
    page = focal.press("Send the invitation", {"email": "no address", "name": "Nino"}, status=422)
    assert "Give an address such as n.beridze@mfa.example" in page.text
    assert "Choose what you give" in page.text
    assert page.by_id("name").get("value") == "Nino"
    page = focal.press("Send the invitation", {"email": "COLLEAGUE@example.org", "parts": "all"}, status=422)
    assert "colleague takes part already, and sees all answers of Arcadia" in page.text
    page.control("All answers")


def test_the_same_address_twice_is_told(focal: Visitor) -> None:
    invite(focal, "All answers")
    focal.open(f"{base(focal)}/team/invite")
    page = focal.press("Send the invitation", {"email": NINO, "parts": "all"}, status=422)
    assert "Nino Beridze is in the team already. Change what was given there" in page.text


def test_a_part_taken_back_while_its_colleague_types_hands_the_text_back(
    database: Database, focal: Visitor, sign_in: SignIn
) -> None:
    invite(focal, "Alpha Process on Mobility", "Beta Dialogue on Asylum")
    nino = sign_in(NINO)
    page_of(database, nino, "value")
    focal.follow("Change what Nino Beridze was given")
    focal.press("Save this change", {"parts": [focal.page.control("Beta Dialogue on Asylum").get("value")]})
    page = nino.press("Save and continue", {"a.would_help": "Typed too late"}, status=409)
    assert "focal-arc has taken back what you were given here" in page.text
    assert "Typed too late" in page.text
    assert revisions(database, "would_help") == []


@pytest.mark.parametrize("left", [True, False], ids=["something left", "nothing left"])
def test_autosave_says_who_took_the_part_back_and_the_page_keeps_the_text(
    database: Database, focal: Visitor, sign_in: SignIn, left: bool
) -> None:
    invite(focal, "Alpha Process on Mobility", *(["Beta Dialogue on Asylum"] if left else []))
    nino = sign_in(NINO)
    page_of(database, nino, "value")
    place = f"mechanisms/{block_of(database, 'ARC', 'alpha')}/value"
    if left:
        focal.follow("Change what Nino Beridze was given")
        beta = focal.page.control("Beta Dialogue on Asylum").get("value")
        focal.press("Save this change", {"parts": [beta]})
    else:
        focal.follow("Take back what Nino Beridze was given")
        focal.press("Take everything back from Nino Beridze")
    changes = [{"name": "a.would_help", "seen": 0, "values": {"a.would_help": ["Typed too late"]}}]
    body = {"page": place, "changes": changes}
    answer = nino.post_json(f"/responses/{response_of(database, 'ARC')}/autosave", body)
    assert answer.status_code == 409
    assert answer.json is not None
    assert "focal-arc has taken back what you were given here" in answer.json["text"]


@pytest.mark.parametrize("email", [NINO, "focal-arc@example.org"])
def test_a_mechanism_removed_while_somebody_types_in_it_hands_the_text_back(
    database: Database, focal: Visitor, sign_in: SignIn, email: str
) -> None:
    response, actor = response_of(database, "ARC"), actor_of(database, "ARC")
    focal.open(f"{base(focal)}/mechanisms/add")
    focal.press("Add this mechanism", {"mechanism": "Gamma Forum"})
    gamma = block_of(database, "ARC", "gamma")
    invite(focal, "Gamma Forum")
    writer = sign_in(email)
    writer.open(f"/responses/{response}/mechanisms/{gamma}/taking_part")
    with database.begin() as session:
        repeating.remove_instance(session, response, gamma, actor, clock.now())
    changes = [{"name": "a.takes_part", "seen": 0, "values": {"a.takes_part": ["yes"]}}]
    body = {"page": f"mechanisms/{gamma}/taking_part", "changes": changes}
    answer = writer.post_json(f"/responses/{response}/autosave", body)
    assert (answer.status_code, answer.json and answer.json["text"][:28]) == (
        409,
        "This entry has been removed.",
    )
    page = writer.press("Save and continue", {"a.inactive_reason": "Typed too late"}, status=409)
    assert "This entry has been removed." in page.text
    assert "Typed too late" in page.text


def test_one_person_is_focal_point_here_and_colleague_there(
    database: Database, focal: Visitor, sign_in: SignIn
) -> None:
    invite(focal, "Alpha Process on Mobility", email="focal-bor@example.org")
    person = sign_in("focal-bor@example.org")
    person.open("/hats")
    person.press("Go on", {"hat": person.page.control("Arcadia").get("value")})
    assert person.page.heading.startswith("Arcadia")
    assert "Submit" not in person.page.text
    person.open("/hats")
    person.press("Go on", {"hat": person.page.control("Borduria").get("value")})
    assert person.page.heading.startswith("Borduria")
    assert "Check all answers" in person.page.text


def test_also_open_by_is_told_to_whoever_has_the_same_page_open(
    database: Database, focal: Visitor, sign_in: SignIn
) -> None:
    invite(focal, "Alpha Process on Mobility")
    nino = sign_in(NINO)
    page_of(database, nino, "value")
    page_of(database, focal, "value")
    here = {"page": f"mechanisms/{block_of(database, 'ARC', 'alpha')}/value"}
    address = f"{base(focal)}/presence"
    assert nino.post_json(address, here).json == {"said": ""}
    said = focal.post_json(address, here).json
    assert said == {"said": "Also open by Nino Beridze. You can both write; nothing is overwritten."}
    elsewhere = {"page": f"mechanisms/{block_of(database, 'ARC', 'beta')}/value"}
    assert focal.post_json(address, elsewhere).json == {"said": ""}
    assert nino.post_json(address, elsewhere).status_code == 404
    assert nino.post_json(address, {"page": "../../etc"}).status_code == 400


def test_a_name_typed_by_the_focal_point_changes_nobody_s_own(database: Database, focal: Visitor) -> None:
    invite(focal, "All answers", email="focal-syl@example.org")
    with database.read() as session:
        assert session.query(User).filter_by(email="focal-syl@example.org").one().name == "focal-syl"


@pytest.mark.parametrize("colleague", ["invited", "named"])
def test_a_name_brings_no_lines_of_its_own_into_a_letter(
    app: Flask, settings: Settings, database: Database, focal: Visitor, colleague: str
) -> None:
    name = "Nino\n\nYour mailbox is full: https://evil.example\0"
    if colleague == "invited":
        focal.open(f"{base(focal)}/team/invite")
        box = focal.page.control("All answers").get("value")
        focal.press("Send the invitation", {"email": NINO, "name": name, "parts": [box]})
    else:
        focal.open(f"{base(focal)}/clearance")
        focal.press("Save this rule", {"clearance": ["wanted"]})
        focal.press("Name this clearing officer", {"email": NINO, "name": name})
    with app.app_context():
        letters().deliver()
    letter = message_from_bytes(next(settings.mail_folder.glob("*.eml")).read_bytes(), policy=default)
    first = letter.get_content().splitlines()[0]
    assert first == "Dear Nino Your mailbox is full: https://evil.example,"
