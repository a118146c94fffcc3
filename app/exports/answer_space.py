"""The space that each kind of question leaves on paper: lines, boxes, a table to cross."""

from dataclasses import dataclass
from functools import singledispatchmethod

from app.definitions import questions as kinds
from app.definitions.questions import BaseQuestion, Matrix, Records
from app.exports.blocks import Block, Cell, Lines, Option, Options, Paragraph, Table, said
from app.exports.conditions_in_words import ANSWERS
from app.i18n import _

_WORDS_A_LINE = 14
_COLUMNS_TO_CROSS = 6


@dataclass(frozen=True, slots=True)
class AnswerSpace:
    """The space for one question: ``stem`` begins the sentence, ``rows`` are those of a matrix."""

    stem: str
    rows: tuple[kinds.Option, ...]
    locale: str

    @singledispatchmethod
    def of(self, question: BaseQuestion) -> list[Block]:
        """The blocks to write in."""
        raise TypeError(f"No paper form for {type(question).__name__}")

    @of.register
    def _short(self, question: kinds.ShortText) -> list[Block]:
        return [Lines(2 if question.max_chars > 200 or self.stem else 1, self.stem)]

    @of.register
    def _long(self, question: kinds.LongText) -> list[Block]:
        words = question.max_words or 120
        return [Lines(min(10, max(4, words // _WORDS_A_LINE)), self.stem)]

    @of.register(kinds.Number)
    @of.register(kinds.Year)
    @of.register(kinds.Date)
    @of.register(kinds.Link)
    def _line(self, _question: BaseQuestion) -> list[Block]:
        return [Lines(1)]

    @of.register
    def _reference(self, question: kinds.Reference) -> list[Block]:
        return [Lines(2 if question.several else 1)]

    @of.register
    def _yes_no(self, question: kinds.YesNo) -> list[Block]:
        answers = ("yes", "no", "unsure") if question.unsure else ("yes", "no")
        return [Options(tuple(Option(_(ANSWERS[answer])) for answer in answers), several=False)]

    @of.register
    def _choice(self, question: kinds.Choice) -> list[Block]:
        return [Options(_options(question.offered(self.locale), self.locale), several=False)]

    @of.register
    def _choices(self, question: kinds.Choices) -> list[Block]:
        return [Options(_options(question.offered(self.locale), self.locale), several=True)]

    @of.register
    def _matrix(self, question: Matrix) -> list[Block]:
        columns = _columns(question, self.locale)
        empty = tuple(Cell(()) for _column in columns)
        body = tuple((_words(row.text.in_locale(self.locale)), *empty) for row in self.rows)
        name = question.name.in_locale(self.locale)
        first = 3 if len(columns) > 1 else 2
        widths = (first, *(1 for _column in columns)) if len(columns) > 1 else (first, 3)
        blocks: list[Block] = []
        if len(columns) == 1 and question.cell.listed():
            blocks.append(Options(_options(question.cell.listed(), self.locale), several=False))
        return [*blocks, Table(name, (_("About"), *columns), body, widths, row_heads=True)]

    @of.register
    def _records(self, question: Records) -> list[Block]:
        """Only the answer that there are none; the fields are questions of their own."""
        return (
            [Options((Option(question.none.in_locale(self.locale)),), several=True)] if question.none else []
        )

    @of.register(kinds.File)
    @of.register(kinds.Note)
    def _nothing(self, _question: BaseQuestion) -> list[Block]:
        return []


def limits(question: BaseQuestion) -> list[str]:
    """What the answer may be, in sentences: length, number of choices, where crosses go, names of what."""
    found = []
    if isinstance(question, kinds.ShortText | kinds.LongText) and question.max_words:
        found.append(_("At most %(number)s words.", number=question.max_words))
    if isinstance(question, kinds.Choices) and question.max_choices:
        found.append(_("At most %(number)s.", number=question.max_choices))
    elif isinstance(question, kinds.Choices) and not question.hint:
        found.append(_("Several can apply."))
    if isinstance(question, Matrix) and question.cell.listed():
        found.append(_("One answer a row."))
    if isinstance(question, kinds.Number) and question.unit:
        found.append(_("In %(unit)s.", unit=question.unit))
    if isinstance(question, kinds.Date):
        found.append(_("Day, month and year."))
    if question.most_attachments:
        found.append(
            _("Up to %(number)s documents or links can be attached.", number=question.most_attachments)
        )
    if question.required:
        found.append(_("An answer is needed before submission."))
    return found


def _columns(question: Matrix, locale: str) -> tuple[str, ...]:
    if isinstance(question.cell, kinds.YesNo):
        return _(ANSWERS["yes"]), _(ANSWERS["no"])
    options = question.cell.listed()
    if 0 < len(options) <= _COLUMNS_TO_CROSS:
        return tuple(option.text.in_locale(locale) for option in options)
    return (_("Answer"),)


def _options(options: tuple[kinds.Option, ...], locale: str) -> tuple[Option, ...]:
    return tuple(
        Option(
            option.text.in_locale(locale),
            hint=option.hint.in_locale(locale) if option.hint else "",
            write=option.specify,
        )
        for option in options
    )


def _words(text: str) -> Cell:
    return Cell((Paragraph(said(text)),))
