"""No form is accepted without its token, whoever sends it and to whatever address."""

import pytest

from tests.contract.conftest import ANONYMOUS, LISTS, Settled
from tests.contract.rows import rows_of
from tests.contract.walking import Call, walk

BY_PERSON = {**{f"focal-{code.lower()}": code for code in LISTS}, "administrator": "BOR", ANONYMOUS: "ARC"}
# A sign-out that somebody else causes loses nothing; it is refused all the same.
REFUSED = {400, 401, 404}


def _posts(settled: Settled, code: str) -> list[Call]:
    return [call for call in walk(settled, settled.owned[code], code, "") if call.method == "POST"]


@pytest.mark.parametrize("person", list(BY_PERSON))
def test_a_post_without_a_token_is_refused_and_changes_nothing(
    settled: Settled, person: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = settled.browser(person)
    monkeypatch.setitem(settled.app.config, "WTF_CSRF_ENABLED", True)
    before = rows_of(settled)
    refused = [call.send(browser).status_code for call in _posts(settled, BY_PERSON[person])]
    assert set(refused) <= REFUSED
    assert 400 in refused or person == ANONYMOUS
    after = rows_of(settled)
    assert {name for name in before if before[name] != after[name]} == set()
