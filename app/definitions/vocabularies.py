"""Closed lists that several questions share, one file each."""

from typing import Annotated

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.definitions.questions import Frozen, Key, Option, OptionKey
from app.definitions.text import LocalizedText


class Term(Frozen):
    """One entry of a vocabulary."""

    key: OptionKey
    text: LocalizedText
    inline: LocalizedText | None = None
    hint: LocalizedText | None = None
    specify: bool = False
    gcm: Annotated[tuple[int, ...], Field(strict=False)] = ()
    aka: Annotated[tuple[str, ...], Field(strict=False)] = ()

    def option(self) -> Option:
        """Return the term as an option of a question."""
        return Option(key=self.key, text=self.text, inline=self.inline, hint=self.hint, specify=self.specify)


class Vocabulary(Frozen):
    """A closed list; `to_be_confirmed` and `why` say what its owner has still to look at."""

    key: Key
    title: LocalizedText
    source: str | None = None
    to_be_confirmed: bool = False
    why: str | None = None
    alphabetical: bool = False
    """Whether the terms are shown in the order of their words; else in that of the file."""
    terms: Annotated[tuple[Term, ...], Field(strict=False, min_length=1, max_length=300)]

    @model_validator(mode="after")
    def _terms_stand_once(self) -> "Vocabulary":
        keys = [term.key for term in self.terms]
        for key in keys:
            if keys.count(key) > 1:
                raise PydanticCustomError("key_twice", f"two terms have the key “{key}”")
        return self

    def term(self, key: str) -> Term | None:
        """Return the term with that key, or None."""
        return next((term for term in self.terms if term.key == key), None)


class Concept(Frozen):
    """What questions of several roles ask about, so that their answers can be laid side by side."""

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+$")]
    title: LocalizedText


class Concepts(Frozen):
    """The file of concepts."""

    concepts: Annotated[tuple[Concept, ...], Field(strict=False, max_length=1000)] = ()
