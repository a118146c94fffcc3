"""Words in capitals: everyday words are calmed, acronyms kept; where that is not sure the text is quoted."""

import pytest

from app.findings import capitals
from tests.unit.findings.building import Respondent, compiled, texts

NAMES = {"GEORGIA": "Georgia"}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("EXCHANGE of data sets", "exchange of data sets"),
        ("THE FIRST WORLDWIDE COUNT OF STUDENTS", "the first worldwide count of students"),
        ("MONEY", "money"),
        ("GEORGIA and Poland", "Georgia and Poland"),
        ("ECOWAS", "ECOWAS"),
        ("MERCOSUR meetings", "MERCOSUR meetings"),
        ("IOM and UNHCR", "IOM and UNHCR"),
        ("PROJECT WITH UNHCR", "PROJECT WITH UNHCR"),
        ("new EU rules", "new EU rules"),
        ("An ordinary text.", "An ordinary text."),
    ],
)
def test_words_in_capitals(typed: str, said: str) -> None:
    assert capitals.calmed(typed, NAMES) == said


def test_what_stays_in_capitals_is_quoted() -> None:
    assert capitals.shouted("PROJECT WITH UNHCR")
    assert not capitals.shouted("IOM, UNHCR")
    summary = compiled(Respondent("iscm", "eap-panel", {"offers": [{"value": "PROJECT WITH UNHCR"}]}))
    assert "On what membership brings, the EaP Panel stated: “PROJECT WITH UNHCR”." in texts(summary)


def test_the_name_of_a_state_in_capitals_is_said_as_usual() -> None:
    summary = compiled(Respondent("iscm", "eap-panel", {"chair_now": "GEORGIA"}))
    assert "At the time of its answer, the EaP Panel was chaired by Georgia." in texts(summary)
