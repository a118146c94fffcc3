"""The register that a new installation starts from."""

from collections import Counter
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import AuditEvent, IscmProfile, Membership, MembershipRole, Organisation, OrganisationKind
from app.queries import register as queries
from tests.integration.register.loading import FILES, take

IMPORTS = select(AuditEvent.number).where(AuditEvent.act == "imported_register")


def organisation(session: Session, code: str) -> Organisation:
    return session.scalars(select(Organisation).where(Organisation.code == code)).one()


def codes(session: Session, iscm: str, on: str) -> set[str] | None:
    known = queries.members(session, organisation(session, iscm), date.fromisoformat(on))
    return {each.code for each in known.members} if known else None


def test_every_mechanism_and_every_un_member_state_is_there(register: Session) -> None:
    kinds = Counter(register.scalars(select(Organisation.kind)))
    assert kinds[OrganisationKind.ISCM] == 39
    assert kinds[OrganisationKind.STATE] == 195  # 193 Member States, the Holy See and the State of Palestine
    assert Counter(register.scalars(select(IscmProfile.type))) == {
        "regional": 20,
        "interregional": 16,
        "global": 3,
    }


def test_importing_again_changes_nothing(register: Session) -> None:
    events = len(register.scalars(IMPORTS).all())
    for name in FILES:
        outcome = take(register, name)
        assert outcome.changes == ()
        assert outcome.remarks == ()
    assert len(register.scalars(IMPORTS).all()) == events == 3


def test_in_2019_the_eap_panel_had_34_members_the_united_kingdom_among_them(register: Session) -> None:
    then = codes(register, "eap-panel", "2019-06-30")
    now = codes(register, "eap-panel", "2026-11-23")
    assert then is not None
    assert now is not None
    assert len(then) == 34
    assert then - now == {"GBR"}
    assert len(now) == 33


COUNTED: dict[tuple[str, str], int | None] = {
    ("eap-panel", "2020-01-31"): 34,
    ("eap-panel", "2020-02-01"): 33,
    ("eap-panel", "2016-12-31"): None,
    ("midwa", "2025-01-29"): 16,  # with ECOWAS itself, a member of the dialogue
    ("midwa", "2025-01-30"): 13,
    ("afml", "2025-10-25"): 10,
    ("afml", "2025-10-26"): 11,
    ("prague-process", "2026-11-23"): 49,
    ("prague-process", "2019-06-30"): None,
    ("rcm", "2019-06-30"): None,
    ("igc", "2026-11-23"): None,
    ("acp-eu", "2026-11-23"): None,
    ("gfmd", "2026-11-23"): None,
    ("c2cmmd", "2026-11-23"): 82,
    ("eu-celac", "2026-11-23"): 60,
}


def test_a_list_of_members_is_given_only_for_days_on_which_it_is_known(register: Session) -> None:
    found = {place: codes(register, *place) for place in COUNTED}
    assert {place: None if each is None else len(each) for place, each in found.items()} == COUNTED


def test_a_list_to_be_confirmed_says_so(register: Session) -> None:
    known = queries.members(register, organisation(register, "eap-panel"), date(2019, 6, 30))
    assert known is not None
    assert known.uncertain
    known = queries.members(register, organisation(register, "rcm"), date(2026, 11, 23))
    assert known is not None
    assert not known.uncertain


def test_who_derives_from_a_body_says_from_which(register: Session) -> None:
    panel, union = organisation(register, "eap-panel"), organisation(register, "EU")
    rows = register.scalars(
        select(Membership).where(Membership.iscm_id == panel.id, Membership.role == MembershipRole.MEMBER)
    ).all()
    assert Counter(row.via_id for row in rows) == {union.id: 28, None: 6}
    left = [row for row in rows if row.until is not None]
    assert [(row.until, row.via_id) for row in left] == [(date(2020, 1, 31), union.id)]


def test_names_are_written_in_united_nations_style(register: Session) -> None:
    said = {
        each.code: f"the {each.name}" if each.name_article else each.name
        for each in register.scalars(select(Organisation))
    }
    assert {code: said[code] for code in ("TUR", "SWZ", "MDA", "VNM", "NLD", "NER", "SDN", "IRN", "CIV")} == {
        "TUR": "Türkiye",
        "SWZ": "Eswatini",
        "MDA": "the Republic of Moldova",
        "VNM": "Viet Nam",
        "NLD": "the Netherlands",
        "NER": "the Niger",
        "SDN": "the Sudan",
        "IRN": "Iran (Islamic Republic of)",
        "CIV": "Côte d'Ivoire",
    }
    assert said["IOM"] == "IOM"
    assert said["EEAS"] == "the European External Action Service"


def test_kosovo_has_no_iso_code_and_carries_its_footnote(register: Session) -> None:
    kosovo = organisation(register, "XKX")
    assert kosovo.iso3 is None
    assert kosovo.footnote is not None
    assert "1244" in kosovo.footnote
    prague = codes(register, "prague-process", "2026-11-23")
    assert prague is not None
    assert "XKX" in prague


def test_uncertain_fields_stay_flagged(register: Session) -> None:
    flagged = queries.uncertain(register, date(2026, 11, 23))
    assert ("eap-panel", "members") in {(each.iscm.code, each.field) for each in flagged}
    belarus = next(each for each in flagged if (each.iscm.code, each.field) == ("eap-panel", "members"))
    assert belarus.note is not None
    assert "Belarus suspended" in belarus.note


def test_the_snapshot_is_the_register_of_its_day(register: Session) -> None:
    snapshot = queries.snapshot(register, date(2019, 6, 30))
    panel, kingdom = organisation(register, "eap-panel"), organisation(register, "GBR")
    members = {
        each.member_id
        for each in snapshot.memberships
        if each.iscm_id == panel.id and each.role is MembershipRole.MEMBER
    }
    assert len(members) == 34
    assert kingdom.id in members
    assert snapshot.profiles[panel.id].short_name == "EaP Panel"
    assert snapshot.members_known[panel.id]
    assert not snapshot.members_known[organisation(register, "rcm").id]
    later = queries.snapshot(register, date(2026, 11, 23))
    assert (panel.id, kingdom.id) not in {(each.iscm_id, each.member_id) for each in later.memberships}


def test_a_mechanism_may_be_the_partner_of_another(register: Session) -> None:
    panel, prague = organisation(register, "eap-panel"), organisation(register, "prague-process")
    role = select(Membership.role).where(Membership.iscm_id == panel.id, Membership.member_id == prague.id)
    assert register.scalars(role).all() == [MembershipRole.PARTNER]


def test_words_that_are_no_organization_stay_words(register: Session) -> None:
    forum = organisation(register, "pafom")
    notes = register.scalars(select(IscmProfile.notes).where(IscmProfile.organisation_id == forum.id)).one()
    assert "UN agencies" in notes["partners_in_words"]
    names = set(register.scalars(select(Organisation.name)))
    assert not names & {"UN agencies", "civil society", "private sector", "Youth"}
