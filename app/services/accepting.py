"""Whether a change can be stored at all: does the question exist there, and has the value the form of its
kind?

A draft is never refused for being incomplete or out of limits; that is said on its page and bites at
submission.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.definitions import values
from app.definitions.questions import (
    MAX_CHARACTERS,
    BaseQuestion,
    Choice,
    Choices,
    ChosenIn,
    File,
    Matrix,
    Note,
    Number,
    Records,
    Reference,
    Year,
)
from app.definitions.schema import Questionnaire
from app.i18n import _
from app.models import Base
from app.policy import ResponseFacts
from app.services.locking import Locked

_BLOCK = Base.metadata.tables["repeat_instance"]
_ABOVE = _BLOCK.alias("above")

_STANDINGS = (
    select(
        _BLOCK.c.id,
        _BLOCK.c.group_key,
        _BLOCK.c.subject_id,
        _BLOCK.c.removed_at,
        _ABOVE.c.id.label("above_id"),
        _ABOVE.c.subject_id.label("above_subject_id"),
        _ABOVE.c.removed_at.label("above_removed_at"),
    )
    .select_from(_BLOCK.outerjoin(_ABOVE, _ABOVE.c.id == _BLOCK.c.parent_id))
    .where(
        _BLOCK.c.response_id == bindparam("response"), _BLOCK.c.id.in_(bindparam("wanted", expanding=True))
    )
)


class Refusal(Exception):
    """Why one change cannot be stored; the message is for the respondent."""


@dataclass(frozen=True)
class Standing:
    """The block or record that a change is about: of which group, in which block, about which mechanism, and
    whether it is removed.
    """

    group_key: str
    iscm_id: UUID | None
    block_id: UUID | None
    removed: bool


def standings(session: Session, response_id: UUID, wanted: set[UUID]) -> dict[UUID, Standing]:
    """The blocks and records of this response among the ids given, in one statement."""
    if not wanted:
        return {}
    rows = session.execute(_STANDINGS, {"response": response_id, "wanted": list(wanted)})
    return {
        id_: Standing(
            group_key,
            subject or above_subject,
            id_ if subject else above,
            removed is not None or above_removed is not None,
        )
        for id_, group_key, subject, removed, above, above_subject, above_removed in rows
    }


def facts_of(
    locked: Locked, questionnaire: Questionnaire, standing: Standing | None, key: str
) -> ResponseFacts:
    """What the policy needs to know of the place of a question: in that block or record, or outside."""
    if standing is None:
        return locked.facts(section=questionnaire.section_of(key))
    section = questionnaire.section_of_group(standing.group_key)
    return locked.facts(standing.iscm_id, section, standing.block_id)


def question_at(questionnaire: Questionnaire, standing: Standing | None, key: str, item: str) -> BaseQuestion:
    """The question (of a matrix: the cell's) that can be answered there. Raises Refusal."""
    question = question_of(questionnaire, standing, key)
    if isinstance(question, Note | File):
        raise Refusal(_("This is not a question that can be answered here."))
    if not isinstance(question, Matrix):
        if item:
            raise Refusal(_("This question has no rows."))
        return question
    if not _has_row(questionnaire, question, item):
        raise Refusal(_("This question has no row “%(row)s”.", row=item[:80]))
    return question.cell


def question_of(questionnaire: Questionnaire, standing: Standing | None, key: str) -> BaseQuestion:
    """The question or field with that key as it stands in that block or record. Raises Refusal."""
    group = standing.group_key if standing else None
    field = questionnaire.places.get(f"{group}.{key}") if group else None
    if field is not None:
        return field.question
    place = questionnaire.places.get(key)
    if place is None or place.records is not None:
        raise Refusal(_("This questionnaire has no question “%(key)s” there.", key=key[:80]))
    expected = place.section.key if place.section.repeat is not None else None
    if group != expected:
        raise Refusal(_("The question “%(key)s” does not stand there.", key=key))
    return place.question


def _has_row(questionnaire: Questionnaire, matrix: Matrix, item: str) -> bool:
    if not isinstance(matrix.rows, ChosenIn):
        return matrix.option(item) is not None
    asked = questionnaire.places[matrix.rows.chosen_in].question
    return asked.option(item) is not None or (item == "other" and asked.other_option() is not None)


def accept(question: BaseQuestion, value: Any) -> Any:
    """The value as it is stored: normalised, None if it is empty. Raises Refusal if it has not the kind's
    form.
    """
    cleaned = _clean(value)
    if cleaned is None:
        return None
    if not _fits(question, cleaned):
        raise Refusal(_("The answer has a form that this question does not know."))
    if _size(cleaned) > MAX_CHARACTERS:
        raise Refusal(_("The answer is longer than %(most)s characters.", most=MAX_CHARACTERS))
    return cleaned


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return values.normalise(value) or None
    if isinstance(value, list):
        return [cleaned for each in value if (cleaned := _clean(each)) is not None]
    if isinstance(value, Mapping):
        kept = {str(key): _clean(each) for key, each in value.items()}
        return {key: each for key, each in kept.items() if each not in (None, [])} or None
    return value


def _size(value: Any) -> int:
    if isinstance(value, str):
        return len(value)
    if isinstance(value, list):
        return sum(map(_size, value))
    if isinstance(value, dict):
        return sum(map(_size, value.values()))
    return 0


def _fits(question: BaseQuestion, value: Any) -> bool:
    if isinstance(question, Records):
        return bool(value == values.NONE and question.none is not None)
    if isinstance(question, Choice):
        return _is_mapping(value, {"option": str, "other": str})
    if isinstance(question, Choices):
        return _is_mapping(value, {"options": list, "other": str})
    if isinstance(question, Reference):
        return _is_mapping(value, {"codes": list, "other": str})
    if isinstance(question, Number | Year):
        return isinstance(value, int | float | str) and not isinstance(value, bool) and _is_finite(value)
    return isinstance(value, str)


def _is_finite(value: float | str) -> bool:
    """Whether it can be stored as JSON, which knows neither infinity nor what is not a number."""
    return not isinstance(value, float) or math.isfinite(value)


def _is_mapping(value: Any, forms: Mapping[str, type]) -> bool:
    if not isinstance(value, dict) or not value.keys() <= forms.keys():
        return False
    if not all(isinstance(each, forms[key]) for key, each in value.items()):
        return False
    lists = (each for each in value.values() if isinstance(each, list))
    return all(isinstance(word, str) for each in lists for word in each)
