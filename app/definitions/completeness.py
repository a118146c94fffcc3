"""What is missing or wrong before submission, page by page, in the order of the pages. Nothing of it is
stored."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.definitions import routing, values
from app.definitions.questions import File, Matrix, Note, Question, Records
from app.definitions.routing import Answers, Instance, InstanceId, Path, ShownPage
from app.definitions.schema import Questionnaire
from app.i18n import _ as translated


@dataclass(frozen=True)
class Lack:
    """One thing to do: where, and the sentence that says what."""

    section: str
    page: str
    instance: InstanceId
    """The mechanism's block, the record, or None."""
    question_key: str
    item: str
    sentence: str
    block: InstanceId = None
    """The mechanism's block that the page belongs to: `instance` itself but for a record's field."""
    empty: bool = False
    """Whether nothing was answered, as against answered in a way that must be mended."""


def missing(
    questionnaire: Questionnaire,
    answers: Answers,
    instances: Sequence[Instance] = (),
    directory: values.Directory | None = None,
) -> list[Lack]:
    """Return what stands in the way of submitting; an empty list if nothing does."""
    return lacking(routing.path(questionnaire, answers, instances), answers, directory)


def lacking(path: Path, answers: Answers, directory: values.Directory | None = None) -> list[Lack]:
    """Return the same for a path that is known already."""
    return [lack for page in path.pages for lack in of_page(path, page, answers, directory)]


def of_page(
    path: Path, page: ShownPage, answers: Answers, directory: values.Directory | None = None
) -> list[Lack]:
    """Return what is missing or wrong on one page."""
    inspector = _Inspector(path, page, answers, directory)
    return [lack for question in page.questions for lack in inspector.question(question)]


class _Inspector:
    """Looks through the answers of one page."""

    def __init__(
        self, path: Path, page: ShownPage, answers: Answers, directory: values.Directory | None
    ) -> None:
        self.path = path
        self.page = page
        self.answers = answers
        self.directory = directory

    def question(self, question: Question) -> Iterator[Lack]:
        if isinstance(question, Note | File):
            return
        if isinstance(question, Records):
            yield from self._records(question)
        elif isinstance(question, Matrix):
            yield from self._matrix(question)
        else:
            yield from self._answer(question, self.page.instance_id)

    def _lack(
        self, question: Question, sentence: str, instance: InstanceId, item: str = "", empty: bool = False
    ) -> Lack:
        page = self.page
        return Lack(
            page.section_key, page.page_key, instance, question.key, item, sentence, page.instance_id, empty
        )

    def _answer(self, question: Question, instance: InstanceId) -> Iterator[Lack]:
        plain = self.answers.get((instance, question.key, ""))
        if plain is None:
            if question.required:
                yield self._lack(question, values.ask(question), instance, empty=True)
            return
        for sentence in values.check(question, plain, self.directory):
            yield self._lack(question, sentence, instance)

    def _matrix(self, matrix: Matrix) -> Iterator[Lack]:
        here = self.page.instance_id
        for row in self.path.rows(here, matrix.key):
            plain = self.answers.get((here, matrix.key, row.key))
            if plain is None:
                if matrix.required:
                    sentence = translated(
                        "%(row)s: %(sentence)s", row=row.text, sentence=values.ask(matrix.cell)
                    )
                    yield self._lack(matrix, sentence, here, row.key, empty=True)
                continue
            for sentence in values.check(matrix.cell, plain, self.directory):
                yield self._lack(matrix, f"{row.text}: {sentence}", here, row.key)

    def _records(self, records: Records) -> Iterator[Lack]:
        here = self.page.instance_id
        filled = [record for record in self.path.records(here, records.key) if self._filled(record, records)]
        if not filled:
            if (here, records.key, "") not in self.answers and (records.required or records.min):
                yield self._lack(records, values.ask(records), here, empty=True)
            return
        if (here, records.key, "") in self.answers and records.none is not None:
            sentence = translated(
                "“%(none)s” is chosen, and there are entries. Keep one of the two", none=records.none
            )
            yield self._lack(records, sentence, here)
        if records.min is not None and len(filled) < records.min:
            sentence = translated(
                "Give at least %(least)s; there are %(count)s", least=records.min, count=len(filled)
            )
            yield self._lack(records, sentence, here)
        if len(filled) > records.max:
            sentence = translated(
                "Give at most %(most)s; there are %(count)s", most=records.max, count=len(filled)
            )
            yield self._lack(records, sentence, here)
        for record in filled:
            for field in records.fields:
                if self.path.on(record.id, field.key):
                    yield from self._answer(field, record.id)

    def _filled(self, record: Instance, records: Records) -> bool:
        return any((record.id, field.key, "") in self.answers for field in records.fields)
