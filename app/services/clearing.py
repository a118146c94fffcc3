"""Clearance: an organisation may have its answers cleared before they are submitted.

An approval covers the answers exactly as they stood, by their digest: whoever changes one afterwards has to
have them cleared again. Nothing is locked meanwhile, so nobody's typing is refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.definitions import values
from app.i18n import _
from app.models import (
    AppointmentRole,
    Clearance,
    ClearanceDecision,
    ClearanceRule,
    Comment,
    Response,
    ResponseStatus,
    Thread,
    ThreadKind,
)
from app.policy import Act, Actor, can, hat_for
from app.queries import clearances, correspondents, responses
from app.queries.clearances import Rule, Standing
from app.services import auditing, freezing, locking, outbox
from app.services.errors import (
    AlreadyThere,
    NotAllowed,
    NotCleared,
    NotFound,
    NotPossible,
    Overtaken,
    ResponseLocked,
    translating,
)

LONGEST_REMARK = 10_000
ASKED, DECIDED = "clearance_asked", "clearance_decided"


@dataclass(frozen=True)
class Remark:
    """Why an answer goes back: the question, its block, and the reason."""

    instance_id: UUID | None
    question_key: str
    text: str


def set_rule(session: Session, response_id: UUID, wanted: Rule, actor: Actor, now: datetime) -> None:
    """Say whether the answers of this organisation are cleared before they go; four eyes imply that they are.

    The focal point may ask for more; whoever clears may ask for less, so that nobody escapes the clearance
    that holds for them. Raises NotFound, NotAllowed, NotPossible.
    """
    response = _allowed(session, response_id, Act.SET_CLEARANCE, actor)
    organisation = response.organisation_id
    wanted = Rule(wanted.wanted or wanted.four_eyes, wanted.four_eyes)
    before = clearances.rule(session, organisation)
    if before == wanted:
        return
    loosens = (before.wanted, before.four_eyes) > (wanted.wanted, wanted.four_eyes)
    facts = responses.facts(session, response_id)
    clears = facts is not None and can(actor, Act.CLEAR_RESPONSE, facts)
    if loosens and not clears and clearances.officers(session, organisation, now.date()):
        raise NotPossible(_("Only the clearing officer can ask for less clearance."))
    found = session.get(ClearanceRule, organisation)
    if found is None:
        found = ClearanceRule(organisation_id=organisation)
        session.add(found)
    found.wanted, found.four_eyes = wanted.wanted, wanted.four_eyes
    found.set_by_id, found.set_at = actor.user_id, now
    detail = {"wanted": wanted.wanted, "four_eyes": wanted.four_eyes}
    auditing.record(session, actor, "set_clearance_rule", response, detail, at=now)


def ask(session: Session, response_id: UUID, note: str, actor: Actor, now: datetime) -> Clearance:
    """Ask the clearing officers to clear the answers as they stand.

    Raises NotFound, NotAllowed, ResponseLocked, AttributionMissing, Incomplete, NotPossible if nobody
    clears, AlreadyThere if it has been asked and is not decided.
    """
    response = _allowed(session, response_id, Act.ASK_CLEARANCE, actor)
    _refuse_locked(session, response)
    officers = clearances.officers(session, response.organisation_id, now.date())
    if not officers:
        raise NotPossible(_("Nobody is named yet who clears these answers. Name a clearing officer first."))
    assert actor.user_id is not None  # noqa: S101 - a hat is worn by a person
    asked = Clearance(
        id=uuid4(),
        response_id=response_id,
        asked_by_id=actor.user_id,
        asked_at=now,
        note=_words(note) or None,
        digest=freezing.digest_now(session, response),
    )
    session.add(asked)
    with translating({"uq_clearance_open": AlreadyThere(_("Clearance has been asked for already."))}):
        session.flush()  # a second asking is refused here, where it can be said why
    for officer in officers:
        _tell(session, ASKED, asked, officer.user_id, now)
    auditing.record(session, actor, "asked_clearance", response, {"digest": asked.digest}, at=now)
    return asked


def take_back(session: Session, response_id: UUID, actor: Actor, now: datetime) -> None:
    """Take the open asking back. Raises NotFound, NotAllowed; nothing happens if none is open."""
    response = _allowed(session, response_id, Act.ASK_CLEARANCE, actor)
    found = _open(session, response_id)
    if found is not None:
        found.withdrawn_at = now
        auditing.record(session, actor, "took_clearance_back", response, at=now)


def approve(session: Session, response_id: UUID, seen: str, actor: Actor, now: datetime) -> None:
    """Clear the answers as they stand, which must be as they were ``seen`` (their digest on the page read).

    Remarks that were still open are done with. Raises NotFound, NotAllowed, ResponseLocked, Incomplete,
    NotPossible where four eyes are asked for and the same person asked, Overtaken if an answer was changed
    while it was read.
    """
    response = _allowed(session, response_id, Act.CLEAR_RESPONSE, actor)
    _refuse_locked(session, response)
    asked = _undecided(session, response_id)
    if clearances.rule(session, response.organisation_id).four_eyes and asked.asked_by_id == actor.user_id:
        raise NotPossible(_("You asked for this clearance yourself; somebody else has to give it."))
    digest = freezing.digest_now(session, response)
    if digest != seen:
        raise Overtaken(
            _("An answer was changed while you were reading. Read what is marked, and clear again.")
        )
    asked.approved_digest = digest
    _decide(session, asked, ClearanceDecision.APPROVED, actor, now)
    session.execute(
        update(Thread)
        .where(
            Thread.response_id == response_id,
            Thread.kind == ThreadKind.CLEARANCE,
            Thread.closed_at.is_(None),
        )
        .values(closed_at=now, closed_by_id=actor.user_id)
    )
    auditing.record(session, actor, "cleared", response, {"digest": digest}, at=now)


def send_back(
    session: Session, response_id: UUID, reason: str, remarks: Sequence[Remark], actor: Actor, now: datetime
) -> None:
    """Send the answers back, with a reason for all of them, for single ones, or both.

    Raises NotFound, NotAllowed, ResponseLocked, NotPossible without any reason.
    """
    response = _allowed(session, response_id, Act.CLEAR_RESPONSE, actor)
    _refuse_locked(session, response)
    asked = _undecided(session, response_id)
    said = [remark for remark in remarks if _words(remark.text)]
    if not _words(reason) and not said:
        raise NotPossible(_("Say why the answers go back."))
    asked.reason = _words(reason) or _("See the remarks beside the questions.")
    _decide(session, asked, ClearanceDecision.SENT_BACK, actor, now)
    for remark in said:
        _remark(session, response, asked, remark, actor, now)
    auditing.record(session, actor, "sent_back", response, {"remarks": len(said)}, at=now)


def settle(session: Session, response_id: UUID, thread_id: UUID, actor: Actor, now: datetime) -> Thread:
    """Note that a remark has been seen to; a second time changes nothing. Raises NotFound, NotAllowed."""
    locking.take(session, response_id)
    found = session.scalar(
        select(Thread).where(
            Thread.id == thread_id, Thread.response_id == response_id, Thread.kind == ThreadKind.CLEARANCE
        )
    )
    facts = responses.facts(session, response_id, found.instance_id, found.question_key) if found else None
    if found is None or facts is None:
        raise NotFound
    if not can(actor, Act.EDIT_RESPONSE, facts):
        raise NotAllowed
    if found.closed_at is None:
        found.closed_at, found.closed_by_id = now, actor.user_id
        auditing.record(session, actor, "settled_remark", found, at=now)
    return found


def refuse_uncleared(session: Session, response: Response, digest: str, actor: Actor) -> None:
    """Return if the answers with this digest may go: raises NotCleared where they are to be cleared first."""
    rule = clearances.rule(session, response.organisation_id)
    if not rule.wanted:
        return
    standing = clearances.latest(session, response.id)
    if standing is None or not covers(standing, digest):
        raise NotCleared
    if rule.four_eyes and standing.decided_by_id == actor.user_id:
        raise NotCleared(_("You cleared these answers yourself; somebody else has to submit them."))


def covers(standing: Standing, digest: str) -> bool:
    """Whether the clearance was given, and for the answers with this digest."""
    return standing.decision is ClearanceDecision.APPROVED and standing.approved_digest == digest


def _words(text: str) -> str:
    """What somebody wrote, as it is stored."""
    return values.normalise(text).strip()[:LONGEST_REMARK]


def _allowed(session: Session, response_id: UUID, act: Act, actor: Actor) -> Response:
    response = locking.take(session, response_id)
    facts = responses.facts(session, response_id)
    if facts is None or actor.user_id is None or not can(actor, act, facts):
        raise NotAllowed
    return response


def _refuse_locked(session: Session, response: Response) -> None:
    facts = responses.facts(session, response.id)
    if facts is None or response.status is ResponseStatus.SUBMITTED or response.outcome is not None:
        raise ResponseLocked
    if not facts.round_open:
        raise ResponseLocked


def _open(session: Session, response_id: UUID) -> Clearance | None:
    return session.scalar(
        select(Clearance).where(
            Clearance.response_id == response_id,
            Clearance.decided_at.is_(None),
            Clearance.withdrawn_at.is_(None),
        )
    )


def _undecided(session: Session, response_id: UUID) -> Clearance:
    found = _open(session, response_id)
    if found is None:
        raise NotPossible(_("Nobody is asking for clearance now: it was taken back or decided."))
    return found


def _decide(
    session: Session, asked: Clearance, decision: ClearanceDecision, actor: Actor, now: datetime
) -> None:
    asked.decision, asked.decided_by_id, asked.decided_at = decision, actor.user_id, now
    signers = {AppointmentRole.FOCAL_POINT}
    told = correspondents.of_respondent(session, asked.response_id, now.date(), signers)
    for user_id in [asked.asked_by_id] if asked.asked_by_id in told else told:
        _tell(session, DECIDED, asked, user_id, now)


def _remark(
    session: Session, response: Response, asked: Clearance, remark: Remark, actor: Actor, now: datetime
) -> None:
    assert actor.user_id is not None  # noqa: S101 - ``_allowed`` has seen to it
    hat = hat_for(actor, response.organisation_id, response.audience.value)
    thread = Thread(
        id=uuid4(),
        response_id=response.id,
        instance_id=remark.instance_id,
        question_key=remark.question_key,
        kind=ThreadKind.CLEARANCE,
        clearance_id=asked.id,
        opened_by_id=actor.user_id,
        opened_at=now,
    )
    session.add(thread)
    session.flush()  # the comment points to it
    session.add(
        Comment(
            id=uuid4(),
            thread_id=thread.id,
            author_id=actor.user_id,
            appointment_id=hat.appointment_id if hat else None,
            by_staff=False,
            body=_words(remark.text),
            at=now,
        )
    )


def _tell(session: Session, kind: str, asked: Clearance, user_id: UUID, now: datetime) -> None:
    response = session.get_one(Response, asked.response_id)
    payload = {"clearance_id": str(asked.id)}
    outbox.put(session, outbox.to_each(kind, asked.id, [user_id], response, payload), now)
