"""Submitting a response, which freezes what is sent, and reopening it, which leaves that standing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.i18n import _
from app.models import (
    Organisation,
    Response,
    ResponseStatus,
    Submission,
    SubmissionAnswer,
)
from app.policy import Act, Actor, ResponseFacts, can, hat_for
from app.queries import files, responses
from app.services import (
    auditing,
    clearing,
    entry_letters,
    freezing,
    freezing_files,
    locking,
    proposing,
    receipt_letters,
)
from app.services.errors import (
    AttributionMissing,
    NotAllowed,
    NotPossible,
    ResponseLocked,
)
from app.services.freezing import Frozen
from app.services.locking import note_status


def submit(session: Session, response_id: UUID, statement: str, actor: Actor, now: datetime) -> Submission:
    """Send the response: the answers that are asked now, each as the revision it is, under a digest and a
    reference.

    A response that is submitted already gives its standing submission back, so a second click changes
    nothing. Raises NotFound, NotAllowed, ResponseLocked, AttributionMissing, NotCleared where answers are to
    be cleared first, and Incomplete with everything that is missing or wrong.
    """
    response = locking.take(session, response_id)
    facts = responses.facts(session, response_id, now=now)
    if facts is None or not _may_submit(session, response, facts, actor):
        raise NotAllowed
    standing = responses.standing_submission(session, response_id)
    if response.status is ResponseStatus.SUBMITTED and standing is not None:
        return standing
    if response.outcome is not None or not (facts.round_open or can(actor, Act.ENTER_ANSWERS)):
        raise ResponseLocked
    if response.attribution is None:
        raise AttributionMissing
    blocks = {block.id: block for block in responses.blocks(session, response_id)}
    frozen = freezing.frozen(session, response, blocks)
    attached = freezing_files.asked_for(session, response, blocks)
    if can(actor, Act.SUBMIT_RESPONSE, facts) and not actor.system:
        cleared = freezing.digest_of_answers(response, frozen, attached)
        clearing.refuse_uncleared(session, response, cleared, actor)
    submission = _written(session, response, (frozen, attached), statement, actor, now)
    note_status(session, response_id, response.status, ResponseStatus.SUBMITTED, actor, now)
    response.status = ResponseStatus.SUBMITTED
    session.flush()  # what comes next points to the submission
    proposing.propose(
        session, response, blocks, [(answer, revision) for answer, revision, _attribution in frozen], now
    )
    detail = {"number": submission.number, "digest": submission.digest, "answers": len(frozen)}
    detail |= {"attachments": len(attached)} if attached else {}
    auditing.record(session, actor, "submitted", response, detail, at=now)
    tell = receipt_letters.confirm if submission.received_id is None else entry_letters.tell
    tell(session, submission, now)
    return submission


def reopen(session: Session, response_id: UUID, reason: str, actor: Actor, now: datetime) -> Response:
    """Open a submitted response for an amendment; what was submitted counts until it is submitted again.

    Raises NotFound, NotAllowed, ResponseLocked if it is not submitted, NotPossible without a reason.
    """
    response = locking.take(session, response_id)
    facts = responses.facts(session, response_id, now=now)
    if facts is None or not can(actor, Act.REOPEN_RESPONSE, facts):
        raise NotAllowed
    if response.status is not ResponseStatus.SUBMITTED:
        raise ResponseLocked(_("Only submitted answers can be reopened."))
    if not facts.round_open and not can(actor, Act.MANAGE_ROUNDS):
        raise ResponseLocked
    if not reason.strip():
        raise NotPossible(_("Say why the answers are reopened."))
    note_status(session, response_id, response.status, ResponseStatus.REOPENED, actor, now, reason.strip())
    response.status = ResponseStatus.REOPENED
    auditing.record(session, actor, "reopened", response, {"reason": reason.strip()}, at=now)
    return response


def _may_submit(session: Session, response: Response, facts: ResponseFacts, actor: Actor) -> bool:
    """The focal point may; staff may send only what they entered themselves, never somebody's draft."""
    if can(actor, Act.SUBMIT_RESPONSE, facts):
        return True
    if not can(actor, Act.ENTER_ANSWERS):
        return False
    return not responses.has_own_draft(session, response.id)


def _written(
    session: Session,
    response: Response,
    sent: tuple[Sequence[Frozen], Sequence[files.Frozen]],
    statement: str,
    actor: Actor,
    now: datetime,
) -> Submission:
    frozen, attached = sent
    number = responses.last_submission_number(session, response.id) + 1
    digest = digest_of(response, number, statement, frozen, attached)
    reference = response.reference or _reference(session, response, digest, now)
    response.reference = reference
    hat = hat_for(actor, response.organisation_id, response.audience.value)
    received = responses.latest_received(session, response.id) if hat is None else None
    submission = Submission(
        id=uuid4(),
        response_id=response.id,
        number=number,
        reference=reference if number == 1 else f"{reference}-{number}",
        statement=statement,
        digest=digest,
        attribution=response.attribution,
        submitted_by_id=actor.user_id,
        appointment_id=hat.appointment_id if hat else None,
        at=now,
        questionnaire_version_id=response.questionnaire_version_id,
        due_at=responses.window(session, response.id).deadline,
        received_id=received.id if received else None,
    )
    session.add(submission)
    session.flush()  # the frozen answers point to it
    session.add_all(_frozen_in(submission, frozen))
    session.add_all(freezing_files.rows(submission, attached))
    return submission


def _frozen_in(submission: Submission, frozen: Sequence[Frozen]) -> list[SubmissionAnswer]:
    return [
        SubmissionAnswer(
            submission_id=submission.id,
            answer_id=answer.id,
            response_id=submission.response_id,
            answer_revision_id=revision.id,
            attribution=attribution,
        )
        for answer, revision, attribution in frozen
    ]


def digest_of(
    response: Response,
    number: int,
    statement: str,
    frozen: Sequence[Frozen],
    attached: Sequence[files.Frozen] = (),
    version_id: UUID | None = None,
) -> str:
    """The SHA-256, in hexadecimal, of the canonical JSON of what is sent (see ``freezing.digest_of``)."""
    return freezing.digest_of(sent_of(response, number, statement, frozen, attached, version_id))


def sent_of(
    response: Response,
    number: int,
    statement: str,
    frozen: Sequence[Frozen],
    attached: Sequence[files.Frozen] = (),
    version_id: UUID | None = None,
) -> dict[str, Any]:
    """What is sent, as plain data: everything that the digest covers; ``version_id`` is that of the
    submission, the response's own if it is being sent now.
    """
    return {
        "response": str(response.id),
        "questionnaire_version": str(version_id or response.questionnaire_version_id),
        "number": number,
        "statement": statement,
        "answers": freezing.rows_of(frozen),
        **freezing_files.part_of_digest(attached),
    }


def _reference(session: Session, response: Response, digest: str, now: datetime) -> str:
    """What the respondent can quote, like GEO-2026-7F3A: unique, and said over the telephone."""
    code = session.get_one(Organisation, response.organisation_id).code.upper()
    for start in range(0, len(digest) - 3, 4):
        reference = f"{code}-{now.year}-{digest[start : start + 4].upper()}"
        taken = session.scalar(select(Response.id).where(Response.reference == reference))
        if taken is None:
            return reference
    return f"{code}-{now.year}-{digest[:16].upper()}"
