"""The questionnaire of a published version, as a frozen value; read from the database once in a process."""

from collections import OrderedDict
from threading import Lock
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.definitions.schema import Questionnaire, from_stored
from app.models import PILOT, Audience, QuestionnaireVersion

KEPT = 32
PUBLISHED = QuestionnaireVersion.questionnaire_key.not_like(f"%{PILOT}")
"""What was published, and not only made to be tried."""

_kept: OrderedDict[UUID, Questionnaire] = OrderedDict()
_lock = Lock()


def of(session: Session, version_id: UUID) -> Questionnaire:
    """The questionnaire of this version. Versions never change, so what was read once is right for ever.

    Raises LookupError if there is no such version.
    """
    with _lock:
        found = _kept.get(version_id)
        if found is not None:
            _kept.move_to_end(version_id)
            return found
    stored = session.scalar(
        select(QuestionnaireVersion.definition).where(QuestionnaireVersion.id == version_id)
    )
    if stored is None:
        raise LookupError(f"there is no version {version_id}")
    questionnaire = from_stored(stored)
    with _lock:
        _kept[version_id] = questionnaire
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return questionnaire


def same_questionnaire(session: Session, one: UUID, other: UUID) -> bool:
    """Whether both are versions of one questionnaire."""
    keys = session.scalars(
        select(QuestionnaireVersion.questionnaire_key).where(QuestionnaireVersion.id.in_([one, other]))
    ).all()
    return len(keys) == 2 and len(set(keys)) == 1


def latest(session: Session, audience: Audience) -> QuestionnaireVersion | None:
    """The newest published version for an audience, None if none was published."""
    return session.scalar(
        select(QuestionnaireVersion)
        .where(QuestionnaireVersion.audience == audience, PUBLISHED)
        .order_by(
            QuestionnaireVersion.published_at.desc(),
            QuestionnaireVersion.number.desc(),
            QuestionnaireVersion.id,
        )
        .limit(1)
    )
