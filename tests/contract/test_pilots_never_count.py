"""What a pilot leaves behind is in no count, no list and no document of anything else.

Everything that counts is read twice: before a pilot was answered and submitted, and after.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.definitions import regions
from app.models import Audience, Organisation, RepeatInstance, Response, Round
from app.policy import AppointmentRole, Attribution
from app.queries import (
    answer_sheets,
    definitions,
    editions,
    evidence,
    lost_matches,
    people,
    pilots,
    questionnaires,
    register,
    register_inbox,
    round_overview,
    threads,
    tracking,
)
from app.services import attributing, discussing, piloting, register_export, submitting
from app.services.answering import Change, save_answers
from app.services.conversing import About
from app.services.piloting import Wanted
from tests import factories
from tests.factories import NOW, World

Reading = Callable[[Session], Any]


def _rounds(session: Session) -> Any:
    return [(each.round.code, each.counts) for each in round_overview.progress(session)]


def _mechanisms(session: Session) -> Any:
    return [round_overview.mechanisms(session, each) for each in round_overview.all_rounds(session)]


def _evidence(session: Session) -> Any:
    round_ = _real(session)
    iscms = session.scalars(select(Organisation).where(Organisation.code == "alpha")).all()
    return [evidence.about(session, round_, each) for each in iscms]


def _real(session: Session) -> Round:
    return session.scalars(select(Round).where(Round.code == "r1")).one()


def _tracking(session: Session) -> Any:
    newest = tracking.newest(session)
    before = tracking.before(session, _real(session))
    return (
        newest.code if newest else None,
        before.code if before else None,
        tracking.read(session, _real(session), NOW + timedelta(days=5), regions.committed().of("m49")),
    )


def _register(session: Session) -> Any:
    found = register.snapshot(session, NOW.date())
    return (
        sorted(each.code for each in found.participants.values()),
        sorted(each.code for each in found.of_kind(fictional=True).participants.values()),
        [each.code for fictional in (True, False) for each in answer_sheets.directory(session, fictional)],
        [each.code for each in register_inbox.entries(session, NOW.date())],
        register_export.as_csv(session, "organisations"),
    )


def _latest(session: Session) -> Any:
    found = [definitions.latest(session, each) for each in (Audience.STATE, Audience.ISCM, Audience.IGO)]
    return [(each.questionnaire_key, each.number) if each else None for each in found]


COUNTING: dict[str, Reading] = {
    "rounds and their counts": _rounds,
    "mechanisms of rounds": _mechanisms,
    "evidence of findings": _evidence,
    "tracking": _tracking,
    "the register": _register,
    "corrections to the register": lambda session: list(register_inbox.open_proposals(session)),
    "conversations that wait": threads.open_ones,
    "who answers which version": questionnaires.published,
    "what the next round asks": _latest,
    "what lost its counterpart": lambda session: lost_matches.of_round(session, _real(session)),
    "published summaries": lambda session: editions.of_mechanism(session, _real(session).id, UUID(int=1)),
}


def test_everything_that_counts_reads_the_same_after_a_pilot(session: Session) -> None:
    world = factories.world(session)
    world.complete("AAA")
    submitting.submit(session, world.response("AAA"), "So it is.", world.actors["AAA"], NOW)
    session.flush()
    before = {name: repr(reading(session)) for name, reading in COUNTING.items()}
    for audience in ("state", "iscm", "igo"):
        _pilot(session, world, audience)
    session.flush()
    after = {name: repr(reading(session)) for name, reading in COUNTING.items()}
    assert [name for name in before if before[name] != after[name]] == []


def test_a_pilot_is_no_round_before_another(session: Session) -> None:
    world = factories.world(session)
    first, second = (_pilot(session, world, "state") for _time in range(2))
    for response in (first, second, world.response("AAA")):
        stored = answer_sheets.stored(session, response)
        assert stored is not None
        assert stored.head.answered_before is False
    pilot = session.get_one(Round, session.get_one(Response, second).round_id)
    assert lost_matches.of_round(session, pilot) == []


def _pilot(session: Session, world: World, audience: str) -> UUID:
    """A pilot of something that is not published, answered, remarked, with a correction, and submitted."""
    tried = factories.questionnaire(audience, 2, intro="Something new.")
    tester = world.actors["analyst"]
    assert tester.user_id is not None
    until = (clock.now() + timedelta(days=7)).date()
    wanted = Wanted(until, [(tester.user_id, AppointmentRole.FOCAL_POINT)])
    round_ = piloting.start(session, tried, wanted, tester, clock.now())
    session.flush()
    [testing] = pilots.testing(session, round_.id)
    session.expire_all()
    user = factories.user_of(session, tester)
    actor, now = people.actor(session, user, clock.now()), clock.now()
    response = testing.response_id
    changes = [Change(None, "contact_name", "", "Somebody", 0)]
    blocks = session.scalars(select(RepeatInstance.id).where(RepeatInstance.response_id == response)).all()
    changes += [Change(each, "takes_part", "", "yes", 0) for each in blocks]
    changes += [Change(None, "launched", "", 1999, 0)] if audience == "iscm" else []
    save_answers(session, response, changes, actor, "page", now)  # type: ignore[arg-type]  # by value
    attributing.choose(session, response, Attribution.BY_NAME, actor, now)
    discussing.ask(session, response, About(), "Is this clear?", actor, now, "")
    submitting.submit(session, response, "Tried.", actor, now)
    return response
