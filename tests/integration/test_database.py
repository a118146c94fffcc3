"""The set-up that keeps committed saves, and the constraints that refuse what the domain forbids."""

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event, insert, select, text, update
from sqlalchemy.exc import DatabaseError, IntegrityError, StatementError
from sqlalchemy.orm import Session

from app.database import Database, UnsafeDatabaseError, assert_durable, driver_url, durability
from app.migrating import upgrade
from app.models import (
    Answer,
    Appointment,
    Audience,
    Base,
    IscmProfile,
    RepeatInstance,
    Response,
    Round,
    RoundTally,
    SubmissionAnswer,
    User,
)
from app.policy import Attribution
from app.services import submitting
from app.services.errors import violated
from tests.factories import NOW, World, membership, organisation, profile, rows_of, user_of, world


@pytest.fixture
def made(session: Session) -> World:
    return world(session)


def refused(session: Session, table: type[Base], change: dict[str, Any], **where: Any) -> str | None:
    """The name of the constraint that the change breaks."""
    changed = rows_of(table)
    statement = update(changed).values(**change)
    for key, value in where.items():
        statement = statement.where(changed.c[key] == value)
    with pytest.raises(IntegrityError) as error, session.begin_nested():
        session.execute(statement)
    return violated(error.value)


def test_a_committed_save_is_safe_on_this_engine(database: Database) -> None:
    assert_durable(database.engine)
    found = durability(database.engine)
    if database.engine.dialect.name == "sqlite":
        assert found["journal_mode"] == "wal"
        assert found["synchronous"] == 2
        assert found["foreign_keys"] == 1
        assert found["busy_timeout"] >= 10_000
    else:
        assert found["synchronous_commit"] == "on"


def test_an_unsafe_database_is_refused_by_name(database: Database) -> None:
    if database.engine.dialect.name == "sqlite":

        def weaken(connection: Any, _record: Any) -> None:
            connection.execute("PRAGMA synchronous=NORMAL")

        database.engine.dispose()
        event.listen(database.engine, "connect", weaken)
        expected = "synchronous"
    else:
        name = database.engine.url.database
        with database.begin() as session:
            session.execute(text(f'ALTER DATABASE "{name}" SET synchronous_commit = off'))
        database.engine.dispose()
        expected = "synchronous_commit"
    with pytest.raises(UnsafeDatabaseError, match=expected):
        assert_durable(database.engine)


def test_a_writer_begins_immediately_and_a_reader_does_not_wait_for_it(database: Database) -> None:
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    with database.begin() as writer:
        writer.execute(text("SELECT 1"))
        with database.read() as reader:
            reader.execute(text("SELECT 1"))
    if database.engine.dialect.name == "sqlite":
        assert [each for each in statements if each.startswith("BEGIN")] == [
            "BEGIN IMMEDIATE",
            "BEGIN DEFERRED",
        ]


def test_addresses_of_postgresql_mean_psycopg() -> None:
    assert driver_url("postgresql://h/d").drivername == "postgresql+psycopg"
    assert driver_url("sqlite:///x").drivername == "sqlite"


def test_instants_come_back_in_utc_and_naive_ones_are_refused(session: Session) -> None:
    there = datetime(2026, 11, 16, 23, 59, tzinfo=timezone(timedelta(hours=1)))
    round_ = Round(
        id=uuid4(), code="z", title="Z", opens_at=there, closes_at=there + timedelta(1), zone="UTC"
    )
    session.add(round_)
    session.flush()
    session.expire(round_)
    assert round_.opens_at == there
    assert round_.opens_at.tzinfo is UTC
    with pytest.raises(StatementError, match="naive"), session.begin_nested():
        session.execute(select(Round).where(Round.opens_at > datetime(2026, 1, 1)))


def test_a_state_cannot_be_given_the_questionnaire_of_an_igo(made: World) -> None:
    state, igo = made.response("AAA"), made.response("IGO")
    other = made.session.get_one(Response, igo)
    version = {"questionnaire_version_id": other.questionnaire_version_id, "questionnaire_key": "igo"}
    for change in (version, {"audience": Audience.IGO}, {**version, "audience": Audience.IGO}):
        with pytest.raises(IntegrityError), made.session.begin_nested():
            made.session.execute(update(rows_of(Response)).where(Response.id == state).values(change))


def test_an_organisation_is_asked_once_in_a_round(made: World) -> None:
    response = made.session.get_one(Response, made.response("AAA"))
    copy = {column.name: getattr(response, column.name) for column in rows_of(Response).columns}
    with pytest.raises(IntegrityError) as error, made.session.begin_nested():
        made.session.execute(insert(rows_of(Response)).values({**copy, "id": uuid4()}))
    assert violated(error.value) == "uq_response_round_id_organisation_id_questionnaire_key"


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"status": "submitted"}, "ck_response_submitted_with_attribution_and_reference"),
        ({"outcome": "declined"}, "ck_response_outcome_with_a_reason"),
        (
            {"outcome": "declined", "outcome_reason": "x", "status": "reopened", "reference": "r"},
            "ck_response_declined_only_unless_submitted",
        ),
    ],
)
def test_a_response_is_in_a_state_that_can_be(made: World, change: dict[str, str], constraint: str) -> None:
    if "reference" in change:
        change = {**change, "attribution": "by_name"}
    statement = update(rows_of(Response)).where(Response.id == made.response("AAA")).values(change)
    with pytest.raises(IntegrityError) as error, made.session.begin_nested():
        made.session.execute(statement)
    assert violated(error.value) == constraint


def test_a_mechanism_is_never_a_member_state(made: World) -> None:
    found = refused(made.session, Response, {"attribution": Attribution.UNNAMED}, id=made.response("alpha"))
    assert found == "ck_response_a_mechanism_cannot_be_unnamed"


def test_an_answer_stands_in_a_block_of_its_own_response(made: World) -> None:
    made.say("AAA", made.block("AAA", "alpha"), takes_part="yes")
    answer = made.answer("AAA", "takes_part", made.block("AAA", "alpha"))
    with pytest.raises(IntegrityError), made.session.begin_nested():
        made.session.execute(
            update(rows_of(Answer))
            .where(Answer.id == answer.id)
            .values(instance_id=made.block("BBB", "alpha"))
        )


def test_a_question_has_one_answer_in_one_place(made: World) -> None:
    made.say("AAA", None, contact_name="Ann")
    made.say("AAA", made.block("AAA", "alpha"), takes_part="yes")
    for answer, name in (
        (made.answer("AAA", "contact_name"), "uq_answer_of_response"),
        (made.answer("AAA", "takes_part", made.block("AAA", "alpha")), "uq_answer_of_instance"),
    ):
        copy = {column.name: getattr(answer, column.name) for column in rows_of(Answer).columns}
        with pytest.raises(IntegrityError) as error, made.session.begin_nested():
            made.session.execute(insert(rows_of(Answer)).values({**copy, "id": uuid4()}))
        assert violated(error.value) == name


def test_a_mechanism_has_one_block_in_a_response(made: World) -> None:
    block = made.session.get_one(RepeatInstance, made.block("AAA", "alpha"))
    copy = {column.name: getattr(block, column.name) for column in rows_of(RepeatInstance).columns}
    with pytest.raises(IntegrityError) as error, made.session.begin_nested():
        made.session.execute(insert(rows_of(RepeatInstance)).values({**copy, "id": uuid4()}))
    assert violated(error.value) == "uq_repeat_instance_subject"


def test_a_submission_holds_answers_of_its_own_response(made: World) -> None:
    for code in ("AAA", "BBB"):
        made.complete(code)
    sent = submitting.submit(made.session, made.response("AAA"), "Yes", made.actors["AAA"], NOW)
    made.session.flush()
    theirs = made.answer("BBB", "contact_name")
    [revision] = made.history(theirs)
    for response in (made.response("AAA"), made.response("BBB")):
        stolen = insert(rows_of(SubmissionAnswer)).values(
            submission_id=sent.id,
            answer_id=theirs.id,
            response_id=response,
            answer_revision_id=revision.id,
            attribution=Attribution.BY_NAME,
        )
        with pytest.raises(IntegrityError), made.session.begin_nested():
            made.session.execute(stolen)


def test_only_a_mechanism_has_members_and_a_profile(made: World) -> None:
    with pytest.raises(IntegrityError), made.session.begin_nested():
        membership(made.session, made.organisations["AAA"], made.organisations["BBB"])
    with pytest.raises(IntegrityError), made.session.begin_nested():
        profile(made.session, made.organisations["AAA"], "A")
    with pytest.raises(IntegrityError), made.session.begin_nested():
        organisation(made.session, "state", "ZZZ", "Zubrowka", asked_as="iscm")


def test_a_person_is_appointed_once_at_a_time(made: World) -> None:
    user = user_of(made.session, made.actors["AAA"])
    again = {
        "user_id": user.id,
        "organisation_id": made.organisations["AAA"].id,
        "role": "focal_point",
        "valid_from": date(2026, 1, 1),
    }
    with pytest.raises(IntegrityError) as error, made.session.begin_nested():
        made.session.execute(insert(rows_of(Appointment)).values({**again, "id": uuid4()}))
    assert violated(error.value) == "uq_appointment_in_force"
    ended = {**again, "id": uuid4(), "valid_until": date(2026, 2, 1)}
    made.session.execute(insert(rows_of(Appointment)).values(ended))


def test_addresses_are_kept_once_in_lower_case(made: World) -> None:
    user = user_of(made.session, made.actors["AAA"])
    assert (
        refused(made.session, User, {"email": "AAA@Example.org"}, id=user.id) == "ck_user_email_in_lower_case"
    )
    other = user_of(made.session, made.actors["BBB"]).email
    assert refused(made.session, User, {"email": other}, id=user.id) == "uq_user_email"


def test_numbers_that_cannot_be_are_refused(made: World) -> None:
    tally = {"round_id": made.round.id, "audience": "state", "source": "x", "recorded_at": NOW}
    for answered, invited, name in (
        (5, 4, "ck_round_tally_no_more_answered_than_invited"),
        (-1, None, "ck_round_tally_answered_is_a_count"),
    ):
        with pytest.raises(IntegrityError) as error, made.session.begin_nested():
            made.session.execute(
                insert(rows_of(RoundTally)).values(
                    {**tally, "id": uuid4(), "answered": answered, "invited": invited}
                )
            )
        assert violated(error.value) == name


@pytest.mark.parametrize(
    ("first", "second", "overlap"),
    [
        ((None, date(2011, 12, 31)), (date(2012, 1, 1), None), False),
        ((None, date(2011, 12, 31)), (date(2011, 12, 31), None), True),
        ((None, None), (date(2011, 12, 31), None), True),
        ((date(2001, 1, 1), date(2011, 1, 1)), (date(2005, 1, 1), date(2006, 1, 1)), True),
        ((date(2001, 1, 1), date(2004, 1, 1)), (date(2005, 1, 1), date(2006, 1, 1)), False),
    ],
)
def test_periods_of_a_profile_never_overlap(
    made: World,
    first: tuple[date | None, date | None],
    second: tuple[date | None, date | None],
    overlap: bool,
) -> None:
    iscm = organisation(made.session, "iscm", "delta", "Delta")
    profile(made.session, iscm, "D", valid_from=first[0], valid_until=first[1])
    if overlap:
        with pytest.raises(DatabaseError, match="iscm_profile_no_overlap"), made.session.begin_nested():
            profile(made.session, iscm, "D", valid_from=second[0], valid_until=second[1])
    else:
        other = profile(made.session, iscm, "D", valid_from=second[0], valid_until=second[1])
        with pytest.raises(DatabaseError, match="iscm_profile_no_overlap"), made.session.begin_nested():
            made.session.execute(
                update(rows_of(IscmProfile))
                .where(IscmProfile.id == other.id)
                .values(valid_from=None, valid_until=None)
            )


def test_a_filled_sqlite_database_is_copied_before_it_is_migrated(database: Database) -> None:
    if database.engine.dialect.name != "sqlite":
        assert upgrade(database.engine) is None
        return
    assert upgrade(database.engine) is None
    with database.begin() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0004'"))
    with pytest.raises(DatabaseError):
        upgrade(database.engine)
    [copy] = Path(str(database.engine.url.database)).parent.glob("*.before-leaving-0004")
    assert copy.stat().st_size > 0
