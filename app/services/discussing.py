"""Questions and clarifications: a respondent asks IOM about a question, IOM asks about a submitted answer."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.definitions.questions import Note
from app.i18n import _
from app.models import Comment, Response, Thread, ThreadKind
from app.policy import Act, Actor, can
from app.queries import definitions, responses, threads
from app.services import conversing
from app.services.conversing import About
from app.services.errors import NotAllowed, NotFound, NotPossible


def ask(
    session: Session, response_id: UUID, about: About, text: str, actor: Actor, now: datetime, key: str
) -> Thread:
    """Ask IOM, about one question or in general; the same page sent twice asks once.

    Raises NotFound, NotAllowed, NotPossible for a text that cannot be taken.
    """
    response = conversing.taken(session, response_id)
    _need(session, Act.ASK_IOM, response_id, about, actor, now)
    _check_place(session, response, about)
    body = conversing.words_of(text, _("Write what you want to ask"))
    before = conversing.sent_before(session, response, actor, key)
    return before or conversing.begin(session, response, ThreadKind.QUESTION, about, body, actor, now, key)


def clarify(
    session: Session, response_id: UUID, about: About, text: str, actor: Actor, now: datetime, key: str
) -> Thread:
    """Ask the respondent about an answer that stands submitted. Raises NotFound, NotAllowed, NotPossible."""
    response = conversing.taken(session, response_id)
    _need(session, Act.ASK_CLARIFICATION, response_id, about, actor, now)
    _check_place(session, response, about)
    if not about.question_key:
        raise NotFound
    if not threads.was_submitted(session, response_id, (about.instance_id, about.question_key)):
        raise NotFound
    body = conversing.words_of(text, _("Write what should be clarified"))
    before = conversing.sent_before(session, response, actor, key)
    return before or conversing.begin(
        session, response, ThreadKind.CLARIFICATION, about, body, actor, now, key, by_staff=True
    )


def reply(
    session: Session,
    response_id: UUID,
    thread_id: UUID,
    text: str,
    actor: Actor,
    now: datetime,
    key: str,
) -> Comment:
    """Write as the respondent in a thread of this response. Raises NotFound, NotAllowed, NotPossible."""
    response = conversing.taken(session, response_id)
    thread = _own(session, response_id, thread_id)
    _need(session, Act.ASK_IOM, response_id, _about(thread), actor, now)
    body = conversing.words_of(text, _("Write your answer"))
    return conversing.add(session, thread, response, body, actor, now, key, by_staff=False)


def answer(
    session: Session,
    thread_id: UUID,
    text: str,
    actor: Actor,
    now: datetime,
    key: str,
    *,
    internal: bool = False,
) -> Comment:
    """Write as staff: to the respondent, or for staff only. Raises NotFound, NotAllowed, NotPossible."""
    if not can(actor, Act.ANSWER_THREADS):
        raise NotAllowed
    thread = conversing.thread_of(session, thread_id)
    response = session.get_one(Response, thread.response_id)
    body = conversing.words_of(text, _("Write your answer"))
    return conversing.add(session, thread, response, body, actor, now, key, by_staff=True, internal=internal)


def close(session: Session, response_id: UUID, thread_id: UUID, actor: Actor, now: datetime) -> None:
    """Close a thread as the respondent; a request is taken back by it. Raises NotFound, NotAllowed."""
    conversing.taken(session, response_id)
    thread = _own(session, response_id, thread_id)
    needed = Act.REQUEST_CHANGE if thread.kind in threads.REQUESTS else Act.ASK_IOM
    _need(session, needed, response_id, _about(thread), actor, now)
    conversing.close(session, thread, actor, now)


def close_as_staff(session: Session, thread_id: UUID, actor: Actor, now: datetime) -> None:
    """Close a thread as staff. Raises NotFound, NotAllowed, NotPossible for a request nobody has decided."""
    if not can(actor, Act.ANSWER_THREADS):
        raise NotAllowed
    thread = conversing.thread_of(session, thread_id)
    if thread.kind in threads.REQUESTS and thread.decision is None and thread.closed_at is None:
        raise NotPossible(_("This is a request. Grant or refuse it, and it is closed by that."))
    conversing.close(session, thread, actor, now)


def _own(session: Session, response_id: UUID, thread_id: UUID) -> Thread:
    thread = conversing.thread_of(session, thread_id)
    if thread.response_id != response_id:
        raise NotFound
    return thread


def _about(thread: Thread) -> About:
    return About(thread.question_key, thread.instance_id)


def _need(session: Session, act: Act, response_id: UUID, about: About, actor: Actor, now: datetime) -> None:
    facts = responses.facts(session, response_id, about.instance_id, about.question_key, now=now)
    if facts is None:
        raise NotFound
    if not can(actor, act, facts):
        raise NotAllowed


def _check_place(session: Session, response: Response, about: About) -> None:
    """That the question stands there: in its block, or outside any. Raises NotFound."""
    if about.question_key is None:
        if about.instance_id is not None:
            raise NotFound
        return
    questionnaire = definitions.of(session, response.questionnaire_version_id)
    place = questionnaire.places.get(about.question_key)
    if place is None or place.records is not None or isinstance(place.question, Note):
        raise NotFound
    blocks = {block.id: block for block in responses.blocks(session, response.id)}
    block = blocks.get(about.instance_id) if about.instance_id else None
    repeated = place.section.repeat is not None
    if repeated is not (block is not None) or (block is not None and block.group_key != place.section.key):
        raise NotFound
