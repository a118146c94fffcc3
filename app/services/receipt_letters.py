"""The letter that confirms a submission: reference, time with its zone, fingerprint, what is possible now."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.models import AppointmentRole, MessagePurpose, OutboxMessage, Response, Submission, User
from app.policy import Act, can
from app.queries import correspondents, people, responses
from app.services import outbox, round_letters
from app.services.letter_writing import Links
from app.services.round_letters import Reader
from app.templating import moment

LETTER = "submitted"
TOLD = frozenset({AppointmentRole.FOCAL_POINT, AppointmentRole.CLEARING_OFFICER})


def confirm(session: Session, submission: Submission, now: datetime) -> None:
    """Have the focal point, and whoever clears the answers, told of a submission, once each."""
    response = session.get_one(Response, submission.response_id)
    told = correspondents.of_respondent(session, submission.response_id, now.date(), TOLD)
    payload = {"submission": str(submission.id)}
    outbox.put(session, outbox.to_each(LETTER, submission.id, told, response, payload), now)


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
    about = round_letters.about(session, submission.response_id)
    home = f"/responses/{submission.response_id}"
    given = {
        "link": links.page(home),
        "reference": submission.reference,
        "submitted": moment(submission.at, about.round.zone),
        "fingerprint": submission.digest,
        "copies": links.page(f"{home}/copies"),
        "amend": links.page(f"{home}/amend"),
    }
    reader = Reader(user.name, user.locale)
    return round_letters.compose(session, MessagePurpose.THANKS, about, reader, links, given)
