"""Which pages and questions are asked now: one forward pass over the questionnaire.

Rules speak only of questions asked earlier, so one pass is enough: a question that is not shown is never
looked at by a later rule, whatever was answered to it before. Nothing here is stored.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias
from uuid import UUID

from app.definitions import conditions
from app.definitions.plain import Plain
from app.definitions.questions import OTHER_ROW, ChosenIn, Matrix, Note, Option, Question, Records
from app.definitions.schema import Page, Questionnaire, Section
from app.definitions.text import LocalizedText

InstanceId: TypeAlias = UUID | str | None
Answers: TypeAlias = Mapping[tuple[InstanceId, str, str], Plain]
"""Plain values by instance (None outside repeats), question key and item ('' but for a matrix's cells)."""


@dataclass(frozen=True)
class Instance:
    """A repeat instance: a mechanism's block (`group_key` is the section's) or a record (`group_key` is the
    list's)."""

    id: InstanceId
    group_key: str
    parent_id: InstanceId = None
    subject: str | None = None
    active: bool = True


@dataclass(frozen=True)
class ShownPage:
    """A page with the questions shown on it now; `instance_id` is the mechanism's block or None."""

    section_key: str
    page_key: str
    instance_id: InstanceId
    questions: tuple[Question, ...]
    more: bool = False

    @property
    def asks(self) -> tuple[Question, ...]:
        """The questions that can be answered: notes left out."""
        return tuple(question for question in self.questions if not isinstance(question, Note))


@dataclass(frozen=True)
class Path:
    """The outcome of routing: the pages in order, and which questions are on the path in which instance."""

    pages: tuple[ShownPage, ...]
    shown: Mapping[InstanceId, Mapping[str, Question]]
    """The questions shown, by instance (records have their own id) and key."""
    _walk: "_Walk" = field(repr=False, compare=False)

    def on(self, instance_id: InstanceId, key: str) -> bool:
        """Return whether the question is asked in that instance (None outside repeats)."""
        return key in self.shown.get(instance_id, ())

    def find(self, section: str, page: str, instance_id: InstanceId = None) -> ShownPage | None:
        """Return the page if it is on the path."""
        wanted = (section, page, instance_id)
        return next((p for p in self.pages if (p.section_key, p.page_key, p.instance_id) == wanted), None)

    def records(self, instance_id: InstanceId, key: str) -> tuple[Instance, ...]:
        """Return the active records of the list `key` in that block, in order."""
        return tuple(self._walk.records.get((instance_id, key), ()))

    def rows(self, instance_id: InstanceId, key: str) -> tuple[Option, ...]:
        """Return the rows of the matrix `key` there: its fixed ones, or those chosen in the question it
        names."""
        question = self._walk.questionnaire.question(key)
        return self._walk.rows(question, instance_id) if isinstance(question, Matrix) else ()

    def lookup(self, instance_id: InstanceId) -> conditions.Lookup:
        """Return how a rule of that instance sees the answers: only those on the path."""
        return self._walk.lookup(instance_id)

    def answers(self) -> Iterator[tuple[InstanceId, str, str, Plain]]:
        """Yield the answers that count: those to questions on the path, of instances that are active."""
        for (instance_id, key, item), value in self._walk.answers.items():
            if self.on(instance_id, key):
                yield instance_id, key, item, value

    def part(self, sees: Callable[[str, InstanceId], bool]) -> "Path":
        """Return the same path for who sees some sections and blocks only.

        What is asked was decided by every answer; what can be looked up is what that person sees. ``sees``
        says so of a section, outside blocks (None) or in one.
        """
        pages = tuple(page for page in self.pages if sees(page.section_key, page.instance_id))
        shown: dict[InstanceId, dict[str, Question]] = {None: {}}
        for page in pages:
            shown.setdefault(page.instance_id, {}).update({each.key: each for each in page.questions})
            for question in page.questions:
                for record in self.records(page.instance_id, question.key):
                    shown[record.id] = dict(self.shown.get(record.id, {}))
        return Path(pages, shown, _Part(self._walk, shown))

    @cached_property
    def number_of_questions(self) -> int:
        """How many questions the shown pages ask, notes and what stands behind “Say more” left out."""
        return sum(len(page.asks) for page in self.pages if not page.more)


def path(questionnaire: Questionnaire, answers: Answers, instances: Sequence[Instance] = ()) -> Path:
    """Return what is asked now. `instances` are the blocks and records in their order; inactive ones are left
    out."""
    walk = _Walk(questionnaire, answers, instances)
    pages = tuple(walk.pages())
    return Path(pages, walk.shown, walk)


class _Walk:
    """One forward pass, and what it has seen so far."""

    def __init__(self, questionnaire: Questionnaire, answers: Answers, instances: Sequence[Instance]) -> None:
        self.questionnaire = questionnaire
        self.answers = answers
        self.shown: dict[InstanceId, dict[str, Question]] = {None: {}}
        self.blocks: dict[str, list[Instance]] = {}
        self.records: dict[tuple[InstanceId, str], list[Instance]] = {}
        self.above: dict[InstanceId, InstanceId] = {}
        sections = questionnaire.section_keys
        for instance in instances:
            if not instance.active:
                continue
            self.above[instance.id] = instance.parent_id
            if instance.group_key in sections:
                self.blocks.setdefault(instance.group_key, []).append(instance)
            else:
                self.records.setdefault((instance.parent_id, instance.group_key), []).append(instance)

    def pages(self) -> Iterator[ShownPage]:
        for section in self.questionnaire.sections:
            if section.repeat is None:
                yield from self._section(section, None)
                continue
            for block in self.blocks.get(section.key, ()):
                yield from self._section(section, block.id)

    def _section(self, section: Section, instance_id: InstanceId) -> Iterator[ShownPage]:
        self.shown.setdefault(instance_id, {})
        lookup = self.lookup(instance_id)
        if section.when is not None and conditions.holds(section.when, lookup) is not True:
            return
        for page in section.pages:
            if page.when is None or conditions.holds(page.when, lookup) is True:
                questions = self._page(page, instance_id, lookup)
                if questions:
                    yield ShownPage(section.key, page.key, instance_id, questions, page.more)

    def _page(self, page: Page, instance_id: InstanceId, lookup: conditions.Lookup) -> tuple[Question, ...]:
        on = self.shown[instance_id]
        found: list[Question] = []
        for question in page.questions:
            if question.when is None or conditions.holds(question.when, lookup) is True:
                on[question.key] = question
                found.append(question)
                if isinstance(question, Records):
                    self._fields(question, instance_id)
        return tuple(found)

    def _fields(self, records: Records, instance_id: InstanceId) -> None:
        for record in self.records.get((instance_id, records.key), ()):
            on = self.shown.setdefault(record.id, {})
            lookup = self.lookup(record.id)
            for question in records.fields:
                if question.when is None or conditions.holds(question.when, lookup) is True:
                    on[question.key] = question

    def lookup(self, instance_id: InstanceId) -> Callable[[str], Plain | None]:
        """How a rule of that instance sees the answers: in the instance first, then around it; only on the
        path."""
        shown, answers, above = self.shown, self.answers, self.above

        def find(key: str) -> Plain | None:
            where = instance_id
            while True:
                question = shown.get(where, {}).get(key)
                if question is not None:
                    if isinstance(question, Records):
                        return self._records_answer(question, where)
                    if isinstance(question, Matrix):
                        return self._matrix_answer(question, where)
                    return answers.get((where, key, ""))
                if where is None:
                    return None
                where = above.get(where)

        return find

    def _records_answer(self, records: Records, instance_id: InstanceId) -> Plain | None:
        fields = [question.key for question in records.fields]
        filled = sum(
            any((record.id, key, "") in self.answers for key in fields)
            for record in self.records.get((instance_id, records.key), ())
        )
        return {"count": filled} if filled else self.answers.get((instance_id, records.key, ""))

    def _matrix_answer(self, matrix: Matrix, instance_id: InstanceId) -> Plain | None:
        count = sum(
            (instance_id, matrix.key, row.key) in self.answers for row in self.rows(matrix, instance_id)
        )
        return {"count": count} if count else None

    def rows(self, matrix: Matrix, instance_id: InstanceId) -> tuple[Option, ...]:
        if not isinstance(matrix.rows, ChosenIn):
            return matrix.rows
        chosen = self.lookup(instance_id)(matrix.rows.chosen_in)
        if not isinstance(chosen, dict):
            return ()
        asked = self.questionnaire.question(matrix.rows.chosen_in)
        rows = [
            option
            for key in chosen.get("options", ())
            if (option := asked.option(key)) and not option.specify
        ]
        if other := chosen.get("other"):
            rows.append(Option(key=OTHER_ROW, text=LocalizedText(other)))
        return tuple(rows)


class _Part(_Walk):
    """A walk as somebody sees it who sees a part: the rows of a matrix are those that the whole walk gave it.

    Own words that stand as a row, from an answer that is not seen, are not told.
    """

    def __init__(self, whole: _Walk, shown: dict[InstanceId, dict[str, Question]]) -> None:
        super().__init__(whole.questionnaire, whole.answers, ())
        self.records, self.blocks, self.above = whole.records, whole.blocks, whole.above
        self.shown = shown
        self._whole = whole

    def rows(self, matrix: Matrix, instance_id: InstanceId) -> tuple[Option, ...]:
        rows = self._whole.rows(matrix, instance_id)
        if not isinstance(matrix.rows, ChosenIn) or self.lookup(instance_id)(matrix.rows.chosen_in):
            return rows
        option = self.questionnaire.question(matrix.rows.chosen_in).other_option()
        if option is None:
            return rows
        return tuple(Option(key=row.key, text=option.text) if row.key == OTHER_ROW else row for row in rows)
