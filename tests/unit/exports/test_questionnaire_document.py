"""The paper version: every question, numbered, with its condition in words and space to answer."""

import io
from pathlib import Path

import html5lib
import pytest

from app.definitions import loader
from app.definitions.questions import Note
from app.definitions.schema import Questionnaire, from_stored
from app.exports import questionnaire_document
from app.exports.blocks import Lines, Options, Paragraph, Role, Run, Table

ROOT = Path(__file__).parents[3] / "questionnaires"


@pytest.fixture(scope="module")
def known() -> dict[str, Questionnaire]:
    return dict(loader.load_all(ROOT))


def _made_up(*questions: dict[str, object]) -> Questionnaire:
    page = {"key": "page", "title": "Page", "questions": list(questions)}
    section = {"key": "section", "title": "Section", "pages": [page]}
    return from_stored(
        {"key": "made_up", "version": 1, "audience": "state", "title": "Made up", "sections": [section]}
    )


def _words(questionnaire: Questionnaire, role: Role) -> list[str]:
    return [
        "".join(inline.text for inline in block.inlines if isinstance(inline, Run))
        for block in questionnaire_document.document(questionnaire).blocks
        if isinstance(block, Paragraph) and block.role is role
    ]


@pytest.mark.parametrize("key", ["state", "iscm", "igo"])
def test_every_question_stands_on_paper_under_a_number_of_its_own(
    known: dict[str, Questionnaire], key: str
) -> None:
    asked = _words(known[key], Role.QUESTION)
    numbered = [words.split(" ")[0] for words in asked if words[0].isdigit()]
    expected = [question for question in known[key].questions() if not isinstance(question, Note)]
    assert len(numbered) == len(expected)
    assert len(set(numbered)) == len(numbered)


@pytest.mark.parametrize("fmt", ["html", "docx", "pdf"])
@pytest.mark.parametrize("key", ["state", "iscm", "igo"])
def test_it_is_written_in_every_format_and_always_alike(
    known: dict[str, Questionnaire], key: str, fmt: str
) -> None:
    first = questionnaire_document.render(known[key], fmt)
    assert first == questionnaire_document.render(known[key], fmt)
    if fmt == "html":
        html5lib.HTMLParser(strict=True).parse(io.BytesIO(first))


def test_an_unknown_format_is_refused(known: dict[str, Questionnaire]) -> None:
    with pytest.raises(ValueError, match="no format 'odt'"):
        questionnaire_document.render(known["igo"], "odt")


RULES = [
    ({"question": "a", "is": "yes"}, "Only if the answer to question 1 is “Yes”."),
    ({"question": "a", "answered": True}, "Only if question 1 has an answer."),
    ({"question": "a", "answered": False}, "Only if question 1 has no answer."),
    ({"question": "b", "includes": "law"}, "Only if the answers to question 2 include “Legislation”."),
    ({"question": "b", "at_least": 2}, "Only if question 2 has 2 or more answers."),
    ({"question": "c", "at_least": 5}, "Only if the answer to question 3 is 5 or more."),
    ({"not": {"question": "a", "is": "no"}}, "Only if it is not so that the answer to question 1 is “No”."),
    (
        {"all": [{"question": "a", "is": "yes"}, {"question": "c", "answered": True}]},
        "Only if the answer to question 1 is “Yes” and question 3 has an answer.",
    ),
    (
        {"any": [{"question": "a", "is": "yes"}, {"question": "c", "answered": True}]},
        "Only if either the answer to question 1 is “Yes” or question 3 has an answer.",
    ),
]


@pytest.mark.parametrize(("rule", "sentence"), RULES)
def test_a_condition_is_said_in_words(rule: dict[str, object], sentence: str) -> None:
    questionnaire = _made_up(
        {"key": "a", "kind": "yes_no", "text": "A?"},
        {"key": "b", "kind": "choices", "text": "B?", "options": [{"key": "law", "text": "Legislation"}]},
        {"key": "c", "kind": "number", "text": "C?"},
        {"key": "d", "kind": "short_text", "text": "D?", "when": rule},
    )
    assert sentence in _words(questionnaire, Role.HINT)


def test_a_sentence_to_complete_begins_in_its_box_with_a_capital() -> None:
    questionnaire = _made_up(
        {
            "key": "a",
            "kind": "long_text",
            "text": "A?",
            "stem": "{organisation} values {subject} for …",
            "max_words": 150,
        }
    )
    boxes = [
        block for block in questionnaire_document.document(questionnaire).blocks if isinstance(block, Lines)
    ]
    assert boxes[-1] == Lines(10, "Your country values the mechanism for")
    assert "At most 150 words." in _words(questionnaire, Role.HINT)


def test_options_have_boxes_and_a_matrix_columns_to_cross() -> None:
    options = [{"key": "often", "text": "Often"}, {"key": "other", "text": "Other", "specify": True}]
    rows = [{"key": "igo", "text": "IGOs"}, {"key": "civil", "text": "Civil society"}]
    questionnaire = _made_up(
        {"key": "a", "kind": "choice", "text": "A?", "options": options},
        {
            "key": "m",
            "kind": "matrix",
            "text": "M?",
            "rows": rows,
            "cell": {"kind": "choice", "options": options},
        },
    )
    blocks = questionnaire_document.document(questionnaire).blocks
    (box,) = [block for block in blocks if isinstance(block, Options)]
    assert [(option.text, option.write) for option in box.options] == [("Often", False), ("Other", True)]
    assert not box.several
    (table,) = [block for block in blocks if isinstance(block, Table)]
    assert table.header == ("About", "Often", "Other")
    assert len(table.rows) == 2
