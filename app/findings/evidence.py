"""What was said about one mechanism in one round, and the frozen setting that sentences need.

Everything the compiler may look at stands here, so that no look-up creeps into the pure part. The same
evidence gives
the same summary, whatever the order of its items.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.policy import Attribution

Plain = Any
"""The plain form of an answer's value, by kind of question."""
FREE = frozenset({"short_text", "long_text"})
"""Kinds of question that are answered in own words."""


class Role(StrEnum):
    """Who speaks: a respondent of one of three kinds, or one of the sources that are not answers."""

    ISCM = "iscm"
    STATE = "state"
    IGO = "igo"
    NOTE = "note"
    REGISTER = "register"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Place:
    """A State or organisation in running text: its short name, and whether "the" stands before it."""

    name: str
    article: bool = False
    adjective: str | None = None
    state: bool = False
    """Whether it is a State: States that another respondent names are listed for staff."""


@dataclass(frozen=True, slots=True)
class Terms:
    """A mechanism's own words, in any number and case; empty ones fall back to the usual word."""

    member: str | None = None
    focal_point: str | None = None
    chair: str | None = None


@dataclass(frozen=True, slots=True)
class Mechanism:
    """The mechanism that the summary is about, as the register of the round has it."""

    code: str
    name: str
    short_name: str
    acronym: str | None = None
    type: str | None = None
    terms: Terms = field(default_factory=Terms)
    name_article: bool | None = None
    short_name_article: bool | None = None
    """Whether "the" stands before the name; None leaves it to the rule of its last word."""
    established: int | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """How many of one audience answered in the whole round; `invited` is None where nobody recorded it."""

    answered: int
    invited: int | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many members the mechanism had (None: not known), and how many of them answered about it.

    `members_answered` is None where a number would give away an unnamed answer.
    """

    members: int | None = None
    members_answered: int | None = 0


@dataclass(frozen=True, slots=True)
class Setting:
    """What is the same for every sentence of one summary."""

    round_code: str
    round_title: str
    iscm: Mechanism
    zone: str = "UTC"
    locale: str = "en"
    year: int | None = None
    """The year as of which the members were counted."""
    counts: Mapping[str, Count] = field(default_factory=dict)
    """By audience: state, iscm, igo."""
    names: Mapping[str, Place] = field(default_factory=dict)
    """States, organisations and mechanisms by code."""
    members: frozenset[str] | None = None
    """Codes of the members in the round; None where the list is not known."""
    asked: frozenset[str] = frozenset()
    """Codes of all who were asked the States' questionnaire in the round."""
    igos_asked: frozenset[str] = frozenset()
    """Codes of the organisations that were asked."""

    @property
    def pool(self) -> frozenset[str]:
        """Those who could have given an unnamed answer about this mechanism."""
        return self.members if self.members is not None else self.asked


@dataclass(frozen=True, slots=True)
class Choice:
    """One chosen option: its key, its words on the page, and its words inside a sentence."""

    key: str
    text: str
    inline: str
    other: bool = False
    """The option "other, specify": what was specified stands in the item's `words`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One answer: one field of one record, one cell of a matrix, or one question."""

    role: Role
    respondent: str | None
    concept: str
    question_key: str
    kind: str
    value: Plain
    question: str = ""
    """The question in the wording in which it was answered, names filled in."""
    question_unnamed: str = ""
    """The same without a filled-in name of the respondent."""
    label: str = ""
    instance: str | None = None
    """The record that the field belongs to."""
    field: str = ""
    """The field's key, where the question is a list of records."""
    item: str = ""
    """The row of a matrix."""
    said: str = ""
    chosen: tuple[Choice, ...] = ()
    codes: tuple[str, ...] = ()
    """Codes named in a reference."""
    words: str = ""
    """What was specified for "other", in a choice or a reference."""
    attribution: Attribution = Attribution.NOT_FOR_PUBLICATION
    language: str = "en"
    translated: str | None = None
    """The approved translation into the document's language of the answer's own words."""
    revision: int | None = None
    revision_id: str | None = None
    answered_on: str = ""
    """When it was given, as far as is known: a day, month or year ("2019-05-03", "2019-05", "2019")."""
    by: str | None = None
    confirmed: bool = False
    """Whether it confirms what the register knew."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the compiler is given."""

    setting: Setting
    items: tuple[Item, ...]
