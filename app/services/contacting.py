"""The log of what was said to a respondent outside the service, to which one only adds."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.definitions import values
from app.i18n import _
from app.models import ContactEntry, ContactKind, Round, RoundParticipant
from app.policy import Act, Actor, can
from app.services import auditing
from app.services.conversing import LONGEST_KEY, words_of
from app.services.errors import AlreadyThere, NotAllowed, NotFound, translating

LONGEST_LINE = 500
_TWICE = "uq_contact_entry_round_id_idempotency_key"


@dataclass(frozen=True)
class Entry:
    """One contact, and the next step agreed: who does what until when."""

    kind: ContactKind
    with_whom: str
    text: str
    happened_at: datetime
    next_step: str = ""
    next_on: date | None = None
    next_by_id: UUID | None = None


def record(
    session: Session,
    round_: Round,
    organisation_id: UUID,
    entry: Entry,
    key: str,
    actor: Actor,
    now: datetime,
) -> ContactEntry:
    """Write a contact down; the same page sent twice writes it once.

    Raises NotAllowed, NotFound for who is not asked in the round, NotPossible without words, AlreadyThere
    where the same page is being written by another request at this moment.
    """
    if actor.user_id is None or not can(actor, Act.RECORD_CONTACT):
        raise NotAllowed
    asked = session.scalar(
        select(RoundParticipant.id).where(
            RoundParticipant.round_id == round_.id, RoundParticipant.organisation_id == organisation_id
        )
    )
    if asked is None:
        raise NotFound
    kept = f"{actor.user_id}:{values.normalise(key)}"[:LONGEST_KEY] if key else None
    before = kept and session.scalar(
        select(ContactEntry).where(ContactEntry.round_id == round_.id, ContactEntry.idempotency_key == kept)
    )
    if before:
        return before
    made = _made(round_, organisation_id, entry, kept, actor.user_id, now)
    session.add(made)
    with translating({_TWICE: AlreadyThere(_("This contact has been written down already."))}):
        session.flush()  # a second sending is refused here
    auditing.record(session, actor, "recorded_contact", made, {"kind": entry.kind.value}, at=now)
    return made


def _made(
    round_: Round, organisation_id: UUID, entry: Entry, key: str | None, by_id: UUID, now: datetime
) -> ContactEntry:
    step = _line(entry.next_step)
    return ContactEntry(
        id=uuid4(),
        round_id=round_.id,
        organisation_id=organisation_id,
        kind=entry.kind,
        with_whom=_line(entry.with_whom),
        text=words_of(entry.text, _("Write what was said or sent")),
        happened_at=entry.happened_at,
        recorded_at=now,
        by_id=by_id,
        next_step=step,
        next_on=entry.next_on if step else None,
        next_by_id=entry.next_by_id if step else None,
        idempotency_key=key,
    )


def _line(text: str) -> str | None:
    return " ".join(values.normalise(text).split())[:LONGEST_LINE] or None
