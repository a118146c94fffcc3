"""Opening a round keeps the register as it stood; publishing freezes; counts have a source."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import (
    Audience,
    MembershipRole,
    Organisation,
    QuestionnaireVersion,
    RepeatInstance,
    Response,
    RoundMembership,
    RoundParticipant,
    RoundProfile,
    RoundTally,
)
from app.policy import SYSTEM
from app.queries import definitions, names
from app.services import publishing, rounds
from app.services.errors import AlreadyThere, NotPossible, VersionMismatch
from tests.factories import NOW, World, membership, organisation, questionnaire, world


@pytest.fixture
def made(session: Session) -> World:
    return world(session)


def blocks(made: World, code: str) -> list[str]:
    return list(
        made.session.scalars(
            select(Organisation.code)
            .join(RepeatInstance, RepeatInstance.subject_id == Organisation.id)
            .where(RepeatInstance.response_id == made.response(code))
            .order_by(RepeatInstance.position)
        )
    )


def facts(made: World, code: str) -> dict[str, object]:
    found: dict[str, object] = made.session.scalars(
        select(RoundProfile.facts).where(
            RoundProfile.round_id == made.round.id,
            RoundProfile.organisation_id == made.organisations[code].id,
        )
    ).one()
    return found


def test_everybody_asked_gets_their_questionnaire_and_their_blocks(made: World) -> None:
    asked = made.session.execute(
        select(RoundParticipant.audience, Response.questionnaire_key)
        .join(Response, Response.organisation_id == RoundParticipant.organisation_id)
        .where(RoundParticipant.round_id == made.round.id)
    ).all()
    assert len(asked) == 6
    assert all(audience.value == key for audience, key in asked)
    assert blocks(made, "AAA") == ["alpha", "beta"]
    assert blocks(made, "CCC") == ["alpha"]
    assert blocks(made, "IGO") == ["alpha"]
    assert blocks(made, "alpha") == []


def test_a_later_correction_of_the_register_changes_no_past_round(made: World) -> None:
    made.organisations["AAA"].name = "New Arcadia"
    membership(made.session, made.organisations["gamma"], made.organisations["AAA"])
    made.session.flush()
    assert facts(made, "AAA")["organisation_name"] == "Arcadia"
    assert names.RoundNames(made.session, made.round.id).organisation("AAA") == "Arcadia"
    kept = made.session.scalars(
        select(RoundMembership.iscm_id).where(RoundMembership.member_id == made.organisations["AAA"].id)
    ).all()
    assert made.organisations["gamma"].id not in kept


def test_a_round_keeps_what_the_register_knew_of_a_mechanism(made: World) -> None:
    kept = facts(made, "alpha")
    assert kept["name"] == "Alpha Process on Mobility"
    assert (kept["short_name"], kept["established"], kept["members_known"]) == ("Alpha", 2001, False)
    assert kept["thematic_areas"] == ["Border management"]
    assert kept["kind"] == "iscm"


def test_the_register_is_kept_as_of_the_day_asked_for(made: World) -> None:
    old, new = (organisation(made.session, "state", code, code) for code in ("OLD", "NEW"))
    alpha = made.organisations["alpha"]
    membership(made.session, alpha, old, until=date(2020, 1, 31))
    membership(made.session, alpha, new, from_=date(2021, 1, 1))
    past = rounds.create(
        made.session, "2019", "2019", NOW, NOW + timedelta(1), NOW + timedelta(1), "Europe/Zurich", SYSTEM
    )
    rounds.open_round(made.session, past, {Audience.STATE: ["OLD"]}, SYSTEM, date(2019, 6, 1), now=NOW)
    made.session.flush()
    members = made.session.scalars(
        select(Organisation.code)
        .join(RoundMembership, RoundMembership.member_id == Organisation.id)
        .where(RoundMembership.round_id == past.id, RoundMembership.iscm_id == alpha.id)
        .where(RoundMembership.role == MembershipRole.MEMBER)
    ).all()
    assert sorted(members) == ["AAA", "BBB", "CCC", "OLD"]


def test_blocks_can_be_limited_to_some_mechanisms(made: World) -> None:
    other = rounds.create(made.session, "r2", "Two", NOW, NOW + timedelta(1), None, "UTC", SYSTEM)
    asked = {Audience.STATE: ["AAA"]}
    rounds.open_round(made.session, other, asked, SYSTEM, date(2026, 11, 16), about=["beta"], now=NOW)
    made.session.flush()
    subjects = made.session.scalars(
        select(Organisation.code)
        .join(RepeatInstance, RepeatInstance.subject_id == Organisation.id)
        .join(Response, Response.id == RepeatInstance.response_id)
        .where(Response.round_id == other.id)
    ).all()
    assert subjects == ["beta"]


@pytest.mark.parametrize(
    ("asked", "about"),
    [
        ({Audience.STATE: ["AAA", "ZZZ"]}, None),
        ({Audience.STATE: ["IGO"]}, None),
        ({Audience.STATE: ["AAA"]}, ["nowhere"]),
    ],
)
def test_what_is_not_in_the_register_is_not_asked(
    made: World, asked: dict[Audience, list[str]], about: list[str] | None
) -> None:
    other = rounds.create(made.session, "r2", "Two", NOW, NOW + timedelta(1), None, "UTC", SYSTEM)
    with pytest.raises(NotPossible):
        rounds.open_round(made.session, other, asked, SYSTEM, date(2026, 11, 16), about=about, now=NOW)


def test_a_round_opens_once_and_closes_once(made: World) -> None:
    with pytest.raises(NotPossible):
        rounds.open_round(made.session, made.round, {}, SYSTEM, date(2026, 11, 16), now=NOW)
    rounds.close(made.session, made.round, SYSTEM, now=NOW)
    with pytest.raises(NotPossible):
        rounds.close(made.session, made.round, SYSTEM, now=NOW)


def test_dates_of_a_round_are_in_order_and_its_code_is_its_own(made: World) -> None:
    for closes, cutoff in ((NOW, None), (NOW + timedelta(2), NOW + timedelta(1))):
        with pytest.raises(NotPossible):
            rounds.create(made.session, "r3", "Three", NOW, closes, cutoff, "UTC", SYSTEM)
    with pytest.raises(AlreadyThere), made.session.begin_nested():
        rounds.create(made.session, "r1", "Again", NOW, NOW + timedelta(1), None, "UTC", SYSTEM)


def test_one_more_can_be_asked_while_the_round_is_open(made: World) -> None:
    with pytest.raises(AlreadyThere), made.session.begin_nested():
        rounds.add_participant(made.session, made.round, made.organisations["AAA"], SYSTEM, now=NOW)
    rounds.add_participant(made.session, made.round, made.organisations["gamma"], SYSTEM, now=NOW)
    made.session.flush()
    basis = made.session.scalars(
        select(RoundParticipant.basis).where(
            RoundParticipant.organisation_id == made.organisations["gamma"].id
        )
    ).one()
    assert basis == "added"


def test_counts_from_elsewhere_have_a_source_and_an_unknown_base_stays_unknown(made: World) -> None:
    rounds.record_tally(made.session, made.round, Audience.STATE, 42, None, "IOM, 2019", SYSTEM, now=NOW)
    made.session.flush()
    rounds.record_tally(made.session, made.round, Audience.STATE, 41, None, "IOM, corrected", SYSTEM, now=NOW)
    made.session.flush()
    tally = made.session.scalars(select(RoundTally)).one()
    assert (tally.answered, tally.invited, tally.source) == (41, None, "IOM, corrected")
    with pytest.raises(NotPossible):
        rounds.record_tally(made.session, made.round, Audience.IGO, 3, 2, "x", SYSTEM, now=NOW)


def test_publishing_again_gives_the_same_row_and_other_content_is_refused(made: World) -> None:
    first = publishing.publish_version(made.session, questionnaire(), SYSTEM)
    assert publishing.publish_version(made.session, questionnaire(), SYSTEM).id == first.id
    with pytest.raises(VersionMismatch):
        publishing.publish_version(made.session, questionnaire(title="Other words"), SYSTEM)
    second = publishing.publish_version(
        made.session, questionnaire(version=2, title="Other words"), SYSTEM, now=NOW + timedelta(1)
    )
    made.session.flush()
    assert definitions.of(made.session, second.id) == questionnaire(version=2, title="Other words")
    newest = definitions.latest(made.session, Audience.STATE)
    assert newest is not None
    assert newest.id == second.id
    assert definitions.of(made.session, first.id) is definitions.of(made.session, first.id)


def test_a_stored_definition_is_the_one_that_was_published(made: World) -> None:
    row = made.session.scalars(
        select(QuestionnaireVersion)
        .where(QuestionnaireVersion.questionnaire_key == "state")
        .execution_options(populate_existing=True)
    ).one()
    assert row.digest == definitions.of(made.session, row.id).digest()
    with pytest.raises(LookupError):
        definitions.of(made.session, made.round.id)
