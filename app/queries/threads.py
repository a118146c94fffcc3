"""Conversations between a respondent and IOM: of one response, all that wait, and one as it stands.

Remarks at clearance are threads too, but belong to the organisation alone; nothing here reads them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, bindparam, exists, select
from sqlalchemy.orm import Session, aliased

from app.models import (
    Answer,
    Comment,
    Organisation,
    RepeatInstance,
    RequestDecision,
    Response,
    Round,
    RoundProfile,
    SubmissionAnswer,
    Thread,
    ThreadKind,
    User,
)
from app.queries import responses
from app.queries.names import in_running_text

REQUESTS = (ThreadKind.EXTENSION, ThreadKind.REOPENING)

Place = tuple[UUID | None, str]
"""A question in its block, or outside any."""


@dataclass(frozen=True)
class Said:
    """One comment, with the name of who wrote it."""

    id: UUID
    at: datetime
    by: str
    by_staff: bool
    internal: bool
    body: str


@dataclass(frozen=True)
class Conversation:
    """One thread with its comments, those of staff among themselves left out unless they were asked for."""

    thread: Thread
    comments: tuple[Said, ...]

    @property
    def public(self) -> tuple[Said, ...]:
        """What both sides read."""
        return tuple(said for said in self.comments if not said.internal)

    @property
    def undecided(self) -> bool:
        """Whether it is a request that nobody has decided or taken back."""
        thread = self.thread
        return thread.kind in REQUESTS and thread.decision is None and thread.closed_at is None

    @property
    def state(self) -> str:
        """`granted`, `refused`, `closed`, `answered` or `open`."""
        thread = self.thread
        if thread.decision is not None:
            return "granted" if thread.decision is RequestDecision.GRANTED else "refused"
        if thread.closed_at is not None:
            return "closed"
        return "answered" if thread.answered_at is not None else "open"

    @property
    def waits_for_staff(self) -> bool:
        """Whether it is IOM's turn: the respondent wrote last, or a request is undecided."""
        if self.undecided:
            return True
        return self.thread.closed_at is None and bool(self.public) and not self.public[-1].by_staff

    @property
    def waits_for_respondent(self) -> bool:
        """Whether IOM asks something that was not answered."""
        thread = self.thread
        return (
            thread.kind is ThreadKind.CLARIFICATION
            and thread.closed_at is None
            and thread.answered_at is None
        )

    @property
    def waiting_since(self) -> datetime:
        """When the side that wrote last began to wait."""
        since = self.thread.opened_at
        for before, said in zip((None, *self.public), self.public, strict=False):
            if before is None or before.by_staff is not said.by_staff:
                since = said.at
        return since

    @property
    def last(self) -> Said | None:
        """What was written last."""
        return self.public[-1] if self.public else None


@dataclass(frozen=True)
class Asked:
    """A conversation with what staff need to know of where it belongs, and nothing of a draft."""

    conversation: Conversation
    organisation: str
    round: Round
    version_id: UUID
    subject: Mapping[str, Any] | None
    """What the round knows of the mechanism that the question is about."""


def of_response(session: Session, response_id: UUID) -> tuple[Conversation, ...]:
    """The conversations of one response as its respondent reads them, the newest first, in two statements."""
    threads = session.scalars(
        select(Thread)
        .where(Thread.response_id == response_id, _is_with_iom())
        .order_by(Thread.opened_at.desc(), Thread.id)
        .execution_options(populate_existing=True)
    ).all()
    return _conversations(session, threads, internal=False)


def one(session: Session, thread_id: UUID, *, internal: bool) -> Conversation | None:
    """One conversation; ``internal`` says whether with what staff wrote among themselves."""
    thread = session.scalar(
        select(Thread).where(Thread.id == thread_id, _is_with_iom()).execution_options(populate_existing=True)
    )
    return None if thread is None else _conversations(session, [thread], internal=internal)[0]


def counts_about(session: Session, response_id: UUID) -> Mapping[Place, int]:
    """How many conversations there are about each question of a response, in one statement."""
    rows = session.connection().execute(_ABOUT, {"response_id": response_id})
    return Counter((instance, key) for instance, key in rows if key is not None)


def open_ones(session: Session) -> list[Asked]:
    """Every conversation that is not closed, whoever has waited longest first, in two statements; those of a
    pilot stand on its own page.
    """
    found = _asked(session, Thread.closed_at.is_(None) & Round.pilots_version_id.is_(None))
    return sorted(found, key=lambda asked: (asked.conversation.waiting_since, asked.conversation.thread.id))


def asked(session: Session, thread_id: UUID) -> Asked | None:
    """One conversation as staff read it, internal comments included."""
    found = _asked(session, Thread.id == thread_id)
    return found[0] if found else None


def _asked(session: Session, which: ColumnElement[bool]) -> list[Asked]:
    subject = aliased(RoundProfile)
    own = aliased(RoundProfile)
    rows = session.execute(
        select(Thread, Organisation.name, own.facts, Round, Response.questionnaire_version_id, subject.facts)
        .join(Response, Response.id == Thread.response_id)
        .join(Organisation, Organisation.id == Response.organisation_id)
        .join(Round, Round.id == Response.round_id)
        .outerjoin(RepeatInstance, RepeatInstance.id == Thread.instance_id)
        .outerjoin(own, (own.round_id == Round.id) & (own.organisation_id == Organisation.id))
        .outerjoin(
            subject, (subject.round_id == Round.id) & (subject.organisation_id == RepeatInstance.subject_id)
        )
        .where(which, _is_with_iom())
        .order_by(Thread.opened_at, Thread.id)
        .execution_options(populate_existing=True)
    ).all()
    conversations = _conversations(session, [row[0] for row in rows], internal=True)
    return [
        Asked(conversation, in_running_text(facts or {}) or name, round_, version, about)
        for conversation, (_thread, name, facts, round_, version, about) in zip(
            conversations, rows, strict=True
        )
    ]


def _is_with_iom() -> ColumnElement[bool]:
    return Thread.kind != ThreadKind.CLEARANCE


_RESPONSE: BindParameter[UUID] = bindparam("response_id")

_ABOUT = select(Thread.instance_id, Thread.question_key).where(
    Thread.response_id == _RESPONSE, _is_with_iom(), Thread.question_key.is_not(None)
)
"""Asked on every page of questions, so it is built once."""


def _conversations(
    session: Session, threads: Sequence[Thread], *, internal: bool
) -> tuple[Conversation, ...]:
    wanted = select(Comment, User.name).join(User, User.id == Comment.author_id)
    wanted = wanted.where(Comment.thread_id.in_([thread.id for thread in threads]))
    if not internal:
        wanted = wanted.where(Comment.internal.is_(False))
    rows = session.execute(wanted.order_by(Comment.at, Comment.id)) if threads else ()
    said: dict[UUID, list[Said]] = {thread.id: [] for thread in threads}
    for comment, name in rows:
        one_said = Said(comment.id, comment.at, name, comment.by_staff, comment.internal, comment.body)
        said[comment.thread_id].append(one_said)
    return tuple(Conversation(thread, tuple(said[thread.id])) for thread in threads)


def undecided(session: Session, response_id: UUID, kind: ThreadKind) -> Thread | None:
    """The request of this kind that waits for a decision."""
    return session.scalar(
        select(Thread)
        .where(
            Thread.response_id == response_id,
            Thread.kind == kind,
            Thread.decision.is_(None),
            Thread.closed_at.is_(None),
        )
        .order_by(Thread.opened_at)
        .limit(1)
    )


def comment_of(session: Session, thread_id: UUID, key: str) -> Comment | None:
    """The comment that was sent under this key."""
    return session.scalar(
        select(Comment).where(Comment.thread_id == thread_id, Comment.idempotency_key == key)
    )


def was_submitted(session: Session, response_id: UUID, place: Place) -> bool:
    """Whether an answer to the question, or to a field of its list, stands submitted."""
    standing = responses.standing_submission(session, response_id)
    if standing is None:
        return False
    instance, key = place
    around = Answer.instance_id.is_(None) if instance is None else Answer.instance_id == instance
    parent = RepeatInstance.parent_id
    inside = select(RepeatInstance.id).where(
        RepeatInstance.group_key == key, parent.is_(None) if instance is None else parent == instance
    )
    sent = exists().where(
        SubmissionAnswer.submission_id == standing.id,
        Answer.id == SubmissionAnswer.answer_id,
        ((Answer.question_key == key) & around) | Answer.instance_id.in_(inside),
    )
    return bool(session.scalar(select(sent)))


def authors(session: Session, thread_id: UUID, *, staff: bool) -> Iterable[UUID]:
    """Who of one side has written in the thread, staff among themselves included."""
    return session.scalars(
        select(Comment.author_id)
        .where(Comment.thread_id == thread_id, Comment.by_staff.is_(staff))
        .distinct()
        .order_by(Comment.author_id)
    ).all()
