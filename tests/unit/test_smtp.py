"""What a mail server that sends reports is asked for, so that a returned letter names its row."""

import pytest

from app.services.smtp import Patience, SmtpConnection
from tests.unit.test_letter_form import ID, letter


class Server:
    """Notes what it is told, in place of smtplib's client."""

    sock = None

    def __init__(self, *offers: str) -> None:
        self.offers = offers
        self.told: list[tuple[object, ...]] = []

    def has_extn(self, name: str) -> bool:
        return name in self.offers

    def mail(self, address: str, options: list[str]) -> tuple[int, bytes]:
        self.told.append(("MAIL", address, *options))
        return 250, b"OK"

    def rcpt(self, address: str, options: list[str]) -> tuple[int, bytes]:
        self.told.append(("RCPT", address, *options))
        return 250, b"OK"

    def rset(self) -> tuple[int, bytes]:
        self.told.append(("RSET",))
        return 250, b"OK"


def told(*offers: str) -> list[tuple[object, ...]]:
    server = Server(*offers)
    connection = SmtpConnection(server, Patience())  # type: ignore[arg-type]  # it has what is asked of it
    connection.offer(letter("Subject", "Text"))
    connection.offer(letter("Subject", "Text"))
    return server.told


def test_a_server_that_can_is_asked_to_name_the_letter_in_its_reports() -> None:
    assert told("dsn") == [
        ("MAIL", "no-reply@survey.example", "RET=HDRS", f"ENVID={ID}"),
        ("RCPT", "ada@ministry.example", "NOTIFY=FAILURE,DELAY"),
        ("RSET",),
        ("MAIL", "no-reply@survey.example", "RET=HDRS", f"ENVID={ID}"),
        ("RCPT", "ada@ministry.example", "NOTIFY=FAILURE,DELAY"),
    ]


@pytest.mark.parametrize("offers", [(), ("size",)])
def test_another_one_is_not(offers: tuple[str, ...]) -> None:
    assert told(*offers)[:2] == [
        ("MAIL", "no-reply@survey.example"),
        ("RCPT", "ada@ministry.example"),
    ]
