"""A Word form that colleagues worked on (tracked changes, comments, lists) is read as it would print."""

import pytest

from app.exports.forms.model import MAIN
from app.exports.word_package import Xml, element
from tests.filling import W, WordForm, paragraph_of, run_of
from tests.unit.exports.forms.making import Answered, differences, file_of
from tests.unit.exports.forms.test_round_trip import LONG, TICKS, small


def form() -> WordForm:
    return WordForm(file_of(small(LONG, TICKS), "docx", Answered(answered=False)))


def change(tag: str, *content: Xml) -> Xml:
    made = element(tag, id="900", author="A colleague", date="2026-11-23T10:00:00Z")
    made.extend(content)
    return made


def written(*paragraphs: Xml) -> list[str]:
    word = form()
    box = word.box("answer_0")
    for paragraph in box.findall(f"{W}p"):
        box.remove(paragraph)
    box.extend(paragraphs)
    found = differences(word.saved())
    return found[0].parts[MAIN] if found else []


def struck_end(paragraph: Xml, tag: str = "del") -> Xml:
    properties, marks = element("pPr"), element("rPr")
    marks.append(change(tag))
    properties.append(marks)
    paragraph.insert(0, properties)
    return paragraph


def test_insertions_count_and_deletions_do_not() -> None:
    paragraph = paragraph_of(
        run_of("We "),
        change("del", run_of("never ", "delText")),
        change("ins", run_of("always ")),
        run_of("take part"),
    )
    assert written(paragraph) == ["We always take part"]


def test_a_deletion_inside_an_insertion_is_gone() -> None:
    inside = change("ins", run_of("new "), change("del", run_of("newer ", "delText")))
    assert written(paragraph_of(inside, run_of("text"))) == ["new text"]


def test_moved_text_is_read_once_where_it_went() -> None:
    left = struck_end(paragraph_of(change("moveFrom", run_of("moved"))), "moveFrom")
    arrived = paragraph_of(change("moveTo", run_of("moved")))
    assert written(left, paragraph_of(run_of("stays")), arrived) == ["stays\nmoved"]


def test_a_struck_paragraph_end_joins_two_paragraphs() -> None:
    first = struck_end(paragraph_of(run_of("one, ")))
    assert written(first, paragraph_of(run_of("two"))) == ["one, two"]


def test_comments_are_passed_over() -> None:
    mark = element("r")
    mark.append(element("commentReference", id="1"))
    start, end = element("commentRangeStart", id="1"), element("commentRangeEnd", id="1")
    assert written(paragraph_of(start, run_of("text"), end, mark)) == ["text"]


def test_breaks_tabs_links_and_fields_stay_as_text() -> None:
    run = run_of("one\ttwo")
    run.append(element("br"))
    link, field = element("hyperlink"), element("fldSimple", instr=" PAGE ")
    link.append(run_of("a link"))
    field.append(run_of(" 7"))
    assert written(paragraph_of(run, link, field)) == ["one\ttwo\na link 7"]


def test_a_list_keeps_a_sign_before_each_line() -> None:
    paragraphs = []
    for words in ("first", "second"):
        paragraph = paragraph_of(run_of(words))
        properties, numbering = element("pPr"), element("numPr")
        numbering.append(element("numId", val="1"))
        properties.append(numbering)
        paragraph.insert(0, properties)
        paragraphs.append(paragraph)
    assert written(*paragraphs) == ["• first\n• second"]


def test_a_picture_is_named_as_left_out() -> None:
    word = form()
    run = run_of("see the picture")
    run.append(element("drawing"))
    word.box("answer_0").append(paragraph_of(run))
    found = differences(word.saved())
    assert found[0].left_out == ("A picture is not taken over",)


def test_a_table_pasted_into_a_box_keeps_its_words() -> None:
    word = form()
    table, row = element("tbl"), element("tr")
    for words in ("2019", "2021"):
        cell = element("tc")
        cell.append(paragraph_of(run_of(words)))
        row.append(cell)
    table.append(row)
    word.box("answer_0").insert(1, table)
    assert differences(word.saved())[0].parts[MAIN][0].split() == ["2019", "2021"]


def test_a_row_that_was_struck_leaves_its_answer_as_it_is() -> None:
    word = WordForm(file_of(small(LONG), "docx", Answered(text_="stays")))
    row = word.box("answer_0").getparent()
    properties = row.find(f"{W}trPr")
    properties.append(change("del"))
    assert differences(word.saved()) == []


def test_a_box_that_stands_twice_with_two_texts_is_a_fault() -> None:
    word = form()
    word.write("answer_0", "mine")
    row = word.box("answer_0").getparent()
    control = row.getparent().getparent()
    other = WordForm(word.saved())
    other.write("answer_0", "theirs")
    control.addnext(other.box("answer_0").getparent().getparent().getparent())
    assert "stands twice" in differences(word.saved())[0].faults[0]


@pytest.mark.parametrize("sign", ["x", "X", "☒", "✓"])
def test_a_cross_written_over_a_box_is_a_tick(sign: str) -> None:
    word = form()
    for control in list(word.root.iter(f"{W}sdt")):
        tag = control.find(f"{W}sdtPr/{W}tag")
        if tag is not None and tag.get(f"{W}val") == "answer_1_o1":
            control.getparent().replace(control, run_of(f"{sign} "))
    assert differences(word.saved())[0].parts[MAIN] == ["b"]


def test_a_control_that_somebody_removed_is_found_by_its_label() -> None:
    word = form()
    word.write("answer_0", "still here")
    row = word.box("answer_0").getparent()
    control = row.getparent().getparent()
    control.getparent().replace(control, row)
    assert differences(word.saved())[0].parts[MAIN] == ["still here"]
