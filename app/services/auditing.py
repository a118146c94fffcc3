"""Every act that changes the state of things leaves an event in its own transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app import clock
from app.models import AuditEvent, Base
from app.policy import Actor


def record(
    session: Session,
    actor: Actor,
    act: str,
    subject: Base,
    detail: Mapping[str, Any] | None = None,
    *,
    at: datetime | None = None,
    request_id: str | None = None,
) -> AuditEvent:
    """Note that the actor did this to the subject; ``detail`` is plain JSON without anybody's answers."""
    identity = getattr(subject, "id", None)
    event = AuditEvent(
        at=at or clock.now(),
        actor_id=actor.user_id,
        actor_name=actor.name,
        act=act,
        subject_kind=subject.__tablename__,
        subject_id=str(identity) if identity is not None else None,
        detail=dict(detail or {}),
        request_id=request_id,
    )
    session.add(event)
    return event


def note(
    session: Session,
    actor: Actor,
    act: str,
    subject_kind: str,
    detail: Mapping[str, Any] | None = None,
    *,
    at: datetime | None = None,
) -> AuditEvent:
    """The same about many things of a kind, or none in particular."""
    event = AuditEvent(
        at=at or clock.now(),
        actor_id=actor.user_id,
        actor_name=actor.name,
        act=act,
        subject_kind=subject_kind,
        detail=dict(detail or {}),
    )
    session.add(event)
    return event


def record_all(
    session: Session,
    actor: Actor,
    act: str,
    subjects: Sequence[tuple[Base, Mapping[str, Any]]],
    at: datetime,
) -> None:
    """Note that the actor did the same to many subjects, which are stored already, in one statement."""
    if not subjects:
        return
    events = [
        {
            "at": at,
            "actor_id": actor.user_id,
            "actor_name": actor.name,
            "act": act,
            "subject_kind": subject.__tablename__,
            "subject_id": str(getattr(subject, "id", "")),
            "detail": dict(detail),
        }
        for subject, detail in subjects
    ]
    session.execute(insert(AuditEvent), events)
