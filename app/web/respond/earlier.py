"""What was answered in the round before, in words, and what can be said of it today."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.definitions import values
from app.definitions.plain import Plain
from app.definitions.questions import BaseQuestion, Matrix, Question, Records
from app.queries.earlier_answers import Earlier
from app.services.carrying_over import Said
from app.web.respond.sheet import Sheet, author


@dataclass(frozen=True)
class Before:
    """An earlier answer beside its question.

    ``state`` is `open` while nothing is answered today, `answered`, `confirmed` or `ended`; ``by`` and ``at``
    are those of the earlier answer, ``since`` says who confirmed or ended it. ``fits`` says whether it is an
    answer to the question as it is asked today.
    """

    round_code: str
    said: str
    language: str
    by: str
    at: datetime
    state: str
    since: str
    fits: bool
    may_end: bool

    @property
    def open(self) -> bool:
        """Whether it waits for somebody to say something of it."""
        return self.state == "open"


def before(sheet: Sheet, question: Question, instance: UUID | None) -> Before | None:
    """What was answered to the same in the round before; None if nothing was."""
    found = sheet.earlier(question, instance)
    if found is None:
        return None
    singles = list(_singles(question, found))
    newest = found.newest
    state, since = _state(sheet, question, instance)
    return Before(
        round_code=found.round_code,
        said=_in_words(sheet, question, found),
        language=newest.language,
        by=newest.by,
        at=newest.at,
        state=state,
        since=since,
        fits=bool(singles) and not any(values.check(part, value, sheet.register) for part, value in singles),
        may_end=not question.required,
    )


def _singles(question: Question, found: Earlier) -> Iterator[tuple[BaseQuestion, Plain]]:
    """Each single answer with the question, cell or field that it answers."""
    if found.own is not None:
        yield question, found.own.value
    if isinstance(question, Matrix):
        for sent in found.rows.values():
            yield question.cell, sent.value
    if isinstance(question, Records):
        fields = {field.key: field for field in question.fields}
        for record in found.records.values():
            for key, sent in record.items():
                yield fields[key], sent.value


def _in_words(sheet: Sheet, question: Question, found: Earlier) -> str:
    if isinstance(question, Records) and found.records:
        return "\n".join(
            ", ".join(
                sheet.say(field, record[field.key].value) for field in question.fields if field.key in record
            )
            for record in found.records.values()
        )
    if isinstance(question, Matrix):
        named = {row.key: sheet.words(row.text, None) for row in question.listed()}
        return "\n".join(
            f"{named.get(item, item)}: {sheet.say(question.cell, sent.value)}"
            for item, sent in found.rows.items()
        )
    return sheet.say(question, found.own.value) if found.own is not None else ""


def _state(sheet: Sheet, question: Question, instance: UUID | None) -> tuple[str, str]:
    """What was said of it today, and by whom; an answer that is not asked for now counts too."""
    kept = [
        one
        for (where, key, _item), one in sheet.stored.answers.items()
        if (where, key) == (instance, question.key) or _inside(sheet, where, question.key, instance)
    ]
    given = [one for one in kept if one.value is not None]
    if given:
        newest = max(given, key=lambda one: one.at)
        confirmed = (newest.confirms or "").startswith(f"{Said.STILL_TRUE}:")
        return ("confirmed", author(newest)) if confirmed else ("answered", "")
    ended = next((one for one in kept if (one.confirms or "").startswith(f"{Said.NO_LONGER}:")), None)
    return ("ended", author(ended)) if ended else ("open", "")


def _inside(sheet: Sheet, where: UUID | None, records: str, instance: UUID | None) -> bool:
    """Whether an answer stands in a record of that list."""
    block = sheet.blocks.get(where) if where else None
    return block is not None and (block.group_key, block.parent_id) == (records, instance)
