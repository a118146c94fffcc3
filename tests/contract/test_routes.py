"""Every address says who may use it, and this table says the same; then people of every kind try them all.

What is somebody else's answers exactly like what does not exist: 404, with the same words.
"""

import re
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.web.access import access_of
from tests.contract.conftest import ANONYMOUS, Owned, Settled, settings_in
from tests.contract.route_table import OPEN, TABLE
from tests.contract.walking import NOWHERE, rules, walk

ONLY_IN_THE_DEMONSTRATION = {"demo.look": OPEN, "demo.enter": OPEN}
SUBMITTED = {"BOR", "alpha"}
RESPONDENTS = {"focal-arc": "ARC", "focal-bor": "BOR", "focal-iox": "IOX", "focal-alpha": "alpha"}
STAFF = ("desk.", "staff.", "findings.", "tracking.", "chase.", "views.", "rounds.")
STAFF_ONLY = [endpoint for endpoint in TABLE if endpoint.startswith(STAFF)]
EDITORS_ACTS = {"read_rounds", "record_contact"}
OF_COORDINATORS = {
    endpoint for endpoint, act in TABLE.items() if endpoint.startswith("rounds.") and act not in EDITORS_ACTS
}
OF_NOTHING_THERE = {"rounds.on_behalf", "rounds.source", "views.ask"}
"""What is about a receipt or a view that nobody made."""


def _marks(app: Flask) -> dict[str, str]:
    marks = {}
    for rule in app.url_map.iter_rules():
        access = access_of(app.view_functions[rule.endpoint])
        assert access is not None, f"{rule.endpoint} does not say who may use it"
        marks[rule.endpoint] = access.act.value if access.act else access.kind
    return marks


def test_every_address_has_a_mark_and_stands_in_the_table(settled: Settled) -> None:
    assert _marks(settled.app) == TABLE


@pytest.mark.parametrize("environment", ["development", "production", "demo"])
def test_the_demonstration_s_links_exist_only_in_the_demonstration(environment: str, tmp_path: Path) -> None:
    app = create_app(settings_in(tmp_path, environment))
    extra = set(_marks(app).items()) - set(TABLE.items())
    assert extra == (set(ONLY_IN_THE_DEMONSTRATION.items()) if environment == "demo" else set())
    app.extensions["database"].dispose()


def test_no_view_both_shows_and_changes(settled: Settled) -> None:
    mixed = [rule.endpoint for rule in rules(settled.app) if {"GET", "POST"} <= (rule.methods or set())]
    assert mixed == [], "one view, one method: a mark speaks of one act"


def _words(html: str) -> str:
    """The words of an answer without what is drawn anew each time."""
    return re.sub(r'value="[^"]*"|data-ends="\d+"|/responses/\S*', "", html)


@pytest.mark.parametrize("person", [*RESPONDENTS, "colleague", "reader", "beta-only"])
def test_what_is_another_respondent_s_does_not_exist(settled: Settled, person: str) -> None:
    mine = RESPONDENTS.get(person, "ARC")
    browser = settled.browser(person)
    nowhere = {
        (call.endpoint, call.method): _words(call.send(browser).text)
        for call in walk(settled, NOWHERE, "ARC", "respond.")
    }
    for code, owned in settled.owned.items():
        if code == mine:
            continue
        for call in walk(settled, owned, code, "respond."):
            answer = call.send(browser)
            assert answer.status_code == 404, f"{person}: {call} of {code}"
            assert _words(answer.text) == nowhere[call.endpoint, call.method], f"{call} tells that it exists"


@pytest.mark.parametrize("person", list(RESPONDENTS))
def test_another_s_block_answer_or_record_under_one_s_own_response_does_not_exist(
    settled: Settled, person: str
) -> None:
    code = RESPONDENTS[person]
    own = settled.owned[code]
    browser = settled.browser(person)
    for other_code, other in settled.owned.items():
        if other_code == code:
            continue
        swapped = Owned(
            own.response, other.block, other.answer, other.record, other.attachment, other.appointment
        )
        parts = {
            f"/{part}"
            for part in (other.block, other.answer, other.record, other.attachment, other.appointment)
        }
        for call in walk(settled, swapped, code, "respond."):
            if any(part in call.address for part in parts):
                # A response that is submitted refuses every write before it looks for anything.
                refused = {404} if call.method == "GET" or code not in SUBMITTED else {404, 409}
                assert call.send(browser).status_code in refused, f"{person}: {call} with {other_code}'s"


def test_autosave_into_another_s_block_does_not_exist(settled: Settled) -> None:
    browser = settled.browser("focal-arc")
    other = settled.owned["BOR"].block
    body = {"page": f"mechanisms/{other}/taking_part", "changes": []}
    answer = browser.post(f"/responses/{settled.owned['ARC'].response}/autosave", json=body)
    assert answer.status_code == 404


@pytest.mark.parametrize("person", list(RESPONDENTS))
def test_one_s_own_can_be_read(settled: Settled, person: str) -> None:
    code = RESPONDENTS[person]
    browser = settled.browser(person)
    for call in walk(settled, settled.owned[code], code, "respond."):
        if call.method == "GET":
            assert call.send(browser).status_code < 400, f"{person}: {call}"


@pytest.mark.parametrize("person", ["reader", "beta-only", "colleague"])
def test_who_may_not_write_or_sign_cannot(settled: Settled, person: str) -> None:
    browser = settled.browser(person)
    forbidden = {"choose_attribution", "submit_response", "manage_team", "mark_ready", "request_change"} | (
        {"edit_response", "ask_iom"} if person == "reader" else set()
    )
    tried = 0
    for call in walk(settled, settled.owned["ARC"], "ARC", "respond."):
        if TABLE[call.endpoint] in forbidden:
            tried += 1
            assert call.send(browser).status_code == 404, f"{person}: {call}"
    assert tried


@pytest.mark.parametrize("person", ["administrator", "coordinator", "analyst", "viewer"])
@pytest.mark.parametrize("code", ["ARC", "IOX"])
def test_a_draft_is_hidden_from_all_staff(settled: Settled, person: str, code: str) -> None:
    browser = settled.browser(person)
    for call in walk(settled, settled.owned[code], code, "respond."):
        assert call.send(browser).status_code == 404, f"{person}: {call}"


@pytest.mark.parametrize("person", ["administrator", "coordinator", "analyst", "viewer"])
def test_staff_read_what_was_submitted_and_write_nothing_in_it(settled: Settled, person: str) -> None:
    browser = settled.browser(person)
    for call in walk(settled, settled.owned["BOR"], "BOR", "respond."):
        status = call.send(browser).status_code
        if TABLE[call.endpoint] in {"read_response", "export_response"} and person != "viewer":
            assert status < 400, f"{person}: {call}"
        else:
            assert status == 404, f"{person}: {call}"


@pytest.mark.parametrize("person", [*RESPONDENTS, "colleague", "reader", "beta-only"])
def test_staff_s_pages_do_not_exist_for_respondents(settled: Settled, person: str) -> None:
    browser = settled.browser(person)
    walked = [call for prefix in STAFF for call in walk(settled, NOWHERE, "ARC", prefix)]
    assert {call.endpoint for call in walked} == set(STAFF_ONLY)
    for call in walked:
        assert call.send(browser).status_code == 404, f"{person}: {call}"


@pytest.mark.parametrize(
    ("person", "refused"),
    [
        (
            "viewer",
            {"findings.compile_again", "findings.export", "staff.decide", "rounds.record_contact"}
            | {"tracking.question", "tracking.questions", "chase.page", "chase.export"}
            | OF_COORDINATORS
            | OF_NOTHING_THERE,
        ),
        ("analyst", {"staff.decide"} | OF_COORDINATORS | OF_NOTHING_THERE),
        ("coordinator", OF_NOTHING_THERE),
        ("administrator", OF_NOTHING_THERE),
    ],
)
def test_each_staff_role_has_its_own_acts(settled: Settled, person: str, refused: set[str]) -> None:
    browser = settled.browser(person)
    walked = [call for prefix in STAFF for call in walk(settled, NOWHERE, "ARC", prefix)]
    for call in walked:
        if call.method == "GET" or call.endpoint in refused:
            status = call.send(browser).status_code
            assert (status == 404) is (call.endpoint in refused), f"{person}: {call} gave {status}"


def test_nobody_in_particular_gets_the_sign_in_page_and_nothing_else(settled: Settled) -> None:
    for code, owned in settled.owned.items():
        browser = settled.browser(ANONYMOUS)
        for call in walk(settled, owned, code, ""):
            if TABLE[call.endpoint] == OPEN:
                continue
            answer = call.send(browser)
            if call.method == "GET":
                assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in"), call
            else:
                assert answer.status_code == 401, call


@pytest.mark.parametrize("person", [*RESPONDENTS, "colleague", "reader", "beta-only", "viewer"])
def test_the_inbox_and_the_editions_of_staff_do_not_exist_for_others(settled: Settled, person: str) -> None:
    browser = settled.browser(person)
    walked = [
        *walk(settled, settled.owned["BOR"], "BOR", "threads."),
        *walk(settled, NOWHERE, "ARC", "editions."),
    ]
    assert walked
    for call in walked:
        reads = person == "viewer" and call.endpoint == "editions.read"
        assert (call.send(browser).status_code == 404) is not reads, f"{person}: {call}"


@pytest.mark.parametrize(
    ("person", "refused"),
    [
        ("analyst", {"threads.decide", "editions.ask", "editions.publish"}),
        ("coordinator", set()),
        ("administrator", set()),
    ],
)
def test_staff_answer_decide_and_publish_by_their_roles(
    settled: Settled, person: str, refused: set[str]
) -> None:
    browser = settled.browser(person)
    walked = [
        *walk(settled, settled.owned["BOR"], "BOR", "threads."),
        *walk(settled, NOWHERE, "ARC", "editions."),
    ]
    for call in walked:
        if call.method == "GET" or call.endpoint in refused:
            status = call.send(browser).status_code
            assert (status == 404) is (call.endpoint in refused), f"{person}: {call} gave {status}"


@pytest.mark.parametrize("person", ["administrator", "coordinator", "analyst"])
def test_staff_ask_about_no_draft(settled: Settled, person: str) -> None:
    browser = settled.browser(person)
    for call in walk(settled, settled.owned["ARC"], "ARC", "threads."):
        if TABLE[call.endpoint] == "ask_clarification":
            assert call.send(browser).status_code == 404, f"{person}: {call}"


LETTERS_OF_A_ROUND = ("invitations.", "notes_verbales.", "reminders.", "texts.")


@pytest.mark.parametrize("person", [*RESPONDENTS, "colleague", "reader", "beta-only", "viewer"])
def test_the_letters_of_a_round_do_not_exist_for_others_than_its_staff(settled: Settled, person: str) -> None:
    browser = settled.browser(person)
    for prefix in LETTERS_OF_A_ROUND:
        for call in walk(settled, settled.owned["ARC"], "ARC", prefix):
            assert call.send(browser).status_code == 404, f"{person}: {call}"


@pytest.mark.parametrize("person", ["analyst", "coordinator", "administrator"])
def test_staff_read_the_letters_of_a_round_and_coordinators_send(settled: Settled, person: str) -> None:
    browser = settled.browser(person)
    for prefix in LETTERS_OF_A_ROUND:
        for call in walk(settled, settled.owned["ARC"], "ARC", prefix):
            refused = person == "analyst" and TABLE[call.endpoint] == "send_mail"
            if call.method == "GET" or refused:
                assert (call.send(browser).status_code == 404) is refused, f"{person}: {call}"
