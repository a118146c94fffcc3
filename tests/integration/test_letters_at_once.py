"""Several people, or several workers, at the same letters of a round: each letter is there once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.database import Database
from app.models import (
    LoginSession,
    MessagePurpose,
    MessageTemplate,
    OutboxMessage,
    ReminderAnchor,
    ReminderOptOut,
    Round,
)
from app.policy import Actor
from app.services import (
    activating,
    inviting,
    opting_out,
    reminder_letters,
    reminders,
    reminding,
    round_letters,
    round_texts,
)
from app.services.errors import LinkSpent, NotPossible
from app.services.reminding import Rule
from tests.factories import NOW, World, world

AT_ONCE = 6


@pytest.fixture
def made(database: Database) -> World:
    """A round with six respondents, each with a focal point; a rule falls an hour after the opening day."""
    with database.begin() as session:
        found = world(session)
        rule = Rule(ReminderAnchor.OPENING, 1, business_days=False)
        reminding.add(session, found.round, rule, found.actors["coordinator"], NOW)
        found.response("AAA")
        return found


def at_once(database: Database, act: Callable[[Session, Round], object], made: World) -> list[object]:
    """Do it in as many transactions as there are threads; what is refused by the domain is handed back."""
    barrier = Barrier(AT_ONCE)

    def once(_number: int) -> object:
        barrier.wait()
        try:
            with database.begin() as session:
                return act(session, session.get_one(Round, made.round.id))
        except (LinkSpent, NotPossible) as refused:
            return refused

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(once, range(AT_ONCE)))


def count(
    database: Database, model: type[OutboxMessage | LoginSession | MessageTemplate | ReminderOptOut]
) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def staff(made: World) -> Actor:
    return made.actors["coordinator"]


def test_everybody_is_invited_once_however_many_press(database: Database, made: World) -> None:
    put = at_once(
        database, lambda session, round_: inviting.invite(session, round_, staff(made), NOW).letters, made
    )
    assert sorted(put, key=str) == [0] * (AT_ONCE - 1) + [6]
    assert count(database, OutboxMessage) == 6


def test_what_is_due_is_written_once_however_many_workers(database: Database, made: World) -> None:
    due = NOW + timedelta(days=1)
    put = at_once(database, lambda session, _round: reminders.write_due(session, due), made)
    assert sum(each for each in put if isinstance(each, int)) == 6
    assert count(database, OutboxMessage) == 6


def test_one_page_reminds_once_however_often_it_is_sent(database: Database, made: World) -> None:
    chosen: list[UUID] = [made.response("AAA")]
    purpose = MessagePurpose.REMINDER
    at_once(
        database,
        lambda session, round_: reminders.send_by_hand(
            session, round_, chosen, purpose, "", "one page", staff(made), NOW
        ),
        made,
    )
    assert count(database, OutboxMessage) == 1


def test_a_link_signs_in_once_however_often_it_is_pressed(database: Database, made: World) -> None:
    user_id = made.actors["AAA"].user_id
    assert user_id is not None
    with database.begin() as session:
        token = activating.make_link(session, user_id, NOW + timedelta(days=9), NOW)
    done = at_once(database, lambda session, _round: activating.redeem(session, token, NOW), made)
    assert [isinstance(each, LinkSpent) for each in done].count(False) == 1
    assert count(database, LoginSession) == 1


def test_of_several_texts_saved_at_once_one_is_in_force_and_the_others_are_told(
    database: Database, made: World
) -> None:
    numbers = iter(range(AT_ONCE))

    def save(session: Session, round_: Round) -> object:
        body = f"Text {next(numbers)}: {{link}}"
        return round_texts.save(
            session, round_, MessagePurpose.INVITATION, "en", "Subject", body, 0, staff(made), NOW
        )

    done = at_once(database, save, made)
    assert [isinstance(each, NotPossible) for each in done].count(False) == 1
    assert count(database, MessageTemplate) == 1


def test_no_more_reminders_said_several_times_at_once_is_said_once(database: Database, made: World) -> None:
    user_id = made.actors["AAA"].user_id
    assert user_id is not None
    with database.read() as session:
        token = reminder_letters.token(round_letters.about(session, made.response("AAA")), user_id)
    at_once(database, lambda session, _round: opting_out.stop(session, token, NOW), made)
    assert count(database, ReminderOptOut) == 1
