"""The policy as a table: who may do what. A row that is not here is a refusal."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from app.policy import (
    SYSTEM,
    Act,
    Actor,
    AnswerFacts,
    AppointmentRole,
    Attribution,
    DelegatedRight,
    Hat,
    ResponseFacts,
    Share,
    StaffRole,
    can,
    can_somewhere,
    hat_for,
    in_force,
    loosens,
    may_hand_over,
    part_of,
    stricter,
    visible,
)
from app.window import Window, takes_answers

OURS, THEIRS, ALPHA, BETA = (UUID(int=number) for number in range(1, 5))
RESPONSE, OTHER_ROUND, ONE_BLOCK, OTHER_BLOCK = (UUID(int=number) for number in range(11, 15))
READ, WRITE = DelegatedRight.READ, DelegatedRight.WRITE

ABOUT_A_RESPONSE = {
    Act.READ_RESPONSE,
    Act.EDIT_RESPONSE,
    Act.CHOOSE_ATTRIBUTION,
    Act.SUBMIT_RESPONSE,
    Act.REOPEN_RESPONSE,
    Act.EXPORT_RESPONSE,
    Act.WITHDRAW_SUBMISSION,
    Act.ASK_CLEARANCE,
    Act.SET_CLEARANCE,
    Act.MANAGE_TEAM,
    Act.READ_THREADS,
    Act.ASK_IOM,
    Act.REQUEST_CHANGE,
}


def respondent(role: AppointmentRole, organisation: UUID = OURS, iscm: UUID | None = None) -> Actor:
    hat = Hat(organisation, "state", iscm, role, uuid4())
    return Actor(uuid4(), role, appointments=(hat,), hat=hat)


def staff(role: StaffRole) -> Actor:
    return Actor(uuid4(), role, staff_role=role)


def response(organisation: UUID = OURS, submitted: bool = False, iscm: UUID | None = None) -> ResponseFacts:
    return ResponseFacts(
        organisation, "state", "submitted" if submitted else "in_progress", submitted, True, iscm
    )


RESPONDENTS = {
    AppointmentRole.FOCAL_POINT: ABOUT_A_RESPONSE,
    AppointmentRole.CONTRIBUTOR: {
        Act.READ_RESPONSE,
        Act.EXPORT_RESPONSE,
        Act.EDIT_RESPONSE,
        Act.READ_THREADS,
        Act.ASK_IOM,
    },
    AppointmentRole.CLEARING_OFFICER: {
        Act.READ_RESPONSE,
        Act.EXPORT_RESPONSE,
        Act.CLEAR_RESPONSE,
        Act.SET_CLEARANCE,
        Act.READ_THREADS,
        Act.ASK_IOM,
    },
    AppointmentRole.OBSERVER: {Act.READ_RESPONSE, Act.EXPORT_RESPONSE, Act.READ_THREADS},
}

READ_ALL = {Act.READ_FINDINGS, Act.READ_REGISTER, Act.READ_ROUNDS, Act.READ_QUESTIONNAIRES}
ANALYSE = READ_ALL | {
    Act.COMPILE_FINDINGS,
    Act.EXPORT_FINDINGS,
    Act.TRANSLATE_ANSWERS,
    Act.ANSWER_THREADS,
    Act.READ_PEOPLE,
    Act.READ_MAIL,
    Act.RECORD_CONTACT,
    Act.PILOT_QUESTIONNAIRE,
}
COORDINATE = ANALYSE | {
    Act.ENTER_ANSWERS,
    Act.DECIDE_PROPOSALS,
    Act.CHANGE_REGISTER,
    Act.HAND_OVER,
    Act.MANAGE_ROUNDS,
    Act.PUBLISH_QUESTIONNAIRE,
    Act.PUBLISH_FINDINGS,
    Act.DECIDE_REQUESTS,
    Act.MANAGE_CONTACTS,
    Act.SEND_MAIL,
    Act.CHANGE_OUTCOME,
}
OF_SUBMITTED = {Act.READ_RESPONSE, Act.EXPORT_RESPONSE, Act.ASK_CLARIFICATION}

STAFF = {
    StaffRole.VIEWER: (READ_ALL, set()),
    StaffRole.ANALYST: (ANALYSE, OF_SUBMITTED),
    StaffRole.COORDINATOR: (COORDINATE, OF_SUBMITTED | {Act.REOPEN_RESPONSE}),
    StaffRole.ADMINISTRATOR: (COORDINATE | {Act.MANAGE_PEOPLE}, OF_SUBMITTED | {Act.REOPEN_RESPONSE}),
}


@pytest.mark.parametrize("role", AppointmentRole)
@pytest.mark.parametrize("act", Act)
def test_respondents_do_with_their_own_what_their_role_says(role: AppointmentRole, act: Act) -> None:
    assert can(respondent(role), act, response()) is (act in RESPONDENTS[role])


@pytest.mark.parametrize("role", AppointmentRole)
@pytest.mark.parametrize("act", Act)
def test_nobody_does_anything_with_what_is_somebody_elses(role: AppointmentRole, act: Act) -> None:
    assert not can(respondent(role), act, response(THEIRS, submitted=True))
    assert not can(respondent(role), act, ResponseFacts(OURS, "igo", "submitted", True))
    assert not can(respondent(role), act)


@pytest.mark.parametrize("role", StaffRole)
@pytest.mark.parametrize("act", Act)
def test_staff_never_see_a_draft(role: StaffRole, act: Act) -> None:
    always, submitted = STAFF[role]
    assert can(staff(role), act) is (act in always)
    assert can(staff(role), act, response()) is (act in always)
    assert can(staff(role), act, response(submitted=True)) is (act in always | submitted)


@pytest.mark.parametrize("act", Act)
def test_a_person_without_role_or_hat_may_nothing(act: Act) -> None:
    stranger = Actor(uuid4(), "Stranger")
    assert not can(stranger, act)
    assert not can(stranger, act, response(submitted=True))
    assert can(SYSTEM, act, response())


def test_an_expert_for_one_mechanism_writes_there_and_reads_all() -> None:
    expert = respondent(AppointmentRole.FOCAL_POINT, iscm=ALPHA)
    assert can(expert, Act.READ_RESPONSE, response())
    assert can(expert, Act.EDIT_RESPONSE, response(iscm=ALPHA))
    assert not can(expert, Act.EDIT_RESPONSE, response(iscm=BETA))
    assert not can(expert, Act.EDIT_RESPONSE, response())
    whole = {Act.SUBMIT_RESPONSE, Act.CHOOSE_ATTRIBUTION, Act.REOPEN_RESPONSE}
    whole |= {Act.MANAGE_TEAM, Act.REQUEST_CHANGE}
    for act in whole:
        assert not can(expert, act, response(iscm=ALPHA))


def limited(*shares: Share, role: AppointmentRole = AppointmentRole.CONTRIBUTOR) -> Actor:
    hat = Hat(OURS, "state", None, role, uuid4(), shares)
    return Actor(uuid4(), "Limited", appointments=(hat,), hat=hat)


def place(
    section: str | None = None, block: UUID | None = None, response_id: UUID = RESPONSE
) -> ResponseFacts:
    return replace(response(), response_id=response_id, section_key=section, block_id=block)


OF_A_PART = {Act.READ_RESPONSE, Act.EDIT_RESPONSE, Act.MARK_READY, Act.READ_THREADS, Act.ASK_IOM}
PLACES = {
    "outside": place("about"),
    "one block": place("mechanisms", ONE_BLOCK),
    "other block": place("mechanisms", OTHER_BLOCK),
    "all blocks": place("mechanisms"),
    "as such": place(),
}
GIVEN = {
    "the whole": (Share(RESPONSE, None, None, WRITE), set(PLACES)),
    "a section": (Share(RESPONSE, "about", None, WRITE), {"outside"}),
    "every block": (
        Share(RESPONSE, "mechanisms", None, WRITE),
        {"one block", "other block", "all blocks"},
    ),
    "one block": (Share(RESPONSE, None, ONE_BLOCK, WRITE), {"one block"}),
}


@pytest.mark.parametrize("given", GIVEN)
@pytest.mark.parametrize("where", PLACES)
def test_who_was_given_a_part_reads_and_writes_there_and_nowhere_else(given: str, where: str) -> None:
    share, covered = GIVEN[given]
    writer, reader = limited(share), limited(replace(share, right=READ))
    assert can(writer, Act.EDIT_RESPONSE, PLACES[where]) is (where in covered)
    assert not can(reader, Act.EDIT_RESPONSE, PLACES[where])
    assert can(writer, Act.ASK_IOM, PLACES[where]) is (where in covered)
    for person in (writer, reader):
        assert can(person, Act.READ_RESPONSE, PLACES[where]) is (where in covered or where == "as such")
        assert can(person, Act.READ_THREADS, PLACES[where]) is (where in covered)
        elsewhere = replace(PLACES[where], response_id=OTHER_ROUND)
        assert not can(person, Act.READ_RESPONSE, elsewhere)
        assert not can(person, Act.EDIT_RESPONSE, elsewhere)


@pytest.mark.parametrize("act", [act for act in Act if act not in OF_A_PART])
def test_who_was_given_a_part_does_nothing_with_the_whole(act: Act) -> None:
    for share, _covered in GIVEN.values():
        for where in PLACES.values():
            assert not can(limited(share), act, replace(where, ever_submitted=True))


def test_who_writes_a_part_marks_it_ready_and_nobody_else_does() -> None:
    share = Share(RESPONSE, "about", None, WRITE)
    assert can(limited(share), Act.MARK_READY, place())
    assert not can(limited(replace(share, right=READ)), Act.MARK_READY, place())
    assert not can(limited(share), Act.MARK_READY, place(response_id=OTHER_ROUND))
    assert not can(limited(share, role=AppointmentRole.OBSERVER), Act.EDIT_RESPONSE, place("about"))


def test_taking_the_row_asks_whether_there_is_any_place_to_write() -> None:
    for share, _covered in GIVEN.values():
        assert can_somewhere(limited(share), Act.EDIT_RESPONSE, place())
        assert not can_somewhere(limited(replace(share, right=READ)), Act.EDIT_RESPONSE, place())
        assert not can_somewhere(limited(share), Act.EDIT_RESPONSE, place(response_id=OTHER_ROUND))
    assert can_somewhere(respondent(AppointmentRole.CONTRIBUTOR, iscm=ALPHA), Act.EDIT_RESPONSE, place())
    assert not can_somewhere(limited(), Act.EDIT_RESPONSE, place())


def test_what_somebody_sees_is_a_part_unless_another_hat_sees_all() -> None:
    share = Share(RESPONSE, "about", None, READ)
    person = limited(share, Share(OTHER_ROUND, None, None, READ))
    assert part_of(person, OURS, "state", RESPONSE) == (share,)
    assert part_of(person, THEIRS, "state", RESPONSE) == ()
    hats = (*person.appointments, *respondent(AppointmentRole.OBSERVER).appointments)
    assert part_of(replace(person, appointments=hats), OURS, "state", RESPONSE) is None
    assert not visible(AnswerFacts(OURS, "state", True, Attribution.BY_NAME), person)


def test_one_person_wears_several_hats() -> None:
    hats = tuple(Hat(each, "state", None, AppointmentRole.FOCAL_POINT, uuid4()) for each in (OURS, THEIRS))
    both = Actor(uuid4(), "Both", staff_role=StaffRole.VIEWER, appointments=hats, hat=hats[1])
    assert can(both, Act.SUBMIT_RESPONSE, response(OURS))
    assert can(both, Act.SUBMIT_RESPONSE, response(THEIRS))
    assert can(both, Act.READ_FINDINGS)
    assert hat_for(both, OURS, "state") == hats[0]
    assert hat_for(both, THEIRS, "state") == hats[1]
    assert hat_for(both, OURS, "igo") is None


@pytest.mark.parametrize("attribution", [*Attribution, None])
@pytest.mark.parametrize("submitted", [True, False])
def test_who_sees_an_answer(attribution: Attribution | None, submitted: bool) -> None:
    answer = AnswerFacts(OURS, "state", submitted, attribution)
    named = submitted and attribution is Attribution.BY_NAME
    assert visible(answer, None) is named
    assert visible(answer, respondent(AppointmentRole.OBSERVER))
    assert not visible(answer, respondent(AppointmentRole.FOCAL_POINT, THEIRS))
    assert visible(answer, staff(StaffRole.VIEWER)) is named
    for role in (StaffRole.ANALYST, StaffRole.COORDINATOR, StaffRole.ADMINISTRATOR):
        assert visible(answer, staff(role)) is submitted
    assert visible(answer, SYSTEM)
    assert not visible(answer, Actor(uuid4(), "Stranger"))


@pytest.mark.parametrize(
    ("chosen", "sent", "counts"),
    [
        ([None, None, Attribution.UNNAMED], None, Attribution.UNNAMED),
        ([Attribution.BY_NAME, Attribution.BACKGROUND, Attribution.UNNAMED], None, Attribution.BY_NAME),
        ([Attribution.BY_NAME], Attribution.BACKGROUND, Attribution.BACKGROUND),
        ([Attribution.BACKGROUND], Attribution.BY_NAME, Attribution.BACKGROUND),
        ([None], None, None),
        ([], Attribution.BY_NAME, None),
    ],
)
def test_the_attribution_in_force(
    chosen: list[Attribution | None], sent: Attribution | None, counts: Attribution | None
) -> None:
    assert in_force(chosen, sent) is counts


def test_attributions_have_an_order() -> None:
    order = list(Attribution)
    for place, first in enumerate(order):
        for other, second in enumerate(order):
            assert loosens(first, second) is (other < place)
            assert stricter(first, second) is order[max(place, other)]


def test_only_an_end_that_was_extended_outlasts_the_closing_of_a_round() -> None:
    closes = datetime(2027, 1, 22, 22, 59, tzinfo=UTC)
    early, later = closes - timedelta(days=9), closes + timedelta(days=9)
    assert takes_answers(Window(closes, due_at=closes), later), "the round was not closed"
    assert not takes_answers(Window(closes, early, due_at=closes), early), "closed early, for everybody"
    assert not takes_answers(Window(closes, closes), closes)
    assert takes_answers(Window(closes, closes, due_at=later), closes)
    assert not takes_answers(Window(closes, closes, due_at=later), later), "the extended end has come"


def test_a_closed_round_takes_late_answers_until_its_cut_off_and_none_of_who_is_withdrawn() -> None:
    closes = datetime(2027, 1, 22, 22, 59, tzinfo=UTC)
    cutoff, after = closes + timedelta(days=9), closes + timedelta(days=12)
    planned = Window(closes, closes, cutoff)
    assert takes_answers(planned, cutoff - timedelta(seconds=1))
    assert not takes_answers(planned, cutoff)
    made = replace(planned, cut_off_at=closes + timedelta(days=2))
    assert not takes_answers(made, closes + timedelta(days=2)), "cut off sooner than planned"
    assert takes_answers(replace(made, due_at=after), cutoff), "an end of one's own holds all the same"
    assert not takes_answers(Window(closes, withdrawn_at=closes), closes - timedelta(days=20))


@pytest.mark.parametrize("role", AppointmentRole)
def test_only_a_focal_point_hands_over_and_only_their_own(role: AppointmentRole) -> None:
    who = respondent(role)
    own = who.appointments[0].appointment_id
    assert may_hand_over(who, own) is (role is AppointmentRole.FOCAL_POINT)
    assert not may_hand_over(who, uuid4())


@pytest.mark.parametrize("role", StaffRole)
def test_staff_who_coordinate_hand_over_for_anybody(role: StaffRole) -> None:
    assert may_hand_over(staff(role), uuid4()) is (Act.HAND_OVER in STAFF[role][0])
