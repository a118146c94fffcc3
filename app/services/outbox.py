"""Putting letters into the outbox, where one that is there already is left as it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.models import Base, OutboxMessage, Response

_TABLE = Base.metadata.tables[OutboxMessage.__tablename__]
AT_ONCE = 500


@dataclass(frozen=True)
class Wanted:
    """A letter of a round that is to be written when it is sent."""

    kind: str
    dedupe_key: str
    user_id: UUID
    round_id: UUID
    response_id: UUID
    payload: dict[str, Any] = field(default_factory=dict)


def to_each(
    kind: str, cause: UUID, told: Iterable[UUID], response: Response, payload: dict[str, Any]
) -> list[Wanted]:
    """A letter of this kind about one cause to each of these people: of a cause everybody gets one."""
    return [
        Wanted(kind, f"{kind}:{cause}:{user_id}", user_id, response.round_id, response.id, payload)
        for user_id in told
    ]


def put(session: Session, letters: Sequence[Wanted], now: datetime) -> int:
    """Put the letters in; returns how many of them were not there before."""
    session.flush()  # whom they go to and what they are about may be as new
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    put_in = 0
    for start in range(0, len(letters), AT_ONCE):
        rows = [_row(each, now) for each in letters[start : start + AT_ONCE]]
        statement = insert(_TABLE).values(rows).on_conflict_do_nothing(index_elements=["dedupe_key"])
        put_in += len(session.execute(statement.returning(_TABLE.c.id)).all())
    return put_in


def _row(wanted: Wanted, now: datetime) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "kind": wanted.kind,
        "dedupe_key": wanted.dedupe_key,
        "user_id": wanted.user_id,
        "round_id": wanted.round_id,
        "response_id": wanted.response_id,
        "payload": wanted.payload,
        "created_at": now,
        "due_at": now,
        "attempts": 0,
    }
