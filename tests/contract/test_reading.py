"""Looking changes nothing, and every answer, whatever it answers, carries the same protection."""

import html5lib
import pytest

from app.web.headers import ALWAYS
from app.web.respond.attachments import SANDBOX
from tests.contract.conftest import ANONYMOUS, Settled
from tests.contract.rows import rows_of
from tests.contract.walking import NOWHERE, Call, walk

PEOPLE = [
    "focal-arc",
    "focal-bor",
    "focal-iox",
    "focal-alpha",
    "beta-only",
    "reader",
    "analyst",
    "administrator",
    ANONYMOUS,
]


def _calls(settled: Settled) -> list[Call]:
    everyone = [call for code, owned in settled.owned.items() for call in walk(settled, owned, code, "")]
    return list(dict.fromkeys(call for call in everyone if call.json is None))


@pytest.mark.parametrize("person", PEOPLE)
def test_no_get_changes_a_row(settled: Settled, person: str) -> None:
    browser = settled.browser(person)
    before = rows_of(settled)
    looked = [call for call in _calls(settled) if call.method == "GET"]
    answered = [call.send(browser).status_code for call in looked]
    assert answered.count(200) > 3
    after = rows_of(settled)
    assert {name for name in before if before[name] != after[name]} == set()


@pytest.mark.parametrize("person", PEOPLE)
def test_every_answer_carries_every_header(settled: Settled, person: str) -> None:
    browser = settled.browser(person)
    seen = set()
    for call in _calls(settled):
        if call.method == "POST" and person != ANONYMOUS:
            continue  # what a person may send is tried in the stories; here nothing may change
        answer = call.send(browser)
        seen.add(answer.status_code)
        expected = ALWAYS
        if call.endpoint == "respond.download" and answer.status_code == 200:
            expected = ALWAYS | {"Content-Security-Policy": SANDBOX}
        missing = {name for name, value in expected.items() if answer.headers.get(name) != value}
        assert not missing, f"{call} lacks {missing}"
        assert "no-store" in answer.headers["Cache-Control"], call
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert 200 in seen
    assert seen & {302, 401, 404}


@pytest.mark.parametrize(
    ("method", "address"), [("GET", "/no/such/page"), ("DELETE", "/findings"), ("PUT", "/sign-in")]
)
def test_refusals_carry_them_too(settled: Settled, method: str, address: str) -> None:
    answer = settled.browser(ANONYMOUS).open(address, method=method)
    assert answer.status_code in {404, 405}
    assert {name for name, value in ALWAYS.items() if answer.headers.get(name) != value} == set()


def test_an_error_page_never_repeats_markup_from_the_address(settled: Settled) -> None:
    hostile = "/<script>alert(1)</script>"
    for address in (
        hostile,
        f"/findings/{hostile}",
        f"/responses/{NOWHERE.response}/{hostile}",
        f"/sign-in/{hostile}",
    ):
        answer = settled.browser("analyst").get(address)
        page = html5lib.parse(answer.text, namespaceHTMLElements=False)
        assert not [script for script in page.iter("script") if not script.get("src")], address
        assert "<script>alert" not in answer.text
