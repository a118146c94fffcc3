"""Whether a rule makes sense about the question that it speaks of."""

from collections.abc import Iterator
from functools import singledispatch
from typing import Any, TypeAlias

from app.definitions.conditions import All, Answered, AnyOf, AtLeast, Includes, Is, Not
from app.definitions.faults import shown, suggestion
from app.definitions.questions import (
    BaseQuestion,
    Choice,
    Choices,
    ClosedQuestion,
    File,
    Matrix,
    Note,
    Number,
    Records,
    Reference,
    Year,
    YesNo,
)
from app.definitions.source import Steps

Leaf: TypeAlias = Answered | Is | Includes | AtLeast


def leaves(rule: Any, steps: Steps) -> Iterator[tuple[Steps, Leaf]]:
    """Yield the rules that speak of a question with the place of each in the file."""
    if isinstance(rule, All | AnyOf):
        word = "all" if isinstance(rule, All) else "any"
        for number, part in enumerate(rule.rules):
            yield from leaves(part, (*steps, word, number))
    elif isinstance(rule, Not):
        yield from leaves(rule.rule, (*steps, "not"))
    else:
        yield steps, rule


@singledispatch
def misfit(rule: Leaf, question: BaseQuestion) -> str | None:  # noqa: ARG001 - the registered ones use it
    """Return why the rule cannot be asked about the question, or None if it can."""
    return _unanswerable(question)


@misfit.register
def _(rule: Is, question: BaseQuestion) -> str | None:
    if isinstance(question, Choices) or (isinstance(question, Reference) and question.several):
        return f"several can be chosen in {shown(question.key)}: use “includes”"
    if isinstance(question, YesNo):
        return _among(rule.value, ("yes", "no", "unsure") if question.unsure else ("yes", "no"), question)
    if isinstance(question, Choice):
        return _among(rule.value, [option.key for option in question.options], question)
    if isinstance(question, Records):
        return _among(rule.value, ["none"] if question.none is not None else [], question)
    if isinstance(question, Matrix):
        return f"{shown(question.key)} has many cells: use “answered” or “at_least”"
    if isinstance(question, Number | Year) is isinstance(rule.value, str):
        return f"{shown(rule.value)} cannot be an answer to {shown(question.key)}"
    return _unanswerable(question)


@misfit.register
def _(rule: Includes, question: BaseQuestion) -> str | None:
    if isinstance(question, Choices):
        return _among(rule.value, [option.key for option in question.options], question)
    if isinstance(question, Reference):
        return None
    return _unanswerable(question) or f"only one thing is answered to {shown(question.key)}: use “is”"


@misfit.register
def _(rule: AtLeast, question: BaseQuestion) -> str | None:  # noqa: ARG001 - dispatched on
    if isinstance(question, Number | Year | Choices | Reference | Records | Matrix):
        return None
    return _unanswerable(question) or f"{shown(question.key)} is neither a number nor a list"


def _among(value: object, keys: list[str] | tuple[str, ...], question: BaseQuestion) -> str | None:
    if value in keys:
        return None
    what = "option" if isinstance(question, ClosedQuestion) else "answer"
    return f"{shown(question.key)} has no {what} {shown(value)}{suggestion(value, keys)}"


def _unanswerable(question: BaseQuestion) -> str | None:
    return f"{shown(question.key)} has no answer" if isinstance(question, Note | File) else None
