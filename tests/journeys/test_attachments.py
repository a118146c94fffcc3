"""A law beside an example: attached, replaced, removed, brought back, and read by staff once submitted."""

import hashlib
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app import clock
from app.database import Database
from app.models import Attachment, Attribution, AuditEvent, File, RepeatInstance, User, Via
from app.queries import people
from app.services import answering, attaching, attributing, filing, submitting
from app.services.answering import Change
from tests.browsing import Page, Visitor
from tests.journeys import responding
from tests.journeys.conftest import SignIn
from tests.journeys.responding import entry, page_of, response_of, take_part
from tests.storing import PDF, multipart, unfinished, word


@pytest.fixture
def database(round_open: Database) -> Database:
    """Takes the place of the empty database."""
    return round_open


@pytest.fixture
def focal(database: Database, sign_in: SignIn) -> Visitor:
    """Arcadia's focal point, who has written one example."""
    visitor = sign_in("focal-arc@example.org")
    take_part(database, visitor)
    page = page_of(database, visitor, "changes")
    visitor.press("Keep this entry", {f"{entry(page, 'effects')}.example": "a law on asylum"})
    return visitor


def record_of(database: Database) -> UUID:
    with database.read() as session:
        return session.scalars(select(RepeatInstance.id).where(RepeatInstance.group_key == "effects")).one()


def send(visitor: Visitor, content: bytes, name: str, key: str = "", **headers: str) -> TestResponse:
    """Choose a file on the page that is open and press its button."""
    form = visitor.page.by_id("send")
    fields = {each: visitor.values(form)[each] for each in ("csrf_token", "key")} | (
        {"key": key} if key else {}
    )
    body, media_type = multipart(fields, content, name)
    return visitor.client.post(visitor.url, data=body, content_type=media_type, headers=headers)


def attach(visitor: Visitor, content: bytes, name: str) -> Page:
    """Attach a file to the example, and come back to its page."""
    if visitor.page.heading != "Attach a file or a link: Evidence":
        visitor.press("Attach a file or a link")
    answer = send(visitor, content, name)
    assert answer.status_code == 302, answer.text
    return visitor.open(answer.headers["Location"])


def refused(visitor: Visitor, content: bytes, name: str, status: int = 422) -> str:
    visitor.press("Attach a file or a link")
    answer = send(visitor, content, name)
    assert answer.status_code == status, answer.headers
    return Page(answer.text).text


def rows(database: Database) -> list[Attachment]:
    with database.read() as session:
        return list(session.scalars(select(Attachment).order_by(Attachment.added_at)))


def test_what_is_attached_stands_under_its_answer_and_comes_back_as_it_was(
    database: Database, focal: Visitor
) -> None:
    page = focal.press("Attach a file or a link")
    assert "at most 20 MB" in page.text
    assert "not scanned for viruses" in page.text
    page = attach(focal, word(), "Law on asylum.docx")
    assert "Law on asylum.docx DOCX, 36 kB · focal-arc, today" in page.text.replace("Download ", "")
    answer = focal.client.get(page.link("Law on asylum.docx"))
    assert answer.data == word()
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="Law on asylum.docx";')
    assert answer.headers["Content-Type"].endswith("wordprocessingml.document")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_link_is_attached_with_its_words(database: Database, focal: Visitor) -> None:
    focal.press("Attach a file or a link")
    focal.press("Attach this link", {"url": "javascript:alert(1)", "label": "Act"}, status=422)
    assert focal.page.by_id("label").get("value") == "Act"
    page = focal.press("Attach this link", {"url": "https://law.example/2024", "label": "Migration Act 2024"})
    assert page.link("Migration Act 2024") == "https://law.example/2024"


def test_leaving_to_attach_saves_the_page_first(database: Database, focal: Visitor) -> None:
    page = page_of(database, focal, "changes")
    focal.open(f"{page.url}?open={record_of(database)}")
    focal.press("Attach a file or a link", {f"a.effects.{record_of(database)}.year": "2021"})
    assert responding.revisions(database, "year") == [2021]


def test_the_same_page_sent_twice_attaches_once(database: Database, focal: Visitor) -> None:
    focal.press("Attach a file or a link")
    first = send(focal, PDF, "law.pdf", key="the-same")
    second = send(focal, PDF, "law.pdf", key="the-same")
    assert (first.status_code, second.status_code) == (302, 302)
    assert len(rows(database)) == 1
    send(focal, word(), "law.docx", key="the-same")
    assert [row.name for row in rows(database)] == ["law.pdf", "law.docx"], "another file is another one"


def test_replacing_and_removing_keep_what_was_there(database: Database, focal: Visitor) -> None:
    attach(focal, PDF, "draft.pdf")
    focal.press("Replace draft.pdf")
    focal.open(send(focal, word(), "final.docx").headers["Location"])
    assert "draft.pdf" not in focal.page.text
    focal.press("Remove final.docx")
    assert "you can bring it back" in focal.page.text
    page = focal.press("Remove this attachment")
    assert "final.docx DOCX, 36 kB · removed today" in page.text
    assert "draft.pdf PDF, 1 kB · replaced today" in page.text
    gone = rows(database)[-1]
    assert focal.client.get(f"/responses/{gone.response_id}/attachments/{gone.id}").status_code == 404
    page = focal.press("Bring back “final.docx”")
    assert page.link("final.docx")
    with database.read() as session:
        acts = session.scalars(select(AuditEvent.act).where(AuditEvent.subject_kind == "attachment"))
        assert sorted(acts) == [
            *("attached", "attached", "removed_attachment", "removed_attachment", "restored_attachment")
        ]


def test_a_page_that_calls_itself_a_picture_is_refused_and_leaves_nothing(
    database: Database, focal: Visitor
) -> None:
    assert "Choose a PDF, DOCX, XLSX" in refused(focal, b"<!doctype html><script>alert(1)</script>", "a.png")
    assert rows(database) == []


def test_a_name_is_made_harmless(database: Database, focal: Visitor) -> None:
    page = attach(focal, PDF, "..\\..\\etc/pass\u202efdp.exe X: \x07<b>.html")
    assert rows(database)[0].name == "passfdp.exe X: <b>.html.pdf"
    answer = focal.client.get(page.link("passfdp.exe"))
    assert "\n" not in answer.headers["Content-Disposition"]
    assert answer.mimetype == "application/pdf"


def test_20_mb_are_taken_and_a_byte_more_is_not(database: Database, focal: Visitor) -> None:
    most = PDF + b" " * (filing.LARGEST - len(PDF))
    attach(focal, most, "all.pdf")
    assert "20.01 MB" in refused(focal, most + b" ", "more.pdf")
    assert [row.name for row in rows(database)] == ["all.pdf"]


def test_what_is_far_too_large_gets_the_limit_on_the_page(database: Database, focal: Visitor) -> None:
    attach(focal, PDF, "law.pdf")
    page = refused(focal, PDF + b" " * (filing.LARGEST + 2_000_000), "more.pdf", status=413)
    assert "at most 20 MB. This one is larger; nothing was changed" in page
    assert "law.pdf" in page


def test_one_more_than_there_can_be_is_refused(database: Database, focal: Visitor, tmp_path: Path) -> None:
    for number in range(4):
        attach(focal, PDF, f"{number}.pdf")
    focal.press("Attach a file or a link")
    late = focal.url, focal.page
    attach(focal, PDF, "4.pdf")
    assert "Attach a file or a link" not in focal.page.text
    focal.url, focal._page = late
    answer = send(focal, word(), "5.docx")
    assert answer.status_code == 422
    assert "At most 5 files and links can be attached here" in Page(answer.text).text
    assert len(rows(database)) == 5
    kept = [path.name for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert kept == [hashlib.sha256(PDF).hexdigest()], "what is refused fills no disk"


def test_all_files_together_have_a_limit(
    database: Database, focal: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    attach(focal, word(), "law.docx")
    monkeypatch.setattr(attaching, "MOST_OF_RESPONSE", len(word()) + 1)
    assert "together may have 200 MB" in refused(focal, PDF, "plan.pdf")


def test_the_same_content_is_kept_once(database: Database, focal: Visitor, tmp_path: Path) -> None:
    attach(focal, PDF, "one.pdf")
    attach(focal, PDF, "two.pdf")
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(File)) == 1
    digest = hashlib.sha256(PDF).hexdigest()
    assert (tmp_path / "files" / digest[:2] / digest).read_bytes() == PDF
    assert unfinished(tmp_path) == []


def test_a_script_gets_its_answers_as_json(database: Database, focal: Visitor) -> None:
    focal.press("Attach a file or a link")
    json = {"Accept": "application/json"}
    wrong = send(focal, b"<html>", "page.html", **json)
    assert (wrong.status_code, wrong.json) == (422, {"error": wrong.json["error"]})  # type: ignore[index]  # it has one
    right = send(focal, PDF, "law.pdf", **json)
    assert right.json is not None
    assert "law.pdf" in focal.open(right.json["next"]).text


def test_staff_see_what_was_submitted_and_nothing_before(
    database: Database, focal: Visitor, sign_in: SignIn, tmp_path: Path
) -> None:
    page = attach(focal, PDF, "law.pdf")
    address = page.link("law.pdf")
    analyst = sign_in("analyst@example.org")
    assert analyst.client.get(address).status_code == 404
    response = response_of(database, "ARC")
    focal.press("Attach a file or a link")
    late = focal.url, focal.page
    focal.open(f"/responses/{response}/check")
    assert "law.pdf PDF, 1 kB · SHA-256" in focal.page.text.replace("Download ", "")
    _submit(database)
    assert analyst.client.get(address).data == PDF
    focal.url, focal._page = late
    assert send(focal, word(), "late.docx").status_code == 409
    kept = [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert len(kept) == 1, "what comes too late fills no disk"
    assert focal.open(focal.url).heading == "Answers of Arcadia"
    page = analyst.open(f"/responses/{response}/print")
    assert hashlib.sha256(PDF).hexdigest() in page.text


def _submit(database: Database) -> None:
    """Everything that is required, then off."""
    response, block = response_of(database, "ARC"), responding.block_of(database, "ARC", "beta")
    with database.begin() as session:
        user = session.scalars(select(User).where(User.email == "focal-arc@example.org")).one()
        focal, now = people.actor(session, user, clock.now()), clock.now()
        change = Change(block, "takes_part", "", "yes", 0)
        answering.save_answers(session, response, [change], focal, Via.PAGE, now)
        attributing.choose(session, response, Attribution.BY_NAME, focal, now)
        submitting.submit(session, response, "Cleared.", focal, now)


def test_a_colleague_for_one_mechanism_attaches_there_only(
    database: Database, focal: Visitor, sign_in: SignIn
) -> None:
    attach(focal, PDF, "law.pdf")
    row = rows(database)[0]
    beta_only = sign_in("beta-only@example.org")
    base = f"/responses/{row.response_id}/attachments"
    assert beta_only.client.get(f"{base}/{row.id}").status_code == 200
    for address in (
        f"{base}/{row.id}/remove",
        f"{base}/{row.id}/replace",
        f"{base}/to/{row.instance_id}/evidence",
    ):
        assert beta_only.client.get(address).status_code == 404, address


def test_nothing_is_attached_where_the_questionnaire_asks_for_none(
    database: Database, focal: Visitor
) -> None:
    base = f"/responses/{response_of(database, 'ARC')}/attachments/to"
    for place in ("contact_name", "evidence", f"{record_of(database)}/year", "no_such_question"):
        assert focal.client.get(f"{base}/{place}").status_code == 404, place
