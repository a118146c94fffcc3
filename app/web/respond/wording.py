"""What a question says, ready to be drawn:
made once for each respondent and mechanism, and kept in the process.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.definitions import conditions
from app.definitions.questions import (
    BaseQuestion,
    Choice,
    ClosedQuestion,
    LongText,
    Matrix,
    Number,
    Records,
    Reference,
    ShortText,
    TextQuestion,
    YesNo,
)
from app.definitions.text import placeholders
from app.i18n import _
from app.web.respond.sheet import Sheet

FEW = 10
"""As many options stand open as a list of buttons; more become a drop-down."""
MOST_KEPT = 20_000
USUAL_LENGTH = {ShortText: 300, LongText: 100_000}
ALWAYS_KNOWN = {"subject", "organisation"}


@dataclass(frozen=True, slots=True)
class Offered:
    """One option in words."""

    key: str
    words: str
    hint: str
    specify: bool


@dataclass(frozen=True, slots=True)
class Wording:
    """A question's words with their placeholders filled, and what follows from its kind."""

    kind: str
    text: str
    label: str
    hint: str
    help: str
    example: str
    stem: str
    item: str
    none: str
    unit: str
    when: str | None
    options: tuple[Offered, ...]
    exclusive: tuple[str, ...]
    several: bool
    limit: tuple[int, str] | None
    lasts: bool
    """Whether no answer stands in the words, so that they stay as they are."""


_kept: dict[tuple[int, str, str, str], tuple[BaseQuestion, Wording]] = {}


def wording(sheet: Sheet, question: BaseQuestion, block: UUID | None) -> Wording:
    """The words of a question for this respondent, about this block's mechanism."""
    key = (id(question), sheet.locale, sheet.subject(block), sheet.organisation)
    found = _kept.get(key)
    if found is not None:
        return found[1]
    made = _made(sheet, question, block)
    if made.lasts:
        if len(_kept) > MOST_KEPT:
            _kept.clear()
        _kept[key] = (question, made)  # holding the question keeps its id its own
    return made


def _made(sheet: Sheet, question: BaseQuestion, block: UUID | None) -> Wording:
    def words(name: str) -> str:
        return sheet.words(getattr(question, name, None), block)

    return Wording(
        kind=question.kind,  # type: ignore[attr-defined]  # every kind has one, the base class has none
        text=words("text"),
        label=words("name"),
        hint=words("hint"),
        help=words("help"),
        example=words("example"),
        stem=words("stem"),
        item=words("item"),
        none=words("none"),
        unit=words("unit") if isinstance(question, Number) else "",
        when=json.dumps(conditions.plain(question.when)) if question.when is not None else None,
        options=_offered(sheet, question, block),
        exclusive=tuple(getattr(question, "exclusive", ())),
        several=isinstance(question, YesNo | ClosedQuestion)
        or (isinstance(question, Reference) and question.several),
        limit=_limit(question),
        lasts=_depends_on_nothing_else(question),
    )


def _offered(sheet: Sheet, question: BaseQuestion, block: UUID | None) -> tuple[Offered, ...]:
    if isinstance(question, Matrix):
        return _offered(sheet, question.cell, block)
    if isinstance(question, YesNo):
        answers = [("yes", _("Yes")), ("no", _("No")), ("unsure", _("Not sure"))]
        return tuple(Offered(key, said, "", False) for key, said in answers[: 3 if question.unsure else 2])
    if not isinstance(question, ClosedQuestion):
        return ()
    return tuple(
        Offered(option.key, sheet.words(option.text, block), sheet.words(option.hint, block), option.specify)
        for option in question.offered(sheet.locale)
    )


def drops_down(question: BaseQuestion, *, nested: bool) -> bool:
    """Whether a choice is drawn as a drop-down: a long list, or one inside a record."""
    return isinstance(question, Choice) and (nested or len(question.options) > FEW)


def _limit(question: BaseQuestion) -> tuple[int, str] | None:
    """How long a text may be, as (number, "words" or "characters"), if its page says so."""
    if not isinstance(question, TextQuestion):
        return None
    if question.max_words:
        return question.max_words, "words"
    most: int = getattr(question, "max_chars", 0)
    return (most, "characters") if most != USUAL_LENGTH.get(type(question)) else None


def _depends_on_nothing_else(question: BaseQuestion) -> bool:
    """Whether no answer stands in its words, so that they stay as they are."""
    texts = [question.text, question.name, question.hint, question.help, question.example]
    texts += [getattr(question, name, None) for name in ("stem", "item", "none", "unit")]
    options = [*question.listed(), *(question.cell.listed() if isinstance(question, Matrix) else ())]
    texts += [text for option in options for text in (option.text, option.hint)]
    if isinstance(question, Records):
        return all(map(_depends_on_nothing_else, question.fields)) and _bound(texts)
    return _bound(texts)


def _bound(texts: Sequence[str | None]) -> bool:
    return all(placeholders(text) <= ALWAYS_KNOWN for text in texts if text and "{" in text)
