"""Every letter of a round as it is written when it is sent, whatever people are called."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import (
    LinkPurpose,
    MessagePurpose,
    MessageTemplate,
    OutboxMessage,
    RequestDecision,
    Response,
    SignInLink,
    User,
)
from app.policy import SYSTEM
from app.queries import invitations
from app.queries.invitations import State
from app.services import (
    activating,
    inviting,
    notices,
    people,
    placeholders,
    reminders,
    requesting,
    round_texts,
    rounds,
    signing_in,
    standard_words,
    submitting,
)
from app.services.errors import LinkSpent, NotAllowed, NotFound, NotPossible
from app.services.letter_writing import Letter
from app.services.letters import LETTERS
from app.services.round_texts import TextRefused
from tests.counting import counted
from tests.factories import NOW, World, organisation, person, user_of, world
from tests.integration.test_reminding import Links

HOSTILE = "{name} {0.__class__} %s %(x)s O'\"\r\nBcc: all@mfa.example\r\n\r\nBody"
ONE_LINE = "{name} {0.__class__} %s %(x)s O'\" Bcc: all@mfa.example Body"


@pytest.fixture
def made(session: Session) -> World:
    found = world(session)
    found.round.contact = {"name": "Edda Holm", "email": "edda.holm@iom.example", "phone": "+41 22 555 01 00"}
    return found


def letters(made: World, kind: str) -> dict[str, Letter]:
    """The letters of this kind as they would be sent, by the part of the address before the @."""
    rows = made.session.scalars(select(OutboxMessage).where(OutboxMessage.kind == kind)).all()
    found: dict[str, Letter] = {}
    for row in rows:
        user = made.session.get_one(User, row.user_id)
        written = LETTERS[kind](made.session, row, user, Links(), NOW + timedelta(hours=1))
        assert isinstance(written, Letter)
        found[user.email.partition("@")[0]] = written
    return found


def asked_for(made: World, purpose: MessagePurpose) -> str:
    """Cause a letter for this purpose to Arcadia; returns its kind."""
    session, response, staff = made.session, made.response("AAA"), made.actors["coordinator"]
    if purpose is MessagePurpose.INVITATION:
        inviting.invite(session, made.round, staff, NOW, only=[response])
        return purpose.value
    if purpose is MessagePurpose.ACTIVATION:
        inviting.send_fresh_link(session, made.round, response, "k", staff, NOW)
        return purpose.value
    if purpose in {MessagePurpose.REMINDER, MessagePurpose.LAST_REMINDER, MessagePurpose.OVERDUE}:
        reminders.send_by_hand(session, made.round, [response], purpose, HOSTILE, "k", staff, NOW)
        return "reminder"
    if purpose is MessagePurpose.THANKS:
        made.complete("AAA")
        submitting.submit(session, response, "Said.", made.actors["AAA"], NOW)
        return "submitted"
    if purpose is MessagePurpose.CLOSING:
        rounds.close(session, made.round, SYSTEM, now=NOW)
    notices.tell(session, made.round, [response], purpose, HOSTILE, NOW)
    return notices.KIND


@pytest.mark.parametrize(
    "purpose",
    [
        each
        for each in MessagePurpose
        if each not in {MessagePurpose.CLARIFICATION, MessagePurpose.NOTE_VERBALE}
    ],
)
def test_every_purpose_is_filled_with_data_only(made: World, purpose: MessagePurpose) -> None:
    user_of(made.session, made.actors["AAA"]).name = HOSTILE
    made.round.title = HOSTILE
    made.session.flush()
    kind = asked_for(made, purpose)
    made.session.flush()
    letter = letters(made, kind)["aaa-fp"]
    assert "\n" not in letter.subject
    assert "\r" not in letter.subject
    assert letter.text.startswith(f"Dear {ONE_LINE},\n\n")
    assert f"“{ONE_LINE}”" in letter.text
    assert "Edda Holm\nedda.holm@iom.example\n+41 22 555 01 00" in letter.text


@pytest.mark.parametrize("purpose", list(MessagePurpose))
def test_the_standard_words_are_what_they_must_be(purpose: MessagePurpose) -> None:
    subject, body = standard_words.of(purpose)
    assert placeholders.check(purpose, subject, body) == []
    assert "{contact}" in body
    assert {name for name, _sentence, _needed in placeholders.listed(purpose)} == placeholders.KNOWN[purpose]


def test_a_decision_about_more_time_comes_in_the_words_of_the_round(made: World) -> None:
    staff = made.actors["coordinator"]
    body = "{name}: {outcome}.\n\n{note}\n\n{link}"
    round_texts.save(
        made.session, made.round, MessagePurpose.EXTENSION, "en", "Re {outcome}", body, 0, staff, NOW
    )
    until = made.round.closes_at + timedelta(days=5)
    focal, response = made.actors["AAA"], made.response("AAA")
    thread = requesting.request_more_time(
        made.session, response, until, "The minister travels", focal, NOW, ""
    )
    requesting.decide(
        made.session, thread.id, RequestDecision.GRANTED, "{link} is yours", None, staff, NOW, ""
    )
    made.session.flush()
    letter = letters(made, "thread")["aaa-fp"]
    assert letter.subject == "Re You have more time"
    assert "> {link} is yours" in letter.text
    assert "The minister travels" not in letter.text


def test_a_text_that_can_be_filled_no_more_gives_way_to_the_standard_words(made: World) -> None:
    made.session.add(
        MessageTemplate(
            id=uuid4(),
            round_id=made.round.id,
            purpose=MessagePurpose.INVITATION,
            locale="en",
            number=1,
            subject="{of_before}",
            body="{of_before} {link}",
            saved_at=NOW,
        )
    )
    made.session.flush()
    letter = letters(made, asked_for(made, MessagePurpose.INVITATION))["aaa-fp"]
    assert letter.subject == "Invitation: Round one"


def test_texts_are_written_by_coordinators_and_taken_over_by_another_round(made: World) -> None:
    text = (MessagePurpose.CLOSING, "fr", "Fermé", "Voilà {contact}", 0)
    with pytest.raises(NotAllowed):
        round_texts.save(made.session, made.round, *text, made.actors["analyst"], NOW)
    staff = made.actors["coordinator"]
    round_texts.save(made.session, made.round, *text, staff, NOW)
    with pytest.raises(NotPossible):
        round_texts.save(
            made.session, made.round, MessagePurpose.CLOSING, "fr", "Autre", "Autre", 0, staff, NOW
        )
    with pytest.raises(NotFound):
        round_texts.save(made.session, made.round, MessagePurpose.CLOSING, "xx", "A", "A", 0, staff, NOW)
    with pytest.raises(TextRefused):
        round_texts.save(made.session, made.round, MessagePurpose.CLOSING, "fr", "", "", 1, staff, NOW)
    other = rounds.create(
        made.session, "r2", "Two", NOW, NOW + timedelta(days=9), None, "Europe/Zurich", SYSTEM
    )
    assert round_texts.copy_all(made.session, made.round, other, staff, NOW) == 1
    made.session.flush()
    kept = made.session.scalars(select(MessageTemplate).where(MessageTemplate.round_id == other.id)).one()
    assert (kept.subject, kept.number) == ("Fermé", 1)


def test_letters_without_a_round_name_the_contact_too_and_staff_s_do_not(made: World) -> None:
    for email in ("aaa-fp@example.org", "analyst@example.org"):
        signing_in.request_link(made.session, email, NOW, "a browser")
    made.session.flush()
    found = letters(made, signing_in.LETTER)
    focal, analyst = found["aaa-fp"], found["analyst"]
    assert "Whom to ask at IOM:\nEdda Holm" in focal.text
    assert "Edda Holm" not in analyst.text


def test_everybody_is_invited_once_and_finished_ones_not_at_all(made: World) -> None:
    staff = made.actors["coordinator"]
    made.complete("AAA")
    submitting.submit(made.session, made.response("AAA"), "Said.", made.actors["AAA"], NOW)
    person(made.session, "second", made.organisations["BBB"])
    first = inviting.invite(made.session, made.round, staff, NOW)
    assert (first.letters, first.respondents) == (6, 5)
    assert inviting.invite(made.session, made.round, staff, NOW).letters == 0
    person(made.session, "late", made.organisations["CCC"])
    made.session.flush()
    assert inviting.invite(made.session, made.round, staff, NOW).letters == 1
    states = {
        each.respondent.code: each.state for each in invitations.of_round(made.session, made.round, NOW)
    }
    assert (states["AAA"], states["BBB"]) == (State.FINISHED, State.INVITED)
    with pytest.raises(NotAllowed):
        inviting.invite(made.session, made.round, made.actors["analyst"], NOW)
    rounds.close(made.session, made.round, SYSTEM, now=NOW)
    made.round.cutoff_at = None
    with pytest.raises(NotPossible):
        inviting.invite(made.session, made.round, staff, NOW)


def test_a_link_lasts_until_the_deadline_and_thirty_days_at_most(made: World) -> None:
    made.session.get_one(Response, made.response("AAA")).due_at = NOW + timedelta(days=7)
    made.session.flush()
    inviting.invite(made.session, made.round, made.actors["coordinator"], NOW)
    letters(made, "invitation")
    made.session.flush()
    rows = made.session.execute(
        select(User.email, SignInLink).join(User, User.id == SignInLink.user_id)
    ).all()
    ends = {email: link.expires_at - link.created_at for email, link in rows}
    assert ends["aaa-fp@example.org"] == timedelta(days=7) - timedelta(hours=1)
    assert ends["bbb-fp@example.org"] == timedelta(days=30)
    assert {link.purpose for _email, link in rows} == {LinkPurpose.INVITATION}
    assert {link.browser_digest for _email, link in rows} == {None}


def test_a_link_opens_a_session_of_its_person_once(made: World) -> None:
    user = user_of(made.session, made.actors["AAA"])
    token = activating.make_link(made.session, user.id, NOW + timedelta(days=60), NOW)
    made.session.flush()
    opened = activating.redeem(made.session, token, NOW)
    assert opened.user_id == user.id
    with pytest.raises(LinkSpent):
        activating.redeem(made.session, token, NOW)
    late = activating.make_link(made.session, user.id, NOW + timedelta(days=60), NOW)
    made.session.flush()
    with pytest.raises(LinkSpent):
        activating.redeem(made.session, late, NOW + timedelta(days=30))
    people.deactivate(made.session, user, SYSTEM, now=NOW)
    made.session.flush()
    with pytest.raises(NotFound):
        activating.redeem(made.session, late, NOW)


def test_staff_who_answer_too_get_no_link_that_signs_them_in(made: World) -> None:
    user_of(made.session, made.actors["AAA"]).staff_role = made.actors["viewer"].staff_role
    made.session.flush()
    letter = letters(made, asked_for(made, MessagePurpose.INVITATION))["aaa-fp"]
    assert "https://survey.example/sign-in\n" in letter.text
    assert made.session.scalars(select(SignInLink)).all() == []


def test_the_closing_is_told_once_to_all_who_have_not_submitted(made: World) -> None:
    staff = made.actors["coordinator"]
    with pytest.raises(NotPossible):
        notices.tell_of_closing(made.session, made.round, "", staff, NOW)
    made.complete("AAA")
    submitting.submit(made.session, made.response("AAA"), "Said.", made.actors["AAA"], NOW)
    rounds.close(made.session, made.round, SYSTEM, now=NOW)
    made.session.flush()
    assert notices.tell_of_closing(made.session, made.round, "A note", staff, NOW) == 5
    assert notices.tell_of_closing(made.session, made.round, "A note", staff, NOW) == 0


def test_invitations_are_read_in_the_same_statements_however_many_are_asked(made: World) -> None:
    counts = []
    for size in (0, 9, 90):
        for n in range(size):
            asked = organisation(made.session, "state", f"X{size}{n}", f"State {size} {n}")
            person(made.session, f"x{size}-{n}", asked)
            rounds.add_participant(made.session, made.round, asked, SYSTEM, now=NOW)
        made.session.flush()
        with counted(made.session.connection()) as statements:
            assert len(invitations.of_round(made.session, made.round, NOW)) >= size
        counts.append(len(statements))
    assert len(set(counts)) == 1
