"""The letter that confirms a submission: reference, time with its zone, fingerprint, what is possible now."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from app.i18n import _
from app.models import AppointmentRole, OutboxMessage, Response, Round, Submission, User
from app.policy import Act, can
from app.queries import correspondents, names, people, responses
from app.services.letter_writing import Links
from app.templating import moment

LETTER = "submitted"
TOLD = frozenset({AppointmentRole.FOCAL_POINT, AppointmentRole.CLEARING_OFFICER})


def confirm(session: Session, submission: Submission, now: datetime) -> None:
    """Have the focal point, and whoever clears the answers, told of a submission, once each."""
    told = correspondents.of_respondent(session, submission.response_id, now.date(), TOLD)
    session.add_all(
        OutboxMessage(
            id=uuid4(),
            kind=LETTER,
            dedupe_key=f"{LETTER}:{submission.id}:{user_id}",
            user_id=user_id,
            payload={"submission": str(submission.id)},
            created_at=now,
            due_at=now,
        )
        for user_id in told
    )


def submitted(
    session: Session, message: OutboxMessage, user: User, links: Links, now: datetime
) -> tuple[str, str] | None:
    """The letter, if the person may still read the answers when it is sent."""
    submission = session.get(Submission, UUID(message.payload["submission"]))
    facts = responses.facts(session, submission.response_id, now=now) if submission else None
    if submission is None or facts is None or submission.withdrawn_at is not None:
        return None
    if not can(people.actor(session, user, now), Act.READ_RESPONSE, facts):
        return None
    response = session.get_one(Response, submission.response_id)
    round_ = session.get_one(Round, response.round_id)
    respondent = names.of_respondent(session, response)
    text = _(
        "Dear %(name)s,\n\n"
        "the answers of %(respondent)s (“%(round)s”) have been submitted.\n\n"
        "Reference: %(reference)s\n"
        "Submitted: %(moment)s\n"
        "Fingerprint (SHA-256): %(digest)s\n\n"
        "The fingerprint belongs to exactly these answers: a copy in which one letter differs has "
        "another one.\n\n"
        "Your copy, as PDF, Word or JSON:\n%(copies)s\n\n"
        "To change an answer, open the answers for an amendment:\n%(amend)s\n\n"
        "What was submitted counts until you submit again. Answers to this letter are not read.\n",
        name=user.name,
        respondent=respondent,
        round=round_.title,
        reference=submission.reference,
        moment=moment(submission.at, round_.zone),
        digest=submission.digest,
        copies=links.page(f"/responses/{response.id}/copies"),
        amend=links.page(f"/responses/{response.id}/amend"),
    )
    return _("Submitted: %(reference)s", reference=submission.reference), text
