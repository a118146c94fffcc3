"""The rule tree: when a question is asked, when a warning is shown.

A rule is data, never text handed to an evaluator. In YAML and in JSON (for the browser) it has the same small
form, returned by `plain`; exactly one of these mappings (the loader bounds how deep they nest):

    {"question": k, "answered": true|false}  is there an answer? always true or false, never unknown
    {"question": k, "is": v}                 the answer, the option chosen, the number is v
    {"question": k, "includes": v}           v is among the options or codes chosen
    {"question": k, "at_least": n}           the number, or how many are answered, is n or more
    {"all": [rule, …]}   {"any": [rule, …]}   {"not": rule}

Rules are three-valued: about a question without an answer, `is`, `includes` and `at_least` are *unknown*
(`None`). `not` unknown is unknown; `all` is false as soon as one is false, else unknown as soon as one is
unknown; `any` is true as soon as one is true, else unknown as soon as one is unknown. Something shows only if
its rule is true.

Values are looked up in their plain stored form. A list of records is looked up as `"none"` (the answer that
there are none) or `{"count": how many}`, a matrix as `{"count": cells answered}`; an empty one is no answer.
"""

from collections.abc import Callable, Iterator
from functools import singledispatch
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from app.definitions.plain import Plain

Lookup = Callable[[str], Plain | None]
_KEY = r"^[a-z][a-z0-9_]{0,59}$"


class _Rule(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", populate_by_name=True)


class Answered(_Rule):
    """Whether the question has an answer."""

    question: str = Field(pattern=_KEY)
    answered: bool


class Is(_Rule):
    """Whether the answer is the value: an option's key, “yes”, a number, a text."""

    question: str = Field(pattern=_KEY)
    value: str | int | float = Field(alias="is")


class Includes(_Rule):
    """Whether the value is among those chosen."""

    question: str = Field(pattern=_KEY)
    value: str = Field(alias="includes")


class AtLeast(_Rule):
    """Whether the number answered, or the number of things answered, reaches the value."""

    question: str = Field(pattern=_KEY)
    value: int | float = Field(alias="at_least")


class All(_Rule):
    """True if every rule is."""

    rules: Annotated[tuple["Rule", ...], Field(strict=False, min_length=1, max_length=50)] = Field(
        alias="all"
    )


class AnyOf(_Rule):
    """True if one rule is."""

    rules: Annotated[tuple["Rule", ...], Field(strict=False, min_length=1, max_length=50)] = Field(
        alias="any"
    )


class Not(_Rule):
    """True if the rule is false."""

    rule: "Rule" = Field(alias="not")


WORDS = ("answered", "is", "includes", "at_least", "all", "any", "not")
"""The words of which a rule has exactly one."""


def _word(rule: object) -> str | None:
    if isinstance(rule, dict):
        found = [word for word in WORDS if word in rule]
        return found[0] if len(found) == 1 else None
    return _WORD_OF.get(type(rule))


Rule = Annotated[
    Annotated[Answered, Tag("answered")]
    | Annotated[Is, Tag("is")]
    | Annotated[Includes, Tag("includes")]
    | Annotated[AtLeast, Tag("at_least")]
    | Annotated[All, Tag("all")]
    | Annotated[AnyOf, Tag("any")]
    | Annotated[Not, Tag("not")],
    Discriminator(_word, custom_error_type="rule_word", custom_error_message="a rule has exactly one word"),
]
All.model_rebuild()
AnyOf.model_rebuild()
Not.model_rebuild()
_WORD_OF: dict[type, str] = {
    Answered: "answered",
    Is: "is",
    Includes: "includes",
    AtLeast: "at_least",
    All: "all",
    AnyOf: "any",
    Not: "not",
}


def _chosen(value: Plain) -> list[str]:
    if isinstance(value, dict):
        several = value.get("options") or value.get("codes")
        return list(several) if several else [value["option"]] if "option" in value else []
    return []


def _amount(value: Plain) -> int | float | None:
    if isinstance(value, int | float):
        return value
    if isinstance(value, dict):
        if "count" in value:
            return int(value["count"])
        words_alone = bool(value.get("other")) and "option" not in value and "options" not in value
        return len(_chosen(value)) + words_alone
    return 0 if value == "none" else None


@singledispatch
def holds(rule: Any, lookup: Lookup) -> bool | None:  # noqa: ARG001 - the registered ones use it
    """Return whether `rule` holds for the answers that `lookup` finds by question key; None if unknown."""
    raise TypeError(f"not a rule: {type(rule).__name__}")


@holds.register
def _(rule: Answered, lookup: Lookup) -> bool | None:
    return (lookup(rule.question) is not None) is rule.answered


@holds.register
def _(rule: Is, lookup: Lookup) -> bool | None:
    value = lookup(rule.question)
    if value is None:
        return None
    if isinstance(value, dict):
        return _chosen(value) == [rule.value]
    return value == rule.value


@holds.register
def _(rule: Includes, lookup: Lookup) -> bool | None:
    value = lookup(rule.question)
    return None if value is None else rule.value in _chosen(value)


@holds.register
def _(rule: AtLeast, lookup: Lookup) -> bool | None:
    value = lookup(rule.question)
    amount = None if value is None else _amount(value)
    return None if amount is None else amount >= rule.value


@holds.register
def _(rule: All, lookup: Lookup) -> bool | None:
    outcome: bool | None = True
    for part in rule.rules:
        held = holds(part, lookup)
        if held is False:
            return False
        if held is None:
            outcome = None
    return outcome


@holds.register
def _(rule: AnyOf, lookup: Lookup) -> bool | None:
    outcome: bool | None = False
    for part in rule.rules:
        held = holds(part, lookup)
        if held is True:
            return True
        if held is None:
            outcome = None
    return outcome


@holds.register
def _(rule: Not, lookup: Lookup) -> bool | None:
    held = holds(rule.rule, lookup)
    return None if held is None else not held


def leaves(rule: Any) -> Iterator[Answered | Is | Includes | AtLeast]:
    """Yield the rules of the tree that speak of a question, in the order they are written."""
    if isinstance(rule, All | AnyOf):
        for part in rule.rules:
            yield from leaves(part)
    elif isinstance(rule, Not):
        yield from leaves(rule.rule)
    else:
        yield rule


def references(rule: Any) -> set[str]:
    """Return the keys of the questions the rule speaks of."""
    return {leaf.question for leaf in leaves(rule)}


def plain(rule: Any) -> dict[str, Any]:
    """Return the rule as the JSON of this module's head, for the browser and for storage."""
    written: dict[str, Any] = rule.model_dump(mode="json", by_alias=True)
    return written
