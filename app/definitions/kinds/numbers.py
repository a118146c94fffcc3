"""Numbers, years and days."""

# ruff: noqa: ARG001 - the functions of one act share a signature, whatever their kind needs of it

import re
from datetime import date
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal

from app.definitions.kinds import acts
from app.definitions.kinds.acts import Directory, Names, Raw, ValueSentence
from app.definitions.plain import Plain
from app.definitions.questions import Date, Number, Year
from app.i18n import _ as translated

_NUMBER = re.compile(r"[-+]?\d{1,15}(\.\d{1,15})?")
_SPACES = re.compile("[\\s\u00a0\u202f]")


def _number(text: str) -> Plain | None:
    bare = _SPACES.sub("", text).replace("\u2212", "-")
    if not bare:
        return None
    if not _NUMBER.fullmatch(bare):
        return text.strip()
    return _whole(float(bare)) if "." in bare else int(bare)


def _whole(number: int | float) -> int | float:
    return int(number) if isinstance(number, float) and number.is_integer() else number


def _is_number(plain: object) -> bool:
    return isinstance(plain, int | float) and not isinstance(plain, bool) and abs(plain) < 10**15


@acts.read.register
def _(question: Number, raw: Raw, name: str, directory: Directory | None = None) -> Plain | None:
    return _number(acts.typed(raw, name))


@acts.check.register
def _(question: Number, plain: Plain, directory: Directory | None = None) -> list[str]:
    if not isinstance(plain, int | float) or not _is_number(plain):
        return [translated("Give a number in digits, such as 12")]
    if question.integer and not isinstance(plain, int):
        return [translated("Give a whole number, such as 12")]
    if question.min is not None and plain < question.min:
        return [translated("Give a number of %(least)s or more", least=question.min)]
    if question.max is not None and plain > question.max:
        return [translated("Give a number of %(most)s or less", most=question.max)]
    return []


@acts.from_file.register
def _(question: Number, raw: Any, directory: Directory | None = None) -> Plain:
    value = _whole(raw) if _is_number(raw) else _number(raw) if isinstance(raw, str) else None
    return _checked(question, value)


@acts.say.register
def _(question: Number, plain: Plain, names: Names, locale: str = "en") -> str:
    if not isinstance(plain, int | float):
        return str(plain)
    number = format_decimal(plain, format="#,##0.###############", locale=locale.replace("-", "_"))
    return f"{number} {question.unit.in_locale(locale)}" if question.unit else number


@acts.posted.register
def _(question: Number, plain: Plain, name: str) -> dict[str, list[str]]:
    return {name: [f"{plain:.15f}".rstrip("0") if isinstance(plain, float) else str(plain)]}


@acts.ask.register
def _(question: Number) -> str:
    return translated("Give a number")


@acts.read.register
def _(question: Year, raw: Raw, name: str, directory: Directory | None = None) -> Plain | None:
    return _number(acts.typed(raw, name))


@acts.check.register
def _(question: Year, plain: Plain, directory: Directory | None = None) -> list[str]:
    if not isinstance(plain, int) or isinstance(plain, bool) or not 1000 <= plain <= 9999:
        return [translated("Give the year as four digits, such as 2021")]
    if question.min is not None and plain < question.min:
        return [translated("Give a year from %(least)s on", least=question.min)]
    if question.max is not None and plain > question.max:
        return [translated("Give a year up to %(most)s", most=question.max)]
    return []


@acts.from_file.register
def _(question: Year, raw: Any, directory: Directory | None = None) -> Plain:
    value = _whole(raw) if _is_number(raw) else _number(raw) if isinstance(raw, str) else None
    return _checked(question, value)


@acts.say.register
def _(question: Year, plain: Plain, names: Names, locale: str = "en") -> str:
    return str(plain)


@acts.posted.register
def _(question: Year, plain: Plain, name: str) -> dict[str, list[str]]:
    return {name: [str(plain)]}


@acts.ask.register
def _(question: Year) -> str:
    return translated("Give the year as four digits, such as 2021")


@acts.read.register
def _(question: Date, raw: Raw, name: str, directory: Directory | None = None) -> Plain | None:
    return acts.typed(raw, name).strip() or None


@acts.check.register
def _(question: Date, plain: Plain, directory: Directory | None = None) -> list[str]:
    return [] if _day(plain) else [translated("Give the date as year, month and day, such as 2019-03-01")]


@acts.from_file.register
def _(question: Date, raw: Any, directory: Directory | None = None) -> Plain:
    value = raw.isoformat() if isinstance(raw, date) else raw.strip() if isinstance(raw, str) else None
    return _checked(question, value)


@acts.say.register
def _(question: Date, plain: Plain, names: Names, locale: str = "en") -> str:
    day = _day(plain)
    return format_date(day, "d MMMM y", locale=locale.replace("-", "_")) if day else str(plain)


@acts.posted.register
def _(question: Date, plain: Plain, name: str) -> dict[str, list[str]]:
    return {name: [str(plain)]}


@acts.ask.register
def _(question: Date) -> str:
    return translated("Give the date")


def _day(plain: object) -> date | None:
    if not isinstance(plain, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", plain):
        return None
    try:
        return date.fromisoformat(plain)
    except ValueError:
        return None


def _checked(question: Number | Year | Date, value: Plain | None) -> Plain:
    if value is None:
        raise ValueSentence([acts.ask(question)])
    if sentences := acts.check(question, value):
        raise ValueSentence(sentences)
    return value
