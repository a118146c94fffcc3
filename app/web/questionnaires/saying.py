"""A questionnaire in words, for who reads it and not for who answers it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from app.definitions.addresses import of_questionnaire
from app.definitions.questions import BaseQuestion, ChosenIn, Matrix, Option, Records, TextQuestion
from app.definitions.schema import Page, Questionnaire, Section
from app.exports.answer_space import limits
from app.exports.conditions_in_words import ConditionWords
from app.exports.questionnaire_document import numbers_of
from app.i18n import _


@dataclass(frozen=True)
class SaidQuestion:
    """One question with all that is written of it."""

    number: str
    address: str
    kind: str
    text: str
    only_if: str
    facts: tuple[tuple[str, str], ...]
    options: tuple[tuple[str, str, str], ...]
    """As (key, words, what is particular)."""
    warnings: tuple[tuple[str, str], ...]
    inside: bool
    """Whether it is a field of a list."""


@dataclass(frozen=True)
class SaidPage:
    """One page."""

    key: str
    title: str
    intro: str
    more: bool
    only_if: str
    questions: tuple[SaidQuestion, ...]


@dataclass(frozen=True)
class SaidSection:
    """One section."""

    key: str
    title: str
    intro: str
    repeated: bool
    only_if: str
    pages: tuple[SaidPage, ...]


@dataclass(frozen=True)
class Coverage:
    """How many of the texts stand in a language, and how many of those are of an older wording."""

    locale: str
    translated: int
    stale: int
    texts: int


def kind_names() -> dict[str, str]:
    """What the kinds of question are called."""
    return {
        "short_text": _("One line"),
        "long_text": _("Text"),
        "number": _("Number"),
        "year": _("Year"),
        "date": _("Date"),
        "yes_no": _("Yes or no"),
        "choice": _("One of a list"),
        "choices": _("Several of a list"),
        "matrix": _("Table"),
        "reference": _("Names from the register"),
        "link": _("Address on the web"),
        "file": _("Files and links"),
        "records": _("List of entries"),
        "note": _("Words to read"),
    }


def coverage(questionnaire: Questionnaire) -> list[Coverage]:
    """How far each other language is."""
    texts = [spoken.text for spoken in of_questionnaire(questionnaire)]
    done = Counter(locale for text in texts for locale in text.translations)
    stale = Counter(locale for text in texts for locale in text.stale)
    return [Coverage(locale, done[locale], stale[locale], len(texts)) for locale in sorted(done)]


def conditions_of(questionnaire: Questionnaire) -> ConditionWords:
    """What says the rules of the questionnaire in words."""
    return ConditionWords(questionnaire, numbers_of(questionnaire), questionnaire.locale)


def sections(questionnaire: Questionnaire) -> list[SaidSection]:
    """Everything of it, section by section."""
    return [_Saying(questionnaire).section(section) for section in questionnaire.sections]


class _Saying:
    def __init__(self, questionnaire: Questionnaire) -> None:
        self._numbers = numbers_of(questionnaire)
        self._conditions = conditions_of(questionnaire)
        self._kinds = kind_names()

    def section(self, section: Section) -> SaidSection:
        return SaidSection(
            section.key,
            str(section.title),
            str(section.intro or ""),
            section.repeat is not None,
            self._rule(section.when),
            tuple(self._page(page) for page in section.pages),
        )

    def _page(self, page: Page) -> SaidPage:
        return SaidPage(
            page.key,
            str(page.title),
            str(page.intro or ""),
            page.more,
            self._rule(page.when),
            tuple(said for question in page.questions for said in self._questions(question)),
        )

    def _questions(self, question: BaseQuestion) -> Iterator[SaidQuestion]:
        yield self._question(question, question.key, inside=False)
        if isinstance(question, Records):
            for field in question.fields:
                yield self._question(field, f"{question.key}.{field.key}", inside=True)

    def _question(self, question: BaseQuestion, address: str, *, inside: bool) -> SaidQuestion:
        kind = str(getattr(question, "kind", ""))
        warnings = tuple((str(warn.text), self._rule(warn.when)) for warn in question.warn)
        return SaidQuestion(
            self._numbers.get(address, ""),
            address,
            self._kinds.get(kind, kind),
            str(question.text),
            self._rule(question.when),
            tuple(self._facts(question)),
            tuple(_options(question)),
            warnings,
            inside,
        )

    def _rule(self, rule: object) -> str:
        return self._conditions.only_if(rule) if rule is not None else ""

    def _facts(self, question: BaseQuestion) -> Iterator[tuple[str, str]]:
        if question.required:
            yield _("Required"), _("to submit")
        yield from _bounds(question)
        if bounds := limits(question):
            yield _("Limits"), " ".join(bounds)
        named = (
            ("label", _("Short name")),
            ("hint", _("Hint")),
            ("help", _("Help")),
            ("example", _("Example")),
        )
        for name, words in named:
            if value := getattr(question, name):
                yield words, str(value)
        if isinstance(question, TextQuestion) and question.stem:
            yield _("The sentence begins"), str(question.stem)
        if isinstance(question, Records):
            yield _("One entry is called"), str(question.item)
            if question.none:
                yield _("An answer that there are none"), str(question.none)
        if isinstance(question, Matrix):
            yield _("In each row"), self._kinds[question.cell.kind]
            if isinstance(question.rows, ChosenIn):
                number = self._numbers.get(question.rows.chosen_in, question.rows.chosen_in)
                yield _("Rows"), _("what was chosen in question %(number)s", number=number)
        if question.concept:
            yield _("Concept"), question.concept
        if question.known:
            yield _("Asked as “Is this right?”"), question.known
        if question.most_attachments:
            yield _("Files and links"), str(question.most_attachments)


def _bounds(question: BaseQuestion) -> Iterator[tuple[str, str]]:
    for name, words in (
        ("min", _("At least")),
        ("max", _("At most")),
        ("max_chars", _("Characters, at most")),
    ):
        value = getattr(question, name, None)
        if value is not None:
            yield words, str(value)


def _options(question: BaseQuestion) -> Iterator[tuple[str, str, str]]:
    exclusive = getattr(question, "exclusive", ())
    listed: list[Option] = list(question.listed())
    if isinstance(question, Matrix):
        listed += question.cell.listed()
    for option in listed:
        more = [str(option.hint)] if option.hint else []
        more += [_("opens a field for own words")] if option.specify else []
        more += [_("stands alone")] if option.key in exclusive else []
        yield option.key, str(option.text), "; ".join(more)
