"""Who is asked is decided by a rule and the register of the day, shown before, and frozen at the opening."""

from datetime import date, timedelta
from itertools import product
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.database import Database
from app.definitions import asking
from app.definitions.asking import Part, Rule, Who
from app.models import Audience, AuditEvent, Response, Round, RoundParticipant
from app.policy import SYSTEM
from app.queries import invitees, names, participants, responses
from app.services import locking, opening, participating, rounds, running
from app.services.errors import NotPossible, Overtaken, ResponseLocked
from app.window import takes_answers
from tests.counting import counted
from tests.factories import NOW, World, membership, organisation, profile, rows_of, world

LATER = NOW + timedelta(days=200)
THEN = LATER.date()


@pytest.fixture
def made(session: Session) -> World:
    return world(session)


def planned(made: World, code: str = "r2") -> Round:
    return rounds.create(
        made.session, code, "Round two", LATER, LATER + timedelta(days=60), None, "Europe/Zurich", SYSTEM
    )


def rule(**parts: Part) -> Rule:
    return Rule({**Rule().parts, **parts})


def meant(made: World, wanted: Rule, on: date = THEN) -> dict[str, list[str]]:
    made.session.flush()
    found = invitees.by_rule(made.session, wanted, on)
    return {audience.value: [each.code for each in every] for audience, every in found.by_audience.items()}


def grow(made: World, states: int, mechanisms: int, igos: int) -> None:
    """More of everything, each State a member of five mechanisms."""
    forums = []
    for number in range(mechanisms):
        forums.append(organisation(made.session, "iscm", f"forum-{number}", f"Forum {number}"))
        profile(made.session, forums[-1], f"Forum {number}")
    for number in range(states):
        state = organisation(made.session, "state", f"S{number:03}", f"State {number}", region_m49="150")
        for step in range(min(5, mechanisms)):
            membership(made.session, forums[(number + step) % mechanisms], state)
    for number in range(igos):
        body = organisation(made.session, "igo", f"IGO{number}", f"Body {number}")
        membership(made.session, forums[number % mechanisms], body, role="observer")
    made.session.flush()


def test_the_usual_rule_asks_members_active_mechanisms_and_who_takes_part(made: World) -> None:
    organisation(made.session, "state", "ZZZ", "Zembla")
    organisation(made.session, "igo", "FAR", "Far From It")
    found = meant(made, Rule())
    assert found == {
        "state": ["AAA", "BBB", "CCC"],
        "iscm": ["alpha", "beta", "gamma"],
        "igo": ["IGO"],
    }


def test_other_rules_ask_all_chosen_ones_or_the_members_of_some(made: World) -> None:
    organisation(made.session, "state", "ZZZ", "Zembla")
    assert meant(made, rule(state=Part(Who.ALL)))["state"] == ["AAA", "BBB", "CCC", "ZZZ"]
    assert meant(made, rule(state=Part(Who.MEMBERS_OF, ("beta",))))["state"] == ["AAA", "BBB"]
    assert meant(made, rule(state=Part(Who.CHOSEN, ("CCC",)), igo=Part(Who.NONE)))["igo"] == []
    faulty = invitees.by_rule(made.session, rule(state=Part(Who.CHOSEN, ("CCC", "nowhere"))), LATER.date())
    assert faulty.faults == {"state": ("nowhere",)}


def test_the_register_of_the_day_decides(made: World) -> None:
    joins = LATER.date()
    membership(
        made.session,
        made.organisations["gamma"],
        organisation(made.session, "state", "ZZZ", "Zembla"),
        from_=joins,
    )
    assert "ZZZ" not in meant(made, Rule(), joins - timedelta(days=1))["state"]
    assert "ZZZ" in meant(made, Rule(), joins)["state"]


def test_existing_and_fictional_are_never_asked_together(made: World) -> None:
    land = organisation(made.session, "state", "XX1", "Utopia", fictional=True)
    forum = organisation(made.session, "iscm", "delta", "Delta Talks", fictional=True)
    membership(made.session, forum, land)
    assert "XX1" not in meant(made, rule(state=Part(Who.ALL)))["state"]
    assert meant(made, Rule(Rule().parts, fictional=True)) == {"state": ["XX1"], "iscm": ["delta"], "igo": []}


def test_the_preview_names_who_is_new_gone_and_out_of_reach(made: World) -> None:
    zembla = organisation(made.session, "state", "ZZZ", "Zembla")
    membership(made.session, made.organisations["gamma"], zembla)
    made.session.flush()
    found = invitees.preview(made.session, planned(made), rule(igo=Part(Who.NONE)), LATER.date())
    assert found.last is not None
    assert [each.code for each in found.unreachable] == ["ZZZ"]
    assert [each.code for each in found.new] == ["ZZZ", "gamma"]
    assert [each.code for each in found.gone] == ["IGO"]
    assert sum(counts[Audience.STATE] for counts in found.regions.values()) == 4


def test_opening_freezes_whom_the_rule_means_and_refuses_what_was_not_shown(made: World) -> None:
    round_ = planned(made)
    round_.asked = Rule().plain()
    seen = invitees.by_rule(made.session, Rule(), LATER.date()).digest
    membership(
        made.session, made.organisations["gamma"], organisation(made.session, "state", "ZZZ", "Zembla")
    )
    made.session.flush()
    with pytest.raises(Overtaken):
        opening.open_by_rule(made.session, round_, SYSTEM, LATER, seen=seen)
    now = invitees.by_rule(made.session, Rule(), LATER.date()).digest
    opening.open_by_rule(made.session, round_, SYSTEM, LATER, seen=now)
    with pytest.raises(NotPossible):
        opening.open_by_rule(made.session, round_, SYSTEM, LATER, seen=now)
    bases = made.session.scalars(select(RoundParticipant.basis).where(RoundParticipant.round_id == round_.id))
    assert set(bases) == {"opening"}


def test_previews_and_lists_take_the_same_statements_in_a_large_round(made: World) -> None:
    round_ = planned(made)
    made.session.flush()
    with counted(made.session.connection()) as few:
        invitees.preview(made.session, round_, Rule(), LATER.date())
        participants.respondents(made.session, made.round, NOW)
    grow(made, states=60, mechanisms=20, igos=8)
    with counted(made.session.connection()) as many:
        invitees.preview(made.session, round_, Rule(), LATER.date())
    with counted(made.session.connection()) as opened:
        rounds.open_round(
            made.session,
            round_,
            invitees.by_rule(made.session, Rule(), LATER.date()).codes,
            SYSTEM,
            LATER.date(),
            now=LATER,
        )
        made.session.flush()
    with counted(made.session.connection()) as listed:
        found = participants.respondents(made.session, round_, LATER)
    assert len(found) == 60 + 3 + 23 + 9
    assert len(many) + len(listed) == len(few)
    assert len(opened) < 60, "a round is opened in a few statements, not in some for each respondent"


def test_a_later_addition_and_a_withdrawal_change_today_and_not_who_was_invited(made: World) -> None:
    coordinator = made.actors["coordinator"]
    rounds.add_participant(
        made.session, made.round, made.organisations["gamma"], SYSTEM, reason="Asked", now=NOW
    )
    participating.withdraw(
        made.session, made.round, made.organisations["CCC"].id, "Left", coordinator, NOW + timedelta(days=5)
    )
    made.session.flush()
    at = NOW + timedelta(days=9)
    counts = participants.counts(participants.respondents(made.session, made.round, at), at)
    assert (counts.as_invited[Audience.STATE].invited, counts.as_of_now[Audience.STATE].invited) == (3, 2)
    assert (counts.as_invited[Audience.ISCM].invited, counts.as_of_now[Audience.ISCM].invited) == (2, 3)
    with pytest.raises(NotPossible):
        participating.ask_again(made.session, made.round, made.organisations["CCC"].id, " ", coordinator, at)


def test_who_joined_the_register_since_the_opening_can_be_asked_under_its_name(made: World) -> None:
    zembla = organisation(made.session, "state", "ZZZ", "Zembla")
    rounds.add_participant(made.session, made.round, zembla, SYSTEM, reason="Joined", now=NOW)
    made.session.flush()
    assert names.RoundNames(made.session, made.round.id).organisation("ZZZ") == "Zembla"


BEFORE, AFTER = NOW - timedelta(days=1), NOW + timedelta(days=1)
STATES = [
    each
    for each in product(
        (None, BEFORE), (None, BEFORE, AFTER), (None, BEFORE), (None, BEFORE, AFTER), (None, BEFORE)
    )
    if not (each[2] and not each[0])
]
"""Closed, planned cut-off, made cut-off, own deadline, withdrawn: every way in which a round can stand."""


def taken(made: World) -> bool:
    with made.session.begin_nested() as savepoint:
        try:
            locking.lock_for_edit(made.session, made.response("AAA"), made.actors["AAA"], NOW)
        except ResponseLocked:
            return False
        finally:
            savepoint.rollback()
    return True


def test_the_statement_and_the_rule_agree_on_whether_answers_are_taken(made: World) -> None:
    table, asked, answers = rows_of(Round), rows_of(RoundParticipant), rows_of(Response)
    planned_for = {"opens_at": NOW - timedelta(days=9), "closes_at": NOW - timedelta(days=2)}
    said = set()
    for closed_at, cutoff_at, cut_off_at, due_at, withdrawn_at in STATES:
        ends = {"closed_at": closed_at, "cutoff_at": cutoff_at, "cut_off_at": cut_off_at}
        made.session.execute(update(table).values(**planned_for, **ends))
        made.session.execute(update(answers).values(due_at=due_at))
        made.session.execute(
            update(asked).values(withdrawn_at=withdrawn_at, why="Left" if withdrawn_at else None)
        )
        expected = takes_answers(responses.window(made.session, made.response("AAA")), NOW)
        assert taken(made) is expected, (closed_at, cutoff_at, cut_off_at, due_at, withdrawn_at)
        said.add(expected)
    assert said == {True, False}


@pytest.mark.parametrize("act", ["open", "close"])
def test_of_two_of_staff_at_once_one_opens_or_closes_the_round(database: Database, act: str) -> None:
    with database.begin() as session:
        made = world(session)
        round_ = planned(made) if act == "open" else made.round
        round_.asked = Rule().plain()
        key = round_.id
    both, refused = Barrier(2), []

    def one() -> None:
        both.wait()
        try:
            with database.begin() as session:
                mine = session.get_one(Round, key)
                if act == "open":
                    opening.open_by_rule(session, mine, SYSTEM, LATER)
                else:
                    rounds.close(session, mine, SYSTEM, now=NOW)
        except NotPossible as no:
            refused.append(no.message)

    threads = [Thread(target=one) for _each in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    wanted = "opened_round" if act == "open" else "closed_round"
    with database.read() as session:
        events = session.scalar(
            select(func.count()).where(AuditEvent.act == wanted, AuditEvent.subject_id == str(key))
        )
        assert events == 1


def test_more_time_leaves_later_deadlines_and_what_was_late(made: World) -> None:
    late = made.session.get_one(Response, made.response("BBB"))
    late.due_at = made.round.closes_at + timedelta(days=90)
    mine = late.due_at
    made.session.flush()
    until = made.round.closes_at + timedelta(days=9)
    assert running.extend(made.session, made.round, until, None, SYSTEM, NOW) == 5
    assert made.session.get_one(Response, made.response("BBB")).due_at == mine
    assert made.session.get_one(Response, made.response("AAA")).due_at == until
    with pytest.raises(NotPossible):
        running.extend(made.session, made.round, until, None, SYSTEM, NOW)


def test_a_rule_is_read_from_whatever_a_round_keeps() -> None:
    assert asking.read(None) == Rule()
    assert asking.read({"state": {"who": "everybody", "codes": 3}, "fictional": "yes"}) == Rule()
    wanted = rule(state=Part(Who.CHOSEN, ("AAA",)))
    assert asking.read(wanted.plain()) == wanted
    assert asking.codes_of(" AAA, BBB;CCC\nAAA") == ("AAA", "BBB", "CCC")
