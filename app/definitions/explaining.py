"""Saying in words, with the place and a suggestion, why a shape was refused."""

from collections.abc import Iterable
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from app.definitions import conditions, questions, schema, vocabularies
from app.definitions.faults import MAX_FAULTS, Fault, shown, suggestion
from app.definitions.source import Source, Steps, at

_KINDS = {get_args(kind.model_fields["kind"].annotation)[0]: kind for kind in questions.kinds()}
_LISTS: dict[str, type[BaseModel]] = {
    "sections": schema.Section,
    "pages": schema.Page,
    "options": questions.Option,
    "rows": questions.Option,
    "terms": vocabularies.Term,
    "concepts": vocabularies.Concept,
    "warn": questions.Warn,
}
_TYPES = {
    "string_type": "should be text; put it in quotation marks",
    "bool_type": "should be true or false",
    "int_type": "should be a whole number",
    "int_from_float": "should be a whole number",
    "float_type": "should be a number",
    "tuple_type": "should be a list",
    "dict_type": "should be a mapping of keys to values",
    "model_type": "should be a mapping of keys to values",
    "model_attributes_type": "should be a mapping of keys to values",
}
# Of a value that may be text or a number each branch complains; the last, “float”, speaks for all.
_BRANCHES = (("int",), ("str",))
_OF_NO_KIND = ("union_tag_invalid", "union_tag_not_found")
_KEY_SHAPE = "small letters, digits and _ only, beginning with a letter, at most 60"


def explain(refused: ValidationError, read: Source, model: type[BaseModel]) -> list[Fault]:
    """Return a fault for each error of `refused`, which came of validating `read.data` as `model`.

    Beyond twice what is ever reported, errors are left out.
    """
    faults = []
    for error in refused.errors(include_url=False, include_context=True)[: 2 * MAX_FAULTS]:
        steps = steps_of(error["loc"], read.data)
        if follows(error, steps, read.data) or error["loc"][-1:] in _BRANCHES:
            continue
        if error["type"] == "key_twice" and model is schema.Questionnaire:
            continue  # said already, with its line
        faults.append(read.fault(steps, _message(error, steps, read, model)))
        if error["type"] in _OF_NO_KIND:
            faults += _unknown_to_every_kind(steps, read)
    return faults


def _unknown_to_every_kind(steps: Steps, read: Source) -> list[Fault]:
    """A fault for each key of a question of no known kind that no kind of question has."""
    question = read.at(steps)
    known = {name for kind in questions.kinds() for name in _names(kind)} | {"vocabulary"}
    given = question if isinstance(question, dict) else {}
    return [
        read.fault((*steps, key), f"unknown key {shown(key)}{suggestion(key, sorted(known))}")
        for key in given
        if key not in known
    ]


def follows(error: ErrorDetails, steps: Steps, data: Any) -> bool:
    """Return whether a list is called too short only because each of its items was refused."""
    return error["type"] == "too_short" and bool(at(data, steps))


def steps_of(loc: tuple[int | str, ...], data: Any) -> Steps:
    """Return the place in the data of a file: pydantic also names the branch of each union, which the file
    does not have."""
    steps: Steps = ()
    for number, step in enumerate(loc):
        last = number == len(loc) - 1
        if _has(data, step):
            data = data[step]
        elif not (last and isinstance(data, dict)):
            continue
        steps = (*steps, step)
    return steps


def _has(data: Any, step: int | str) -> bool:
    if isinstance(data, list):
        return isinstance(step, int) and step < len(data)
    return isinstance(data, dict) and step in data


def _message(error: ErrorDetails, steps: Steps, read: Source, model: type[BaseModel]) -> str:
    kind, context = error["type"], error.get("ctx", {})
    last = steps[-1] if steps else ""
    if kind == "missing":
        return f"{shown(last)} is missing"
    if kind == "extra_forbidden":
        return f"unknown key {shown(last)}{suggestion(last, _keys_at(steps[:-1], read, model))}"
    if kind in _OF_NO_KIND:
        return _kind_message(read.at(steps), steps)
    if kind == "rule_word":
        return _rule_message(read.at(steps))
    if kind == "literal_error":
        choices = [
            word.strip("'") for word in str(context.get("expected", "")).replace(" or ", ", ").split(", ")
        ]
        near = suggestion(error["input"], choices)
        return f"{shown(error['input'])} is not one of {', '.join(choices)}{near}"
    if kind == "string_pattern_mismatch":
        return f"{shown(error['input'])} cannot be used here: {_KEY_SHAPE}"
    if last == "is":
        return "should be text or a number"
    if kind in ("too_long", "too_short"):
        return f"the list is too {'long' if kind == 'too_long' else 'short'}"
    return _TYPES.get(kind, error["msg"][:1].lower() + error["msg"][1:200])


def _kind_message(question: Any, steps: Steps) -> str:
    if not isinstance(question, dict):
        return "should be a mapping of keys to values"
    word = question.get("kind")
    if word is None:
        return "“kind” is missing"
    if not isinstance(word, str):
        return f"unknown kind {shown(word)}"
    allowed = _CELL_KINDS if steps and steps[-1] == "cell" else _KINDS
    if word in _KINDS and word not in allowed:
        return f"a question of kind {shown(word)} cannot stand here"
    if word in _KINDS:
        return f"a list of records cannot have a field of kind {shown(word)}"
    return f"unknown kind {shown(word)}{suggestion(word, _KINDS)}"


_CELL_KINDS = {"short_text", "number", "year", "yes_no", "choice"}


def _rule_message(rule: Any) -> str:
    if not isinstance(rule, dict):
        return 'a rule is a mapping such as {question: takes_part, is: "yes"}'
    unknown = [key for key in rule if key not in (*conditions.WORDS, "question")]
    near = suggestion(unknown[0], (*conditions.WORDS, "question")) if unknown else ""
    had = f"; {shown(unknown[0])} is unknown{near}" if unknown else ""
    return f"a rule has exactly one of {', '.join(conditions.WORDS)}{had}"


def _keys_at(steps: Steps, read: Source, model: type[BaseModel]) -> Iterable[str]:
    data = read.at(steps)
    kind = data.get("kind") if isinstance(data, dict) else None
    if isinstance(kind, str) and kind in _KINDS:
        return _names(_KINDS[kind])
    if len(steps) >= 2 and steps[-2] in _LISTS:
        return _names(_LISTS[str(steps[-2])])
    if steps and steps[-1] == "repeat":
        return ("over",)
    return _names(model) if not steps else (*conditions.WORDS, "question")


def _names(model: type[BaseModel]) -> list[str]:
    hidden = ("vocabulary", "locales")
    return [field.alias or name for name, field in model.model_fields.items() if name not in hidden]
