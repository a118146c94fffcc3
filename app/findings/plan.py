"""The plan of a summary as a typed value: which rule speaks of which answers, and in which sentences.

The sentences stand in ``questionnaires/findings/*.yaml``, written for survey staff to read; the grammar
stands in
`app.findings.prose`.
"""

from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from app.definitions import source
from app.definitions.explaining import explain
from app.definitions.faults import DefinitionErrors
from app.findings import prose

Words = Annotated[tuple[str, ...], Field(strict=False, min_length=1)]
"""Ways to say the same: the first that does not begin like the sentence before is taken."""
Match = dict[str, str | Annotated[tuple[str, ...], Field(strict=False)]]
"""What must hold: a slot's option (or one of several), or `given`, or `missing`, or `itself` (own words that
only point back: “themselves”).
"""
Form = Literal[
    "plain", "noun", "thing", "agent", "name", "title", "manner", "verb", "sentence", "verbatim", "any"
]
Answerer = Literal["iscm", "state", "igo"]
GIVEN = "given"
MISSING = "missing"
SELF = "itself"
NAMING = frozenset({"name", "title", "thing", "agent"})
"""Forms that ask what something is called, or who holds an office."""


class Frozen(BaseModel):
    """Strict, frozen, and with extra keys refused."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class Slot(Frozen):
    """A place in a sentence, and the answer that fills it."""

    concept: str | None = Field(default=None, description="Whose answer; in a list of records leave it out.")
    field: str | None = Field(default=None, description="The field of the record.")
    form: Form = Field(default="plain", description="The shape that the words must have in this place.")
    before: str | None = Field(
        default=None, description="A slot whose words stand before the noun: “ad hoc”."
    )
    about: str | None = Field(
        default=None, description="What it is about, for the quotation if it does not fit."
    )
    unless_in: str | None = Field(default=None, description="A slot whose words may name it already.")
    brackets: Annotated[tuple[str, ...], Field(strict=False)] = Field(
        default=(),
        description="Slots said in brackets after it: an acronym; `from` and `to` as a span of years.",
    )
    unit: str | None = Field(default=None, description="The unit of a number, “year|years”.")
    echo: Annotated[tuple[str, ...], Field(strict=False)] = Field(
        default=(), description="Words of the sentence that people type once more: “contributed to”."
    )
    beside: Annotated[tuple[str, ...], Field(strict=False)] = Field(
        default=(), description="Slots said in brackets after a quotation of it: where, year."
    )
    counts: bool = Field(default=False, description="Whether [the verb|the verbs] follow its number.")


class Case(Frozen):
    """A sentence (in one or more ways), and when it is said."""

    when: Match = {}
    say: Words


class Items(Frozen):
    """What a list is made of: the records of a question, or what was chosen in one."""

    over: str | None = Field(default=None, description="Concept of a list of records.")
    where: Match = {}
    slots: dict[str, Slot] = {}
    each: Annotated[tuple[Case, ...], Field(strict=False)] = ()
    answer: str | None = Field(default=None, description="Concept of a question with several choices.")
    detail: str | None = Field(
        default=None, description="Concept of a matrix that says more about each choice."
    )
    about: str | None = Field(default=None, description="What a detail that does not fit is about.")
    leave_out: Annotated[tuple[str, ...], Field(strict=False)] = ()
    by: str | None = Field(default=None, description="A slot by whose words the entries are sorted first.")
    at_most: int = 6
    more: Annotated[tuple[str, ...], Field(strict=False)] = Field(
        default=(), description="How a second sentence says the rest of a long list."
    )


class Rule(Frozen):
    """What every rule has."""

    key: str
    label: str | None = Field(default=None, description="Inline label: “National”.")
    unless_said: Annotated[tuple[str, ...], Field(strict=False)] = Field(
        default=(), description="Rules that make this one superfluous once they have spoken."
    )
    gap: str | None = Field(
        default=None, description="What staff read where nobody gave an answer to publish."
    )

    def concepts(self) -> frozenset[str]:
        """Return the concepts that the rule speaks of."""
        fields = ("over", "of", "degree", "partners", "iscm", "other")
        named = {getattr(self, name, None) for name in fields}
        items = getattr(self, "items", None)
        named |= {items.over, items.answer, items.detail} if items else set()
        named |= {slot.concept for slot in getattr(self, "slots", {}).values()} | set(
            getattr(self, "also", ())
        )
        return frozenset(name for name in named if isinstance(name, str))


class FactRule(Rule):
    """One sentence from one respondent's answers; with `over`, one for each record."""

    kind: Literal["fact"]
    role: Answerer
    over: str | None = None
    where: Match = {}
    unless: Match | None = Field(default=None, description="Records of which nothing is said here.")
    slots: dict[str, Slot] = {}
    cases: Annotated[tuple[Case, ...], Field(strict=False, min_length=1)]
    once: str | None = Field(
        default=None, description="A slot: what others said in the same words before is said by `again`."
    )
    again: tuple[Case, ...] = Field(default=(), strict=False)


class ListRule(Rule):
    """One sentence that lists several answers of one respondent as {items}."""

    kind: Literal["list"]
    role: Answerer
    items: Items
    unless: Match | None = Field(default=None, description="Nothing is said where this holds.")
    slots: dict[str, Slot] = {}
    cases: Annotated[tuple[Case, ...], Field(strict=False, min_length=1)]


class QuoteRule(Rule):
    """The words of each respondent who is named, in quotation marks."""

    kind: Literal["quote"]
    role: Answerer
    of: str
    say: Words


class TallyRule(Rule):
    """How many gave which answer: one sentence for all options, or one for each."""

    kind: Literal["tally"]
    role: Answerer
    of: str = Field(description="Concept; with `also`, it is only counted who answered any of them.")
    also: Annotated[tuple[str, ...], Field(strict=False)] = ()
    leave_out: Annotated[tuple[str, ...], Field(strict=False)] = ()
    only: Annotated[tuple[str, ...], Field(strict=False)] = ()
    at_least: int = 1
    apart: bool = Field(default=False, description="One sentence, `same`, for each respondent who is named.")
    unless: str | None = Field(default=None, description="Not for respondents who answered this concept.")
    together: Words | None = Field(default=None, description="One sentence with {clauses}.")
    same: Words | None = Field(
        default=None, description="The same if {who} gave all {options} is always the same."
    )
    each: Words | None = Field(
        default=None, description="One sentence for each option, with {who} and {option}."
    )
    options: dict[str, Words] = Field(default={}, description="Sentences of their own for some options.")

    @model_validator(mode="after")
    def _one_way(self) -> "TallyRule":
        if self.apart:
            return self
        if (self.together is None) == (self.each is None and not self.options):
            raise PydanticCustomError("tally_ways", "a tally has either `together` or `each` (and `options`)")
        return self


class GroupRule(Rule):
    """States united by coded effect (kind, theme), each one's own example following."""

    kind: Literal["group"]
    role: Answerer
    over: str
    kinds: dict[str, str] = Field(description="Kinds of effect in order, as they stand after “effects on”.")
    only: Annotated[tuple[str, ...], Field(strict=False)] = Field(
        default=(), description="Only effects all of whose kinds are among these."
    )
    leave_out: Annotated[tuple[str, ...], Field(strict=False)] = Field(
        default=(), description="Not the effects all of whose kinds are among these."
    )
    echo: Annotated[tuple[str, ...], Field(strict=False)] = ()
    lead: Annotated[tuple[Case, ...], Field(strict=False)]
    together: Words
    further: Words
    example: Words
    bare: Words
    quoted: Words


class Category(Frozen):
    """One category of partners."""

    label: str
    whom: str
    plural: bool = True


class CategoryRule(Rule):
    """With whom the mechanism works: one sentence for each category and partner, labelled by category."""

    kind: Literal["category"]
    role: Literal["iscm"]
    degree: str
    partners: str
    categories: dict[str, Category]
    cases: Annotated[tuple[Case, ...], Field(strict=False, min_length=1)]
    never: Words
    quoted: Words


class SettingRule(Rule):
    """A sentence about the round itself: counts, the mechanism's name, who answered about it."""

    kind: Literal["setting"]
    cites: Literal["counts", "name", "coverage", "voices"]
    cases: Annotated[tuple[Case, ...], Field(strict=False, min_length=1)]


class DifferRule(Rule):
    """Answers that contradict each other. For staff only: never a sentence of the summary."""

    kind: Literal["differ"]
    what: str
    iscm: str | None = Field(
        default=None, description="The mechanism's answer; left out: that it answered at all."
    )
    iscm_says: Annotated[tuple[str, ...], Field(strict=False)] = ()
    role: Answerer = "state"
    other: str
    other_says: Annotated[tuple[str, ...], Field(strict=False)] = ()
    compare: Literal["said", "same", "outside", "member"] = Field(
        default="said",
        description="same: an option that both chose; outside: one that the mechanism did not choose; "
        "member: said by somebody whom the register has as a member.",
    )


AnyRule = Annotated[
    FactRule | ListRule | QuoteRule | TallyRule | GroupRule | CategoryRule | SettingRule | DifferRule,
    Field(discriminator="kind"),
]


class SectionPlan(Frozen):
    """One section: its title and its rules in order."""

    key: Literal["intro", "evolution", "contribution", "structures", "partnerships", "added_value"]
    title: str
    silent: dict[str, str] = Field(default={}, description="What staff read if no sentence has this label.")
    rules: Annotated[tuple[AnyRule, ...], Field(strict=False, min_length=1)]


class Plan(Frozen):
    """The plan of one kind of summary in one language."""

    key: str
    version: int
    locale: str
    quoted: Words = Field(description="Says what does not fit a sentence: {about}, {speaker}, {quote}.")
    types: dict[str, str] = Field(description="What a mechanism of each type is called.")
    sections: Annotated[tuple[SectionPlan, ...], Field(strict=False, min_length=1)]

    @property
    def rules(self) -> tuple[AnyRule, ...]:
        """Every rule in order."""
        return tuple(rule for section in self.sections for rule in section.rules)

    @cached_property
    def called(self) -> frozenset[tuple[str, str]]:
        """Concepts and fields whose own words are the name of something or somebody."""
        found = set()
        for rule in self.rules:
            if isinstance(rule, FactRule | ListRule):
                over = rule.over if isinstance(rule, FactRule) else rule.items.over
                slots = [
                    *rule.slots.values(),
                    *(rule.items.slots.values() if isinstance(rule, ListRule) else ()),
                ]
                found |= {
                    (slot.concept or over or "", slot.field or "") for slot in slots if slot.form in NAMING
                }
        return frozenset(found)

    @model_validator(mode="after")
    def _keys_and_slots(self) -> "Plan":
        keys = [rule.key for rule in self.rules]
        for rule in self.rules:
            if keys.count(rule.key) > 1:
                raise PydanticCustomError("rule_twice", f"two rules have the key “{rule.key}”")
            for other in rule.unless_said:
                if other not in keys[: keys.index(rule.key)]:
                    raise PydanticCustomError("rule_order", f"“{rule.key}”: no earlier rule “{other}”")
            _check_slots(rule)
        return self


def _check_slots(rule: AnyRule) -> None:
    """Refuse a sentence with a slot that its rule does not have. Raises PydanticCustomError."""
    if not isinstance(rule, FactRule | ListRule):
        return
    sentences = {f"{name}_inside" for name, slot in rule.slots.items() if slot.form == "sentence"}
    known = {
        *rule.slots,
        *sentences,
        "subject",
        "its",
        "short_name",
        "speaker",
        "chair",
        "member",
        "members",
        "focal_points",
    }
    inner = {*known, *rule.items.slots} if isinstance(rule, ListRule) else known
    places = [(case, known | ({"items"} if isinstance(rule, ListRule) else set())) for case in rule.cases]
    places += [(case, known) for case in (rule.again if isinstance(rule, FactRule) else ())]
    places += [(case, inner) for case in (rule.items.each if isinstance(rule, ListRule) else ())]
    for case, allowed in places:
        for sentence in case.say:
            unknown = prose.slots_of(sentence) - allowed
            if unknown:
                raise PydanticCustomError("slot", f"“{rule.key}”: no slot “{sorted(unknown)[0]}”")


def load_plan(path: Path, root: Path) -> Plan:
    """Return the plan of the file. Raises DefinitionErrors with every fault, each with its line."""
    read = source.read(path, root)
    try:
        return Plan.model_validate(read.data)
    except ValidationError as refused:
        raise DefinitionErrors(explain(refused, read, Plan)) from None
