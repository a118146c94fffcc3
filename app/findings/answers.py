"""From a question and a stored value to an item of evidence: wordings, chosen options, names."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.definitions import text, values
from app.definitions.plain import Plain
from app.definitions.questions import BaseQuestion, ChosenIn, Matrix, Option, Records
from app.definitions.schema import Questionnaire
from app.findings.evidence import Choice, Item, Place, Role
from app.findings.prose import place, with_article

_SOMEBODY = {Role.STATE: "the Member State", Role.IGO: "the organization", Role.ISCM: "the mechanism"}
NO_CODES: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wording:
    """The names that stand in questions and answers of one response about one mechanism."""

    role: Role
    organisation: str
    """The respondent in running text."""
    subject: str
    """The mechanism in running text."""
    places: Mapping[str, Place] = field(default_factory=dict)
    locale: str = "en"

    def organisation_name(self, code: str) -> str:
        """Return the name of a code, or the code."""
        known = self.places.get(code)
        return place(known) if known else code

    def filled(self, words: str) -> str:
        """Return a question's words with the names filled in."""
        return _capital(text.fill(words, {"organisation": self.organisation, "subject": self.subject}))

    def unnamed(self, words: str) -> str:
        """Return a question's words without the name of who answered."""
        return _capital(text.fill(words, {"organisation": _SOMEBODY[self.role], "subject": self.subject}))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


class _Names:
    """Says codes as names, for `values.say`."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording

    def organisation(self, code: str) -> str:
        """Return the name of a code."""
        return self._wording.organisation_name(code)


def subject_of(short_name: str, article: bool | None) -> str:
    """Return the mechanism inside a sentence, by its short name."""
    return with_article(short_name, article)


def item_of(
    questionnaire: Questionnaire,
    group_key: str | None,
    question_key: str,
    row: str,
    value: Plain,
    wording: Wording,
    **known: Any,
) -> Item | None:
    """Return the item of one stored answer, or None where its question has no concept.

    `group_key` is that of the instance the answer stands in: a list of records or a section. `known` are the
    other fields of `Item` (respondent, revision …).
    """
    question = questionnaire.find(group_key, question_key)
    records = questionnaire.question(question.parent) if question.parent else None
    concept = records.concept if records else question.concept
    if concept is None:
        return None
    asked: BaseQuestion = question.cell if isinstance(question, Matrix) else question
    words = _asked(question, records, _row(questionnaire, question, row), row, wording)
    return Item(
        role=wording.role,
        concept=concept,
        question_key=records.key if records else question.key,
        field=question.key if records else "",
        item=row,
        kind=str(getattr(asked, "kind", "")),
        value=value,
        question=wording.filled(words),
        question_unnamed=wording.unnamed(words),
        label=str(question.name),
        said=_said(asked, value, wording),
        chosen=_chosen(asked, value),
        codes=_codes(value),
        words=_words(value),
        **known,
    )


def _said(asked: BaseQuestion, value: Plain, wording: Wording) -> str:
    if isinstance(asked, Records):
        return str(asked.none or value)
    return values.say(asked, value, _Names(wording), wording.locale)


def _row(questionnaire: Questionnaire, question: BaseQuestion, row: str) -> Option | None:
    """Return the row of a matrix as an option, also where its rows were chosen in another question."""
    if not row or not isinstance(question, Matrix):
        return None
    if isinstance(question.rows, ChosenIn):
        return questionnaire.question(question.rows.chosen_in).option(row)
    return question.option(row)


def _asked(
    question: BaseQuestion, records: BaseQuestion | None, option: Option | None, row: str, wording: Wording
) -> str:
    """Return the question as it stood on the page: of a field with its list's, of a cell with its row."""
    own = question.text.in_locale(wording.locale)
    if records is not None:
        return f"{records.text.in_locale(wording.locale)} {own}"
    if row:
        return f"{own} {_row_words(option, wording.locale) if option else row}"
    return own


def _row_words(option: Option, locale: str) -> str:
    """Return a row as its page called it; of the row of own words what they are about, not “(specify)”."""
    said = option.inline or option.text if option.specify else option.text
    return said.in_locale(locale)


def _chosen(question: BaseQuestion, value: Plain) -> tuple[Choice, ...]:
    if not isinstance(value, dict):
        return ()
    keys = value.get("options") or ([value["option"]] if "option" in value else [])
    found = ((key, question.option(str(key))) for key in keys)
    return tuple(
        Choice(option.key, str(option.text), str(option.said_inside), option.specify)
        for _, option in found
        if option
    )


def _codes(value: Plain) -> tuple[str, ...]:
    return tuple(str(code) for code in value.get("codes", ())) if isinstance(value, dict) else NO_CODES


def _words(value: Plain) -> str:
    return str(value.get("other") or "") if isinstance(value, dict) else ""
