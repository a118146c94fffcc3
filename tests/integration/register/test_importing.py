"""Importing a register file: as a whole or not at all, and only what the file says."""

from datetime import date

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.models import AuditEvent, IscmProfile, Membership, Organisation
from app.policy import SYSTEM, Actor, StaffRole
from app.queries import register as queries
from app.services.errors import NotAllowed
from app.services.register_export import as_yaml
from app.services.register_import import Outcome, RegisterRefused, import_register

STATES = "code,kind,asked_as,name\nFRA,state,state,France\nPOL,state,state,Poland\nGEO,state,state,Georgia\n"
MECHANISM = """
iscms:
  - id: test-process
    name: Test Process
    acronym: TP
    short_name: Test Process
    members_known_from: 2017-01-01
    members: [FRA, POL]
    notes: Kept
"""


def take(session: Session, text: str, name: str = "r.yaml", *, dry_run: bool = False) -> Outcome:
    return import_register(session, text.encode(), name, SYSTEM, dry_run=dry_run)


def refused(session: Session, text: str, name: str = "r.yaml") -> list[str]:
    with pytest.raises(RegisterRefused) as caught:
        take(session, text, name)
    return [str(fault) for fault in caught.value.faults]


@pytest.fixture
def small(session: Session) -> Session:
    take(session, STATES, "s.csv")
    take(session, MECHANISM)
    return session


def counted(session: Session) -> tuple[int, ...]:
    tables = (Organisation, IscmProfile, Membership, AuditEvent)
    return tuple(session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)


def periods(session: Session, member: str) -> list[tuple[date | None, date | None]]:
    found = session.execute(
        select(Membership.from_, Membership.until)
        .join(Organisation, Organisation.id == Membership.member_id)
        .where(Organisation.code == member)
        .order_by(Membership.until.is_(None), Membership.until)
    )
    return [(start, end) for start, end in found]


def test_one_fault_and_nothing_is_written(session: Session) -> None:
    before = counted(session)
    faults = refused(session, STATES + "XX,nation,state,Nowhere\n", "s.csv")
    assert faults == ["s.csv:5: kind: “nation” is not known; did you mean “union”?"]
    assert counted(session) == before


def test_a_dry_run_says_what_would_change_and_changes_nothing(small: Session) -> None:
    before = counted(small)
    outcome = take(small, "code,name\nFRA,Gallia\nITA,Italy\n", "s.csv", dry_run=True)
    assert [(each.name, each.new) for each in outcome.changes] == [("FRA", False), ("ITA", True)]
    assert outcome.changes[0].columns == {"name": ("France", "Gallia")}
    assert counted(small) == before
    assert small.scalars(select(Organisation.name).where(Organisation.code == "FRA")).one() == "France"


def test_an_import_is_one_audit_event_that_says_what_changed(small: Session) -> None:
    take(small, "code,name\nFRA,Gallia\nITA,Italy\n", "s.csv")
    imports = select(AuditEvent).where(AuditEvent.act == "imported_register")
    event = small.scalars(imports.order_by(AuditEvent.number.desc()).limit(1)).one()
    assert event.detail["added"] == ["organisation ITA"]
    changed = {"what": "organisation", "name": "FRA", "columns": {"name": ["France", "Gallia"]}}
    assert event.detail["changed"] == [changed]


def test_what_an_import_changes_stands_in_its_own_history_too(small: Session) -> None:
    france = small.scalars(select(Organisation).where(Organisation.code == "FRA")).one()
    take(small, "code,name\nFRA,Gallia\nITA,Italy\n", "s.csv")
    event = small.scalars(select(AuditEvent).where(AuditEvent.subject_id == str(france.id))).one()
    assert (event.act, event.detail["columns"]) == ("changed_organisation", {"name": ["France", "Gallia"]})


def test_a_column_that_the_file_does_not_give_stays_as_it_is(small: Session) -> None:
    take(small, "code,formal_name\nFRA,the French Republic\n", "s.csv")
    france = small.scalars(select(Organisation).where(Organisation.code == "FRA")).one()
    assert (france.name, france.formal_name, france.kind) == ("France", "the French Republic", "state")


def test_every_unknown_code_is_named_with_its_line(small: Session) -> None:
    faults = refused(small, MECHANISM.replace("[FRA, POL]", "[FRB, POL, XYZ]"))
    assert faults == [
        "r.yaml:8: iscms[0].members[0]: “FRB” is no organisation of the register; did you mean “FRA”?",
        "r.yaml:8: iscms[0].members[2]: “XYZ” is no organisation of the register",
    ]
    csv = "iscm,member\ntest-proces,FRA\ntest-process,ZZZ\n"
    assert refused(small, csv, "m.csv") == [
        "m.csv:2: iscm: “test-proces” is no mechanism; did you mean “test-process”?",
        "m.csv:3: member: “ZZZ” is no organisation of the register",
    ]


def test_what_stands_in_the_file_twice_is_refused(session: Session) -> None:
    assert refused(session, STATES + "FRA,state,state,France\n", "s.csv") == [
        "s.csv:5: “FRA” stands in the file twice"
    ]
    take(session, STATES, "s.csv")
    twice = MECHANISM.replace("[FRA, POL]", "[FRA, FRA]")
    assert refused(session, twice) == [
        "r.yaml:8: iscms[0].members[1]: “test-process FRA member” stands in the file twice"
    ]


def test_a_membership_ends_and_begins_again(small: Session) -> None:
    take(small, "iscm,member,until\ntest-process,FRA,2020-01-31\n", "m.csv")
    assert periods(small, "FRA") == [(None, date(2020, 1, 31))]
    take(small, "iscm,member,from\ntest-process,FRA,2024-05-01\n", "m.csv")
    assert periods(small, "FRA") == [(None, date(2020, 1, 31)), (date(2024, 5, 1), None)]


def test_periods_that_share_a_day_are_refused(small: Session) -> None:
    take(small, "iscm,member,until\ntest-process,FRA,2020-01-31\n", "m.csv")
    take(small, "iscm,member,from,until\ntest-process,FRA,2024-05-01,2025-01-01\n", "m.csv")
    faults = refused(
        small, "iscm,member,from,until\ntest-process,FRA,2024-05-01,\ntest-process,FRA,2024-07-01,\n", "m.csv"
    )
    assert faults == ["m.csv:3: from: it shares days with another period of the same membership"]
    faults = refused(small, "iscm,member,from,until\ntest-process,GEO,2024-05-01,2023-01-01\n", "m.csv")
    assert faults == ["m.csv:2: until: it ends before it begins"]


def test_a_day_recorded_later_is_not_undone_by_the_list_of_today(small: Session) -> None:
    take(small, "iscm,member,from\ntest-process,FRA,2018-05-01\n", "m.csv")
    assert periods(small, "FRA") == [(date(2018, 5, 1), None)]
    assert take(small, MECHANISM).changes == ()


def test_who_is_missing_in_a_list_stays_and_is_remarked_on(small: Session) -> None:
    outcome = take(small, MECHANISM.replace("[FRA, POL]", "[FRA]"))
    assert outcome.changes == ()
    assert outcome.remarks == (
        "test-process: in the register, but not in this file: POL (member). Nothing is taken out.",
    )


def test_remarks_are_one_for_each_mechanism_in_order_and_none_without_a_list(small: Session) -> None:
    take(small, "iscms:\n  - {id: a-process, name: A, short_name: A, members: [POL, GEO, FRA]}\n")
    lists = "iscms:\n  - {id: test-process, members: []}\n  - {id: a-process, members: [GEO]}\n"
    assert take(small, lists).remarks == (
        "a-process: in the register, but not in this file: FRA (member), POL (member). Nothing is taken out.",
        "test-process: in the register, but not in this file: FRA (member), POL (member)."
        " Nothing is taken out.",
    )
    assert take(small, "id,chair\ntest-process,Panama\na-process,Peru\n", "i.csv").remarks == ()


def test_a_new_period_takes_over_what_the_file_does_not_give(small: Session) -> None:
    take(small, "iscms:\n  - {id: test-process, chair: Peru, thematic_areas: [Labour], members_note: M}\n")
    take(small, "iscms:\n  - {id: test-process, valid_from: 2027-04-01, chair: Panama, notes: New}\n")
    process = small.scalars(select(Organisation).where(Organisation.code == "test-process")).one()
    before, after = (queries.profile(small, process, day) for day in (date(2027, 3, 31), date(2027, 4, 1)))
    assert before is not None
    assert after is not None
    assert (before.chair, before.notes) == ("Peru", {"general": "Kept", "members": "M"})
    assert (after.chair, after.notes) == ("Panama", {"general": "New", "members": "M"})
    same = ("name", "acronym", "short_name", "thematic_areas", "members_known_from")
    assert [getattr(after, key) for key in same] == [getattr(before, key) for key in same]
    take(small, "id,valid_from,secretariat\ntest-process,2028-01-01,IOM\n", "i.csv")
    latest = queries.profile(small, process, date(2028, 1, 1))
    assert latest is not None
    assert (latest.name, latest.chair, latest.secretariat) == ("Test Process", "Panama", "IOM")


def test_a_first_period_needs_its_names(session: Session) -> None:
    take(session, STATES, "s.csv")
    take(session, MECHANISM.replace("notes: Kept", "valid_from: 2020-01-01"))
    earlier = "iscms:\n  - {id: test-process, valid_from: 2010-01-01, valid_until: 2019-12-31}\n"
    assert refused(session, earlier) == [
        "r.yaml:2: iscms[0].name: a mechanism needs it",
        "r.yaml:2: iscms[0].short_name: a mechanism needs it",
    ]


def test_a_period_that_ends_before_it_begins_is_refused(small: Session) -> None:
    backwards = "iscms:\n  - {id: test-process, valid_from: 2027-04-01, valid_until: 2026-01-01}\n"
    assert refused(small, backwards) == ["r.yaml:2: iscms[0].valid_until: it ends before it begins"]


def test_an_export_says_what_ended_with_a_period(small: Session) -> None:
    take(small, "iscms:\n  - {id: test-process, chair: Peru, thematic_areas: [Labour], members_note: M}\n")
    ended = "{id: test-process, valid_from: 2027-04-01, chair: , thematic_areas: [], members_note: }"
    take(small, f"iscms:\n  - {ended}\n")
    written = as_yaml(small)
    assert take(small, written, "export.yaml").changes == ()
    for table in (Membership, IscmProfile, Organisation):
        small.execute(delete(table).execution_options(synchronize_session=False))
    small.expunge_all()
    take(small, written, "export.yaml")
    assert as_yaml(small) == written
    latest = small.scalars(select(IscmProfile).where(IscmProfile.valid_from.is_not(None))).one()
    assert (latest.chair, latest.thematic_areas, latest.notes) == (None, [], {"general": "Kept"})


@pytest.mark.parametrize(
    ("key", "value", "meant"),
    [("chair_model", "rotating_annual", "rotating_yearly"), ("secretariat_model", "igos", "igo")],
)
def test_models_are_terms_of_their_vocabularies(small: Session, key: str, value: str, meant: str) -> None:
    faults = refused(small, f"iscms:\n  - {{id: test-process, {key}: {value}}}\n")
    assert faults == [f"r.yaml:2: iscms[0].{key}: “{value}” is not known; did you mean “{meant}”?"]
    assert refused(small, f"id,{key}\ntest-process,{value}\n", "i.csv") == [
        f"i.csv:2: {key}: “{value}” is not known; did you mean “{meant}”?"
    ]
    take(small, f"id,{key}\ntest-process,{meant}\n", "i.csv")


def test_a_new_period_of_a_profile_ends_the_one_before(small: Session) -> None:
    renamed = (
        "iscms:\n  - {id: test-process, valid_from: 2024-01-01, name: New Process, short_name: New Process}\n"
    )
    take(small, renamed)
    process = small.scalars(select(Organisation).where(Organisation.code == "test-process")).one()
    assert process.name == "New Process"
    before = queries.profile(small, process, date(2023, 12, 31))
    after = queries.profile(small, process, date(2024, 1, 1))
    assert before is not None
    assert after is not None
    assert (before.name, before.valid_until, after.name) == (
        "Test Process",
        date(2023, 12, 31),
        "New Process",
    )
    assert take(small, renamed).changes == ()
    inside = renamed.replace("2024-01-01", "2023-01-01")
    assert refused(small, inside) == [
        "r.yaml:2: iscms[0].valid_from: the period overlaps another one of this mechanism"
    ]


def test_notes_are_kept_beside_those_that_a_file_gives(small: Session) -> None:
    take(small, "iscms:\n  - {id: test-process, members_note: To be confirmed}\n")
    notes = small.scalars(select(IscmProfile.notes)).one()
    assert notes == {"general": "Kept", "members": "To be confirmed"}


def test_only_who_may_change_the_register_imports(session: Session) -> None:
    analyst = Actor(user_id=None, name="An analyst", staff_role=StaffRole.ANALYST)
    with pytest.raises(NotAllowed):
        import_register(session, STATES.encode(), "s.csv", analyst)


def test_a_file_of_another_kind_is_refused(session: Session) -> None:
    assert refused(session, "", "r.docx") == [
        "r.docx:1: the name of the file ends in none of .yaml, .yml, .csv, .xlsx"
    ]
    assert refused(session, "code,name", "r.xlsx") == [
        "r.xlsx:1: the file is no workbook; save it as .xlsx or as CSV"
    ]
