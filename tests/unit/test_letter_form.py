"""Whatever people are called, a letter has the headers that we gave it, and no others."""

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.services.letter_form import Envelope, WrongAddress, compose, one_line, recipient, words_of
from app.services.letter_writing import Letter

ID = UUID("0b5d2a52-7a40-4c7e-9a3e-0d9b7a0f8f11")
AT = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
OURS = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Reply-To", "List-Unsubscribe"]
OF_THE_TEXT = {"Content-Type", "Content-Transfer-Encoding", "MIME-Version"}
LONGEST_LINE = 998

nasty = st.one_of(
    st.text(max_size=400),
    st.lists(
        st.sampled_from(
            [
                *(
                    "\r\n",
                    "\n",
                    "\r",
                    "\0",
                    "Bcc: eve@elsewhere.example",
                    '"',
                    "{}",
                    "{name}",
                    "%s",
                    "<",
                    ">",
                ),
                *(
                    "=?utf-8?q?a=0D=0ABcc:_eve?=",
                    "=?",
                    "?=",
                    "\u2028",
                    "\x85",
                    "é",
                    "ش",
                    "😀",
                    "a" * 300,
                    " ",
                ),
                *("\ud800", ",", ";", "\\", "(", "."),
            ]
        ),
        max_size=30,
    ).map("".join),
)


def letter(subject: str, text: str, header: str = "", sender: str = "") -> EmailMessage:
    sender = sender or "Rapporteur <no-reply@survey.example>"
    envelope = Envelope(ID, sender, "ada@ministry.example", AT, "survey@iom.example")
    return compose(
        envelope, Letter(subject, text, {"List-Unsubscribe": f"<https://survey.example/{header}>"})
    )


@settings(deadline=None)
@given(subject=nasty, text=nasty, header=nasty, name=nasty)
def test_nothing_that_people_typed_makes_a_header_or_ends_one(
    subject: str, text: str, header: str, name: str
) -> None:
    sent = letter(
        subject, text, header, f'"{name.replace(chr(34), "")}" <no-reply@survey.example>'
    ).as_bytes()
    head, _empty, _body = sent.partition(b"\r\n\r\n")
    names = re.findall(rb"^([A-Za-z-]+):", head, re.MULTILINE)
    assert sorted(each.decode() for each in names) == sorted([*OURS, *OF_THE_TEXT])
    assert all(len(line) <= LONGEST_LINE for line in sent.split(b"\r\n"))
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", sent), "a bare line end could begin another letter"
    read = message_from_bytes(sent, policy=policy.default)
    assert str(read["To"]) == "ada@ministry.example"
    assert read["From"].addresses[0].addr_spec == "no-reply@survey.example"
    assert "\n" not in str(read["Subject"])


@settings(deadline=None)
@given(subject=nasty)
def test_a_subject_arrives_as_it_was_meant(subject: str) -> None:
    read = message_from_bytes(letter(subject, "x").as_bytes(), policy=policy.default)
    assert re.sub(r"\s+", "", str(read["Subject"])) == re.sub(r"\s+", "", one_line(subject))


def test_an_encoded_word_in_a_name_stays_what_it_is() -> None:
    read = message_from_bytes(
        letter("News for =?utf-8?q?Eve=0D=0ABcc:_x?=", "x").as_bytes(), policy=policy.default
    )
    assert "utf-8?q?Eve" in str(read["Subject"])


def test_a_letter_says_that_it_is_written_by_a_machine_and_who_reads_answers() -> None:
    made = letter("Subject", "Text")
    assert made["Auto-Submitted"] == "auto-generated"
    assert made["Reply-To"] == "survey@iom.example"
    assert made["Message-ID"] == f"<{ID}@survey.example>"


@pytest.mark.parametrize(
    "wrong",
    [
        *("", "ada", "@ministry.example", "ada@", "ada@ministry.example\r\nBcc: eve@elsewhere.example"),
        *("ada@ministry.example, eve@elsewhere.example", "<ada@ministry.example>", "ädä@ministry.example"),
        *("ada @ministry.example", "ada@ministry.example ", "ada@mini stry.example", "ada@\ud800.example"),
    ],
)
def test_what_is_no_address_is_refused(wrong: str) -> None:
    with pytest.raises(WrongAddress):
        recipient(wrong)


def test_a_domain_in_another_script_goes_out_in_ascii() -> None:
    assert recipient("ada@minist\u00e8re.example") == "ada@xn--ministre-60a.example"
    assert recipient("o'neil+survey@ministry.example") == "o'neil+survey@ministry.example"


@settings(deadline=None)
@given(said=st.one_of(st.binary(max_size=2000), nasty))
def test_a_servers_words_are_one_bounded_line(said: bytes | str) -> None:
    words = words_of(said)
    assert len(words) <= 300
    assert words.isprintable()
