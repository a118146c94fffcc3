"""The letter that tells a respondent what IOM has entered and submitted on its behalf, and where to correct
it.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.i18n import _
from app.models import AppointmentRole, OutboxMessage, ReceivedAnswers, ReceivedBy, Round, Submission, User
from app.models import Response as ResponseRow
from app.policy import Act, can
from app.queries import correspondents, names, people, responses
from app.services import outbox
from app.services.letter_writing import Links
from app.templating import day, moment

LETTER = "entered_on_behalf"
TOLD = frozenset({AppointmentRole.FOCAL_POINT})


def tell(session: Session, submission: Submission, now: datetime) -> None:
    """Have the focal points told of what was submitted on their behalf, once each."""
    response = session.get_one(ResponseRow, submission.response_id)
    told = correspondents.of_respondent(session, submission.response_id, now.date(), TOLD)
    payload = {"submission": str(submission.id)}
    outbox.put(session, outbox.to_each(LETTER, submission.id, told, response, payload), now)


def entered(
    session: Session, message: OutboxMessage, user: User, links: Links, now: datetime
) -> tuple[str, str] | None:
    """The letter, if what was submitted stands still and the person may read it when it is sent."""
    submission = session.get(Submission, UUID(message.payload["submission"]))
    if submission is None or submission.received_id is None or submission.withdrawn_at is not None:
        return None
    facts = responses.facts(session, submission.response_id, now=now)
    if facts is None or not can(people.actor(session, user, now), Act.READ_RESPONSE, facts):
        return None
    response = session.get_one(ResponseRow, submission.response_id)
    round_ = session.get_one(Round, response.round_id)
    received = session.get_one(ReceivedAnswers, submission.received_id)
    text = _(
        "Dear %(name)s,\n\n"
        "IOM has entered the answers of %(respondent)s (“%(round)s”) that it received %(way)s from "
        "%(whom)s, of %(day)s, and submitted them on your behalf.\n\n"
        "Reference: %(reference)s\n"
        "Submitted: %(moment)s\n\n"
        "See them, each with what it was entered from:\n%(page)s\n\n"
        "To correct one, open the answers for an amendment:\n%(amend)s\n\n"
        "What was submitted counts until you submit again. Answers to this letter are not read.\n",
        name=user.name,
        respondent=names.of_respondent(session, response),
        round=round_.title,
        way=_("on paper") if received.received_by is ReceivedBy.PAPER else _("by word of mouth"),
        whom=received.from_whom,
        day=day(received.dated),
        reference=submission.reference,
        moment=moment(submission.at, round_.zone),
        page=links.page(f"/responses/{response.id}"),
        amend=links.page(f"/responses/{response.id}/amend"),
    )
    return _("IOM has entered your answers: %(reference)s", reference=submission.reference), text
