"""Item response, question by question, and how far drafts are: counts of answers, never what they say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from app.definitions import progress, routing, text
from app.definitions.questions import Question
from app.definitions.routing import Answers, Instance
from app.definitions.schema import Questionnaire
from app.i18n import _


@dataclass(frozen=True)
class Given:
    """The answers of one response as they stood: submitted, or in a draft. ``subjects`` names the mechanism
    (its code) of each block.
    """

    response_id: UUID
    questionnaire: Questionnaire
    answers: Answers
    instances: tuple[Instance, ...]
    subjects: Mapping[UUID, str]


@dataclass(frozen=True)
class Progress:
    """Of how many questions asked how many are answered."""

    answered: int
    asked: int


@dataclass(frozen=True)
class Asking:
    """That one respondent was asked a question, about a mechanism or once, and whether it answered."""

    response_id: UUID
    subject: str | None
    answered: bool


@dataclass
class Item:
    """One question, over all versions of its questionnaire: everybody who was asked it on their path.

    ``words`` and ``section`` are those of the newest version.
    """

    questionnaire: str
    key: str
    words: str
    section: str
    version: int
    askings: list[Asking] = field(default_factory=list)

    @property
    def asked(self) -> int:
        """How often it was asked: once a respondent, or once for each mechanism."""
        return len(self.askings)

    @property
    def answered(self) -> int:
        """How often it was answered."""
        return sum(each.answered for each in self.askings)

    @property
    def per_cent(self) -> float:
        """Answered in per cent of asked; an item is there only if it was asked."""
        return 100 * self.answered / self.asked


def how_far(given: Given) -> Progress:
    """How far the answers are."""
    path = routing.path(given.questionnaire, given.answers, given.instances)
    found = [answered for _page, _asked, answered in progress.asked(path, given.answers)]
    return Progress(sum(found), len(found))


def items(everything: Iterable[Given], locale: str = "en") -> list[Item]:
    """Every question that was asked, in the order of the questionnaires."""
    found: dict[tuple[str, str], Item] = {}
    newest: dict[str, Questionnaire] = {}
    for given in everything:
        questionnaire = given.questionnaire
        known = newest.setdefault(questionnaire.key, questionnaire)
        if known.version < questionnaire.version:
            newest[questionnaire.key] = questionnaire
        path = routing.path(questionnaire, given.answers, given.instances)
        for page, question, answered in progress.asked(path, given.answers):
            item = found.get((questionnaire.key, question.key))
            if item is None or item.version < questionnaire.version:
                item = _item(questionnaire, page.section_key, question, locale, item)
                found[questionnaire.key, question.key] = item
            block = page.instance_id if isinstance(page.instance_id, UUID) else None
            subject = given.subjects.get(block) if block else None
            item.askings.append(Asking(given.response_id, subject, answered))
    return sorted(found.values(), key=lambda each: (each.questionnaire, _place(newest, each)))


def _item(
    questionnaire: Questionnaire, section: str, question: Question, locale: str, known: Item | None
) -> Item:
    """The question in the words of this version; what was counted of older ones goes with it."""
    filled = {"subject": _("the mechanism"), "organisation": _("the respondent")}
    words = text.fill(question.name.in_locale(locale), filled)
    title = text.fill(questionnaire.section(section).title.in_locale(locale), filled)
    return Item(
        questionnaire=questionnaire.key,
        key=question.key,
        words=words[:1].upper() + words[1:],
        section=title[:1].upper() + title[1:],
        version=questionnaire.version,
        askings=known.askings if known else [],
    )


def _place(newest: Mapping[str, Questionnaire], item: Item) -> int:
    """Where the question stands in the newest version; one that it does not ask any more comes last."""
    keys = list(newest[item.questionnaire].places)
    return keys.index(item.key) if item.key in keys else len(keys)
