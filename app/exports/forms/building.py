"""Makes a form of a questionnaire, or of one section or block of it, blank or with what is answered.

Nothing is hidden on paper: what is asked only under a condition stands there with its condition in words.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID, uuid4

from app.definitions.questions import (
    OTHER_ROW,
    BaseQuestion,
    ChosenIn,
    File,
    Matrix,
    Note,
    Question,
    Records,
    TextQuestion,
)
from app.definitions.schema import Page as QuestionPage
from app.definitions.schema import Questionnaire, Section
from app.exports.answer_space import limits
from app.exports.conditions_in_words import ConditionWords
from app.exports.forms.controls import Controls
from app.exports.forms.model import Asked, Entry, Field, Page, Part, Spot
from app.exports.questionnaire_document import numbers_of
from app.i18n import _

SPARE = 3
"""As many empty places a list has beyond what is there."""


class Answers(Protocol):
    """What the form needs to know of a response."""

    def words(self, template: str | None, instance: UUID | None) -> str:
        """A text of the questionnaire with its placeholders filled."""
        ...

    def shown(self, question: BaseQuestion, spot: Spot, key: str, item: str) -> Mapping[str, Sequence[str]]:
        """What a page would show in the controls of that answer, by part; nothing in a blank form."""
        ...

    def known(self, question: BaseQuestion, spot: Spot) -> str | None:
        """What the register says, in words, where the question asks to confirm it."""
        ...

    def revision(self, spot: Spot, key: str, item: str) -> int:
        """The revision that the form shows, 0 for none."""
        ...

    def records(self, instance: UUID | None, key: str) -> Sequence[UUID]:
        """The records of a list that the form shows."""
        ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """One section to be put on the form, for one block or outside of them, under which name."""

    section: Section
    instance: UUID | None
    title: str
    short: str


def parts(
    questionnaire: Questionnaire, wanted: Sequence[Wanted], answers: Answers, locale: str
) -> tuple[Part, ...]:
    """The parts of the form, its answers numbered through from 0."""
    builder = _Builder(questionnaire, answers, locale)
    return tuple(builder.part(each) for each in wanted)


@dataclass
class _Builder:
    questionnaire: Questionnaire
    answers: Answers
    locale: str
    made: int = 0
    numbers: Mapping[str, str] = field(init=False)
    conditions: ConditionWords = field(init=False)

    def __post_init__(self) -> None:
        self.numbers = numbers_of(self.questionnaire)
        self.conditions = ConditionWords(self.questionnaire, self.numbers, self.locale)

    def part(self, wanted: Wanted) -> Part:
        section, instance = wanted.section, wanted.instance
        return Part(
            wanted.title,
            wanted.short,
            (*self._condition(section.when), *self._texts(instance, section.intro)),
            tuple(self._page(section, page, instance) for page in section.pages),
        )

    def _page(self, section: Section, page: QuestionPage, instance: UUID | None) -> Page:
        spot = Spot(instance, section.key if section.repeat is not None else None)
        return Page(
            self.answers.words(page.title, instance),
            _("May be left out") if page.more else "",
            (*self._condition(page.when), *self._texts(instance, page.intro)),
            tuple(
                self._asked(question, spot) for question in page.questions if not isinstance(question, File)
            ),
        )

    def _asked(self, question: Question, spot: Spot) -> Asked:
        instance = spot.instance
        notes = [*self._condition(question.when), *self._texts(instance, question.hint, question.help)]
        if question.example:
            example = self.answers.words(question.example, instance)
            notes.append(_("For example: %(example)s", example=example))
        if bounds := limits(question):
            notes.append(" ".join(bounds))
        if isinstance(question, Matrix) and isinstance(question.rows, ChosenIn):
            number = self.numbers[question.rows.chosen_in]
            notes.append(_("Only for what is chosen in question %(number)s.", number=number))
        stem = self.answers.words(question.stem, instance) if isinstance(question, TextQuestion) else ""
        return Asked(
            self.numbers.get(question.key, ""),
            self.answers.words(question.text, instance),
            tuple(notes),
            stem.rstrip(" …"),
            tuple(self._fields(question, spot)),
            tuple(self._entries(question, spot)) if isinstance(question, Records) else (),
            self._after(question, spot) if isinstance(question, Records) else "",
        )

    def _fields(self, question: Question, spot: Spot) -> Iterator[Field]:
        if isinstance(question, Matrix):
            for key, words in self._rows(question, spot):
                yield self._field(question.cell, spot, question.key, key, words)
        elif not isinstance(question, Note) and not (isinstance(question, Records) and question.none is None):
            yield self._field(question, spot, question.key, "", "")

    def _rows(self, matrix: Matrix, spot: Spot) -> Iterator[tuple[str, str]]:
        """Every row that there may be, those that depend on a choice included."""
        if not isinstance(matrix.rows, ChosenIn):
            for row in matrix.rows:
                yield row.key, self.answers.words(row.text, spot.instance)
            return
        asked = self.questionnaire.question(matrix.rows.chosen_in)
        for option in asked.listed():
            words = self.answers.words(option.text, spot.instance)
            yield (
                (OTHER_ROW, _("%(option)s, as written there", option=words))
                if option.specify
                else (
                    option.key,
                    words,
                )
            )

    def _entries(self, records: Records, spot: Spot) -> Iterator[Entry]:
        there = self.answers.records(spot.instance, records.key)
        places = [Spot(record, records.key) for record in there]
        spare = min(SPARE, max(0, records.max - len(there)))
        places += [Spot(spot.instance, records.key, uuid4()) for _place in range(spare)]
        item = self.answers.words(records.item, spot.instance)
        for number, place in enumerate(places, 1):
            fields = [
                self._field(part, place, part.key, "", self.answers.words(part.name, spot.instance))
                for part in records.fields
            ]
            yield Entry(f"{item[:1].upper()}{item[1:]} {number}", tuple(fields))

    def _after(self, records: Records, spot: Spot) -> str:
        item = self.answers.words(records.item, spot.instance)
        return _(
            "Leave empty what you do not need. For more entries (%(item)s; at most %(most)s), send this form "
            "and download another, or add them online.",
            item=item,
            most=records.max,
        )

    def _field(self, question: BaseQuestion, spot: Spot, key: str, item: str, label: str) -> Field:
        def words(text: str | None) -> str:
            return self.answers.words(text, spot.instance)

        known = self.answers.known(question, spot) if question.known else None
        shown = self.answers.shown(question, spot, key, item)
        controls = Controls(words).filled(question, shown, known)
        number, self.made = self.made, self.made + 1
        return Field(number, spot, key, item, self.answers.revision(spot, key, item), controls, label)

    def _condition(self, rule: object) -> list[str]:
        return [self.conditions.only_if(rule)] if rule is not None else []

    def _texts(self, instance: UUID | None, *texts: str | None) -> list[str]:
        return [self.answers.words(text, instance) for text in texts if text]
