"""Letters that came back: which letter it was, once each, and whatever anybody sends us."""

import imaplib
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.models import AddressFailure, BounceReport, LinkPurpose, User
from app.policy import SYSTEM
from app.queries import outbox
from app.queries.outbox import Filters, State
from app.services import address_failures, bounce_reports, bounces, returned_mail, signing_in
from app.services.returned_mail import MailboxTrouble
from tests.factories import NOW
from tests.integration.mail.conftest import Round
from tests.integration.mail.returned import report

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def sent(round_: Round) -> Round:
    """A round in which two letters were sent."""
    round_.waiting("ada", "bela")
    round_.send()
    return round_


def take(sent: Round, content: bytes) -> bool:
    new = bounces.take(sent.session, content, LATER)
    sent.session.flush()
    return new


def reports(sent: Round) -> list[BounceReport]:
    return list(sent.session.scalars(select(BounceReport).order_by(BounceReport.recipient)))


def failing(sent: Round) -> list[str]:
    return list(sent.session.scalars(select(AddressFailure.address)))


@pytest.mark.parametrize("returned", ["text/rfc822-headers", "message/rfc822"])
def test_a_returned_letter_counts_as_returned_and_its_address_fails(sent: Round, returned: str) -> None:
    content = report(sent.rows["ada"], returned=returned)
    assert (take(sent, content), take(sent, content)) == (True, False)
    assert sent.row("ada").bounced_at == LATER
    assert failing(sent) == ["ada@ministry.example"]
    [noted] = reports(sent)
    assert (noted.status, noted.permanent, noted.recipient) == ("5.1.1", True, "ada@ministry.example")
    assert "No such person here" in noted.words
    counts = outbox.counts(sent.session, sent.made.round.id, Filters(), LATER)
    assert (counts[State.BOUNCED], counts[State.SENT]) == (1, 1)


def test_the_envelopes_id_says_it_where_the_headers_did_not_come_back(sent: Round) -> None:
    take(sent, report("lost", envelope_id=str(sent.rows["ada"])))
    assert sent.row("ada").bounced_at == LATER


def test_a_letter_that_is_only_late_is_noted_and_nothing_else(sent: Round) -> None:
    take(sent, report(sent.rows["ada"], action="delayed", status="4.4.1"))
    assert (sent.row("ada").bounced_at, failing(sent)) == (None, [])
    assert [each.message_id for each in reports(sent)] == [sent.rows["ada"]]


def test_a_letter_given_up_for_a_passing_reason_came_back_and_its_address_is_none_the_worse(
    sent: Round,
) -> None:
    take(sent, report(sent.rows["ada"], status="4.4.7"))
    assert (sent.row("ada").bounced_at, failing(sent)) == (LATER, [])


def test_an_address_alone_proves_nothing(sent: Round) -> None:
    take(sent, report("0b5d2a52-7a40-4c7e-9a3e-0d9b7a0f8f11"))
    assert (sent.row("ada").bounced_at, failing(sent)) == (None, [])
    assert [each.recipient for each in outbox.unmatched(sent.session)] == ["ada@ministry.example"]


def test_whoever_has_an_old_letter_cannot_stop_the_next_ones_again_and_again(sent: Round) -> None:
    ada = sent.row("ada").user_id
    assert ada is not None
    take(sent, report(sent.rows["ada"]))
    address_failures.clear_failure(sent.session, ada, SYSTEM, LATER, "staff say so")
    take(sent, report(sent.rows["ada"], status="5.1.0"))
    assert list(sent.session.scalars(select(AddressFailure.cleared_at))) == [LATER]


def test_who_has_signed_in_by_mail_since_is_reached(sent: Round) -> None:
    user = sent.session.get_one(User, sent.row("ada").user_id)
    signing_in.start(sent.session, user, LinkPurpose.SIGN_IN, LATER)
    take(sent, report(sent.rows["ada"]))
    assert (sent.row("ada").bounced_at, failing(sent)) == (LATER, [])


def test_a_letter_that_was_never_handed_over_cannot_come_back(sent: Round) -> None:
    sent.waiting("caio")
    take(sent, report(sent.rows["caio"], recipient="caio@ministry.example"))
    assert sent.row("caio").bounced_at is None
    assert outbox.how_many_unmatched(sent.session) == 1


def test_a_letter_without_an_answer_is_known_to_have_come_back(round_: Round) -> None:
    round_.waiting("drop-data")
    round_.send()
    bounces.take(round_.session, report(round_.rows["drop-data"]), LATER)
    round_.session.flush()
    row = outbox.letter(round_.session, round_.made.round.id, round_.rows["drop-data"], LATER)
    assert row is not None
    assert row.state is State.BOUNCED


def test_what_a_person_wrote_to_the_address_is_kept_for_staff(sent: Round) -> None:
    take(sent, b"From: Ada <ada@ministry.example>\r\nSubject: I am away\r\n\r\nUntil Monday.\r\n")
    [found] = outbox.unmatched(sent.session)
    assert (found.status, found.permanent) == ("no report", False)
    assert found.words == "Ada <ada@ministry.example>: I am away"


HOSTILE = [
    b"",
    b"\x00\xff\xfe",
    b"Content-Type: multipart/report; boundary=B\r\n\r\n"
    + b"--B\r\nContent-Type: multipart/mixed\r\n\r\n" * 500,
    b"Content-Type: multipart/report; boundary=B\r\n\r\n--B\r\nContent-Type: message/delivery-status\r\n\r\n",
    b"Content-Type: multipart/report; boundary=B\r\n\r\n--B\r\nContent-Type: message/delivery-status\r\n\r\n"
    b"Final-Recipient: " + b"x" * 5000 + b"\r\nAction: failed\r\nStatus: 9.9.9 \x1b[31m\r\n\r\n--B--\r\n",
    b"Subject: =?no-such-charset?q?x?=\r\nFrom: =?utf-8?b?!!!?=\r\n\r\n",
    b"x: y\r\n" * 100_000,
    b"a" * (bounce_reports.LARGEST + 1),
]


@pytest.mark.parametrize("content", HOSTILE)
def test_whatever_is_sent_to_us_is_survived_and_bounded(sent: Round, content: bytes) -> None:
    assert take(sent, content)
    [kept] = reports(sent)
    assert len(kept.words) <= 300
    assert len(kept.recipient) <= 254
    assert len(kept.status) <= 40
    assert kept.words.isprintable()


@settings(deadline=None)
@given(
    damage=st.lists(st.tuples(st.integers(0, 900), st.binary(max_size=12)), max_size=6),
    cut=st.integers(0, 1000),
)
def test_a_damaged_report_is_read_or_not_and_never_breaks_anything(
    damage: list[tuple[int, bytes]], cut: int
) -> None:
    content = report("0b5d2a52-7a40-4c7e-9a3e-0d9b7a0f8f11")
    for place, added in damage:
        content = content[:place] + added + content[place + len(added) // 2 :]
    found = bounce_reports.read(content[:cut] if cut else content)
    assert len(found.words) <= 300


def test_a_folder_is_read_once_and_its_files_are_put_aside(sent: Round, tmp_path: Path) -> None:
    for name in ("ada", "bela"):
        content = report(sent.rows[name], recipient=f"{name}@ministry.example")
        (tmp_path / f"{name}.eml").write_bytes(content)
    (tmp_path / "notes.txt").write_text("not a mail")
    taken: list[bool] = []

    def note(content: bytes) -> None:
        taken.append(take(sent, content))

    assert returned_mail.each_report(str(tmp_path), note) == 2
    assert returned_mail.each_report(str(tmp_path), note) == 0
    assert taken == [True, True]
    assert sorted(path.name for path in (tmp_path / "read").iterdir()) == ["ada.eml", "bela.eml"]
    assert failing(sent) == ["ada@ministry.example", "bela@ministry.example"]


def test_a_report_that_could_not_be_noted_stays_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "one.eml").write_bytes(b"x")

    def broken(_content: bytes) -> None:
        raise RuntimeError("the database is away")

    with pytest.raises(RuntimeError):
        returned_mail.each_report(str(tmp_path), broken)
    assert (tmp_path / "one.eml").exists()


class Box:
    """A mailbox that talks as IMAP servers do."""

    unseen: ClassVar[dict[str, bytes]] = {}
    asked: ClassVar[list[tuple[str, ...]]] = []

    def __init__(self, host: str, port: int, **_settings: Any) -> None:
        if host == "away.example":
            raise OSError("no route to secret-word")

    def __enter__(self) -> "Box":
        return self

    def __exit__(self, *_error: object) -> None:
        pass

    def login(self, user: str, password: str) -> None:
        self.asked.append(("login", user, password))

    def select(self, folder: str) -> tuple[str, list[bytes]]:
        return ("OK" if folder == '"Returned mail"' else "NO", [b""])

    def uid(self, command: str, *words: str) -> tuple[str, list[Any]]:
        if command == "SEARCH":
            return "OK", [" ".join(self.unseen).encode()]
        if command == "FETCH":
            return "OK", [(b"1 (BODY[] {9}", self.unseen[words[0]]), b")"]
        self.asked.append((command, *words))
        del self.unseen[words[0]]
        return "OK", [b""]


def test_a_mailbox_is_read_and_what_was_noted_is_marked(sent: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imaplib, "IMAP4_SSL", Box)
    Box.unseen, Box.asked = {"7": report(sent.rows["ada"])}, []
    where = "imaps://survey%40iom.example:secret%2Dword@mail.example/Returned%20mail"

    def note(content: bytes) -> None:
        take(sent, content)

    assert returned_mail.each_report(where, note) == 1
    assert returned_mail.each_report(where, note) == 0
    assert sent.row("ada").bounced_at == LATER
    assert Box.asked[0] == ("login", "survey@iom.example", "secret-word")
    assert ("STORE", "7", "+FLAGS", "(\\Seen)") in Box.asked


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("imaps://survey:secret-word@mail.example/Nothing", "no folder"),
        ("imaps://survey:secret-word@away.example/Returned%20mail", "no route"),
        ("imap://survey:secret-word@mail.example/x", "imaps://"),
        ("imaps://mail.example/x", "imaps://"),
    ],
)
def test_a_mailbox_that_cannot_be_read_is_told_without_the_password(
    monkeypatch: pytest.MonkeyPatch, where: str, words: str
) -> None:
    monkeypatch.setattr(imaplib, "IMAP4_SSL", Box)
    with pytest.raises(MailboxTrouble, match=words) as told:
        returned_mail.each_report(where, lambda _content: None)
    assert "secret-word" not in str(told.value)
