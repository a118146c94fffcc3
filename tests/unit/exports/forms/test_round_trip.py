"""What was written into a form comes back: nothing more, nothing less, to the character."""

from collections.abc import Mapping

import pytest

from app.definitions.schema import Questionnaire, from_stored
from app.exports.forms.model import MAIN, OTHER, RIGHT, Way, name_of
from app.exports.forms.xlsx_writing import PIECE, pieces
from tests.filling import ExcelForm, Filling
from tests.unit.exports.forms.making import LINES, NASTY, QUESTIONNAIRES, Answered, differences, file_of

KINDS = ["docx", "xlsx"]
HUNDRED_THOUSAND = ("Zusammenhänge 👩🏽‍💻 مرحبا\n" * 5_000)[:100_000]


def small(*questions: Mapping[str, object]) -> Questionnaire:
    page = {"key": "page", "title": "A page", "questions": list(questions)}
    section = {"key": "section", "title": "A section", "pages": [page]}
    return from_stored(
        {"key": "small", "version": 1, "audience": "state", "title": "Small", "sections": [section]}
    )


def excel(filling: Filling) -> ExcelForm:
    assert isinstance(filling.form, ExcelForm)
    return filling.form


LONG = {"key": "words", "kind": "long_text", "text": "In your words"}
TICKS = {
    "key": "ticks",
    "kind": "choices",
    "text": "Which?",
    "options": [
        {"key": "a", "text": "Apples"},
        {"key": "b", "text": "Pears"},
        {"key": "other", "text": "Other", "specify": True},
    ],
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", QUESTIONNAIRES)
@pytest.mark.parametrize("answered", [True, False])
def test_a_form_that_nobody_touched_says_nothing(name: str, kind: str, answered: bool) -> None:
    data = file_of(QUESTIONNAIRES[name], kind, Answered(answered=answered))
    assert differences(data) == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", QUESTIONNAIRES)
def test_each_answer_written_is_exactly_one_difference(name: str, kind: str) -> None:
    data = file_of(QUESTIONNAIRES[name], kind, Answered(answered=False))
    manifest = Filling(data).manifest
    for number, shipped in enumerate(manifest.shipped):
        filling = Filling(data)
        shape = shipped.shapes[-1]
        box = name_of(number, shape.part)
        wanted = ["قانون\n= 2021"]
        if shape.way is Way.PICK:
            wanted = [shape.options[-1][0]]
            filling.form.pick(box, shape.options[-1][1])
        elif shape.way is Way.TICKS:
            wanted = [shape.options[0][0]]
            filling.form.tick(f"{box}_o0", ticked=True)
        else:
            filling.form.write(box, wanted[0])
        found = differences(filling.saved())
        assert [(each.number, each.parts[shape.part], each.faults) for each in found] == [
            (number, wanted, ())
        ]
        if number >= 25:
            break


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("words", [*NASTY, LINES, HUNDRED_THOUSAND, "a\n\n\nb", "end\n"])
def test_a_text_arrives_as_it_was_written(kind: str, words: str) -> None:
    blank = file_of(small(LONG), kind, Answered(answered=False))
    if kind == "xlsx" and len(words) > PIECE:
        pytest.skip("a person cannot write more into one cell")
    found = differences(Filling(blank).answer("words", words).saved())
    assert [each.parts[MAIN] for each in found] == [[words]]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("words", [*NASTY, LINES, HUNDRED_THOUSAND, "one\r\ntwo\rthree", " spaces around "])
def test_a_text_that_was_shipped_is_known_again_and_its_correction_is_whole(kind: str, words: str) -> None:
    data = file_of(small(LONG, TICKS), kind, Answered(text_=words))
    assert differences(data) == []
    found = differences(Filling(data).answer("ticks", ["b"]).saved())
    assert [each.parts for each in found] == [{MAIN: ["b"], OTHER: ["own words"]}]


def test_a_text_longer_than_a_cell_goes_on_below_and_is_never_cut() -> None:
    data = file_of(small(LONG), "xlsx", Answered(text_=HUNDRED_THOUSAND))
    filling = Filling(data)
    book = excel(filling).book
    names = sorted(name for name in book.defined_names if name.startswith("answer_0"))
    assert names == ["answer_0", "answer_0_2", "answer_0_3", "answer_0_4", "answer_0_5"]
    filling.form.write("answer_0_5", "!")
    assert differences(filling.saved())[0].parts[MAIN] == [HUNDRED_THOUSAND + "!"]


def test_no_piece_of_a_long_text_ends_inside_a_character() -> None:
    text = "x" + "👩" * PIECE
    assert "".join(pieces(text)) == text
    assert all(len(piece.encode("utf-16-le")) // 2 <= PIECE for piece in pieces(text))


def test_excel_takes_text_for_text() -> None:
    filling = Filling(file_of(small(LONG), "xlsx", Answered(text_="=1+1")))
    book = excel(filling).book
    sheet, place = next(iter(book.defined_names["answer_0"].destinations))
    cell = book[sheet][place.replace("$", "")]
    assert (cell.value, cell.data_type, cell.number_format) == ("=1+1", "s", "@")
    assert not cell.protection.locked
    assert book[sheet].protection.sheet
    assert book["_meta"].sheet_state == "veryHidden"


def test_a_formula_is_no_answer() -> None:
    filling = Filling(file_of(small(LONG), "xlsx", Answered(answered=False)))
    book = excel(filling).book
    sheet, place = next(iter(book.defined_names["answer_0"].destinations))
    book[sheet][place.replace("$", "")].value = '=HYPERLINK("https://example.org","x")'
    assert differences(filling.saved())[0].faults == ("The cell holds a formula. Write its result as text",)


def test_a_number_in_a_cell_is_read_as_it_is_written() -> None:
    filling = Filling(
        file_of(small({"key": "since", "kind": "year", "text": "When?"}), "xlsx", Answered(answered=False))
    )
    book = excel(filling).book
    sheet, place = next(iter(book.defined_names["answer_0"].destinations))
    book[sheet][place.replace("$", "")].value = 2021
    assert differences(filling.saved())[0].parts == {MAIN: ["2021"]}


def test_what_the_register_knows_is_confirmed_by_a_tick() -> None:
    known = {"key": "since", "kind": "year", "text": "When?", "known": "established"}
    for kind in KINDS:
        data = file_of(small(known), kind, Answered(answered=False))
        found = differences(Filling(data).answer("since", ["yes"], part=RIGHT).saved())
        assert [each.parts for each in found] == [{RIGHT: ["yes"], MAIN: []}]
