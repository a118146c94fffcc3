"""Answers as values: reading them from a form or a file, checking, saying, and putting them back into a form.

The rules of each kind stand in `app.definitions.kinds`; this module is the door to them. The same checks run
on a page, on import and at submission.
"""

from collections.abc import Iterator
from typing import Any

from app.definitions.kinds import choosing, numbers, referring, structured, texts
from app.definitions.kinds.acts import (
    Directory,
    Names,
    Raw,
    ValueSentence,
    ask,
    check,
    from_file,
    normalise,
    posted,
    read,
    say,
)
from app.definitions.kinds.structured import NONE
from app.definitions.kinds.texts import words
from app.definitions.plain import Plain
from app.definitions.questions import Matrix, Records
from app.i18n import _ as translated

__all__ = [
    "FAMILIES",
    "NONE",
    "Directory",
    "Names",
    "Plain",
    "Raw",
    "ValueSentence",
    "ask",
    "cells_from_file",
    "check",
    "from_file",
    "normalise",
    "posted",
    "read",
    "records_from_file",
    "say",
    "words",
]

FAMILIES = (texts, numbers, choosing, referring, structured)
"""The modules that know the kinds; naming them here registers their functions."""


def cells_from_file(matrix: Matrix, raw: Any, directory: Directory | None = None) -> dict[str, Plain]:
    """Return the cells of a matrix by row from an import file's mapping. Raises ValueSentence with every
    fault.

    Whether a row that was chosen in another question exists is for the caller to ask `Path.rows`.
    """
    if not isinstance(raw, dict):
        raise ValueSentence([translated("Give a mapping of rows to values")])
    cells: dict[str, Plain] = {}
    sentences: list[str] = []
    for row, value in raw.items():
        if matrix.listed() and matrix.option(str(row)) is None:
            sentences.append(translated("There is no row “%(row)s”", row=str(row)[:80]))
            continue
        try:
            cells[str(row)] = from_file(matrix.cell, value, directory)
        except ValueSentence as refused:
            sentences += [f"{str(row)[:80]}: {sentence}" for sentence in refused.sentences]
    if sentences:
        raise ValueSentence(sentences)
    return cells


def records_from_file(
    records: Records, raw: Any, directory: Directory | None = None
) -> list[dict[str, Plain]] | str:
    """Return the records of an import file's list, each by field, or `NONE`. Raises ValueSentence with every
    fault."""
    if raw == NONE:
        return str(from_file(records, raw, directory))
    if not isinstance(raw, list):
        raise ValueSentence([translated("Give a list of records")])
    found: list[dict[str, Plain]] = []
    sentences: list[str] = []
    for number, record in enumerate(raw, 1):
        if not isinstance(record, dict):
            sentences.append(
                translated("Record %(number)s: give a mapping of fields to values", number=number)
            )
            continue
        fields: dict[str, Plain] = {}
        for key, outcome in _fields(records, record, directory):
            if isinstance(outcome, ValueSentence):
                sentences += [f"{number}.{key[:80]}: {sentence}" for sentence in outcome.sentences]
            else:
                fields[key] = outcome
        found.append(fields)
    if len(raw) > records.max:
        sentences.append(translated("Give at most %(most)s records", most=records.max))
    if sentences:
        raise ValueSentence(sentences)
    return found


def _fields(
    records: Records, record: dict[Any, Any], directory: Directory | None
) -> Iterator[tuple[str, Plain | ValueSentence]]:
    known = {field.key: field for field in records.fields}
    for key, value in record.items():
        if key not in known:
            yield str(key), ValueSentence([translated("There is no such field")])
            continue
        try:
            yield str(key), from_file(known[key], value, directory)
        except ValueSentence as refused:
            yield str(key), refused
