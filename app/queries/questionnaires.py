"""The versions of the questionnaires that were published, and which responses answer which."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import (
    Answer,
    Audience,
    Clearance,
    ClearanceDecision,
    Organisation,
    Outcome,
    QuestionnaireVersion,
    RepeatInstance,
    Response,
    ResponseStatus,
    Round,
    User,
)
from app.queries.definitions import PUBLISHED


@dataclass(frozen=True)
class Pinned:
    """How many responses of a round answer a version."""

    round_code: str
    round_title: str
    responses: int


@dataclass(frozen=True)
class Published:
    """One published version: when, by whom, and who answers it."""

    id: UUID
    key: str
    number: int
    audience: Audience
    digest: str
    at: datetime
    by: str
    pinned: tuple[Pinned, ...]

    @property
    def responses(self) -> int:
        """How many responses answer it, of all rounds."""
        return sum(each.responses for each in self.pinned)


def published(session: Session) -> list[Published]:
    """Every published version, by questionnaire and the newest first, in two statements."""
    pinned: dict[UUID, list[Pinned]] = {}
    for version_id, code, title, count in session.execute(
        select(Response.questionnaire_version_id, Round.code, Round.title, func.count())
        .join(Round, Round.id == Response.round_id)
        .where(Round.pilots_version_id.is_(None))
        .group_by(Response.questionnaire_version_id, Round.code, Round.title, Round.opens_at)
        .order_by(Round.opens_at.desc(), Round.code)
    ):
        pinned.setdefault(version_id, []).append(Pinned(code, title, count))
    rows = session.execute(
        select(
            QuestionnaireVersion.id,
            QuestionnaireVersion.questionnaire_key,
            QuestionnaireVersion.number,
            QuestionnaireVersion.audience,
            QuestionnaireVersion.digest,
            QuestionnaireVersion.published_at,
            User.name,
        )
        .outerjoin(User, User.id == QuestionnaireVersion.published_by_id)
        .where(PUBLISHED)
        .order_by(QuestionnaireVersion.questionnaire_key, QuestionnaireVersion.number.desc())
    )
    return [
        Published(id_, key, number, audience, digest, at, by or "", tuple(pinned.get(id_, ())))
        for id_, key, number, audience, digest, at, by in rows
    ]


@dataclass(frozen=True)
class Respondent:
    """One response of a round as far as its questionnaire is concerned; nothing of what was answered."""

    response_id: UUID
    name: str
    code: str
    status: ResponseStatus
    outcome: Outcome | None
    version_id: UUID
    number: int
    cleared: bool
    """Whether somebody approved the answers as they stand, who would be asked again."""


def respondents(session: Session, round_id: UUID, key: str) -> list[Respondent]:
    """The responses of a round to one questionnaire, by name."""
    approved = (
        select(Clearance.id)
        .where(
            Clearance.response_id == Response.id,
            Clearance.decision == ClearanceDecision.APPROVED,
            Clearance.withdrawn_at.is_(None),
        )
        .exists()
    )
    rows = session.execute(
        select(
            Response.id,
            Organisation.name,
            Organisation.code,
            Response.status,
            Response.outcome,
            Response.questionnaire_version_id,
            QuestionnaireVersion.number,
            approved,
        )
        .join(Organisation, Organisation.id == Response.organisation_id)
        .join(QuestionnaireVersion, QuestionnaireVersion.id == Response.questionnaire_version_id)
        .where(Response.round_id == round_id, Response.questionnaire_key == key)
        .order_by(Organisation.name, Organisation.code)
        .execution_options(populate_existing=True)
    )
    return [Respondent(*row) for row in rows]


@dataclass
class Given:
    """What is stored of one response, for counting: answers by place, blocks and records in their order."""

    answers: dict[tuple[UUID | None, str, str], object]
    instances: list[tuple[UUID, str, UUID | None, UUID | None]]


def given(session: Session, responses: Sequence[UUID]) -> dict[UUID, Given]:
    """The answers that are not emptied and the blocks that stand, by response, in two statements."""
    found = {id_: Given({}, []) for id_ in responses}
    for response_id, instance, key, item, value in session.execute(
        select(Answer.response_id, Answer.instance_id, Answer.question_key, Answer.item, Answer.value)
        .where(Answer.response_id.in_(responses))
        .execution_options(yield_per=1000)
    ):
        if value is not None:
            found[response_id].answers[instance, key, item] = value
    for response_id, id_, group, parent, subject in session.execute(
        select(
            RepeatInstance.response_id,
            RepeatInstance.id,
            RepeatInstance.group_key,
            RepeatInstance.parent_id,
            RepeatInstance.subject_id,
        )
        .where(RepeatInstance.response_id.in_(responses), RepeatInstance.removed_at.is_(None))
        .order_by(RepeatInstance.position, RepeatInstance.created_at, RepeatInstance.id)
    ):
        found[response_id].instances.append((id_, group, parent, subject))
    return found


def keys_of(session: Session, round_id: UUID) -> Sequence[str]:
    """The questionnaires that are asked in a round."""
    return session.scalars(
        select(Response.questionnaire_key)
        .where(Response.round_id == round_id)
        .distinct()
        .order_by(Response.questionnaire_key)
    ).all()


def version(session: Session, key: str, number: int) -> QuestionnaireVersion | None:
    """The published version with this number."""
    return session.scalar(
        select(QuestionnaireVersion).where(
            QuestionnaireVersion.questionnaire_key == key, QuestionnaireVersion.number == number, PUBLISHED
        )
    )
