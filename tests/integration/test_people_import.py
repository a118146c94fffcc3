"""Lists of people, row by row: what is wrong is named with its column, what is right is taken over whole."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Appointment, AuditEvent, User
from app.policy import SYSTEM
from app.services import people_rows, staging
from app.services.errors import NotPossible
from app.services.people_import import Plan, State, plan
from app.services.table_files import TableRefused
from tests.factories import NOW, organisation, world

HEAD = "name,email,organisation,role,function,phone,language,from,note verbale,note date,mechanism\n"


@pytest.fixture
def settled(session: Session) -> Session:
    world(session)
    organisation(session, "igo", "AAA", "Alliance of All")
    organisation(session, "state", "DDD", "Dunord", also=["Gamma Union", "Nordland"])
    organisation(session, "union", "EEE", "Eastland", also=["Nordland"])
    return session


def planned(session: Session, text: str, name: str = "p.csv") -> Plan:
    return plan(session, people_rows.read(text.encode(), name), SYSTEM, NOW.date())


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("Ann,,DDD", "email", "is empty; write it there"),
        (",a@x.example,DDD", "name", "is empty; write it there"),
        ("{},a@x.example,DDD", "name", "“{}” is no name"),
        ("Ann,a@b@x.example,DDD", "email", "is no address"),
        ("Ann,a@x.example,AAA", "organisation", "may be several; write the code of one: Alliance of All"),
        ("Ann,a@x.example,Nordland", "organisation", "may be several; write the code of one: Dunord"),
        ("Ann,a@x.example,Dunorr", "organisation", "did you mean Dunord (DDD)?"),
        ("Ann,a@x.example,DDD,king", "role", "“king” is no role; write one of focal_point"),
        ("Ann,a@x.example,DDD,,,call me", "phone", "“call me” is no phone number"),
        ("Ann,a@x.example,DDD,,,,xx", "language", "“xx” is no language"),
        ("Ann,a@x.example,DDD,,,,,1/2/2026", "from", "“1/2/2026” is not a day; write it as 2026-03-01"),
        ("Ann,a@x.example,DDD,,,,,,NV 1", "note date", "needs its number and its date"),
        ("Ann,a@x.example,DDD,,,,,,NV 1,2099-01-01", "note date", "is later than today"),
        ("Ann,a@x.example,DDD,,,,,,,,Dunord", "mechanism", "“Dunord” is not in the register"),
        ("Ann,a@x.example,,focal_point", "organisation", "is empty, but there is something under role"),
    ],
)
def test_what_is_wrong_is_named_with_its_column(settled: Session, row: str, column: str, words: str) -> None:
    found = planned(settled, HEAD + row + "\n")
    assert not found.possible
    (faulty,) = found.rows
    assert faulty.row.number == 2
    (place, said) = faulty.faults[0]
    assert place == column
    assert words in said


@pytest.mark.parametrize("written", ["ddd", "DUNORD", "the Dunord", "Gamma Union"])
def test_an_organisation_is_known_by_code_or_any_name(settled: Session, written: str) -> None:
    found = planned(settled, HEAD + f"Ann,a@x.example,{written}\n")
    assert found.rows[0].organisation is not None
    assert found.rows[0].organisation.code == "DDD"


@pytest.mark.parametrize(
    "head",
    [
        "E-mail;Full name;Organization",
        "Courriel;Nom;Pays",
        "Correo electrónico;Nombre;País",
        "البريد الإلكتروني;الاسم;الدولة",
        "X;Y;Z\nE-MAIL;NAME;Code",
    ],
)
def test_columns_are_known_in_four_languages_in_any_order_and_line(settled: Session, head: str) -> None:
    found = planned(settled, f"{head}\na@x.example;Ann;DDD\n")
    assert [each.state for each in found.rows] == [State.NEW]
    assert found.rows[0].row.values["name"] == "Ann"


def test_all_or_nothing_and_a_second_time_nothing(settled: Session) -> None:
    good = "Ann,a@x.example,DDD,contributor,Head,+1 2,fr,2026-01-01,NV 1,2026-01-02,alpha\n"
    with pytest.raises(NotPossible):
        staging.import_people(settled, (HEAD + good + "Bob,no,DDD\n").encode(), "p.csv", SYSTEM, NOW)
    assert settled.scalar(select(User).where(User.email == "a@x.example")) is None
    counts = staging.import_people(settled, (HEAD + good).encode(), "p.csv", SYSTEM, NOW)
    assert counts["people added"] == counts["appointments added"] == 1
    again = staging.import_people(settled, (HEAD + good).encode(), "p.csv", SYSTEM, NOW)
    assert not any(again.values())
    user = settled.scalars(select(User).where(User.email == "a@x.example")).one()
    held = settled.scalars(select(Appointment).where(Appointment.user_id == user.id)).one()
    assert (user.locale, user.phone, held.role, str(held.valid_from)) == (
        *("fr", "+1 2", "contributor"),
        "2026-01-01",
    )
    acts = settled.scalars(select(AuditEvent.act).order_by(AuditEvent.number.desc()).limit(4)).all()
    assert set(acts) == {"added_user", "appointed", "recorded_nomination", "imported_people"}


def test_one_address_in_two_rows_is_one_person_with_two_roles(settled: Session) -> None:
    rows = "Ann,a@x.example,DDD,observer\nAnn,a@x.example,EEE,observer\n"
    counts = staging.import_people(settled, (HEAD + rows).encode(), "p.csv", SYSTEM, NOW)
    assert (counts["people added"], counts["appointments added"]) == (1, 2)
    different = planned(settled, HEAD + "Bea,b@x.example,DDD\nBee,b@x.example,EEE\n")
    assert "row 2 says “Bea” for the same address" in different.rows[1].faults[0][1]


def test_a_name_never_becomes_more_than_a_line(settled: Session) -> None:
    rows = '"Eve ""{x}""\r\nBcc: all@x.example",e@x.example,DDD\n'
    staging.import_people(settled, (HEAD + rows).encode(), "p.csv", SYSTEM, NOW)
    user = settled.scalars(select(User).where(User.email == "e@x.example")).one()
    assert user.name == "Eve x Bcc: all@x.example"


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        ("people: 1", "p.yaml", "the file needs “people:” with a list"),
        ("people: [{name: A, email: &x a@x.example}]", "p.yaml", "anchors and aliases"),
        ("x,y\n1,2\n", "p.csv", "no line names the columns; the file needs at least: email, name"),
        ("name,organisation\nA,DDD\n", "p.csv", "e-mail: the column is missing"),
        ("name,nom,e-mail\nA,B,c@x.example\n", "p.csv", "nom: the column stands twice"),
        ("name,e-mail\n", "p.csv", "there is nobody below the names of the columns"),
        ("name,e-mail\nA,a@x.example\n", "p.pdf", "the name of the file ends in none of .csv, .xlsx, .yaml"),
    ],
)
def test_a_file_that_is_no_list_of_people_says_why(
    settled: Session, content: str, name: str, words: str
) -> None:
    with pytest.raises(TableRefused) as refused:
        planned(settled, content, name)
    assert words in str(refused.value)


def test_yaml_is_read_with_its_lines(settled: Session) -> None:
    text = "people:\n  - {name: Ann, email: a@x.example, organisation: DDD}\n  - {name: Bob, email: b}\n"
    found = planned(settled, text, "p.yaml")
    assert [(each.row.number, each.state) for each in found.rows] == [(2, State.NEW), (3, State.ERROR)]
