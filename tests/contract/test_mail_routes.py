"""The letters of a round are read, and sent again, by those who may; for others there are none."""

import pytest

from tests.contract.conftest import Settled
from tests.contract.route_table import TABLE
from tests.contract.test_routes import RESPONDENTS
from tests.contract.walking import NOWHERE, walk


@pytest.mark.parametrize(
    ("person", "refused"),
    [
        *((each, {"read_mail", "send_mail"}) for each in (*RESPONDENTS, "colleague", "reader", "viewer")),
        ("analyst", {"send_mail"}),
        ("coordinator", set()),
    ],
)
def test_letters_are_read_and_sent_by_those_who_may(settled: Settled, person: str, refused: set[str]) -> None:
    browser = settled.browser(person)
    walked = [*walk(settled, NOWHERE, "ARC", "mail.")]
    assert {call.endpoint for call in walked} == {each for each in TABLE if each.startswith("mail.")}
    for call in walked:
        if call.method == "GET" or TABLE[call.endpoint] in refused:
            status = call.send(browser).status_code
            assert (status == 404) is (TABLE[call.endpoint] in refused), f"{person}: {call} gave {status}"
