"""What becomes of letters: taken, refused, put off, handed over without an answer; and never twice."""

import logging
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.models import AddressFailure, OutboxMessage, User
from app.services import mailing
from app.services.letter_form import words_of
from app.services.letters import LETTERS
from app.services.mailing import ATTEMPTS, Claim
from app.services.posting import Deferred, NoAnswer, Refused
from tests import posting
from tests.factories import NOW
from tests.integration.mail.conftest import Round
from tests.posting import Kept

MINUTE = timedelta(minutes=1)


def failures(round_: Round) -> list[str]:
    return list(
        round_.session.scalars(
            select(AddressFailure.address)
            .where(AddressFailure.cleared_at.is_(None))
            .order_by(AddressFailure.address)
        )
    )


def test_letters_go_out_over_one_connection_each_once_with_a_lasting_id(round_: Round) -> None:
    round_.waiting("ada", "bela", "caio")
    assert (round_.send(), round_.send(1)) == (3, 0)
    assert round_.post.connections == 1
    assert [str(letter["To"]) for letter in round_.post.arrived] == [
        f"{name}@ministry.example" for name in ("ada", "bela", "caio")
    ]
    letter, row = round_.post.arrived[0], round_.row("ada")
    assert letter["Message-ID"] == f"<{row.id}@survey.example>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["From"] == posting.SENDER
    assert ".this line begins with a dot" in letter.get_content().splitlines()
    assert (row.sent_at, row.handed_at, row.claimed_at, row.last_error) == (NOW, NOW, None, None)
    assert (row.address, row.subject, row.attempts) == ("ada@ministry.example", "News of the round", 1)


def test_a_refused_recipient_is_given_up_at_once_and_its_address_fails(round_: Round) -> None:
    round_.waiting("refuse-rcpt", "ada")
    assert round_.send() == 1
    row = round_.row("refuse-rcpt")
    assert (row.given_up_at, row.last_error) == (NOW, "550 5.1.1 No such person here")
    assert (row.sent_at, row.handed_at) == (None, None)
    assert failures(round_) == ["refuse-rcpt@ministry.example"]
    assert round_.post.connections == 1
    assert round_.send(10_000) == 0


def test_what_a_server_holds_against_us_is_not_the_addresss_fault(round_: Round) -> None:
    round_.waiting("relay-rcpt", "refuse-data", "full-rcpt")
    round_.send()
    assert all(row.given_up_at for row in round_.rows_of(["relay-rcpt", "refuse-data", "full-rcpt"]))
    assert failures(round_) == ["full-rcpt@ministry.example"]


def test_a_refused_text_is_known_not_to_have_arrived(round_: Round) -> None:
    round_.waiting("refuse-data")
    round_.send()
    row = round_.row("refuse-data")
    assert (row.handed_at, row.given_up_at, row.last_error) == (None, NOW, "550 5.1.1 No such person here")


def test_a_refused_sender_is_told_with_the_servers_words(round_: Round) -> None:
    round_.post.refused_sender = "550 5.7.1 Who are you?"
    round_.waiting("ada", "bela")
    assert round_.send() == 0
    assert {row.last_error for row in round_.rows_of(["ada", "bela"])} == {"550 5.7.1 Who are you?"}
    assert failures(round_) == []


@pytest.mark.parametrize("name", ["defer-rcpt", "defer-data", "drop-rcpt", "hang-rcpt", "garbage-rcpt"])
def test_what_is_not_taken_now_is_tried_again_with_pauses_and_holds_up_nobody(
    round_: Round, name: str
) -> None:
    round_.waiting(name, "ada")
    assert round_.send() == 1
    row = round_.row(name)
    assert (row.handed_at, row.claimed_at, row.sent_at, row.given_up_at) == (None, None, None, None)
    assert row.due_at == NOW + MINUTE
    assert row.last_error
    assert round_.send(0.5) == 0
    assert round_.row(name).attempts == 1
    round_.send(1)
    assert (round_.row(name).attempts, round_.row(name).due_at) == (2, NOW + 3 * MINUTE)


@pytest.mark.parametrize("name", ["drop-data", "hang-data", "garbage-data", "drip-data"])
def test_what_was_handed_over_without_an_answer_is_never_sent_again(round_: Round, name: str) -> None:
    round_.waiting(name, "ada")
    assert round_.send() == 1
    row = round_.row(name)
    assert (row.handed_at, row.sent_at, row.given_up_at, row.claimed_at) == (NOW, None, None, None)
    assert row.last_error
    assert round_.send(60 * 24 * 30) == 0
    assert round_.row(name).attempts == 1


def test_a_server_that_drops_every_connection_ends_the_run_and_not_the_letters(round_: Round) -> None:
    names = [f"drop-rcpt{number}" for number in range(5)]
    round_.waiting(*names)
    assert round_.send() == 0
    assert [row.attempts for row in round_.rows_of(names)] == [1, 1, 1, 0, 0]
    assert round_.send(1) == 0
    assert sorted(row.attempts for row in round_.rows_of(names[:3])) == [1, 1, 2]
    assert [row.attempts for row in round_.rows_of(names[3:])] == [1, 1]


def test_a_server_that_is_closing_is_asked_again_later(round_: Round) -> None:
    round_.waiting("closing-rcpt", "ada")
    assert round_.send() == 1
    assert round_.row("closing-rcpt").last_error == "421 4.3.2 We are closing"
    assert round_.post.connections == 2


def test_a_server_out_of_reach_costs_no_attempt_however_long_it_lasts(round_: Round) -> None:
    round_.waiting("ada")
    reached, round_.url = round_.url, "smtp://127.0.0.1:9"
    for minutes in range(0, 100, 2):
        assert round_.send(minutes) == 0
    row = round_.row("ada")
    assert (row.attempts, row.given_up_at, row.claimed_at) == (0, None, None)
    assert "refused" in str(row.last_error)
    round_.url = reached
    assert round_.send(200) == 1


def test_a_letter_is_given_up_visibly_after_the_last_attempt(round_: Round) -> None:
    round_.waiting("ada")
    deferring = Kept(Deferred("451 4.3.0 Come back later"))
    now = NOW
    for attempt in range(1, ATTEMPTS + 1):
        mailing.send_due(posting.office(round_.session, deferring, now))
        assert round_.row("ada").attempts == attempt
        now = round_.row("ada").due_at
    row = round_.row("ada")
    assert row.given_up_at is not None
    assert timedelta(days=2.5) < row.given_up_at - NOW < timedelta(days=3)
    assert round_.send(100_000) == 0


def test_a_letter_that_cannot_be_written_holds_up_no_other(
    round_: Round, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_args: object) -> tuple[str, str]:
        raise KeyError("submission")

    monkeypatch.setitem(LETTERS, "broken", broken)
    round_.waiting("ada", "bela")
    round_.session.execute(
        update(OutboxMessage).where(OutboxMessage.id == round_.rows["ada"]).values(kind="broken")
    )
    with caplog.at_level(logging.CRITICAL):
        assert round_.send() == 1
    row = round_.row("ada")
    assert (row.last_error, row.due_at) == ("It could not be written (KeyError).", NOW + MINUTE)


def test_whoever_is_gone_or_cannot_be_reached_is_dropped_with_the_reason_and_not_sent(round_: Round) -> None:
    round_.waiting("gone", "refuse-rcpt", "ada")
    mine = User.email == "gone@ministry.example"
    round_.session.execute(update(User).where(mine).values(deactivated_at=NOW))
    round_.send()
    gone = round_.row("gone")
    assert (gone.dropped_at, gone.dropped_why, gone.sent_at, gone.address) == (NOW, "deactivated", None, None)
    again = update(OutboxMessage).where(OutboxMessage.id == round_.rows["refuse-rcpt"])
    round_.session.execute(again.values(given_up_at=None))
    round_.send(1)
    assert round_.row("refuse-rcpt").dropped_why == "address_fails"


def test_an_address_that_no_server_takes_is_given_up_without_asking_one(round_: Round) -> None:
    round_.waiting("ada")
    injected = "ada@ministry.example>\r\nRCPT TO:<eve@elsewhere.example"
    mine = User.email == "ada@ministry.example"
    round_.session.execute(update(User).where(mine).values(email=injected.lower()))
    assert round_.send() == 0
    assert round_.post.envelopes == []
    assert "not an address" in str(round_.row("ada").last_error)


def test_answers_to_a_letter_of_a_round_go_to_its_contact(round_: Round) -> None:
    round_.made.round.contact = {"name": "Ines", "email": "survey@iom.example"}
    round_.waiting("ada")
    round_.send()
    assert round_.post.arrived[0]["Reply-To"] == "survey@iom.example"


def test_the_secret_of_a_link_does_not_come_back_in_a_servers_words(round_: Round) -> None:
    round_.waiting("ada")
    secret = "wQ3fJ0xk2mSyzpWQ4kqvIuXYf0h2sVYqf5g7dFm1abc"
    words = f"550 spam: https://survey.example/sign-in/{secret}\x1b[31m\r\nBcc: eve"
    refusing = Kept(Refused(words_of(words)))
    mailing.send_due(posting.office(round_.session, refusing, NOW))
    assert round_.row("ada").last_error == "550 spam: https://survey.example/sign-in/… [31m Bcc: eve"


def test_whoever_slept_over_their_claim_neither_sends_nor_notes(round_: Round) -> None:
    round_.waiting("ada")
    late = mailing.claim(round_.session, round_.rows["ada"], posting.office(round_.session, Kept(), NOW))
    assert late is not None
    later = NOW + timedelta(minutes=11)
    other = Kept(late_fault=NoAnswer("silence"))
    mailing.send_due(posting.office(round_.session, other, later))
    assert round_.row("ada").handed_at == later
    stale = Claim(late.message_id, late.at)
    assert not mailing.note_handed(round_.session, stale, later)
    mailing.note_later(round_.session, stale, "late", later)
    mailing.note_refused(round_.session, stale, Refused("late", address_fails=True), later)
    mailing.note_unreachable(round_.session, stale, "late", later)
    row = round_.row("ada")
    assert (row.handed_at, row.last_error, row.given_up_at) == (later, "silence", None)
    assert failures(round_) == []


def test_a_stopping_worker_ends_between_two_letters(round_: Round) -> None:
    round_.waiting("ada", "bela", "caio")
    mailer = Kept()
    office = posting.office(round_.session, mailer, NOW)
    stopping = mailing.Office(
        office.begin, mailer, office.links, office.sender, office.clock, lambda: len(mailer.letters) == 2
    )
    assert mailing.send_due(stopping) == 2
    assert round_.row("caio").attempts == 0
