"""Characters that no database keeps, and numbers that none counts to, in addresses and forms of staff."""

import pytest

from app.database import Database
from tests.browsing import Visitor
from tests.journeys import asking
from tests.journeys.conftest import SignIn

NUL = "a%00b"
ADDRESSES = (
    f"/rounds/2026/mail?search={NUL}&purpose={NUL}",
    f"/rounds/2026/mail?page={'9' * 20}",
    f"/rounds/2026/mail?page={'9' * 5000}",
    f"/people?organisation={NUL}",
    f"/rounds/2026/tracking?as_of={NUL}",
    f"/rounds/2026/tracking/list?region={NUL}&sort={NUL}",
)
FORMS = (
    ("/views", {"place": "list", "round": "2026", "name": "a\0b", "query": "region=a\0b"}),
    ("/rounds/2026/tracking/export", {"table": "list", "format": "csv", "region": "a\0b"}),
    ("/rounds/2026/respondents", {"organisation": "a\0b", "reason": "a\0b"}),
)


@pytest.fixture
def coordinator(database: Database, sign_in: SignIn) -> Visitor:
    asking.settle(database)
    return sign_in("coordinator@example.org")


def test_no_address_is_our_fault(coordinator: Visitor) -> None:
    assert {coordinator.client.get(each).status_code for each in ADDRESSES} == {200}


def test_no_form_is_our_fault(coordinator: Visitor) -> None:
    page = coordinator.open("/rounds/2026/tracking/list")
    token = next(each.get("value", "") for each in page.all("input", name="csrf_token"))
    for address, fields in FORMS:
        got = coordinator.client.post(address, data={"csrf_token": token, **fields})
        assert got.status_code < 500, address
        assert got.status_code != 400, address
