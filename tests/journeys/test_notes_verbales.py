"""Notes verbales: one as a Word file, all as a ZIP, in the words of the round."""

import io
import zipfile

import docx
import pytest
from sqlalchemy import select

from app.database import Database
from app.models import AuditEvent, Organisation, RoundProfile
from tests.browsing import Visitor
from tests.journeys import asking
from tests.journeys.conftest import SignIn

PAGE = "/rounds/2026/notes-verbales"


@pytest.fixture(autouse=True)
def round_open(database: Database) -> None:
    asking.settle(database)


@pytest.fixture
def staff(sign_in: SignIn) -> Visitor:
    return sign_in("coordinator@example.org")


def words(content: bytes) -> str:
    return "\n".join(each.text for each in docx.Document(io.BytesIO(content)).paragraphs)


def test_one_note_is_formal_and_complete(staff: Visitor, database: Database) -> None:
    with database.begin() as session:
        profile = session.scalars(
            select(RoundProfile)
            .join(Organisation, Organisation.id == RoundProfile.organisation_id)
            .where(Organisation.code == "BOR")
        ).one()
        profile.facts = {**profile.facts, "formal_name": "the Republic of {Borduria} & \x0b<Sons>"}
    staff.open(PAGE)
    answer = staff.send("Word: Borduria", {"reference": "IPD/2026", "dated": "2026-11-27"})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="IPD-2026-BOR.docx"'
    text = words(answer.data)
    assert "presents its compliments to the Permanent Mission of the Republic of {Borduria} & <Sons>" in text
    assert "Reference: IPD/2026/BOR" in text
    assert "27 November 2026" in text
    assert "Alpha Process on Mobility" in text
    assert "16 November 2027, Geneva time" in text
    made = docx.Document(io.BytesIO(answer.data))
    assert made.core_properties.language == "en"
    assert {"Title", "Normal"} <= {each.style.name for each in made.paragraphs if each.style}


def test_all_or_those_chosen_come_as_a_zip(staff: Visitor, database: Database) -> None:
    staff.open(PAGE)
    packed = zipfile.ZipFile(io.BytesIO(staff.send("Save those chosen as ZIP").data))
    assert packed.namelist() == ["NV-2026-ARC.docx", "NV-2026-BOR.docx", "NV-2026-SYL.docx"]
    chosen = staff.page.all("input", name="response")[1].get("value")
    packed = zipfile.ZipFile(io.BytesIO(staff.send("Save those chosen as ZIP", {"response": chosen}).data))
    assert packed.namelist() == ["NV-2026-BOR.docx"]
    staff.open(f"{PAGE}?audience=iscm")
    packed = zipfile.ZipFile(io.BytesIO(staff.send("Save those chosen as ZIP").data))
    assert "presents its compliments to the Alpha Process on Mobility" in words(
        packed.read("NV-2026-alpha.docx")
    ) or "compliments to" in words(packed.read("NV-2026-alpha.docx"))
    with database.read() as session:
        acts = session.scalars(select(AuditEvent.act)).all()
    assert acts.count("exported_notes_verbales") == 3


def test_a_date_that_is_none_is_said_and_nothing_is_made(staff: Visitor) -> None:
    staff.open(PAGE)
    staff.press("Save those chosen as ZIP", {"dated": "tomorrow"}, status=422)
    assert "Give the day as year, month and day" in staff.page.text
    staff.press("Save those chosen as ZIP", {"reference": "x" * 61}, status=422)


def test_an_arabic_note_is_set_from_right_to_left(staff: Visitor) -> None:
    staff.open("/rounds/2026/texts/note_verbale/ar")
    body = "تهدي المنظمة تحياتها إلى {addressee}، قبل {deadline}.\n\n{contact}"
    staff.press("Save this text", {"subject": "مذكرة شفوية", "body": body})
    staff.open(PAGE)
    answer = staff.send("Word: Arcadia", {"locale": "ar"})
    document = docx.Document(io.BytesIO(answer.data))
    assert "مذكرة شفوية" in words(answer.data)
    assert document.core_properties.language == "ar"
    xml = zipfile.ZipFile(io.BytesIO(answer.data)).read("word/styles.xml").decode()
    assert "<w:bidi/>" in xml


def test_analysts_look_but_take_none(sign_in: SignIn) -> None:
    analyst = sign_in("analyst@example.org")
    assert "Save those chosen" not in analyst.open(PAGE).text
    sign_in("viewer@example.org").open(PAGE, status=404)
