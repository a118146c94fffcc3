"""What each kind of question reads, checks, says and takes from a file."""

from typing import Any

import pytest

from app.definitions import values
from app.definitions.plain import Plain
from app.definitions.questions import Matrix, Records, kinds
from tests.unit.definitions.features import REGISTER, feature

Given = tuple[str, str, dict[str, list[str]], Plain | None, list[str]]

READ_AND_CHECKED: list[Given] = [
    ("texts", "line", {"a": ["  as typed "]}, "  as typed ", ["The text has 11 characters. Shorten it by 1"]),
    ("texts", "line", {"a": [" \r\n "]}, None, []),
    ("texts", "line", {"a": ["a\r\nb"]}, "a\nb", ["Write this on one line"]),
    (
        "texts",
        "essay",
        {"a": ["one two\nthree four"]},
        "one two\nthree four",
        ["The text has 4 words. Shorten it by 1"],
    ),
    ("texts", "essay", {"a": ["a\x0bb\x00\ufffe\ud800c\td"]}, "abc\td", []),
    ("texts", "free", {"a": ["\U0001f1ec\U0001f1ea" * 50_000]}, "\U0001f1ec\U0001f1ea" * 50_000, []),
    (
        "texts",
        "free",
        {"a": ["x" * 100_001]},
        "x" * 100_001,
        ["The text has 100001 characters. Shorten it by 1"],
    ),
    ("numbers", "whole", {"a": ["1 200"]}, 1200, ["Give a number of 200 or less"]),
    ("numbers", "whole", {"a": ["12.0"]}, 12, []),
    ("numbers", "whole", {"a": ["٢٠"]}, 20, []),
    ("numbers", "whole", {"a": ["-3"]}, -3, ["Give a number of 0 or more"]),
    ("numbers", "whole", {"a": ["12.5"]}, 12.5, ["Give a whole number, such as 12"]),
    ("numbers", "whole", {"a": ["a dozen"]}, "a dozen", ["Give a number in digits, such as 12"]),
    ("numbers", "whole", {"a": ["9" * 40]}, "9" * 40, ["Give a number in digits, such as 12"]),
    ("numbers", "part", {"a": ["12.5"]}, 12.5, []),
    ("numbers", "part", {"a": ["\u22121.25"]}, -1.25, []),
    ("numbers", "launched", {"a": ["2009"]}, 2009, []),
    ("numbers", "launched", {"a": ["09"]}, 9, ["Give the year as four digits, such as 2021"]),
    ("numbers", "launched", {"a": ["May 2009"]}, "May 2009", ["Give the year as four digits, such as 2021"]),
    ("numbers", "launched", {"a": ["1944"]}, 1944, ["Give a year from 1945 on"]),
    ("numbers", "launched", {"a": ["2027"]}, 2027, ["Give a year up to 2026"]),
    ("numbers", "day", {"a": ["2019-03-01"]}, "2019-03-01", []),
    (
        "numbers",
        "day",
        {"a": ["2019-02-30"]},
        "2019-02-30",
        ["Give the date as year, month and day, such as 2019-03-01"],
    ),
    ("yes_no", "plain", {"a": ["yes"]}, "yes", []),
    ("yes_no", "plain", {"a": ["unsure"]}, "unsure", ["Choose yes or no"]),
    ("yes_no", "doubtful", {"a": ["unsure"]}, "unsure", []),
    ("yes_no", "plain", {}, None, []),
    ("choosing", "one", {"a": ["red"], "a.other": ["left over"]}, {"option": "red"}, []),
    ("choosing", "one", {"a": ["other"], "a.other": ["Teal"]}, {"option": "other", "other": "Teal"}, []),
    ("choosing", "one", {"a.other": ["Teal"]}, {"option": "other", "other": "Teal"}, []),
    ("choosing", "one", {"a": ["other"]}, {"option": "other"}, ["Say in words what “Other (specify)” is"]),
    ("choosing", "one", {"a": ["pink"]}, {"option": "pink"}, ["Choose one answer"]),
    ("choosing", "some", {"a": ["eu_blue", "red", "red"]}, {"options": ["red", "eu_blue"]}, []),
    (
        "choosing",
        "some",
        {"a": ["red"], "a.other": ["Teal"]},
        {"options": ["red", "other"], "other": "Teal"},
        [],
    ),
    (
        "choosing",
        "some",
        {"a": ["no", "red"]},
        {"options": ["red", "no"]},
        ["Choose “No colour” alone, or not at all"],
    ),
    (
        "choosing",
        "some",
        {"a": ["red", "eu_blue", "other"], "a.other": ["x"]},
        {"options": ["red", "eu_blue", "other"], "other": "x"},
        ["Choose at most 2; 3 are chosen"],
    ),
    ("choosing", "some", {"a": ["pink"]}, {"options": ["pink"]}, ["Choose from the list"]),
    ("choosing", "some", {"a": [""]}, None, []),
    ("references", "one", {"a": ["georgia"]}, {"codes": ["GEO"]}, []),
    ("references", "one", {"a": ["GEO", "POL"]}, {"codes": ["GEO", "POL"]}, ["Give one name; 2 are given"]),
    (
        "references",
        "one",
        {"a": ["Atlantis"]},
        {"codes": ["Atlantis"]},
        ["“Atlantis” is not in the list. Choose a name from the list"],
    ),
    (
        "references",
        "some",
        {"a": ["IOM", "", "iom", "A bank"], "a.other": ["A fund"]},
        {"codes": ["IOM"], "other": "A bank; A fund"},
        [],
    ),
    ("references", "some", {"a": ["", " "]}, None, []),
    ("links", "address", {"a": [" https://example.org/a?b=c "]}, "https://example.org/a?b=c", []),
    (
        "links",
        "address",
        {"a": ["javascript:alert(1)"]},
        "javascript:alert(1)",
        ["Give the full address, such as https://www.example.org/report"],
    ),
    ("links", "paper", {"a": ["x"]}, None, []),
    ("links", "reading", {"a": ["x"]}, None, []),
    ("records", "agreements", {"a.none": ["yes"]}, "none", []),
    ("records", "bodies", {"a.none": ["yes"]}, None, []),
]


@pytest.mark.parametrize(("definition", "key", "raw", "plain", "sentences"), READ_AND_CHECKED)
def test_reading_and_checking(
    definition: str, key: str, raw: dict[str, list[str]], plain: Plain | None, sentences: list[str]
) -> None:
    question = feature(definition).question(key)
    assert values.read(question, raw, "a", REGISTER) == plain
    if plain is not None:
        assert values.check(question, plain, REGISTER) == sentences


SAID: list[tuple[str, str, Plain, str]] = [
    ("texts", "essay", "a\nb", "a\nb"),
    ("numbers", "whole", 120, "120 meetings"),
    ("numbers", "part", 1234.5, "1,234.5"),
    ("numbers", "launched", 2009, "2009"),
    ("numbers", "day", "2019-03-01", "1 March 2019"),
    ("yes_no", "doubtful", "unsure", "Not sure"),
    ("choosing", "one", {"option": "red"}, "Red"),
    ("choosing", "one", {"option": "other", "other": "Teal"}, "Other (specify): Teal"),
    ("choosing", "some", {"options": ["red", "eu_blue"]}, "Red; EU blue"),
    ("references", "some", {"codes": ["IOM"], "other": "A bank"}, "the IOM; A bank"),
    ("links", "address", "https://example.org", "https://example.org"),
    ("records", "agreements", "none", "Nothing so far"),
    ("matrix", "degree", {"option": "often"}, "Often"),
]


@pytest.mark.parametrize(("definition", "key", "plain", "words"), SAID)
def test_saying(definition: str, key: str, plain: Plain, words: str) -> None:
    assert values.say(feature(definition).question(key), plain, REGISTER) == words


def test_saying_in_another_language_where_it_is_translated() -> None:
    colour = feature("languages").question("colour")
    assert values.say(colour, {"option": "red"}, REGISTER, "fr") == "Rouge"
    assert values.say(colour, {"option": "eu_blue"}, REGISTER, "fr") == "EU blue"
    assert values.say(feature("numbers").question("day"), "2019-03-01", REGISTER, "fr") == "1 mars 2019"


FROM_FILE: list[tuple[str, str, Any, Plain]] = [
    ("texts", "essay", "a\r\nb", "a\nb"),
    ("numbers", "whole", 12, 12),
    ("numbers", "whole", 12.0, 12),
    ("numbers", "whole", "12", 12),
    ("numbers", "launched", 2009, 2009),
    ("numbers", "day", "2019-03-01", "2019-03-01"),
    ("yes_no", "plain", True, "yes"),
    ("yes_no", "plain", "no", "no"),
    ("choosing", "one", "red", {"option": "red"}),
    ("choosing", "one", {"option": "other", "other": "Teal"}, {"option": "other", "other": "Teal"}),
    ("choosing", "rest", ["eu_blue", "red"], {"options": ["red", "eu_blue"]}),
    ("choosing", "some", {"options": ["other"], "other": "x"}, {"options": ["other"], "other": "x"}),
    ("references", "one", "Georgia", {"codes": ["GEO"]}),
    ("references", "some", {"codes": [], "other": "A bank"}, {"other": "A bank"}),
    ("records", "agreements", "none", "none"),
    ("matrix", "degree", "never", {"option": "never"}),
]


@pytest.mark.parametrize(("definition", "key", "raw", "plain"), FROM_FILE)
def test_taking_from_a_file(definition: str, key: str, raw: Any, plain: Plain) -> None:
    question = feature(definition).question(key)
    assert values.from_file(question, raw, REGISTER) == plain
    assert values.from_file(question, plain, REGISTER) == plain


REFUSED_OF_FILES: list[tuple[str, str, Any, str]] = [
    ("texts", "essay", 7, "Give a text"),
    ("texts", "essay", "  ", "Give a text"),
    ("texts", "essay", "a b c d", "The text has 4 words. Shorten it by 1"),
    ("numbers", "whole", None, "Give a number"),
    ("numbers", "whole", True, "Give a number"),
    ("numbers", "launched", [], "Give the year as four digits, such as 2021"),
    ("numbers", "day", 2019, "Give the date"),
    ("yes_no", "plain", "maybe", "Give one of: yes, no"),
    ("choosing", "one", "pink", "There is no option “pink”; the options are red, eu_blue, no, other"),
    ("choosing", "one", {"option": "red", "other": "x"}, "“other” has words, but is not chosen"),
    ("choosing", "one", {"option": "red", "othr": "x"}, "“othr” cannot stand here"),
    ("choosing", "some", [], "Give a list of options"),
    ("choosing", "some", "red", "Give a list of options"),
    ("references", "one", ["Atlantis"], "“Atlantis” is not in the list. Choose a name from the list"),
    ("references", "one", 5, "Give a list of codes"),
    ("references", "overlaps", {"codes": ["eap-panel"], "other": "x"}, "Choose a name from the list"),
    ("links", "address", 5, "Give the full address, such as https://www.example.org/report"),
    ("links", "paper", "x", "Nothing can be answered here"),
    ("records", "bodies", "none", "Give a list of records"),
]


@pytest.mark.parametrize(("definition", "key", "raw", "sentence"), REFUSED_OF_FILES)
def test_refusing_what_a_file_gives(definition: str, key: str, raw: Any, sentence: str) -> None:
    with pytest.raises(values.ValueSentence) as refused:
        values.from_file(feature(definition).question(key), raw, REGISTER)
    assert refused.value.sentences == [sentence]


def test_a_matrix_is_taken_row_by_row_with_every_fault_at_once() -> None:
    degree = feature("matrix").question("degree")
    assert isinstance(degree, Matrix)
    cells = values.cells_from_file(degree, {"regional": "often", "global": {"option": "never"}})
    assert cells == {"regional": {"option": "often"}, "global": {"option": "never"}}
    with pytest.raises(values.ValueSentence) as refused:
        values.cells_from_file(degree, {"local": "often", "global": "daily"})
    assert refused.value.sentences == [
        "There is no row “local”",
        "global: There is no option “daily”; the options are often, never",
    ]
    with pytest.raises(values.ValueSentence):
        values.cells_from_file(degree, ["often"])


def test_records_are_taken_field_by_field_with_every_fault_at_once() -> None:
    agreements = feature("records").question("agreements")
    assert isinstance(agreements, Records)
    assert values.records_from_file(agreements, "none") == "none"
    taken = values.records_from_file(
        agreements, [{"name": "A", "since": "2010"}, {"name": "B", "binding": True}]
    )
    assert taken == [{"name": "A", "since": 2010}, {"name": "B", "binding": "yes"}]
    with pytest.raises(values.ValueSentence) as refused:
        values.records_from_file(agreements, [{"nam": "A"}, "B", {"since": "then"}])
    assert refused.value.sentences == [
        "1.nam: There is no such field",
        "Record 2: give a mapping of fields to values",
        "3.since: Give the year as four digits, such as 2021",
        "Give at most 2 records",
    ]
    with pytest.raises(values.ValueSentence):
        values.records_from_file(agreements, {"name": "A"})


ASKED = [
    ("texts", "line", "Write an answer"),
    ("texts", "sentence", "Complete the sentence"),
    ("numbers", "whole", "Give a number"),
    ("numbers", "day", "Give the date"),
    ("yes_no", "doubtful", "Choose yes, no or not sure"),
    ("choosing", "one", "Choose one answer"),
    ("choosing", "some", "Choose at least one answer"),
    ("references", "one", "Give a name"),
    ("references", "some", "Give at least one name"),
    ("links", "address", "Give the address of a page"),
    ("links", "reading", ""),
    ("matrix", "degree", "Complete every row"),
    ("records", "agreements", "Add at least one agreement, or choose “Nothing so far”"),
    ("records", "bodies", "Add at least one body"),
]


@pytest.mark.parametrize(("definition", "key", "sentence"), ASKED)
def test_asking_for_what_is_required(definition: str, key: str, sentence: str) -> None:
    assert values.ask(feature(definition).question(key)) == sentence


ACTS = (values.read, values.check, values.from_file, values.say, values.posted, values.ask)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.__name__)
def test_every_kind_knows_every_act(kind: type, act: Any) -> None:
    assert act.dispatch(kind) is not act.dispatch(object)
    with pytest.raises(TypeError):
        act(*([object()] * {"ask": 1, "check": 2, "from_file": 2}.get(act.__name__, 3)))


def test_the_form_of_a_wrong_plain_value_is_refused_not_a_crash() -> None:
    wrong: list[Any] = [
        None,
        5,
        "x",
        [],
        {},
        {"option": 5},
        {"options": "x"},
        {"options": [5]},
        {"codes": [5]},
        {"codes": "x"},
    ]
    for questionnaire in ("texts", "numbers", "yes_no", "choosing", "references", "links", "records"):
        for question in feature(questionnaire).questions():
            for plain in wrong:
                assert isinstance(values.check(question, plain), list)
