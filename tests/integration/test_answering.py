"""Saving: histories, conflicts with both texts, refusals, and what is left as it is."""

from datetime import timedelta

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from app.models import AnswerRevision, Response, ResponseStatus, StatusChange, Via
from app.policy import AppointmentRole, Attribution
from app.services import answering, repeating, revising, rounds, running
from app.services.answering import Change, Conflict, Refused, Saved
from app.services.errors import NotAllowed, NotFound, Overtaken, ResponseLocked
from tests.factories import NOW, World, person, world


@pytest.fixture
def made(session: Session) -> World:
    return world(session)


def revisions(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(AnswerRevision)) or 0


def test_the_first_answer_is_revision_one_and_begins_the_response(made: World) -> None:
    [saved] = made.say("AAA", None, contact_name="Ann")
    assert isinstance(saved, Saved)
    assert (saved.revision, saved.by, saved.at) == (1, "AAA-fp", NOW)
    response = made.session.get_one(Response, made.response("AAA"), populate_existing=True)
    assert (response.status, response.last_saved_at) == (ResponseStatus.IN_PROGRESS, NOW)
    change = made.session.scalars(select(StatusChange).where(StatusChange.response_id == response.id)).one()
    assert (change.before, change.after) == (ResponseStatus.INVITED, ResponseStatus.IN_PROGRESS)


def test_a_change_that_saw_the_latest_revision_is_the_next_one(made: World) -> None:
    made.say("AAA", None, contact_name="Ann")
    later = NOW + timedelta(minutes=5)
    [saved] = made.save("AAA", Change(None, "contact_name", "", "Anna", 1), now=later)
    assert isinstance(saved, Saved)
    assert saved.revision == 2
    answer = made.answer("AAA", "contact_name")
    assert (answer.value, answer.revision) == ("Anna", 2)
    assert [(each.number, each.value, each.saved_at) for each in made.history(answer)] == [
        (1, "Ann", NOW),
        (2, "Anna", later),
    ]
    assert {each.appointment_id for each in made.history(answer)} == {
        made.actors["AAA"].appointments[0].appointment_id
    }


def test_an_overtaken_change_is_shown_both_texts_and_holds_back_no_other(made: World) -> None:
    block = made.block("AAA", "alpha")
    made.say("AAA", block, reasons={"options": ["exchange"]})
    mine, other = made.save(
        "AAA",
        Change(block, "reasons", "", {"options": ["training"]}, 0),
        Change(None, "contact_name", "", "Ann", 0),
    )
    assert isinstance(mine, Conflict)
    assert (mine.theirs, mine.revision, mine.by) == ({"options": ["exchange"]}, 1, "AAA-fp")
    assert "Exchange" in mine.theirs_said
    assert isinstance(other, Saved)
    assert made.answer("AAA", "reasons", block).value == {"options": ["exchange"]}


def test_keeping_mine_after_a_conflict_is_one_more_revision(made: World) -> None:
    made.say("AAA", None, contact_name="theirs")
    [conflict] = made.say("AAA", None, contact_name="mine")
    assert isinstance(conflict, Conflict)
    [saved] = made.save("AAA", Change(None, "contact_name", "", "mine", conflict.revision))
    assert isinstance(saved, Saved)
    assert [each.value for each in made.history(made.answer("AAA", "contact_name"))] == ["theirs", "mine"]


def test_an_equal_value_makes_no_revision_whatever_was_seen(made: World) -> None:
    made.say("AAA", None, contact_name="Ann")
    before = revisions(made.session)
    for seen in (0, 1, 7):
        [saved] = made.save(
            "AAA", Change(None, "contact_name", "", "Ann", seen), now=NOW + timedelta(hours=1)
        )
        assert isinstance(saved, Saved)
        assert (saved.revision, saved.at) == (1, NOW)
    assert revisions(made.session) == before


def test_an_empty_answer_to_a_question_never_answered_writes_nothing(made: World) -> None:
    [saved] = made.say("AAA", None, contact_name="")
    assert isinstance(saved, Saved)
    assert saved.revision == 0
    assert revisions(made.session) == 0


def test_a_cleared_answer_keeps_its_history(made: World) -> None:
    made.say("AAA", None, contact_name="Ann")
    made.save("AAA", Change(None, "contact_name", "", None, 1))
    answer = made.answer("AAA", "contact_name")
    assert (answer.value, answer.revision) == (None, 2)
    assert [each.value for each in made.history(answer)] == ["Ann", None]


def test_text_is_normalised_at_the_door_and_otherwise_as_typed(made: World) -> None:
    made.say("AAA", None, outlook=" a\r\nb\x0b\x00c\ufffe\ud800 \t “é” ")
    assert made.answer("AAA", "outlook").value == " a\nbc \t “é” "


def test_a_hundred_thousand_characters_are_kept_and_more_are_refused(made: World) -> None:
    longest = "𝄞" * 100_000
    [saved] = made.say("AAA", None, outlook=longest)
    assert isinstance(saved, Saved)
    assert made.answer("AAA", "outlook").value == longest
    [refused] = made.save("AAA", Change(None, "outlook", "", longest + "x", 1))
    assert isinstance(refused, Refused)


def test_a_draft_over_its_limit_of_words_is_kept(made: World) -> None:
    [saved] = made.say("AAA", made.block("AAA", "alpha"), words="word " * 50)
    assert isinstance(saved, Saved)


@pytest.mark.parametrize(
    ("key", "item", "value"),
    [
        ("unknown", "", "x"),
        ("takes_part", "", "yes"),
        ("example", "", "x"),
        ("contact_name", "row", "x"),
        ("contact_name", "", {"option": "x"}),
        ("contact_name", "", ["x"]),
        ("contact_name", "", 4),
    ],
)
def test_what_cannot_be_an_answer_there_is_refused_and_holds_back_no_other(
    made: World, key: str, item: str, value: object
) -> None:
    refused, saved = made.save(
        "AAA", Change(None, key, item, value, 0), Change(None, "outlook", "", "fine", 0)
    )
    assert isinstance(refused, Refused)
    assert isinstance(saved, Saved)


def test_cells_of_a_matrix_are_answers_of_their_own(made: World) -> None:
    block = made.block("AAA", "alpha")
    outcomes = made.save(
        "AAA",
        Change(block, "degree", "states", {"option": "often"}, 0),
        Change(block, "degree", "igos", {"option": "never"}, 0),
        Change(block, "degree", "nobody", {"option": "never"}, 0),
        Change(block, "degree", "", {"option": "never"}, 0),
    )
    assert [type(each) for each in outcomes] == [Saved, Saved, Refused, Refused]


def test_a_confirmed_fact_is_an_answer_that_says_so(made: World) -> None:
    [saved] = made.save("alpha", Change(None, "launched", "", 2001, 0, confirms="established"))
    assert isinstance(saved, Saved)
    [revision] = made.history(made.answer("alpha", "launched"))
    assert (revision.value, revision.confirms) == (2001, "established")
    made.save("alpha", Change(None, "launched", "", 2002, 1))
    assert [each.confirms for each in made.history(made.answer("alpha", "launched"))] == ["established", None]


def test_the_attribution_of_an_answer_travels_with_its_change(made: World) -> None:
    made.save("AAA", Change(None, "outlook", "", "x", 0, attribution=Attribution.BACKGROUND))
    assert made.answer("AAA", "outlook").attribution is Attribution.BACKGROUND
    made.save("AAA", Change(None, "outlook", "", "y", 1))
    assert made.answer("AAA", "outlook").attribution is Attribution.BACKGROUND
    made.save("AAA", Change(None, "outlook", "", "y", 2, attribution=None))
    assert made.answer("AAA", "outlook").attribution is None
    [refused] = made.save("alpha", Change(None, "outlook", "", "x", 0, attribution=Attribution.UNNAMED))
    assert isinstance(refused, Refused)


def test_only_who_answers_for_all_chooses_how_an_answer_may_be_used(made: World) -> None:
    aaa = made.organisations["AAA"]
    made.actors["writer"] = person(made.session, "writer", aaa, AppointmentRole.CONTRIBUTOR)
    named = Change(None, "outlook", "", "x", 0, attribution=Attribution.BY_NAME)
    [refused] = made.save("AAA", named, by="writer")
    assert isinstance(refused, Refused)
    [saved] = made.save("AAA", Change(None, "outlook", "", "x", 0), by="writer")
    assert isinstance(saved, Saved)


def test_a_second_change_of_the_same_answer_in_one_call_follows_the_first(made: World) -> None:
    first = [Change(None, "outlook", "", "a", 0), Change(None, "outlook", "", "b", 1)]
    then = [Change(None, "outlook", "", "c", 2), Change(None, "outlook", "", "d", 3)]
    stale = Change(None, "outlook", "", "e", 2)
    outcomes = [*made.save("AAA", *first), *made.save("AAA", *then, stale)]
    assert [type(each) for each in outcomes] == [Saved, Saved, Saved, Saved, Conflict]
    history = made.history(made.answer("AAA", "outlook"))
    assert [(each.number, each.value) for each in history] == [(1, "a"), (2, "b"), (3, "c"), (4, "d")]


def test_what_was_written_past_the_responses_row_is_noticed(
    made: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.say("AAA", None, outlook="a")
    stale = revising.read_stored(made.session, made.response("AAA"), ["outlook"])
    made.save("AAA", Change(None, "outlook", "", "b", 1))
    for seen, known in ((0, {}), (1, stale)):
        monkeypatch.setattr(answering, "read_stored", lambda *_, known=known: dict(known))
        with pytest.raises(Overtaken), made.session.begin_nested():
            made.save("AAA", Change(None, "outlook", "", "c", seen))
    assert made.answer("AAA", "outlook").value == "b"


def test_a_page_of_answers_costs_a_constant_number_of_statements(made: World) -> None:
    block = made.block("AAA", "alpha")
    records = [
        repeating.add_record(made.session, made.response("AAA"), "effects", block, made.actors["AAA"], NOW)
        for _ in range(3)
    ]
    made.save("AAA", Change(None, "outlook", "", "x", 0))
    made.session.flush()

    def page(text: str, seen: int) -> list[Change]:
        changes = [
            Change(each.id, "example", "", f"{text} {number}", seen) for number, each in enumerate(records)
        ]
        changes += [Change(block, key, "", text, seen) for key in ("words", "private")]
        return [*changes, Change(None, "contact_name", "", text, seen)]

    statements: list[str] = []
    event.listen(made.session.get_bind(), "before_cursor_execute", lambda *each: statements.append(each[2]))
    for seen, text in enumerate(("first", "second")):
        del statements[:]
        assert all(isinstance(each, Saved) for each in made.save("AAA", *page(text, seen)))
        assert len(statements) <= 5, statements


def test_strangers_and_staff_cannot_write_and_learn_nothing(made: World) -> None:
    for who in ("BBB", "analyst", "viewer", "IGO"):
        with pytest.raises(NotAllowed):
            made.save("AAA", Change(None, "outlook", "", "x", 0), by=who)
    with pytest.raises(NotFound):
        answering.save_answers(made.session, made.round.id, [], made.actors["AAA"], Via.PAGE, NOW)


def test_an_observer_reads_only(made: World) -> None:
    made.actors["watcher"] = person(
        made.session, "watcher", made.organisations["AAA"], AppointmentRole.OBSERVER
    )
    with pytest.raises(NotAllowed):
        made.save("AAA", Change(None, "outlook", "", "x", 0), by="watcher")


def test_somebody_appointed_for_one_mechanism_writes_in_its_block_only(made: World) -> None:
    made.actors["expert"] = person(
        made.session,
        "expert",
        made.organisations["AAA"],
        AppointmentRole.CONTRIBUTOR,
        iscm=made.organisations["alpha"],
    )
    alpha, beta = made.block("AAA", "alpha"), made.block("AAA", "beta")
    record = repeating.add_record(
        made.session, made.response("AAA"), "effects", alpha, made.actors["expert"], NOW
    )
    outcomes = made.save(
        "AAA",
        Change(alpha, "takes_part", "", "yes", 0),
        Change(record.id, "example", "", "a law", 0),
        Change(beta, "takes_part", "", "yes", 0),
        Change(None, "outlook", "", "x", 0),
        by="expert",
    )
    assert [type(each) for each in outcomes] == [Saved, Saved, Refused, Refused]


def test_a_round_that_is_cut_off_takes_no_more_from_respondents_but_from_staff(made: World) -> None:
    rounds.close(made.session, made.round, made.actors["coordinator"], now=NOW)
    running.cut_off(made.session, made.round, made.actors["coordinator"], now=NOW)
    made.session.flush()
    with pytest.raises(ResponseLocked):
        made.say("AAA", None, outlook="late")
    outcome = answering.save_answers(
        made.session,
        made.response("AAA"),
        [Change(None, "outlook", "", "late", 0)],
        made.actors["coordinator"],
        Via.STAFF,
        NOW,
        source={"what": "a letter", "dated": "2026-11-12"},
    )
    assert isinstance(outcome[0], Saved)
    [revision] = made.history(made.answer("AAA", "outlook"))
    assert (revision.via, revision.source) == (Via.STAFF, {"what": "a letter", "dated": "2026-11-12"})


def test_answers_of_a_removed_record_are_kept_but_take_no_changes(made: World) -> None:
    block = made.block("AAA", "alpha")
    actor, response = made.actors["AAA"], made.response("AAA")
    record = repeating.add_record(made.session, response, "effects", block, actor, NOW)
    made.say("AAA", record.id, example="a law")
    repeating.remove_instance(made.session, response, record.id, actor, NOW)
    [refused] = made.save("AAA", Change(record.id, "example", "", "another", 1))
    assert isinstance(refused, Refused)
    repeating.restore_instance(made.session, response, record.id, actor, NOW)
    [saved] = made.save("AAA", Change(record.id, "example", "", "another", 1))
    assert isinstance(saved, Saved)
