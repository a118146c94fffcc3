"""Reminders by a plan: on their day, by each respondent's own deadline, once, never to who has finished."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import (
    AddressFailure,
    AppointmentRole,
    Audience,
    Clearance,
    MessagePurpose,
    OutboxMessage,
    ReminderAnchor,
    ReminderRule,
    Response,
    RoundParticipant,
    User,
)
from app.policy import SYSTEM
from app.queries import reminders as queries
from app.services import (
    declining,
    opting_out,
    people,
    reminder_days,
    reminder_letters,
    reminders,
    reminding,
    rounds,
    submitting,
)
from app.services.errors import NotAllowed, NotFound, NotPossible
from app.services.letter_writing import Letter, Unwanted
from app.services.letters import LETTERS
from app.services.reminder_days import Keeps
from app.services.reminding import Rule, RuleRefused
from app.standing import Standing
from tests.counting import counted
from tests.factories import NOW, World, organisation, person, user_of, world

DEADLINE = datetime(2027, 1, 29, 22, 59, tzinfo=UTC)  # a Friday, 23:59 in Geneva
WEEK_BEFORE = datetime(2027, 1, 22, 8, 0, tzinfo=UTC)  # a Friday, 9:00 in Geneva
RULE = Rule(ReminderAnchor.DEADLINE, -5)


class Links:
    def sign_in(self, token: str) -> str:
        return f"https://survey.example/sign-in/{token}"

    def page(self, path: str) -> str:
        return f"https://survey.example{path}"


@pytest.fixture
def made(session: Session) -> World:
    """Three States, two mechanisms and an organisation, whose answers are due on 29 January 2027."""
    found = world(session)
    found.round.closes_at, found.round.cutoff_at = DEADLINE, None
    found.round.contact = {"name": "Edda Holm", "email": "edda.holm@iom.example"}
    for response in session.scalars(select(Response)):
        response.due_at = DEADLINE
    reminding.add(session, found.round, RULE, found.actors["coordinator"], NOW)
    session.flush()
    return found


def due(made: World, now: datetime = WEEK_BEFORE) -> list[str]:
    """Write what is due, and say to whom, by the part of the address before the @."""
    before = set(made.session.scalars(select(OutboxMessage.id)))
    put = reminders.write_due(made.session, now)
    fresh = made.session.execute(
        select(User.email)
        .join(OutboxMessage, OutboxMessage.user_id == User.id)
        .where(OutboxMessage.id.not_in(before), OutboxMessage.kind == queries.KIND)
    ).scalars()
    to = sorted(each.partition("@")[0] for each in fresh)
    assert put == len(to)
    return to


def letter(made: World, code: str, now: datetime = WEEK_BEFORE) -> Letter | Unwanted:
    """The reminder in the outbox for the focal point there, as it would be sent."""
    user = user_of(made.session, made.actors[code])
    row = made.session.scalars(
        select(OutboxMessage).where(OutboxMessage.user_id == user.id, OutboxMessage.kind == queries.KIND)
    ).all()[-1]
    written = LETTERS[row.kind](made.session, row, user, Links(), now)
    assert isinstance(written, Letter | Unwanted)
    return written


EVERYBODY = ["aaa-fp", "alpha-fp", "bbb-fp", "beta-fp", "ccc-fp", "igo-fp"]


def test_on_its_day_everybody_gets_it_once(made: World) -> None:
    assert due(made, WEEK_BEFORE - timedelta(minutes=1)) == []
    assert due(made) == EVERYBODY
    assert due(made) == []
    assert due(made, WEEK_BEFORE + timedelta(hours=47)) == []


def test_a_day_on_which_nothing_worked_is_made_good_within_two_days_and_then_said_to_be_missed(
    made: World,
) -> None:
    late = WEEK_BEFORE + timedelta(days=2)
    assert due(made, late) == []
    fallings = reminder_days.fallings(reminder_days.read(made.session, made.round, late), late)
    assert {each.kept for each in fallings} == {Keeps.MISSED}
    assert due(made, late - timedelta(minutes=1)) == EVERYBODY


def test_a_personal_deadline_has_days_of_its_own(made: World) -> None:
    made.session.get_one(Response, made.response("AAA")).due_at = DEADLINE + timedelta(days=14)
    made.session.flush()
    assert "aaa-fp" not in due(made)
    assert due(made, WEEK_BEFORE + timedelta(days=14)) == ["aaa-fp"]


def test_a_deadline_that_moves_after_the_reminder_brings_another_one_but_not_within_days(made: World) -> None:
    assert "aaa-fp" in due(made)
    response = made.session.get_one(Response, made.response("AAA"))
    response.due_at = DEADLINE + timedelta(days=2)
    made.session.flush()
    assert due(made, WEEK_BEFORE + timedelta(days=3)) == []
    response.due_at = DEADLINE + timedelta(days=14)
    made.session.flush()
    assert due(made, WEEK_BEFORE + timedelta(days=14)) == ["aaa-fp"]


def test_who_has_finished_is_withdrawn_or_set_aside_is_not_reminded(made: World) -> None:
    made.complete("AAA")
    submitting.submit(made.session, made.response("AAA"), "Said.", made.actors["AAA"], NOW)
    declining.decline(made.session, made.response("BBB"), "No capacity", made.actors["BBB"], NOW)
    participant = made.session.scalars(
        select(RoundParticipant).where(RoundParticipant.organisation_id == made.organisations["CCC"].id)
    ).one()
    participant.withdrawn_at, participant.why = NOW, "Left"
    made.session.flush()
    assert due(made) == ["alpha-fp", "beta-fp", "igo-fp"]


def test_whoever_cannot_be_written_to_is_listed_and_not_sent_to(made: World) -> None:
    focal = user_of(made.session, made.actors["AAA"])
    made.session.add(AddressFailure(user_id=focal.id, address=focal.email, words="550", failed_at=NOW))
    people.deactivate(made.session, user_of(made.session, made.actors["BBB"]), SYSTEM, now=NOW)
    made.session.flush()
    assert due(made) == ["alpha-fp", "beta-fp", "ccc-fp", "igo-fp"]
    facts = reminder_days.read(made.session, made.round, WEEK_BEFORE)
    kept = {each.respondent.code: each.kept for each in reminder_days.fallings(facts, WEEK_BEFORE)}
    assert (kept["AAA"], kept["BBB"]) == (Keeps.NO_CONTACT, Keeps.NO_CONTACT)


def test_a_rule_reminds_one_role_and_one_state_of_the_answers(made: World) -> None:
    rule = made.session.scalars(select(ReminderRule)).one()
    wanted = Rule(ReminderAnchor.DEADLINE, -5, audience=Audience.STATE, standings=(Standing.IN_PROGRESS,))
    coordinator = made.actors["coordinator"]
    reminding.change(made.session, made.round, rule.id, wanted, coordinator, NOW)
    made.say("BBB", None, outlook="Begun")
    made.say("alpha", None, outlook="Begun")
    assert due(made) == ["bbb-fp"]


def test_nothing_falls_while_the_plan_is_paused_nor_for_what_fell_into_the_pause(made: World) -> None:
    coordinator = made.actors["coordinator"]
    reminding.pause(made.session, made.round, coordinator, WEEK_BEFORE - timedelta(hours=1))
    made.session.flush()
    assert due(made) == []
    reminding.resume(made.session, made.round, coordinator, WEEK_BEFORE + timedelta(hours=1))
    made.session.flush()
    assert due(made, WEEK_BEFORE + timedelta(hours=2)) == []
    (pause,) = queries.pauses(made.session, made.round)
    assert (pause.by, pause.ended_by) == ("coordinator", "coordinator")


def test_a_rule_that_is_added_late_sends_nothing_for_what_has_passed(made: World) -> None:
    late = WEEK_BEFORE + timedelta(hours=3)
    reminding.add(made.session, made.round, Rule(ReminderAnchor.DEADLINE, -5, hour=8), SYSTEM, late)
    made.session.flush()
    assert due(made, late) == EVERYBODY, "by the first rule only"


def test_days_after_the_opening_are_counted_from_when_each_was_asked(made: World) -> None:
    reminding.add(made.session, made.round, Rule(ReminderAnchor.OPENING, 3), SYSTEM, NOW)
    participant = made.session.scalars(
        select(RoundParticipant).where(RoundParticipant.organisation_id == made.organisations["CCC"].id)
    ).one()
    participant.added_at = NOW + timedelta(days=7)
    made.session.flush()
    assert "ccc-fp" not in due(made, datetime(2026, 11, 19, 8, 0, tzinfo=UTC))
    assert due(made, datetime(2026, 11, 26, 8, 0, tzinfo=UTC)) == ["ccc-fp"]


def test_a_trial_and_a_closed_round_remind_nobody(made: World) -> None:
    rounds.close(made.session, made.round, SYSTEM, now=WEEK_BEFORE - timedelta(days=1))
    made.session.flush()
    assert due(made) == []


def test_it_is_checked_again_when_the_letter_is_sent(made: World) -> None:
    due(made)
    assert isinstance(letter(made, "CCC"), Letter)
    made.complete("AAA")
    submitting.submit(made.session, made.response("AAA"), "Said.", made.actors["AAA"], WEEK_BEFORE)
    assert letter(made, "AAA") is Unwanted.FINISHED, "finished"
    made.session.get_one(Response, made.response("BBB")).due_at = DEADLINE + timedelta(days=9)
    made.session.flush()
    assert letter(made, "BBB") is Unwanted.NOT_WANTED, "the deadline has moved"
    appointment = user_of(made.session, made.actors["IGO"])
    people.deactivate(made.session, appointment, SYSTEM, now=WEEK_BEFORE)
    made.session.flush()
    assert letter(made, "IGO") is Unwanted.NOT_APPOINTED, "nobody there any more"
    reminding.pause(made.session, made.round, SYSTEM, WEEK_BEFORE)
    made.session.flush()
    assert letter(made, "CCC") is Unwanted.PAUSED


def test_the_letter_says_how_things_stand_whom_to_ask_and_how_to_get_no_more(made: World) -> None:
    due(made)
    made.say("CCC", None, outlook="Begun")
    written = letter(made, "CCC")
    assert isinstance(written, Letter)
    assert written.subject == "Reminder: Round one"
    assert "The answers are begun, not submitted. They are taken until 23:59, 29 January 2027" in written.text
    assert "Edda Holm\nedda.holm@iom.example" in written.text
    stop = written.headers["List-Unsubscribe"].strip("<>")
    assert stop in written.text
    assert stop.startswith("https://survey.example/no-reminders/")
    assert written.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "List-Unsubscribe-Post" not in reminder_letters.headers("http://here.example")
    opting_out.stop(made.session, stop.rpartition("/")[2], WEEK_BEFORE)
    made.session.flush()
    assert letter(made, "CCC") is Unwanted.OPTED_OUT
    assert "ccc-fp" not in due(made, WEEK_BEFORE + timedelta(hours=1))


def test_while_answers_are_cleared_whoever_clears_them_is_reminded_too(made: World) -> None:
    person(made.session, "officer", made.organisations["AAA"], AppointmentRole.CLEARING_OFFICER)
    made.say("AAA", None, outlook="Begun")
    assert "officer" not in due(made)
    focal = user_of(made.session, made.actors["AAA"])
    made.session.add(
        Clearance(
            response_id=made.response("AAA"), asked_by_id=focal.id, asked_at=WEEK_BEFORE, digest="0" * 64
        )
    )
    reminding.add(made.session, made.round, Rule(ReminderAnchor.DEADLINE, -3), SYSTEM, WEEK_BEFORE)
    made.session.flush()
    assert "officer" in due(made, WEEK_BEFORE + timedelta(days=4))


def by_hand(
    made: World, codes: Sequence[str], key: str = "k", note: str = "", who: str = "coordinator"
) -> int:
    chosen = [made.response(code) for code in codes]
    purpose = MessagePurpose.REMINDER
    return reminders.send_by_hand(
        made.session, made.round, chosen, purpose, note, key, made.actors[who], WEEK_BEFORE
    )


def test_by_hand_once_for_each_page_and_not_to_who_has_finished(made: World) -> None:
    declining.decline(made.session, made.response("BBB"), "No capacity", made.actors["BBB"], NOW)
    assert by_hand(made, ["AAA", "BBB", "CCC"]) == 2
    assert by_hand(made, ["AAA", "BBB", "CCC"]) == 0
    assert by_hand(made, ["AAA"], key="another page") == 1
    with pytest.raises(NotPossible):
        by_hand(made, ["BBB"])
    with pytest.raises(NotPossible):
        by_hand(made, ["AAA"], note="x" * 5_000)
    with pytest.raises(NotAllowed):
        by_hand(made, ["AAA"], who="analyst")
    with pytest.raises(NotFound):
        by_hand(made, ["AAA"], key="")


def test_a_plan_is_taken_over_by_another_round(made: World) -> None:
    other = rounds.create(made.session, "r2", "Round two", NOW, DEADLINE, None, "Europe/Zurich", SYSTEM)
    assert reminding.copy_plan(made.session, made.round, other, made.actors["coordinator"], NOW) == 1
    (rule,) = queries.in_force(made.session, other)
    assert reminding.as_rule(rule) == RULE
    with pytest.raises(NotAllowed):
        reminding.copy_plan(made.session, made.round, other, made.actors["analyst"], NOW)


@pytest.mark.parametrize(
    ("rule", "fields"),
    [
        (Rule(ReminderAnchor.OPENING, -1), ["days"]),
        (Rule(ReminderAnchor.DEADLINE, 366, hour=24), ["days", "hour"]),
        (Rule(ReminderAnchor.DEADLINE, 0, standings=(Standing.SUBMITTED,)), ["standings"]),
        (Rule(ReminderAnchor.DEADLINE, 0, purpose=MessagePurpose.THANKS), ["purpose"]),
        (Rule(ReminderAnchor.DEADLINE, 0, audience=Audience.NONE), ["audience"]),
    ],
)
def test_a_rule_that_cannot_be_is_refused_with_every_fault(
    made: World, rule: Rule, fields: list[str]
) -> None:
    with pytest.raises(RuleRefused) as refused:
        reminding.add(made.session, made.round, rule, made.actors["coordinator"], NOW)
    assert [field for field, _words in refused.value.faults] == fields


def test_the_calendar_is_read_in_the_same_statements_however_many_are_asked(made: World) -> None:
    counts = []
    for size in (0, 10, 90):
        for n in range(size):
            asked = organisation(made.session, "state", f"X{size}{n}", f"State {size} {n}")
            person(made.session, f"x{size}-{n}", asked)
            rounds.add_participant(made.session, made.round, asked, SYSTEM, now=NOW)
        made.session.flush()
        with counted(made.session.connection()) as statements:
            facts = reminder_days.read(made.session, made.round, WEEK_BEFORE)
            assert len(reminder_days.fallings(facts, WEEK_BEFORE)) >= size
        counts.append(len(statements))
    assert len(set(counts)) == 1
