"""What the register knows, as a value that a question could have: offered as “Is this right?”."""

from collections.abc import Mapping
from functools import singledispatch
from typing import Any

from app.definitions.plain import Plain
from app.definitions.questions import (
    BaseQuestion,
    Choice,
    Choices,
    ClosedQuestion,
    Link,
    LongText,
    Number,
    Reference,
    ShortText,
    Year,
    YesNo,
)


def known(question: BaseQuestion, facts: Mapping[str, Any]) -> Plain | None:
    """The fact that the question asks to confirm, in the plain form of its kind; None if it is unknown or
    unfit.

    ``facts`` are those that the round keeps (``RoundProfile.facts``), of the mechanism or respondent in
    question. A fact that the register marks as uncertain is offered all the same: confirming it is what the
    question is for.
    """
    if question.known is None:
        return None
    fact = facts.get(question.known)
    return None if fact in (None, "", [], {}) else fitted(question, fact)


@singledispatch
def fitted(_question: BaseQuestion, _fact: Any) -> Plain | None:
    """The fact in the plain form of the question's kind, None where it does not fit."""
    return None


@fitted.register(ShortText)
@fitted.register(LongText)
def _text(question: ShortText | LongText, fact: Any) -> Plain | None:
    words = "; ".join(map(_word, fact)) if isinstance(fact, list) else str(fact)
    return words if words and len(words) <= question.max_chars else None


@fitted.register
def _link(_question: Link, fact: Any) -> Plain | None:
    return fact if isinstance(fact, str) and fact.startswith(("https://", "http://")) else None


@fitted.register(Year)
@fitted.register(Number)
def _number(question: Year | Number, fact: Any) -> Plain | None:
    if isinstance(fact, bool) or not isinstance(fact, int):
        return None
    too_low = question.min is not None and fact < question.min
    too_high = question.max is not None and fact > question.max
    return None if too_low or too_high else fact


@fitted.register
def _yes_no(_question: YesNo, fact: Any) -> Plain | None:
    if isinstance(fact, bool):
        return "yes" if fact else "no"
    return fact if fact in {"yes", "no"} else None


@fitted.register
def _choice(question: Choice, fact: Any) -> Plain | None:
    key = _option(question, fact)
    return {"option": key} if key else None


@fitted.register
def _choices(question: Choices, fact: Any) -> Plain | None:
    """Every word must be an option; what is none goes under “other” if the question has one."""
    if not isinstance(fact, list):
        return None
    chosen = [_option(question, each) for each in fact]
    own = [_word(each) for each, key in zip(fact, chosen, strict=True) if key is None]
    other = question.other_option()
    if own and other is None:
        return None
    keys = {key for key in chosen if key} | ({other.key} if own and other else set())
    value: dict[str, Any] = {"options": [option.key for option in question.options if option.key in keys]}
    return {**value, "other": "; ".join(own)} if own else value


@fitted.register
def _reference(question: Reference, fact: Any) -> Plain | None:
    codes = fact if isinstance(fact, list) else [fact]
    if not all(isinstance(code, str) for code in codes) or (len(codes) > 1 and not question.several):
        return None
    return {"codes": codes}


def _option(question: ClosedQuestion, fact: Any) -> str | None:
    """The key of the option that the word is the key or the text of, in any case of its letters."""
    word = _word(fact).casefold()
    found = (option for option in question.options if word in (option.key, option.text.casefold()))
    return next((option.key for option in found if not option.specify), None)


def _word(fact: Any) -> str:
    if isinstance(fact, dict):
        return str(fact.get("name") or fact.get("title") or fact.get("text") or "")
    return str(fact)
