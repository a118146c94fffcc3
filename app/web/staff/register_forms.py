"""The forms of the register: which fields there are, and what was typed into them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from flask import request

from app.definitions import loader
from app.services import register_rows as rows

OF_PROFILE = (
    *("valid_from", "valid_until", "name", "short_name", "short_name_article", "acronym", "other_names"),
    *("type", "status", "established", "chair", "chair_model", "chair_term"),
    *("secretariat", "secretariat_model", "member_term", "focal_point_term"),
    *("thematic_areas", "structures", "guiding_documents", "funding", "working_languages"),
    *("members_known_from", "members_stated_count", "members_note", "notes", "source", "uncertain_fields"),
)
LOCAL_NAMES = ("name_fr", "name_es", "name_ar", "name_ru")
OF_ORGANISATION = (
    *("name", "name_article", "formal_name", "demonym", *LOCAL_NAMES, "also", "kind", "asked_as"),
    *("iso2", "iso3", "m49", "region_m49", "subregion_m49", "region_iom", "represents", "footnote"),
)
OF_MEMBERSHIP = ("member", "role", "from", "until", "via", "note")
LISTS = frozenset(
    (
        *("other_names", "thematic_areas", "structures", "guiding_documents", "working_languages"),
        *("source", "uncertain_fields", "also"),
    )
)
"""Fields that hold one thing on each line."""
TICKS = frozenset(("short_name_article", "name_article"))
LONGEST = 20_000


def text_of(value: Any) -> str:
    """A value as its field shows it."""
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return "\n".join(map(str, value))
    return "" if value is None else str(value)


def typed(fields: Iterable[str], before: Mapping[str, str] | None = None) -> dict[str, str]:
    """What stands in the form: what was typed, else what was there before."""
    if request.method != "POST":
        return {field: (before or {}).get(field, "") for field in fields}
    return {field: "\n".join(request.form.getlist(field))[:LONGEST] for field in fields}


def given(fields: Iterable[str]) -> dict[str, Any]:
    """What was typed, as the checks of a file take it: several things on lines of their own as a list."""
    found: dict[str, Any] = {}
    for field, text in typed(fields).items():
        if field in TICKS:
            found[field] = text == "yes"
        else:
            found[field] = lines_of(text) if field in LISTS else text.strip()
    return found


def lines_of(text: str) -> list[str]:
    """The lines of a text that hold something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def choices_of_profile() -> Mapping[str, Sequence[tuple[str, str]]]:
    """What can be chosen for a field of a profile, with the words for it."""
    vocabularies = loader.library(rows.QUESTIONNAIRES).vocabularies

    def terms(key: str) -> list[tuple[str, str]]:
        return [(term.key, str(term.text)) for term in vocabularies[key].terms]

    return {
        "type": [(each, each) for each in rows.TYPES],
        "status": [(each, each) for each in rows.STATES_OF_LIFE],
        "chair_model": terms("chair_models"),
        "secretariat_model": terms("secretariat_models"),
    }
