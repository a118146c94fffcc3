"""Letters about threads: to the respondent with IOM's words, to staff only that somebody wrote.

Why the two differ: docs/decisions/0015-what-a-letter-about-a-thread-says.md.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.i18n import _
from app.models import (
    AppointmentRole,
    Comment,
    MessagePurpose,
    OutboxMessage,
    RequestDecision,
    Response,
    StaffRole,
    Thread,
    ThreadKind,
    User,
)
from app.policy import Act, can
from app.queries import correspondents, people, responses, threads
from app.queries.threads import Asked
from app.services import outbox, round_letters
from app.services.letter_writing import Links
from app.services.round_letters import Reader

LETTER = "thread"
_PURPOSES = {
    ThreadKind.EXTENSION: MessagePurpose.EXTENSION,
    ThreadKind.REOPENING: MessagePurpose.REOPENING,
    ThreadKind.CLARIFICATION: MessagePurpose.CLARIFICATION,
}
"""The threads whose letters a round may word in its own way; IOM's words stand in ``{note}``."""


def announce(session: Session, thread: Thread, comment: Comment, now: datetime) -> None:
    """Have everybody of the other side told of a comment, once each."""
    response = session.get_one(Response, thread.response_id)
    took_part = threads.authors(session, thread.id, staff=not comment.by_staff)
    if comment.by_staff:
        roles = {AppointmentRole.FOCAL_POINT}
        told = correspondents.of_respondent(session, thread.response_id, now.date(), roles, list(took_part))
    else:
        coordinators = (StaffRole.COORDINATOR, StaffRole.ADMINISTRATOR)
        told = correspondents.of_staff(session, list(took_part), coordinators)
    others = [user_id for user_id in told if user_id != comment.author_id]
    payload = {"comment": str(comment.id)}
    outbox.put(session, outbox.to_each(LETTER, comment.id, others, response, payload), now)


def written(
    session: Session, message: OutboxMessage, user: User, links: Links, now: datetime
) -> tuple[str, str] | None:
    """The letter, if the person may still read the thread when it is sent."""
    comment = session.get(Comment, UUID(message.payload["comment"]))
    asked = threads.asked(session, comment.thread_id) if comment else None
    if comment is None or asked is None or comment.internal:
        return None
    thread = asked.conversation.thread
    actor = people.actor(session, user, now)
    if not comment.by_staff:
        return _to_staff(asked, user, links) if can(actor, Act.ANSWER_THREADS) else None
    facts = responses.facts(session, thread.response_id, thread.instance_id, thread.question_key, now=now)
    if facts is None or not can(actor, Act.READ_THREADS, facts):
        return None
    return _to_respondent(session, asked, comment, user, links)


def _to_staff(asked: Asked, user: User, links: Links) -> tuple[str, str]:
    thread = asked.conversation.thread
    text = _(
        "Dear %(name)s,\n\n"
        "somebody who answers for %(organisation)s has written to IOM in the round “%(round)s”. What was "
        "written stands on the page, not in this letter:\n\n%(link)s\n\n"
        "Answers to this letter are not read.\n",
        name=user.name,
        organisation=asked.organisation,
        round=asked.round.title,
        link=links.page(f"/threads/{thread.id}"),
    )
    return _("%(organisation)s has written to IOM", organisation=asked.organisation), text


def _to_respondent(
    session: Session, asked: Asked, comment: Comment, user: User, links: Links
) -> tuple[str, str]:
    thread = asked.conversation.thread
    subject = _subject(thread)
    link = links.page(f"/responses/{thread.response_id}/threads/{thread.id}")
    note = round_letters.quoted(comment.body)
    if thread.kind in _PURPOSES:
        about = round_letters.about(session, thread.response_id)
        reader = Reader(user.name, user.locale)
        given = {"link": link, "note": note, "outcome": subject}
        return round_letters.compose(session, _PURPOSES[thread.kind], about, reader, links, given)
    text = _(
        "Dear %(name)s,\n\n"
        "%(subject)s (%(organisation)s, “%(round)s”):\n\n%(words)s\n\n"
        "To read the whole conversation and to answer, open this page:\n\n%(link)s\n\n"
        "Answers to this letter are not read.\n",
        name=user.name,
        subject=subject,
        organisation=asked.organisation,
        round=asked.round.title,
        words=note,
        link=link,
    )
    return subject, text


def _subject(thread: Thread) -> str:
    if thread.kind is ThreadKind.CLARIFICATION:
        return _("IOM asks about an answer that you submitted")
    if thread.kind is ThreadKind.QUESTION:
        return _("IOM has answered your question")
    granted = thread.decision is RequestDecision.GRANTED
    if thread.decision is None:
        return _("IOM writes about your request")
    if thread.kind is ThreadKind.EXTENSION:
        return _("You have more time") if granted else _("Your request for more time was refused")
    return _("Your answers are open for an amendment") if granted else _("Your request to amend was refused")
