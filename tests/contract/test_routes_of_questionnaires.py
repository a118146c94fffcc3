"""Who reaches the pages of questionnaires, pilots and moves: staff by their roles, and nobody else."""

import pytest

from tests.contract.conftest import Settled
from tests.contract.route_table import TABLE
from tests.contract.test_routes import RESPONDENTS
from tests.contract.walking import NOWHERE, walk


@pytest.mark.parametrize("person", [*RESPONDENTS, "colleague", "reader", "beta-only"])
def test_questionnaires_and_pilots_do_not_exist_for_respondents(settled: Settled, person: str) -> None:
    browser = settled.browser(person)
    for prefix in ("questionnaires.", "moves.", "pilots."):
        walked = list(walk(settled, NOWHERE, "ARC", prefix))
        assert walked
        for call in walked:
            assert call.send(browser).status_code == 404, f"{person}: {call}"


@pytest.mark.parametrize(
    ("person", "may"),
    [
        ("viewer", set()),
        ("analyst", {"pilot_questionnaire"}),
        ("coordinator", {"pilot_questionnaire", "manage_rounds"}),
        ("administrator", {"pilot_questionnaire", "manage_rounds"}),
    ],
)
def test_staff_read_try_and_move_questionnaires_by_their_roles(
    settled: Settled, person: str, may: set[str]
) -> None:
    browser = settled.browser(person)
    nowhere = {"moves.affected", "pilots.pilot", "questionnaires.ask_publish", "questionnaires.paper"}
    for prefix in ("questionnaires.", "moves.", "pilots."):
        for call in walk(settled, NOWHERE, "ARC", prefix):
            if call.method != "GET" or call.endpoint in nowhere:
                continue
            act = TABLE[call.endpoint]
            seen = call.send(browser).status_code == 200
            assert seen is (act == "read_questionnaires" or act in may), f"{person}: {call}"
