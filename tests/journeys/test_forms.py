"""Answering in Word and Excel: downloading, colleagues writing, handing in, accepting one by one or all."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from sqlalchemy import event, select

from app import clock
from app.database import Database
from app.definitions.schema import from_stored
from app.models import Answer, AnswerRevision, AuditEvent, RepeatInstance, Response
from app.policy import SYSTEM
from app.queries import definitions
from app.services import publishing
from tests.browsing import Page, Visitor
from tests.factories import NOW
from tests.filling import Filling
from tests.journeys.conftest import SignIn
from tests.journeys.responding import block_of, page_of, response_of, revisions, take_part

KINDS = ["docx", "xlsx"]


@pytest.fixture
def database(round_open: Database) -> Database:
    """Takes the place of the empty database."""
    return round_open


@pytest.fixture
def focal(database: Database, sign_in: SignIn) -> Visitor:
    """Arcadia's focal point, on the overview."""
    visitor = sign_in("focal-arc@example.org")
    visitor.open(f"/responses/{response_of(database, 'ARC')}")
    return visitor


def forms_page(database: Database, visitor: Visitor, code: str = "ARC") -> Page:
    return visitor.open(f"/responses/{response_of(database, code)}/forms")


def download(
    database: Database,
    visitor: Visitor,
    kind: str,
    scope: str = "all",
    contents: str = "answers",
    code: str = "ARC",
) -> bytes:
    forms_page(database, visitor, code)
    answer = visitor.send("Download the form", {"format": kind, "scope": scope, "contents": contents})
    assert answer.status_code == 200, answer.text[:500]
    assert answer.headers["Content-Disposition"].startswith("attachment")
    return bytes(answer.data)


def hand_in(database: Database, visitor: Visitor, data: bytes, status: int = 200, code: str = "ARC") -> Page:
    forms_page(database, visitor, code)
    form = visitor.page.form_of(visitor.page.button("Show the differences"))
    fields = {**visitor.values(form).to_dict(), "form": (io.BytesIO(data), "form.bin")}
    answer = visitor.client.post(form.get("action", ""), data=fields, content_type="multipart/form-data")
    return visitor._read(answer, status)


@pytest.mark.parametrize("kind", KINDS)
def test_what_colleagues_write_in_a_form_becomes_the_answers_once(
    database: Database, focal: Visitor, kind: str
) -> None:
    alpha = block_of(database, "ARC", "alpha")
    filling = Filling(download(database, focal, kind))
    filling.answer("contact_name", "Anna Example").answer("takes_part", "yes", instance=alpha)
    filling.answer("effects", [], part=".none", instance=alpha)
    filling.answer("example", "a law on seasonal work\nwith two lines", instance=alpha, empty=1)
    filling.answer("year", "2021", instance=alpha, empty=1)
    filling.answer("kinds", ["law", "policy"], instance=alpha, empty=1)
    data = filling.saved()
    page = hand_in(database, focal, data)
    assert page.heading == "The form differs in 5 answers"
    assert revisions(database, "contact_name") == []
    page = focal.press("Accept all")
    assert "5 answers taken over from the form" in page.text
    assert revisions(database, "contact_name") == ["Anna Example"]
    assert revisions(database, "takes_part") == ["yes"]
    assert revisions(database, "example") == ["a law on seasonal work\nwith two lines"]
    assert revisions(database, "kinds") == [{"options": ["law", "policy"]}]
    assert hand_in(database, focal, data).heading == "The form changes nothing"
    with database.read() as session:
        assert (
            len(session.scalars(select(RepeatInstance).where(RepeatInstance.group_key == "effects")).all())
            == 1
        )
        acts = set(session.scalars(select(AuditEvent.act)))
    assert {"exported_form", "accepted_form"} <= acts


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_that_nobody_wrote_in_changes_nothing(database: Database, focal: Visitor, kind: str) -> None:
    take_part(database, focal)
    page_of(database, focal, "value")
    focal.press("Save and leave", {"a.would_help": "= More time\tfor 😀 debate\r\n\r\nالوقت"})
    data = download(database, focal, kind)
    assert hand_in(database, focal, data).heading == "The form changes nothing"


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_that_changed_online_meanwhile_needs_a_choice(
    database: Database, focal: Visitor, sign_in: SignIn, kind: str
) -> None:
    take_part(database, focal)
    data = download(database, focal, kind)
    colleague = sign_in("colleague@example.org")
    page_of(database, colleague, "value")
    colleague.press("Save and leave", {"a.would_help": "More time for questions"})
    filled = Filling(data).answer("would_help", "More time for debate").answer("contact_name", "Anna").saved()
    page = hand_in(database, focal, filled)
    assert "Changed online since: choose" in page.text
    page = focal.press("Accept what is chosen", status=409)
    assert "1 answer taken over" in page.text
    assert revisions(database, "would_help") == ["More time for questions"]
    radio = next(each for each in page.all("input", type="radio") if each.get("value") == "form")
    focal.press("Accept what is chosen", {radio.get("name", ""): "form"})
    assert revisions(database, "would_help") == ["More time for questions", "More time for debate"]


def test_one_answer_is_accepted_and_another_left(database: Database, focal: Visitor) -> None:
    filled = Filling(download(database, focal, "docx"))
    data = filled.answer("contact_name", "Anna").answer("contact_role", "Adviser").saved()
    page = hand_in(database, focal, data)
    boxes = [each.get("value", "") for each in page.all("input", name="take")]
    focal.press("Accept what is chosen", {"take": [box for box in boxes if "contact_name" in box]})
    assert revisions(database, "contact_name") == ["Anna"]
    assert revisions(database, "contact_role") == []


def test_what_cannot_be_an_answer_is_named_and_the_rest_accepted(database: Database, focal: Visitor) -> None:
    alpha = block_of(database, "ARC", "alpha")
    filled = Filling(download(database, focal, "docx"))
    filled.answer("contact_name", "Anna").answer("takes_part", "perhaps", instance=alpha)
    filled.answer("year", "long ago", instance=alpha, empty=2)
    page = hand_in(database, focal, filled.saved())
    assert "2 places cannot be taken over" in page.text
    assert "Choose yes" in page.text
    assert "Give the year as four digits, such as 2021" in page.text
    focal.press("Accept what is chosen")
    assert revisions(database, "contact_name") == ["Anna"]
    assert revisions(database, "takes_part") == []


def test_a_blank_form_shows_nothing_and_overwrites_nothing_unasked(
    database: Database, focal: Visitor
) -> None:
    take_part(database, focal)
    page_of(database, focal, "value")
    focal.press("Save and leave", {"a.would_help": "More time"})
    data = download(database, focal, "docx", contents="blank")
    assert b"More time" not in data
    assert hand_in(database, focal, data).heading == "The form changes nothing"
    page = hand_in(database, focal, Filling(data).answer("would_help", "Less paper").saved())
    assert "Changed online since: choose" in page.text


def test_a_form_can_be_about_one_mechanism(database: Database, focal: Visitor) -> None:
    alpha = block_of(database, "ARC", "alpha")
    manifest = Filling(download(database, focal, "xlsx", scope=str(alpha))).manifest
    assert {shipped.spot.group for shipped in manifest.shipped} >= {"mechanisms", "effects"}
    assert {shipped.spot.instance for shipped in manifest.shipped} == {alpha}


def test_another_respondent_s_form_is_refused(database: Database, focal: Visitor, sign_in: SignIn) -> None:
    other = sign_in("focal-bor@example.org")
    theirs = Filling(download(database, other, "docx", code="BOR")).answer("contact_name", "Boris").saved()
    page = hand_in(database, focal, theirs, status=422)
    assert "made for other answers" in page.text
    assert "Boris" not in page.text


@pytest.mark.parametrize("person", ["reader", "beta-only"])
def test_who_may_not_write_an_answer_does_not_by_a_form(
    database: Database, focal: Visitor, sign_in: SignIn, person: str
) -> None:
    alpha, beta = block_of(database, "ARC", "alpha"), block_of(database, "ARC", "beta")
    filling = Filling(download(database, focal, "docx"))
    filling.answer("takes_part", "yes", instance=alpha).answer("takes_part", "yes", instance=beta)
    visitor = sign_in(f"{person}@example.org")
    page = forms_page(database, visitor)
    if person == "reader":
        assert "No form can be handed in now" in page.text
        return
    page = hand_in(database, visitor, filling.saved())
    assert "You may not write here" in page.text
    assert page.heading == "The form differs in 1 answer"
    visitor.press("Accept what is chosen")
    assert _answered_blocks(database) == [beta]


def _answered_blocks(database: Database) -> list[UUID | None]:
    with database.read() as session:
        return list(session.scalars(select(Answer.instance_id).where(Answer.question_key == "takes_part")))


@pytest.mark.parametrize("contents", ["answers", "blank"])
@pytest.mark.parametrize("whole", [True, False])
def test_paper_is_to_be_had_of_everything_and_of_a_part(
    database: Database, focal: Visitor, contents: str, whole: bool
) -> None:
    scope = "all" if whole else str(block_of(database, "ARC", "alpha"))
    assert download(database, focal, "pdf", scope=scope, contents=contents).startswith(b"%PDF-")


def test_a_removed_entry_takes_nothing_from_a_form(database: Database, focal: Visitor) -> None:
    alpha = block_of(database, "ARC", "alpha")
    data = Filling(download(database, focal, "docx")).answer("year", "2020", instance=alpha, empty=1).saved()
    hand_in(database, focal, data)
    focal.press("Accept what is chosen")
    again = Filling(download(database, focal, "docx"))
    with database.read() as session:
        record = session.scalars(select(RepeatInstance.id).where(RepeatInstance.group_key == "effects")).one()
    changed = again.answer("year", "2022", instance=record).saved()
    with database.begin() as session:
        session.get_one(RepeatInstance, record).removed_at = clock.now()
    page = hand_in(database, focal, changed)
    assert "This entry was removed online" in page.text


def test_a_form_of_an_older_version_says_what_changed_and_what_fits_is_taken(
    database: Database, focal: Visitor
) -> None:
    data = Filling(download(database, focal, "docx"))
    data.answer("contact_name", "Anna").answer("contact_role", "Adviser")
    with database.begin() as session:
        response = session.get_one(Response, response_of(database, "ARC"))
        stored = definitions.of(session, response.questionnaire_version_id).stored()
        questions = stored["sections"][0]["pages"][0]["questions"]
        stored["sections"][0]["pages"][0]["questions"] = [
            each for each in questions if each["key"] != "contact_role"
        ]
        version = publishing.publish_version(session, from_stored({**stored, "version": 2}), SYSTEM, now=NOW)
        response.questionnaire_version_id = version.id
    page = hand_in(database, focal, data.saved())
    assert "The questionnaire has changed since this form was made" in page.text
    assert "Function of the contact: question removed" in page.text
    assert "Function of the contact: This is asked no more." in page.text
    focal.press("Accept what is chosen")
    assert revisions(database, "contact_name") == ["Anna"]


def test_a_form_costs_the_same_statements_however_much_it_says(database: Database, focal: Visitor) -> None:
    alpha = block_of(database, "ARC", "alpha")
    data = download(database, focal, "docx")
    little = Filling(data).answer("contact_name", "Anna").saved()
    much = Filling(data).answer("contact_name", "Anna").answer("takes_part", "yes", instance=alpha)
    for empty in (1, 2, 3):
        much.answer("example", "a law", instance=alpha, empty=empty)
        much.answer("year", "2020", instance=alpha, empty=empty)
        much.answer("with", "Borduria\nIslands of Syldavia", instance=alpha, empty=empty)
    counts = []
    for form in (little, little, much.saved()):
        with counted(focal) as statements:
            hand_in(database, focal, form)
        counts.append(len(statements))
    assert counts[1] <= counts[2] <= counts[1] + 1  # the register is read once, where names are asked for


@contextmanager
def counted(visitor: Visitor) -> Iterator[list[str]]:
    engine = visitor.app.extensions["database"].engine
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_others: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def test_a_page_that_was_changed_on_the_way_stores_nothing_strange(
    database: Database, focal: Visitor
) -> None:
    hand_in(
        database, focal, Filling(download(database, focal, "docx")).answer("contact_name", "Anna").saved()
    )
    strange = ['["x"]', "[" * 100_000, '[[null,null,null],"no_such","","x",0,0,null]', "null", "{}"]
    strange.append('[[null,null,null],"contact_name","",{"a":[1]},0,0,null]')
    strange.append('[[null,"mechanisms",null],"reasons","",{"options":7},0,0,null]')
    strange.append(
        '[["8c9a3f0e-1111-4222-8333-444455556666","mechanisms",null],"takes_part","","yes",0,0,null]'
    )
    fields = {"proposal": strange, "action": "all"}
    page = focal.press("Accept what is chosen", fields, status=409)
    assert "This entry has been removed" in page.text
    assert revisions(database, "contact_name") == []


def test_a_colleague_with_a_part_takes_and_hands_in_that_part_only(
    database: Database, focal: Visitor, sign_in: SignIn
) -> None:
    alpha, beta = block_of(database, "ARC", "alpha"), block_of(database, "ARC", "beta")
    whole = Filling(download(database, focal, "docx"))
    whole.answer("contact_name", "Anna").answer("takes_part", "yes", instance=alpha)
    whole.answer("takes_part", "yes", instance=beta).answer("recommendation", "One calendar", empty=1)
    focal.open(f"/responses/{response_of(database, 'ARC')}/team/invite")
    part = focal.page.control("Alpha Process on Mobility").get("value")
    right = focal.page.control("Write answers").get("value")
    nino = {"email": "nino@ministry.example", "name": "Nino Beridze", "parts": part, "right": right}
    focal.press("Send the invitation", nino)
    colleague = sign_in("nino@ministry.example")
    own = Filling(download(database, colleague, "docx")).manifest
    assert {shipped.spot.instance for shipped in own.shipped} == {alpha}
    page = hand_in(database, colleague, whole.saved())
    assert page.heading == "The form differs in 1 answer"
    assert "Beta Dialogue" not in page.text
    colleague.press("Accept what is chosen")
    assert _answered_blocks(database) == [alpha]
    assert revisions(database, "contact_name") == revisions(database, "recommendation") == []


def accept(database: Database, visitor: Visitor, proposal: str) -> int:
    """Send the page with the differences as somebody changed it on the way."""
    forms_page(database, visitor)
    token = visitor.page.all("input", name="csrf_token")[0].get("value", "")
    fields = {"csrf_token": token, "action": "all", "proposal": proposal}
    return visitor.client.post(f"{visitor.url}/accept", data=fields).status_code


@pytest.mark.parametrize("confirms", ["register:contact_name", "still_true:0", "x" * 500, "\ud800", "\0"])
def test_a_form_confirms_only_what_the_register_says(
    database: Database, focal: Visitor, confirms: str
) -> None:
    proposal = json.dumps([[None, None, None], "contact_name", "", "Mallory", 0, 0, confirms])
    assert accept(database, focal, proposal) == 302
    with database.read() as session:
        revision = session.scalars(select(AnswerRevision)).one()
    assert (revision.value, revision.confirms) == ("Mallory", None)


@pytest.mark.parametrize("seen", ["1e999", "-1e999", "NaN"])
def test_a_changed_page_of_differences_is_no_fault_of_ours(
    database: Database, focal: Visitor, seen: str
) -> None:
    take_part(database, focal)
    alpha = block_of(database, "ARC", "alpha")
    assert accept(database, focal, f'[[null,null,null],"contact_name","","A",{seen},{seen},null]') == 302
    slot = f'["{alpha}","effects","{alpha}"]'
    assert accept(database, focal, f'[{slot},"year","",{seen},0,0,null]') == 302
    assert revisions(database, "contact_name") == revisions(database, "year") == []


def test_a_file_beyond_every_limit_is_refused_with_the_limit(database: Database, focal: Visitor) -> None:
    home = f"/responses/{response_of(database, 'ARC')}"
    token = focal.open(f"{home}/forms").all("input", name="csrf_token")[0].get("value", "")
    disposition = 'Content-Disposition: form-data; name="{}"'
    named = f'{disposition.format("form")}; filename="form.docx"'
    head = f"--b\r\n{disposition.format('csrf_token')}\r\n\r\n{token}\r\n--b\r\n{named}\r\n\r\n"
    body = head.encode() + bytes(22_000_000) + b"\r\n--b--\r\n"
    answer = focal.client.post(f"{home}/forms", data=body, content_type="multipart/form-data; boundary=b")
    assert answer.status_code == 413
    assert "The file is larger than 4 MB." in answer.text
