"""Laws: a value reads back to itself; a rule agrees with its words; nothing shows whose rule is not true."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from app.definitions import conditions, routing, values
from app.definitions.conditions import Rule
from app.definitions.plain import Plain
from app.definitions.questions import (
    BaseQuestion,
    Choice,
    Choices,
    Date,
    Link,
    LongText,
    Number,
    Reference,
    ShortText,
    Year,
    YesNo,
)
from app.definitions.schema import Questionnaire
from tests.unit.definitions.features import FEATURES, REGISTER

KEYS = ("a", "b", "c", "d")
RULES: TypeAdapter[Any] = TypeAdapter(Rule)


def written_rules(keys: tuple[str, ...] = KEYS) -> st.SearchStrategy[dict[str, Any]]:
    key = st.sampled_from(keys)
    leaf = st.one_of(
        st.builds(lambda k, v: {"question": k, "answered": v}, key, st.booleans()),
        st.builds(lambda k, v: {"question": k, "is": v}, key, st.sampled_from(["yes", "no", "x", 1, 2.5])),
        st.builds(lambda k, v: {"question": k, "includes": v}, key, st.sampled_from(["x", "y"])),
        st.builds(lambda k, v: {"question": k, "at_least": v}, key, st.integers(-1, 4)),
    )
    return st.recursive(
        leaf,
        lambda rule: st.one_of(
            st.builds(lambda parts: {"all": parts}, st.lists(rule, min_size=1, max_size=3)),
            st.builds(lambda parts: {"any": parts}, st.lists(rule, min_size=1, max_size=3)),
            st.builds(lambda part: {"not": part}, rule),
        ),
        max_leaves=12,
    )


PLAIN = st.one_of(
    st.sampled_from(["yes", "no", "none", 0, 1, 2.5, 3]),
    st.builds(lambda key: {"option": key}, st.sampled_from(["x", "y"])),
    st.builds(lambda keys: {"options": keys}, st.lists(st.sampled_from(["x", "y"]), min_size=1, unique=True)),
    st.builds(lambda n: {"count": n}, st.integers(1, 4)),
    st.sampled_from(
        [{"codes": ["x"], "other": "words"}, {"other": "words"}, {"option": "x", "other": "words"}]
    ),
)


def naive(rule: dict[str, Any], answers: dict[str, Any]) -> bool | None:
    """The specification, written from the words of the documentation, tables and all."""
    if "all" in rule:
        held = [naive(part, answers) for part in rule["all"]]
        return False if False in held else None if None in held else True
    if "any" in rule:
        held = [naive(part, answers) for part in rule["any"]]
        return True if True in held else None if None in held else False
    if "not" in rule:
        return {True: False, False: True, None: None}[naive(rule["not"], answers)]
    value = answers.get(rule["question"])
    if "answered" in rule:
        return bool((value is not None) == rule["answered"])
    if value is None:
        return None
    things = [value["option"]] if isinstance(value, dict) and "option" in value else []
    things += (value.get("options") or value.get("codes") or []) if isinstance(value, dict) else []
    if "includes" in rule:
        return bool(rule["includes"] in things)
    if "is" in rule:
        return bool(things == [rule["is"]] if isinstance(value, dict) else value == rule["is"])
    if isinstance(value, str):
        return rule["at_least"] <= 0 if value == "none" else None
    if isinstance(value, int | float):
        return bool(value >= rule["at_least"])
    if "count" in value:
        return bool(value["count"] >= rule["at_least"])
    number = len(things) + ("other" in value and "option" not in value and "options" not in value)
    return bool(number >= rule["at_least"])


@given(written_rules(), st.dictionaries(st.sampled_from(KEYS), PLAIN))
@settings(max_examples=400, deadline=None)
def test_rules_agree_with_their_specification(written: dict[str, Any], answers: dict[str, Any]) -> None:
    rule = RULES.validate_python(written)
    assert conditions.holds(rule, answers.get) is naive(written, answers)


@given(written_rules())
@settings(max_examples=100, deadline=None)
def test_a_rule_has_one_written_form(written: dict[str, Any]) -> None:
    rule = RULES.validate_python(written)
    assert conditions.plain(rule) == written
    assert RULES.validate_python(conditions.plain(rule)) == rule
    assert conditions.references(rule) == {leaf.question for leaf in conditions.leaves(rule)}


@st.composite
def routed(draw: st.DrawFn) -> tuple[Questionnaire, dict[tuple[routing.InstanceId, str, str], Plain]]:
    """A questionnaire of questions each with a rule about earlier ones, and answers to any of them."""
    questions: list[dict[str, Any]] = [{"key": "q0", "kind": "yes_no", "text": "?"}]
    for number in range(1, draw(st.integers(2, 7))):
        earlier = tuple(f"q{n}" for n in range(number))
        rule = draw(st.none() | written_rules(earlier))
        questions.append(
            {"key": f"q{number}", "kind": "yes_no", "text": "?", **({"when": rule} if rule else {})}
        )
    page = {"key": "p", "title": "P", "questions": questions}
    data = {"key": "x", "version": 1, "audience": "iscm", "title": "X"}
    data |= {"sections": [{"key": "s", "title": "S", "pages": [page]}]}
    answers = draw(
        st.dictionaries(st.sampled_from([f"q{n}" for n in range(7)]), st.sampled_from(["yes", "no"]))
    )
    return Questionnaire.model_validate(data), {(None, key, ""): value for key, value in answers.items()}


@given(routed())
@settings(max_examples=80, deadline=None)
def test_the_path_never_shows_a_question_whose_rule_is_not_true(
    case: tuple[Questionnaire, dict[tuple[routing.InstanceId, str, str], Plain]],
) -> None:
    questionnaire, answers = case
    path = routing.path(questionnaire, answers)
    counted = {key: value for _, key, _, value in path.answers()}
    for question in questionnaire.questions():
        rule = question.when
        expected = rule is None or naive(conditions.plain(rule), counted) is True
        assert path.on(None, question.key) is expected


QUESTIONS = [
    question
    for questionnaire in FEATURES.values()
    for question in questionnaire.questions()
    if isinstance(
        question, ShortText | LongText | Number | Year | Date | YesNo | Choice | Choices | Reference | Link
    )
]


def plain_values(question: BaseQuestion) -> st.SearchStrategy[Any]:
    """Values of the kind, in their stored form."""
    words = st.text(min_size=1).map(values.normalise).filter(str.strip)
    match question:
        case ShortText() | LongText():
            return words.map(lambda text: text.replace("\r\n", "\n"))
        case Number():
            return st.integers(-(10**9), 10**9) | st.decimals(-9999, 9999, places=3).map(_number)
        case Year():
            return st.integers(1000, 9999)
        case Date():
            return st.dates().map(lambda day: day.isoformat())
        case YesNo():
            return st.sampled_from(["yes", "no", "unsure"])
        case Choice():
            keys = [option.key for option in question.options if not option.specify]
            other = question.other_option()
            chosen = st.sampled_from(keys).map(lambda key: {"option": key})
            return (
                chosen
                if other is None
                else chosen | words.map(lambda own: {"option": other.key, "other": own})
            )
        case Choices():
            keys = [option.key for option in question.options if not option.specify]
            return st.sets(st.sampled_from(keys), min_size=1).map(
                lambda chosen: {"options": [key for key in keys if key in chosen]}
            )
        case Reference():
            return st.just({"codes": ["GEO"]}) | st.just({"codes": ["POL", "IOM"]})
        case _:
            return st.just("https://example.org/é?x=1")


def _number(value: Any) -> int | float:
    number = float(value)
    return int(number) if number.is_integer() else number


@given(st.data())
@settings(max_examples=400, deadline=None)
def test_a_value_posted_by_its_form_reads_back_to_itself(data: st.DataObject) -> None:
    question = data.draw(st.sampled_from(QUESTIONS))
    plain = data.draw(plain_values(question))
    posted = values.posted(question, plain, "a.key")
    assert values.read(question, posted, "a.key", REGISTER) == plain
    assert values.say(question, plain, REGISTER)


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_a_value_in_order_comes_through_a_file_unchanged(data: st.DataObject) -> None:
    question = data.draw(st.sampled_from(QUESTIONS))
    plain = data.draw(plain_values(question))
    if not values.check(question, plain, REGISTER):
        assert values.from_file(question, plain, REGISTER) == plain


@given(st.text() | st.text(alphabet="\x00\x07\x0b\r\n\t\ud800\ufffe\uffffa"))
def test_what_is_normalised_stays_so(text: str) -> None:
    once = values.normalise(text)
    assert values.normalise(once) == once
    assert once.encode().decode() == once
