"""A questionnaire on paper: every question, its condition in words, and space to write in."""

from collections.abc import Iterator, Mapping

from app.definitions.questions import BaseQuestion, ChosenIn, Matrix, Option, Records, TextQuestion
from app.definitions.schema import Page, Questionnaire, Section
from app.definitions.text import fill
from app.exports import docx, html, pdf
from app.exports.answer_space import AnswerSpace, limits
from app.exports.blocks import Block, Document, Heading, Lines, Paragraph, Role, TitleBlock, said
from app.exports.conditions_in_words import ConditionWords
from app.i18n import _

_SUBJECTS = {"state": "the mechanism", "igo": "the mechanism", "iscm": "your mechanism"}
_ORGANISATIONS = {"state": "your country", "igo": "your organization", "iscm": "your mechanism"}


def render(
    questionnaire: Questionnaire, fmt: str, locale: str = "", *, only: frozenset[str] | None = None
) -> bytes:
    """The paper version as a file of ``fmt`` (docx, pdf or html), in the questionnaire's language or another;
    ``only`` names the sections that are wanted.

    Equal questionnaires give equal bytes. Raises ``ValueError`` for another format.
    """
    writers = {"docx": docx.write, "pdf": pdf.write, "html": html.write}
    if fmt not in writers:
        raise ValueError(f"There is no format {fmt!r}; use one of docx, pdf, html")
    return writers[fmt](document(questionnaire, locale, only))


def document(questionnaire: Questionnaire, locale: str = "", only: frozenset[str] | None = None) -> Document:
    """The paper version as blocks, of all sections or of those named."""
    return _Paper(questionnaire, locale or questionnaire.locale).document(only)


class _Paper:
    """One questionnaire in one language, its questions numbered through."""

    def __init__(self, questionnaire: Questionnaire, locale: str) -> None:
        self._questionnaire = questionnaire
        self._locale = locale
        self._numbers = numbers_of(questionnaire)
        self._conditions = ConditionWords(questionnaire, self._numbers, locale)
        self._placeholders = {
            "subject": _(_SUBJECTS[questionnaire.audience]),
            "organisation": _(_ORGANISATIONS[questionnaire.audience]),
        }

    def document(self, only: frozenset[str] | None) -> Document:
        """Title, who answers, then section by section."""
        wanted = [section for section in self._questionnaire.sections if only is None or section.key in only]
        title = self._fill(self._questionnaire.title)
        version = _("Version %(number)s, on paper", number=self._questionnaire.version)
        return Document(
            title=title,
            language=self._locale,
            description=_("Assessment of Inter-State Consultation Mechanisms on Migration"),
            publisher=_("International Organization for Migration"),
            foot=f"{title} · {version}",
            blocks=(
                TitleBlock(
                    organisation=_("International Organization for Migration (IOM)"),
                    division=_("International Partnerships Division (IPD)"),
                    occasion=_("Assessment of Inter-State Consultation Mechanisms on Migration"),
                    kind=version,
                    title=title,
                    line=_("For consulting colleagues before the answers are entered online."),
                ),
                *self._intro(self._questionnaire.intro),
                Paragraph(said(_("Answers of")), Role.QUESTION),
                Lines(1),
                *(block for section in wanted for block in self._section(section)),
            ),
        )

    def _section(self, section: Section) -> Iterator[Block]:
        if section.repeat is None:
            yield Heading(1, self._fill(section.title))
        else:
            yield Heading(1, _("For each mechanism"))
            yield Paragraph(said(_("Fill in one copy of this part for each mechanism.")), Role.HINT)
            yield Paragraph(said(_("Name of the mechanism")), Role.QUESTION)
            yield Lines(1)
        yield from self._condition(section.when)
        yield from self._intro(section.intro)
        for page in section.pages:
            yield from self._page(page)

    def _page(self, page: Page) -> Iterator[Block]:
        yield Heading(2, self._fill(page.title), aside=_("May be left out") if page.more else "")
        yield from self._condition(page.when)
        yield from self._intro(page.intro)
        for question in page.questions:
            yield from self._question(question, question.key)
            if isinstance(question, Records):
                yield from self._fields(question)

    def _fields(self, records: Records) -> Iterator[Block]:
        item = records.item.in_locale(self._locale)
        words = _(
            "Copy the lines below for each further entry (%(item)s); at most %(most)s.",
            item=item,
            most=records.max,
        )
        yield Paragraph(said(words), Role.HINT)
        for field in records.fields:
            yield from self._question(field, f"{records.key}.{field.key}")

    def _question(self, question: BaseQuestion, address: str) -> Iterator[Block]:
        number = self._numbers.get(address, "")
        yield Paragraph(said(f"{number} ".lstrip(), self._fill(question.text)), Role.QUESTION)
        yield from self._condition(question.when)
        hints = [question.hint, question.help]
        for hint in hints:
            if hint:
                yield Paragraph(said(self._fill(hint)), Role.HINT)
        if question.example:
            yield Paragraph(
                said(_("For example: %(example)s", example=self._fill(question.example))), Role.HINT
            )
        bounds = limits(question)
        if bounds:
            yield Paragraph(said(" ".join(bounds)), Role.HINT)
        space = AnswerSpace(self._stem(question), self._rows(question), self._locale)
        yield from space.of(question)

    def _condition(self, rule: object) -> Iterator[Block]:
        if rule is not None:
            yield Paragraph(said(self._conditions.only_if(rule)), Role.HINT)

    def _intro(self, text: str | None) -> Iterator[Block]:
        if text:
            yield Paragraph(said(self._fill(text)))

    def _stem(self, question: BaseQuestion) -> str:
        """The beginning of the sentence, without the dots that its writer may have put after it."""
        if not isinstance(question, TextQuestion) or question.stem is None:
            return ""
        return self._fill(question.stem).rstrip(" …")

    def _rows(self, question: BaseQuestion) -> tuple[Option, ...]:
        if not isinstance(question, Matrix):
            return ()
        if isinstance(question.rows, ChosenIn):
            return self._questionnaire.question(question.rows.chosen_in).listed()
        return question.listed()

    def _fill(self, text: str) -> str:
        """The text in the language of the paper, with general words for who is asked about what."""
        words = getattr(text, "in_locale", lambda _locale: text)(self._locale)
        filled = fill(words, self._placeholders)
        return filled[:1].upper() + filled[1:] if words.startswith("{") else filled


def numbers_of(questionnaire: Questionnaire) -> Mapping[str, str]:
    """The number of each question by its address; fields of a list are counted below the list's number."""
    numbers: dict[str, str] = {}
    outside = inside = 0
    for address, place in questionnaire.places.items():
        if place.question.kind == "note":
            continue
        if place.records is None:
            outside, inside = outside + 1, 0
            numbers[address] = str(outside)
        else:
            inside += 1
            numbers[address] = f"{outside}.{inside}"
            numbers.setdefault(place.question.key, numbers[address])
    return numbers
