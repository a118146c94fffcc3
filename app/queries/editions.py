"""Published summaries: which there are of a mechanism, and which of them a respondent may read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.models import PublishedSummary, RepeatInstance, Response, Submission

_EDITION = aliased(PublishedSummary, name="readable")


@dataclass(frozen=True)
class Published:
    """The latest edition of one mechanism's summary."""

    id: UUID
    mechanism: str
    edition: int
    published_at: datetime


def of_mechanism(session: Session, round_id: UUID, iscm_id: UUID) -> Sequence[PublishedSummary]:
    """Every edition, the newest first."""
    return session.scalars(
        select(PublishedSummary)
        .where(PublishedSummary.round_id == round_id, PublishedSummary.iscm_id == iscm_id)
        .order_by(PublishedSummary.edition.desc(), PublishedSummary.locale)
    ).all()


def for_respondent(session: Session, response_id: UUID) -> tuple[Published, ...]:
    """The latest edition of each summary that the respondent may read, by mechanism, in one statement."""
    newest = (
        select(func.max(PublishedSummary.edition))
        .where(
            PublishedSummary.round_id == Response.round_id,
            PublishedSummary.iscm_id == _EDITION.iscm_id,
            PublishedSummary.locale == _EDITION.locale,
        )
        .correlate(Response, _EDITION)
        .scalar_subquery()
    )
    rows = session.scalars(_readable(response_id).where(_EDITION.edition == newest)).all()
    found = [Published(row.id, row.content["title"], row.edition, row.published_at) for row in rows]
    return tuple(sorted(found, key=lambda each: (each.mechanism.casefold(), each.id)))


def one_for_respondent(session: Session, response_id: UUID, edition_id: UUID) -> PublishedSummary | None:
    """An edition, if the respondent may read it."""
    return session.scalar(_readable(response_id).where(_EDITION.id == edition_id))


def _readable(response_id: UUID) -> Select[PublishedSummary]:
    """The editions of the round in which the response was submitted, of the mechanisms it was asked about."""
    return (
        select(_EDITION)
        .join(Response, Response.round_id == _EDITION.round_id)
        .where(Response.id == response_id, _was_submitted(), _is_concerned())
    )


def _was_submitted() -> ColumnElement[bool]:
    """Whoever was set aside took no part in what was published."""
    sent = exists().where(Submission.response_id == Response.id, Submission.withdrawn_at.is_(None))
    return and_(sent, Response.outcome.is_(None))


def _is_concerned() -> ColumnElement[bool]:
    """The mechanism itself, and whoever has a block about it."""
    block = exists().where(
        RepeatInstance.response_id == Response.id,
        RepeatInstance.subject_id == _EDITION.iscm_id,
        RepeatInstance.removed_at.is_(None),
    )
    return or_(Response.organisation_id == _EDITION.iscm_id, block)
