"""Saving answers so that nothing acknowledged is lost and nothing is overwritten unseen.

Every way in (page, autosave, import, copying from another block) goes through ``save_answers``. The
response's row is taken first, which puts saves and submissions of one response in an order; then each answer
is changed only if its stored revision is the one that the writer saw.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.definitions import values
from app.definitions.questions import BaseQuestion
from app.i18n import _
from app.models import Attribution, Base, User, Via
from app.policy import ATTRIBUTIONS_OF, SYSTEM, Actor
from app.queries import definitions
from app.queries.names import RoundNames
from app.queries.responses import Address
from app.services.accepting import Refusal, Standing, accept, question_at, standings
from app.services.locking import Locked, lock_for_edit, may_write


class Unchanged(Enum):
    """That the attribution of an answer is left as it is."""

    UNCHANGED = "unchanged"


UNCHANGED = Unchanged.UNCHANGED


@dataclass(frozen=True)
class Change:
    """One answer as somebody wants it; ``seen`` is the revision that their page showed, 0 for none.

    ``confirms`` names the fact of the register that a *yes, this is right* confirms; ``language`` is that of
    the answer, None to leave it.
    """

    instance_id: UUID | None
    question_key: str
    item: str
    value: Any
    seen: int
    confirms: str | None = None
    language: str | None = None
    attribution: Attribution | Unchanged | None = UNCHANGED

    @property
    def address(self) -> Address:
        """Where the answer stands."""
        return self.instance_id, self.question_key, self.item


@dataclass(frozen=True)
class Saved:
    """The value is stored, as this revision; by whom and when it came to be so (an equal value is not stored
    again).
    """

    change: Change
    revision: int
    at: datetime
    by: str


@dataclass(frozen=True)
class Conflict:
    """Somebody else changed the answer meanwhile: theirs stands, and the change is not stored."""

    change: Change
    theirs: Any
    theirs_said: str
    revision: int
    by: str
    at: datetime


@dataclass(frozen=True)
class Refused:
    """The change cannot be stored at all: an unknown question, a removed record, a value of no known form."""

    change: Change
    why: str


Outcome = Saved | Conflict | Refused

_ANSWER = Base.metadata.tables["answer"]
_REVISION = Base.metadata.tables["answer_revision"]


@dataclass(frozen=True)
class _Stored:
    """An answer as the database has it."""

    id: UUID
    value: Any
    revision: int
    attribution: Attribution | None
    language: str
    confirms: str | None
    at: datetime
    by: str


def save_answers(
    session: Session,
    response_id: UUID,
    changes: Sequence[Change],
    actor: Actor,
    via: Via,
    now: datetime,
    *,
    source: Mapping[str, Any] | None = None,
) -> list[Outcome]:
    """Store each change that nobody has overtaken, and say of each what became of it, in the order given.

    The conflict of one answer holds back no other. ``source`` says from what staff entered the answers.
    Raises NotFound, NotAllowed, ResponseLocked for all of them.
    """
    locked = lock_for_edit(session, response_id, actor, now)
    return _Saving(session, locked, actor, via, now, source).all(changes)


class _Saving:
    """One call of ``save_answers``: what all of its changes share."""

    def __init__(
        self,
        session: Session,
        locked: Locked,
        actor: Actor,
        via: Via,
        now: datetime,
        source: Mapping[str, Any] | None,
    ) -> None:
        self.session = session
        self.locked = locked
        self.actor = actor
        self.via = via
        self.now = now
        self.source = dict(source) if source is not None else None
        self.questionnaire = definitions.of(session, locked.version_id)
        self.names = RoundNames(session, locked.round_id)
        self.standings: dict[UUID, Standing] = {}
        self.stored: dict[Address, _Stored] = {}

    def all(self, changes: Sequence[Change]) -> list[Outcome]:
        blocks = {change.instance_id for change in changes if change.instance_id is not None}
        self.standings = standings(self.session, self.locked.response_id, blocks)
        self.stored = self._read({change.question_key for change in changes})
        return [self._one(change) for change in changes]

    def _read(self, keys: Iterable[str]) -> dict[Address, _Stored]:
        rows = self.session.execute(
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
                User.name,
            )
            .join(
                _REVISION,
                (_REVISION.c.answer_id == _ANSWER.c.id) & (_REVISION.c.number == _ANSWER.c.revision),
            )
            .outerjoin(User, User.id == _REVISION.c.saved_by_id)
            .where(_ANSWER.c.response_id == self.locked.response_id, _ANSWER.c.question_key.in_(set(keys)))
        )
        return {
            (row.instance_id, row.question_key, row.item): _Stored(
                id=row.id,
                value=row.value,
                revision=row.revision,
                attribution=row.attribution,
                language=row.language,
                confirms=row.confirms,
                at=row.saved_at,
                by=row.name or SYSTEM.name,
            )
            for row in rows
        }

    def _one(self, change: Change) -> Outcome:
        try:
            question, value = self._accepted(change)
        except Refusal as refusal:
            return Refused(change, str(refusal))
        stored = self.stored.get(change.address)
        if stored is None:
            if value is None and change.attribution is UNCHANGED:
                return Saved(change, 0, self.now, self.actor.name)
            if self._insert(change, value):
                return Saved(change, 1, self.now, self.actor.name)
            stored = self._read({change.question_key})[change.address]
        return self._over(stored, change, question, value)

    def _accepted(self, change: Change) -> tuple[BaseQuestion, Any]:
        standing = self.standings.get(change.instance_id) if change.instance_id else None
        if change.instance_id is not None and (standing is None or standing.removed):
            raise Refusal(_("This entry has been removed."))
        if not may_write(self.actor, self.locked.facts(standing.iscm_id if standing else None)):
            raise Refusal(_("You may not write here."))
        self._check_attribution(change)
        question = question_at(self.questionnaire, standing, change.question_key, change.item)
        return question, accept(question, change.value)

    def _check_attribution(self, change: Change) -> None:
        if change.attribution is UNCHANGED or change.attribution is None:
            return
        if change.attribution not in ATTRIBUTIONS_OF[self.locked.audience.value]:
            raise Refusal(_("This choice is not offered here."))

    def _over(self, stored: _Stored, change: Change, question: BaseQuestion, value: Any) -> Outcome:
        wanted = (change.language or stored.language, change.confirms or stored.confirms)
        if stored.value == value and wanted == (stored.language, stored.confirms):
            self._attribute(stored, change)
            return Saved(change, stored.revision, stored.at, stored.by)
        revision = self._update(stored, change, value)
        if revision is not None:
            return Saved(change, revision, self.now, self.actor.name)
        theirs = self._read({change.question_key})[change.address]
        if theirs.value == value:
            return Saved(change, theirs.revision, theirs.at, theirs.by)
        said = values.say(question, theirs.value, self.names) if theirs.value is not None else ""
        return Conflict(change, theirs.value, said, theirs.revision, theirs.by, theirs.at)

    def _attribution(self, change: Change, stored: _Stored | None = None) -> Attribution | None:
        if isinstance(change.attribution, Unchanged):
            return stored.attribution if stored else None
        return change.attribution

    def _attribute(self, stored: _Stored, change: Change) -> None:
        wanted = self._attribution(change, stored)
        if wanted != stored.attribution:
            self.session.execute(update(_ANSWER).where(_ANSWER.c.id == stored.id).values(attribution=wanted))

    def _insert(self, change: Change, value: Any) -> bool:
        """Insert the first revision; false if somebody else was first."""
        insert = sqlite.insert if self.session.get_bind().dialect.name == "sqlite" else postgresql.insert
        instance_id, question_key, item = change.address
        attribution, language = self._attribution(change), change.language or self.questionnaire.locale
        made = self.session.execute(
            insert(_ANSWER)
            .values(
                id=uuid4(),
                response_id=self.locked.response_id,
                instance_id=instance_id,
                question_key=question_key,
                item=item,
                value=value,
                attribution=attribution,
                language=language,
                revision=1,
                questionnaire_version_id=self.locked.version_id,
            )
            .on_conflict_do_nothing()
            .returning(_ANSWER.c.id)
        ).scalar_one_or_none()
        if made is None:
            return False
        self._keep(made, 1, change, value, language, attribution)
        return True

    def _update(self, stored: _Stored, change: Change, value: Any) -> int | None:
        """Make the next revision if the stored one is still the one that was seen; its number, or None."""
        attribution, language = self._attribution(change, stored), change.language or stored.language
        revision: int | None = self.session.execute(
            update(_ANSWER)
            .where(_ANSWER.c.id == stored.id, _ANSWER.c.revision == change.seen)
            .values(
                value=value,
                revision=_ANSWER.c.revision + 1,
                attribution=attribution,
                language=language,
                questionnaire_version_id=self.locked.version_id,
            )
            .returning(_ANSWER.c.revision)
        ).scalar_one_or_none()
        if revision is not None:
            self._keep(stored.id, revision, change, value, language, attribution)
        return revision

    def _keep(
        self,
        answer_id: UUID,
        number: int,
        change: Change,
        value: Any,
        language: str,
        attribution: Attribution | None,
    ) -> None:
        """Write the revision down, and remember it for a second change of the same answer in this call."""
        self.session.execute(
            insert(_REVISION).values(
                id=uuid4(),
                answer_id=answer_id,
                number=number,
                value=value,
                attribution=attribution,
                language=language,
                questionnaire_version_id=self.locked.version_id,
                confirms=change.confirms,
                saved_by_id=self.actor.user_id,
                appointment_id=self.locked.appointment_id,
                saved_at=self.now,
                via=self.via,
                source=self.source,
            )
        )
        self.stored[change.address] = _Stored(
            answer_id, value, number, attribution, language, change.confirms, self.now, self.actor.name
        )
