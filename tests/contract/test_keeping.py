"""The register, the people and their imports: nothing of them for respondents, each act for its roles."""

import pytest

from tests.contract.conftest import Settled
from tests.contract.keeping import KEEPING
from tests.contract.walking import NOWHERE, walk

RESPONDENTS = ("focal-arc", "focal-bor", "focal-iox", "focal-alpha")
KEPT = ("imports.", "people.", "register.")
"""The pages by which staff keep the register and the people."""


@pytest.mark.parametrize("person", [*RESPONDENTS, "colleague", "reader", "beta-only"])
def test_the_register_and_the_people_do_not_exist_for_respondents(settled: Settled, person: str) -> None:
    browser = settled.browser(person)
    for prefix in KEPT:
        walked = list(walk(settled, NOWHERE, "ARC", prefix))
        assert walked
        for call in walked:
            assert call.send(browser).status_code == 404, f"{person}: {call}"


@pytest.mark.parametrize(
    ("person", "acts"),
    [
        ("viewer", {"read_register"}),
        ("analyst", {"read_register", "read_people"}),
        ("coordinator", {"read_register", "read_people", "change_register", "manage_contacts"}),
        ("administrator", {"read_register", "read_people", "change_register", "manage_contacts"}),
    ],
)
def test_staff_keep_the_register_and_the_people_by_their_roles(
    settled: Settled, person: str, acts: set[str]
) -> None:
    browser = settled.browser(person)
    acts = acts | ({"decide_proposals"} if "change_register" in acts else set())
    for prefix in KEPT:
        for call in walk(settled, NOWHERE, "ARC", prefix):
            allowed = KEEPING[call.endpoint] in acts or (
                person == "administrator" and KEEPING[call.endpoint] == "manage_people"
            )
            if call.endpoint == "people.note":
                continue
            if call.method == "GET" or not allowed:
                status = call.send(browser).status_code
                assert (status == 404) is not allowed, f"{person}: {call} gave {status}"
