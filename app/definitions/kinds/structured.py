"""Kinds whose answers stand elsewhere (matrix cells, records) or nowhere (notes, files to come)."""

# ruff: noqa: ARG001 - the functions of one act share a signature, whatever their kind needs of it

from typing import Any

from app.definitions.kinds import acts
from app.definitions.kinds.acts import Directory, Names, Raw, ValueSentence
from app.definitions.plain import Plain
from app.definitions.questions import File, Matrix, Note, Records
from app.i18n import _ as translated

NONE = "none"
"""The answer of a list of records that there are none."""


@acts.read.register
def _(question: Records, raw: Raw, name: str, directory: Directory | None = None) -> Plain | None:
    return NONE if question.none is not None and acts.typed(raw, f"{name}.none") else None


@acts.check.register
def _(question: Records, plain: Plain, directory: Directory | None = None) -> list[str]:
    return [] if plain == NONE and question.none is not None else [acts.ask(question)]


@acts.from_file.register
def _(question: Records, raw: Any, directory: Directory | None = None) -> Plain:
    if raw != NONE or question.none is None:
        raise ValueSentence([translated("Give a list of records")])
    return NONE


@acts.say.register
def _(question: Records, plain: Plain, names: Names, locale: str = "en") -> str:
    return question.none.in_locale(locale) if question.none is not None else str(plain)


@acts.posted.register
def _(question: Records, plain: Plain, name: str) -> dict[str, list[str]]:
    return {f"{name}.none": ["yes"]} if plain == NONE else {}


@acts.ask.register
def _(question: Records) -> str:
    if question.none is not None:
        return translated(
            "Add at least one %(item)s, or choose “%(none)s”", item=question.item, none=question.none
        )
    return translated("Add at least one %(item)s", item=question.item)


@acts.read.register
def _(question: Matrix, raw: Raw, name: str, directory: Directory | None = None) -> Plain | None:
    return None


@acts.check.register
def _(question: Matrix, plain: Plain, directory: Directory | None = None) -> list[str]:
    return acts.check(question.cell, plain, directory)


@acts.from_file.register
def _(question: Matrix, raw: Any, directory: Directory | None = None) -> Plain:
    return acts.from_file(question.cell, raw, directory)


@acts.say.register
def _(question: Matrix, plain: Plain, names: Names, locale: str = "en") -> str:
    return acts.say(question.cell, plain, names, locale)


@acts.posted.register
def _(question: Matrix, plain: Plain, name: str) -> dict[str, list[str]]:
    return acts.posted(question.cell, plain, name)


@acts.ask.register
def _(question: Matrix) -> str:
    return translated("Complete every row")


@acts.read.register(Note)
@acts.read.register(File)
def _(question: Note | File, raw: Raw, name: str, directory: Directory | None = None) -> Plain | None:
    return None


@acts.check.register(Note)
@acts.check.register(File)
def _(question: Note | File, plain: Plain, directory: Directory | None = None) -> list[str]:
    return [translated("Nothing can be answered here")]


@acts.from_file.register(Note)
@acts.from_file.register(File)
def _(question: Note | File, raw: Any, directory: Directory | None = None) -> Plain:
    raise ValueSentence([translated("Nothing can be answered here")])


@acts.say.register(Note)
@acts.say.register(File)
def _(question: Note | File, plain: Plain, names: Names, locale: str = "en") -> str:
    return str(plain)


@acts.posted.register(Note)
@acts.posted.register(File)
def _(question: Note | File, plain: Plain, name: str) -> dict[str, list[str]]:
    return {}


@acts.ask.register(Note)
@acts.ask.register(File)
def _(question: Note | File) -> str:
    return ""
