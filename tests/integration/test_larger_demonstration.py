"""The Training round as `make demo` loads it: 60 made-up States, every standing, and a round before it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app.cli import demo_content, demo_larger
from app.cli.demo_answers import Respondent, written
from app.database import Database
from app.models import (
    AnswerRevision,
    AuditEvent,
    ContactEntry,
    Organisation,
    OrganisationKind,
    OutboxMessage,
    RegisterProposal,
    Response,
    Round,
    RoundParticipant,
    Thread,
    ThreadKind,
    User,
)
from app.queries import register_inbox, trails
from app.services import verifying
from app.standing import Standing, standing
from app.storage import Store
from tests.databases import type_of_copy

TRAINING = Path(__file__).parents[2] / "questionnaires" / "demo" / "training"
TOLD_UNTIL = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return Store(tmp_path_factory.mktemp("papers"))


@pytest.fixture(scope="module")
def loaded(copy_of_template: type_of_copy, papers: Store) -> Iterator[Database]:
    """A database with the whole demonstration, as `make demo` has it."""
    made = Database(copy_of_template())
    demo_content.load(made, papers)
    yield made
    made.dispose()


def standings(database: Database, code: str, at: datetime = TOLD_UNTIL) -> Mapping[str, Standing]:
    """Where everybody stands who is still asked."""
    with database.read() as session:
        round_ = session.scalars(select(Round).where(Round.code == code)).one()
        asked, found = trails.asked_in(session, round_), trails.of_round(session, round_)
        rows = session.execute(
            select(Response.id, Organisation.code)
            .join(Organisation, Organisation.id == Response.organisation_id)
            .where(Response.round_id == round_.id)
        )
        codes = {response_id: code for response_id, code in rows}  # noqa: C416 - a row is no pair to mypy
        return {codes[id_]: standing(trail, at) for id_, trail in found.items() if asked[id_].on(at)}


def test_sixty_states_in_five_regions_are_asked_about_twelve_mechanisms(loaded: Database) -> None:
    with loaded.read() as session:
        rows = session.execute(
            select(Organisation.kind, Organisation.region_m49, Organisation.region_iom, func.count())
            .join(RoundParticipant, RoundParticipant.organisation_id == Organisation.id)
            .join(Round, Round.id == RoundParticipant.round_id)
            .where(Round.code == "training", Organisation.fictional.is_(True))
            .group_by(Organisation.kind, Organisation.region_m49, Organisation.region_iom)
        ).all()
    states = {m49: count for kind, m49, iom, count in rows if kind is OrganisationKind.STATE and m49 == iom}
    assert states == dict.fromkeys(("FX1", "FX2", "FX3", "FX4", "FX5"), 12)
    kinds = Counter[OrganisationKind]()
    for kind, _m49, _iom, count in rows:
        kinds[kind] += count
    assert kinds == {OrganisationKind.STATE: 60, OrganisationKind.ISCM: 12, OrganisationKind.IGO: 6}


def test_every_standing_is_there_and_everybody_stands_where_the_plan_says(loaded: Database) -> None:
    now, before = standings(loaded, "training"), standings(loaded, "training-2023")
    assert set(now.values()) | set(before.values()) == set(Standing)
    plan = demo_larger.read("round.yaml")
    left = {each["respondent"] for each in plan["withdrawn"]}
    for wanted, codes in plan["stands"].items():
        assert {code: now[code].value for code in codes if code not in left} == dict.fromkeys(
            sorted(set(codes) - left), wanted
        )
    for wanted, codes in demo_larger.read("before.yaml")["stands"].items():
        assert {code: before[code].value for code in codes} == dict.fromkeys(codes, wanted)
    assert not left & now.keys()


def test_what_is_written_by_hand_stays_as_it_was(loaded: Database) -> None:
    now = standings(loaded, "training")
    assert now["XAH"] is Standing.INVITED
    assert now["XAE"] is Standing.DECLINED
    assert now["upland-forum"] is Standing.IN_PROGRESS
    assert {now[code] for code in ("XAA", "XAB", "XAC", "XAD", "XAF", "XAG", "HCO", "sable-dialogue")} == {
        Standing.SUBMITTED
    }


def test_the_weeks_differ(loaded: Database) -> None:
    """Answers come bit by bit, more of them before the deadline, as a curve shows them."""
    days = [datetime(2026, 10, day, tzinfo=UTC) for day in (6, 20, 31)] + [TOLD_UNTIL]
    answered = [
        sum(each.value.startswith("submitted") for each in standings(loaded, "training", day).values())
        for day in days
    ]
    assert answered[0] == 0
    assert answered == sorted(set(answered))


def test_something_waits_for_staff_of_every_kind(loaded: Database) -> None:
    with loaded.read() as session:
        facts = {each.fact == "mechanism" for each in register_inbox.open_proposals(session)}
        assert facts == {True, False}
        kinds = set(session.scalars(select(Thread.kind).where(Thread.closed_at.is_(None))))
        assert kinds >= {
            ThreadKind.QUESTION,
            ThreadKind.CLARIFICATION,
            ThreadKind.EXTENSION,
            ThreadKind.REOPENING,
        }
        assert session.scalar(select(func.count()).where(ContactEntry.next_on.is_not(None)))
        assert session.scalar(select(func.count()).where(OutboxMessage.bounced_at.is_not(None))) == 2
        assert session.scalar(select(func.count()).where(OutboxMessage.given_up_at.is_not(None))) == 2
        assert session.scalar(select(func.count()).select_from(RegisterProposal))


def test_nobody_is_written_to_when_the_demonstration_starts(loaded: Database) -> None:
    """Every letter of the story was sent in the story, but for those that failed in it."""
    with loaded.read() as session:
        waiting = select(OutboxMessage.kind).where(
            OutboxMessage.round_id.is_not(None),
            OutboxMessage.sent_at.is_(None),
            OutboxMessage.given_up_at.is_(None),
            OutboxMessage.handed_at.is_(None),
        )
        assert session.scalars(waiting).all() == []
        addresses = session.scalars(select(User.email)).all()
        assert all(address.endswith(".example") for address in addresses)


def test_nobody_can_add_answers_to_real_cases(loaded: Database) -> None:
    with loaded.read() as session:
        real = select(Organisation.code).where(Organisation.fictional.is_(False))
        asked = (
            select(Organisation.code)
            .join(Response, Response.organisation_id == Organisation.id)
            .join(Round, Round.id == Response.round_id)
            .where(Round.closed_at.is_(None), Organisation.code.in_(real))
        )
        assert session.scalars(asked).all() == []


def test_what_was_loaded_is_sound_and_loading_again_keeps_it(loaded: Database, papers: Store) -> None:
    assert verifying.problems(loaded.engine, papers) == []
    with loaded.read() as session:
        before = session.scalar(select(func.max(AuditEvent.number)))
        revisions = session.scalar(select(func.count()).select_from(AnswerRevision))
    assert demo_content.load(loaded, papers) == []
    with loaded.read() as session:
        assert session.scalar(select(func.max(AuditEvent.number))) == before
        assert session.scalar(select(func.count()).select_from(AnswerRevision)) == revisions


def test_the_same_words_give_the_same_answers() -> None:
    def again(code: str) -> dict[str, Any]:
        who = Respondent(code, "state", "Adra Birk", "Director", ("lantern-process", "two-shores-forum"))
        return written(who, demo_larger.read("words.yaml"), whole=True, round_code="training")

    assert again("XCA") == again("XCA")
    assert again("XCA") != again("XCB") | {"organisation": "XCA"}
    assert "{" not in str(again("XCA")).replace("{'", "")
