"""What a register file says before anything is looked up: rows with their place, and checks of single
fields."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from app.definitions import loader, regions
from app.definitions.faults import shown, suggestion
from app.definitions.values import normalise
from app.i18n import _
from app.models import Audience, MembershipRole, OrganisationKind
from app.services.table_files import Reading

Check = Callable[[object], Any]

QUESTIONNAIRES = Path(__file__).parents[2] / "questionnaires"
MAX_WORDS = 4_000
ORGANISATION_CODE = re.compile(r"[A-Z][A-Z0-9-]{1,19}")
MECHANISM_CODE = re.compile(r"[a-z][a-z0-9-]{1,39}")
TYPES = ("regional", "interregional", "global")
STATES_OF_LIFE = ("active", "dormant", "unknown")
BECOMING_UNCERTAIN = [
    "name",
    "acronym",
    "type",
    "status",
    "established",
    "secretariat",
    "chair",
    "members",
    "observer_states",
    "observer_organizations",
    "thematic_areas",
    "structures",
    "guiding_documents",
    "funding",
    "working_languages",
]


class FieldError(ValueError):
    """The value does not fit the field; the message is a sentence fragment that says why."""


@dataclass(frozen=True)
class Spot:
    """Where in a file something stands: its line (from 1) and the path of keys or the column."""

    line: int
    path: str = ""


@dataclass(frozen=True)
class OrganisationRow:
    """One organisation; `values` has only the columns that the file gives."""

    at: Spot
    code: str
    values: Mapping[str, Any]
    represents: str | None = None


@dataclass(frozen=True)
class MechanismRow:
    """One mechanism in one period; `values` and `notes` have only what the file gives."""

    at: Spot
    code: str
    values: Mapping[str, Any]
    notes: Mapping[str, Any] = field(default_factory=dict)
    fictional: bool | None = None
    lists: frozenset[MembershipRole] = frozenset()
    """The roles of which the file lists everybody."""


@dataclass(frozen=True)
class MembershipRow:
    """One membership as the file writes it: codes or names, and only the fields that it gives."""

    at: Spot
    iscm: str
    member: str
    role: MembershipRole
    values: Mapping[str, Any]
    via: str | None = None
    listed: bool = False
    """Taken from a list of names, so that a name may stay words."""


@dataclass
class RegisterFile:
    """Everything that one file says, in its order; `words` are the strings that stay free text."""

    organisations: list[OrganisationRow] = field(default_factory=list)
    mechanisms: list[MechanismRow] = field(default_factory=list)
    memberships: list[MembershipRow] = field(default_factory=list)
    words: frozenset[str] = frozenset()
    written: Mapping[str, str] = field(default_factory=dict)
    reading: Reading = field(default_factory=Reading)
    """How a table was read."""

    def lines(self) -> set[int]:
        """The lines on which an entry begins."""
        entries: list[OrganisationRow | MechanismRow | MembershipRow] = [*self.organisations]
        entries += [*self.mechanisms, *self.memberships]
        return {row.at.line for row in entries}


def text(value: object) -> str | None:
    """Words of one field; empty is None."""
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        value = str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
    if not isinstance(value, str):
        raise FieldError(_("is not text"))
    if len(value) > MAX_WORDS:
        raise FieldError(_("is longer than %(limit)s characters", limit=MAX_WORDS))
    return normalise(value).strip() or None


def flag(value: object) -> bool:
    """Yes or no: true, false, yes, no, the (an article), 1, 0; empty is no."""
    if isinstance(value, bool):
        return value
    key = "" if value is None else str(value).strip().lower()
    if key not in {"", "no", "false", "0", "yes", "true", "1", "the"}:
        raise FieldError(_("%(value)s is neither yes nor no", value=shown(value)))
    return key in {"yes", "true", "1", "the"}


def perhaps(value: object) -> bool | None:
    """Yes, no, or not said: empty is None."""
    return None if value is None or value == "" else flag(value)


def whole(value: object) -> int | None:
    """A whole number; empty is None."""
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not re.fullmatch(r"[0-9]{1,9}", str(value)):
        raise FieldError(_("%(value)s is not a whole number", value=shown(value)))
    return int(str(value))


def year(value: object) -> int | None:
    """A year from 1800 to 2200; empty is None."""
    number = whole(value)
    if number is not None and not 1800 <= number <= 2200:
        raise FieldError(_("%(value)s is not a year", value=shown(value)))
    return number


def day(value: object) -> date | None:
    """A day written as 2019-03-01; empty is None."""
    if value is None or value == "":
        return None
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else _not_a_day(value)
    except ValueError:
        return _not_a_day(value)


def _not_a_day(value: object) -> date:
    raise FieldError(_("%(value)s is not a day; write it as 2019-03-01", value=shown(value)))


def one_of(*known: str) -> Callable[[object], str | None]:
    """A check that the value is one of the known words; empty is None."""

    def check(value: object) -> str | None:
        if value is None or value == "":
            return None
        if value not in known:
            raise FieldError(_("%(value)s is not known", value=shown(value)) + suggestion(value, known))
        return str(value)

    return check


@cache
def _terms(vocabulary: str) -> tuple[str, ...]:
    return tuple(term.key for term in loader.library(QUESTIONNAIRES).vocabularies[vocabulary].terms)


def term_of(vocabulary: str) -> Check:
    """A check that the value is a key of that vocabulary (read when first needed); empty is None."""

    def check(value: object) -> str | None:
        found: str | None = one_of(*_terms(vocabulary))(value)
        return found

    return check


def matching(pattern: str, what: str) -> Callable[[object], str | None]:
    """A check that the words have a form; empty is None."""

    def check(value: object) -> str | None:
        words = text(value)
        if words is not None and not re.fullmatch(pattern, words):
            raise FieldError(_("%(value)s is not %(what)s", value=shown(value), what=what))
        return words

    return check


def degrees(limit: int) -> Callable[[object], float | None]:
    """A check that the value is a latitude or longitude up to the limit; empty is None."""

    def check(value: object) -> float | None:
        if value is None or value == "":
            return None
        try:
            number = float(str(value))
        except ValueError:
            number = math.nan
        if isinstance(value, bool) or not -limit <= number <= limit:
            raise FieldError(
                _("%(value)s is not a number of degrees up to %(limit)s", value=shown(value), limit=limit)
            )
        return number

    return check


def words(value: object) -> list[str]:
    """A list of words, each once; a single text is a list of one, empty is an empty list."""
    items = [] if value is None or value == "" else value if isinstance(value, list) else [value]
    found = [each for each in (text(item) for item in items) if each]
    if len(set(found)) < len(found):
        twice = next(each for place, each in enumerate(found) if each in found[:place])
        raise FieldError(_("names %(value)s twice", value=shown(twice)))
    return found


def uncertain(value: object) -> list[str]:
    """The fields of a profile that are to be confirmed."""
    found = words(value)
    for each in found:
        one_of(*BECOMING_UNCERTAIN)(each)
    return found


def region_of(scheme: regions.Scheme, *, within: bool = False) -> Check:
    """A check that the value is the code of a region, or of a sub-region, of register/regions.yaml (read
    when first needed); empty is None.
    """

    def check(value: object) -> str | None:
        known = [each.code for each in regions.committed().of(scheme).regions if bool(each.within) is within]
        found: str | None = one_of(*known)(value)
        return found

    return check


def is_local_name(key: str) -> bool:
    """Whether the key is that of a name in one language, such as name_fr."""
    return re.fullmatch(r"name_[a-z]{2}", key) is not None


_m49 = matching("[0-9]{3}", "an M49 code of three digits")

ORGANISATION_FIELDS: dict[str, tuple[str, Check]] = {
    "name": ("name", text),
    "name_article": ("name_article", flag),
    "formal_name": ("formal_name", text),
    "demonym": ("demonym", text),
    "kind": ("kind", one_of(*(each for each in OrganisationKind if each != OrganisationKind.ISCM))),
    "asked_as": ("asked_as", one_of(*(each for each in Audience if each != Audience.ISCM))),
    "iso3": ("iso3", matching("[A-Z]{3}", "an ISO 3166-1 alpha-3 code")),
    "iso2": ("iso2", matching("[A-Z]{2}", "an ISO 3166-1 alpha-2 code")),
    "m49": ("m49", _m49),
    "region_m49": ("region_m49", region_of("m49")),
    "subregion_m49": ("subregion_m49", region_of("m49", within=True)),
    "region_iom": ("region_iom", region_of("iom")),
    "latitude": ("latitude", degrees(90)),
    "longitude": ("longitude", degrees(180)),
    "also": ("also", words),
    "footnote": ("footnote", text),
    "fictional": ("fictional", flag),
}
"""Key of the file → column of the table and the check of its value."""

PROFILE_FIELDS: dict[str, tuple[str, Check]] = {
    **{
        key: (key, text)
        for key in [
            "name",
            "acronym",
            "short_name",
            "secretariat",
            "chair",
            "chair_term",
            "focal_point_term",
            "member_term",
            "funding",
        ]
    },
    **{
        key: (key, words)
        for key in ["other_names", "thematic_areas", "structures", "guiding_documents", "working_languages"]
    },
    "short_name_article": ("short_name_article", flag),
    "secretariat_model": ("secretariat_model", term_of("secretariat_models")),
    "chair_model": ("chair_model", term_of("chair_models")),
    "type": ("type", one_of(*TYPES)),
    "status": ("status", one_of(*STATES_OF_LIFE)),
    "established": ("established", year),
    "members_stated_count": ("members_stated_count", whole),
    "members_known_from": ("members_known_from", day),
    "uncertain_fields": ("uncertain_fields", uncertain),
    "source": ("sources", words),
    "valid_from": ("valid_from", day),
    "valid_until": ("valid_until", day),
}
"""Key of the file → column of the profile and the check of its value."""

NOTE_FIELDS: dict[str, tuple[str, Check]] = {
    "established_note": ("established", text),
    "status_note": ("status", text),
    "members_note": ("members", text),
    "members_known_why": ("members_known_from", text),
    "observer_states_note": ("observer_states", text),
    "notes": ("general", text),
    "regions": ("regions", words),
    "certain": ("certain", perhaps),
    "members_in_words": ("members_in_words", words),
    "observers_in_words": ("observers_in_words", words),
    "partners_in_words": ("partners_in_words", words),
    "associated_with": ("associated_with", words),
}
"""Key of the file → key of the profile's notes and the check of its value."""

MEMBERSHIP_FIELDS: dict[str, tuple[str, Check]] = {
    "from": ("from_", day),
    "until": ("until", day),
    "note": ("note", text),
}
