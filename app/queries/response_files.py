"""One respondent's answers as a file: the form that ``services.importing`` reads back exactly.

    {"format": "rapporteur-response/1",
     "round": "2019", "organisation": "GEO", "audience": "state",
     "questionnaire": {"key": "state", "version": 1},
     "language": "en", "attribution": "by_name",
     "answers": {"contact_name": "…", "recommendations": [{"text": "…"}, …]},
     "marks": [{"question": "contact_name", "attribution": "background"}],
     "mechanisms": {"eap-panel": {"attribution": null, "answers": {…}, "marks": […]}}}

``answers`` are plain values by question; a matrix is a mapping of rows, a list of records a list of mappings
or ``"none"``. ``marks`` say what differs for one answer from what is around it: ``attribution``,
``language``, and which fact of the register it ``confirms``; they name the ``question``, for a record its
number (``record``, from 1) and ``field``, for a matrix the ``row``.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.definitions.questions import Matrix, Question, Records
from app.definitions.schema import Questionnaire
from app.models import Answer, AnswerRevision, Organisation, Response, Round, Submission
from app.policy import Attribution
from app.queries import definitions, responses
from app.queries.responses import Block
from app.queries.submissions import Frozen

FORMAT = "rapporteur-response/1"


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as the file says it, with the fact that it confirms."""

    value: Any
    attribution: Attribution | None
    language: str
    confirms: str | None


def as_file(session: Session, response: Response) -> dict[str, Any]:
    """The present answers of a response, hidden ones included, in the order of the questionnaire."""
    blocks = [block for block in responses.blocks(session, response.id) if block.active]
    return _written(session, response, _answers(session, response.id), blocks, response.attribution)


def as_sent(
    session: Session, response: Response, submission: Submission, frozen: Sequence[Frozen]
) -> dict[str, Any]:
    """The answers of a submission in the same form, each with its attribution as it was sent."""
    answers = {
        (answer.instance_id, answer.question_key, answer.item): Kept(
            revision.value,
            attribution if attribution is not submission.attribution else None,
            revision.language,
            revision.confirms,
        )
        for answer, revision, attribution in frozen
        if revision.value is not None
    }
    every = {block.id: block for block in responses.blocks(session, response.id)}
    inside = {id_ for instance, _key, _item in answers for id_ in _outwards(every, instance)}
    blocks = [replace(block, attribution=None) for block in every.values() if block.id in inside]
    version_id = submission.questionnaire_version_id
    return _written(session, response, answers, blocks, submission.attribution, version_id)


def _outwards(every: Mapping[UUID, Block], instance: UUID | None) -> Iterable[UUID]:
    while instance is not None:
        yield instance
        instance = every[instance].parent_id


def _written(
    session: Session,
    response: Response,
    answers: Mapping[responses.Address, Kept],
    blocks: list[Block],
    attribution: Attribution | None,
    version_id: UUID | None = None,
) -> dict[str, Any]:
    questionnaire = definitions.of(session, version_id or response.questionnaire_version_id)
    code, round_code = session.execute(
        select(Organisation.code, Round.code)
        .select_from(Response)
        .join(Organisation, Organisation.id == Response.organisation_id)
        .join(Round, Round.id == Response.round_id)
        .where(Response.id == response.id)
    ).one()
    language = _language(questionnaire, answers.values())
    writer = _Writer(questionnaire, answers, blocks, language)
    written: dict[str, Any] = {
        "format": FORMAT,
        "round": round_code,
        "organisation": code,
        "audience": response.audience.value,
        "questionnaire": {"key": questionnaire.key, "version": questionnaire.version},
        "language": language,
        "attribution": _value(attribution),
        **writer.scope(None),
    }
    mechanisms = {
        block.subject: {"attribution": _value(block.attribution), **writer.scope(block)}
        for block in blocks
        if block.subject is not None
    }
    return {**written, "mechanisms": mechanisms} if mechanisms else written


def _answers(session: Session, response_id: UUID) -> dict[responses.Address, Kept]:
    rows = session.execute(
        select(Answer, AnswerRevision.confirms)
        .join(
            AnswerRevision,
            (AnswerRevision.answer_id == Answer.id) & (AnswerRevision.number == Answer.revision),
        )
        .where(Answer.response_id == response_id)
        .order_by(Answer.question_key, Answer.item)
        .execution_options(populate_existing=True)
    )
    return {
        (answer.instance_id, answer.question_key, answer.item): Kept(
            answer.value, answer.attribution, answer.language, confirms
        )
        for answer, confirms in rows
        if answer.value is not None
    }


def _language(questionnaire: Questionnaire, answers: Iterable[Kept]) -> str:
    """The language of most answers, so that few need a mark."""
    counted = Counter(answer.language for answer in answers)
    if not counted:
        return questionnaire.locale
    return max(sorted(counted), key=counted.__getitem__)


def _value(attribution: Attribution | None) -> str | None:
    return attribution.value if attribution is not None else None


class _Writer:
    """Writes the answers of one block, or of what stands outside blocks."""

    def __init__(
        self,
        questionnaire: Questionnaire,
        answers: Mapping[responses.Address, Kept],
        blocks: list[Block],
        language: str,
    ) -> None:
        self.questionnaire = questionnaire
        self.answers = answers
        self.blocks = blocks
        self.language = language

    def scope(self, block: Block | None) -> dict[str, Any]:
        """The answers and marks of a block, None for what stands outside."""
        instance = block.id if block else None
        section = block.group_key if block else None
        answers: dict[str, Any] = {}
        marks: list[dict[str, Any]] = []
        for place in self.questionnaire.places.values():
            repeated = place.section.key if place.section.repeat is not None else None
            if place.records is not None or repeated != section:
                continue
            value = self._question(place.question, instance, marks)
            if value is not None:
                answers[place.question.key] = value
        return {"answers": answers, "marks": marks} if marks else {"answers": answers}

    def _question(self, question: Question, instance: UUID | None, marks: list[dict[str, Any]]) -> Any:
        if isinstance(question, Records):
            return self._records(question, instance, marks)
        if isinstance(question, Matrix):
            return self._matrix(question, instance, marks) or None
        return self._one((instance, question.key, ""), {"question": question.key}, marks)

    def _matrix(self, question: Matrix, instance: UUID | None, marks: list[dict[str, Any]]) -> dict[str, Any]:
        rows = [row for where, key, row in self.answers if (where, key) == (instance, question.key)]
        order = {option.key: place for place, option in enumerate(question.listed())}
        return {
            row: self._one((instance, question.key, row), {"question": question.key, "row": row}, marks)
            for row in sorted(rows, key=lambda row: (order.get(row, len(order)), row))
        }

    def _records(self, question: Records, instance: UUID | None, marks: list[dict[str, Any]]) -> Any:
        own = self._one((instance, question.key, ""), {"question": question.key}, marks)
        records = [b for b in self.blocks if (b.group_key, b.parent_id) == (question.key, instance)]
        if not records:
            return own
        written = []
        for number, record in enumerate(records, 1):
            mark = {"question": question.key, "record": number}
            if record.attribution is not None:
                marks.append({**mark, "attribution": record.attribution.value})
            fields = {
                field.key: self._one((record.id, field.key, ""), {**mark, "field": field.key}, marks)
                for field in question.fields
            }
            written.append({key: value for key, value in fields.items() if value is not None})
        return written

    def _one(self, address: responses.Address, mark: dict[str, Any], marks: list[dict[str, Any]]) -> Any:
        kept = self.answers.get(address)
        if kept is None:
            return None
        special = {
            "attribution": _value(kept.attribution),
            "language": kept.language if kept.language != self.language else None,
            "confirms": kept.confirms,
        }
        if any(special.values()):
            marks.append({**mark, **{key: value for key, value in special.items() if value is not None}})
        return kept.value
