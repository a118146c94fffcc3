"""What is left of a questionnaire for who was given one section, while others decide what is asked in it."""

import json
from uuid import UUID

import pytest

from app.definitions import conditions, routing
from app.definitions.plain import Plain
from app.definitions.questions import Matrix
from app.policy import DelegatedRight, Share
from app.web.respond.sharing import Part
from tests.unit.definitions.features import feature

QUESTIONNAIRE = feature("parts")
SHARE = Share(UUID(int=1), "here", None, DelegatedRight.WRITE)
PART = Part(QUESTIONNAIRE, (), (SHARE,))
ANSWERS: dict[str, Plain] = {
    "open": "yes",
    "named": "a secret name",
    "colours": {"options": ["red", "other"], "other": "a secret colour"},
    "own": "yes",
}


def path(answers: dict[str, Plain]) -> routing.Path:
    return routing.path(QUESTIONNAIRE, {(None, key, ""): value for key, value in answers.items()})


def decided(key: str, answers: dict[str, Plain]) -> object:
    rule = QUESTIONNAIRE.question(key).when
    assert rule is not None
    return conditions.plain(PART.rule(rule, path(answers), None))


def test_what_is_asked_is_decided_by_every_answer_and_shown_in_part() -> None:
    part = path(ANSWERS).part(PART.sees)
    assert [page.section_key for page in part.pages] == ["here"]
    assert set(part.shown[None]) == {"own", "when_open", "when_both", "how"}
    assert "when_open" not in path({**ANSWERS, "open": "no"}).part(PART.sees).shown[None]


@pytest.mark.parametrize("key", ["open", "named", "colours"])
def test_no_answer_elsewhere_can_be_looked_up(key: str) -> None:
    whole = path(ANSWERS)
    assert whole.lookup(None)(key) is not None
    assert whole.part(PART.sees).lookup(None)(key) is None
    assert "secret" not in str(list(whole.part(PART.sees).answers()))


def test_rows_chosen_elsewhere_stay_without_the_words_written_there() -> None:
    rows = path(ANSWERS).part(PART.sees).rows(None, "how")
    assert [(row.key, str(row.text)) for row in rows] == [("red", "Red"), ("other", "Another")]
    assert isinstance(QUESTIONNAIRE.question("how"), Matrix)


@pytest.mark.parametrize(
    ("key", "answers", "left"),
    [
        ("when_open", {"open": "yes"}, {"all": []}),
        ("when_open", {"open": "no"}, {"any": []}),
        ("when_open", {}, {"question": "open", "is": "yes"}),
        ("when_both", {"open": "yes"}, {"all": [{"all": []}, {"question": "own", "is": "yes"}]}),
        ("when_unanswered", {"named": "a secret name"}, {"not": {"all": []}}),
        ("when_unanswered", {}, {"not": {"any": []}}),
    ],
)
def test_a_browser_is_told_what_follows_from_answers_elsewhere_and_not_what_they_are(
    key: str, answers: dict[str, Plain], left: object
) -> None:
    assert decided(key, answers) == left
    assert "secret" not in json.dumps(left)


@pytest.mark.parametrize("key", ["when_open", "when_both", "when_unanswered"])
@pytest.mark.parametrize("elsewhere", [{}, {"open": "yes"}, {"open": "no", "named": "x"}])
@pytest.mark.parametrize("own", [None, "yes", "no"])
def test_the_decided_rule_holds_where_the_whole_one_does(
    key: str, elsewhere: dict[str, Plain], own: str | None
) -> None:
    answers = {**elsewhere, **({"own": own} if own else {})}
    rule = QUESTIONNAIRE.question(key).when
    assert rule is not None
    here = path(answers).part(PART.sees).lookup(None)
    assert conditions.holds(PART.rule(rule, path(answers), None), here) is conditions.holds(
        rule, path(answers).lookup(None)
    )
