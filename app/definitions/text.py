"""Words of a questionnaire: one source text with its translations, and the `{placeholders}` inside it."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, ValidationInfo
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

STORED = "stored"
"""Key of the validation context that says: this is the stored form, translations may stand in it."""
MAX_TEXT = 20_000
NOTHING_YET = "…"

_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([a-z][a-z0-9_]{0,59})\}|[{}]")


class LocalizedText(str):
    """A text in its source language that knows its translations.

    As a `str` it is the source text. `stale` names the locales whose translation was made of an older source.
    """

    __slots__ = ("stale", "translations")
    translations: Mapping[str, str]
    stale: frozenset[str]

    def __new__(
        cls,
        source: str = "",
        translations: Mapping[str, str] | None = None,
        stale: frozenset[str] = frozenset(),
    ) -> "LocalizedText":
        text = super().__new__(cls, source)
        text.translations = translations or {}
        text.stale = stale
        return text

    def in_locale(self, locale: str) -> str:
        """Return the text in `locale`, or the source text where it has not been translated."""
        found = self.translations.get(locale) or self.translations.get(locale.split("-")[0].split("_")[0])
        return found or str(self)

    def stored(self) -> str | dict[str, Any]:
        """Return the form kept in the definition's JSON: a string, or a mapping where there are
        translations."""
        if not self.translations:
            return str(self)
        return {"source": str(self), **dict(self.translations), "stale": sorted(self.stale)}

    @classmethod
    def _validate(cls, value: object, info: ValidationInfo) -> "LocalizedText":
        if isinstance(value, LocalizedText):
            return value
        if isinstance(value, str):
            if not value.strip():
                raise PydanticCustomError("empty_text", "the text is empty")
            if len(value) > MAX_TEXT:
                raise PydanticCustomError("long_text", f"the text is longer than {MAX_TEXT} characters")
            return cls(value)
        if isinstance(value, dict) and info.context and info.context.get(STORED):
            words = {k: str(v) for k, v in value.items() if k not in ("source", "stale")}
            return cls(str(value["source"]), words, frozenset(value.get("stale", ())))
        raise PydanticCustomError("string_type", "should be text")

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(
            cls._validate,
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda text: text.stored() if isinstance(text, LocalizedText) else text
            ),
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"type": "string", "minLength": 1}


def digest(source: str) -> str:
    """Return the twelve characters by which a translation remembers the source text it was made of."""
    return hashlib.sha256(source.encode()).hexdigest()[:12]


def placeholders(template: str) -> set[str]:
    """Return the names of the `{placeholders}` in `template`; a lone brace is reported as the name `{` or
    `}`."""
    return {
        m.group(1) or m.group(0) for m in _PLACEHOLDER.finditer(template) if m.group(0) not in ("{{", "}}")
    }


def fill(template: str, values: Mapping[str, str]) -> str:
    """Return `template` with each `{name}` replaced from `values`; `{{` and `}}` stand for braces.

    One pass: braces inside a value are not looked at again. A name without a value (an earlier question not
    answered yet) is shown as “…”. Escaping for a page is left to the template that prints the result.
    """

    def put(match: re.Match[str]) -> str:
        whole, name = match.group(0), match.group(1)
        if name:
            return values.get(name) or NOTHING_YET
        return whole[0]

    return _PLACEHOLDER.sub(put, template)


def collated(words: str) -> str:
    """Return what stands for `words` in an alphabetical order: without accents, in small letters."""
    plain = unicodedata.normalize("NFKD", words)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()


def inside(words: str) -> str:
    """Return `words` as they read inside a sentence: first letter lowered, unless it begins an acronym or
    name."""
    if len(words) > 1 and words[0].isupper() and words[1].islower():
        return words[0].lower() + words[1:]
    return words
