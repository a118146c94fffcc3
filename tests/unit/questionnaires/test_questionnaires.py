"""The three questionnaires of the repository: their size, their words, and the concepts they share."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.definitions import loader
from app.definitions.questions import ClosedQuestion, Matrix, Question, Records, TextQuestion
from app.definitions.schema import Page, Questionnaire
from app.definitions.source import read

ROOT = Path(__file__).parents[3] / "questionnaires"
OUTSIDE, INSIDE = "outside", "inside"


@pytest.fixture(scope="module")
def questionnaires() -> dict[str, Questionnaire]:
    return loader.load_all(ROOT)


def pages(questionnaire: Questionnaire, where: str) -> Iterator[Page]:
    for section in questionnaire.sections:
        if (section.repeat is None) == (where == OUTSIDE):
            yield from section.pages


def count(questionnaire: Questionnaire, where: str, more: bool | None = None) -> int:
    shown = (page for page in pages(questionnaire, where) if more is None or page.more is more)
    return sum(len(page.questions) for page in shown)


def test_state_is_a_light_burden(questionnaires: dict[str, Questionnaire]) -> None:
    state = questionnaires["state"]
    assert count(state, OUTSIDE) <= 10
    assert count(state, INSIDE, more=False) <= 6
    assert count(state, INSIDE, more=True) <= 10
    assert [question.key for question in state.questions() if question.required] == ["takes_part"]


def test_others_keep_their_limits(questionnaires: dict[str, Questionnaire]) -> None:
    assert count(questionnaires["iscm"], OUTSIDE) <= 45
    assert count(questionnaires["igo"], OUTSIDE) <= 8
    assert count(questionnaires["igo"], INSIDE) <= 8


def test_a_page_asks_at_most_five_questions(questionnaires: dict[str, Questionnaire]) -> None:
    crowded = [
        (questionnaire.key, page.key)
        for questionnaire in questionnaires.values()
        for where in (OUTSIDE, INSIDE)
        for page in pages(questionnaire, where)
        if len(page.questions) > 5
    ]
    assert crowded == []


def test_every_concept_is_asked_about(questionnaires: dict[str, Questionnaire]) -> None:
    everything = [question for each in questionnaires.values() for question in each.questions()]
    asked = [question for question in everything if question.parent is None]
    assert [question.key for question in asked if question.concept is None] == []
    known = {concept["key"] for concept in read(ROOT / "concepts.yaml", ROOT).data["concepts"]}
    assert known - {question.concept for question in asked} == set()


def test_a_sentence_to_complete_has_an_example(questionnaires: dict[str, Questionnaire]) -> None:
    bare = [
        (questionnaire.key, question.key)
        for questionnaire in questionnaires.values()
        for question in questionnaire.questions()
        if isinstance(question, TextQuestion) and question.stem and not question.example
    ]
    assert bare == []


def words_of(question: Question) -> Iterator[str]:
    for text in (question.text, question.label, question.hint, question.help, question.example):
        if text:
            yield text
    if isinstance(question, TextQuestion) and question.stem:
        yield question.stem
    if isinstance(question, Records):
        yield question.item
    yield from (option.text for option in question.listed())
    if isinstance(question, Matrix):
        yield from (option.text for option in question.cell.listed())


def test_labels_are_plain(questionnaires: dict[str, Questionnaire]) -> None:
    """No exclamation mark, no "please", no double question."""
    for questionnaire in questionnaires.values():
        for question in questionnaire.questions():
            assert not re.search(r"!|\bplease\b|\binvalid\b", " ".join(words_of(question)), re.IGNORECASE)
            assert question.text.count("?") <= 1, question.text
            assert len(question.text) <= 120, question.text


def test_vocabularies_name_what_is_to_be_confirmed() -> None:
    for vocabulary in loader.library(ROOT).vocabularies.values():
        assert bool(vocabulary.why) == vocabulary.to_be_confirmed, vocabulary.key


def test_themes_stand_in_the_order_of_their_words(questionnaires: dict[str, Questionnaire]) -> None:
    for key, question in (("iscm", "themes"), ("state", "themes_missing")):
        asked = questionnaires[key].question(question)
        assert isinstance(asked, ClosedQuestion)
        shown = [option.text.in_locale("en") for option in asked.offered("en")]
        assert shown == [*sorted(shown[:-1], key=str.casefold), "Other (specify)"]
