"""The rows behind saving: reading answers as they stand, and writing the next revisions of many at once.

Whoever calls this holds the response's row, so nobody else writes its answers until the commit. The database
is asked to make sure all the same: an update names the revision that it replaces.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from app.models import Attribution, AuditEvent, Base, Via
from app.policy import SYSTEM, Actor
from app.queries.responses import Address
from app.services.errors import Overtaken, translating
from app.services.locking import Locked

_ANSWER = Base.metadata.tables["answer"]
_REVISION = Base.metadata.tables["answer_revision"]
_USER = Base.metadata.tables["user"]

_READ = (
    select(
        _ANSWER.c.instance_id,
        _ANSWER.c.question_key,
        _ANSWER.c.item,
        _ANSWER.c.id,
        _ANSWER.c.value,
        _ANSWER.c.revision,
        _ANSWER.c.attribution,
        _ANSWER.c.language,
        _REVISION.c.confirms,
        _REVISION.c.saved_at,
        _USER.c.name,
    )
    .join(_REVISION, (_REVISION.c.answer_id == _ANSWER.c.id) & (_REVISION.c.number == _ANSWER.c.revision))
    .outerjoin(_USER, _USER.c.id == _REVISION.c.saved_by_id)
    .where(
        _ANSWER.c.response_id == bindparam("response"),
        _ANSWER.c.question_key.in_(bindparam("keys", expanding=True)),
    )
)

_INSERT = insert(_ANSWER)
_REVISE = insert(_REVISION)
_UPDATE = (
    update(_ANSWER)
    .where(_ANSWER.c.id == bindparam("of"), _ANSWER.c.revision == bindparam("seen"))
    .values(
        value=bindparam("value"),
        revision=bindparam("revision"),
        attribution=bindparam("attribution"),
        language=bindparam("language"),
        questionnaire_version_id=bindparam("questionnaire_version_id"),
    )
)


@dataclass(frozen=True)
class Stored:
    """An answer as it stands, and who left it so."""

    id: UUID
    value: Any
    revision: int
    attribution: Attribution | None
    language: str
    confirms: str | None
    at: datetime
    by: str


def read_stored(session: Session, response_id: UUID, keys: Iterable[str]) -> dict[Address, Stored]:
    """The answers of a response to these questions, in one statement."""
    rows = session.execute(_READ, {"response": response_id, "keys": list(set(keys))})
    return {
        (instance_id, question_key, item): Stored(
            id_, value, revision, attribution, language, confirms, at, name or SYSTEM.name
        )
        for (
            instance_id,
            question_key,
            item,
            id_,
            value,
            revision,
            attribution,
            language,
            confirms,
            at,
            name,
        ) in rows
    }


class Writing:
    """Collects what one call of ``save_answers`` writes, and writes it in three statements."""

    def __init__(
        self,
        session: Session,
        locked: Locked,
        actor: Actor,
        via: Via,
        now: datetime,
        source: Mapping[str, Any] | None,
    ) -> None:
        self._session = session
        self._locked = locked
        self._actor = actor
        self._now = now
        self._of_all = {
            "questionnaire_version_id": locked.version_id,
            "saved_by_id": actor.user_id,
            "appointment_id": locked.appointment_id,
            "saved_at": now,
            "via": via,
            "source": dict(source) if source is not None else None,
        }
        self._inserts: list[dict[str, Any]] = []
        self._updates: list[dict[str, Any]] = []
        self._revisions: list[dict[str, Any]] = []

    def keep(self, address: Address, kept: Stored, source: Mapping[str, Any] | None = None) -> None:
        """Have this revision written: the first of a new answer, or the one after ``kept.revision - 1``.

        ``source`` says from what it was made, if that differs from the rest of the call.
        """
        row = {
            "value": kept.value,
            "revision": kept.revision,
            "attribution": kept.attribution,
            "language": kept.language,
            "questionnaire_version_id": self._locked.version_id,
        }
        if kept.revision == 1:
            instance_id, question_key, item = address
            self._inserts.append(
                {
                    **row,
                    "id": kept.id,
                    "response_id": self._locked.response_id,
                    "instance_id": instance_id,
                    "question_key": question_key,
                    "item": item,
                }
            )
        else:
            self._updates.append({**row, "of": kept.id, "seen": kept.revision - 1})
        self._revisions.append(
            {
                **self._of_all,
                "id": uuid4(),
                "answer_id": kept.id,
                "number": kept.revision,
                "value": kept.value,
                "attribution": kept.attribution,
                "language": kept.language,
                "confirms": kept.confirms,
                **({"source": dict(source)} if source is not None else {}),
            }
        )

    def attribute(self, stored: Stored, attribution: Attribution | None) -> None:
        """Change how an answer may be used without a new revision; the event says so."""
        self._session.execute(
            update(_ANSWER).where(_ANSWER.c.id == stored.id).values(attribution=attribution)
        )
        self._session.add(
            AuditEvent(
                at=self._now,
                actor_id=self._actor.user_id,
                actor_name=self._actor.name,
                act="chose_attribution",
                subject_kind="answer",
                subject_id=str(stored.id),
                detail={"before": stored.attribution, "after": attribution},
            )
        )

    def write(self) -> None:
        """Write everything that was collected. Raises Overtaken if somebody wrote past the response's row."""
        overtaken = Overtaken()
        with translating({"uq_answer_of_response": overtaken, "uq_answer_of_instance": overtaken}):
            if self._inserts:
                self._session.execute(_INSERT, self._inserts)
        if self._updates:
            connection = self._session.connection()
            if connection.execute(_UPDATE, self._updates).rowcount != len(self._updates):
                raise overtaken
        if self._revisions:
            self._session.execute(_REVISE, self._revisions)
