"""The shape of a questionnaire: Questionnaire › Section › Page › Question, frozen, with extra keys refused.

The kinds of question are in `app.definitions.questions`. What a shape cannot say (references, translations)
is in `app.definitions.checks`.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

from app.definitions import conditions
from app.definitions.questions import (
    AnyQuestion,
    BaseQuestion,
    ChosenIn,
    Frozen,
    Key,
    Matrix,
    Option,
    Question,
    Records,
    Reference,
)
from app.definitions.text import STORED, LocalizedText

Audience = Literal["state", "iscm", "igo"]


class Repeat(Frozen):
    """One instance of the section for each of something."""

    over: Literal["memberships"]


class Page(Frozen):
    """What is shown at once."""

    key: Key
    title: LocalizedText
    intro: LocalizedText | None = None
    more: bool = Field(default=False, description="Stands behind “Say more”: depth that may be left out.")
    when: conditions.Rule | None = None
    questions: Annotated[tuple[AnyQuestion, ...], Field(strict=False, min_length=1, max_length=100)]

    @cached_property
    def spoken_of(self) -> frozenset[str]:
        """The keys of the questions that decide what is shown of it."""
        found: set[str] = set()
        for question in self._asked():
            if question.when is not None:
                found |= conditions.references(question.when)
            if isinstance(question, Matrix) and isinstance(question.rows, ChosenIn):
                found.add(question.rows.chosen_in)
        return frozenset(found)

    @cached_property
    def lists(self) -> tuple[str, ...]:
        """The lists of the register that its questions choose from."""
        return tuple(sorted({each.to for each in self._asked() if isinstance(each, Reference)}))

    def _asked(self) -> Iterator[BaseQuestion]:
        """Its questions, and the fields of its lists."""
        for question in self.questions:
            yield question
            if isinstance(question, Records):
                yield from question.fields


class Section(Frozen):
    """A chapter of the questionnaire; with `repeat`, one instance per mechanism, whose group key is the
    section's key."""

    key: Key
    title: LocalizedText
    intro: LocalizedText | None = None
    when: conditions.Rule | None = None
    repeat: Repeat | None = None
    pages: Annotated[tuple[Page, ...], Field(strict=False, min_length=1, max_length=50)]

    @model_validator(mode="after")
    def _pages_have_keys_of_their_own(self) -> "Section":
        _refuse_twice("page", [page.key for page in self.pages])
        return self


class Place:
    """Where a question stands: its section and page, and the list of records that it is a field of, if
    any."""

    __slots__ = ("page", "question", "records", "section")

    def __init__(self, section: Section, page: Page, question: Question, records: Records | None) -> None:
        self.section = section
        self.page = page
        self.question = question
        self.records = records


class Questionnaire(Frozen):
    """A questionnaire, one version of it: a frozen value that routing, checking and saying are functions
    of."""

    key: Key
    version: Annotated[int, Field(ge=1, le=9999)]
    audience: Audience
    locale: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] = "en"
    title: LocalizedText
    intro: LocalizedText | None = None
    sections: Annotated[tuple[Section, ...], Field(strict=False, min_length=1, max_length=50)]
    locales: SkipJsonSchema[Annotated[tuple[str, ...], Field(strict=False)]] = ()

    @model_validator(mode="after")
    def _keys_are_unique(self) -> "Questionnaire":
        _refuse_twice("section", [section.key for section in self.sections])
        outside = [place.question.key for place in self._walk() if place.records is None]
        _refuse_twice("question", outside)
        taken = set(outside)
        for place in self._walk():
            if place.records is not None and place.question.key in taken:
                raise PydanticCustomError(
                    "key_twice",
                    f"the field “{place.question.key}” has the key of a question outside the list",
                )
        return self

    def _walk(self) -> Iterator[Place]:
        for section in self.sections:
            for page in section.pages:
                for question in page.questions:
                    yield Place(section, page, question, None)
                    if isinstance(question, Records):
                        for field in question.fields:
                            yield Place(section, page, field, question)

    @cached_property
    def places(self) -> Mapping[str, Place]:
        """Every question and field by its address (`effects`, `effects.year`), in order."""
        return {
            f"{place.records.key}.{place.question.key}" if place.records else place.question.key: place
            for place in self._walk()
        }

    @cached_property
    def _bare(self) -> Mapping[str, str]:
        """The address for each field's bare key that only one list uses."""
        known: dict[str, list[str]] = {}
        for address, place in self.places.items():
            if place.records:
                known.setdefault(place.question.key, []).append(address)
        return {key: addresses[0] for key, addresses in known.items() if len(addresses) == 1}

    def place(self, key: str) -> Place:
        """Return where the question stands. `key` is a key, `records.field`, or a field's key that is used
        once.

        Raises KeyError.
        """
        found = self.places.get(key) or self.places.get(self._bare.get(key, ""))
        if found is None:
            raise KeyError(key)
        return found

    def section_of(self, question: str) -> str | None:
        """Return the key of the section in which a question stands, None if there is no such question."""
        place = self.places.get(question)
        return place.section.key if place is not None else None

    def section_of_group(self, group: str) -> str | None:
        """Return the key of the section of a group: for blocks its own, for records that of their list."""
        return group if group in self.section_keys else self.section_of(group)

    def question(self, key: str) -> Question:
        """Return the question or field with that key (see `place`). Raises KeyError."""
        return self.place(key).question

    def field(self, records: str, key: str) -> Question:
        """Return the field `key` of the list `records`. Raises KeyError."""
        return self.places[f"{records}.{key}"].question

    def find(self, group_key: str | None, key: str) -> Question:
        """Return the question that an answer is to: `group_key` is its instance's (a section, a list of
        records) or None.

        Raises KeyError.
        """
        return (self.places.get(f"{group_key}.{key}") or self.places[key]).question

    def questions(self) -> Iterator[Question]:
        """Yield every question in order, the fields of a list after it with `parent` set."""
        return (place.question for place in self.places.values())

    def section(self, key: str) -> Section:
        """Return the section. Raises KeyError."""
        return self._sections[key]

    def page(self, section: str, page: str) -> Page:
        """Return the page. Raises KeyError."""
        for found in self.section(section).pages:
            if found.key == page:
                return found
        raise KeyError(page)

    @cached_property
    def section_keys(self) -> frozenset[str]:
        """The keys of the sections; an instance with one of them as its group is a mechanism's block."""
        return frozenset(section.key for section in self.sections)

    @cached_property
    def _sections(self) -> Mapping[str, Section]:
        return {section.key: section for section in self.sections}

    def stored(self) -> dict[str, Any]:
        """Return the JSON form that a published version keeps; `from_stored` reads it back."""
        written: dict[str, Any] = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return {**written, "locale": self.locale}

    @cached_property
    def _digest(self) -> str:
        canonical = json.dumps(self.stored(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    def digest(self) -> str:
        """Return the SHA-256 of the canonical JSON of the stored form, in hexadecimal."""
        return self._digest


def from_stored(data: Mapping[str, Any]) -> Questionnaire:
    """Return the questionnaire from its stored form. Raises pydantic.ValidationError if it is not one."""
    return Questionnaire.model_validate(dict(data), context={STORED: True})


def _refuse_twice(what: str, keys: list[str]) -> None:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise PydanticCustomError("key_twice", f"two {what}s have the key “{key}”")
        seen.add(key)


__all__ = [
    "Audience",
    "Option",
    "Page",
    "Place",
    "Question",
    "Questionnaire",
    "Repeat",
    "Section",
    "from_stored",
]
