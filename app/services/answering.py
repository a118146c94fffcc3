"""Saving answers so that nothing acknowledged is lost and nothing is overwritten unseen.

Every way in (page, autosave, import, copying from another block) goes through ``save_answers``. The
response's row is taken first, which puts saves and submissions of one response in an order; then each answer
is changed only if its stored revision is the one that the writer saw.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from functools import cached_property
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from app.definitions import merging, values
from app.definitions.questions import BaseQuestion, LongText
from app.definitions.schema import Questionnaire
from app.i18n import _
from app.models import Attribution, Response, Via
from app.policy import ATTRIBUTIONS_OF, SYSTEM, Act, Actor, ResponseFacts, can, in_force, stricter
from app.queries import answer_history, definitions, responses
from app.queries.answer_history import Since
from app.queries.names import RoundNames
from app.queries.responses import Address
from app.services import receiving
from app.services.accepting import Refusal, Standing, accept, facts_of, question_at, standings
from app.services.attributing import outwards
from app.services.errors import ResponseLocked
from app.services.locking import Locked, lock_for_edit, may_write
from app.services.revising import Stored, Writing, read_stored


class Unchanged(Enum):
    """That the attribution of an answer is left as it is."""

    UNCHANGED = "unchanged"


UNCHANGED = Unchanged.UNCHANGED


@dataclass(frozen=True)
class Change:
    """One answer as somebody wants it; ``seen`` is the revision that their page showed, 0 for none.

    ``confirms`` says what the answer goes back to: ``register:<fact>`` that a *yes, this is right* confirms,
    or ``still_true:``, ``changed:`` or ``no_longer:`` with the revision of an earlier round; ``language`` is
    that of the answer, None to leave it. ``carries`` says that the attribution is the earlier answer's own,
    which goes with it whoever confirms it, unless what is in force today shows less.
    """

    instance_id: UUID | None
    question_key: str
    item: str
    value: Any
    seen: int
    confirms: str | None = None
    language: str | None = None
    attribution: Attribution | Unchanged | None = UNCHANGED
    carries: bool = False

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
class Merged:
    """Somebody else changed other paragraphs meanwhile: both are in the value now, which is this revision.

    ``typed`` is the revision that holds the change just as it was sent: what a page whose box was written on
    since has seen. ``by`` is who else wrote.
    """

    change: Change
    value: str
    revision: int
    typed: int
    at: datetime
    by: str


@dataclass(frozen=True)
class Refused:
    """The change cannot be stored at all: an unknown question, a removed record, a value of no known form."""

    change: Change
    why: str


Outcome = Saved | Merged | Conflict | Refused


def save_answers(
    session: Session,
    response_id: UUID,
    changes: Sequence[Change],
    actor: Actor,
    via: Via,
    now: datetime,
    *,
    source: Mapping[str, Any] | None = None,
    merge: bool = False,
    drawn_with: UUID | None = None,
) -> list[Outcome]:
    """Store each change that nobody has overtaken, and say of each what became of it, in the order given.

    The conflict of one answer holds back no other. ``source`` says from what staff entered the answers, or of
    what a revision was made. With ``merge`` a long text that somebody else changed in other paragraphs is no
    conflict: it is stored as it was sent, and then with both changes in it. ``drawn_with`` is the version of
    the questionnaire that the writer saw, if the response has moved to another since: the answers are kept
    under that one, with what is no longer asked among them. Raises NotFound, NotAllowed, ResponseLocked for
    all of them.
    """
    pinned = lock_for_edit(session, response_id, actor, now)
    via, source = _way(session, pinned, actor, via, source)
    locked = as_drawn(session, pinned, drawn_with)
    saving = _Saving(session, locked, actor, via, now, source)
    if locked.version_id != pinned.version_id:
        saving.present = definitions.of(session, pinned.version_id)
    return saving.all(changes, merge=merge)


def as_drawn(session: Session, locked: Locked, version_id: UUID | None) -> Locked:
    """The response as a page saw it that was drawn with another version of the same questionnaire."""
    if version_id is None or version_id == locked.version_id:
        return locked
    same = definitions.same_questionnaire(session, locked.version_id, version_id)
    return replace(locked, version_id=version_id) if same else locked


def _way(
    session: Session, locked: Locked, actor: Actor, via: Via, source: Mapping[str, Any] | None
) -> tuple[Via, Mapping[str, Any] | None]:
    """By which way the answers come: what staff type into a respondent's pages was received outside the
    service, and says from what. Raises ResponseLocked where nothing was received.
    """
    if locked.appointment_id is not None or actor.system or via is Via.STAFF or actor.staff_role is None:
        return via, source
    received = responses.latest_received(session, locked.response_id)
    if received is None:
        return via, source
    if responses.has_own_draft(session, locked.response_id):
        raise ResponseLocked(_("The respondent writes a draft of its own, which nobody else writes in."))
    return Via.STAFF, receiving.source_of(received)


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
        self.now = now
        self.writing = Writing(session, locked, actor, via, now, source)
        self.questionnaire = definitions.of(session, locked.version_id)
        self.present: Questionnaire | None = None
        """What is asked now, where the writer saw another version."""
        self.names = RoundNames(session, locked.round_id)
        self.standings: dict[UUID, Standing] = {}
        self.stored: dict[Address, Stored] = {}
        self.since: dict[UUID, Since] = {}

    def all(self, changes: Sequence[Change], *, merge: bool) -> list[Outcome]:
        blocks = {change.instance_id for change in changes if change.instance_id is not None}
        self.standings = standings(self.session, self.locked.response_id, blocks)
        keys = {change.question_key for change in changes}
        self.stored = read_stored(self.session, self.locked.response_id, keys)
        self.since = self._since(changes) if merge else {}
        outcomes = [self._one(change) for change in changes]
        self.writing.write()
        return outcomes

    def _since(self, changes: Sequence[Change]) -> dict[UUID, Since]:
        """What became of the texts that somebody overtook."""
        texts = [change for change in changes if isinstance(change.value, str) and change.seen > 0]
        overtaken = {
            stored.id: change.seen
            for change in texts
            if (stored := self.stored.get(change.address)) is not None and change.seen < stored.revision
        }
        return answer_history.since(self.session, overtaken, self.actor.user_id)

    def _one(self, change: Change) -> Outcome:
        try:
            question, value = self._accepted(change)
        except Refusal as refusal:
            return Refused(change, str(refusal))
        stored = self.stored.get(change.address)
        if stored is not None:
            return self._over(stored, change, question, value)
        if value is None and change.attribution is UNCHANGED and change.confirms is None:
            return Saved(change, 0, self.now, self.actor.name)
        return self._keep(change, value, None)

    def _accepted(self, change: Change) -> tuple[BaseQuestion, Any]:
        standing = self.standings.get(change.instance_id) if change.instance_id else None
        if change.instance_id is not None and standing is None:
            raise Refusal(_("This entry has been removed."))
        facts = facts_of(self.locked, self.questionnaire, standing, change.question_key)
        if not may_write(self.actor, facts) or not self._may_write_now(standing, change.question_key):
            raise Refusal(_("You may not write here."))
        if standing is not None and standing.removed:
            raise Refusal(_("This entry has been removed."))
        self._check_attribution(change, facts)
        question = question_at(self.questionnaire, standing, change.question_key, change.item)
        return question, accept(question, change.value)

    def _may_write_now(self, standing: Standing | None, key: str) -> bool:
        """Whether the actor may write where the question stands now, if it is still asked."""
        if self.present is None or self.present.section_of(key) is None:
            return True
        return may_write(self.actor, facts_of(self.locked, self.present, standing, key))

    def _check_attribution(self, change: Change, facts: ResponseFacts) -> None:
        stored = self.stored.get(change.address)
        wanted = self._attribution(change, stored)
        if wanted == (stored.attribution if stored else None):
            return
        may = can(self.actor, Act.CHOOSE_ATTRIBUTION, facts) or can(self.actor, Act.ENTER_ANSWERS)
        if not may and not change.carries:
            raise Refusal(_("Only the focal point chooses how answers may be used."))
        if wanted is not None and wanted not in ATTRIBUTIONS_OF[self.locked.audience.value]:
            raise Refusal(_("This choice is not offered here."))

    def _over(self, stored: Stored, change: Change, question: BaseQuestion, value: Any) -> Outcome:
        """What becomes of a change to an answer that is there; the row is ours, so what was read holds."""
        wanted = (change.language or stored.language, change.confirms or stored.confirms)
        if stored.value == value and wanted == (stored.language, stored.confirms):
            self._attribute(stored, change)
            return Saved(change, stored.revision, stored.at, stored.by)
        if change.seen == stored.revision:
            return self._keep(change, value, stored)
        if stored.value == value:
            return Saved(change, stored.revision, stored.at, stored.by)
        if (merged := self._merged(stored, change, question, value)) is not None:
            return merged
        said = values.say(question, stored.value, self.names) if stored.value is not None else ""
        return Conflict(change, stored.value, said, stored.revision, stored.by, stored.at)

    def _merged(
        self, stored: Stored, change: Change, question: BaseQuestion, value: Any
    ) -> Saved | Merged | None:
        """Both texts in one, if they changed different paragraphs of what was seen; None if they clash.

        What was sent is stored too, just as it is, unless the history has it already: then this is the same
        save once more, whose reply was lost.
        """
        since = self.since.get(stored.id)
        if since is None or not isinstance(question, LongText):
            return None
        if not (isinstance(since.base, str) and isinstance(stored.value, str) and isinstance(value, str)):
            return None
        text = merging.merge(since.base, value, stored.value)
        by = stored.by if since.other is None else since.other or SYSTEM.name
        sent = next((number for number, own in since.own.items() if own == value), None)
        if sent is not None and text == stored.value:
            return Merged(change, stored.value, stored.revision, sent, stored.at, by)
        if text is None or sent is not None:
            return None
        if text == value:
            return self._keep(change, value, stored)
        typed = self._keep(change, value, stored, {"kind": "typed", "seen": change.seen})
        made_of = {"kind": "merged", "typed": typed.revision, "with": stored.revision}
        both = self._keep(change, text, self.stored[change.address], made_of)
        return Merged(change, text, both.revision, typed.revision, both.at, by)

    def _attribution(self, change: Change, stored: Stored | None) -> Attribution | None:
        if isinstance(change.attribution, Unchanged):
            return stored.attribution if stored else None
        if not change.carries or change.attribution is None:
            return change.attribution
        own = stored.attribution if stored else None
        held = in_force([own, *outwards(self._blocks, change.instance_id), self._of_all])
        return change.attribution if held is None else stricter(held, change.attribution)

    @cached_property
    def _blocks(self) -> Mapping[UUID, responses.Block]:
        found = responses.blocks(self.session, self.locked.response_id)
        return {block.id: block for block in found}

    @cached_property
    def _of_all(self) -> Attribution | None:
        """What is chosen for the whole response."""
        return self.session.get_one(Response, self.locked.response_id, populate_existing=True).attribution

    def _attribute(self, stored: Stored, change: Change) -> None:
        wanted = self._attribution(change, stored)
        if wanted != stored.attribution:
            self.writing.attribute(stored, wanted)
            self.stored[change.address] = replace(stored, attribution=wanted)

    def _keep(
        self, change: Change, value: Any, before: Stored | None, source: Mapping[str, Any] | None = None
    ) -> Saved:
        """Have the next revision written, and remember it for a second change in the same call."""
        kept = Stored(
            id=before.id if before else uuid4(),
            value=value,
            revision=before.revision + 1 if before else 1,
            attribution=self._attribution(change, before),
            language=change.language or self.locked.language,
            confirms=change.confirms,
            at=self.now,
            by=self.actor.name,
        )
        self.writing.keep(change.address, kept, source)
        self.stored[change.address] = kept
        return Saved(change, kept.revision, kept.at, kept.by)
