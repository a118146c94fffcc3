"""How far each part of a response is: computed from what is asked and what is answered, stored nowhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from app.definitions import completeness
from app.definitions.progress import askable
from app.definitions.progress import is_answered as is_answered_on
from app.definitions.questions import Matrix, Question, Records
from app.definitions.routing import ShownPage
from app.queries.answer_sheets import Kept
from app.web.respond.sheet import Sheet

NOT_TAKING_PART = "participation.takes_part"


@dataclass(frozen=True)
class Progress:
    """Of how many questions how many are answered, how many need a look, and who wrote last."""

    asked: int
    answered: int
    wrong: int
    lacking: int
    last: Kept | None
    inactive: bool = False

    @property
    def state(self) -> str:
        """`inactive`, `look`, `open`, `done` or `under-way`."""
        if self.inactive and not self.wrong:
            return "inactive"
        if self.wrong:
            return "look"
        if not self.answered:
            return "open"
        return "done" if self.answered >= self.asked and not self.lacking else "under-way"


def progress(sheet: Sheet, pages: Iterable[ShownPage]) -> Progress:
    """The progress over some pages;
    what stands behind “Say more” is looked at for faults, and not counted.
    """
    asked = done = wrong = lacking = 0
    kept: list[Kept] = []
    inactive = False
    for page in pages:
        instance = page.instance_id if isinstance(page.instance_id, UUID) else None
        lacks = completeness.of_page(sheet.path, page, sheet.plain_answers, sheet.register)
        lacking += sum(lack.empty for lack in lacks)
        wrong += len({(lack.instance, lack.question_key) for lack in lacks if not lack.empty})
        for question in askable(page):
            there = is_answered(sheet, question, instance)
            if not page.more:
                asked, done = asked + 1, done + there
            kept += answers_to(sheet, question, instance)
            if question.concept == NOT_TAKING_PART:
                inactive = sheet.plain_answers.get((instance, question.key, "")) == "no"
    return Progress(asked, done, wrong, lacking, max(kept, key=lambda one: one.at, default=None), inactive)


def answered(sheet: Sheet, page: ShownPage) -> int:
    """How many questions of the page are answered."""
    instance = page.instance_id if isinstance(page.instance_id, UUID) else None
    return sum(is_answered(sheet, question, instance) for question in askable(page))


def is_answered(sheet: Sheet, question: Question, instance: UUID | None) -> bool:
    """Whether there is an answer, as ``app.definitions.progress`` counts it."""
    return is_answered_on(sheet.path, sheet.plain_answers, question, instance)


def answers_to(sheet: Sheet, question: Question, instance: UUID | None) -> list[Kept]:
    """Every stored answer of the question, emptied ones left out: its own, its rows', its records'."""
    stored = sheet.stored.answers
    found = [stored.get((instance, question.key, ""))]
    if isinstance(question, Matrix):
        found = [
            stored.get((instance, question.key, row.key)) for row in sheet.path.rows(instance, question.key)
        ]
    if isinstance(question, Records):
        found += [
            stored.get((record.id, field.key, ""))
            for record in sheet.path.records(instance, question.key)
            if isinstance(record.id, UUID)
            for field in question.fields
        ]
    return [kept for kept in found if kept is not None and kept.value is not None]
