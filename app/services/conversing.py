"""Threads as rows: beginning one, adding to it, closing it. Who may do so is asked by those who call."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4, uuid5

from sqlalchemy.orm import Session

from app.definitions import values
from app.i18n import ngettext
from app.models import Comment, Response, Thread, ThreadKind
from app.policy import Actor, hat_for
from app.queries import threads
from app.services import auditing, thread_letters
from app.services.errors import NotFound, NotPossible

MOST_CHARACTERS = 10_000
LONGEST_KEY = 80


@dataclass(frozen=True)
class About:
    """The question that a thread is about, in its block or outside any."""

    question_key: str | None = None
    instance_id: UUID | None = None


def words_of(text: str, nothing: str) -> str:
    """The text as it is stored. Raises NotPossible if nothing is left of it, or it is too long."""
    said = values.normalise(text).strip()
    if not said:
        raise NotPossible(nothing)
    if len(said) > MOST_CHARACTERS:
        too_many = len(said) - MOST_CHARACTERS
        raise NotPossible(
            ngettext(
                "The text has %(have)s characters. Shorten it by %(num)s.",
                "The text has %(have)s characters. Shorten it by %(num)s.",
                too_many,
                have=len(said),
            )
        )
    return said


def taken(session: Session, response_id: UUID) -> Response:
    """The response, its row held, so that what two people send comes one after the other. Raises NotFound."""
    response = session.get(Response, response_id, with_for_update=True, populate_existing=True)
    if response is None:
        raise NotFound
    return response


def thread_of(session: Session, thread_id: UUID) -> Thread:
    """The thread, its row held. Raises NotFound, for a remark at clearance too."""
    thread = session.get(Thread, thread_id, with_for_update=True, populate_existing=True)
    if thread is None or thread.kind is ThreadKind.CLEARANCE:
        raise NotFound
    return thread


def response_of(session: Session, thread_id: UUID) -> UUID:
    """Whose thread it is: a response is always taken before its thread. Raises NotFound."""
    thread = session.get(Thread, thread_id)
    if thread is None:
        raise NotFound
    return thread.response_id


def sent_before(session: Session, response: Response, actor: Actor, key: str) -> Thread | None:
    """The thread that the same person began by sending the same page before."""
    return session.get(Thread, _thread_id(response, actor, key))


def begin(
    session: Session,
    response: Response,
    kind: ThreadKind,
    about: About,
    body: str,
    actor: Actor,
    now: datetime,
    key: str,
    *,
    by_staff: bool = False,
    wanted_until: datetime | None = None,
) -> Thread:
    """A new thread with its first comment."""
    thread = Thread(
        id=_thread_id(response, actor, key),
        response_id=response.id,
        instance_id=about.instance_id,
        question_key=about.question_key,
        kind=kind,
        opened_by_id=actor.user_id,
        opened_at=now,
        wanted_until=wanted_until,
    )
    session.add(thread)
    session.flush()  # the comment points to it
    detail = {"kind": kind, "response": str(response.id), "question": about.question_key}
    auditing.record(session, actor, "began_thread", thread, detail, at=now)
    add(session, thread, response, body, actor, now, key, by_staff=by_staff)
    return thread


def _thread_id(response: Response, actor: Actor, key: str) -> UUID:
    """One page sent twice by one person makes one thread: the key that the page carries decides its id."""
    return uuid5(response.id, f"{actor.user_id}:{_short(key)}") if key else uuid4()


def _short(key: str) -> str:
    """The key of a page as it is stored."""
    return values.normalise(key)[:LONGEST_KEY]


def add(
    session: Session,
    thread: Thread,
    response: Response,
    body: str,
    actor: Actor,
    now: datetime,
    key: str,
    *,
    by_staff: bool,
    internal: bool = False,
) -> Comment:
    """One more comment; what the other side reads opens a closed thread again and is told by mail."""
    before = threads.comment_of(session, thread.id, _short(key)) if key else None
    if before is not None:
        return before
    hat = None if by_staff else hat_for(actor, response.organisation_id, response.audience.value)
    comment = Comment(
        id=uuid4(),
        thread_id=thread.id,
        author_id=actor.user_id,
        appointment_id=hat.appointment_id if hat else None,
        by_staff=by_staff,
        internal=internal,
        body=body,
        at=now,
        idempotency_key=_short(key) or None,
    )
    session.add(comment)
    auditing.record(session, actor, "wrote_in_thread", thread, {"internal": internal}, at=now)
    if not internal:
        begun_by_staff = thread.kind is ThreadKind.CLARIFICATION
        thread.answered_at = now if by_staff is not begun_by_staff else None
        thread.closed_at = thread.closed_by_id = None
        session.flush()  # the letters name the comment
        thread_letters.announce(session, thread, comment, now)
    return comment


def close(session: Session, thread: Thread, actor: Actor, now: datetime) -> None:
    """Close it; a closed one stays as it is."""
    if thread.closed_at is None:
        thread.closed_at, thread.closed_by_id = now, actor.user_id
        auditing.record(session, actor, "closed_thread", thread, at=now)
