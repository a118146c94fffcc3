"""What exists and what was made up for training never mix."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Audience, Organisation, RoundProfile
from app.policy import SYSTEM
from app.queries import round_overview
from app.queries.directory import RegisterDirectory
from app.services import repeating, rounds
from app.services.errors import NotFound, NotPossible
from tests.factories import NOW, World, membership, organisation, profile, world


@pytest.fixture
def made(session: Session) -> World:
    """A real round in a register that has a fictional State and mechanism too."""
    alone = organisation(session, "state", "XAA", "Aldoria", fictional=True)
    process = organisation(session, "iscm", "meridian-process", "Meridian Process on Ports", fictional=True)
    profile(session, process, "Meridian Process", acronym="MPP")
    membership(session, process, alone)
    return world(session)


def open_(made: World, code: str, *states: str) -> None:
    opens, closes = made.round.opens_at, made.round.closes_at
    other = rounds.create(made.session, code, code, opens, closes, None, "Europe/Zurich", SYSTEM)
    asked = {Audience.STATE: list(states)}
    rounds.open_round(made.session, other, asked, SYSTEM, date(2026, 11, 16), now=NOW)


def mechanisms(made: World, code: str) -> list[str]:
    round_ = round_overview.round_by_code(made.session, code)
    assert round_ is not None
    return [row.code for row in round_overview.mechanisms(made.session, round_)]


def test_a_round_keeps_the_register_of_its_kind(made: World) -> None:
    open_(made, "training", "XAA")
    assert mechanisms(made, "r1") == ["alpha", "beta", "gamma"]
    assert mechanisms(made, "training") == ["meridian-process"]
    kept = select(Organisation.code).join(RoundProfile, RoundProfile.organisation_id == Organisation.id)
    codes = set(made.session.scalars(kept.where(RoundProfile.round_id == made.round.id)))
    assert "XAA" not in codes


def test_a_round_asks_one_kind_only(made: World) -> None:
    with pytest.raises(NotPossible, match="never both"):
        open_(made, "mixed", "AAA", "XAA")
    fictional = made.session.scalars(select(Organisation).where(Organisation.code == "XAA")).one()
    with pytest.raises(NotPossible, match="never both"):
        rounds.add_participant(made.session, made.round, fictional, SYSTEM, now=NOW)


def test_what_exists_cannot_name_what_does_not(made: World) -> None:
    real, invented = (RegisterDirectory(made.session, fictional=kind) for kind in (False, True))
    assert [one.code for one in invented.choosable("mechanisms")] == ["meridian-process"]
    assert "XAA" not in [one.code for one in real.choosable("organisations")]
    assert (real.find("mechanisms", "Meridian Process"), real.find("states", "XAA")) == (None, None)
    for typed in ("Meridian Process", "the meridian  process", "MPP", "Meridian Process on Ports"):
        assert invented.find("mechanisms", typed) == "meridian-process"
    assert real.find("mechanisms", "Gamma") == "gamma"


def test_a_mechanism_of_the_other_kind_cannot_be_added(made: World) -> None:
    process = made.session.scalars(select(Organisation).where(Organisation.code == "meridian-process")).one()
    with pytest.raises(NotFound):
        repeating.add_mechanism(made.session, made.response("AAA"), process.id, made.actors["AAA"], NOW)
