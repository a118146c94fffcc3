"""A coordinator imports focal points and register files: row by row, all or nothing, once."""

import io

import openpyxl
import pytest
from sqlalchemy import func, select

from app.database import Database
from app.models import Appointment, AuditEvent, Nomination, Organisation, StagedImport, User
from app.policy import StaffRole
from tests import factories
from tests.browsing import Page, Visitor
from tests.counting import statements_of
from tests.journeys import responding
from tests.journeys.conftest import SignIn
from tests.storing import multipart

PEOPLE = (
    "Liste des points focaux;;;;\r\n"
    "Nom;Courriel;Pays;Rôle;Langue\r\n"
    "Amélie Côté;amelie@ministry.example;Arcadia;Point focal;français\r\n"
    "Jörg Weiß;joerg@ministry.example;BOR;expert;en\r\n"
)


@pytest.fixture(autouse=True)
def round_open(database: Database) -> None:
    with database.begin() as session:
        responding.settle(session)
        for role in (StaffRole.COORDINATOR, StaffRole.VIEWER, StaffRole.ADMINISTRATOR):
            factories.person(session, role.value, staff_role=role)


@pytest.fixture
def coordinator(sign_in: SignIn) -> Visitor:
    return sign_in("coordinator@example.org")


def bring(visitor: Visitor, kind: str, content: bytes, name: str, status: int = 200) -> Page:
    """Bring a file, and land on its preview."""
    visitor.open(f"/{kind}/import")
    token = visitor.values(visitor.page.form_of(visitor.page.button("Look at what it would change")))
    body, media_type = multipart({"csrf_token": token["csrf_token"]}, content, name)
    answer = visitor.client.post(f"/{kind}/import", data=body, content_type=media_type)
    if answer.status_code == 302:
        return visitor.open(answer.headers["Location"], status)
    assert answer.status_code == status
    return Page(answer.text, f"/{kind}/import")


def counted(database: Database) -> tuple[int, int]:
    with database.read() as session:
        users = session.scalar(select(func.count()).select_from(User)) or 0
        return users, session.scalar(select(func.count()).select_from(Appointment)) or 0


def test_a_list_in_french_from_windows_is_taken_over_once(
    database: Database, coordinator: Visitor, sign_in: SignIn
) -> None:
    before = counted(database)
    page = bring(coordinator, "people", PEOPLE.encode("cp1252"), "points focaux.csv")
    for words in ("Windows-1252", "semicolon", "Amélie", "Arcadia, Focal point", "Borduria, Contributor"):
        assert words in page.text, words
    assert counted(database) == before, "a preview changes nothing"
    preview = coordinator.url
    page = coordinator.press("Take over the changes of 2 rows")
    assert "Taken over," in page.text
    assert counted(database) == (before[0] + 2, before[1] + 2)
    assert "unchanged 2" in page.text
    token = coordinator.page.all("input", name="csrf_token")[0].get("value")
    again = coordinator.client.post(f"{preview}/apply", data={"csrf_token": token}, follow_redirects=True)
    assert again.status_code == 200
    assert counted(database) == (before[0] + 2, before[1] + 2), "pressing twice does it once"
    page = bring(coordinator, "people", PEOPLE.encode("utf-8-sig"), "again.csv")
    assert "The file would change nothing" in page.text
    assert not [each for each in page.all("button") if "Take over" in "".join(each.itertext())]
    with database.read() as session:
        amelie = session.scalars(select(User).where(User.email == "amelie@ministry.example")).one()
        assert (amelie.name, amelie.locale) == ("Amélie Côté", "fr")
        acts = session.scalars(select(AuditEvent.act).where(AuditEvent.subject_id == str(amelie.id))).all()
        assert acts == ["added_user"]
    assert sign_in("amelie@ministry.example").open("/").heading.startswith("Arcadia")


def workbook() -> bytes:
    """Focal points as Excel has them, some rows wrong."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Focal points"
    rows: list[list[str | None]] = [
        ["E-mail", "Full name", "Organization", "Note verbale", "Note date", "Phone"],
        ["ann@ministry.example", "Ann", "ARC", "NV 1", "2026-03-01", "+1 200"],
        ["no address", "Bert", "BOR", None, None, None],
        ["carl@ministry.example", "Carl", "Arcadya", None, None, None],
        ["dora@ministry.example", "=1+1", "SYL", None, None, None],
        ["emil@ministry.example", "Emil", "SYL", "NV 2", None, "call me"],
        ["ann@ministry.example", "Ann", "ARC", "NV 1", "2026-03-01", "+1 200"],
    ]
    for row in rows:
        sheet.append(row)
    book.create_sheet("Old").sheet_state = "hidden"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def test_every_wrong_row_is_named_with_its_column_and_nothing_is_taken(
    database: Database, coordinator: Visitor
) -> None:
    before = counted(database)
    page = bring(coordinator, "people", workbook(), "fp.xlsx")
    said = " ".join(page.text.split())
    for words in (
        "Row 3",
        "“no address” is no address; write one such as name@ministry.example",
        "“Arcadya” is not in the register; did you mean Arcadia (ARC)?",
        "Full name (B5): holds a formula; write its result as text",
        "Note date: a note verbale needs its number and its date",
        "“call me” is no phone number",
        "stands in row 2 for the same; take one of the two out",
        "Hidden and not read: Old.",
        "5 rows are to be put right first",
    ):
        assert words in said, words
    assert "Take over" not in said
    token = page.all("input", name="csrf_token")[0].get("value")
    answer = coordinator.client.post(f"{coordinator.url}/apply", data={"csrf_token": token})
    assert answer.status_code == 422
    assert "Nothing was taken over" in answer.text
    assert counted(database) == before
    only = coordinator.open(coordinator.url + "?show=error")
    assert "Row 2 " not in " ".join(only.text.split())
    coordinator.open(coordinator.url.split("?")[0])
    coordinator.press("Put the file away")
    with database.read() as session:
        assert session.scalars(select(StagedImport)).one().discarded_at is not None


def test_changes_are_shown_as_was_and_is_and_a_like_name_is_only_a_hint(
    database: Database, coordinator: Visitor
) -> None:
    rows = (
        "name,email,organisation,role,phone,from,note verbale,note date\n"
        "Focal-Arc,focal-arc@example.org,ARC,focal_point,+41 22,2026-01-05,NV 9,2026-01-02\n"
        "Focal Bor,other@ministry.example,BOR,observer,,,,\n"
    )
    page = bring(coordinator, "people", rows.encode("utf-16"), "changes.csv")
    said = " ".join(page.text.split())
    assert "UTF-16" in said
    assert "Nearly the same name: focal-bor (focal-bor@example.org)" in said
    assert "was 2026-11-16 → is then 2026-01-05" in said
    coordinator.press("Take over the changes of 2 rows")
    with database.read() as session:
        user = session.scalars(select(User).where(User.email == "focal-arc@example.org")).one()
        assert (user.name, user.phone) == ("Focal-Arc", "+41 22")
        held = session.scalars(select(Appointment).where(Appointment.user_id == user.id)).one()
        assert held.valid_from.isoformat() == "2026-01-05"
        note = session.get_one(Nomination, held.nomination_id)
        assert (note.number, note.dated.isoformat()) == ("NV 9", "2026-01-02")


def test_what_was_changed_meanwhile_is_seen_at_the_confirmation(
    database: Database, coordinator: Visitor
) -> None:
    rows = "name,email,organisation\nZoe,zoe@ministry.example,SYL\n"
    page = bring(coordinator, "people", rows.encode(), "one.csv")
    assert "Take over the change of 1 row" in page.text
    with database.begin() as session:
        syldavia = session.scalars(select(Organisation).where(Organisation.code == "SYL")).one()
        syldavia.code = "SYX"
        syldavia.name = "Elsewhere"
    page = coordinator.press("Take over the change of 1 row", status=422)
    assert "“SYL” is not in the register" in page.text
    with database.read() as session:
        assert session.scalar(select(User).where(User.email == "zoe@ministry.example")) is None


def test_staff_are_changed_by_administrators_only(coordinator: Visitor, sign_in: SignIn) -> None:
    rows = "name,email\nSomebody else,viewer@example.org\n"
    assert "an administrator changes that" in bring(coordinator, "people", rows.encode(), "s.csv").text
    admin = sign_in("administrator@example.org")
    assert "an administrator changes that" not in bring(admin, "people", rows.encode(), "s.csv").text
    sign_in("viewer@example.org").open("/people/import", status=404)


def test_the_export_is_such_a_file_and_is_recorded(database: Database, coordinator: Visitor) -> None:
    coordinator.open("/people")
    for button, name in (("Save as CSV", "people.csv"), ("Save as Excel", "people.xlsx")):
        content = coordinator.send(button).data
        page = bring(coordinator, "people", content, name)
        assert "The file would change nothing" in page.text, name
        coordinator.open("/people")
    with database.read() as session:
        taken = session.scalars(select(AuditEvent).where(AuditEvent.act == "exported_people")).all()
        assert [each.detail["format"] for each in taken] == ["csv", "xlsx"]


def test_a_register_file_is_looked_at_line_by_line_and_taken_over(
    database: Database, coordinator: Visitor
) -> None:
    rows = "code;name;also\r\nARC;Arcadia;Old Arcadia\r\nQAA;Quaint;\r\nBOR;Borduria;\r\n"
    page = bring(coordinator, "register", rows.encode(), "states.csv")
    said = " ".join(page.text.split())
    assert "new 1" in said
    assert "changes 1" in said
    assert "unchanged 1" in said
    assert "other spellings" in said
    page = coordinator.press("Take over the changes of 2 rows")
    assert "Taken over," in page.text
    with database.read() as session:
        arcadia = session.scalars(select(Organisation).where(Organisation.code == "ARC")).one()
        assert arcadia.also == ["Old Arcadia"]
    wrong = "code;name;kind\r\nARC;;state\r\nBOR;Borduria;sate\r\n"
    page = bring(coordinator, "register", wrong.encode(), "states.csv")
    said = " ".join(page.text.split())
    assert "an organisation needs a name" in said
    assert "“sate” is not known; did you mean “state”?" in said
    assert "Take over" not in said


def test_words_that_are_free_text_in_the_register_are_so_in_a_file(coordinator: Visitor) -> None:
    mechanism = (
        "{id: delta, name: Delta Talks, short_name: Delta, partner_organizations: [civil society, %s]}"
    )
    page = bring(coordinator, "register", f"iscms:\n  - {mechanism % 'Everybody'}".encode(), "delta.yaml")
    assert "“Everybody” is no organisation of the register" in page.text
    assert "“civil society”" not in page.text
    bring(coordinator, "register", f"iscms:\n  - {mechanism % 'IOX'}".encode(), "delta.yaml")
    assert "Taken over," in coordinator.press("Take over the change of 1 row").text


@pytest.mark.parametrize("table", ["organisations", "iscms", "memberships"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_register_as_it_is_changes_nothing_when_it_comes_back(
    coordinator: Visitor, table: str, ending: str
) -> None:
    content = coordinator.client.get(f"/register/export/{table}.{ending}").data
    page = bring(coordinator, "register", content, f"{table}.{ending}")
    assert "The file would change nothing" in page.text, page.text
    empty = coordinator.client.get(f"/register/import/example/{table}.{ending}").data
    assert len(empty) > 20


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("x.csv", b"", "Choose a file that is not empty"),
        ("x.csv", b"PK\x03\x04rest", "This one is none of them"),
        ("x.xlsx", b"name,email\n", "This one is none of them"),
        ("x.exe", b"MZ", "This one is none of them"),
        ("", b"x", "Choose a file first"),
    ],
)
def test_what_is_no_table_is_refused_at_the_door(
    coordinator: Visitor, name: str, content: bytes, words: str
) -> None:
    assert words in bring(coordinator, "people", content, name, status=422).text


def test_an_unreadable_table_says_where(coordinator: Visitor) -> None:
    page = bring(coordinator, "people", b'name,email\nA,"b\n', "x.csv")
    assert "This file cannot be read" in page.text
    assert "Line 2" in page.text


def test_a_preview_takes_a_constant_number_of_statements(coordinator: Visitor, database: Database) -> None:
    seen = []
    for size in (1, 10, 100):
        rows = "name,email,organisation\n" + "".join(
            f"Person {number},p{number}@ministry.example,ARC\n" for number in range(size)
        )
        bring(coordinator, "people", rows.encode(), f"{size}.csv")
        seen.append(statements_of(coordinator, coordinator.url))
    assert seen[0] == seen[1] == seen[2], seen
