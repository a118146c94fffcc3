"""What is filled in for each kind of question, by dispatch on the kind."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import singledispatchmethod

from app.definitions import questions as kinds
from app.definitions.questions import BaseQuestion
from app.exports.conditions_in_words import ANSWERS
from app.exports.forms.model import MAIN, NONE, OTHER, RIGHT, TICKED, Control, Way
from app.i18n import _

_LONG_LINES = 5
_A_LINE = 200

Words = Callable[[str | None], str]


@dataclass(frozen=True, slots=True)
class Controls:
    """Knows how the texts of the questionnaire are said here."""

    words: Words

    def filled(
        self, question: BaseQuestion, shown: Mapping[str, Sequence[str]], known: str | None = None
    ) -> tuple[Control, ...]:
        """The controls of a question, holding what a page would show in its own; ``known`` is what the
        register says, to be confirmed.
        """
        if known is None:
            return self._of(question, shown)
        label = _("The register says: %(fact)s", fact=known)
        options = ((TICKED, _("This is right")),)
        right = tuple(value for value in shown.get(RIGHT, ()) if value == TICKED)
        main, *others = self._of(question, shown)
        instead = replace(main, label=main.label or _("If not, what is"))
        return Control(RIGHT, Way.TICKS, right, label, options), instead, *others

    @singledispatchmethod
    def _of(self, question: BaseQuestion, _shown: Mapping[str, Sequence[str]]) -> tuple[Control, ...]:
        raise TypeError(f"No form for {type(question).__name__}")

    @_of.register(kinds.Number)
    @_of.register(kinds.Year)
    @_of.register(kinds.Date)
    @_of.register(kinds.Link)
    def _line(self, _question: BaseQuestion, shown: Mapping[str, Sequence[str]]) -> tuple[Control, ...]:
        return (Control(MAIN, Way.TEXT, _first(shown, MAIN)),)

    @_of.register
    def _short(self, question: kinds.ShortText, shown: Mapping[str, Sequence[str]]) -> tuple[Control, ...]:
        return (Control(MAIN, Way.TEXT, _first(shown, MAIN), lines=1 + (question.max_chars > _A_LINE)),)

    @_of.register
    def _long(self, _question: kinds.LongText, shown: Mapping[str, Sequence[str]]) -> tuple[Control, ...]:
        return (Control(MAIN, Way.TEXT, _first(shown, MAIN), lines=_LONG_LINES),)

    @_of.register
    def _reference(
        self, question: kinds.Reference, shown: Mapping[str, Sequence[str]]
    ) -> tuple[Control, ...]:
        names = tuple(filter(None, ["\n".join(shown.get(MAIN, ()))]))
        label = _("One name on each line") if question.several else ""
        found = Control(MAIN, Way.TEXT, names, label, lines=3 if question.several else 1)
        if not question.other:
            return (found,)
        return found, Control(OTHER, Way.TEXT, _first(shown, OTHER), _("Others, in your words"))

    @_of.register
    def _yes_no(self, question: kinds.YesNo, shown: Mapping[str, Sequence[str]]) -> tuple[Control, ...]:
        answers = ("yes", "no", "unsure") if question.unsure else ("yes", "no")
        options = tuple((answer, _(ANSWERS[answer])) for answer in answers)
        return (Control(MAIN, Way.PICK, _first(shown, MAIN), options=options),)

    @_of.register
    def _choice(self, question: kinds.Choice, shown: Mapping[str, Sequence[str]]) -> tuple[Control, ...]:
        pick = Control(MAIN, Way.PICK, _first(shown, MAIN), options=self._options(question))
        return pick, *self._specify(question, shown)

    @_of.register
    def _choices(self, question: kinds.Choices, shown: Mapping[str, Sequence[str]]) -> tuple[Control, ...]:
        ticks = Control(MAIN, Way.TICKS, tuple(shown.get(MAIN, ())), options=self._options(question))
        return ticks, *self._specify(question, shown)

    @_of.register
    def _records(self, question: kinds.Records, shown: Mapping[str, Sequence[str]]) -> tuple[Control, ...]:
        """Only the answer that there are none; each record has fields of its own."""
        if question.none is None:
            return ()
        return (
            Control(NONE, Way.TICKS, _first(shown, NONE), options=((TICKED, self.words(question.none)),)),
        )

    @_of.register(kinds.Matrix)
    @_of.register(kinds.File)
    @_of.register(kinds.Note)
    def _nothing(self, _question: BaseQuestion, _shown: Mapping[str, Sequence[str]]) -> tuple[Control, ...]:
        return ()

    def _options(self, question: kinds.ClosedQuestion) -> tuple[tuple[str, str], ...]:
        return tuple((option.key, self.words(option.text)) for option in question.options)

    def _specify(
        self, question: kinds.ClosedQuestion, shown: Mapping[str, Sequence[str]]
    ) -> tuple[Control, ...]:
        other = question.other_option()
        if other is None:
            return ()
        label = _("“%(option)s”, in your words", option=self.words(other.text))
        return (Control(OTHER, Way.TEXT, _first(shown, OTHER), label),)


def _first(shown: Mapping[str, Sequence[str]], part: str) -> tuple[str, ...]:
    return tuple(value for value in list(shown.get(part, ()))[:1] if value)
