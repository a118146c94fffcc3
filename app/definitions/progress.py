"""How many of the questions asked are answered: one way to count, for respondents and for staff."""

from collections.abc import Iterator
from uuid import UUID

from app.definitions.questions import File, Matrix, Note, Question, TextQuestion
from app.definitions.routing import Answers, Path, ShownPage


def askable(page: ShownPage) -> list[Question]:
    """The questions of the page that are counted: notes and files left out."""
    return [question for question in page.questions if not isinstance(question, Note | File)]


def is_answered(path: Path, answers: Answers, question: Question, instance: UUID | None) -> bool:
    """Whether there is an answer: for a list a record or “none”, for a matrix every row, of texts any."""
    if isinstance(question, Matrix):
        rows = path.rows(instance, question.key)
        filled = [(instance, question.key, row.key) in answers for row in rows]
        return any(filled) if isinstance(question.cell, TextQuestion) else bool(rows) and all(filled)
    return path.lookup(instance)(question.key) is not None


def asked(path: Path, answers: Answers) -> Iterator[tuple[ShownPage, Question, bool]]:
    """Yield every question that is counted, and whether it is answered; what stands behind “Say more” is
    not.
    """
    for page in path.pages:
        if page.more:
            continue
        instance = page.instance_id if isinstance(page.instance_id, UUID) else None
        for question in askable(page):
            yield page, question, is_answered(path, answers, question, instance)
