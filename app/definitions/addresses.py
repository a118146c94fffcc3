"""Where the words of a definition stand: each text has an address that stays when lines and order change."""

from collections.abc import Iterator

from pydantic import BaseModel

from app.definitions.questions import BaseQuestion, Matrix, Option, Records
from app.definitions.schema import Page, Questionnaire, Section
from app.definitions.source import Steps
from app.definitions.text import LocalizedText
from app.definitions.vocabularies import Term, Vocabulary

_OWN_PARTS = ("sections", "pages", "questions", "fields")


def texts_of(part: object, only: tuple[str, ...] = ()) -> Iterator[tuple[Steps, LocalizedText]]:
    """Yield the texts of one part with their places in it; sections, pages, questions and fields below it are
    not entered. `only` limits the texts to some names."""
    if not isinstance(part, BaseModel):
        return
    for name in type(part).model_fields:
        if name in _OWN_PARTS or (only and name not in only):
            continue
        value = getattr(part, name)
        if isinstance(value, LocalizedText):
            yield (name,), value
        elif isinstance(value, BaseModel):
            yield from (((name, *below), text) for below, text in texts_of(value))
        elif isinstance(value, tuple):
            for number, item in enumerate(value):
                yield from (((name, number, *below), text) for below, text in texts_of(item))


class Spoken:
    """One text of a definition: its address, its place in the stored form, and whether a vocabulary owns
    it."""

    __slots__ = ("address", "borrowed", "steps", "text")

    def __init__(self, address: str, steps: Steps, text: LocalizedText, borrowed: bool) -> None:
        self.address = address
        self.steps = steps
        self.text = text
        self.borrowed = borrowed


def of_vocabulary(vocabulary: Vocabulary) -> Iterator[Spoken]:
    """Yield the texts of a vocabulary: `title`, `terms.law.text`."""
    yield from _named("", (), vocabulary)


def of_questionnaire(questionnaire: Questionnaire) -> Iterator[Spoken]:
    """Yield the texts of a questionnaire.

    Their addresses are `title`, `sections.about.title`, `pages.about.contact.intro`,
    `questions.effects.hint`, `questions.effects.year.text`, `questions.kinds.options.law.text`,
    `questions.kinds.warn.0.text`.
    """
    yield from _named("", (), questionnaire)
    for i, section in enumerate(questionnaire.sections):
        yield from _of_section(("sections", i), section)


def _of_section(steps: Steps, section: Section) -> Iterator[Spoken]:
    yield from _named(f"sections.{section.key}.", steps, section)
    for j, page in enumerate(section.pages):
        yield from _of_page((*steps, "pages", j), page, section)


def _of_page(steps: Steps, page: Page, section: Section) -> Iterator[Spoken]:
    yield from _named(f"pages.{section.key}.{page.key}.", steps, page)
    for k, question in enumerate(page.questions):
        here = (*steps, "questions", k)
        yield from _named(f"questions.{question.key}.", here, question)
        if isinstance(question, Records):
            for number, field in enumerate(question.fields):
                yield from _named(f"questions.{question.key}.{field.key}.", (*here, "fields", number), field)


def _named(prefix: str, steps: Steps, part: BaseModel) -> Iterator[Spoken]:
    for below, text in texts_of(part):
        if below[0] == "cell" and below[1:] in (("text",), ("key",)):
            continue
        yield Spoken(prefix + _address(part, below), (*steps, *below), text, _borrowed(part, below))


def _address(part: BaseModel, below: Steps) -> str:
    words: list[str] = []
    found: object = part
    for step in below:
        found = (
            found[step] if isinstance(step, int) and isinstance(found, tuple) else getattr(found, str(step))
        )
        words.append(found.key if isinstance(step, int) and isinstance(found, Option | Term) else str(step))
    return ".".join(words)


def _borrowed(part: BaseModel, below: Steps) -> bool:
    if isinstance(part, Matrix) and below[0] == "cell":
        return _borrowed(part.cell, below[1:])
    listed = below[0] in ("options", "rows")
    return listed and isinstance(part, BaseQuestion) and getattr(part, "vocabulary", None) is not None
