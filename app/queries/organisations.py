"""Organisations as staff look for them, and everything that hangs on one."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Organisation


def called(session: Session, code: str) -> Organisation | None:
    """The organisation with this code; the first by kind where several kinds have it."""
    return session.scalars(
        select(Organisation).where(Organisation.code == code).order_by(Organisation.kind)
    ).first()


def by_ids(session: Session, ids: Sequence[UUID]) -> dict[UUID, Organisation]:
    """The organisations with these ids."""
    rows = session.scalars(select(Organisation).where(Organisation.id.in_(ids)))
    return {each.id: each for each in rows}
